"""Exactness: rounding, sharing and what is not known."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.rules.exact import (
    ITEMS,
    Missing,
    Unknown,
    compile_exact,
    exactly,
    fits,
    in_hs,
    round_exact,
    shares,
)
from pratique.rules.types import Known, check, facts

D = Decimal
AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
STEPS = st.sampled_from([D("0.01"), D("0.05"), D("1"), D("10"), D("1000"), D("0.3")])
MODES = st.sampled_from(["half_up", "half_even", "down", "up"])


@given(AMOUNTS, STEPS, MODES)
def test_a_rounded_amount_is_a_multiple_within_one_step_and_symmetric(
    amount: Decimal, step: Decimal, mode: str
) -> None:
    rounded = round_exact(amount, step, mode)
    assert Fraction(rounded) / Fraction(step) % 1 == 0
    away = abs(Fraction(rounded) - Fraction(amount))
    assert away < Fraction(step) if mode in ("up", "down") else away <= Fraction(step) / 2
    assert round_exact(-amount, step, mode) == -rounded


@pytest.mark.parametrize(
    ("amount", "step", "mode", "rounded"),
    [
        ("5337.50", "1", "half_up", "5338"),
        ("14003.50", "1", "half_up", "14004"),
        ("-0.005", "0.01", "half_up", "-0.01"),
        ("0.025", "0.01", "half_even", "0.02"),
        ("0.035", "0.01", "half_even", "0.04"),
        ("18.99", "0.05", "down", "18.95"),
        ("18.96", "0.05", "up", "19.00"),
        ("1", "1000", "up", "1000"),
        ("999", "1000", "down", "0"),
        ("0", "1000", "up", "0"),
    ],
)
def test_rounding_at_its_edges(amount: str, step: str, mode: str, rounded: str) -> None:
    assert round_exact(D(amount), D(step), mode) == D(rounded)


@given(
    st.decimals(min_value=0, max_value=10**7, places=2),
    st.lists(st.decimals(min_value=0, max_value=10**6, places=3), min_size=1, max_size=12),
)
def test_shares_sum_to_the_whole_and_follow_the_weights(
    whole: Decimal, weights: list[Decimal]
) -> None:
    with exactly():
        parts = shares(whole, weights)
        assert sum(parts) == whole
    total = Fraction(sum(weights))
    if not total:
        assert parts[1:] == [0] * (len(parts) - 1)
        return
    for part, weight in zip(parts, weights, strict=True):
        fair = Fraction(whole) * Fraction(weight) / total
        assert abs(Fraction(part) - fair) <= Fraction(1, 10_000)


@given(
    st.lists(st.decimals(min_value=0, max_value=100, places=2), max_size=10),
    st.decimals(min_value=0, max_value=200, places=2),
)
def test_what_fits_never_exceeds_the_limit(amounts: list[Decimal], limit: Decimal) -> None:
    answer = fits(amounts, limit)
    assert sum((a for a, fit in zip(amounts, answer, strict=True) if fit), D(0)) <= limit


@pytest.mark.parametrize(
    ("code", "prefixes", "inside"),
    [
        ("610910", {"61"}, True),
        ("610910", {"6109"}, True),
        ("610910", {"61091000"}, None),
        ("610910", {"61099010"}, False),
        ("61091000", {"61091000", "61091010"}, True),
        # a heading lies under its subheadings when they are all there
        ("6601", {"660110", "660191", "660199"}, True),
        ("6601", {"660110", "660191"}, None),
        ("6601", {"660200"}, False),
        ("66", {"6601", "6602", "6603"}, True),
        ("66", {"6601", "6603"}, None),
        ("66", {"66011000"}, None),
        ("6109100010", {"610910"}, True),
        ("071290", {"7"}, False),
        ("071290", {"07"}, True),
    ],
)
def test_hs_codes_lie_under_their_prefixes(
    code: str, prefixes: set[str], inside: bool | None
) -> None:
    assert in_hs(code, frozenset(prefixes)) is inside


NAMES = {**facts("EUR"), "yes": Known(check("on < on", facts("EUR"), "EUR").type, "consignment")}
GIVEN = {
    "yes": True,
    "gross_mass": Missing("the gross mass is not declared"),
    ITEMS: [
        {"#index": 0, "price": D(10), "unit_price": Missing("no unit price"), "quantity": D(0)},
        {"#index": 1, "price": D(5), "unit_price": D(5), "quantity": D(1)},
    ],
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes or gross_mass > 1 kg", True),
        ("gross_mass > 1 kg or yes", True),
        ("not yes and gross_mass > 1 kg", False),
        ("gross_mass > 1 kg and not yes", False),
        ("if(yes, EUR 1, EUR 2)", D(1)),
        ("if(known(gross_mass), gross_mass, 2 kg)", D(2)),
        ("any(unit_price > EUR 1)", True),
        ("all(unit_price > EUR 7)", False),
    ],
)
def test_an_unknown_that_cannot_matter_does_not_matter(text: str, value: object) -> None:
    with exactly():
        assert compile_exact(check(text, NAMES, "EUR"))(GIVEN, {}) == value


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yes and gross_mass > 1 kg", "gross mass is not declared"),
        ("all(unit_price > EUR 1)", "no unit price"),
        ("any(unit_price > EUR 9)", "no unit price"),
        ("total(unit_price)", "no unit price"),
        ("total(round_half_up(price / quantity, 0.01))", "divide by zero"),
        ("convert(CHF 5)", "give one as --fx CHF=RATE"),
    ],
)
def test_an_unknown_that_matters_says_what_is_missing(text: str, says: str) -> None:
    with exactly(), pytest.raises(Unknown, match=says):
        compile_exact(check(text, NAMES, "EUR"))({**GIVEN, "#rates": {}}, {})
