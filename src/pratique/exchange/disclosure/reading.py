"""What does a signed text show, to its holder and to a reader? Texts to elements, each disclosure at its place exactly once.

Source: RFC 9901, 7 (verification and processing); RFC 7519, 4.1 (exp, nbf).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pratique.errors import DisclosureError
from pratique.exchange import base64url, jws, plain_json
from pratique.exchange.canonical import step
from pratique.exchange.disclosure.form import (
    HASH,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_DISCLOSURE,
    MAX_DISCLOSURES,
    RESERVED,
    Disclosed,
    Held,
    Place,
    digest,
)
from pratique.exchange.jwk import VerifyingKey


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
            if name in RESERVED:
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
    if name in RESERVED:
        raise DisclosureError("reserved", f"No element may be called {name!r}.", pointer)
    return name, value


def _bare(disclosure: str, pointer: str) -> Any:
    return _parts(disclosure, 2, pointer)[1]
