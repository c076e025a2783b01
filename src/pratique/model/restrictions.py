"""What may not cross, or only with a permit? Goods of a kind, and what a law says of them, on one day.

``Goods`` tells a kind of goods by words and codes; a ``Restriction`` is one cited rule on some kinds. A ``Layer``
is everything of one place, one union, or one convention that holds everywhere, as it stands on a day. Made by
``jurisdictions`` from dated data, read by ``screening``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from pratique.model.declaration import Channel, Flow
from pratique.model.outcomes import Citation

Effect = Literal["prohibited", "permit", "conditions", "unknown"]
"""may not cross · may with a permit · may under conditions · the law is not known well enough to say."""
Direction = Literal["import", "export", "transit"]
Phrases = dict[str, tuple[str, ...]]
"""Phrases by language (ISO 639-1)."""
OTHER_MODES = ("", "5")
"""Codes of the mode of transport that do not say how goods travel: none, and mail."""


class Goods(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One kind of goods, as words and codes tell it.

    ``words`` name the thing. ``hints`` may name it or something else. ``unless`` lifts either. Under codes of
    ``hs`` nothing else is classified; under ``hs_partly`` other things too, and the code alone makes it possible;
    ``hs_with_hint`` are codes under which a hint counts. ``un`` are UN numbers and ranges of them.
    """

    name: str
    words: Phrases = {}
    hints: Phrases = {}
    unless: Phrases = {}
    hs: tuple[str, ...] = ()
    hs_partly: tuple[str, ...] = ()
    hs_with_hint: tuple[str, ...] = ()
    un: tuple[str, ...] = ()


class Permit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What has to be held, and who gives it. ``documents`` are the type codes under which it is declared."""

    name: str
    authority: str
    url: str = ""
    documents: tuple[str, ...] = ()


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """A number the law states, as a fact to be told: at most so much of that unit, of what."""

    of: str
    at_most: Decimal
    unit: str


class Restriction(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One rule in force: what it does to which goods, coming how, from where; what to do; where it is written.

    ``because`` is the answer in words. ``danger`` marks goods that endanger whoever carries them. Empty
    ``channels``, ``modes``, ``flows`` and ``origins`` are all of them.
    """

    effect: Effect
    what: str
    goods: tuple[str, ...]
    because: str
    directions: tuple[Direction, ...] = ("import",)
    channels: tuple[Channel, ...] = ()
    modes: tuple[str, ...] = ()
    flows: tuple[Flow, ...] = ()
    origins: tuple[str, ...] = ()
    not_sent_from: tuple[str, ...] = ()
    danger: bool = False
    permit: Permit | None = None
    conditions: str = ""
    limits: tuple[Limit, ...] = ()
    valid_from: date
    citation: Citation


class Layer(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Restrictions in force at ``code`` from ``valid_from`` until ``valid_until`` (exclusive).

    A code of two letters is a place or union; a longer one a convention that holds everywhere. ``digest`` is the
    SHA-256 of the file it came from and of the words it relies on.
    """

    code: str
    name: str
    valid_from: date
    valid_until: date | None = None
    digest: str
    restrictions: tuple[Restriction, ...] = ()
    note: str = ""
