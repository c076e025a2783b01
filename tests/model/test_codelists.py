from datetime import date

import pytest

from pratique.model.codelists import is_currency


@pytest.mark.parametrize(
    ("code", "on", "in_use"),
    [
        ("EUR", None, True),
        ("BGN", None, False),
        ("BGN", date(2025, 12, 31), True),
        ("BGN", date(2026, 1, 1), False),
        ("HRK", date(2022, 12, 31), True),
        ("HRK", date(2023, 1, 1), False),
        ("ABC", date(2020, 1, 1), False),
    ],
)
def test_a_withdrawn_currency_counts_on_days_it_was_in_use(
    code: str, on: date | None, in_use: bool
) -> None:
    assert is_currency(code, on) is in_use
