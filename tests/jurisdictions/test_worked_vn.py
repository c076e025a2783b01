"""Viet Nam: examples reckoned by hand from the decrees, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border; all in whole dong. VAT is 8 % on most goods.
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

SHIRT = "hs=610910,value={},origin=CN,duty=20%,what=cotton T-shirt"
CLOCK = "hs=910511,value={},origin=CN,duty=5%,what=alarm clock"
BAG = "hs=420292,value={},origin=TH,duty=0%,what=bag"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
EXPRESS: dict[str, Any] = {"channel": "express"}
GIFT: dict[str, Any] = {"flow": "c2c"}
ON = "2025-03-03"


def reckon(line: str, on: str = ON, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in dong, unless another currency is named."""
    return sums(ask("vn", on, line, currency=more.pop("currency", "VND"), **more))


def after(prior: Prior, line: str, **more: Any) -> tuple[str, bool]:
    """The same for somebody who received something before."""
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(ON),
        currency="VND",
        lines=(line,),
        expect=Expectation(),
        **more,
    )
    return sums(quote(msgspec.structs.replace(request_of("vn", case), prior=prior), DESK))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # the customs value with freight is VND 1,000,000: no duty; 8 % of it
        (SHIRT.format("900000"), {**EXPRESS, "freight": "100000"}, "0.00 80000.00 0.00 0.00 80000.00"),
        # one dong more: 20 % of 1,000,001; 8 % of 1,200,001
        (SHIRT.format("900000"), {**EXPRESS, "freight": "100001"}, "200000.00 96000.00 0.00 0.00 296000.00"),
        # less than VND 100,000 of duty is not due: 95,000, then 100,000
        (CLOCK.format("1900000"), EXPRESS, "0.00 152000.00 0.00 0.00 152000.00"),
        (CLOCK.format("2000000"), EXPRESS, "100000.00 168000.00 0.00 0.00 268000.00"),
        # other ways: under VND 500,000, or less than VND 50,000 of duty; 8 % of 499,999 is 39,999.92
        (SHIRT.format("499999"), {}, "0.00 40000.00 0.00 0.00 40000.00"),
        (SHIRT.format("500000"), {}, "100000.00 48000.00 0.00 0.00 148000.00"),
        (CLOCK.format("900000"), {}, "0.00 72000.00 0.00 0.00 72000.00"),
        (CLOCK.format("1000000"), {"channel": "cargo"}, "50000.00 84000.00 0.00 0.00 134000.00"),
        # a gift is free up to VND 2,000,000; one dong more is taxed in full
        (SHIRT.format("2000000"), GIFT, NOTHING),
        (SHIRT.format("2000001"), GIFT, "400000.00 192000.00 0.00 0.00 592000.00"),
        # or when duty and VAT stay under VND 200,000: 8 % of 2,400,000 and of 2,500,000
        (BAG.format("2400000"), GIFT, NOTHING),
        (BAG.format("2500000"), GIFT, "0.00 200000.00 0.00 0.00 200000.00"),
        # two lines of 600,000 are above VND 1,000,000 together
        (SHIRT.format("600000") + ";" + SHIRT.format("600000"), EXPRESS, "240000.00 115200.00 0.00 0.00 355200.00"),
        # USD 50 at 25,400: 1,270,000; 254,000; 8 % of 1,524,000
        (SHIRT.format("50"), {**EXPRESS, "currency": "USD", "fx": {"USD": "25400"}}, "254000.00 121920.00 0.00 0.00 375920.00"),
        # a telephone for a business stays at 10 % to June 2025
        ("hs=851713,value=5000000,origin=CN,duty=0%", {"flow": "b2b", "channel": "cargo"}, "0.00 500000.00 0.00 0.00 500000.00"),
        ("hs=851713,value=5000000,origin=CN,duty=0%", {"flow": "b2b", "channel": "cargo", "on": "2025-08-04"}, "0.00 400000.00 0.00 0.00 400000.00"),
        # before the reform nothing up to the limit by express, VAT by post
        (SHIRT.format("400000"), {**EXPRESS, "on": "2024-05-06"}, NOTHING),
        (SHIRT.format("400000"), {"on": "2024-05-06"}, "0.00 32000.00 0.00 0.00 32000.00"),
    ],
)  # fmt: skip
def test_parcels(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(line, **more) == (wanted, False)


def test_gifts_are_free_four_times_a_year() -> None:
    # 1,500,000: 300,000; 8 % of 1,800,000
    taxed = "300000.00 144000.00 0.00 0.00 444000.00"
    for count, wanted in ((3, NOTHING), (4, taxed)):
        found = after(Prior(year_count=Decimal(count)), SHIRT.format("1500000"), **GIFT)
        assert found == (wanted, False)
    told = ask("vn", ON, SHIRT.format("1500000"), currency="VND", **GIFT).cautions
    assert "gifts_a_year" in {each.about for each in told}


def test_a_fifth_gift_by_express_still_has_the_relief_of_express() -> None:
    found = after(Prior(year_count=Decimal(4)), SHIRT.format("900000"), **GIFT, **EXPRESS)
    assert found == ("0.00 72000.00 0.00 0.00 72000.00", False)


def test_hard_case_12_the_channel_decides() -> None:
    # 900,000: express free of duty; by post 180,000 and 8 % of 1,080,000
    assert reckon(SHIRT.format("900000"), **EXPRESS) == ("0.00 72000.00 0.00 0.00 72000.00", False)
    assert reckon(SHIRT.format("900000")) == ("180000.00 86400.00 0.00 0.00 266400.00", False)


def test_hard_case_25_dong_have_no_decimals() -> None:
    line = SHIRT.format("61.37")
    answer = ask("vn", ON, line, currency="USD", fx={"USD": "25413.7"}, **EXPRESS)
    assert [each.amount % 1 for each in answer.charges] == [0, 0]


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220830,value=900000,origin=GB,duty=45%", EXPRESS, "Special consumption tax"),
        ("hs=220830,value=900000,origin=GB,duty=45%", GIFT, "Special consumption tax"),
        ("hs=490199,value=900000,origin=GB,duty=0%", EXPRESS, "VAT of 5 % or none"),
        ("hs=610910,value=2000000,origin=CN", EXPRESS, "give the rate as duty="),
        ("hs=610910,value=600000,origin=CN", {}, "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("vn", ON, line, currency="VND", **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    assert reckon("value=1000000", **EXPRESS) == ("0.00 80000.00 0.00 0.00 80000.00", False)
    assert reckon("value=2000000", **GIFT) == (NOTHING, False)
    assert reckon("hs=950300,value=1500000,origin=CN", **GIFT) == (NOTHING, False)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        # toys and medicines bear 5 %, whatever the rate of most goods: 900,000 x 5 %; 1,200,000 + 120,000 = 1,320,000
        ("hs=950300,value=900000,origin=CN", "0.00 45000.00 0.00 0.00 45000.00"),
        ("hs=300490,value=900000,origin=FR", "0.00 45000.00 0.00 0.00 45000.00"),
        ("hs=950300,value=1200000,origin=CN,duty=10%", "120000.00 66000.00 0.00 0.00 186000.00"),
    ],
)
def test_toys_and_medicines_bear_five_per_cent(line: str, wanted: str) -> None:
    for on in (ON, "2025-07-01"):
        assert reckon(line, on, **EXPRESS) == (wanted, False)
