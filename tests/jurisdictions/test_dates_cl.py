"""Chile: the day before and the day of every change."""

from datetime import date
from typing import Any

import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},what=cotton T-shirt"
REGISTERED: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}
NOTHING = "0.00 0.00 0.00 0.00 0.00"


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # USD 30 becomes USD 41: 35 dollars are 33,250 pesos; 1,995; 35,245 x 19 % = 6,696.55
        ("2023-04-30", SHIRT.format("35.00"), {}, "1995.00 6697.00 0.00 0.00 8692.00"),
        ("2023-05-01", SHIRT.format("35.00"), {}, NOTHING),
        ("2023-04-30", SHIRT.format("30.00"), {}, NOTHING),
        # the end of USD 41 and VAT at sale
        ("2025-10-24", SHIRT.format("41.00"), {}, NOTHING),
        ("2025-10-25", SHIRT.format("41.00"), {}, "2337.00 7845.00 0.00 0.00 10182.00"),
        ("2025-10-24", SHIRT.format("41.00"), REGISTERED, NOTHING),
        ("2025-10-25", SHIRT.format("41.00"), REGISTERED, "0.00 7401.00 0.00 7401.00 0.00"),
        ("2025-10-24", SHIRT.format("100.00"), REGISTERED, "5700.00 19133.00 0.00 0.00 24833.00"),
        ("2025-10-25", SHIRT.format("100.00"), REGISTERED, "0.00 18050.00 0.00 18050.00 0.00"),
        ("2025-10-24", SHIRT.format("40.00"), GIFT, NOTHING),
        ("2025-10-25", SHIRT.format("40.00"), GIFT, "2280.00 7653.00 0.00 0.00 9933.00"),
        # businesses notice nothing
        ("2025-10-24", SHIRT.format("30.00"), {"flow": "b2b"}, "1710.00 5740.00 0.00 0.00 7450.00"),
        ("2025-10-25", SHIRT.format("30.00"), {"flow": "b2b"}, "1710.00 5740.00 0.00 0.00 7450.00"),
    ],
)  # fmt: skip
def test_the_law_of_the_day_applies(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    answer = ask("cl", on, line, currency="USD", fx={"USD": "950"}, **more)
    assert sums(answer) == (wanted, False), answer.needs_human


@pytest.mark.parametrize(
    ("known_on", "wanted"),
    [
        ("2024-10-23", "5700.00 19133.00 0.00 0.00 24833.00"),
        ("2024-10-24", "0.00 18050.00 0.00 18050.00 0.00"),
    ],
)
def test_december_2025_as_it_was_known(known_on: str, wanted: str) -> None:
    case = Case(
        title="asked",
        source="a test",
        on=date(2025, 12, 1),
        currency="USD",
        lines=(SHIRT.format("100.00"),),
        fx={"USD": "950"},
        scheme_number=True,
        expect=Expectation(),
    )
    desk = Desk(known_on=date.fromisoformat(known_on))
    assert sums(quote(request_of("cl", case), desk)) == (wanted, False)


def test_the_warning_about_the_day_of_sale_ends() -> None:
    for on, warns in (("2025-10-24", False), ("2025-10-25", True), ("2026-05-01", False)):
        answer = ask("cl", on, SHIRT.format("60.00"), currency="USD", fx={"USD": "950"})
        assert any(each.about == "day_of_sale" for each in answer.cautions) is warns, on
