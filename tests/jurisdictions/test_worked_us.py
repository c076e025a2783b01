"""United States: examples reckoned by hand from the orders and the fee notices, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from datetime import date
from typing import Any

import pytest

from pratique.model.evidence import Fixing
from tests.jurisdictions.asked import DESK, ask, sums
from tests.jurisdictions.asked_with import ask_with

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
        ("2012-03-01", "5000.00", "25.00"),
        ("2012-03-01", "200000.00", "485.00"),
        ("2018-10-01", "5000.00", "26.22"),
        ("2023-09-30", "5000.00", "29.66"),
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


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # USD 800 a day were free for every origin; for China and Hong Kong until 1 May 2025
        ("2024-06-01", SHIRT.format("800.00", "CN"), EXPRESS, NOTHING),
        ("2025-05-01", SHIRT.format("800.00", "CN"), EXPRESS, NOTHING),
        ("2025-05-02", SHIRT.format("800.00", "VN"), {}, NOTHING),
        ("2025-05-02", SHIRT.format("100.00", "MO"), {}, NOTHING),
        # above it: 801 x 16.5 % = 132.165
        ("2024-06-01", SHIRT.format("801.00", "IT"), EXPRESS, "132.17 0.00 0.00 0.00 132.17"),
        # goods of China by post: 120 % of the value, freight not counted, or USD 100 an item
        ("2025-05-02", SHIRT.format("100.00", "CN"), {"freight": "30.00"}, "120.00 0.00 0.00 0.00 120.00"),
        ("2025-05-02", SHIRT.format("100.00", "HK"), FLAT, "100.00 0.00 0.00 0.00 100.00"),
        # by courier everything is added up: 16.5 + 7.5 + 20 + 125 = 169 %
        ("2025-05-02", SHIRT.format("100.00", "CN"), EXPRESS, "169.00 0.00 0.00 0.00 169.00"),
        # for all from 29 August 2025: the rate of the country by post ...
        ("2025-08-28", SHIRT.format("800.00", "JP"), {}, NOTHING),
        ("2025-08-29", SHIRT.format("100.00", "JP"), {}, "15.00 0.00 0.00 0.00 15.00"),
        ("2025-08-29", SHIRT.format("100.00", "GB"), {"freight": "50.00"}, "10.00 0.00 0.00 0.00 10.00"),
        ("2025-08-29", SHIRT.format("100.00", "CN"), {}, "30.00 0.00 0.00 0.00 30.00"),
        ("2025-08-29", SHIRT.format("100.00", "BR"), {}, "50.00 0.00 0.00 0.00 50.00"),
        # ... or USD 80 below 16 %, 160 up to 25 %, 200 above
        ("2025-08-29", SHIRT.format("100.00", "JP"), FLAT, "80.00 0.00 0.00 0.00 80.00"),
        ("2025-08-29", SHIRT.format("100.00", "BD"), FLAT, "160.00 0.00 0.00 0.00 160.00"),
        ("2025-08-29", SHIRT.format("100.00", "CN"), FLAT, "200.00 0.00 0.00 0.00 200.00"),
        # gifts of up to USD 100 stayed free
        ("2025-09-15", SHIRT.format("100.00", "DE"), GIFT, NOTHING),
        ("2025-09-15", SHIRT.format("100.01", "DE"), GIFT, "15.00 0.00 0.00 0.00 15.00"),
        # books too
        ("2025-09-15", "hs=490199,value=20.00,origin=GB", {}, NOTHING),
        # the rates of emergency end with 23 February 2026, the surcharge of 10 % lasts to 23 July
        ("2026-02-23", SHIRT.format("100.00", "IN"), {}, "25.00 0.00 0.00 0.00 25.00"),
        ("2026-02-24", SHIRT.format("100.00", "IN"), {}, "10.00 0.00 0.00 0.00 10.00"),
        ("2026-02-24", SHIRT.format("100.00", "IN"), FLAT, "10.00 0.00 0.00 0.00 10.00"),
        ("2026-07-23", SHIRT.format("100.00", "DE"), {}, "10.00 0.00 0.00 0.00 10.00"),
        ("2026-03-01", SHIRT.format("100.00", "DE"), EXPRESS, "26.50 0.00 0.00 0.00 26.50"),
        ("2026-03-01", SHIRT.format("100.00", "CN"), EXPRESS, "34.00 0.00 0.00 0.00 34.00"),
        # goods of Canada that qualify are free of it
        ("2026-03-01", "hs=610910,value=100.00,origin=CA,preference=USMCA", {}, NOTHING),
    ],
)  # fmt: skip
def test_parcels_to_a_consumer(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("on", "line", "more", "says"),
    [
        # what came after the surcharge is not known
        ("2026-07-24", SHIRT.format("100.00", "DE"), {}, "not verified"),
        ("2026-07-24", SHIRT.format("100.00", "DE"), EXPRESS, "not verified"),
        # alcohol has no relief and bears excise
        ("2024-06-01", "hs=220830,value=100.00,origin=GB,duty=0%", {}, "excise"),
        # what is missing is named
        ("2025-09-15", "hs=610910,value=100.00", {}, "the country of dispatch is not declared"),
        ("2025-09-15", "hs=610910,value=100.00,origin=DE", EXPRESS, "give the rate as duty="),
        ("2024-06-01", "hs=610910,value=801.00,origin=IT", EXPRESS, "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(on: str, line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("us", on, line, currency="USD", **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    # within de minimis neither the rate of duty, nor the code, nor the origin changes the answer
    assert reckon("2024-06-01", "value=100.00") == (NOTHING, False)
    assert reckon("2025-09-15", "value=100.00", **GIFT) == (NOTHING, False)


def test_a_foreign_price_needs_its_rate() -> None:
    line = SHIRT.format("700.00", "IT")
    assert reckon("2024-06-01", line, currency="EUR", fx={"EUR": "1.08"}) == (NOTHING, False)
    above = reckon("2024-06-01", line, currency="EUR", fx={"EUR": "1.15"}, **EXPRESS)
    assert above == ("132.83 0.00 0.00 0.00 132.83", False)
    asked = ask("us", "2024-06-01", line, currency="EUR").needs_human
    assert "--fx EUR=RATE" in asked[0].because


def border(on: str, line: str, **more: Any) -> str:
    """What is due at the border, which must need no person."""
    answer = ask("us", on, line, currency="USD", **more)
    assert not answer.needs_human, answer.needs_human
    return f"{answer.total(moment='border'):.2f}"


CHINESE = "hs=610910,value=120.00,qty=1,origin=CN,duty=16.5%,what=cotton T-shirt"


@pytest.mark.parametrize(
    ("on", "due"),
    [
        ("2025-02-03", "0.00"),
        # one day without de minimis: 16.5 % + 7.5 % + 10 % of 120
        ("2025-02-04", "40.80"),
        ("2025-02-05", "0.00"),
        ("2025-03-01", "0.00"),
        ("2025-05-01", "0.00"),
        ("2025-05-02", "144.00"),
        ("2025-08-28", "64.80"),
        ("2025-08-29", "36.00"),
        ("2025-11-10", "24.00"),
        ("2026-02-24", "12.00"),
    ],
)
def test_hard_case_24_a_shirt_of_china_by_post_on_the_days_of_change(on: str, due: str) -> None:
    assert border(on, CHINESE) == due


def test_hard_case_24_the_return_of_de_minimis_was_made_known_two_days_late() -> None:
    for known_on, due in (("2025-02-06", "40.80"), ("2025-02-07", "0.00")):
        answer = ask_with("us", "2025-02-06", CHINESE, currency="USD", known_on=known_on)
        assert f"{answer.total(moment='border'):.2f}" == due


@pytest.mark.parametrize(
    ("on", "due"),
    [
        # ordinary 16.5 %, section 301 7.5 %, China 10 or 20 %, reciprocal 125 or 10 %
        ("2025-05-05", "202.80"),
        ("2025-05-14", "64.80"),
        ("2025-11-10", "52.80"),
        # all of IEEPA gone: 16.5 % + 7.5 % + 10 % of section 122
        ("2026-02-24", "40.80"),
    ],
)
def test_hard_case_20_duties_stack_on_a_shirt_of_china_by_courier(on: str, due: str) -> None:
    assert border(on, CHINESE, channel="express") == due


@pytest.mark.parametrize(
    ("origin", "duty"),
    [
        ("GB", "10.00"), ("FR", "15.00"), ("JP", "15.00"), ("CH", "39.00"), ("IN", "50.00"), ("BR", "50.00"),
        ("CA", "35.00"), ("MX", "25.00"), ("VN", "20.00"), ("KR", "15.00"), ("TH", "19.00"), ("CN", "30.00"),
    ],
)  # fmt: skip
def test_hard_case_13_origin_counts_and_not_the_country_of_dispatch(origin: str, duty: str) -> None:
    line = f"hs=420222,value=100.00,origin={origin},what=bag"
    assert border("2025-09-15", line, from_="GB") == duty
    assert border("2025-09-15", line, from_="HK") == duty


def test_hard_case_12_post_and_courier_pay_other_duties() -> None:
    line = "hs=610910,value=300.00,origin=FR,duty=16.5%,what=cotton T-shirt"
    # by post 15 %; by courier the ordinary duty, which is above 15 % and leaves no reciprocal duty
    assert border("2025-09-15", line) == "45.00"
    assert border("2025-09-15", line, channel="express") == "49.50"
    lower = line.replace("16.5%", "6%")
    assert border("2025-09-15", lower, channel="express") == "45.00"


def test_hard_case_15_gifts_survive() -> None:
    gift = "hs=950300,value={},origin=CN,what=toy"
    assert border("2025-09-15", gift.format("100.00"), flow="c2c") == "0.00"
    assert border("2025-09-15", gift.format("100.01"), flow="c2c") == "30.00"


def test_hard_case_19_goods_under_section_232_ask_a_person() -> None:
    line = "hs=732393,value=300.00,origin=CN,duty=2%,what=steel pots"
    answer = ask("us", "2025-09-15", line, currency="USD", channel="express")
    assert "section_232" in {each.about for each in answer.needs_human}


def test_hard_case_11_the_rate_of_the_quarter_counts() -> None:
    law = DESK.law_in_force("US", date(2025, 3, 1))
    assert law.fixing == Fixing(source="Federal Reserve", rule="quarter")


def test_without_an_origin_the_country_of_dispatch_is_taken_and_said() -> None:
    answer = ask("us", "2025-09-15", "hs=950300,value=100.00", currency="USD", from_="GB")
    assert sums(answer) == ("10.00 0.00 0.00 0.00 10.00", False)
    assert "origin_taken" in {each.about for each in answer.cautions}


@pytest.mark.parametrize(
    ("on", "line", "due"),
    [
        # smartphones and computers are outside the reciprocal duty, not outside that on China
        ("2025-04-20", "hs=851713,value=1000.00,origin=CN,duty=0%", "200.00"),
        ("2025-09-15", "hs=847130,value=1000.00,origin=VN,duty=0%", "0.00"),
        ("2025-04-04", "hs=847130,value=1000.00,origin=VN,duty=0%", "0.00"),
        # without a code: the ordinary duty and the country's
        ("2025-09-15", "value=100.00,origin=GB,duty=3%,what=thing", "13.00"),
    ],
)
def test_what_a_code_decides(on: str, line: str, due: str) -> None:
    assert border(on, line, channel="express") == due


@pytest.mark.parametrize(
    ("code", "rate"),
    [("6109901065", "7.5"), ("61099015", "7.5"), ("6403996060", "7.5"), ("610910", "7.5"), ("420222", "25")],
)  # fmt: skip
def test_hard_case_20_eight_digits_settle_what_six_leave_open(code: str, rate: str) -> None:
    line = f"hs={code},value=1000.00,origin=CN,duty=10%"
    # 10 % and section 301, before the duties of 2025
    assert border("2024-12-02", line, channel="express") == f"{100 + 10 * float(rate):.2f}"


def test_hard_case_20_six_digits_ask_where_the_lists_differ() -> None:
    line = "hs=610990,value=1000.00,origin=CN,duty=10%"
    answer = ask("us", "2024-12-02", line, currency="USD", channel="express")
    assert "section_301_duty" in {each.about for each in answer.needs_human}
