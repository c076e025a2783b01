"""The law of one place as it stands on one day: cited entries with typed expressions.

Made by ``jurisdictions`` from dated data, read by ``assessment`` and ``checks``. Entries are in the order in
which they are reckoned: parameters, measures, regimes (first match wins), thresholds and charges.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from pratique.model.evidence import NO_FIXING, Fixing
from pratique.model.outcomes import ChargeKind, Citation, Moment, Severity
from pratique.rules.tariff import NO_TARIFF, Tariff
from pratique.rules.types import Expr, Scope

ChargeScope = Literal["item", "tariff_item", "consignment"]


class Entry(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What every entry carries: its name, its words for people, and where it is written."""

    name: str
    title: str = ""
    citation: Citation


class Reckoning(Entry, frozen=True, kw_only=True, eq=False):
    """A named value: a parameter of the law (a rate, a limit) or a measure of the goods."""

    expr: Expr
    text: str
    scope: Scope


class Requirement(Entry, frozen=True, kw_only=True, eq=False):
    """An element the declaration must carry; ``pointer`` may hold ``*`` for every goods item."""

    pointer: str
    severity: Severity
    because: str
    regimes: tuple[str, ...] = ()


class Regime(Entry, frozen=True, kw_only=True, eq=False):
    """One way the goods may be treated. The first whose ``when`` holds is taken.

    ``needs_human`` is the reason why nobody here can assess under it, empty when it can be.
    """

    when: Expr
    text: str
    dataset: str = ""
    needs_human: str = ""


class Charge(Entry, frozen=True, kw_only=True, eq=False):
    """One duty, tax or fee. ``amount`` is reckoned per goods item, tariff item or consignment, then rounded.

    With ``base`` and ``rate`` the amount is their product; ``group`` tells tariff items apart.
    ``relieved_by`` names the thresholds under which it is not due.
    """

    kind: ChargeKind
    scope: ChargeScope
    regimes: tuple[str, ...]
    when: Expr | None = None
    base: Expr | None = None
    rate: Expr | None = None
    amount: Expr
    group: Expr | None = None
    step: Decimal | None = None
    mode: str = ""
    payer: str
    collector: str
    moment: Moment
    relieved_by: tuple[str, ...] = ()
    text: str = ""
    condition: str = ""
    otherwise: str = ""


class Threshold(Entry, frozen=True, kw_only=True, eq=False):
    """A limit under which charges are not due. ``holds`` is reckoned once for the consignment or per item."""

    holds: Expr
    text: str
    because: str
    charges: tuple[str, ...]


class Settle(Entry, frozen=True, kw_only=True, eq=False):
    """The point at which a charge is final: reckoned, and relieved where a threshold holds."""


class Remark(Entry, frozen=True, kw_only=True, eq=False):
    """A caution, or a question for a person, that goes with an assessment when ``when`` holds."""

    when: Expr
    text: str
    because: str
    needs_human: bool
    regimes: tuple[str, ...] = ()


class Refund(Entry, frozen=True, kw_only=True, eq=False):
    """What comes back when the goods are sent back within ``days`` of release (None: no limit is stated).

    The ``charges`` named are repaid, ``less`` a fee; ``year_value`` is taken off the buyer's year again.
    """

    charges: tuple[str, ...]
    when: Expr | None = None
    less: Expr | None = None
    days: int | None = None
    year_value: Expr | None = None
    because: str
    regimes: tuple[str, ...] = ()


class Law(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Law in force at ``code`` from ``valid_from`` until ``valid_until`` (exclusive), reckoned in ``currency``.

    ``known_on`` is the day as known on which it is told, None for now. ``digest`` is the SHA-256 of the files it came from. ``order`` lists measures, thresholds and charges in
    the order in which each depends only on those before it. Amounts in other currencies are converted and
    rounded half up to ``conversion_step``. A charge is in the environment as ``computed.x`` once reckoned and
    as ``x`` once settled.
    """

    code: str
    name: str
    currency: str
    within: str = ""
    valid_from: date
    valid_until: date | None = None
    known_on: date | None = None
    digest: str
    scheme: str = ""
    conversion_step: Decimal
    fixing: Fixing = NO_FIXING
    parameters: tuple[Reckoning, ...] = ()
    regimes: tuple[Regime, ...] = ()
    order: tuple[Reckoning | Threshold | Charge | Settle, ...] = ()
    remarks: tuple[Remark, ...] = ()
    refunds: tuple[Refund, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    tariff: Tariff = NO_TARIFF

    def in_force(self, on: date) -> bool:
        """Whether this is the law on that day."""
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
