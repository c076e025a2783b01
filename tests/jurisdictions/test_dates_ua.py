"""Ukraine: the day before and the day of every change. Amounts are in euro, at a rate of one."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed
from tests.jurisdictions.asked_with import ask_with

GOODS = "hs=610910,value={},origin=CN"
EURO: dict[str, Any] = {"currency": "EUR", "fx": {"EUR": "1"}}


@pytest.mark.parametrize(
    ("on", "value", "border"),
    [
        # VAT above EUR 150, then above EUR 100
        ("2019-06-30", "150.00", "0"),
        ("2019-07-01", "150.00", "10.00"),
        # 170: duty 2, VAT 20 % of 22, then of 72
        ("2019-06-30", "170.00", "6.40"),
        ("2019-07-01", "170.00", "16.40"),
        ("2019-07-01", "100.00", "0"),
        ("2022-03-31", "150.00", "10.00"),
        # after the spring of 2022, above EUR 150 again
        ("2022-07-01", "150.00", "0"),
        ("2022-07-01", "170.00", "6.40"),
        ("2026-04-05", "170.00", "6.40"),
        ("2026-04-06", "170.00", "6.40"),
    ],
)
def test_the_law_of_the_day_applies(on: str, value: str, border: str) -> None:
    answer = ask("ua", on, GOODS.format(value), **EURO)
    assert owed(answer) == ("parcel", Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("on", "value", "border", "asks"),
    [
        ("2022-03-31", "130.00", "6.00", False),
        ("2022-04-01", "130.00", "6.00", True),
        # EUR 100 become 150
        ("2022-04-30", "130.00", "6.00", True),
        ("2022-05-01", "130.00", "0.00", True),
        ("2022-06-30", "130.00", "0.00", True),
        ("2022-07-01", "130.00", "0.00", False),
        ("2022-04-01", "100.00", "0.00", False),
    ],
)
def test_in_the_spring_of_2022_a_person_must_look(
    on: str, value: str, border: str, asks: bool
) -> None:
    answer = ask("ua", on, GOODS.format(value), **EURO)
    assert (f"{answer.total():.2f}", bool(answer.needs_human)) == (border, asks)


def test_from_april_2026_the_answer_names_the_bill() -> None:
    def warned(on: str) -> bool:
        answer = ask("ua", on, GOODS.format("90.00"), **EURO)
        return "bill_of_2026" in {each.about for each in answer.cautions}

    assert (warned("2026-04-05"), warned("2026-04-06")) == (False, True)


def test_the_limit_of_100_was_known_since_december_2018() -> None:
    for known_on, total in (("2018-12-09", "0.00"), ("2018-12-10", "10.00")):
        answer = ask_with("ua", "2019-08-01", GOODS.format("150.00"), known_on=known_on, **EURO)
        assert f"{answer.total():.2f}" == total
