"""How a law file is written: the tables and keys of one TOML file, strictly read.

One jurisdiction, one file, named by its ISO 3166 code. Each ``[[family.name]]`` is a series of dated
entries, oldest first, every one with its source. Nothing is overwritten when the law changes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypeVar

import msgspec

from pratique.model.evidence import FixingRule
from pratique.model.outcomes import ChargeKind, Confidence, Moment, Severity


class Dated(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Keys every entry has. ``from`` is the first day in force, ``until`` the first day no longer.

    Law is also known since some day: an entry since ``known`` (else its first day), its end since ``until_known``
    (else that end). What was ``annulled`` never held for whoever asks on that day or later. ``replaces_union`` is
    for a member's entry that stands in place of the union's of the same name while it is in force.
    """

    from_: date
    until: date | None = None
    known: date | None = None
    until_known: date | None = None
    annulled: date | None = None
    replaces_union: bool = False
    source: str
    url: str = ""
    seen: date | None = None
    confidence: Confidence = "high"
    title: str = ""
    note: str = ""

    def is_known(self, on: date | None) -> bool:
        """Whether somebody who asks on that day knows of this entry; None asks with all that is known."""
        if self.annulled is not None and (on is None or self.annulled <= on):
            return False
        return on is None or (self.known or self.from_) <= on

    def end(self, known_on: date | None) -> date | None:
        """First day no longer in force, as known on that day."""
        if self.until is None or known_on is None:
            return self.until
        return self.until if (self.until_known or self.until) <= known_on else None

    def turning_points(self) -> tuple[date, ...]:
        """Days on which what is known of this entry changes, beside those on which it begins and ends."""
        days = (self.known, self.until_known, self.annulled)
        return tuple(day for day in days if day is not None)


class MoneyEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[money]]``: the currency amounts are reckoned in, and the step foreign amounts are rounded to.

    ``rates`` names whose published exchange rates count (as in the file of rates; any when empty), ``fixing`` those of
    which day, ``most_days`` how old they may be.
    """

    currency: str
    conversion_step: Decimal
    rates: str = ""
    fixing: FixingRule = "latest"
    most_days: int = 40


class ParameterEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[parameter.x]]``: a rate, amount or limit of the law."""

    value: str


class ListEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[list.x]]``: codes a rule may test with ``in list.x``; ``"2203-2208"`` is a range."""

    codes: tuple[str, ...]


class MeasureEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[measure.x]]``: a named quantity of the goods, such as the customs value."""

    value: str


class RegimeEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[regime.x]]``: a way the goods may be treated; the first whose ``when`` holds is taken.

    ``order`` moves an entry before others (default 100, then the order of the file).
    """

    when: str
    order: int = 100
    dataset: str = ""
    needs_human: str = ""


class ThresholdEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[threshold.x]]``: while ``holds``, the ``charges`` are not due, ``because`` says why."""

    holds: str
    charges: tuple[str, ...]
    because: str


class ChargeEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[charge.x]]``: a duty, tax or fee, per goods item, per tariff item or for the consignment.

    Either ``rate`` (on ``base``) or ``amount``; ``round`` is ``half_up 0.01``, ``down 100`` or ``none``.
    ``group`` tells tariff items apart. ``regimes`` are those it belongs to. ``otherwise`` says in words why it is
    not due when its condition ``when`` does not hold.
    """

    kind: ChargeKind
    regimes: tuple[str, ...]
    scope: Literal["item", "tariff_item", "consignment"] = "item"
    when: str = ""
    otherwise: str = ""
    base: str = ""
    rate: str = ""
    amount: str = ""
    group: str = ""
    round: str
    payer: str
    collector: str
    moment: Moment


class RemarkEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[caution.x]]`` and ``[[question.x]]``: something to know, or for a person to settle."""

    when: str
    because: str
    regimes: tuple[str, ...] = ()


class RefundEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[refund.x]]``: what comes back when the goods are sent back: ``charges``, ``less`` a fee.

    ``days`` is the time for it, counted from release. ``year_value`` is what is taken off what the buyer received in
    the year again.
    """

    charges: tuple[str, ...]
    when: str = ""
    less: str = ""
    days: int | None = None
    year_value: str = ""
    because: str
    regimes: tuple[str, ...] = ()


class RequirementEntry(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[requirement.x]]``: an element the declaration must carry under ``regimes`` (all when empty)."""

    pointer: str
    severity: Severity = "missing"
    because: str
    regimes: tuple[str, ...] = ()


class LawFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One law file. A union (``union = true``) is law only through the members that name it in ``within``.

    A place that follows the law of another place names that one there.
    """

    code: str
    name: str
    within: str = ""
    union: bool = False
    scheme: str = ""
    note: str = ""
    money: tuple[MoneyEntry, ...] = ()
    parameter: dict[str, tuple[ParameterEntry, ...]] = {}
    list: dict[str, tuple[ListEntry, ...]] = {}
    measure: dict[str, tuple[MeasureEntry, ...]] = {}
    regime: dict[str, tuple[RegimeEntry, ...]] = {}
    threshold: dict[str, tuple[ThresholdEntry, ...]] = {}
    charge: dict[str, tuple[ChargeEntry, ...]] = {}
    caution: dict[str, tuple[RemarkEntry, ...]] = {}
    question: dict[str, tuple[RemarkEntry, ...]] = {}
    refund: dict[str, tuple[RefundEntry, ...]] = {}
    requirement: dict[str, tuple[RequirementEntry, ...]] = {}

    def series(self) -> dict[str, tuple[Dated, ...]]:
        """Every series of dated entries, by ``family/name``."""
        found: dict[str, tuple[Dated, ...]] = {"money": self.money} if self.money else {}
        for family in FAMILIES:
            entries: dict[str, tuple[Any, ...]] = getattr(self, family)
            found.update({f"{family}/{name}": values for name, values in entries.items()})
        return found


FAMILIES = (
    "parameter",
    "list",
    "measure",
    "regime",
    "threshold",
    "charge",
    "caution",
    "question",
    "refund",
    "requirement",
)

_D = TypeVar("_D", bound=Dated)


def in_force(entries: tuple[_D, ...], on: date, known_on: date | None = None) -> _D | None:
    """The entry of a series that is in force on that day, if any, as known on ``known_on`` (None: today)."""
    found = None
    for entry in entries:
        if entry.from_ <= on and entry.is_known(known_on):
            found = entry
    if found is not None:
        end = found.end(known_on)
        if end is not None and end <= on:
            return None
    return found
