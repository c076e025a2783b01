"""Which elements do two sets share, when neither side may see the other's set? Private set intersection, in three steps.

The asker blinds its elements with a secret key of its own (``ask``); the answerer blinds those again, and its own set, with a
key of its own (``answer``); the asker takes its blinding off and compares (``intersect``). Points of P-256 pass between them,
33 bytes each: their number is the size of a set, and that alone they tell. Elements are bound to a context, so that what was
asked in one case meets nothing in another. Two different elements are taken for one only if SHA-256 fails.

It holds against who follows the steps and looks at all that passes. It does not keep an asker from putting guesses into its
set, nor an answerer from answering with another set: caps, counts, case numbers and signatures are ``office.intersection``'s.
The arithmetic is that of the library ``openmined-psi`` (an extra); no message of a partner reaches its parsers: points are
checked here, one by one, and the library's messages are written from them.

Source: C. Meadows (1986) and B. Huberman and others (1999) for Diffie-Hellman intersection; github OpenMined/PSI, 2.0.6.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from pratique.errors import ExchangeError
from pratique.exchange.randomness import Randomness, draw
from pratique.model.agreement import Reveals

try:
    import private_set_intersection.python as library
except ImportError:  # an extra
    library = None

POINT_BYTES: Final = 33
MOST_ELEMENTS: Final = 10_000
"""Largest set of either side."""
KEY_BYTES: Final = 32
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_DRAWS: Final = 16


class Answered(NamedTuple):
    """What the answerer gives back: its own set, blinded; and what was asked, blinded by both."""

    own: bytes
    asked: bytes


def new_key(randomness: Randomness) -> bytes:
    """A secret key for one run: 32 bytes, a number from 1 to below the order of P-256."""
    for _ in range(_DRAWS):
        key = draw(randomness, KEY_BYTES)
        if 0 < int.from_bytes(key, "big") < _ORDER:
            return key
    raise ExchangeError("randomness", "The source gives no number below the order of P-256.")


def ask(elements: Collection[str], key: bytes, context: bytes, reveals: Reveals) -> bytes:
    """The asker's set, blinded, in an order only its key tells. Raises ``ExchangeError``."""
    order = [bound for bound, _ in _ordered(elements, key, context)]
    request = _client(key, reveals).CreateRequest(order)
    return b"".join(request.encrypted_elements)


def answer(
    asked: bytes, elements: Collection[str], key: bytes, context: bytes, reveals: Reveals
) -> Answered:
    """The answerer's set, blinded, and the points asked, blinded again. Raises ``ExchangeError``."""
    request = library_here().Request(
        reveal_intersection=reveals == "elements", encrypted_elements=points(asked, "points")
    )
    own = [bound for bound, _ in _ordered(elements, key, context)]
    server = _made(library_here().server.CreateFromKey, key, reveals)
    kept = server.CreateSetupMessage(0.0, len(own), own, library_here().DataStructure.RAW)
    return Answered(
        own=b"".join(sorted(kept.raw.encrypted_elements)),
        asked=b"".join(_reckoned(server.ProcessRequest, request).encrypted_elements),
    )


def intersect(
    answered: Answered,
    elements: Collection[str],
    key: bytes,
    context: bytes,
    reveals: Reveals,
) -> tuple[tuple[str, ...], int]:
    """(elements both have, in the asker's order; how many they are); of a count no elements. Raises ``ExchangeError``."""
    order = _ordered(elements, key, context)
    back = points(answered.asked, "answered")
    if len(back) != len(order):
        raise ExchangeError(
            "size", f"Answers {len(back)} points; {len(order)} were asked.", "answered"
        )
    setup = library_here().ServerSetup()
    setup.raw.encrypted_elements.extend(sorted(points(answered.own, "own")))
    response = library_here().Response(encrypted_elements=back)
    client = _client(key, reveals)
    if reveals == "count":
        return (), int(_reckoned(client.GetIntersectionSize, setup, response))
    places = set(_reckoned(client.GetIntersection, setup, response))
    met = {element for place, (_, element) in enumerate(order) if place in places}
    return tuple(each for each in elements if each in met), len(met)


def points(data: bytes, where: str) -> list[bytes]:
    """Points written one behind the other: 1 to ``MOST_ELEMENTS``, compressed, no two alike. Raises ``ExchangeError``.

    Whether each lies on the curve is seen by whoever reckons with it.
    """
    count, rest = divmod(len(data), POINT_BYTES)
    if rest or not 0 < count <= MOST_ELEMENTS:
        raise ExchangeError(
            "size", f"Not 1 to {MOST_ELEMENTS} points of {POINT_BYTES} bytes each.", where
        )
    found = [data[at : at + POINT_BYTES] for at in range(0, len(data), POINT_BYTES)]
    if any(each[0] not in (2, 3) for each in found):
        raise ExchangeError("point", "Not all are compressed points.", where)
    if len(set(found)) != count:
        raise ExchangeError("point", "A point stands there twice.", where)
    return found


def library_here() -> Any:
    """The library. Raises ``ExchangeError`` when it is not installed."""
    if library is None:
        raise ExchangeError("psi", "Private set intersection is an extra: install pratique[psi].")
    return library


def _ordered(elements: Collection[str], key: bytes, context: bytes) -> list[tuple[str, str]]:
    """(element bound to the context, element) in an order only the key tells."""
    if not 0 < len(elements) <= MOST_ELEMENTS or len(set(elements)) != len(elements):
        raise ExchangeError(
            "size", f"A set has 1 to {MOST_ELEMENTS} elements, each once.", "elements"
        )
    head = hashlib.sha256(context).digest()
    bound = [(hashlib.sha256(head + each.encode()).hexdigest(), each) for each in elements]
    return sorted(bound, key=lambda pair: hmac.digest(key, pair[0].encode(), "sha256"))


def _client(key: bytes, reveals: Reveals) -> Any:
    return _made(library_here().client.CreateFromKey, key, reveals)


def _made(make: Any, key: bytes, reveals: Reveals) -> Any:
    if len(key) != KEY_BYTES or not 0 < int.from_bytes(key, "big") < _ORDER:
        raise ExchangeError("key", "No key of a run: 32 bytes, below the order of P-256.", "key")
    return make(key, reveals == "elements")


def _reckoned(step: Any, *given: Sequence[Any]) -> Any:
    """The result of a step of the library, which refuses points off the curve in its own words."""
    try:
        return step(*given)
    except Exception as problem:
        raise ExchangeError("point", "A point does not lie on the curve.", "points") from problem
