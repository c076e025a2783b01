"""Who vouches for this element? Export data presented onward, with what the import filer adds and signs.

The exporter signed its declaration once; the import filer presents it with fewer disclosures and signs a supplement of its own: a
signed text (``disclosure``) whose element ``supplements`` is the digest of the exporter's JWT. It holds for that declaration and no
other, whatever is shown of it, and can itself be presented with fewer disclosures. ``provenance`` tells element by element who
says so. Nothing overrides: where both speak of one element, both are told, and whether they differ.

Source: design of this project; hash as in RFC 9901, 4.2.3.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec

from pratique.errors import DisclosureError
from pratique.exchange import disclosure, jws
from pratique.exchange.disclosure import Disclosed
from pratique.exchange.jwk import SigningKey, VerifyingKey
from pratique.exchange.randomness import Randomness

NAME: Final = "supplements"
"""The element of a supplement that names what it supplements; always in clear."""


class Filing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A signed text presented onward, and the supplement to it."""

    presented: str
    supplement: str


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """One element, its value, and who says so: the key and kind of document that vouch for it.

    ``differs``: the other signer gives the same element another value.
    """

    pointer: str
    value: Any
    kid: str
    type: str
    differs: bool

    def __repr__(self) -> str:
        return f"Vouched({self.pointer}, by {self.kid})"


def supplement(
    presented: str,
    elements: Mapping[str, Any],
    key: SigningKey,
    *,
    kid: str,
    type: str,
    randomness: Randomness,
    disclosable: Collection[str] | None = None,
) -> Filing:
    """``presented`` with ``elements`` added and signed for it. Raises ``DisclosureError``, ``SealError``."""
    if NAME in elements:
        raise DisclosureError("reserved", f"No element may be called {NAME!r}.", "elements")
    chosen = disclosure.leaves(elements) if disclosable is None else frozenset(disclosable)
    signed = disclosure.issue(
        {NAME: disclosure.digest(disclosure.hold(presented).jwt), **elements},
        key,
        kid=kid,
        type=type,
        randomness=randomness,
        disclosable=chosen - {f"/{NAME}"},
    )
    return Filing(presented=presented, supplement=signed.text)


def verify(
    filing: Filing,
    keys: Mapping[str, VerifyingKey],
    *,
    presented_type: str,
    supplement_type: str,
    algorithms: Collection[str] = jws.ALGORITHMS,
) -> tuple[Disclosed, Disclosed]:
    """What both signed texts show, each verified, the second as a supplement to the first.

    Raises ``SealError``, ``DisclosureError``.
    """
    first = disclosure.verify(filing.presented, keys, type=presented_type, algorithms=algorithms)
    second = disclosure.verify(filing.supplement, keys, type=supplement_type, algorithms=algorithms)
    if second.elements.get(NAME) != first.signed or f"/{NAME}" in second.shown:
        raise DisclosureError(
            "other-text", "The supplement was signed for another declaration.", f"supplement/{NAME}"
        )
    return first, second


def provenance(first: Disclosed, second: Disclosed | None = None) -> tuple[Vouched, ...]:
    """Every element shown, by pointer, with who vouches for it; the first signer before the supplement's."""
    said = [(each, dict(disclosure.walk(each.elements))) for each in (first, second) if each]
    if second:
        said[1][1].pop(f"/{NAME}", None)
    found = [
        Vouched(
            pointer=pointer,
            value=value,
            kid=each.kid,
            type=each.type,
            differs=any(pointer in other and not _same(other[pointer], value) for _, other in said),
        )
        for each, elements in said
        for pointer, value in elements.items()
    ]
    return tuple(sorted(found, key=lambda each: each.pointer))


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are the same; true is not 1."""
    return type(one) is type(other) and bool(one == other)
