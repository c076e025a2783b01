"""Great Britain: examples reckoned by hand from HMRC's notices, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

SHIRT = "hs=610910,value={},origin=CN,what=cotton T-shirt"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
GIFT: dict[str, Any] = {"flow": "c2c"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in pounds, unless another currency is named."""
    return sums(ask("gb", on, line, currency=more.pop("currency", "GBP"), **more))


def gifts(*values: str) -> str:
    """One line for each value."""
    return ";".join(SHIRT.format(value) for value in values)


@pytest.mark.parametrize(
    ("on", "value", "wanted"),
    [
        ("2012-12-31", "40.00", NOTHING),
        ("2013-01-01", "36.00", NOTHING),
        ("2013-01-01", "36.01", "0.00 7.20 0.00 0.00 7.20"),
        ("2015-12-31", "36.00", NOTHING),
        ("2016-01-01", "34.00", NOTHING),
        ("2016-01-01", "34.01", "0.00 6.80 0.00 0.00 6.80"),
        ("2016-12-31", "34.01", "0.00 6.80 0.00 0.00 6.80"),
        ("2017-01-01", "39.00", NOTHING),
        ("2025-03-01", "39.00", NOTHING),
        ("2025-03-01", "39.01", "0.00 7.80 0.00 0.00 7.80"),
    ],
)
def test_the_limit_for_gifts_follows_the_euro(on: str, value: str, wanted: str) -> None:
    assert reckon(on, gifts(value), **GIFT) == (wanted, False)
