"""Which elements does this reader see, and did the originator sign them? Selective disclosure: SD-JWT, RFC 9901.

The originator signs once: each element that may be hidden is replaced by the digest of a disclosure, a short text of salt, name
and value. Whoever holds the signed text presents it with the disclosures of a view and no others; the reader verifies the
originator's signature all the same. What travels is a text, ``<JWT>~<disclosure>~…~``; ``Held`` is one whose disclosures were
found their places, from which views are presented without reading it again.

Elements are named by JSON Pointers; a step ``*`` stands for every place in a list, as in ``/items/*/value``. Salts have 128
bits and come from the source of randomness given; digests of nothing (decoys) fill each object up to a multiple, so that the
number of hidden elements is told only roughly. Refused: disclosures that are foreign, cut or doubled, digests that stand twice, names
the format needs for itself, hashes other than SHA-256, key binding (the envelope says who presents), and what is too large or deep.

Sources: RFC 9901, 4 (format), 7.1 (verification), 9 (security); RFC 6901 (pointers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from pratique.errors import DisclosureError
from pratique.exchange import base64url, jws, plain_json
from pratique.exchange.canonical import canonical, step
from pratique.exchange.jwk import SigningKey, VerifyingKey
from pratique.exchange.randomness import Randomness

HASH: Final = "sha-256"
MAX_BYTES: Final = 4_194_304
"""Largest signed text, in bytes."""
MAX_DISCLOSURES: Final = 4096
MAX_DISCLOSURE: Final = 65_536
MAX_DEPTH: Final = 24
PAD_TO: Final = 8
"""Digests of an object come in multiples of this unless the issuer says otherwise."""
_SALT_BYTES: Final = 16
_RESERVED: Final = frozenset({"_sd", "...", "_sd_alg"})


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One disclosure, and where it shows its element: the pointer there, and the same with ``*`` for places in lists."""

    pointer: str
    pattern: str
    disclosure: str

    def __repr__(self) -> str:
        return f"Place({self.pointer})"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A signed text as its issuer or a holder has it: the JWT, and the disclosures at their places."""

    jwt: str
    places: tuple[Place, ...]

    @property
    def text(self) -> str:
        """The signed text with every disclosure there is."""
        return "~".join((self.jwt, *(each.disclosure for each in self.places), ""))

    def __repr__(self) -> str:
        return f"Held({len(self.places)} disclosures)"


class Disclosed(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees: the elements shown, who signed them, and which came by a disclosure.

    ``shown`` has the pointer of each disclosed element in ``elements``; what else is there stands in clear. ``signed`` is
    the digest of the issuer's JWT, the same in every presentation of it.
    """

    elements: dict[str, Any]
    shown: frozenset[str]
    kid: str
    alg: str
    type: str
    signed: str

    def __repr__(self) -> str:
        return f"Disclosed({len(self.shown)} elements of a {self.type}, signed by {self.kid})"


def leaves(elements: Mapping[str, Any]) -> frozenset[str]:
    """Pointers of every element that holds no other."""
    return frozenset(pointer for pointer, _ in walk(elements))


def walk(value: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Pointer and value of every element that holds no other, in the order they stand. Raises ``DisclosureError``."""
    if depth > MAX_DEPTH + 1:
        raise DisclosureError("too-deep", f"Nests deeper than {MAX_DEPTH}.", pointer)
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from walk(inner, f"{pointer}/{_step(name, pointer)}", depth + 1)
    elif isinstance(value, list | tuple) and value:
        for index, inner in enumerate(value):
            yield from walk(inner, f"{pointer}/{index}", depth + 1)
    else:
        yield pointer, value


def issue(
    elements: Mapping[str, Any],
    key: SigningKey,
    *,
    kid: str,
    type: str,
    randomness: Randomness,
    disclosable: Collection[str] | None = None,
    pad_to: int = PAD_TO,
) -> Held:
    """``elements`` signed once, with a disclosure for each that is ``disclosable``: unless said, for every leaf.

    Raises ``DisclosureError`` for names the format needs, ``SealError`` for values without a canonical form.
    """
    chosen = leaves(elements) if disclosable is None else frozenset(disclosable)
    issuer = _Issuer(chosen, randomness, pad_to)
    payload = {**issuer.hide(dict(elements), "", "", 0), "_sd_alg": HASH}
    if len(issuer.places) > MAX_DISCLOSURES:
        raise DisclosureError(
            "too-many", f"More than {MAX_DISCLOSURES} elements: sign them in parts."
        )
    jwt = jws.sign(canonical(payload), key, kid=kid, type=type)
    return Held(jwt=jwt, places=tuple(issuer.places))


def hold(text: str) -> Held:
    """A signed text with its disclosures found their places. Raises ``DisclosureError``.

    The signature is not looked at: whoever received the text from another verifies it first.
    """
    jwt, disclosures = _split(text)
    reader = _Reader(disclosures)
    reader.open(_payload(jwt))
    order = {disclosure: index for index, disclosure in enumerate(disclosures)}
    places = sorted(reader.places, key=lambda place: order[place.disclosure])
    return Held(jwt=jwt, places=tuple(places))


def present(held: Held, view: Collection[str]) -> str:
    """The signed text with the disclosures of ``view`` alone, and of what holds them.

    Shown is each element whose pointer, or its pattern with ``*``, is in ``view``; it does not show what it holds.
    """
    shown: set[str] = set()
    for place in held.places:
        if place.pointer in view or place.pattern in view:
            pointer = place.pointer
            while pointer and pointer not in shown:
                shown.add(pointer)
                pointer = pointer.rpartition("/")[0]
    kept = (each.disclosure for each in held.places if each.pointer in shown)
    return "~".join((held.jwt, *kept, ""))


def verify(
    text: str,
    keys: Mapping[str, VerifyingKey],
    *,
    type: str,
    algorithms: Collection[str] = jws.ALGORITHMS,
    now: datetime | None = None,
) -> Disclosed:
    """What a signed text shows, once the issuer's signature and every disclosure are verified.

    Given ``now``, a text whose ``exp`` has come or whose ``nbf`` has not is refused; without, they are elements as others.
    Raises ``SealError`` for the signature, ``DisclosureError`` for the disclosures.
    """
    jwt, disclosures = _split(text)
    signed = jws.verify(jwt, keys, algorithms=algorithms, type=type)
    reader = _Reader(disclosures)
    elements = reader.open(
        plain_json.read_object(signed.payload, MAX_BYTES, "payload", DisclosureError)
    )
    if now is not None:
        _in_time(elements, now)
    return Disclosed(
        elements=elements,
        shown=frozenset(place.pointer for place in reader.places),
        kid=signed.kid,
        alg=signed.alg,
        type=signed.type,
        signed=digest(jwt),
    )


def digest(text: str) -> str:
    """SHA-256 of a text of ASCII letters, in base64url: of a disclosure, a JWT, or a whole presentation."""
    return base64url.encode(hashlib.sha256(text.encode()).digest())


class _Issuer:
    """Hides what is disclosable, and keeps the disclosures made."""

    def __init__(self, chosen: frozenset[str], randomness: Randomness, pad_to: int) -> None:
        self.places: list[Place] = []
        self._chosen = chosen
        self._randomness = randomness
        self._pad_to = pad_to

    def hide(self, value: Any, pointer: str, pattern: str, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise DisclosureError("too-deep", f"Nests deeper than {MAX_DEPTH}.", pointer)
        if isinstance(value, dict):
            return self._object(value, pointer, pattern, depth + 1)
        if isinstance(value, list | tuple):
            return self._list(value, pointer, pattern, depth + 1)
        return value

    def _object(
        self, value: dict[str, Any], pointer: str, pattern: str, depth: int
    ) -> dict[str, Any]:
        clear: dict[str, Any] = {}
        digests: list[str] = []
        for name, inner in value.items():
            if name in _RESERVED:
                raise DisclosureError("reserved", f"No element may be called {name!r}.", pointer)
            below = _step(name, pointer)
            here, like = f"{pointer}/{below}", f"{pattern}/{below}"
            hidden = self.hide(inner, here, like, depth)
            if here in self._chosen or like in self._chosen:
                digests.append(self._disclose([name, hidden], here, like))
            else:
                clear[name] = hidden
        if digests:
            clear["_sd"] = sorted((*digests, *self._decoys(len(digests))))
        return clear

    def _list(
        self, value: list[Any] | tuple[Any, ...], pointer: str, pattern: str, depth: int
    ) -> list[Any]:
        written: list[Any] = []
        for index, inner in enumerate(value):
            here, like = f"{pointer}/{index}", f"{pattern}/*"
            hidden = self.hide(inner, here, like, depth)
            chosen = here in self._chosen or like in self._chosen
            written.append({"...": self._disclose([hidden], here, like)} if chosen else hidden)
        return written

    def _disclose(self, parts: list[Any], pointer: str, pattern: str) -> str:
        salt = base64url.encode(self._randomness(_SALT_BYTES))
        disclosure = base64url.encode(canonical([salt, *parts]))
        if len(disclosure) > MAX_DISCLOSURE:
            raise DisclosureError(
                "too-large", f"An element beyond {MAX_DISCLOSURE} bytes.", pointer
            )
        self.places.append(Place(pointer=pointer, pattern=pattern, disclosure=disclosure))
        return digest(disclosure)

    def _decoys(self, count: int) -> Iterator[str]:
        for _ in range(-count % self._pad_to):
            yield base64url.encode(hashlib.sha256(self._randomness(32)).digest())


class _Reader:
    """Puts disclosures where their digests stand, each exactly once."""

    def __init__(self, disclosures: tuple[str, ...]) -> None:
        self.places: list[Place] = []
        self._left = {digest(each): each for each in disclosures}
        self._met: set[str] = set()
        if len(self._left) != len(disclosures):
            raise DisclosureError("doubled", "A disclosure stands twice.", "disclosures")

    def open(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The elements of a JWT's payload with what is disclosed in its place."""
        if payload.get("_sd_alg", HASH) != HASH:
            raise DisclosureError("hash", f"Only {HASH} is accepted.", "payload/_sd_alg")
        inner = {name: value for name, value in payload.items() if name != "_sd_alg"}
        elements = self._object(inner, "", "", 0)
        if self._left:
            raise DisclosureError(
                "foreign",
                f"{len(self._left)} disclosures belong to nothing signed here: cut, or of another text.",
                "disclosures",
            )
        return elements

    def _value(self, value: Any, pointer: str, pattern: str, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise DisclosureError("too-deep", f"Nests deeper than {MAX_DEPTH}.", pointer)
        if isinstance(value, dict):
            return self._object(value, pointer, pattern, depth + 1)
        if isinstance(value, list):
            return self._list(value, pointer, pattern, depth + 1)
        return value

    def _object(
        self, value: dict[str, Any], pointer: str, pattern: str, depth: int
    ) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for name, inner in value.items():
            if name == "_sd":
                continue
            if name in _RESERVED:
                raise DisclosureError("reserved", f"No element may be called {name!r}.", pointer)
            below = step(name)
            shown[name] = self._value(inner, f"{pointer}/{below}", f"{pattern}/{below}", depth)
        for each in self._digests(value.get("_sd", []), pointer):
            disclosure = self._take(each, pointer)
            if disclosure:
                name, inner = _named(disclosure, pointer)
                if name in shown or name in value:
                    raise DisclosureError("doubled", f"{name[:40]!r} stands twice.", pointer)
                below = step(name)
                here, like = f"{pointer}/{below}", f"{pattern}/{below}"
                self.places.append(Place(pointer=here, pattern=like, disclosure=disclosure))
                shown[name] = self._value(inner, here, like, depth)
        return shown

    def _list(self, value: list[Any], pointer: str, pattern: str, depth: int) -> list[Any]:
        shown: list[Any] = []
        like = f"{pattern}/*"
        for inner in value:
            here = f"{pointer}/{len(shown)}"
            if not isinstance(inner, dict) or inner.keys() != {"..."}:
                shown.append(self._value(inner, here, like, depth))
                continue
            (each,) = self._digests(list(inner.values()), here)
            disclosure = self._take(each, here)
            if disclosure:
                self.places.append(Place(pointer=here, pattern=like, disclosure=disclosure))
                bare = _bare(disclosure, here)
                shown.append(self._value(bare, here, like, depth))
        return shown

    def _digests(self, value: Any, pointer: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise DisclosureError("shape", "Digests are texts in a list.", pointer)
        return value

    def _take(self, each: str, pointer: str) -> str:
        """The disclosure of a digest, or nothing for one that stays hidden or is a decoy."""
        if each in self._met:
            raise DisclosureError("doubled", "A digest stands twice.", pointer)
        self._met.add(each)
        return self._left.pop(each, "")


def _step(name: Any, pointer: str) -> str:
    """A name as one step of a pointer."""
    if not isinstance(name, str):
        raise DisclosureError("shape", "The name of an element is a text.", pointer)
    return step(name)


def _in_time(elements: dict[str, Any], now: datetime) -> None:
    """Refuse what is over, or has not begun (RFC 7519, 4.1.4 and 4.1.5): whole seconds since 1970, UTC."""
    moment = now.timestamp()
    for name, code, begins in (("nbf", "not-yet", True), ("exp", "expired", False)):
        if name in elements:
            bound = elements[name]
            if not isinstance(bound, int) or isinstance(bound, bool):
                raise DisclosureError("shape", "Not whole seconds.", f"payload/{name}")
            if (moment < bound) if begins else (moment >= bound):
                raise DisclosureError(
                    code, f"It holds {'from' if begins else 'until'} {bound}.", name
                )


def _split(text: str) -> tuple[str, tuple[str, ...]]:
    """JWT and disclosures of a signed text."""
    if not isinstance(text, str) or not text.isascii() or len(text) > MAX_BYTES:
        raise DisclosureError("shape", "No signed text, or one too large to read.", "text")
    jwt, *disclosures = text.split("~")
    if not disclosures or disclosures.pop():
        raise DisclosureError(
            "shape",
            "Does not end in `~`: it is cut, or carries a key binding, which is not read here.",
            "text",
        )
    if len(disclosures) > MAX_DISCLOSURES:
        raise DisclosureError(
            "too-many", f"More than {MAX_DISCLOSURES} disclosures.", "disclosures"
        )
    return jwt, tuple(disclosures)


def _payload(jwt: str) -> dict[str, Any]:
    """The payload of a JWT, its signature not looked at."""
    parts = jwt.split(".")
    if len(parts) != 3:
        raise DisclosureError("shape", "No JWT of three parts.", "text")
    data = base64url.decode(parts[1], "payload", DisclosureError)
    return plain_json.read_object(data, MAX_BYTES, "payload", DisclosureError)


def _parts(disclosure: str, count: int, pointer: str) -> list[Any]:
    """Salt, name and value of a disclosure, or salt and value."""
    data = base64url.decode(disclosure, pointer, DisclosureError)
    parts = plain_json.read(data, MAX_DISCLOSURE, pointer, DisclosureError)
    if not isinstance(parts, list) or len(parts) != count or not isinstance(parts[0], str):
        raise DisclosureError("shape", f"A disclosure here has {count} parts, salt first.", pointer)
    return parts


def _named(disclosure: str, pointer: str) -> tuple[str, Any]:
    _, name, value = _parts(disclosure, 3, pointer)
    if not isinstance(name, str):
        raise DisclosureError("shape", "The name of an element is a text.", pointer)
    if name in _RESERVED:
        raise DisclosureError("reserved", f"No element may be called {name!r}.", pointer)
    return name, value


def _bare(disclosure: str, pointer: str) -> Any:
    return _parts(disclosure, 2, pointer)[1]
