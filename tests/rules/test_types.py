"""What a rule is: its kind, its unit, and whether each item has its own."""

import pytest

from pratique.errors import LawError
from pratique.rules.types import FACTS, MEANINGS, Known, check, closed, facts, money, names_in

NAMES = {**facts("EUR"), "vat": Known(check("20%", {}, "EUR").type, "consignment")}
LISTS = {"list.books": frozenset({"49"})}


@pytest.mark.parametrize(
    ("text", "type_", "scope"),
    [
        ("freight", "money in EUR", "consignment"),
        ("price * vat", "money in EUR", "item"),
        ("vat * price", "money in EUR", "item"),
        ("price / freight > 2", None, None),
        ("round_half_up(price / freight, 0.01)", "number", "item"),
        ("total(price) * quantity", "money in EUR", "item"),
        ("EUR 2 per kg * gross_mass", "money in EUR", "consignment"),
        ("EUR 2 per kg * vat", "per in EUR/kg", "consignment"),
        ("EUR 2 per piece * quantity", "money in EUR", "item"),
        ("convert(CHF 5)", "money in EUR", "consignment"),
        ("convert(CHF 5 per kg) * net_mass", "money in EUR", "item"),
        ("convert(EUR 5)", "money in EUR", "consignment"),
        ("100% - vat", "rate", "consignment"),
        ("1 + vat", "rate", "consignment"),
        ("hs in list.books", "bool", "item"),
        ("any(hs in list.books)", "bool", "consignment"),
        ("heading(hs)", "hs", "item"),
        ("share(freight, net_mass)", "money in EUR", "item"),
        ("within(price, EUR 39)", "bool", "item"),
        ("known(origin)", "bool", "item"),
        ("if(scheme_number, price, freight)", "money in EUR", "item"),
        ("on < 2026-07-01", "bool", "consignment"),
        ("count(preference)", "number", "consignment"),
    ],
)
def test_every_rule_has_a_type_and_a_scope(text: str, type_: str | None, scope: str | None) -> None:
    if type_ is None:
        with pytest.raises(LawError, match="rounded before it is used"):
            check(text, NAMES, "EUR", LISTS)
        return
    expr = closed(check(text, NAMES, "EUR", LISTS), text)
    assert (str(expr.type), expr.scope) == (type_, scope)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("CHF 5 + freight", "Cannot add money in CHF and money in EUR"),
        ("EUR 2 per kg * quantity > EUR 1", "Cannot compare"),
        ("list.unknown", "Unknown name"),
        ("within(freight, EUR 5)", "amount of each item"),
        ("within(price, price)", "one for the whole consignment"),
        ("share(freight, hs)", "weighs by something"),
        ("hs6(origin)", "Expected hs"),
        ("distinct(price)", "distinct counts codes"),
        ("count(price)", "Expected bool"),
        ("fee(freight)", "takes the name of a fee"),
        ("1 / (2 / 3)", "Round a division"),
        ("price / 3 * 2", "Write the division last"),
        ("total(price / 3)", "rounded before it is summed"),
        ("max(price / 3, EUR 1)", "rounded before it is compared"),
        ("total(price, price)", "takes 1 argument"),
        ("2026-02-30 < on", "is not a day"),
        ("preference == preference", "Cannot compare bool"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_clash(text: str, says: str) -> None:
    with pytest.raises(LawError, match=says):
        check(text, NAMES, "EUR", LISTS)


def test_names_are_found_once_in_order_of_appearance() -> None:
    text = "total(price) + freight + if(scheme_number, freight, insurance)"
    assert names_in(check(text, NAMES, "EUR")) == ("price", "freight", "scheme_number", "insurance")


def test_amounts_are_in_the_currency_of_the_law() -> None:
    assert check("price", facts("NOK"), "NOK").type == money("NOK")


def test_facts_and_functions_do_not_share_a_name() -> None:
    assert not set(FACTS) & set(MEANINGS)
