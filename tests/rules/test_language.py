"""The rule language: what it reads, what it refuses, and what both evaluators make of it."""

import random
from decimal import Decimal

import pytest

from pratique.assessment.facts import facts_of
from pratique.errors import LawError
from pratique.jurisdictions import shipped
from pratique.rules.exact import (
    FEES,
    ITEMS,
    RATES,
    Evaluator,
    Missing,
    Unknown,
    compile_exact,
    exactly,
    fits,
    shares,
)
from pratique.rules.generated import compile_generated
from pratique.rules.law import Reckoning
from pratique.rules.syntax import parse
from pratique.rules.types import FACTS, MEANINGS, check, closed, facts, names_in
from tests.support.parcels import EVIDENCE, parcel

D = Decimal


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Expected a value"),
        ("price +", "Expected a value"),
        ("price price", "Expected an operator"),
        ("(price", "Expected '\\)'"),
        ("EUR", "Cannot read"),
        ("EUR 5 per mile", "'kg' or 'piece'"),
        ("{}", "a code in quotes"),
        ("price = 5", "Cannot read"),
        ("a;b", "Cannot read"),
        ("__import__", "Cannot read"),
        ("(" * 60 + "1" + ")" * 60, "deeper"),
        ("1 + " * 2000 + "1", "characters long"),
    ],
)
def test_what_is_not_a_rule_is_refused_with_its_column(text: str, says: str) -> None:
    with pytest.raises(LawError, match=says):
        parse(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("price + CNY 5", "Cannot add money in EUR and money in CNY"),
        ("price > CNY 5", "Cannot compare money in EUR with money in CNY"),
        ("price + 20%", "Cannot add money in EUR and rate"),
        ("price * price", "Cannot multiply"),
        ("net_mass + price", "Cannot add mass and money in EUR"),
        ("price and preference", "Expected bool"),
        ("unheard_of", "Unknown name"),
        ("eval(price)", "Unknown function"),
        ("total(freight)", "something that each item has"),
        ("share(price, price)", "whole consignment"),
        ('flow < "b2c"', "Cannot compare text with <"),
        ("round_half_up(price, 0)", "greater than zero"),
        ("round_half_up(price, quantity)", "plain number"),
        ("price / 3 + price", "rounded before it is used"),
        ('if(flow == "b2c", price, 20%)', "both must be the same"),
        ("convert(price)", "written out"),
        ("min(price, 3)", "cannot weigh"),
        ("origin in 5", "needs a set of codes"),
    ],
)
def test_units_and_scopes_are_checked_on_loading(text: str, says: str) -> None:
    with pytest.raises(LawError, match=says):
        check(text, facts("EUR"), "EUR")


def test_a_division_must_be_closed_by_a_rounding() -> None:
    text = "price / 3"
    with pytest.raises(LawError, match="closed by a rounding"):
        closed(check(text, facts("EUR"), "EUR"), text)


CONSIGNMENT = {
    "flow": "b2c", "freight": D("5"), "insurance": D(0), "discount": D(0), RATES: {"CHF": D("1.05")},
    FEES: {"clearance": D("13")}, "gross_mass": Missing("the gross mass is not declared"),
    ITEMS: [
        {"#index": 0, "price": D("10"), "hs": "610910", "origin": "CN", "quantity": D(2), "net_mass": D("0.5"),
         "duty_rate": Missing("no duty rate")},
        {"#index": 1, "price": D("20"), "hs": "220410", "origin": "HK", "quantity": D(1), "net_mass": D("1.5"),
         "duty_rate": D("0.12")},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("total(price) + freight", D("35")),
        ("total(price * 20%)", D("6.0")),
        ("total(round_half_up(price / 3, 0.01))", D("10.00")),
        ("round_half_up(total(price) * 17% / (100% - 17%), 0.01)", D("6.14")),
        ("round_up(total(price), 1000)", D("1000")),
        ("round_down(total(price), 7)", D("28")),
        ("round_half_even(total(price) * 12.5%, 0.5)", D("4.0")),
        ("convert(CHF 100)", D("105.00")),
        ('fee("clearance") + fee("none")', D("13")),
        ("EUR 2 per kg * total(net_mass)", D("4.0")),
        ("EUR 3 per piece * total(quantity)", D("9")),
        ("max(freight - EUR 10, EUR 0)", D("0")),
        ("largest(price) - smallest(price)", D("10")),
        ('count(origin in {"CN"})', D(1)),
        ("distinct(hs6(hs))", D(2)),
        ("distinct(chapter(hs))", D(2)),
        ('any(hs in {"22"})', True),
        ('all(hs in {"22"})', False),
        ('not any(hs in {"99"}) and flow == "b2c"', True),
        ('flow not in {"b2b"}', True),
        ("any(duty_rate > 10%)", True),
        ("known(gross_mass)", False),
        ('flow == "b2b" and gross_mass > 5 kg', False),
        ('flow == "b2c" or gross_mass > 5 kg', True),
        ('gross_mass > 5 kg and flow == "b2b"', False),
        ("if(freight > EUR 4, 10%, 20%)", D("0.1")),
        ("-freight + EUR 6", D("1")),
    ],
)
def test_rules_give_exact_values(text: str, value: object) -> None:
    run = compile_exact(check(text, facts("EUR"), "EUR"))
    with exactly():
        assert run(CONSIGNMENT, {}) == value


@pytest.mark.parametrize("text", ["gross_mass > 5 kg", "all(duty_rate > 10%)", "convert(USD 1)"])
def test_what_nobody_knows_is_never_zero(text: str) -> None:
    run = compile_exact(check(text, facts("EUR"), "EUR"))
    with exactly(), pytest.raises(Unknown):
        run(CONSIGNMENT, {})


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        ("5", ["120", "60"], ["3.3333", "1.6667"]),
        ("1", ["1", "1", "1"], ["0.3333", "0.3334", "0.3333"]),
        ("7", ["0", "0"], ["7", "0"]),
        ("0", ["3", "1"], ["0.0000", "0.0000"]),
        ("9.99", ["5"], ["9.99"]),
    ],
)
def test_shares_sum_exactly_to_the_whole(amount: str, weights: list[str], parts: list[str]) -> None:
    found = shares(D(amount), [D(each) for each in weights])
    assert found == [D(each) for each in parts]
    assert sum(found) == D(amount)


def test_items_are_allocated_to_a_limit_in_turn() -> None:
    assert fits([D(30), D(20), D(9), D(1)], D(39)) == [True, False, True, False]


def test_every_function_and_fact_has_a_meaning() -> None:
    assert set(FACTS) == set(facts("EUR"))
    for name in MEANINGS:
        with pytest.raises(LawError) as refused:
            check(f"{name}()", facts("EUR"), "EUR")
        assert "Unknown function" not in str(refused.value)


@pytest.mark.parametrize("place", shipped().codes())
def test_generated_source_and_closures_give_the_same(place: str) -> None:
    chance = random.Random(place)
    library = shipped()
    for day in library.change_dates(place)[-3:]:
        law = library.law_in_force(place, day)
        expressions = [
            each.expr for each in (*law.parameters, *law.order) if isinstance(each, Reckoning)
        ]
        expressions += [each.when for each in (*law.regimes, *law.remarks)]
        both = [
            (compile_exact(e), compile_generated(e), e)
            for e in expressions
            if e.scope == "consignment"
        ]
        for number in range(20):
            declaration = parcel(chance, number, place.upper())
            with exactly():
                known = facts_of(
                    declaration, law, EVIDENCE.into(law.currency, law.fixing, day), day
                )
                for slow, fast, expr in both:
                    if set(names_in(expr)) <= set(known) | set(known[ITEMS][0]):
                        assert _outcome(slow, known) == _outcome(fast, known)


def _outcome(run: Evaluator, known: dict) -> object:
    try:
        value = run(dict(known), {})
    except Unknown as unknown:
        return str(unknown)
    return value.because if isinstance(value, Missing) else value
