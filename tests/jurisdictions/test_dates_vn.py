"""Viet Nam: the day before and the day of every change."""

from datetime import date
from decimal import Decimal

import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.asked import ask, owed
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},origin=CN,duty=20%"
LAPTOP = "hs=847130,value={},origin=CN,duty=0%"
CREAM = "hs=330499,value={},origin=FR,duty=20%"
STEEL = "hs=732393,value={},origin=CN,duty=20%"


@pytest.mark.parametrize(
    ("on", "line", "duty", "tax"),
    [
        # VAT of 8 % and back: 400,000 of duty; on 2,400,000
        ("2022-01-31", SHIRT.format("2000000"), "400000", "240000"),
        ("2022-02-01", SHIRT.format("2000000"), "400000", "192000"),
        ("2022-12-31", SHIRT.format("2000000"), "400000", "192000"),
        ("2023-01-01", SHIRT.format("2000000"), "400000", "240000"),
        ("2023-06-30", SHIRT.format("2000000"), "400000", "240000"),
        ("2023-07-01", SHIRT.format("2000000"), "400000", "192000"),
        # prolonged each half year
        ("2024-01-01", SHIRT.format("2000000"), "400000", "192000"),
        ("2024-07-01", SHIRT.format("2000000"), "400000", "192000"),
        ("2025-01-01", SHIRT.format("2000000"), "400000", "192000"),
        ("2026-12-31", SHIRT.format("2000000"), "400000", "192000"),
        ("2027-01-01", SHIRT.format("2000000"), "400000", "240000"),
        # goods outside the reduction; from July 2025 computers and cosmetics are in it, metal ware is not
        ("2025-06-30", LAPTOP.format("10000000"), "0", "1000000"),
        ("2025-07-01", LAPTOP.format("10000000"), "0", "800000"),
        ("2025-06-30", CREAM.format("2000000"), "400000", "240000"),
        ("2025-07-01", CREAM.format("2000000"), "400000", "192000"),
        ("2025-07-01", STEEL.format("2000000"), "400000", "240000"),
        # express goods up to VND 1,000,000 lose the relief from VAT
        ("2025-02-17", SHIRT.format("1000000"), "0", "0"),
        ("2025-02-18", SHIRT.format("1000000"), "0", "80000"),
        ("2025-02-17", SHIRT.format("1000001"), "200000", "96000"),
        ("2025-02-18", SHIRT.format("1000001"), "200000", "96000"),
    ],
)
def test_the_law_of_the_day_applies(on: str, line: str, duty: str, tax: str) -> None:
    answer = ask("vn", on, line, currency="VND", channel="express")
    wanted = ("express", Decimal(0), Decimal(duty) + Decimal(tax), False)
    assert owed(answer) == wanted, answer.needs_human
    assert (answer.total("duty"), answer.total("tax")) == (Decimal(duty), Decimal(tax))


def test_the_contradiction_is_said_since_the_reform() -> None:
    for on, told in (("2025-02-17", False), ("2025-02-18", True)):
        answer = ask("vn", on, SHIRT.format("900000"), currency="VND", channel="express")
        assert ("duty_relief" in {each.about for each in answer.cautions}) is told


@pytest.mark.parametrize(
    ("on", "known_on", "tax"),
    [
        # Decree 44/2023 is of 30 June 2023, Decree 174/2025 of 30 June 2025
        ("2023-07-01", "2023-06-29", "240000"),
        ("2023-07-01", "2023-06-30", "192000"),
        ("2027-01-01", "2025-06-30", "240000"),
    ],
)
def test_hard_case_24_what_was_known_before(on: str, known_on: str, tax: str) -> None:
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency="VND",
        lines=(SHIRT.format("2000000"),),
        channel="express",
        expect=Expectation(),
    )
    answer = quote(request_of("vn", case), Desk(known_on=date.fromisoformat(known_on)))
    assert answer.total("tax") == Decimal(tax)
