"""Brazil: examples reckoned by hand from the orders and conventions, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border, in reais. One dollar is five reais unless said.
ICMS is inside its own base: (value + import tax) x 17 / 83.
"""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.evidence import Prior
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, ask, sums
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},what=cotton T-shirt"
BOOK = "hs=490199,value={},what=novel"
MEDICINE = "hs=300490,value={},what=medicine"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
CERTIFIED: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote of goods in dollars."""
    return sums(ask("br", on, line, currency="USD", fx={"USD": more.pop("rate", "5.00")}, **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # 40 + 10 = 50 dollars = 250; 20 % = 50; 300 x 17/83 = 61.4458
        ("2025-06-01", SHIRT.format("40.00"), {**CERTIFIED, "freight": "10"}, "50.00 61.45 0.00 111.45 0.00"),
        # one cent of freight more: 250.05 x 60 % = 150.03, less 100; 300.08 x 17/83 = 61.4622
        ("2025-06-01", SHIRT.format("40.00"), {**CERTIFIED, "freight": "10.01"}, "50.03 61.46 0.00 111.49 0.00"),
        # insurance counts as well: 45 + 3 + 2 = 50
        ("2025-06-01", SHIRT.format("45.00"), {**CERTIFIED, "freight": "3", "insurance": "2"}, "50.00 61.45 0.00 111.45 0.00"),
        # 500 x 60 % = 300, less 100; 700 x 17/83 = 143.3735
        ("2025-06-01", SHIRT.format("100.00"), CERTIFIED, "200.00 143.37 0.00 343.37 0.00"),
        # two lines are one parcel: 30 + 30 = 60 dollars = 300; 180 - 100 = 80; 380 x 17/83 = 77.8313
        ("2025-06-01", SHIRT.format("30.00") + ";" + SHIRT.format("30.00"), CERTIFIED, "80.00 77.83 0.00 157.83 0.00"),
        # an odd exchange rate: 50 x 5.4321 = 271.605, still at the limit; 54.321; 325.925 x 17/83 = 66.7557
        ("2025-06-01", SHIRT.format("50.00"), {**CERTIFIED, "rate": "5.4321"}, "54.32 66.76 0.00 121.08 0.00"),
        # 10.10 + 20.00 + 19.90 are 50 dollars whatever is rounded on the way: 260.025; 52.005; 312.035 x 17/83
        ("2025-06-01", ";".join(map(SHIRT.format, ("10.10", "20.00", "19.90"))), {**CERTIFIED, "rate": "5.2005"}, "52.01 63.91 0.00 115.92 0.00"),
        # a seller without certificate: 200 x 60 % = 120; 320 x 17/83 = 65.5422; a business pays the same
        ("2025-06-01", SHIRT.format("40.00"), {}, "120.00 65.54 0.00 0.00 185.54"),
        ("2025-06-01", SHIRT.format("40.00"), {"channel": "express"}, "120.00 65.54 0.00 0.00 185.54"),
        ("2025-06-01", SHIRT.format("40.00"), {**CERTIFIED, "flow": "b2b"}, "120.00 65.54 0.00 0.00 185.54"),
        # gifts: free up to 50 dollars by post until July 2024, freight counted; never by express
        ("2024-07-31", SHIRT.format("45.00"), {**GIFT, "freight": "5"}, NOTHING),
        ("2024-07-31", SHIRT.format("45.00"), {**GIFT, "freight": "6"}, "153.00 83.57 0.00 0.00 236.57"),
        ("2024-07-31", SHIRT.format("50.00"), {**GIFT, "channel": "express"}, "150.00 81.93 0.00 0.00 231.93"),
        ("2022-03-01", SHIRT.format("50.00"), GIFT, NOTHING),
        # a gift is no certified sale, whatever number is given
        ("2025-06-01", SHIRT.format("50.00"), {**GIFT, **CERTIFIED}, "150.00 81.93 0.00 0.00 231.93"),
        # books pay nothing, but their value counts for the band: 70 dollars; 200 x 60 % - 100 = 20; 220 x 17/83
        ("2025-06-01", BOOK.format("30.00"), CERTIFIED, NOTHING),
        ("2025-06-01", BOOK.format("30.00"), {}, NOTHING),
        ("2025-06-01", BOOK.format("30.00") + ";" + SHIRT.format("40.00"), CERTIFIED, "20.00 45.06 0.00 65.06 0.00"),
        # medicines for a person: no import tax; 1000 x 17/83 = 204.8193; for a business 60 %: 1600 x 17/83
        ("2025-06-01", MEDICINE.format("200.00"), {}, "0.00 204.82 0.00 0.00 204.82"),
        ("2025-06-01", MEDICINE.format("200.00"), {"flow": "b2b"}, "600.00 327.71 0.00 0.00 927.71"),
        # 15000 x 60 % = 9000; 24000 x 17/83 = 4915.6627
        ("2025-06-01", SHIRT.format("3000.00"), {}, "9000.00 4915.66 0.00 0.00 13915.66"),
        # a state with 20 %: 320 x 20/80 = 80
        ("2025-06-01", SHIRT.format("40.00"), {"subdivision": "BA"}, "120.00 80.00 0.00 0.00 200.00"),
        # 2026: 250 x 17/83 = 51.2048; 500 x 60 % - 150 = 150; 650 x 17/83 = 133.1325; 250.05 x 60 % - 150 = 0.03
        ("2026-09-01", SHIRT.format("50.00"), CERTIFIED, "0.00 51.20 0.00 51.20 0.00"),
        ("2026-09-01", SHIRT.format("100.00"), CERTIFIED, "150.00 133.13 0.00 283.13 0.00"),
        ("2026-09-01", SHIRT.format("50.01"), CERTIFIED, "0.03 51.22 0.00 51.25 0.00"),
        ("2026-09-01", SHIRT.format("40.00"), {}, "120.00 65.54 0.00 0.00 185.54"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_hard_case_7_tax_inside_its_own_base() -> None:
    # 100 reais; 20 % = 20; of 120 / 0.83 = 144.58 the tax is 17 %: 24.58, and not 17 % of 120
    answer = ask(
        "br", "2025-06-01", SHIRT.format("100.00"), currency="BRL", fx={"USD": "5"}, **CERTIFIED
    )
    assert sums(answer) == ("20.00 24.58 0.00 44.58 0.00", False)
    price = Decimal("100") + answer.total()
    assert (price * Decimal("0.17")).quantize(Decimal("0.01")) == answer.total("tax")


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220421,value=40.00", CERTIFIED, "Alcoholic beverages"),
        ("hs=240220,value=40.00", GIFT, "tobacco"),
        (SHIRT.format("3000.01"), {}, "ordinary import"),
        (SHIRT.format("40.00"), {"channel": "cargo"}, "ordinary import"),
        (MEDICINE.format("10000.01"), {}, "ordinary import"),
        (SHIRT.format("3000.01"), CERTIFIED, "ordinary import"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("br", "2025-06-01", line, currency="USD", fx={"USD": "5"}, **more)
    assert says in " ".join(each.because for each in answer.needs_human)
    assert answer.total() == 0


def test_limits_in_dollars_need_the_rate_of_the_dollar() -> None:
    asked = ask("br", "2025-06-01", SHIRT.format("100.00"), currency="BRL").needs_human
    assert "--fx USD=RATE" in asked[0].because


@pytest.mark.parametrize(
    ("before", "asks", "warns"),
    [("749999", True, False), ("100000", False, False), (None, False, True)],
)
def test_a_company_has_150000_dollars_a_year(before: str | None, asks: bool, warns: bool) -> None:
    case = Case(
        title="asked",
        source="a test",
        on=ask("br", "2025-06-01", SHIRT.format("1.00"), currency="USD", fx={"USD": "5"}).on,
        currency="USD",
        lines=(SHIRT.format("40.00"),),
        fx={"USD": "5"},
        flow="b2b",
        expect=Expectation(),
    )
    prior = Prior(year_value=Decimal(before)) if before else Prior()
    answer = quote(msgspec.structs.replace(request_of("br", case), prior=prior), DESK)
    assert bool(answer.needs_human) is asks
    assert any(each.about == "company_limit" for each in answer.cautions) is warns


def test_the_answer_says_what_it_assumes() -> None:
    def about(on: str, line: str, **more: Any) -> set[str]:
        answer = ask("br", on, line, currency="USD", fx={"USD": "5"}, **more)
        return {each.about for each in answer.cautions}

    assert "icms_of_the_state" in about("2025-06-01", SHIRT.format("40.00"))
    assert "icms_of_the_state" not in about("2025-03-31", SHIRT.format("40.00"))
    assert "icms_of_the_state" not in about("2025-06-01", SHIRT.format("40.00"), subdivision="BA")
    assert "not_certified" in about("2025-06-01", SHIRT.format("40.00"))
    assert "gift" in about("2025-06-01", SHIRT.format("40.00"), flow="c2c")
    assert "declared_day" in about("2024-07-30", SHIRT.format("40.00"), scheme_number=True)
    assert "medicines" in about("2025-06-01", MEDICINE.format("40.00"))
    assert "change_of_2026" in about("2026-09-01", SHIRT.format("40.00"), scheme_number=True)
    assert "new_taxes" in about("2026-09-01", SHIRT.format("40.00"), scheme_number=True)


def test_an_ordinary_import_shows_the_duty_that_is_certain() -> None:
    # 1,100 dollars with freight are 5,500 reais; 16 % of it; the other taxes are for a person
    line = "hs=847130,value=1000.00,duty=16%"
    found = reckon("2025-03-01", line, freight="100", channel="cargo", flow="b2b")
    assert found == ("880.00 0.00 0.00 0.00 880.00", True)
    # wine of 40 dollars: 200 x 20 %
    found = reckon("2025-03-01", "hs=220421,value=40.00,duty=20%", **CERTIFIED)
    assert found == ("40.00 0.00 0.00 0.00 40.00", True)
