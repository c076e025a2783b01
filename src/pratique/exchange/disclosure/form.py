"""What is a signed text made of? Its bounds, the nouns of issuer, holder and reader, and the elements of a message.

Source: RFC 9901, 4; RFC 6901 (pointers).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from pratique.errors import DisclosureError
from pratique.exchange import base64url
from pratique.exchange.canonical import step

HASH: Final = "sha-256"
MAX_BYTES: Final = 4_194_304
"""Largest signed text, in bytes."""
MAX_DISCLOSURES: Final = 4096
MAX_DISCLOSURE: Final = 65_536
MAX_DEPTH: Final = 24
PAD_TO: Final = 8
"""Digests of an object come in multiples of this unless the issuer says otherwise."""
SALT_BYTES: Final = 16
VALIDITY: Final = frozenset({"/iss", "/aud", "/exp", "/nbf", "/cnf", "/status"})
"""Elements that say whether the text holds: never hidden, or a holder could hide that it is over (RFC 9901, 9.7)."""
RESERVED: Final = frozenset({"_sd", "...", "_sd_alg"})
"""Names the format needs for itself (RFC 9901, 4.1 and 4.2.4)."""


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


def digest(text: str) -> str:
    """SHA-256 of a text of ASCII letters, in base64url: of a disclosure, a JWT, or a whole presentation."""
    return base64url.encode(hashlib.sha256(text.encode()).digest())


def leaves(elements: Mapping[str, Any]) -> frozenset[str]:
    """Pointers of every element that holds no other."""
    return frozenset(pointer for pointer, _ in walk(elements))


def walk(value: Any, pointer: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Pointer and value of every element that holds no other, in the order they stand. Raises ``DisclosureError``."""
    if depth > MAX_DEPTH + 1:
        raise DisclosureError("too-deep", f"Nests deeper than {MAX_DEPTH}.", pointer)
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from walk(inner, f"{pointer}/{name_step(name, pointer)}", depth + 1)
    elif isinstance(value, list | tuple) and value:
        for index, inner in enumerate(value):
            yield from walk(inner, f"{pointer}/{index}", depth + 1)
    else:
        yield pointer, value


def name_step(name: Any, pointer: str) -> str:
    """A name as one step of a pointer. Raises ``DisclosureError`` for one that is no text."""
    if not isinstance(name, str):
        raise DisclosureError("shape", "The name of an element is a text.", pointer)
    return step(name)
