"""Two administrations compare sets: bound to agreement, case and purpose, capped, counted, logged; else refused."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import ExchangeError, MessageError, PolicyError, PratiqueError, SealError
from pratique.exchange import base64url, intersection
from pratique.office.agreements import written
from pratique.office.intersection import MOST_BYTES, Secret
from pratique.office.intersection_elements import read_elements
from pratique.store import open_database
from pratique.store.intersections import IntersectionRow, IntersectionRuns
from tests.support.sets import NOW, WANTED, Chance, Pair, resealed, side

OURS = ["Ada Example", "Bo Example", "Cy Example"]
THEIRS = ["Bo Example", "Cy Example", "Di Example", "Ed Example"]
B64 = base64url.encode


def test_the_asker_learns_what_both_have_and_the_sizes() -> None:
    learned = Pair().compare(OURS, THEIRS)
    assert learned.found == ("Bo Example", "Cy Example")
    assert (learned.count, learned.own_size, learned.partner_size) == (2, 3, 4)


def test_where_the_agreement_says_so_it_learns_a_count_alone() -> None:
    learned = Pair(reveals="count").compare(OURS, THEIRS)
    assert (learned.found, learned.count) == ((), 2)


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.integers(0, 20), min_size=1, max_size=8),
    st.sets(st.integers(0, 20), min_size=1, max_size=8),
)
def test_it_is_the_plain_intersection(ours, theirs) -> None:
    ours = [str(each) for each in sorted(ours)]
    learned = Pair().compare(ours, [str(each) for each in theirs])
    assert set(learned.found) == set(ours) & {str(each) for each in theirs}


def test_nothing_that_passes_or_is_kept_holds_an_element() -> None:
    pair = Pair()
    sent, secret = pair.ask(OURS)
    given_back = pair.answer(sent, THEIRS)
    pair.learn(secret, sent, given_back, OURS)
    kept = [*pair.asker.runs.rows, *pair.answerer.runs.rows]
    for told in (
        written(sent),
        written(given_back),
        repr(kept).encode(),
        msgspec.json.encode(secret),
    ):
        assert b"Example" not in told
    assert secret.key not in repr(secret)


def test_each_step_is_kept_with_its_grounds_and_sizes() -> None:
    pair = Pair()
    pair.compare(OURS, THEIRS)
    asked, learned = pair.asker.runs.rows
    (answered,) = pair.answerer.runs.rows
    assert [asked.step, answered.step, learned.step] == ["requested", "answered", "learned"]
    assert (asked.partner, answered.partner) == ("customs-aa", "customs-qn")
    assert (answered.own_size, answered.partner_size, answered.found) == (4, 3, None)
    assert (learned.own_size, learned.partner_size, learned.found) == (3, 4, 2)
    assert (answered.agreement, answered.case_number, answered.purpose) == (
        "CUSTOMS-AA-QN/1",
        "QN-2026-17",
        "risk",
    )
    assert answered.rule == "A055"
    assert len({each.run for each in (asked, answered, learned)}) == 1


@pytest.mark.parametrize(
    ("changed", "given_for", "code"),
    [
        ({"case": ""}, ("risk",), "case"),
        ({"case": "x\n"}, ("risk",), "case"),
        ({"purpose": "clearance"}, ("clearance",), "purpose"),
        ({"purpose": "curiosity"}, ("risk",), "purpose"),
        ({}, ("clearance",), "purpose"),
        ({}, (), "purpose"),
        ({"kind": "identifiers"}, ("risk",), "terms"),
        ({"to": "customs-qn"}, ("risk",), "party"),
        ({"to": "stranger"}, ("risk",), "party"),
    ],
)
def test_what_the_agreement_does_not_allow_is_not_asked(changed, given_for, code) -> None:
    pair = Pair()
    with pytest.raises(PolicyError) as refused:
        pair.ask(OURS, wanted=msgspec.structs.replace(WANTED, **changed), given_for=given_for)
    assert refused.value.code == code
    assert not pair.asker.runs.rows


def test_a_further_purpose_of_the_agreement_is_allowed() -> None:
    pair = Pair()
    wanted = msgspec.structs.replace(WANTED, purpose="security")
    assert pair.ask(OURS, wanted=wanted, given_for=("risk",))


@pytest.mark.parametrize("party", ["customs-qn", "customs-aa"])
def test_a_party_whose_role_may_not_compare_neither_asks_nor_is_asked(party) -> None:
    pair = Pair(roles={party: "carrier"})
    with pytest.raises(PolicyError, match="A000"):
        pair.ask(OURS)


def test_only_the_party_that_may_learn_asks() -> None:
    pair = Pair()
    pair.asker = side("customs-aa")
    with pytest.raises(PolicyError, match="learn nothing"):
        pair.ask(OURS, wanted=msgspec.structs.replace(WANTED, to="customs-qn"))


def test_the_answerer_holds_its_own_set_to_what_it_was_given_for() -> None:
    pair = Pair()
    sent, _ = pair.ask(OURS)
    with pytest.raises(PolicyError, match="not given for risk"):
        pair.answer(sent, THEIRS, given_for=("clearance",))
    assert not pair.answerer.runs.rows


def test_an_agreement_that_does_not_bind_allows_nothing() -> None:
    pair = Pair()
    sent, _ = pair.ask(OURS)
    pair.answerer = side("customs-aa", signed_by=["customs-qn"])
    with pytest.raises(PolicyError, match="does not bind"):
        pair.answer(sent, THEIRS)


def test_caps_hold_on_both_sides() -> None:
    few = Pair(most_elements=3)
    with pytest.raises(ExchangeError, match="size"):
        few.ask([*OURS, "Di"])
    sent, _ = few.ask(OURS)
    with pytest.raises(ExchangeError, match="size"):
        few.answer(sent, THEIRS)
    more = Pair().ask([*OURS, "Di"])[0]
    with pytest.raises(ExchangeError, match="size"):
        few.answer(more, OURS)
    assert not few.answerer.runs.rows


def test_so_many_runs_a_day_and_no_more_on_both_sides() -> None:
    pair = Pair(per_day=2)
    for _ in range(2):
        pair.compare(OURS, THEIRS)
    with pytest.raises(ExchangeError, match="rate"):
        pair.ask(OURS)
    tomorrow = NOW + timedelta(days=1)
    sent, _ = pair.ask(OURS, now=tomorrow)
    assert pair.answer(sent, THEIRS, now=tomorrow)
    eager = Pair("eager", per_day=2)
    requests = [eager.ask(OURS, now=NOW + timedelta(days=day))[0] for day in range(3)]
    late = NOW + timedelta(days=3)
    for each in requests[:2]:
        eager.answer(each, THEIRS, now=late)
    with pytest.raises(ExchangeError, match="rate"):
        eager.answer(requests[2], THEIRS, now=late)


def test_a_request_is_answered_once() -> None:
    pair = Pair()
    sent, _ = pair.ask(OURS)
    pair.answer(sent, THEIRS)
    with pytest.raises(ExchangeError, match="again"):
        pair.answer(sent, THEIRS)


@pytest.mark.parametrize("days", [-1, 8])
def test_a_request_that_waited_too_long_or_lies_ahead_is_refused(days) -> None:
    pair = Pair()
    sent, _ = pair.ask(OURS)
    with pytest.raises(ExchangeError, match="expired"):
        pair.answer(sent, THEIRS, now=NOW + timedelta(days=days))


OFF_THE_CURVE = B64(b"\x02" + b"\xff" * 32)
POINT = intersection.ask(["x"], intersection.new_key(Chance("p")), b"", "elements")


@pytest.mark.parametrize(
    "changed",
    [
        {"points": ""},
        {"points": "!!"},
        {"points": B64(b"\x00" * 33)},
        {"points": B64(POINT * 2)},
        {"points": B64(POINT[:-1])},
        {"points": OFF_THE_CURVE},
        {"points": B64(POINT * 1001)},
        {"points": 7},
        {"points": None},
        {"reveals": "count"},
        {"reveals": "everything"},
        {"kind": "tokens"},
        {"purpose": "curiosity"},
        {"agreement": "CUSTOMS-AA-QN/2"},
        {"answerer": "somebody"},
        {"answerer": "customs-qn"},
        {"case": "\x00\x00\x00"},
        {"run": "short"},
        {"run": "\x00" * 22},
        {"run": "a" * 22 + "\n"},
        {"created": "2026-11-25T12:00:00"},
        {"created": "yesterday"},
        {"more": "x"},
    ],
)
def test_a_hostile_request_is_refused_and_nothing_is_told(changed) -> None:
    pair = Pair()
    sent, _ = pair.ask(OURS)
    with pytest.raises((ExchangeError, PolicyError)):
        pair.answer(resealed(sent, "customs-qn", **changed), THEIRS)
    seen_when_reckoned = changed.get("points") == OFF_THE_CURVE
    assert len(pair.answerer.runs.rows) == seen_when_reckoned


@pytest.mark.parametrize(
    "changed",
    [
        {"own": B64(b"\x00" * 33)},
        {"own": ""},
        {"own": B64(POINT * 1001)},
        {"asked": B64(POINT)},
        {"asked": ""},
        {"asked": B64((b"\x02" + b"\xff" * 32) + POINT + POINT[:1] + b"\x01" * 32)},
        {"run": "A" * 22},
        {"request": "0" * 64},
        {"own": None},
        {"more": 1},
    ],
)
def test_a_hostile_answer_is_refused(changed) -> None:
    pair = Pair()
    sent, secret = pair.ask(OURS)
    given_back = pair.answer(sent, THEIRS)
    with pytest.raises(ExchangeError):
        pair.learn(secret, sent, resealed(given_back, "customs-aa", **changed), OURS)
    assert pair.learn(secret, sent, given_back, OURS).count == 2


def test_an_answer_with_a_set_beyond_the_cap_is_refused() -> None:
    pair = Pair(most_elements=5)
    sent, secret = pair.ask(OURS)
    given_back = pair.answer(sent, THEIRS)
    key = intersection.new_key(Chance("many"))
    many = B64(intersection.ask([str(n) for n in range(6)], key, b"", "elements"))
    with pytest.raises(ExchangeError, match="size"):
        pair.learn(secret, sent, resealed(given_back, "customs-aa", own=many), OURS)


def test_documents_signed_by_anybody_else_are_refused() -> None:
    pair = Pair()
    sent, secret = pair.ask(OURS)
    for by in ("customs-aa", "stranger"):
        with pytest.raises(SealError):
            pair.answer(resealed(sent, by), THEIRS)
    given_back = pair.answer(sent, THEIRS)
    for by in ("customs-qn", "stranger"):
        with pytest.raises(SealError):
            pair.learn(secret, sent, resealed(given_back, by), OURS)


def test_an_answer_serves_its_own_request_and_secret_alone() -> None:
    pair = Pair()
    one, first = pair.ask(OURS)
    two, second = pair.ask(OURS)
    given_back = pair.answer(one, THEIRS)
    for secret, sent in ((second, two), (first, two), (second, one)):
        with pytest.raises(ExchangeError):
            pair.learn(secret, sent, given_back, OURS)
    wrong = Secret(run=first.run, key=B64(b"\x07" * 32), request=first.request)
    assert pair.learn(wrong, one, given_back, OURS).count == 0
    assert pair.learn(first, one, given_back, OURS).count == 2


def test_another_set_than_was_asked_learns_nothing_of_it() -> None:
    pair = Pair()
    sent, secret = pair.ask(OURS)
    given_back = pair.answer(sent, THEIRS)
    with pytest.raises(ExchangeError, match="size"):
        pair.learn(secret, sent, given_back, [*OURS, "Di Example"])


def test_one_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(ExchangeError, match="too-large"):
        Pair().answer(b" " * (MOST_BYTES + 1), THEIRS)


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text('{}[]":,asdf01', max_size=80).map(str.encode)))
def test_any_bytes_are_refused_with_our_own_error(data) -> None:
    with pytest.raises(PratiqueError):
        PAIR.answer(data, THEIRS)


PAIR = Pair()


def test_runs_are_kept_on_both_databases_and_never_changed(store_url) -> None:
    runs = IntersectionRuns(open_database(store_url))
    pair = Pair()
    pair.answerer = side("customs-aa", runs=runs)
    sent, _ = pair.ask(OURS)
    pair.answer(sent, THEIRS)
    with pytest.raises(ExchangeError, match="again"):
        pair.answer(sent, THEIRS)
    (row,) = IntersectionRuns(open_database(store_url)).all()
    assert (row.step, row.own_size, row.partner_size) == ("answered", 4, 3)
    for sql in (
        "UPDATE intersection_run SET own_size = 0 RETURNING 1",
        "DELETE FROM intersection_run RETURNING 1",
    ):
        with pytest.raises(runs.database.errors, match="append-only"):
            runs.database.query(sql)


def test_runs_are_counted_by_day_partner_and_step_on_both_databases(store_url) -> None:
    runs = IntersectionRuns(open_database(store_url))

    def keep(run: str, at, partner: str = "a", step: str = "answered") -> str:
        row = IntersectionRow(
            run, step, at.isoformat(), partner, "X/1", "risk", "C-1", "persons", "count", "A", 1, 1
        )
        return runs.keep(row, per_day=2)

    end = NOW.replace(hour=23, minute=59, second=59, microsecond=999_999)
    assert [keep("1", NOW.replace(hour=0)), keep("2", end), keep("3", NOW)] == [
        "kept",
        "kept",
        "too many",
    ]
    assert keep("1", NOW) == "again"
    assert keep("4", NOW, partner="b") == "kept"
    assert keep("5", NOW, step="requested") == "kept"
    assert keep("7", NOW, partner="c", step="requested") == "kept"
    assert [keep(run, NOW, partner="c") for run in ("8", "9", "10")] == ["kept", "kept", "too many"]
    assert keep("6", NOW + timedelta(days=1)) == "kept"


PERSONS = "name,postcode,country,document\n"


def test_persons_are_compared_however_they_are_written() -> None:
    one = read_elements(f"{PERSONS}Zoé Example,12 345,aa,X-1\n".encode(), "persons")
    two = read_elements(f"{PERSONS}EXAMPLE ZOE,12345,AA,x1\nZoe Other,1,AA,\n".encode(), "persons")
    assert set(one) & set(two) == set(one)
    assert next(iter(one.values())) == "Zoé Example,12 345,aa,X-1"


def test_identifiers_aside_from_blanks_and_case_and_tokens_as_they_are() -> None:
    assert read_elements(b"AA 123.4\n\naa1234\n", "identifiers") == {
        "identifiers\x1faa1234": "AA 123.4"
    }
    assert len(read_elements(b"2026-Q4.ab\n2026-Q4.AB\n", "tokens")) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"name,postcode\n",
        f"{PERSONS}a,b\n".encode(),
        f"{PERSONS},1,AA,\n".encode(),
        f'{PERSONS}"a'.encode(),
        b"\xff\xfe",
        b"x" * 4_194_305,
    ],
)
def test_a_file_that_is_no_set_of_persons_is_refused(data) -> None:
    with pytest.raises(MessageError):
        read_elements(data, "persons")
