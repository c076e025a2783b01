"""Private intersection equals the plain one, tells sizes and nothing else, and refuses what is no set of points."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import ExchangeError
from pratique.exchange import intersection
from pratique.exchange.intersection import Answered
from tests.support.sets import Chance

CONTEXT = b"case 1"
ELEMENTS = st.sets(st.text("abcdef0123456789", min_size=1, max_size=6), min_size=1, max_size=12)
OTHER = intersection.new_key(Chance("answerer"))
KEY = intersection.new_key(Chance("asker"))


def both(ours, theirs, reveals="elements", context=(CONTEXT, CONTEXT)):
    asked = intersection.ask(ours, KEY, context[0], reveals)
    answered = intersection.answer(asked, theirs, OTHER, context[1], reveals)
    return intersection.intersect(answered, ours, KEY, context[0], reveals)


@settings(max_examples=80, deadline=None)
@given(ELEMENTS, ELEMENTS)
def test_it_is_the_plain_intersection(ours, theirs) -> None:
    ours = sorted(ours)
    found, count = both(ours, theirs)
    assert list(found) == [each for each in ours if each in theirs]
    assert count == len(set(ours) & theirs)


@settings(max_examples=80, deadline=None)
@given(ELEMENTS, ELEMENTS)
def test_of_a_count_no_element_is_told(ours, theirs) -> None:
    assert both(sorted(ours), theirs, "count") == ((), len(ours & theirs))


@settings(max_examples=60, deadline=None)
@given(ELEMENTS, ELEMENTS, st.sampled_from(["elements", "count"]))
def test_messages_have_the_size_of_the_sets_and_no_other(ours, theirs, reveals) -> None:
    asked = intersection.ask(ours, KEY, CONTEXT, reveals)
    answered = intersection.answer(asked, theirs, OTHER, CONTEXT, reveals)
    assert len(asked) == 33 * len(ours) == len(answered.asked)
    assert len(answered.own) == 33 * len(theirs)


@settings(max_examples=40, deadline=None)
@given(ELEMENTS)
def test_no_point_is_seen_twice_under_two_keys_or_in_two_cases(ours) -> None:
    seen = [
        set(intersection.points(intersection.ask(ours, key, context, "elements"), ""))
        for key in (KEY, OTHER)
        for context in (CONTEXT, b"case 2")
    ]
    assert len(set().union(*seen)) == 4 * len(ours)


def test_the_order_of_points_is_not_that_of_the_elements() -> None:
    """Nor one that anybody can reckon without the key: the first element is first as often as chance has it."""
    first = 0
    for number in range(60):
        key = intersection.new_key(Chance(str(number)))
        alone = intersection.ask(["a"], key, CONTEXT, "elements")
        first += intersection.ask(["a", "b", "c"], key, CONTEXT, "elements").startswith(alone)
    assert 8 <= first <= 34


def test_a_count_comes_back_in_an_order_of_its_own() -> None:
    asked = intersection.ask([str(n) for n in range(50)], KEY, CONTEXT, "count")
    answered = intersection.answer(asked, ["x"], OTHER, CONTEXT, "count")
    back = intersection.points(answered.asked, "")
    assert back == sorted(back)
    own = intersection.answer(asked, [str(n) for n in range(50)], OTHER, CONTEXT, "count").own
    assert intersection.points(own, "") == sorted(intersection.points(own, ""))


def test_what_was_asked_in_one_case_meets_nothing_in_another() -> None:
    assert both(["a", "b"], ["a", "b"], context=(CONTEXT, b"case 2")) == ((), 0)


GOOD = intersection.ask(["a", "b", "c"], KEY, CONTEXT, "elements")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "size"),
        (GOOD[:-1], "size"),
        (GOOD + b"\x02", "size"),
        (GOOD * 3_334, "size"),
        (b"\x00" * 33, "point"),
        (b"\x04" + GOOD[1:33], "point"),
        (GOOD[:33] * 2, "point"),
        (b"\x02" + b"\xff" * 32, "point"),
        (b"\x02" + b"\x00" * 31 + b"\x01", "point"),
        (b"\n\x1f" + b"\x08\x01" * 40, "size"),
    ],
)
def test_what_is_no_set_of_points_is_refused(data, code) -> None:
    with pytest.raises(ExchangeError) as refused:
        intersection.answer(data, ["a"], OTHER, CONTEXT, "elements")
    assert refused.value.code == code
    for answered in (Answered(own=data, asked=GOOD), Answered(own=GOOD, asked=data)):
        if code == "point" and data[:1] == b"\x02" and answered.own == data:
            continue  # a point of the other's set that lies nowhere meets nothing
        with pytest.raises(ExchangeError):
            intersection.intersect(answered, ["a", "b", "c"], KEY, CONTEXT, "elements")


def test_an_answer_to_more_or_fewer_points_is_refused() -> None:
    for asked in (GOOD[:66], GOOD + intersection.ask(["d"], KEY, CONTEXT, "elements")):
        with pytest.raises(ExchangeError, match="size"):
            intersection.intersect(Answered(GOOD, asked), ["a", "b", "c"], KEY, CONTEXT, "elements")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_our_own_error(data) -> None:
    with pytest.raises(ExchangeError):
        intersection.answer(data, ["a"], OTHER, CONTEXT, "elements")


@pytest.mark.parametrize("elements", [[], ["a", "a"], [str(n) for n in range(10_001)]])
def test_a_set_is_of_so_many_elements_each_once(elements) -> None:
    with pytest.raises(ExchangeError, match="size"):
        intersection.ask(elements, KEY, CONTEXT, "elements")


@pytest.mark.parametrize("key", [b"", b"\x00" * 32, b"\xff" * 32, KEY + b"\x00"])
def test_a_key_is_a_number_below_the_order(key) -> None:
    with pytest.raises(ExchangeError, match="key"):
        intersection.ask(["a"], key, CONTEXT, "elements")


def test_a_source_without_good_numbers_gives_no_key() -> None:
    for source in (lambda size: b"\xff" * size, lambda size: b"\x00" * size, lambda size: b"x"):
        with pytest.raises(ExchangeError, match="randomness"):
            intersection.new_key(source)


def test_without_the_extra_it_says_what_to_install(monkeypatch) -> None:
    monkeypatch.setattr(sys.modules[intersection.__name__], "library", None)
    with pytest.raises(ExchangeError, match=r"pratique\[psi\]"):
        intersection.ask(["a"], KEY, CONTEXT, "elements")
