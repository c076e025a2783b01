"""India: the day before and the day of every change, on goods of INR 10,000 unless another value is given."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

TOY = "hs=950300,value=10000,origin=CN"
BOOK = "hs=490110,value=10000,origin=GB"
GIFT: dict[str, Any] = {"flow": "c2c", "channel": "express"}
BOUGHT: dict[str, Any] = {"channel": "express"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "border", "asks"),
    [
        # printed books: free, then 5 % and the surcharge on it
        ("2019-07-05", BOOK, BOUGHT, "personal", "0", False),
        ("2019-07-06", BOOK, BOUGHT, "personal", "550", False),
        # gifts up to INR 5,000 were free, above it 10 %; then the tariff rate of 35 % from the first rupee
        ("2019-12-11", "hs=950300,value=5000,origin=CN", GIFT, "gift", "0", False),
        ("2019-12-12", "hs=950300,value=5000,origin=CN", GIFT, "gift", "3864", False),
        ("2019-12-11", "hs=950300,value=5001,origin=CN", GIFT, "gift", "2104", False),
        ("2019-12-11", TOY, GIFT, "gift", "4208", False),
        ("2019-12-12", TOY, GIFT, "gift", "7728", False),
        ("2019-12-12", TOY, BOUGHT, "personal", "4208", False),
        # 35 % with the surcharge becomes 20 % without
        ("2025-02-01", TOY, GIFT, "gift", "7728", False),
        ("2025-02-02", TOY, GIFT, "gift", "5360", False),
        ("2025-02-02", TOY, BOUGHT, "personal", "4208", False),
        # integrated tax of 28 % becomes 18 %
        ("2025-09-21", TOY, GIFT, "gift", "5360", False),
        ("2025-09-22", TOY, GIFT, "gift", "4160", False),
        ("2025-09-21", TOY, BOUGHT, "personal", "4208", False),
        ("2025-09-22", TOY, BOUGHT, "personal", "3098", False),
        # the budget of 2026 halves the tariff rate, which bears no surcharge, on gifts and on what is bought
        ("2026-02-02", TOY, GIFT, "gift", "4160", False),
        ("2026-03-31", TOY, GIFT, "gift", "4160", False),
        ("2026-04-01", TOY, GIFT, "gift", "2980", False),
        ("2026-03-31", TOY, BOUGHT, "personal", "3098", False),
        ("2026-04-01", TOY, BOUGHT, "personal", "2980", False),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, border: str, asks: bool
) -> None:
    answer = ask("in", on, line, currency="INR", **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), asks), answer.needs_human


def test_the_law_begins_with_the_surcharge() -> None:
    assert owed(ask("in", "2018-02-02", TOY, currency="INR", **BOUGHT))[2] == 4208


def test_what_is_not_verified_is_said() -> None:
    for on, told in (("2026-03-31", False), ("2026-04-01", True)):
        answer = ask("in", on, TOY, currency="INR", **BOUGHT)
        assert ("budget_2026" in {each.about for each in answer.cautions}) is told
