"""Referrals: cases from asking to closing, their deadlines, and the parcels that follow them."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pratique.clearance.decide import default_policy
from pratique.clearance.lifecycle import Life, advance, allowed
from pratique.clearance.referrals import (
    Case,
    Kind,
    Question,
    Referral,
    ReferralAnswer,
    Reply,
    accept,
    answer,
    ask_again,
    complete,
    due_by,
    follow,
    forbidden,
    lift,
    open_case,
    overdue,
    shipped_terms,
    terms_of,
)
from pratique.errors import NoRuleInForceError, TransitionError

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIVES = (
    Life(parcel="MAWB", state="FILED", version=1),
    Life(parcel="BAG", state="FILED", version=1, parent="MAWB"),
    Life(parcel="A", state="FILED", version=1, parent="BAG"),
    Life(parcel="B", state="FILED", version=1, parent="BAG"),
    Life(parcel="ELSEWHERE", state="FILED", version=1),
)


def questions(*ids: str) -> tuple[Question, ...]:
    return tuple(
        Question(id=each, pointer="/items/0", code="D1", text="?", send="text") for each in ids
    )


def case(
    kind: Kind = "RFI", parcels: tuple[str, ...] = ("A",), name: str = "R1", asked: int = 2
) -> Case:
    return open_case(
        Referral(
            id=name,
            kind=kind,
            consignment="C",
            parcels=parcels,
            asked_by="customs-bb",
            asked_of="post-aa",
            asked_at=NOW,
            due=due_by(kind, NOW),
            questions=questions(*(f"{name}.{number}" for number in range(asked))),
        )
    )


def said(name: str, *to: str, referral: str = "R1", result: str = "clear") -> ReferralAnswer:
    replies = tuple(Reply(question=each, text="so", method="X-ray", result=result) for each in to)
    return ReferralAnswer(
        id=name, referral=referral, answered_by="post-aa", answered_at=NOW, replies=replies
    )


def test_a_case_is_answered_in_part_then_whole_then_closed() -> None:
    part = answer(case(), said("1", "R1.0"))
    whole = answer(part, said("2", "R1.1"))
    assert [case().status, part.status, whole.status] == ["opened", "answered-in-part", "answered"]
    assert accept(whole, NOW).status == "closed"


def test_the_order_and_repetition_of_answers_change_nothing() -> None:
    first, second = said("1", "R1.0"), said("2", "R1.1")
    one = answer(answer(answer(case(), first), second), first)
    other = answer(answer(answer(case(), second), second), first)
    assert one == other
    assert answer(accept(one, NOW), first).status == "closed"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (said("1", "R1.9"), "open question"),
        (said("1", "R1.0", "R1.0"), "open question"),
        (said("1"), "open question"),
        (said("1", "R1.0", referral="R2"), "is answered by"),
    ],
)
def test_an_answer_that_matches_no_one_question_is_refused(
    given: ReferralAnswer, told: str
) -> None:
    with pytest.raises(TransitionError, match=told):
        answer(case(), given)


def test_an_answer_id_with_other_content_is_refused() -> None:
    with pytest.raises(TransitionError, match="other content"):
        answer(answer(case(), said("1", "R1.0")), said("1", "R1.1"))


def test_a_case_asked_again_has_a_new_round_with_new_questions() -> None:
    whole = answer(case(), said("1", "R1.0", "R1.1"))
    again = ask_again(whole, questions("R1.2"), NOW + HOUR)
    assert (again.round, again.status) == (2, "opened")
    with pytest.raises(TransitionError, match="stands twice"):
        ask_again(whole, questions("R1.0"), NOW)


def test_nothing_further_happens_to_a_closed_case() -> None:
    ended = accept(answer(case(), said("1", "R1.0", "R1.1")), NOW)
    lifted = lift(case("DNL"), NOW)
    for further in (
        lambda: accept(ended, NOW + HOUR),
        lambda: ask_again(ended, questions("R1.2"), NOW + HOUR),
        lambda: answer(lifted, said("1", "R1.0")),
        lambda: lift(lifted, NOW + HOUR),
    ):
        with pytest.raises(TransitionError, match="closed; open a new referral"):
            further()
    assert overdue(ended, NOW + 1000 * HOUR) == (ended, ())


def test_an_alarm_is_never_accepted_and_screening_needs_a_method() -> None:
    alarm = answer(case("RFS"), said("1", "R1.0", "R1.1", result="alarm"))
    with pytest.raises(TransitionError, match="did not end clear"):
        accept(alarm, NOW)
    with pytest.raises(TransitionError, match="method and result"):
        answer(case("RFS"), said("1", "R1.0", result=""))


def test_steps_come_at_their_hour_and_once_each() -> None:
    opened = case("RFS")
    names = []
    for hour in range(60):
        opened, steps = overdue(opened, NOW + hour * HOUR)
        names += [(hour, step.name) for step in steps]
    assert names == [(18, "reminder"), (24, "overdue"), (30, "supervisor"), (36, "do-not-load")]


def test_an_answered_case_is_never_overdue() -> None:
    whole = answer(case(), said("1", "R1.0", "R1.1"))
    assert overdue(whole, NOW + 1000 * HOUR) == (whole, ())


def test_a_case_overdue_holds_its_parcel_at_origin_until_it_is_accepted() -> None:
    late, _ = overdue(case(), NOW + 24 * HOUR)
    lives, _ = follow(LIVES, (late,))
    assert lives[2].state == "HELD_AT_ORIGIN"
    ended = accept(answer(late, said("1", "R1.0", "R1.1")), NOW)
    assert complete(lives, (ended,))[2].state == "ASSESSED"


def test_an_unanswered_screening_ends_in_a_do_not_load_of_its_own() -> None:
    late, steps = overdue(case("RFS"), NOW + 36 * HOUR)
    assert steps[-1].act == "forbid_loading"
    stop = open_case(forbidden(late, NOW + 36 * HOUR))
    lives, _ = follow(LIVES, (late, stop))
    assert (stop.referral.id, lives[2].state) == ("R1/dnl", "DO_NOT_LOAD")
    ended = accept(answer(late, said("1", "R1.0", "R1.1")), NOW)
    assert follow(lives, (ended, stop))[0][2].state == "DO_NOT_LOAD"
    assert follow(lives, (ended, lift(stop, NOW)))[0][2].state == "FILED"


@pytest.mark.parametrize("named", [("MAWB",), ("MAWB", "BAG"), ("A", "BAG", "MAWB")])
def test_a_do_not_load_on_the_master_touches_each_child_once(named: tuple[str, ...]) -> None:
    stop = case("DNL", named)
    lives, moves = follow(LIVES, (stop,))
    assert [move.parcel for move in moves] == ["MAWB", "BAG", "A", "B"]
    assert [life.state for life in lives] == ["DO_NOT_LOAD"] * 4 + ["FILED"]
    assert follow(lives, (stop,)) == (lives, ())


def test_a_parcel_that_has_left_stays_and_is_told() -> None:
    gone = (Life(parcel="A", state="DEPARTED", version=1, departed=True),)
    lives, moves = follow(gone, (case("DNL"),))
    assert lives == gone
    assert "may not happen while DEPARTED" in moves[0].refused


def test_one_of_two_requests_of_a_kind_answered_leaves_the_other_open() -> None:
    first, second = case(name="R1"), case(name="R2")
    lives, _ = follow(LIVES, (first, second))
    ended = accept(answer(first, said("1", "R1.0", "R1.1")), NOW)
    lives, _ = follow(lives, (ended, second))
    assert (lives[2].state, lives[2].referrals) == ("REFERRED", ("RFI",))
    with pytest.raises(TransitionError, match="R2 open"):
        complete(lives, (ended, second))


def test_an_amendment_does_not_close_a_case() -> None:
    opened = case()
    lives, _ = follow(LIVES, (opened,))
    amended = tuple(advance(life, "amend") for life in lives)
    assert follow(amended, (opened,))[0][2].state == "REFERRED"


def test_times_are_those_of_the_policy_and_cited() -> None:
    hours = default_policy().deadlines_hours
    for kind, entries in shipped_terms().items():
        assert entries[-1].hours == hours[kind]
        assert all(each.source for each in entries)
        assert [each.from_ for each in entries] == sorted(each.from_ for each in entries)
    with pytest.raises(NoRuleInForceError, match="starts 2026-01-01"):
        terms_of("RFI", date(2025, 12, 31))


class Loop(RuleBasedStateMachine):
    """Cases opened, answered, asked again, overdue and closed in any order, on a clock that only moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.cases: list[Case] = []
        self.lives = LIVES
        self.closed: set[str] = set()
        self.steps: list[tuple[str, int, str]] = []
        self.ids = itertools.count()

    def settle(self) -> None:
        self.lives, _ = follow(self.lives, tuple(self.cases))
        self.closed |= {each.referral.id for each in self.cases if each.closed_at}

    @rule(
        kind=st.sampled_from(["RFI", "RFA", "RFS", "DNL"]),
        parcel=st.sampled_from([life.parcel for life in LIVES]),
    )
    def opens(self, kind: Kind, parcel: str) -> None:
        if len(self.cases) < 6:
            self.cases.append(case(kind, (parcel,), f"R{next(self.ids)}"))
            self.settle()

    @rule(
        pick=st.integers(0, 5), which=st.integers(0, 1), result=st.sampled_from(["clear", "alarm"])
    )
    def answers(self, pick: int, which: int, result: str) -> None:
        self.change(pick, lambda each: answer(each, self.reply(each, which, result)))

    def reply(self, each: Case, which: int, result: str) -> ReferralAnswer:
        asked = each.asked[which % len(each.asked)].id
        return said(f"{asked}-{result}", asked, referral=each.referral.id, result=result)

    @rule(pick=st.integers(0, 5))
    def accepts_or_lifts(self, pick: int) -> None:
        self.change(
            pick, lambda each: (lift if each.referral.kind == "DNL" else accept)(each, self.now)
        )

    @rule(pick=st.integers(0, 5))
    def asks_again(self, pick: int) -> None:
        number = next(self.ids)
        self.change(
            pick, lambda each: ask_again(each, questions(f"again.{number}"), self.now + HOUR)
        )

    def change(self, pick: int, how) -> None:  # type: ignore[no-untyped-def]
        if pick < len(self.cases):
            try:
                self.cases[pick] = how(self.cases[pick])
            except TransitionError:
                return
            self.settle()

    @rule(hours=st.integers(1, 40))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        for place, each in enumerate(self.cases):
            self.cases[place], steps = overdue(each, self.now)
            self.steps += [(each.referral.id, each.round, step.name) for step in steps]
        self.settle()

    @invariant()
    def nothing_is_released_while_a_case_is_open(self) -> None:
        for each in self.cases:
            if each.closed_at is None:
                [life] = [life for life in self.lives if life.parcel == each.referral.parcels[0]]
                assert {"assess", "load", "release"}.isdisjoint(allowed(life))

    @invariant()
    def closed_stays_closed_and_each_step_comes_once(self) -> None:
        assert self.closed == {each.referral.id for each in self.cases if each.status == "closed"}
        assert len(self.steps) == len(set(self.steps))

    @invariant()
    def each_reply_is_to_one_question_and_following_again_moves_nothing(self) -> None:
        for each in self.cases:
            replied = [reply.question for reply in each.replies]
            assert len(replied) == len(set(replied))
            assert set(replied) <= {*each.past, *(question.id for question in each.asked)}
        assert follow(self.lives, tuple(self.cases)) == (self.lives, ())


TestLoop = Loop.TestCase
TestLoop.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, derandomize=True
)
