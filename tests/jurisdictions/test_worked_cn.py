"""China: examples reckoned by hand from the notices and the answers of customs, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.evidence import Prior
from pratique.model.outcomes import Assessment
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, ask, sums
from tests.jurisdictions.asked_with import ask_with
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},origin=VN,what=cotton T-shirt"
FOOD = "hs=210690,value={},origin=DE,what=food supplement"
CREAM = "hs=330499,value={},origin=FR,weight_kg=0.05,what=skin cream"
WATCH = "hs=910211,value={},qty=1,origin=CH,duty=10%,what=wrist watch"
WINE = "hs=220421,value={},origin=FR,duty=14%,what=red wine"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
CBEC: dict[str, Any] = {"scheme_number": True}
FIRM: dict[str, Any] = {"flow": "b2b", "channel": "cargo"}
POST: dict[str, Any] = {"from_": "US"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in yuan, unless another currency is named."""
    return sums(ask("cn", on, line, currency=more.pop("currency", "CNY"), **more))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # (500 + 20) x 13 % x 70 % = 47.32: freight is in the value
        (SHIRT.format("500.00"), {**CBEC, "freight": "20"}, "0.00 47.32 0.00 47.32 0.00"),
        # small tax is not left away in e-commerce: 50 x 9.1 % = 4.55
        (SHIRT.format("50.00"), CBEC, "0.00 4.55 0.00 4.55 0.00"),
        # 8 a gram: no consumption tax; 400 x 9.1 %
        (CREAM.format("400.00"), CBEC, "0.00 36.40 0.00 36.40 0.00"),
        # 10 a gram: 500 / 0.85 x 15 % x 70 % = 61.76; 500 / 0.85 x 13 % x 70 % = 53.53
        (CREAM.format("500.00"), CBEC, "0.00 115.29 0.00 115.29 0.00"),
        # wine: 300 / 0.9 x 10 % x 70 % = 23.33; 300 / 0.9 x 13 % x 70 % = 30.33
        (WINE.format("300.00"), CBEC, "0.00 53.66 0.00 53.66 0.00"),
        # books at the reduced rate: 100 x 9 % x 70 %
        ("hs=490199,value=100.00", CBEC, "0.00 6.30 0.00 6.30 0.00"),
        # exactly the limit of one transaction, freight counted: 5000 x 9.1 %
        (SHIRT.format("4950.00"), {**CBEC, "freight": "50"}, "0.00 455.00 0.00 455.00 0.00"),
        # one watch of 12,000: duty 1200; 13200 / 0.8 x 20 % = 3300; 13200 / 0.8 x 13 % = 2145
        (WATCH.format("12000.00"), CBEC, "1200.00 5445.00 0.00 6645.00 0.00"),
        # one watch of 6,000 is no high-end watch: duty 600, 6600 x 13 % = 858
        (WATCH.format("6000.00"), CBEC, "600.00 858.00 0.00 1458.00 0.00"),
        # two articles above the limit: general trade, 6000 x 10 % = 600, 6600 x 13 % = 858
        (SHIRT.format("6000.00,qty=2,duty=10%"), CBEC, "600.00 858.00 0.00 0.00 1458.00"),
        # clothes 20 %: 300 x 20 % = 60; freight does not count
        (SHIRT.format("300.00"), {**POST, "freight": "80"}, "0.00 60.00 0.00 0.00 60.00"),
        # the same by express, and as a gift
        (SHIRT.format("300.00"), {**POST, "channel": "express"}, "0.00 60.00 0.00 0.00 60.00"),
        (SHIRT.format("300.00"), {**POST, "flow": "c2c"}, "0.00 60.00 0.00 0.00 60.00"),
        # food 13 %: 390 x 13 % = 50.70
        (FOOD.format("390.00"), POST, "0.00 50.70 0.00 0.00 50.70"),
        # 12 a gram is high-end: 600 x 50 %; 8 a gram is not: 400 x 20 %
        (CREAM.format("600.00"), POST, "0.00 300.00 0.00 0.00 300.00"),
        (CREAM.format("400.00"), POST, "0.00 80.00 0.00 0.00 80.00"),
        # spirits 50 %
        ("hs=220830,value=300.00", POST, "0.00 150.00 0.00 0.00 150.00"),
        # one article above the limit stays a personal article: 3000 x 20 %; a high-end watch 50 %
        (SHIRT.format("3000.00"), POST, "0.00 600.00 0.00 0.00 600.00"),
        (WATCH.format("10000.00"), POST, "0.00 5000.00 0.00 0.00 5000.00"),
        # two articles of 1,000.02 together are goods: 1000.02 x 10 % = 100.00, 1100.02 x 13 % = 143.00
        (SHIRT.format("1000.02,qty=2,duty=10%"), POST, "100.00 143.00 0.00 0.00 243.00"),
        # from Hong Kong the limit is 800: 900 x 10 % = 90, 990 x 13 % = 128.70; from elsewhere 900 x 20 %
        (SHIRT.format("900.00,qty=2,duty=10%"), {"from_": "HK"}, "90.00 128.70 0.00 0.00 218.70"),
        (SHIRT.format("900.00,qty=2,duty=10%"), {"from_": "SG"}, "0.00 180.00 0.00 0.00 180.00"),
        # a business: (1000 + 100) x 10 % = 110; 1210 x 13 % = 157.30
        (SHIRT.format("1000.00,duty=10%"), {**FIRM, "freight": "100"}, "110.00 157.30 0.00 0.00 267.30"),
        # wine for a business: duty 140; 1140 / 0.9 x 10 % = 126.67; 1266.67 x 13 % = 164.67
        (WINE.format("1000.00"), FIRM, "140.00 291.34 0.00 0.00 431.34"),
        # goods: each of duty and VAT is left away up to 50: 400 x 10 % = 40; 400 x 13 % = 52
        (SHIRT.format("400.00,duty=10%"), FIRM, "0.00 52.00 0.00 0.00 52.00"),
        (SHIRT.format("200.00,duty=10%"), FIRM, NOTHING),
    ],
)  # fmt: skip
def test_parcels(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("2025-06-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        # 250 x 20 % is 50 to the fen: nothing
        (SHIRT.format("250.00"), NOTHING),
        # 250.05 x 20 % = 50.01: all of it
        (SHIRT.format("250.05"), "0.00 50.01 0.00 0.00 50.01"),
        # 384.61 x 13 % = 49.9993, to the fen 50.00; one fen more of goods is still 50.00
        (FOOD.format("384.61"), NOTHING),
        (FOOD.format("384.66"), "0.00 50.01 0.00 0.00 50.01"),
        # the lines count together: 300 x 13 % = 39, 100 x 20 % = 20
        (FOOD.format("300.00") + ";" + SHIRT.format("100.00"), "0.00 59.00 0.00 0.00 59.00"),
        (FOOD.format("200.00") + ";" + SHIRT.format("100.00"), NOTHING),
        # 100 at the highest rate is 50: nothing is due whatever the goods are
        ("value=100.00,what=thing", NOTHING),
    ],
)
def test_hard_case_4_the_limit_is_on_the_tax(line: str, wanted: str) -> None:
    assert reckon("2025-06-01", line, **POST) == (wanted, False)


def after(before: str, value: str, quantity: int = 1) -> Assessment:
    """A sale on a platform in 2025 to somebody who bought for ``before`` in that year."""
    case = Case(
        title="asked", source="a test", on=date(2025, 6, 1), currency="CNY", scheme_number=True,
        lines=(f"hs=610910,value={value},qty={quantity},origin=VN,duty=10%",), expect=Expectation(),
    )  # fmt: skip
    prior = Prior(year_value=Decimal(before))
    return quote(msgspec.structs.replace(request_of("cn", case), prior=prior), DESK)


def test_hard_case_6_fraction_gross_up_and_the_year() -> None:
    # 70 % of both taxes, the consumption tax inside its own base: (15 + 13) / 85 x 70 % of 425 is 98
    cream = "hs=330499,value=425.00,weight_kg=0.02"
    assert reckon("2025-06-01", cream, **CBEC) == ("0.00 98.00 0.00 98.00 0.00", False)
    # 1,000 fits under 26,000 after 25,000 and not after 25,000.01: then all of it, as goods
    assert sums(after("25000", "1000.00")) == ("0.00 91.00 0.00 91.00 0.00", False)
    assert sums(after("25000.01", "1000.00")) == ("100.00 143.00 0.00 0.00 243.00", False)
    # one article of 6,000 needs 6,000 of the year as well
    assert after("20000", "6000.00").regime == "cbec_whole"
    assert after("20000.01", "6000.00").regime == "goods"
    assert after("0", "6000.00", quantity=2).regime == "goods"
    # nobody said what was bought before: reckoned within the limit, and said so
    said = {each.about for each in ask("cn", "2025-06-01", cream, currency="CNY", **CBEC).cautions}
    assert "year_not_known" in said
    assert "year_not_known" not in {each.about for each in after("0", "100.00").cautions}


def test_hard_case_18_what_is_sent_back_is_not_taxed() -> None:
    answer = ask("cn", "2025-06-01", SHIRT.format("500.00"), currency="CNY", **CBEC)
    (refund,) = answer.refunds
    assert (refund.amount, refund.days) == (answer.total(), 30)
    assert refund.year_value == Decimal(500)


def test_hard_case_18_the_year_has_room_again_after_a_return() -> None:
    def regime(year_value: Decimal) -> str | None:
        line, prior = SHIRT.format("4000.00"), {"year_value": str(year_value)}
        return ask_with("cn", "2025-06-01", line, currency="CNY", prior=prior, **CBEC).regime

    bought = Decimal(24000)
    (refund,) = ask("cn", "2025-05-20", SHIRT.format("3000.00"), currency="CNY", **CBEC).refunds
    assert refund.year_value is not None
    assert (regime(bought), regime(bought - refund.year_value)) == ("goods", "cbec")


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        # tobacco is not on the list, and its consumption tax is not known here
        ("hs=240220,value=200.00,duty=25%", CBEC, "Consumption tax may be due"),
        ("hs=220300,value=100.00,duty=0%", CBEC, "Consumption tax may be due"),
        ("hs=090240,value=100.00", CBEC, "ten-digit code decides"),
        ("hs=711319,value=900.00", POST, "Jewellery"),
        ("hs=330499,value=400.00", POST, "no net mass"),
        ("value=300.00,what=thing", POST, "no HS code"),
        (SHIRT.format("900.00,qty=2"), {}, "country of dispatch"),
        (SHIRT.format("1000.00"), FIRM, "give the rate as duty="),
        ("hs=170199,value=60.00,weight_kg=3", CBEC, "2 kg of sugar"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("cn", "2025-06-01", line, currency="CNY", **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    # within the limits no rate of duty is needed, and up to 800 no country of dispatch
    assert reckon("2025-06-01", SHIRT.format("100.00"), **CBEC) == ("0.00 9.10 0.00 9.10 0.00", False)  # fmt: skip
    assert reckon("2025-06-01", SHIRT.format("800.00,qty=2")) == ("0.00 160.00 0.00 0.00 160.00", False)  # fmt: skip


def test_a_foreign_price_is_converted_first() -> None:
    # 100 x 7.1321 = 713.21; 713.21 x 9.1 % = 64.90
    line = SHIRT.format("100.00")
    found = reckon("2025-06-01", line, currency="USD", fx={"USD": "7.1321"}, **CBEC)
    assert found == ("0.00 64.90 0.00 64.90 0.00", False)
    assert reckon("2025-06-01", line, currency="USD", **CBEC)[1]


@pytest.mark.parametrize(
    ("line", "tax"),
    [
        # milk is farm produce at 9 %, of which 70 %: 6.3 %; powder, yoghurt, butter and cheese are not: 9.1 %
        ("hs=040120,value=100.00", "6.30"),
        ("hs=040221,value=100.00", "9.10"),
        ("hs=040320,value=100.00", "9.10"),
        ("hs=040690,value=100.00", "9.10"),
    ],
)
def test_milk_and_what_is_made_of_it(line: str, tax: str) -> None:
    answer = ask("cn", "2025-06-01", line, currency="CNY", scheme_number=True)
    assert sums(answer) == (f"0.00 {tax} 0.00 {tax} 0.00", False)
