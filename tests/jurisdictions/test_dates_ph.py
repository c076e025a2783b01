"""Philippines: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed
from tests.jurisdictions.asked_with import ask_with

GOODS = "hs=610910,value={},origin=CN,duty=10%"
INSURED: dict[str, Any] = {"insurance": "100.00"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "border"),
    [
        # PHP 10 becomes PHP 10,000
        ("2016-10-24", GOODS.format("10.00"), {}, "de_minimis", "0"),
        # 9,900 + 100: duty 1,000; VAT 12 % of 11,000 + 265 + 250 = 1,381.80; fees 515
        ("2016-10-24", GOODS.format("9900.00"), INSURED, "informal", "2896.80"),
        ("2016-10-25", GOODS.format("9900.00"), INSURED, "de_minimis", "0"),
        # the stamp of 265 and the fee of 250 become a stamp of 15, of 30 in 2018:
        # duty 2,000; VAT 12 % of 22,000 + 515, 15 or 30
        ("2016-10-24", GOODS.format("19900.00"), INSURED, "informal", "5216.80"),
        ("2016-10-25", GOODS.format("19900.00"), INSURED, "informal", "4656.80"),
        ("2017-12-31", GOODS.format("19900.00"), INSURED, "informal", "4656.80"),
        ("2018-01-01", GOODS.format("19900.00"), INSURED, "informal", "4673.60"),
        # the stamp of formal entries: duty 6,000; VAT 12 % of 66,000 + 4,000 + 250 + 265 or 280
        ("2017-12-31", GOODS.format("59900.00"), INSURED, "formal", "14976.80"),
        ("2018-01-01", GOODS.format("59900.00"), INSURED, "formal", "14993.60"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("ph", on, line, currency="PHP", **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("on", "regime"), [("2025-05-06", "de_minimis"), ("2025-05-07", "informal")]
)
def test_from_may_2025_parcels_of_one_day_are_added(on: str, regime: str) -> None:
    line = GOODS.format("6000.00")
    answer = ask_with("ph", on, line, prior={"day_value": "4000.01"}, currency="PHP")
    assert answer.regime == regime


def test_between_the_act_and_its_order_the_answer_says_so() -> None:
    def warned(on: str) -> bool:
        answer = ask("ph", on, GOODS.format("9000.00"), currency="PHP")
        return "act_before_its_order" in {each.about for each in answer.cautions}

    found = [warned(on) for on in ("2016-06-15", "2016-06-16", "2016-10-24", "2016-10-25")]
    assert found == [False, True, True, False]
