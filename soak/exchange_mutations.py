"""Is anything altered ever taken for what was signed or encrypted? Thousands of mutations of each form.

    python soak/exchange_mutations.py --each 25000 --seed 7

A good text of each form is altered, at the level of letters, parts, JSON members and bytes, and read. Counted are those refused by
our error, those that read as the very same content (another recipient's entry, blanks between JSON members), those that
show fewer elements, and those that read as anything else, of which there must be none. Any other exception ends the run.
Every hundredth text is the good one and must be read, so that a reader that refuses everything fails as well.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from pratique.errors import ExchangeError
from pratique.exchange import access_token, client_assertion, disclosure, hpke, jwe, jws
from tests.support import clients, vectors
from tests.support.keys import ed25519, seed, x25519

LETTERS = 'ABCDXYZabcdxyz0129-_~.=+/ \n"{}[]:,é\0'
GOOD_EVERY = 100


def letters(text: str, chance: random.Random) -> str:
    """One to three letters replaced, added, taken away or swapped."""
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(text)) if text else 0
        way = chance.randrange(4)
        if way == 0:
            text = text[:at] + chance.choice(LETTERS) + text[at + 1 :]
        elif way == 1:
            text = text[:at] + chance.choice(LETTERS) + text[at:]
        elif way == 2:
            text = text[:at] + text[at + 1 :]
        else:
            text = text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    return text


def parts(text: str, chance: random.Random) -> str:
    """Parts between points or tildes left out, doubled, swapped, cut, or with a bit turned in their bytes."""
    mark = "~" if "~" in text and chance.random() < 0.7 else "."
    pieces = text.split(mark)
    at, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    way = chance.randrange(5)
    if way == 0:
        del pieces[at]
    elif way == 1:
        pieces.insert(other, pieces[at])
    elif way == 2:
        pieces[at], pieces[other] = pieces[other], pieces[at]
    elif way == 3:
        pieces[at] = pieces[at][: chance.randint(0, len(pieces[at]))]
    else:
        pieces[at] = turned(pieces[at], chance)
    return mark.join(pieces)


def turned(text: str, chance: random.Random) -> str:
    """base64url with one bit of its bytes turned; other text as it is."""
    try:
        data = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return text
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return base64.urlsafe_b64encode(bytes(data)).rstrip(b"=").decode()


def members(text: str, chance: random.Random) -> str:
    """Members of a JSON object, at any depth, left out, doubled under another name, swapped, or a bit turned."""
    value = json.loads(text)
    places = list(objects(value))
    found = chance.choice(places)
    if not found:
        return text
    name, other = chance.choice(sorted(found)), chance.choice(sorted(found))
    way = chance.randrange(4)
    if way == 0:
        del found[name]
    elif way == 1:
        found[chance.choice(["zip", "alg", "unprotected", "kid", "more", "epk"])] = found[name]
    elif way == 2:
        found[name], found[other] = found[other], found[name]
    elif isinstance(found[name], str):
        found[name] = turned(found[name], chance)
    elif isinstance(found[name], list):
        chance.shuffle(found[name])
    return json.dumps(value)


def objects(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


Read = Callable[[str], Any]


def forms() -> dict[str, tuple[str, Read, bool]]:
    """Each form: a good text, how it is read, and whether it is JSON."""
    signer, content = ed25519("vector"), vectors.PAYLOAD
    keys = {"a": signer.public_key()}
    names = ("post", "customs")
    recipients = {name: x25519(name).public_key() for name in names}
    hybrids = {n: hpke.read_private(seed(f"{n} d") + seed(f"{n} z") + seed(n)) for n in names}
    public = {name: hpke.public_bytes(each) for name, each in hybrids.items()}
    held = disclosure.issue(
        vectors.ELEMENTS, signer, kid="a", type="t", randomness=vectors.stream("salt")
    )
    return {
        "jws": (
            jws.sign(content, signer, kid="a", type="t"),
            lambda text: jws.verify(text, keys, type="t").payload,
            False,
        ),
        "assertion": (
            clients.signed(clients.claims(jti="one")),
            lambda text: client_assertion.verify(
                text, clients.client(), audiences=(clients.ISSUER.endpoint,), now=clients.NOW
            ),
            False,
        ),
        "access token": (
            access_token.issue(
                clients.client(),
                ("read",),
                clients.ISSUER.audience,
                clients.ISSUER.key,
                certificate=clients.TLS,
                randomness=vectors.stream("token"),
                now=clients.NOW,
            ),
            lambda text: access_token.verify(
                text,
                clients.KEYS,
                clients.ISSUER.audience,
                certificate=clients.TLS,
                now=clients.NOW,
            ),
            False,
        ),
        "jwe": (
            jwe.encrypt(content, recipients, type="t", context=b"c"),
            lambda text: jwe.decrypt(text, "post", x25519("post"), type="t", context=b"c"),
            True,
        ),
        "hpke": (
            hpke.encrypt(
                content, public, type="t", randomness=vectors.stream("hybrid"), context=b"c"
            ),
            lambda text: hpke.decrypt(text, "post", hybrids["post"], type="t", context=b"c"),
            True,
        ),
        "sd-jwt": (
            held.text,
            lambda text: disclosure.verify(text, keys, type="t").elements,
            False,
        ),
    }


def fewer(one: Any, other: Any) -> bool:
    """Whether ``one`` is ``other`` with elements left out."""
    if isinstance(one, dict) and isinstance(other, dict):
        return all(name in other and fewer(inner, other[name]) for name, inner in one.items())
    if isinstance(one, list) and isinstance(other, list):
        left = iter(other)
        return all(any(fewer(inner, each) for each in left) for inner in one)
    return type(one) is type(other) and bool(one == other)


def run(form: str, count: int, start: int) -> Counter[str]:
    """Outcomes of ``count`` texts of one form."""
    good, read, is_json = forms()[form]
    wanted, chance = read(good), random.Random(f"{form}/{start}")
    told: Counter[str] = Counter()
    for index in range(count):
        ways = [letters, members] if is_json else [letters, parts]
        text = good
        while index % GOOD_EVERY and text == good:
            text = chance.choice(ways)(good, chance)
        try:
            found = read(text)
        except ExchangeError:
            told["good one refused" if text == good else "refused"] += 1
            continue
        if text == good:
            told["good one read"] += 1
        elif found == wanted:
            told["same content"] += 1
        else:
            smaller = form == "sd-jwt" and fewer(found, wanted)
            told["fewer elements" if smaller else "accepted wrongly"] += 1
    return told


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--each", type=int, default=25000)
    ask.add_argument("--seed", type=int, default=7)
    given = ask.parse_args()
    started = time.monotonic()
    told = {form: dict(run(form, given.each, given.seed)) for form in forms()}
    print(
        json.dumps(
            {
                "each": given.each,
                "seed": given.seed,
                "forms": told,
                "seconds": round(time.monotonic() - started),
            },
            indent=1,
        )
    )
    if any({"accepted wrongly", "good one refused"} & set(each) for each in told.values()):
        sys.exit("An altered text was accepted, or a good one refused.")


if __name__ == "__main__":
    main()
