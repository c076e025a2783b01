"""Norway: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

SHOES = "hs=640399,value={},origin=CN"
TEA = "hs=090210,value={},origin=CN,duty=0%"
VOEC = {"scheme_number": True}
GIFT = {"flow": "c2c"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # NOK 200 without freight becomes NOK 350 with freight
        ("2014-12-31", SHOES.format("250.00"), {"freight": "50"}, "standard", "0", "75"),
        ("2015-01-01", SHOES.format("250.00"), {"freight": "50"}, "low_value", "0", "0"),
        ("2014-12-31", SHOES.format("190.00"), {"freight": "170"}, "low_value", "0", "0"),
        ("2015-01-01", SHOES.format("190.00"), {"freight": "170"}, "standard", "0", "90"),
        ("2014-12-31", SHOES.format("200.00"), {}, "standard", "0", "50"),
        ("2015-01-01", SHOES.format("350.00"), {}, "standard", "0", "88"),
        # the rate on food
        ("2011-12-31", TEA.format("1000.00"), {}, "standard", "0", "140"),
        ("2012-01-01", TEA.format("1000.00"), {}, "standard", "0", "150"),
        # food leaves the low-value relief
        ("2019-12-31", TEA.format("100.00"), {}, "low_value", "0", "0"),
        ("2020-01-01", TEA.format("100.00"), {}, "standard", "0", "15"),
        # VOEC starts
        ("2020-03-31", SHOES.format("1000.00"), VOEC, "standard", "0", "250"),
        ("2020-04-01", SHOES.format("1000.00"), VOEC, "voec", "250.00", "0"),
        ("2020-03-31", SHOES.format("300.00"), {"flow": "b2b"}, "low_value", "0", "0"),
        ("2020-04-01", SHOES.format("300.00"), {"flow": "b2b"}, "standard", "0", "75"),
        # gifts of exactly NOK 1,000
        ("2022-12-31", SHOES.format("1000.00"), GIFT, "gift", "0", "0"),
        ("2023-01-01", SHOES.format("1000.00"), GIFT, "gift", "0", "250"),
        # the exemption under NOK 350 ends
        ("2023-12-31", SHOES.format("300.00"), {}, "low_value", "0", "0"),
        ("2024-01-01", SHOES.format("300.00"), {}, "standard", "0", "75"),
        ("2024-01-01", SHOES.format("300.00"), VOEC, "voec", "75.00", "0"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("no", on, line, currency="NOK", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("value", "quantity", "regime"),
    [
        ("2999.99", "1", "voec"),
        ("3000.00", "1", "standard"),
        ("5999.98", "2", "voec"),
        ("6000.00", "2", "standard"),
    ],
)
def test_the_limit_of_voec_is_per_item_and_without_freight(
    value: str, quantity: str, regime: str
) -> None:
    line = f"hs=640399,value={value},qty={quantity},origin=CN"
    answer = ask("no", "2025-06-01", line, currency="NOK", freight="500", insurance="50", **VOEC)
    assert answer.regime == regime


def test_voec_vat_is_on_the_price_with_freight() -> None:
    answer = ask(
        "no", "2025-06-01", SHOES.format("1000.00"), currency="NOK", freight="99.90", **VOEC
    )
    assert owed(answer) == ("voec", Decimal("274.98"), Decimal(0), False)


def test_in_a_mixed_parcel_each_line_goes_its_way_and_freight_is_shared() -> None:
    lines = "hs=640399,value=1000.00,origin=CN;hs=640399,value=4000.00,origin=CN"
    answer = ask("no", "2025-06-01", lines, currency="NOK", freight="100", **VOEC)
    assert owed(answer) == ("voec_in_part", Decimal("255.00"), Decimal("1020"), False)


@pytest.mark.parametrize(
    "line",
    [
        "hs=180690,value=200.00,duty=0%",
        "hs=300490,value=200.00",
        "hs=220421,value=200.00,duty=0%",
    ],
)
def test_food_medicine_and_alcohol_are_no_voec_goods(line: str) -> None:
    assert ask("no", "2025-06-01", line, currency="NOK", **VOEC).regime == "standard"


def test_voec_is_for_consumers() -> None:
    answer = ask("no", "2025-06-01", SHOES.format("1000.00"), currency="NOK", flow="b2b", **VOEC)
    assert owed(answer) == ("standard", Decimal(0), Decimal(250), False)


def test_books_do_not_count_towards_the_old_limit() -> None:
    lines = "hs=490199,value=900.00;hs=640399,value=300.00,origin=CN"
    answer = ask("no", "2019-06-01", lines, currency="NOK")
    assert owed(answer) == ("low_value", Decimal(0), Decimal(0), False)
    lines = "hs=490199,value=900.00;hs=640399,value=360.00,origin=CN"
    answer = ask("no", "2019-06-01", lines, currency="NOK")
    assert owed(answer) == ("standard", Decimal(0), Decimal(90), False)


def test_clothes_without_a_known_rate_ask_a_person_and_shoes_do_not() -> None:
    clothes = ask("no", "2025-06-01", "hs=610910,value=500.00,origin=CN", currency="NOK")
    shoes = ask("no", "2025-06-01", SHOES.format("500.00"), currency="NOK")
    assert (bool(clothes.needs_human), bool(shoes.needs_human)) == (True, False)


def test_a_limit_in_kroner_is_held_against_the_converted_value() -> None:
    line = "hs=640399,value=300.00,origin=CN"
    for rate, regime in (("9.99", "voec"), ("10.00", "standard")):
        answer = ask("no", "2025-06-01", line, currency="USD", fx={"USD": rate}, **VOEC)
        assert answer.regime == regime
    assert ask("no", "2025-06-01", line, currency="USD", **VOEC).needs_human
