"""Mexico: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

GOODS = "hs=610910,value={},origin={}"
COURIER: dict[str, Any] = {"channel": "express"}
POST: dict[str, Any] = {"channel": "post"}


@pytest.mark.parametrize(
    ("on", "line", "start", "more", "regime", "border"),
    [
        # 16 % becomes 19 %, 17 % from the T-MEC up to USD 117, 20 % above USD 1,000
        ("2020-06-30", GOODS.format("200.00", "CN"), "CN", COURIER, "courier", "32.00"),
        ("2020-07-01", GOODS.format("200.00", "CN"), "CN", COURIER, "courier", "38.00"),
        ("2020-06-30", GOODS.format("100.00", "US"), "US", COURIER, "courier", "16.00"),
        ("2020-07-01", GOODS.format("100.00", "US"), "US", COURIER, "courier", "17.00"),
        ("2020-06-30", GOODS.format("1500.00", "CN"), "CN", COURIER, "courier", "240.00"),
        ("2020-07-01", GOODS.format("1500.00", "CN"), "CN", COURIER, "courier", "300.00"),
        # the post: USD 300 free becomes USD 50, 16 % becomes 19 %
        ("2020-06-30", GOODS.format("300.00", "CN"), "CN", POST, "post", "0"),
        ("2020-07-01", GOODS.format("300.00", "CN"), "CN", POST, "post", "57.00"),
        ("2020-06-30", GOODS.format("400.00", "CN"), "CN", POST, "post", "64.00"),
        ("2020-07-01", GOODS.format("400.00", "CN"), "CN", POST, "post", "76.00"),
        # USD 50 by courier stays free only under the T-MEC, and 20 % is no more
        ("2024-12-31", GOODS.format("50.00", "CN"), "CN", COURIER, "courier", "0"),
        ("2025-01-01", GOODS.format("50.00", "CN"), "CN", COURIER, "courier", "9.50"),
        ("2024-12-31", GOODS.format("50.00", "US"), "US", COURIER, "courier", "0"),
        ("2025-01-01", GOODS.format("50.00", "US"), "US", COURIER, "courier", "0"),
        ("2024-12-31", GOODS.format("1500.00", "CN"), "CN", COURIER, "courier", "300.00"),
        ("2025-01-01", GOODS.format("1500.00", "CN"), "CN", COURIER, "courier", "285.00"),
        # 33.5 % for all but the T-MEC
        ("2025-08-14", GOODS.format("100.00", "CN"), "CN", COURIER, "courier", "19.00"),
        ("2025-08-15", GOODS.format("100.00", "CN"), "CN", COURIER, "courier", "33.50"),
        ("2025-08-14", GOODS.format("117.01", "US"), "US", COURIER, "courier", "22.23"),
        ("2025-08-15", GOODS.format("117.01", "US"), "US", COURIER, "courier", "22.23"),
        ("2025-08-15", GOODS.format("50.00", "CA"), "CA", COURIER, "courier", "0"),
        # carried on in 2026
        ("2025-12-31", GOODS.format("100.00", "CN"), "CN", COURIER, "courier", "33.50"),
        ("2026-01-01", GOODS.format("100.00", "CN"), "CN", COURIER, "courier", "33.50"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, start: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("mx", on, line, currency="USD", fx={"USD": "1"}, from_=start, **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


def test_from_2026_the_answer_says_that_the_rules_were_not_read() -> None:
    def warned(on: str) -> bool:
        answer = ask(
            "mx", on, GOODS.format("900.00", "CN"), currency="MXN", fx={"USD": "18"}, **COURIER
        )
        return "rules_of_2026" in {each.about for each in answer.cautions}

    assert (warned("2025-12-31"), warned("2026-01-01")) == (False, True)
