"""Malaysia: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

SHOES = "hs=640399,value={},origin=CN,duty=0%"
SELLER = {"scheme_number": True}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # GST of 6 %, then none for three months, then sales tax of 10 %
        ("2018-05-31", SHOES.format("600.00"), {}, "standard", "0", "36.00"),
        ("2018-06-01", SHOES.format("600.00"), {}, "standard", "0", "0"),
        ("2018-08-31", SHOES.format("600.00"), {}, "standard", "0", "0"),
        ("2018-09-01", SHOES.format("600.00"), {}, "standard", "0", "60.00"),
        # sales tax on low value goods begins, twice put off
        ("2023-01-01", SHOES.format("300.00"), SELLER, "low_value", "0", "0"),
        ("2023-04-01", SHOES.format("300.00"), SELLER, "low_value", "0", "0"),
        ("2023-12-31", SHOES.format("300.00"), SELLER, "low_value", "0", "0"),
        ("2024-01-01", SHOES.format("300.00"), SELLER, "sale", "30.00", "0"),
        ("2024-01-01", SHOES.format("300.00"), {}, "low_value", "0", "0"),
        # goods of up to MYR 500 together above it: the tax goes from the border to the sale
        ("2023-12-31", SHOES.format("800.00,qty=2"), SELLER, "standard", "0", "80.00"),
        ("2024-01-01", SHOES.format("800.00,qty=2"), SELLER, "standard", "80.00", "0"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("my", on, line, currency="MYR", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


def test_remarks_that_come_and_go() -> None:
    sold = SHOES.format("300.00")
    dear = SHOES.format("600.00")
    for on, line, about, warned in (
        ("2024-03-31", sold, "day_of_sale", True),
        ("2024-04-01", sold, "day_of_sale", False),
        ("2025-06-30", dear, "rates_of_2025", False),
        ("2025-07-01", dear, "rates_of_2025", True),
    ):
        answer = ask("my", on, line, currency="MYR", **SELLER)
        assert (about in {each.about for each in answer.cautions}) == warned, (on, about)
