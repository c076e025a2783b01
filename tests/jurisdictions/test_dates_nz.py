"""New Zealand: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed, sums

LAPTOP = "hs=847130,value={},origin=CN,duty=0%"
SHOES = "hs=640399,value={},origin=CN,duty=10%"
SELLER = {"scheme_number": True}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # GST of 12.5 and 15 %, a waiver below NZD 50 and below NZD 60, fees of 37.24 and 38.07
        ("2010-09-30", LAPTOP.format("399.00"), {}, "standard", "0", "0"),
        ("2010-09-30", LAPTOP.format("400.00"), {}, "standard", "0", "87.24"),
        ("2010-10-01", LAPTOP.format("399.00"), {}, "standard", "0", "0"),
        ("2010-10-01", LAPTOP.format("400.00"), {}, "standard", "0", "98.07"),
        # the waiver on the amount ends, the limit on the value and GST at sale begin
        ("2019-11-30", LAPTOP.format("399.00"), SELLER, "standard", "0", "0"),
        ("2019-11-30", LAPTOP.format("400.00"), SELLER, "standard", "0", "115.71"),
        ("2019-12-01", LAPTOP.format("400.00"), SELLER, "sale", "60.00", "0"),
        ("2019-12-01", LAPTOP.format("400.00"), {}, "low_value", "0", "0"),
        ("2019-12-01", LAPTOP.format("100.00"), SELLER, "sale", "15.00", "0"),
        ("2019-12-01", LAPTOP.format("1000.00"), {}, "low_value", "0", "0"),
        ("2019-12-01", LAPTOP.format("1000.01"), {}, "standard", "0", "205.71"),
        # low-value goods pay a levy when they come other than by post
        ("2026-03-31", LAPTOP.format("400.00"), {"channel": "express"}, "low_value", "0", "0"),
        ("2026-04-01", LAPTOP.format("400.00"), {"channel": "express"}, "low_value", "0", "2.54"),
        ("2026-04-01", LAPTOP.format("400.00"), {}, "low_value", "0", "0"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("nz", on, line, currency="NZD", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("on", "fees"),
    [
        ("2010-09-30", "37.24"),
        ("2010-10-01", "38.07"),
        ("2018-06-30", "49.24"),
        ("2018-07-01", "52.67"),
        ("2021-06-30", "55.71"),
        ("2021-07-01", "59.48"),
        ("2023-06-30", "59.48"),
        ("2023-07-01", "86.39"),
        ("2023-09-30", "86.39"),
        ("2023-10-01", "91.89"),
        ("2024-06-30", "91.89"),
        ("2024-07-01", "93.44"),
        ("2025-06-30", "93.44"),
        ("2025-07-01", "106.80"),
        ("2026-03-31", "106.80"),
    ],
)
def test_the_fees_of_an_entry(on: str, fees: str) -> None:
    answer = ask("nz", on, SHOES.format("2000.00"), currency="NZD")
    assert answer.total("fee") == Decimal(fees)


def test_the_levies_on_dear_goods_since_april_2026_ask_a_person() -> None:
    line = SHOES.format("2000.00")
    before, after = (ask("nz", on, line, currency="NZD") for on in ("2026-03-31", "2026-04-01"))
    assert not before.needs_human
    assert "Levies" in after.needs_human[0].because
    assert sums(after)[0] == "200.00 330.00 0.00 0.00 530.00"
