"""What did parties agree to share? A data-sharing agreement, its lanes, and its revocation.

The four parts of a customs data exchange (legal basis, process, data set, protocol) as one dated value: who, under which
law, for which purposes, on which lanes, which elements, how long kept, and who may end it.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from pratique.model.outcomes import Confidence

Channel = Literal["post", "express", "cargo"]
Compared = Literal["persons", "identifiers", "tokens"]
Reveals = Literal["elements", "count"]
ANY = "*"
"""Any place, any channel."""


class Lane(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Where a parcel goes: country of dispatch, country of destination, and how it travels."""

    from_: str
    to: str
    channel: Channel


class LaneRange(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Lanes an agreement covers; ``*`` is any country, no channel is every channel."""

    from_: str
    to: str
    channels: tuple[Channel, ...] = ()

    def covers(self, lane: Lane) -> bool:
        """Whether this lane is among them."""
        return (
            self.from_ in (ANY, lane.from_)
            and self.to in (ANY, lane.to)
            and (not self.channels or lane.channel in self.channels)
        )


class LegalBasis(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The law that allows the sharing, and where it is written. ``place`` is the jurisdiction, ``*`` for all."""

    place: str
    source: str
    url: str = ""
    seen: date | None = None
    confidence: Confidence = "high"


class AgreementParty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One party: its identifier among partners, its role, and the id of the key it signs with."""

    id: str
    name: str
    place: str
    role: str
    key_id: str = ""


class IntersectionTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sets two parties may compare without showing them: who learns what of it, how large, how often in a day.

    ``learner`` is the party that asks and alone learns which of its own elements both have, or only how many.
    """

    learner: str
    kind: Compared
    purposes: tuple[str, ...]
    reveals: Reveals
    most_elements: int
    per_day: int


class Agreement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One version of a data-sharing agreement. ``until`` is the first day no longer in force.

    ``elements`` are paths, paths with ``.*``, or ``class:NAME`` (``policy.elements``); ``further`` names, for a purpose
    data were given for, the other purposes they may be used for; ``example`` says that the parties are invented.
    """

    id: str
    version: int
    title: str
    parties: tuple[AgreementParty, ...]
    legal_basis: tuple[LegalBasis, ...]
    purposes: tuple[str, ...]
    further: dict[str, tuple[str, ...]] = {}
    lanes: tuple[LaneRange, ...]
    messages: tuple[str, ...]
    elements: tuple[str, ...]
    retention_days: int
    valid_from: date
    valid_until: date
    revocable_by: tuple[str, ...]
    intersections: tuple[IntersectionTerms, ...] = ()
    example: bool = False
    note: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether it holds that day, a revocation aside."""
        return self.valid_from <= on < self.valid_until

    def covers(self, lane: Lane) -> bool:
        """Whether one of its lanes is this one."""
        return any(each.covers(lane) for each in self.lanes)


class Revocation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The end of an agreement before its time: all its versions, from that day on."""

    agreement: str
    revoked_by: str
    from_day: date
    because: str
