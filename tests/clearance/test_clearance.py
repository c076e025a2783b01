"""What happens next: decisions, the life of a parcel, and the names other systems give."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pratique.clearance import decide
from pratique.clearance.crosswalk import SYSTEMS, effect, from_canonical, to_canonical
from pratique.clearance.lifecycle import (
    TRANSITIONS,
    Life,
    advance,
    advance_all,
    allowed,
    amend,
)
from pratique.errors import TransitionError
from pratique.model.declaration import Consignment, Declaration, GoodsItem, Transport
from pratique.model.outcomes import Assessment, Citation, DutyTaxFee, Finding, NeedsHuman, Severity

NOW = datetime(2026, 7, 1, tzinfo=UTC)
CITED = Citation(rule="aa/charge/x@2026-01-01", source="An Act")
PARCEL = Declaration(id="A", destination="AA", consignment=Consignment(items=(GoodsItem(),)))


def found(severity: Severity, rule_id: str = "C101") -> Finding:
    return Finding(
        rule=rule_id, family="accuracy", severity=severity, pointer="/x", message="Say it."
    )


def assessed(*, moment: str | None = None, human: bool = False) -> Assessment:
    charge = None
    if moment:
        charge = DutyTaxFee(
            kind="tax", name="vat", title="VAT", amount=Decimal("5.00"), base=None, rate=None, line=1,
            payer="importer", collector="customs", moment=moment, citation=CITED,  # type: ignore[arg-type]
        )  # fmt: skip
    return Assessment(
        destination="AA",
        on=date(2026, 7, 1),
        currency="XTS",
        regime="standard",
        charges=(charge,) if charge else (),
        needs_human=(NeedsHuman(about="x", because="Nobody knows.", citation=CITED),)
        if human
        else (),
    )


@pytest.mark.parametrize(
    ("findings", "assessment", "code"),
    [
        ((), assessed(), "RELEASED"),
        ((found("note"),), assessed(), "RELEASED"),
        ((), assessed(moment="sale"), "RELEASED"),
        ((), assessed(moment="border"), "ASSESSED"),
        ((), assessed(human=True), "MANUAL"),
        ((), None, "MANUAL"),
        ((found("amend"),), assessed(), "RFA"),
        ((found("missing"),), assessed(), "INCOMPLETE"),
        ((found("hold"),), assessed(), "CONTROL"),
        ((found("hold", "S101"),), assessed(), "DNL"),
        ((found("invalid"), found("missing"), found("amend")), assessed(human=True), "INVALID"),
        ((found("missing"), found("amend")), None, "INCOMPLETE"),
    ],
)
def test_the_gravest_question_decides(findings, assessment, code) -> None:
    decision = decide(PARCEL, findings, assessment, now=NOW)
    assert decision.code == code
    assert decision.reasons
    assert all(reason.text and reason.rule for reason in decision.reasons)


def test_every_reason_that_applies_is_told() -> None:
    decision = decide(
        PARCEL, (found("missing"), found("amend", "C401")), assessed(human=True), now=NOW
    )
    assert [reason.rule for reason in decision.reasons] == ["C101", "C401", CITED.rule]


def test_missing_data_before_departure_is_a_request_for_information() -> None:
    goods = Consignment(
        items=(GoodsItem(),), transport=Transport(departs_at=NOW + timedelta(hours=5))
    )
    waiting = Declaration(id="A", destination="AA", consignment=goods)
    decision = decide(waiting, (found("missing"),), assessed(), now=NOW)
    assert (decision.code, decision.act) == ("RFI", "declarant")
    assert decision.act_by is not None
    assert decision.act_by > NOW


def test_dangerous_goods_by_air_are_screened_before_loading() -> None:
    goods = Consignment(items=(GoodsItem(dangerous_goods="3480"),), transport=Transport(mode="4"))
    decision = decide(
        Declaration(id="A", destination="AA", consignment=goods), (), assessed(), now=NOW
    )
    assert (decision.code, decision.act) == ("RFS", "carrier")


def test_release_says_whether_before_or_on_arrival() -> None:
    assert decide(PARCEL, (), assessed(), now=NOW).release == "before_arrival"
    goods = Consignment(
        items=(GoodsItem(),), transport=Transport(arrives_at=NOW - timedelta(hours=1))
    )
    arrived = Declaration(id="A", destination="AA", consignment=goods)
    assert decide(arrived, (), assessed(), now=NOW).release == "on_arrival"


def test_loading_waits_for_answers() -> None:
    life = advance(Life(parcel="P"), "file")
    life = advance(life, "refer", referral="RFI")
    with pytest.raises(TransitionError, match="allowed are"):
        advance(life, "load")
    life = advance(advance(life, "answer"), "assess")
    assert advance(life, "load").state == "LOADED"


def test_do_not_load_holds_until_lifted() -> None:
    life = advance(advance(Life(parcel="P"), "file"), "forbid_loading")
    for event in ("load", "assess", "depart", "file"):
        with pytest.raises(TransitionError):
            advance(life, event)
    assert advance(life, "lift").state == "FILED"


def test_a_parent_touches_each_child_exactly_once() -> None:
    lives = tuple(
        Life(parcel=name, parent=parent, state="ARRIVED")
        for name, parent in (("R", ""), ("A", "R"), ("B", "R"), ("C", "B"), ("D", ""))
    )
    presented = advance_all(lives, "R", "present")
    assert [life.state for life in presented] == [
        "ARRIVED",
        "PRESENTED",
        "PRESENTED",
        "PRESENTED",
        "ARRIVED",
    ]


def test_the_scheme_number_is_fixed_once_released() -> None:
    life = Life(parcel="P", state="RELEASED", scheme="IM1")
    assert amend(life).version == 1
    with pytest.raises(TransitionError, match="fixed"):
        amend(life, scheme="IM2")


class Lives(RuleBasedStateMachine):
    """Any order of allowed events keeps the invariants."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(parcel="P")
        self.scheme = ""

    @rule(event=st.sampled_from(sorted(TRANSITIONS)), kind=st.sampled_from(["RFI", "RFA", "RFS"]))
    def step(self, event, kind) -> None:
        before = self.life
        if event not in allowed(before):
            with pytest.raises(TransitionError):
                advance(before, event)
            return
        try:
            self.life = advance(before, event, referral=kind if event == "refer" else None)
        except TransitionError:
            assert event in ("assess", "load")
        if event == "load" and self.life.state == "LOADED":
            assert before.state == "ASSESSED"
            assert not before.referrals

    @precondition(lambda self: self.life.state not in ("CANCELLED",))
    @rule(scheme=st.sampled_from(["IM1", "IM2"]))
    def change_scheme(self, scheme) -> None:
        released = self.life.state in ("RELEASED", "DELIVERED")
        try:
            self.life = amend(self.life, scheme=scheme)
        except TransitionError:
            assert scheme != self.life.scheme
        else:
            assert not released or scheme == self.scheme
        self.scheme = self.life.scheme

    @invariant()
    def never_loaded_with_open_referrals(self) -> None:
        if self.life.state in ("LOADED", "DEPARTED"):
            assert not self.life.referrals


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_every_state_can_be_reached() -> None:
    reached, grown = {"ORDERED"}, True
    while grown:
        new = {
            to for moves in TRANSITIONS.values() for start, to in moves.items() if start in reached
        }
        grown = bool(new - reached)
        reached |= new
    assert {to for moves in TRANSITIONS.values() for to in moves.values()} <= reached


@pytest.mark.parametrize(
    ("system", "code", "canonical"),
    [
        ("upu", "DNL", ("DNL",)),
        ("ics2", "IE3Q02", ("RFI",)),
        ("norway", "INCOMPLETE_TRA_DOCUMENTATION", ("INCOMPLETE",)),
        ("norway", "ENTRY_DENIED", ("DENIED", "SEIZED")),
        ("china", "800", ("RELEASED",)),
        ("china", "nothing", ()),
    ],
)
def test_codes_of_other_systems(system: str, code: str, canonical: tuple[str, ...]) -> None:
    assert to_canonical(system, code) == canonical


def test_every_decision_has_an_effect_and_codes_go_both_ways() -> None:
    for system in SYSTEMS:
        for code in from_canonical(system, "RELEASED"):
            assert "RELEASED" in to_canonical(system, code)
    assert effect("DNL").startswith("hard stop")
    assert from_canonical("ics2", "RFA") == ()
