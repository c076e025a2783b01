"""South Africa: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed
from tests.jurisdictions.asked_with import ask_with

GOODS = "hs=420292,value={},origin=CN,duty=30%"
GIFT: dict[str, Any] = {"flow": "c2c"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "border"),
    [
        # gifts: R400 becomes R1,400
        ("2016-05-19", GOODS.format("400.00"), GIFT, "gift", "0"),
        ("2016-05-19", GOODS.format("1400.00"), GIFT, "standard", "694.40"),
        ("2016-05-20", GOODS.format("1400.00"), GIFT, "gift", "0"),
        # VAT 14 % becomes 15 %: on 1,100 + 300
        ("2018-03-31", GOODS.format("1000.00"), {}, "standard", "496.00"),
        ("2018-04-01", GOODS.format("1000.00"), {}, "standard", "510.00"),
        # VAT on top of the flat rate: 15 % of 440 + 80
        ("2024-08-31", GOODS.format("400.00"), {}, "low_value", "80.00"),
        ("2024-09-01", GOODS.format("400.00"), {}, "low_value", "158.00"),
        # what was announced and did not come
        ("2024-06-30", "hs=610910,value=400.00,origin=CN", {}, "low_value", "80.00"),
        ("2024-07-01", "hs=610910,value=400.00,origin=CN", {}, "low_value", "80.00"),
        ("2024-11-01", "hs=610910,value=400.00,origin=CN", {}, "low_value", "158.00"),
        ("2025-04-30", GOODS.format("1000.00"), {}, "standard", "510.00"),
        ("2025-05-01", GOODS.format("1000.00"), {}, "standard", "510.00"),
        ("2026-04-01", GOODS.format("1000.00"), {}, "standard", "510.00"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("za", on, line, currency="ZAR", **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("on", "known_on", "vat"),
    [
        # announced in the budget of 12 March 2025, withdrawn on 24 April
        ("2025-05-01", "2025-03-11", "210.00"),
        ("2025-05-01", "2025-03-12", "217.00"),
        ("2025-05-01", "2025-04-23", "217.00"),
        ("2025-05-01", "2025-04-24", "210.00"),
        ("2025-05-01", None, "210.00"),
        ("2025-04-30", "2025-04-01", "210.00"),
        ("2026-04-01", "2025-04-23", "224.00"),
        ("2026-04-01", "2025-04-24", "210.00"),
    ],
)
def test_hard_case_24_a_rate_announced_and_annulled(
    on: str, known_on: str | None, vat: str
) -> None:
    answer = ask_with("za", on, GOODS.format("1000.00"), known_on=known_on, currency="ZAR")
    assert f"{answer.total('tax'):.2f}" == vat


def test_vat_on_low_value_was_known_since_august_2024() -> None:
    for known_on, total in (("2024-08-07", "80.00"), ("2024-08-08", "158.00")):
        answer = ask_with(
            "za", "2024-09-01", GOODS.format("400.00"), known_on=known_on, currency="ZAR"
        )
        assert f"{answer.total():.2f}" == total
