"""What the rooms answer: findings, assessments, decisions. All values, all explained."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

Confidence = Literal["high", "medium", "low"]
Severity = Literal["note", "amend", "missing", "permit", "person", "invalid", "hold", "danger"]
"""note: shown only · amend: correct it (RFA) · missing: complete it · permit: ask for it (RFI) · person: an officer
looks · invalid: refused · hold: stop for control · danger: do not load, else stop for control."""
Family = Literal["timeliness", "accuracy", "completeness", "consistency", "restriction"]
"""The four families of the WCO data-quality standard; restriction is what screening finds."""
ChargeKind = Literal["duty", "tax", "fee"]
Moment = Literal["sale", "border"]


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Root of every answer."""


class Citation(Outcome, frozen=True, kw_only=True):
    """The rule relied on and where it is written. ``rule`` is file and entry, e.g. ``gb/charge/import_vat``."""

    rule: str
    source: str
    url: str = ""
    seen: date | None = None
    confidence: Confidence = "high"


class Finding(Outcome, frozen=True, kw_only=True):
    """One thing noticed about a declaration, in words its declarant understands."""

    rule: str
    family: Family
    severity: Severity
    pointer: str
    message: str
    hint: str = ""
    source: str = ""
    url: str = ""


class DutyTaxFee(Outcome, frozen=True, kw_only=True, omit_defaults=False):
    """One computed line of duty, tax or fee, in the currency of the assessment.

    ``line`` is the 1-based goods item, None for the whole consignment; ``base`` and ``rate`` are None
    when the amount is flat.
    """

    kind: ChargeKind
    name: str
    title: str
    amount: Decimal
    base: Decimal | None
    rate: Decimal | None
    line: int | None
    payer: str
    collector: str
    moment: Moment
    citation: Citation


class NotDue(Outcome, frozen=True, kw_only=True):
    """A charge that could have been due and is not, with the reason."""

    kind: ChargeKind
    name: str
    because: str
    citation: Citation
    line: int | None = None


class NeedsHuman(Outcome, frozen=True, kw_only=True):
    """A question the law or the data loaded cannot answer; a person must."""

    about: str
    because: str
    citation: Citation | None = None
    line: int | None = None


class Caution(Outcome, frozen=True, kw_only=True):
    """Something to know about an answer that was given: weak source, assumption, open contradiction."""

    about: str
    because: str
    citation: Citation | None = None


class RefundDue(Outcome, frozen=True, kw_only=True):
    """What comes back if the goods are sent back within ``days`` of release (None: no limit is stated).

    ``amount`` is what the ``charges`` come to ``less`` the fee kept; None when it cannot be told. ``year_value`` is
    what the buyer's year is relieved of again.
    """

    name: str
    title: str
    charges: tuple[str, ...]
    amount: Decimal | None
    less: Decimal | None = None
    days: int | None = None
    year_value: Decimal | None = None
    because: str
    citation: Citation


class Step(Outcome, frozen=True, kw_only=True):
    """One step of an assessment: what was reckoned, from what, by which rule."""

    name: str
    value: str
    inputs: dict[str, str] = {}
    rule: str = ""
    source: str = ""
    line: int | None = None


class Assessment(Outcome, frozen=True, kw_only=True):
    """What is owed, by whom, by which rule; and what nobody here can say.

    ``on`` is the day whose law was applied; ``currency`` that of every amount.
    """

    destination: str
    on: date
    currency: str
    regime: str | None = None
    dataset: str = ""
    charges: tuple[DutyTaxFee, ...] = ()
    not_due: tuple[NotDue, ...] = ()
    needs_human: tuple[NeedsHuman, ...] = ()
    cautions: tuple[Caution, ...] = ()
    refunds: tuple[RefundDue, ...] = ()
    trace: tuple[Step, ...] = ()
    law_digest: str = ""

    def total(self, kind: ChargeKind | None = None, moment: Moment | None = None) -> Decimal:
        """Sum of the charges of that kind and moment; exact, zero when there are none."""
        return sum(
            (
                c.amount
                for c in self.charges
                if (kind is None or c.kind == kind) and (moment is None or c.moment == moment)
            ),
            Decimal(0),
        )


DecisionCode = Literal[
    "RECEIVED",
    "INVALID",
    "INCOMPLETE",
    "RFI",
    "RFA",
    "RFS",
    "DNL",
    "ASSESSED",
    "MANUAL",
    "CONTROL",
    "RELEASED",
    "DENIED",
    "SEIZED",
    "RETURNED",
]
"""Canonical codes; the crosswalk to UPU, ICS2, Norway and China lies beside clearance as data."""


class Reason(Outcome, frozen=True, kw_only=True):
    """Why, in words, with the rule it rests on and the element it points to."""

    text: str
    rule: str
    source: str = ""
    url: str = ""
    pointer: str = ""


class Decision(Outcome, frozen=True, kw_only=True):
    """What happens next: who must act, by when, why, and what is owed meanwhile.

    ``release`` says when a released parcel is free: before arrival or on arrival.
    """

    declaration: str
    version: int
    code: DecisionCode
    state: str
    decided_at: datetime
    reasons: tuple[Reason, ...]
    act: str = ""
    act_by: datetime | None = None
    release: Literal["", "before_arrival", "on_arrival"] = ""
    findings: tuple[Finding, ...] = ()
    assessment: Assessment | None = None
