"""Thailand: the day before and the day of every change, and what was known before it was made."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.asked import ask, owed
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},origin=CN,duty=30%"


@pytest.mark.parametrize(
    ("on", "value", "duty", "tax"),
    [
        # THB 1,000 becomes 1,500: 1,200 x 30 %; 7 % of 1,560
        ("2018-07-30", "1000.00", "0", "0"),
        ("2018-07-30", "1200.00", "360.00", "109.20"),
        ("2018-07-31", "1200.00", "0", "0"),
        ("2018-07-31", "1500.00", "0", "0"),
        # VAT from the first baht, duty still from THB 1,501: 450.30; 7 % of 1,951.30
        ("2024-07-04", "1500.00", "0", "0"),
        ("2024-07-05", "1500.00", "0", "105.00"),
        ("2024-07-05", "1501.00", "450.30", "136.59"),
        ("2024-07-05", "1.00", "0", "0"),
        ("2024-07-05", "1.01", "0", "0.07"),
        # the measure was extended for 2025
        ("2024-12-31", "1500.00", "0", "105.00"),
        ("2025-01-01", "1500.00", "0", "105.00"),
        # duty from the first baht too: 450; 7 % of 1,950
        ("2025-12-31", "1500.00", "0", "105.00"),
        ("2026-01-01", "1500.00", "450.00", "136.50"),
        ("2026-01-01", "1.00", "0", "0"),
        ("2026-01-01", "1.01", "0.30", "0.09"),
    ],
)
def test_the_law_of_the_day_applies(on: str, value: str, duty: str, tax: str) -> None:
    answer = ask("th", on, SHIRT.format(value), currency="THB")
    wanted = ("standard", Decimal(0), Decimal(duty) + Decimal(tax), False)
    assert owed(answer) == wanted, answer.needs_human
    assert (answer.total("duty"), answer.total("tax")) == (Decimal(duty), Decimal(tax))


@pytest.mark.parametrize(
    ("on", "known_on", "tax"),
    [
        # announced on 20 June 2024 for 5 July
        ("2024-07-05", "2024-06-19", "0"),
        ("2024-07-05", "2024-06-20", "105.00"),
        # to the end of 2024, until the extension of 25 December
        ("2025-01-01", "2024-12-24", "0"),
        ("2025-01-01", "2024-12-25", "105.00"),
        # then to the end of 2025, until announcement 219/2568 of 11 December
        ("2026-01-01", "2025-12-10", "0"),
        ("2026-01-01", "2025-12-11", "136.50"),
    ],
)
def test_hard_case_24_a_measure_for_a_time_and_its_extensions(
    on: str, known_on: str, tax: str
) -> None:
    case: dict[str, Any] = {"title": "asked", "source": "a test", "currency": "THB"}
    request = request_of(
        "th",
        Case(
            on=date.fromisoformat(on),
            lines=(SHIRT.format("1500.00"),),
            expect=Expectation(),
            **case,
        ),
    )
    answer = quote(request, Desk(known_on=date.fromisoformat(known_on)))
    assert answer.total("tax") == Decimal(tax)
