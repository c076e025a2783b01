"""Singapore: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

SHOES = "hs=640399,value={},origin=CN"
VENDOR = {"scheme_number": True}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # the rate of GST, on parcels above the limit
        ("2007-06-30", SHOES.format("500.00"), {}, "standard", "0", "25.00"),
        ("2007-07-01", SHOES.format("500.00"), {}, "standard", "0", "35.00"),
        ("2022-12-31", SHOES.format("500.00"), {}, "standard", "0", "35.00"),
        ("2023-01-01", SHOES.format("500.00"), {}, "standard", "0", "40.00"),
        ("2023-12-31", SHOES.format("500.00"), {}, "standard", "0", "40.00"),
        ("2024-01-01", SHOES.format("500.00"), {}, "standard", "0", "45.00"),
        # registered vendors begin to charge low-value goods
        ("2022-12-31", SHOES.format("300.00"), VENDOR, "low_value", "0", "0"),
        ("2023-01-01", SHOES.format("300.00"), VENDOR, "sale", "24.00", "0"),
        ("2023-12-31", SHOES.format("300.00"), VENDOR, "sale", "24.00", "0"),
        ("2024-01-01", SHOES.format("300.00"), VENDOR, "sale", "27.00", "0"),
        # so a parcel above the limit no longer pays at the border when each item is below it
        ("2022-12-31", SHOES.format("600.00,qty=2"), VENDOR, "standard", "0", "42.00"),
        ("2023-01-01", SHOES.format("600.00,qty=2"), VENDOR, "sale", "48.00", "0"),
        # who is not registered: no change
        ("2022-12-31", SHOES.format("300.00"), {}, "low_value", "0", "0"),
        ("2023-01-01", SHOES.format("300.00"), {}, "low_value", "0", "0"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("sg", on, line, currency="SGD", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


def test_bullion_is_asked_about_since_it_may_be_exempt() -> None:
    bar = "hs=710813,value=5000.00,origin=CH"
    assert owed(ask("sg", "2012-09-30", bar, currency="SGD")) == (
        "standard",
        Decimal(0),
        Decimal("350.00"),
        False,
    )
    assert ask("sg", "2012-10-01", bar, currency="SGD").needs_human


def test_a_sale_before_the_scheme_is_warned_of_for_a_while() -> None:
    for on, warned in (("2023-03-31", True), ("2023-04-01", False)):
        answer = ask("sg", on, SHOES.format("100.00"), currency="SGD", **VENDOR)
        assert ("day_of_sale" in {each.about for each in answer.cautions}) == warned
