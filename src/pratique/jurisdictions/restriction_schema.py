"""How a file of restrictions is written, and one of goods: the tables and keys, strictly read.

``xx.restrictions.toml`` holds what one place, one union or one convention forbids or ties to conditions: series of
dated entries like those of the law files. ``*.goods.toml`` hold the words and codes by which goods are told; many
restrictions speak of the same goods.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from pratique.jurisdictions.schema import Dated
from pratique.model.declaration import Channel, Flow
from pratique.model.restrictions import Direction, Effect, Goods, Limit, Permit, Phrases

Mode = Literal["sea", "rail", "road", "air"]


class RestrictionEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[restriction.x]]``: what holds of which ``goods``. ``because`` answers "can I send this?" in words.

    ``directions`` left away is import, in a convention every direction. ``channels``, ``modes``, ``flows`` and
    ``origins`` narrow it; left away, they are all. ``not_sent_from`` names places of dispatch it does not touch.
    ``danger`` marks goods that are not to be loaded.
    """

    effect: Effect
    what: str
    goods: tuple[str, ...]
    because: str
    directions: tuple[Direction, ...] = ()
    channels: tuple[Channel, ...] = ()
    modes: tuple[Mode, ...] = ()
    flows: tuple[Flow, ...] = ()
    origins: tuple[str, ...] = ()
    not_sent_from: tuple[str, ...] = ()
    danger: bool = False
    permit: Permit | None = None
    conditions: str = ""
    limits: tuple[Limit, ...] = ()


class RestrictionFile(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"from_": "from"},
):
    """``xx.restrictions.toml``: it answers for ``from`` and later; before that day nothing is known here.

    A code of two letters is a place or union, a longer one a convention that holds everywhere, for goods that
    come by these ``channels`` and ``modes``.
    """

    code: str
    name: str
    from_: date
    note: str = ""
    channels: tuple[Channel, ...] = ()
    modes: tuple[Mode, ...] = ()
    restriction: dict[str, tuple[RestrictionEntry, ...]] = {}

    @property
    def is_everywhere(self) -> bool:
        """Whether it is a convention, not the law of a place."""
        return len(self.code) > 2


class GoodsEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[goods.x]``: one kind of goods. See ``Goods`` for what each list means."""

    words: Phrases = {}
    hints: Phrases = {}
    unless: Phrases = {}
    hs: tuple[str, ...] = ()
    hs_partly: tuple[str, ...] = ()
    hs_with_hint: tuple[str, ...] = ()
    un: tuple[str, ...] = ()
    note: str = ""

    def named(self, name: str) -> Goods:
        """The kind of goods of that name."""
        return Goods(
            name=name,
            words=self.words,
            hints=self.hints,
            unless=self.unless,
            hs=self.hs,
            hs_partly=self.hs_partly,
            hs_with_hint=self.hs_with_hint,
            un=self.un,
        )


class GoodsFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``*.goods.toml``: kinds of goods, each in one file only."""

    note: str = ""
    goods: dict[str, GoodsEntry]
