"""Indonesia: examples reckoned by hand from the orders and the pages of customs, with the reasoning beside them.

The five sums are duty, tax (VAT and income tax), fees, due at sale, due at the border, in rupiah. One dollar is 16,000
rupiah unless said. Each kind of charge is rounded up to the thousand, and the rounded duty is in the base of VAT.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.evidence import Prior
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, ask, sums
from tests.jurisdictions.test_cases import request_of

TOY = "hs=950300,value={},what=toy"
SHIRT = "hs=610910,value={},what=cotton T-shirt"
BOOK = "hs=490199,value={},what=novel"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
GIFT: dict[str, Any] = {"flow": "c2c"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote of goods in dollars."""
    return sums(ask("id", on, line, currency="USD", fx={"USD": more.pop("rate", "16000")}, **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # 60 dollars with freight are 960,000; 72,000; 1,032,000 x 11 % = 113,520
        ("2025-06-01", TOY.format("50.00"), {"freight": "10"}, "72000.00 114000.00 0.00 0.00 186000.00"),
        ("2025-06-01", TOY.format("50.00"), {"freight": "10", "flow": "b2b"}, "72000.00 114000.00 0.00 0.00 186000.00"),
        ("2025-06-01", TOY.format("50.00"), {"freight": "10", **GIFT}, "72000.00 114000.00 0.00 0.00 186000.00"),
        # a T-shirt: 2,000,000; 25 % = 500,000; 2,500,000 x 11 % and x 5 %
        ("2025-06-01", SHIRT.format("120.00"), {"freight": "5"}, "500000.00 400000.00 0.00 0.00 900000.00"),
        # a watch: 1,600,000; 15 % = 240,000; 1,840,000 x 11 % = 202,400 up to 203,000; x 5 % = 92,000
        ("2025-06-01", "hs=910211,value=100.00", {}, "240000.00 295000.00 0.00 0.00 535000.00"),
        # a bicycle: 16,000,000; 4,000,000; 20,000,000 x 11 % and x 5 %
        ("2025-06-01", "hs=871200,value=1000.00", {}, "4000000.00 3200000.00 0.00 0.00 7200000.00"),
        # screws of steel at 15 %: 160,000; 24,000; 184,000 x 11 % = 20,240; x 5 % = 9,200
        ("2025-06-01", "hs=731815,value=10.00", {}, "24000.00 31000.00 0.00 0.00 55000.00"),
        ("2025-06-01", BOOK.format("30.00"), {"freight": "20"}, NOTHING),
        # up to 3 dollars without freight: VAT only, on 5 dollars = 80,000: 8,800
        ("2025-06-01", TOY.format("3.00"), {"freight": "2"}, "0.00 9000.00 0.00 0.00 9000.00"),
        # one cent more: 80,160 x 7.5 % = 6,012 up to 7,000; 87,160 x 11 % = 9,587.6
        ("2025-06-01", TOY.format("3.01"), {"freight": "2"}, "7000.00 10000.00 0.00 0.00 17000.00"),
        # listed goods as well: 48,000 x 11 % = 5,280
        ("2025-06-01", SHIRT.format("3.00"), {}, "0.00 6000.00 0.00 0.00 6000.00"),
        ("2021-06-01", SHIRT.format("3.00"), {}, "0.00 5000.00 0.00 0.00 5000.00"),
        # two lines of 2 dollars are one parcel of 4: 64,000; 4,800 up to 5,000; 69,000 x 11 % = 7,590
        ("2025-06-01", TOY.format("2.00") + ";" + TOY.format("2.00"), {}, "5000.00 8000.00 0.00 0.00 13000.00"),
        # the limit of the note: 24,000,000; 1,800,000; 25,800,000 x 11 %
        ("2025-06-01", TOY.format("1500.00"), {}, "1800000.00 2838000.00 0.00 0.00 4638000.00"),
        # a book and a toy, no freight: 1,600,000 x 7.5 % = 120,000; VAT on the toy alone: 1,720,000 x 11 % = 189,200
        ("2025-06-01", BOOK.format("50.00") + ";" + TOY.format("100.00"), {}, "120000.00 190000.00 0.00 0.00 310000.00"),
        # a fee of the carrier changes nothing
        ("2025-06-01", TOY.format("50.00"), {"freight": "10", "fee": {"clearance": "25000"}}, "72000.00 114000.00 0.00 0.00 186000.00"),
        # what customs knew as small: 75 dollars without freight in 2019, 50 in 2016
        ("2019-06-01", TOY.format("75.00"), {"freight": "40"}, NOTHING),
        ("2016-06-01", TOY.format("50.00"), {"freight": "40"}, NOTHING),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_hard_case_2_limit_on_price_and_charge_on_cif() -> None:
    # 3 dollars of goods with 50 dollars of freight are free of duty, but VAT is on 53: 848,000 x 11 % = 93,280
    found = reckon("2025-06-01", TOY.format("3.00"), freight="50")
    assert found == ("0.00 94000.00 0.00 0.00 94000.00", False)


def test_hard_case_5_the_excess_until_2017_and_then_the_whole() -> None:
    line = TOY.format("120.00") + ",duty=10%"
    # 120 + 10 - 50 = 80 dollars = 1,040,000; 104,000; 1,144,000 x 10 % = 114,400
    found = reckon("2016-06-01", line, freight="10", rate="13000")
    assert found == ("104000.00 115000.00 0.00 0.00 219000.00", True)
    # 130 dollars = 1,690,000; 7.5 % = 126,750 up to 127,000; 1,817,000 x 10 % = 181,700, and income tax the same
    found = reckon("2017-06-01", line, freight="10", rate="13000")
    assert found == ("127000.00 364000.00 0.00 0.00 491000.00", False)


def test_hard_case_10_rounding_chain() -> None:
    # 283,500 x 7.5 % = 21,262.5 up to 22,000; 305,500 x 10 % = 30,550 up to 31,000
    more = {"freight": "3", "insurance": "1", "rate": "15000"}
    found = reckon("2020-06-01", TOY.format("14.90"), **more)
    assert found == ("22000.00 31000.00 0.00 0.00 53000.00", False)
    # the sum of the parcel is rounded, not each line: 3 x 1,600 x 7.5 % ... 3 lines of 1.10 dollars
    # 17,600 x 7.5 % = 1,320 each, 3,960 together, up to 4,000; 56,800 x 11 % = 6,248
    lines = ";".join([TOY.format("1.10")] * 3)
    assert reckon("2025-06-01", lines) == ("4000.00 7000.00 0.00 0.00 11000.00", False)


def test_hard_case_14_mixed_parcel_line_by_line() -> None:
    # 60 + 40 dollars, freight 10 shared 6 and 4: 1,056,000 at 25 % = 264,000; 704,000 at 7.5 % = 52,800
    # 316,800 up to 317,000; (1,760,000 + 317,000) x 11 % = 228,470 up to 229,000
    # income tax on the T-shirt alone: (1,056,000 + 264,000) x 5 % = 66,000
    lines = SHIRT.format("60.00") + ";" + TOY.format("40.00")
    found = reckon("2025-06-01", lines, freight="10")
    assert found == ("317000.00 295000.00 0.00 0.00 612000.00", False)


def test_hard_case_26_income_tax_collected_at_import() -> None:
    answer = ask("id", "2025-06-01", SHIRT.format("100.00"), currency="USD", fx={"USD": "16000"})
    found = {each.name: each.amount for each in answer.charges}
    assert found == {"customs_duty": 400000, "vat": 220000, "income_tax": 100000}
    toy = ask("id", "2025-06-01", TOY.format("100.00"), currency="USD", fx={"USD": "16000"})
    assert "no income tax" in next(e.because for e in toy.not_due if e.name == "income_tax")


@pytest.mark.parametrize(
    ("on", "line", "more", "says"),
    [
        ("2025-06-01", TOY.format("1500.01") + ",duty=10%", {}, "Income tax at import"),
        ("2025-06-01", TOY.format("1500.01"), {}, "give the rate as duty="),
        (
            "2025-06-01",
            TOY.format("100.00") + ",duty=5%",
            {"channel": "cargo"},
            "additional duties",
        ),
        ("2024-06-01", SHIRT.format("100.00") + ",duty=25%", {}, "Income tax at import"),
        ("2016-06-01", TOY.format("80.00") + ",duty=10%", {}, "Income tax at import"),
        ("2025-06-01", "hs=240220,value=20.00", {}, "Excise goods"),
        ("2025-06-01", "hs=220830,value=2.00", {}, "Excise goods"),
    ],
)
def test_what_a_person_must_settle(on: str, line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("id", on, line, currency="USD", fx={"USD": "16000"}, **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_above_the_note_the_tariff_counts_and_duty_and_vat_stand() -> None:
    # 1500.01 x 16,000 = 24,000,160; 10 % = 2,400,016 up to 2,401,000; 26,401,160 x 11 % = 2,904,127.6
    found = reckon("2025-06-01", TOY.format("1500.01") + ",duty=10%")
    assert found == ("2401000.00 2905000.00 0.00 0.00 5306000.00", True)


@pytest.mark.parametrize(
    ("before", "regime", "warns"),
    [("359999", "low_value", False), ("350001", "consignment_note", False), (None, "low_value", True)],
)  # fmt: skip
def test_in_2019_all_parcels_of_a_day_count(before: str | None, regime: str, warns: bool) -> None:
    # 50 dollars are 700,000; the limit of 75 dollars is 1,050,000
    value = "50.00" if before != "359999" else "49.28"
    case = Case(
        title="asked",
        source="a test",
        on=date(2019, 6, 1),
        currency="USD",
        lines=(TOY.format(value),),
        fx={"USD": "14000"},
        expect=Expectation(),
    )
    prior = Prior(day_value=Decimal(before)) if before else Prior()
    answer = quote(msgspec.structs.replace(request_of("id", case), prior=prior), DESK)
    assert answer.regime == regime
    assert any(each.about == "same_day" for each in answer.cautions) is warns


def test_nothing_is_asked_that_does_not_matter() -> None:
    # no HS code: ordinary goods, and the answer says so
    answer = ask("id", "2025-06-01", "value=50.00", currency="USD", fx={"USD": "16000"})
    assert sums(answer) == ("60000.00 95000.00 0.00 0.00 155000.00", False)
    assert "no_hs_code" in {each.about for each in answer.cautions}
    assert "rounding" in {each.about for each in answer.cautions}


def test_the_limits_need_the_rate_of_the_dollar() -> None:
    asked = ask("id", "2025-06-01", TOY.format("800000"), currency="IDR").needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_hard_case_26_from_2017_to_2019_income_tax_was_due_on_all_goods() -> None:
    # 80 dollars = 1,280,000; 96,000; 1,376,000 x 10 % = 137,600 up to 138,000, twice
    answer = ask("id", "2019-06-01", TOY.format("80.00"), currency="USD", fx={"USD": "16000"})
    found = {each.name: each.amount for each in answer.charges}
    assert found == {"customs_duty": 96000, "vat": 138000, "income_tax": 138000}
    assert "without one it was 20 %" in " ".join(each.because for each in answer.cautions)
