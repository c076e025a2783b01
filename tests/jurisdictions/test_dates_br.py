"""Brazil: the day before and the day of every change."""

from datetime import date
from typing import Any

import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},what=cotton T-shirt"
CERTIFIED: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}
NOTHING = "0.00 0.00 0.00 0.00 0.00"


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted", "asks"),
    [
        # ICMS of the states becomes 17 % for parcels: before, a person must settle it
        ("2023-06-25", SHIRT.format("50.00"), {}, "150.00 0.00 0.00 0.00 150.00", True),
        ("2023-06-26", SHIRT.format("50.00"), {}, "150.00 81.93 0.00 0.00 231.93", False),
        # Remessa Conforme starts: up to USD 50 no import tax, ICMS at sale
        ("2023-07-31", SHIRT.format("50.00"), CERTIFIED, "150.00 81.93 0.00 0.00 231.93", False),
        ("2023-08-01", SHIRT.format("50.00"), CERTIFIED, "0.00 51.20 0.00 51.20 0.00", False),
        ("2023-08-01", SHIRT.format("60.00"), CERTIFIED, "180.00 98.31 0.00 278.31 0.00", False),
        # 20 %, and 60 % less USD 20
        ("2024-07-31", SHIRT.format("50.00"), CERTIFIED, "0.00 51.20 0.00 51.20 0.00", False),
        ("2024-08-01", SHIRT.format("50.00"), CERTIFIED, "50.00 61.45 0.00 111.45 0.00", False),
        ("2024-07-31", SHIRT.format("60.00"), CERTIFIED, "180.00 98.31 0.00 278.31 0.00", False),
        ("2024-08-01", SHIRT.format("60.00"), CERTIFIED, "80.00 77.83 0.00 157.83 0.00", False),
        # gifts by post lose their exemption on the same day
        ("2024-07-31", SHIRT.format("50.00"), GIFT, NOTHING, False),
        ("2024-08-01", SHIRT.format("50.00"), GIFT, "150.00 81.93 0.00 0.00 231.93", False),
        # medicines of more than USD 3,000
        ("2024-07-31", "hs=300490,value=5000.00", {}, NOTHING, True),
        ("2024-08-01", "hs=300490,value=5000.00", {}, "0.00 5120.48 0.00 0.00 5120.48", False),
        # nine states raise ICMS to 20 %
        ("2025-03-31", SHIRT.format("100.00"), {**CERTIFIED, "subdivision": "BA"}, "200.00 143.37 0.00 343.37 0.00", False),
        ("2025-04-01", SHIRT.format("100.00"), {**CERTIFIED, "subdivision": "BA"}, "200.00 175.00 0.00 375.00 0.00", False),
        # no import tax again up to USD 50, and 60 % less USD 30
        ("2026-05-11", SHIRT.format("50.00"), CERTIFIED, "50.00 61.45 0.00 111.45 0.00", False),
        ("2026-05-12", SHIRT.format("50.00"), CERTIFIED, "0.00 51.20 0.00 51.20 0.00", False),
        ("2026-05-11", SHIRT.format("100.00"), CERTIFIED, "200.00 143.37 0.00 343.37 0.00", False),
        ("2026-05-12", SHIRT.format("100.00"), CERTIFIED, "150.00 133.13 0.00 283.13 0.00", False),
    ],
)  # fmt: skip
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], wanted: str, asks: bool
) -> None:
    answer = ask("br", on, line, currency="USD", fx={"USD": "5.00"}, **more)
    assert sums(answer) == (wanted, asks), answer.needs_human


@pytest.mark.parametrize(
    ("known_on", "wanted"),
    [
        ("2023-06-29", "150.00 81.93 0.00 0.00 231.93"),  # the programme was not announced
        ("2024-06-27", "0.00 51.20 0.00 51.20 0.00"),  # the act of 2024 was not published
        ("2024-06-28", "50.00 61.45 0.00 111.45 0.00"),
    ],
)
def test_september_2024_as_it_was_known(known_on: str, wanted: str) -> None:
    case = Case(
        title="asked",
        source="a test",
        on=date(2024, 9, 1),
        currency="USD",
        lines=(SHIRT.format("50.00"),),
        fx={"USD": "5.00"},
        scheme_number=True,
        expect=Expectation(),
    )
    desk = Desk(known_on=date.fromisoformat(known_on))
    assert sums(quote(request_of("br", case), desk)) == (wanted, False)


def test_the_file_begins_in_1999_with_60_percent_and_a_question_about_icms() -> None:
    answer = ask("br", "1999-06-25", SHIRT.format("40.00"), currency="USD", fx={"USD": "1.75"})
    # 40 x 1.75 = 70; 60 % of it
    assert sums(answer) == ("42.00 0.00 0.00 0.00 42.00", True)


@pytest.mark.parametrize(
    ("known_on", "state", "tax"),
    [
        # 100 reais, 20 % and 20 % inside: 120 x 20 / 80 = 30; at 17 %: 120 x 17 / 83 = 24.58
        ("2024-12-09", "BA", "24.58"),
        ("2024-12-10", "BA", "30.00"),
        ("2025-03-31", "MG", "30.00"),
        # Minas Gerais withdrew on the day itself, the others did not
        ("2025-04-01", "MG", "24.58"),
        ("2025-04-01", "BA", "30.00"),
        (None, "MG", "24.58"),
        (None, "SP", "24.58"),
    ],
)
def test_hard_case_24_a_state_withdraws_on_the_day(
    known_on: str | None, state: str, tax: str
) -> None:
    case = Case(
        title="asked",
        source="a test",
        on=date(2025, 6, 1),
        currency="BRL",
        lines=(SHIRT.format("100.00"),),
        fx={"USD": "5.70"},
        scheme_number=True,
        subdivision=state,
        expect=Expectation(),
    )
    desk = Desk(known_on=date.fromisoformat(known_on) if known_on else None)
    assert f"{quote(request_of('br', case), desk).total('tax'):.2f}" == tax
