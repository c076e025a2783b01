"""How is a message signed so that its elements can be shown one by one? Elements and a key to a signed text.

Source: RFC 9901, 4.2 (disclosures, digests, decoys) and 9.3 (salts).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pratique.errors import DisclosureError
from pratique.exchange import base64url, jws
from pratique.exchange.canonical import canonical
from pratique.exchange.disclosure.form import (
    HASH,
    MAX_DEPTH,
    MAX_DISCLOSURE,
    MAX_DISCLOSURES,
    PAD_TO,
    RESERVED,
    SALT_BYTES,
    VALIDITY,
    Held,
    Place,
    digest,
    leaves,
    name_step,
)
from pratique.exchange.jwk import SigningKey
from pratique.exchange.randomness import Randomness, draw


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

    What says whether the text holds (``exp`` and the like) always stands in clear.
    Raises ``DisclosureError`` for names the format needs, ``SealError`` for values without a canonical form.
    """
    if pad_to < 1:
        raise DisclosureError("shape", "Digests come in multiples of 1 or more.", "pad_to")
    chosen = leaves(elements) if disclosable is None else frozenset(disclosable)
    hidden = frozenset(each for each in chosen if _top(each) not in VALIDITY)
    issuer = _Issuer(hidden, randomness, pad_to)
    payload = {**issuer.hide(dict(elements), "", "", 0), "_sd_alg": HASH}
    if len(issuer.places) > MAX_DISCLOSURES:
        raise DisclosureError(
            "too-many", f"More than {MAX_DISCLOSURES} elements: sign them in parts."
        )
    jwt = jws.sign(canonical(payload), key, kid=kid, type=type)
    return Held(jwt=jwt, places=tuple(issuer.places))


def _top(pointer: str) -> str:
    """The first step of a pointer."""
    return "/".join(pointer.split("/", 2)[:2])


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
            if name in RESERVED:
                raise DisclosureError("reserved", f"No element may be called {name!r}.", pointer)
            below = name_step(name, pointer)
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
        salt = base64url.encode(draw(self._randomness, SALT_BYTES))
        disclosure = base64url.encode(canonical([salt, *parts]))
        if len(disclosure) > MAX_DISCLOSURE:
            raise DisclosureError(
                "too-large", f"An element beyond {MAX_DISCLOSURE} bytes.", pointer
            )
        self.places.append(Place(pointer=pointer, pattern=pattern, disclosure=disclosure))
        return digest(disclosure)

    def _decoys(self, count: int) -> Iterator[str]:
        for _ in range(-count % self._pad_to):
            yield base64url.encode(hashlib.sha256(draw(self._randomness, 32)).digest())
