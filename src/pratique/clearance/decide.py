"""What happens next with this parcel? Findings and assessment in, one explained decision out.

The questions are asked in the order of ``_QUESTIONS``; the first that applies decides, and every reason that
applied is told. Where none applies the parcel is released. The state that follows is what ``lifecycle`` makes of
the decision.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import resources
from typing import Final, Literal

import msgspec

from pratique.clearance.lifecycle import Life, advance, decided, scheme_of
from pratique.model.codelists import minor_unit
from pratique.model.declaration import Declaration, place_of_law
from pratique.model.money import amount_text
from pratique.model.outcomes import (
    Assessment,
    Decision,
    DecisionCode,
    Finding,
    Reason,
    Severity,
)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Choices of an authority: hours to act on each decision, and who must act."""

    deadlines_hours: dict[str, int]
    actors: dict[str, str]


@functools.cache
def default_policy() -> Policy:
    """The starting values shipped in policy.toml."""
    text = resources.files("pratique.clearance").joinpath("policy.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Policy)


class _Case(msgspec.Struct, frozen=True):
    declaration: Declaration
    by_severity: dict[Severity, list[Finding]]
    assessment: Assessment | None
    now: datetime
    life: Life

    def of(self, severity: Severity) -> list[Finding]:
        return self.by_severity.get(severity, [])

    @property
    def departed(self) -> bool:
        return self.life.departed

    @property
    def may_not_load(self) -> bool:
        stopping = any(f.rule.startswith("S") for f in self.of("hold"))
        return not self.departed and (stopping or bool(self.of("danger")))


def decide(
    declaration: Declaration,
    findings: tuple[Finding, ...],
    assessment: Assessment | None,
    *,
    now: datetime,
    life: Life | None = None,
    policy: Policy | None = None,
) -> Decision:
    """The decision on one parcel, with every reason, who must act, and by when.

    ``assessment`` is None when there is no law for the destination: then a person decides. ``life`` is where the
    parcel stands with this version lodged; without one it is a first filing.
    """
    rules = policy or default_policy()
    departed = _departed(declaration, now)
    if life is None:
        life = advance(
            Life(parcel=declaration.id, scheme=scheme_of(declaration), departed=departed), "file"
        )
    elif life.departed != departed:
        life = msgspec.structs.replace(life, departed=departed)
    by_severity: dict[Severity, list[Finding]] = {}
    for finding in findings:
        by_severity.setdefault(finding.severity, []).append(finding)
    case = _Case(declaration, by_severity, assessment, now, life)
    code: DecisionCode | None = None
    reasons: list[Reason] = []
    for question in _QUESTIONS:
        answer = question(case)
        if answer is not None:
            code = code or answer[0]
            reasons.extend(answer[1])
    if code is None:
        code, reasons = "RELEASED", _free(case)
    reopened = life.released and life.state == "FILED" and code != "RELEASED"
    hours = rules.deadlines_hours.get(code)
    return Decision(
        declaration=declaration.id,
        version=life.version,
        code=code,
        state=decided(life, code).state,
        decided_at=now,
        reasons=(*reasons, _REOPENED) if reopened else tuple(reasons),
        act=rules.actors.get(code, ""),
        act_by=now + timedelta(hours=hours) if hours is not None else None,
        release=_release(case) if code == "RELEASED" else "",
        findings=findings,
        assessment=assessment,
    )


_Answer = tuple[DecisionCode, list[Reason]] | None
_REOPENED: Final = Reason(
    text="An earlier version was released; that release does not cover this version.",
    rule="clearance/release_reopened",
    source="policy of the authority: a release holds for the data it was given on",
)


def _departed(declaration: Declaration, now: datetime) -> bool:
    transport = declaration.consignment.transport
    departs = transport.departs_at if transport else None
    return departs is not None and departs <= now


def _under_control(case: _Case) -> _Answer:
    """A control once announced ends only when customs ends it."""
    if case.life.state != "CONTROL":
        return None
    return (
        "DNL" if case.may_not_load else "CONTROL",
        [
            Reason(
                text="The parcel was selected for control before: only customs ends that, no amendment does.",
                rule="clearance/under_control",
                source="Revised Kyoto Convention, General Annex, 3.27 and 3.28; UCC art. 173(2)",
            )
        ],
    )


def _invalid(case: _Case) -> _Answer:
    found = case.of("invalid")
    return ("INVALID", _reasons(found)) if found else None


def _held(case: _Case) -> _Answer:
    found = [*case.of("danger"), *case.of("hold")]
    return ("DNL" if case.may_not_load else "CONTROL", _reasons(found)) if found else None


def _unscreened(case: _Case) -> _Answer:
    """A screening that was asked for is answered by its result, not by other data."""
    if "RFS" not in case.life.referrals:
        return None
    return (
        "RFS",
        [
            Reason(
                text="A screening was asked for and not yet answered: screen the parcel and answer with method and result.",
                rule="clearance/screening_open",
                source="WCO and ICAO joint PLACI principles; UPU EAD response RFS",
            )
        ],
    )


def _dangerous(case: _Case) -> _Answer:
    """Dangerous goods by air are screened before loading."""
    transport = case.declaration.consignment.transport
    items = [i for i, item in enumerate(case.declaration.consignment.items) if item.dangerous_goods]
    if (
        not items
        or case.departed
        or (transport is not None and transport.mode not in ("", "4", "5"))
    ):
        return None
    return (
        "RFS",
        [
            Reason(
                text="Dangerous goods are declared: screen the parcel and answer with method and result.",
                rule="clearance/dangerous_goods",
                source="ICAO Technical Instructions; UPU Convention on dangerous goods in mail",
                pointer=f"/consignment/items/{index}/dangerous_goods",
            )
            for index in items
        ],
    )


def _unpermitted(case: _Case) -> _Answer:
    """Goods that may cross with a permit wait for it, wherever they are."""
    found = case.of("permit")
    return ("RFI", _reasons(found)) if found else None


def _incomplete(case: _Case) -> _Answer:
    found = case.of("missing")
    if not found:
        return None
    transport = case.declaration.consignment.transport
    waiting = transport is not None and transport.departs_at is not None and not case.departed
    return ("RFI" if waiting else "INCOMPLETE"), _reasons(found)


def _amend(case: _Case) -> _Answer:
    found = case.of("amend")
    return ("RFA", _reasons(found)) if found else None


def _doubtful(case: _Case) -> _Answer:
    """What may be forbidden, or not, is for a person to look at."""
    found = case.of("person")
    return ("MANUAL", _reasons(found)) if found else None


def _lawless(case: _Case) -> _Answer:
    if case.assessment is not None:
        return None
    text = f"No law is loaded for {place_of_law(case.declaration)}: a person must decide."
    if case.declaration.direction == "export":
        text = "Goods that leave are checked here, not assessed: no law of export is loaded, a person must decide."
    return "MANUAL", [
        Reason(text=text, rule="clearance/no_law", source="jurisdictions loaded here")
    ]


def _human(case: _Case) -> _Answer:
    if case.assessment is None or not case.assessment.needs_human:
        return None
    return (
        "MANUAL",
        [
            Reason(
                text=each.because,
                rule=each.citation.rule if each.citation else "assessment",
                source=each.citation.source if each.citation else "law loaded here",
                url=each.citation.url if each.citation else "",
                pointer=f"/consignment/items/{each.line - 1}" if each.line else "",
            )
            for each in case.assessment.needs_human
        ],
    )


def _unpaid(case: _Case) -> _Answer:
    """Charges due at the border are paid or guaranteed before release."""
    if case.assessment is None:
        return None
    due = [each for each in case.assessment.charges if each.moment == "border" and each.amount]
    if not due:
        return None
    currency = case.assessment.currency
    places = minor_unit(currency)
    return (
        "ASSESSED",
        [
            Reason(
                text=f"{each.title}: {amount_text(each.amount, places)} {currency} "
                f"is due from the {each.payer} before release.",
                rule=each.citation.rule,
                source=each.citation.source,
                url=each.citation.url,
                pointer=f"/consignment/items/{each.line - 1}" if each.line else "",
            )
            for each in due
        ],
    )


_QUESTIONS: Final[tuple[Callable[[_Case], _Answer], ...]] = (
    _under_control,
    _invalid,
    _held,
    _unscreened,
    _dangerous,
    _unpermitted,
    _incomplete,
    _amend,
    _lawless,
    _doubtful,
    _human,
    _unpaid,
)
"""What may stand in the way of release, the gravest first."""


def _free(case: _Case) -> list[Reason]:
    """Nothing stands in the way; the reasons are the law under which the parcel goes free."""
    assessment = case.assessment
    assert assessment is not None, "without law a person decides"
    places = minor_unit(assessment.currency)
    reasons = [
        Reason(
            text=f"{each.title}: {amount_text(each.amount, places)} {assessment.currency}, "
            f"collected at sale by the {each.collector}.",
            rule=each.citation.rule,
            source=each.citation.source,
            url=each.citation.url,
        )
        for each in assessment.charges
        if each.moment == "sale"
    ]
    reasons.extend(
        Reason(
            text=each.because,
            rule=each.citation.rule,
            source=each.citation.source,
            url=each.citation.url,
        )
        for each in assessment.not_due
    )
    return reasons or [
        Reason(
            text="Nothing is due and nothing stands in the way.",
            rule=f"{assessment.destination.lower()}/regime/{assessment.regime}",
            source="law loaded here",
        )
    ]


def _release(case: _Case) -> Literal["before_arrival", "on_arrival"]:
    transport = case.declaration.consignment.transport
    arrives = transport.arrives_at if transport else None
    return "on_arrival" if arrives is not None and arrives <= case.now else "before_arrival"


def _reasons(found: list[Finding]) -> list[Reason]:
    return [
        Reason(
            text=each.message,
            rule=each.rule,
            source=each.source,
            url=each.url,
            pointer=each.pointer,
        )
        for each in found
    ]
