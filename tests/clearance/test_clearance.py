"""What happens next: decisions, the life of a parcel, and the names other systems give."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pratique.clearance import decide
from pratique.clearance.crosswalk import SYSTEMS, effect, from_canonical, to_canonical
from pratique.clearance.lifecycle import (
    DECISIONS,
    TRANSITIONS,
    Life,
    State,
    advance,
    advance_all,
    allowed,
    amend,
    decided,
    life_of,
    withdraw,
)
from pratique.errors import TransitionError
from pratique.model.declaration import (
    Consignment,
    Declaration,
    GoodsItem,
    SchemeNumber,
    Transport,
)
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


def after(*events: str, **life: object) -> Life:
    """A parcel to which these events happened."""
    found = Life(parcel="P", **life)  # type: ignore[arg-type]
    for event in events:
        found = advance(found, event, referral="RFI" if event == "refer" else None)
    return found


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("INVALID", "INVALID"),
        ("INCOMPLETE", "INCOMPLETE"),
        ("RFI", "REFERRED"),
        ("RFA", "REFERRED"),
        ("RFS", "REFERRED"),
        ("DNL", "DO_NOT_LOAD"),
        ("MANUAL", "FILED"),
        ("CONTROL", "CONTROL"),
        ("ASSESSED", "ASSESSED"),
        ("RELEASED", "RELEASED"),
    ],
)
def test_each_decision_on_a_filing_moves_it_through_the_machine(code, state) -> None:
    life = after("file")
    for event in DECISIONS[code]:
        life = advance(life, event, referral=code if event == "refer" else None)
    assert life.state == decided(after("file"), code).state == state
    assert life.referrals == ((code,) if state == "REFERRED" else ())


_FINDINGS = (
    found("invalid"), found("missing"), found("amend"), found("hold"), found("hold", "S101"),
)  # fmt: skip
_FIRST = [
    Life(parcel="A", state=state, version=1, referrals=referrals, released=released)
    for state in (
        "FILED",
        "CONTROL",
        "DELIVERED",
        "RETURN_OPEN",
        "RELEASED",
        "REFERRED",
        "ASSESSED",
    )
    for referrals in ((), ("RFI",), ("RFS",), ("RFS", "RFA"))
    for released in (False, True)
]


@pytest.mark.parametrize("departs_in_hours", [None, -1, 5])
@pytest.mark.parametrize(
    "assessment", [None, assessed(), assessed(moment="border"), assessed(human=True)]
)
def test_a_decision_and_its_state_never_disagree(departs_in_hours, assessment) -> None:
    transport = departs_in_hours and Transport(departs_at=NOW + timedelta(hours=departs_in_hours))
    goods = Consignment(items=(GoodsItem(),), transport=transport or None)
    declaration = Declaration(id="A", destination="AA", consignment=goods)
    several = [each for n in range(3) for each in itertools.combinations(_FINDINGS, n)]
    for before, findings in itertools.product((None, *_FIRST), several):
        life = before and amend(before)
        decision = decide(declaration, findings, assessment, now=NOW, life=life)
        moved = decided(life or after("file"), decision.code)
        assert (decision.version, decision.state) == (moved.version, moved.state)
        if moved.state not in ("DELIVERED", "RETURN_OPEN"):
            assert decision.state == decided(after("file"), decision.code).state
        assert all(reason.text and reason.rule for reason in decision.reasons)


def test_loading_waits_for_answers() -> None:
    life = after("file", "refer")
    with pytest.raises(TransitionError, match="allowed are"):
        advance(life, "load")
    assert after("file", "refer", "answer", "assess", "load").state == "LOADED"


def test_do_not_load_holds_until_lifted() -> None:
    life = after("file", "forbid_loading")
    for event in ("load", "assess", "depart", "file", "amend"):
        with pytest.raises(TransitionError):
            advance(life, event)
    assert advance(life, "lift").state == "FILED"
    assert withdraw(life).state == "CANCELLED"
    assert advance(after("file", "assess", "load"), "forbid_loading").state == "DO_NOT_LOAD"


def test_new_data_answer_a_request_for_data_but_no_screening() -> None:
    life = Life(parcel="A", state="REFERRED", referrals=("RFS", "RFI"))
    assert amend(life).referrals == ("RFS",)
    decision = decide(PARCEL, (), assessed(), now=NOW, life=amend(life))
    assert (decision.code, decision.state) == ("RFS", "REFERRED")
    assert [reason.rule for reason in decision.reasons] == ["clearance/screening_open"]


def test_an_amendment_ends_no_control() -> None:
    life = amend(Life(parcel="A", state="CONTROL", version=1))
    decision = decide(PARCEL, (), assessed(), now=NOW, life=life)
    assert (decision.code, decision.state, decision.version) == ("CONTROL", "CONTROL", 2)
    assert decision.reasons[0].rule == "clearance/under_control"
    forbidden = decide(PARCEL, (found("hold", "S101"),), assessed(), now=NOW, life=life)
    assert (forbidden.code, forbidden.state) == ("DNL", "DO_NOT_LOAD")


def test_a_release_holds_only_for_the_data_it_was_given_on() -> None:
    life = amend(Life(parcel="A", state="RELEASED", version=1, released=True))
    again = decide(PARCEL, (), assessed(), now=NOW, life=life)
    assert (again.code, again.state) == ("RELEASED", "RELEASED")
    owing = decide(PARCEL, (), assessed(moment="border"), now=NOW, life=life)
    assert (owing.code, owing.state) == ("ASSESSED", "ASSESSED")
    assert owing.reasons[-1].rule == "clearance/release_reopened"


def test_after_delivery_an_amendment_moves_nothing() -> None:
    life = amend(Life(parcel="A", state="DELIVERED", released=True))
    owing = decide(PARCEL, (), assessed(moment="border"), now=NOW, life=life)
    assert (owing.code, owing.state) == ("ASSESSED", "DELIVERED")


@pytest.mark.parametrize(
    "state",
    ["CANCELLED", "INVALIDATED", "EXPORTED", "REFUNDED", "DENIED", "SEIZED", "DENIAL_APPEALED", "ABANDONED",
     "DESTROYED", "DO_NOT_LOAD"],
)  # fmt: skip
def test_what_is_over_or_forbidden_is_not_amended(state) -> None:
    with pytest.raises(TransitionError, match=f"'amend' may not happen while {state}"):
        amend(Life(parcel="P", state=state))


def test_withdrawn_before_departure_or_once_sent_back() -> None:
    assert withdraw(after("file", "assess", "load")).state == "CANCELLED"
    gone = after("file", "assess", "load", "depart", "arrive", "route", "release")
    with pytest.raises(TransitionError, match="it has left"):
        withdraw(gone)
    back = advance(advance(gone, "open_return"), "export")
    assert withdraw(back).state == "INVALIDATED"


@pytest.mark.parametrize(
    ("state", "codes", "departs_in_hours", "may"),
    [
        ("ASSESSED", ("ASSESSED",), 5, True), ("ASSESSED", ("ASSESSED",), -5, False), ("ASSESSED", ("ASSESSED",), None, True),
        ("RELEASED", ("RELEASED",), 5, True), ("RELEASED", ("RELEASED",), -5, False), ("RELEASED", ("RELEASED",), None, False),
        ("CONTROL", ("CONTROL",), 5, True), ("CONTROL", ("CONTROL",), -5, False), ("CONTROL", ("CONTROL",), None, False),
        ("DO_NOT_LOAD", ("DNL",), -5, True), ("REFERRED", ("RFI",), -5, True), ("REFERRED", ("RFS",), -5, True), ("REFERRED", ("RFA",), -5, False),
        ("INVALID", ("RFS", "INVALID"), -5, True), ("INVALID", ("INVALID",), -5, False),
    ],
)  # fmt: skip
def test_departure_as_declared_says_whether_a_parcel_may_be_withdrawn(
    state, codes, departs_in_hours, may
) -> None:
    transport = None
    if departs_in_hours is not None:
        transport = Transport(departs_at=NOW + timedelta(hours=departs_in_hours))
    goods = Consignment(items=(GoodsItem(),), transport=transport)
    declaration = Declaration(id="A", destination="AA", consignment=goods)
    life = life_of(declaration, state=state, version=1, codes=codes, now=NOW)
    assert ("cancel" in allowed(life)) is may


def test_a_life_is_rebuilt_from_the_decisions_so_far() -> None:
    declaration = msgspec.structs.replace(
        PARCEL,
        schemes=(SchemeNumber(kind="VOEC", number="2"), SchemeNumber(kind="IOSS", number="1")),
    )
    life = life_of(
        declaration,
        state="REFERRED",
        version=4,
        codes=("RFS", "RELEASED", "INVALID", "RFI"),
        now=NOW,
    )
    assert (life.version, life.scheme, life.released) == (4, "IOSS 1, VOEC 2", True)
    assert life.referrals == ("RFS", "RFI")


def test_a_refund_gives_back_a_charge_and_only_once() -> None:
    with pytest.raises(TransitionError, match="no charge to give back"):
        advance(after("file", "assess", "release"), "refund")
    paid = after("file", "assess", "charge", "settle", "release")
    refunded = advance(paid, "refund")
    assert refunded.state == "RELEASED"
    with pytest.raises(TransitionError):
        advance(refunded, "refund")


def test_an_appeal_upheld_or_reversed_goes_back_where_it_came_from() -> None:
    for state in ("DENIED", "SEIZED"):
        appealed = advance(Life(parcel="P", state=state), "appeal")
        assert advance(appealed, "uphold").state == state
        assert advance(appealed, "reverse").state == "ROUTED"


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
    reopened = decided(amend(after("file", "assess", "release", scheme="IM1")), "ASSESSED")
    with pytest.raises(TransitionError, match="fixed"):
        amend(reopened, scheme="IM2")


class Lives(RuleBasedStateMachine):
    """Any order of allowed events keeps the invariants."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(parcel="P")
        self.happened: list[str] = []
        self.released_under: str | None = None

    @rule(
        event=st.sampled_from(sorted(TRANSITIONS)),
        kind=st.sampled_from(["RFI", "RFA", "RFS"]),
        scheme=st.sampled_from([None, None, "IM1", "IM2"]),
    )
    def step(self, event, kind, scheme) -> None:
        before = self.life
        scheme = scheme if event in ("file", "amend") else None
        try:
            self.life = advance(
                before, event, referral=kind if event == "refer" else None, scheme=scheme
            )
        except TransitionError as error:
            fixed = self.released_under is not None and scheme not in (None, self.released_under)
            assert event not in allowed(before) or fixed, error
            return
        assert event in allowed(before)
        self.happened.append(event)
        if event in ("load", "depart"):
            assert before.state != "DO_NOT_LOAD"
            assert not before.referrals
        if event == "cancel":
            assert not {"depart", "arrive"} & set(self.happened)
        if event == "invalidate":
            assert "export" in self.happened
        if self.life.state == "RELEASED" and self.released_under is None:
            self.released_under = self.life.scheme

    @rule(data=st.data())
    def step_on(self, data) -> None:
        """An allowed event, so that lives grow long."""
        if may := allowed(self.life):
            self.step(data.draw(st.sampled_from(may)), "RFS", None)

    @invariant()
    def never_loaded_with_open_referrals(self) -> None:
        if self.life.state in ("LOADED", "DEPARTED", "RELEASED"):
            assert not self.life.referrals

    @invariant()
    def the_scheme_is_fixed_once_released(self) -> None:
        assert self.released_under in (None, self.life.scheme)

    @invariant()
    def every_refund_gives_back_a_charge(self) -> None:
        refundable = 0
        for event in self.happened:
            refundable = 1 if event == "charge" else refundable - (event == "refund")
            assert refundable >= 0

    @invariant()
    def versions_count_what_was_lodged(self) -> None:
        lodged = ("file", "amend", "cancel", "invalidate")
        assert self.life.version == sum(event in lodged for event in self.happened)


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
    assert reached == set(get_args(State))


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
