"""Japan: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from pratique.errors import NoRuleInForceError
from tests.jurisdictions.asked import ask, owed

BOOK = "hs=490199,value={},origin=US"
TROUSERS = "hs=620342,value={},origin=VN"
COFFEE = "hs=090121,value={},origin=BR"
TOY = "hs=950300,value={},origin=CN"
NUMBER: dict[str, Any] = {"scheme_number": True}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # consumption tax 8 and 10 %: 60 % of 30,000 is 18,000
        # 18,000 x 6.3 % = 1,134, 1,100 and 1,100 x 17/63 = 296, 200
        ("2014-04-01", BOOK.format("30000"), {}, "standard", "0", "1300"),
        ("2019-09-30", BOOK.format("30000"), {}, "standard", "0", "1300"),
        # 18,000 x 7.8 % = 1,404, 1,400 and 1,400 x 22/78 = 394, 300
        ("2019-10-01", BOOK.format("30000"), {}, "standard", "0", "1700"),
        # with duty: 1,800; 19,000 x 6.3 % = 1,197, 1,100 and 200; 19,000 x 7.8 % = 1,482, 1,400 and 300
        ("2019-09-30", TROUSERS.format("30000"), {}, "standard", "0", "3100"),
        ("2019-10-01", TROUSERS.format("30000"), {}, "standard", "0", "3500"),
        # food keeps 8 %: 40,000 x 60 % = 24,000, duty 3,600;
        # 27,000 x 6.3 % = 1,701, 1,700 and 458, 400; 27,000 x 6.24 % = 1,684, 1,600 and 451, 400
        ("2019-09-30", COFFEE.format("40000"), {}, "standard", "0", "5700"),
        ("2019-10-01", COFFEE.format("40000"), {}, "standard", "0", "5600"),
        # the relief of JPY 10,000, before and after
        ("2019-09-30", BOOK.format("16666"), {}, "small_consignment", "0", "0"),
        ("2019-10-01", BOOK.format("16666"), {}, "small_consignment", "0", "0"),
        # low-value goods are taxed at sale from April 2028, 10 % and 8 % for food
        ("2028-03-31", TOY.format("5000"), NUMBER, "small_consignment", "0", "0"),
        ("2028-04-01", TOY.format("5000"), NUMBER, "sold_by_registered", "500", "0"),
        ("2028-03-31", COFFEE.format("5000"), NUMBER, "small_consignment", "0", "0"),
        ("2028-04-01", COFFEE.format("5000"), NUMBER, "sold_by_registered", "400", "0"),
        # gifts and business goods keep the relief
        ("2028-04-01", TOY.format("5000"), {"flow": "c2c"}, "small_consignment", "0", "0"),
        ("2028-04-01", TOY.format("5000"), {"flow": "b2b"}, "small_consignment", "0", "0"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("jp", on, line, currency="JPY", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


def test_the_law_begins_with_8_per_cent() -> None:
    with pytest.raises(NoRuleInForceError):
        ask("jp", "2014-03-31", BOOK.format("30000"), currency="JPY")


def test_what_is_not_verified_is_said_from_its_day() -> None:
    def said(on: str, line: str, **more: Any) -> set[str]:
        return {each.about for each in ask("jp", on, line, currency="JPY", **more).cautions}

    assert "end_of_60" not in said("2026-03-31", TOY.format("30000"))
    assert "end_of_60" in said("2026-04-01", TOY.format("30000"))
    assert "end_of_60" not in said("2026-04-01", TOY.format("30000"), flow="c2c")
    assert "food_at_zero" not in said("2026-03-31", COFFEE.format("30000"))
    assert "food_at_zero" in said("2026-04-01", COFFEE.format("30000"))


@pytest.mark.parametrize(
    ("on", "line", "more", "asks"),
    [
        # a seller without a registration, from the first day
        ("2028-03-31", TOY.format("5000"), {}, False),
        ("2028-04-01", TOY.format("5000"), {}, True),
        # what depends on 60 or 100 % of the price
        ("2028-03-31", TOY.format("30000"), NUMBER, False),
        ("2028-04-01", TOY.format("30000"), NUMBER, True),
        ("2028-04-01", TROUSERS.format("20000,qty=2"), NUMBER, True),
        # and what does not: free of duty, and taxed at sale piece by piece
        ("2028-04-01", TOY.format("20000,qty=2"), NUMBER, False),
        ("2028-04-01", TOY.format("30000"), {"flow": "c2c"}, False),
    ],
)
def test_from_april_2028_a_person_is_asked(
    on: str, line: str, more: dict[str, Any], asks: bool
) -> None:
    assert bool(ask("jp", on, line, currency="JPY", **more).needs_human) is asks
