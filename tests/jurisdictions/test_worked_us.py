"""United States: examples reckoned by hand from the orders and the fee notices, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

SHIRT = "hs=610910,value={},origin={},duty=16.5%"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
EXPRESS: dict[str, Any] = {"channel": "express"}
FLAT: dict[str, Any] = {"dataset": "FLAT"}
GIFT: dict[str, Any] = {"flow": "c2c"}
CARGO: dict[str, Any] = {"channel": "cargo", "flow": "b2b"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in dollars, unless another currency is named."""
    return sums(ask("us", on, line, currency=more.pop("currency", "USD"), **more))


@pytest.mark.parametrize(
    ("on", "value", "fee"),
    [
        # 0.3464 % between the bounds of the fiscal year, which begins on 1 October
        ("2023-10-01", "9000.00", "31.67"),
        ("2024-10-01", "9000.00", "32.71"),
        ("2024-10-01", "10000.00", "34.64"),
        ("2024-10-01", "200000.00", "634.62"),
        ("2025-09-30", "9000.00", "32.71"),
        ("2025-10-01", "9000.00", "33.58"),
    ],
)
def test_the_processing_fee_of_formal_entries(on: str, value: str, fee: str) -> None:
    line = f"hs=851660,value={value},origin=VN,duty=2.7%"
    answer = ask("us", on, line, currency="USD", **CARGO)
    assert sums(answer)[0].split()[2] == fee
