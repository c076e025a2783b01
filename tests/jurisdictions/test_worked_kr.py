"""Korea: examples reckoned by hand from the acts, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border. Won below ten are dropped from each amount.
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

SHIRT = "hs=610910,value={},origin=CN,duty=13%,what=cotton T-shirt"
BAG = "hs=420221,value={},origin=CN,duty=8%,what=handbag"
CHOCOLATE = "hs=180690,value={},origin=US,duty=8%,what=chocolate"
LAPTOP = "hs=847130,value={},origin=CN,duty=0%,what=laptop"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
EXPRESS: dict[str, Any] = {"channel": "express", "from_": "CN"}
FROM_US: dict[str, Any] = {"channel": "express", "from_": "US"}
GIFT: dict[str, Any] = {"flow": "c2c", "from_": "US"}
ON = "2025-03-01"


def reckon(line: str, on: str = ON, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in dollars at KRW 1,300, unless something else is said."""
    more = {"currency": "USD", "fx": {"USD": "1300"}, **more}
    return sums(ask("kr", on, line, **more))


def after(prior: Prior, line: str, on: str = ON, **more: Any) -> tuple[str, bool]:
    """The same for somebody who received something before."""
    more = {"currency": "USD", "fx": {"USD": "1300"}, **more}
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        lines=tuple(line.split(";")),
        expect=Expectation(),
        **more,
    )
    return sums(quote(msgspec.structs.replace(request_of("kr", case), prior=prior), DESK))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # USD 150 without freight is free, by post or express
        (SHIRT.format("150.00"), {**EXPRESS, "freight": "20"}, NOTHING),
        (SHIRT.format("150.00"), {"freight": "20"}, NOTHING),
        # 150.01 x 1300 = 195,013; 13 % 25,351.69; 10 % of 220,363 = 22,036.3
        (SHIRT.format("150.01"), EXPRESS, "25350.00 22030.00 0.00 0.00 47380.00"),
        # from the United States by express up to USD 200; 200.01 x 1300 = 260,013
        (SHIRT.format("200.00"), FROM_US, NOTHING),
        (SHIRT.format("200.01"), FROM_US, "33800.00 29380.00 0.00 0.00 63180.00"),
        # by post USD 150 from there too: 234,000; 13 % 30,420; 10 % of 264,420
        (SHIRT.format("180.00"), {"from_": "US"}, "30420.00 26440.00 0.00 0.00 56860.00"),
        # the charge is on the value with freight: 325 x 1300 = 422,500; 8 % 33,800; 10 % of 456,300
        (BAG.format("300.00"), {"freight": "25"}, "33800.00 45630.00 0.00 0.00 79430.00"),
        # two lines, freight shared: 136,500 each; 13 % 17,745, 35,490 together; 10 % of 154,245 twice, 30,848
        (SHIRT.format("100.00") + ";" + SHIRT.format("100.00"), {**EXPRESS, "freight": "10"}, "35490.00 30840.00 0.00 0.00 66330.00"),
        # free of duty, VAT remains: 234,000
        (LAPTOP.format("180.00"), {}, "0.00 23400.00 0.00 0.00 23400.00"),
        # books bear no VAT
        ("hs=490199,value=300.00,origin=GB,duty=0%", {}, NOTHING),
        # a gift in the mail: 151 x 1300 = 196,300; 13 % 25,519; 10 % of 221,810
        (SHIRT.format("150.00"), GIFT, NOTHING),
        (SHIRT.format("151.00"), GIFT, "25510.00 22180.00 0.00 0.00 47690.00"),
        # a business has no relief: 130,000; 8 % 10,400; 10 % of 140,400
        (BAG.format("100.00"), {"flow": "b2b"}, "10400.00 14040.00 0.00 0.00 24440.00"),
        # tax below KRW 10,000 is not collected: 4,000 + 5,400, then 4,400 + 5,940
        (BAG.format("50000"), {"flow": "b2b", "currency": "KRW"}, NOTHING),
        (BAG.format("55000"), {"flow": "b2b", "currency": "KRW"}, "4400.00 5940.00 0.00 0.00 10340.00"),
        # one simplified rate on 325 x 1300 = 422,500: 15 % for a bag, 18 % for clothes
        (BAG.format("300.00"), {"freight": "25", "dataset": "SIMPLIFIED"}, "63370.00 0.00 0.00 0.00 63370.00"),
        (SHIRT.format("300.00"), {"freight": "25", "dataset": "SIMPLIFIED"}, "76050.00 0.00 0.00 0.00 76050.00"),
        # not for a business, nor for mail above USD 1,000: 1,001 x 1300 = 1,301,300; 13 % 169,169; 10 % of 1,470,460
        (BAG.format("300.00"), {"flow": "b2b", "dataset": "SIMPLIFIED"}, "31200.00 42120.00 0.00 0.00 73320.00"),
        (SHIRT.format("1001.00"), {"dataset": "SIMPLIFIED"}, "169160.00 147040.00 0.00 0.00 316200.00"),
        # 160 x 1300 = 208,000; 13 % 27,040; 10 % of 235,040
        (SHIRT.format("160.00"), {}, "27040.00 23500.00 0.00 0.00 50540.00"),
    ],
)  # fmt: skip
def test_parcels(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(line, **more) == (wanted, False)


def test_hard_case_2_limit_on_the_goods_charge_with_freight() -> None:
    # 150 with 100 of freight is free; 151 with 100: 251 x 1300 = 326,300; 13 % 42,419; 10 % of 368,710
    assert reckon(SHIRT.format("150.00"), freight="100") == (NOTHING, False)
    found = reckon(SHIRT.format("151.00"), freight="100")
    assert found == ("42410.00 36870.00 0.00 0.00 79280.00", False)


def test_hard_case_5_above_the_limit_the_whole_value_is_taxed() -> None:
    found = reckon(SHIRT.format("150.01"))
    assert found == ("25350.00 22030.00 0.00 0.00 47380.00", False)


def test_hard_case_11_the_exchange_rate_of_the_day_decides() -> None:
    # KRW 200,000 is within USD 150 at 1,340 (201,000) and above it at 1,330 (199,500)
    won = {"currency": "KRW", "on": ON}
    assert reckon(SHIRT.format("200000"), fx={"USD": "1340"}, **won) == (NOTHING, False)
    found = reckon(SHIRT.format("200000"), fx={"USD": "1330"}, **won)
    assert found == ("26000.00 22600.00 0.00 0.00 48600.00", False)
    asked = ask("kr", ON, SHIRT.format("200000"), currency="KRW").needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_hard_case_12_the_channel_decides() -> None:
    for channel, wanted in (("express", NOTHING), ("post", "30420.00 26440.00 0.00 0.00 56860.00")):
        found = reckon(SHIRT.format("180.00"), from_="US", channel=channel)
        assert found == (wanted, False)


def test_hard_case_13_dispatch_counts_not_origin() -> None:
    made_in_us = "hs=610910,value=180.00,origin=US,duty=13%"
    taxed = "30420.00 26440.00 0.00 0.00 56860.00"
    assert reckon(made_in_us, **EXPRESS) == (taxed, False)
    assert reckon(SHIRT.format("180.00"), **FROM_US) == (NOTHING, False)
    # preference is a third thing: it is the rate that is given
    assert reckon("hs=610910,value=180.00,origin=US,duty=0%,preference=KORUS", **EXPRESS) == (
        "0.00 23400.00 0.00 0.00 23400.00",
        False,
    )


def test_hard_case_14_one_line_moves_all() -> None:
    # USD 5 of chocolate takes USD 190 of clothes off the list: 247,000 x 13 % = 32,110; 6,500 x 8 % = 520;
    # 10 % of 279,110 = 27,911; 10 % of 7,020 = 702
    both = CHOCOLATE.format("5.00") + ";" + SHIRT.format("190.00")
    assert reckon(both, **FROM_US) == ("32630.00 28610.00 0.00 0.00 61240.00", False)
    assert reckon(SHIRT.format("190.00"), **FROM_US) == (NOTHING, False)
    # within USD 150 the food does no harm
    both = CHOCOLATE.format("5.00") + ";" + SHIRT.format("145.00")
    assert reckon(both, **FROM_US) == (NOTHING, False)


def test_hard_case_16_what_came_before_is_added() -> None:
    # KRW 130,000 before and USD 100 now are above USD 150 (195,000): 130,000 x 13 %; 10 % of 146,900
    before = Prior(day_value=Decimal(130000))
    taxed = "16900.00 14690.00 0.00 0.00 31590.00"
    for more in (EXPRESS, {}):
        assert after(before, SHIRT.format("100.00"), **more) == (taxed, False)
        assert after(Prior(day_value=Decimal(65000)), SHIRT.format("100.00"), **more) == (
            NOTHING,
            False,
        )
    told = ask("kr", ON, SHIRT.format("100.00"), currency="USD", fx={"USD": "1300"}).cautions
    assert "added_up" in {each.about for each in told}


def test_hard_case_25_won_have_no_decimals() -> None:
    answer = ask("kr", ON, SHIRT.format("151.37"), currency="USD", fx={"USD": "1301.23"})
    assert [each.amount % 10 for each in answer.charges] == [0, 0]


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220300,value=50.00,origin=GB,duty=30%", EXPRESS, "Liquor tax"),
        ("hs=240220,value=50.00,origin=US,duty=40%", {}, "Liquor tax"),
        # 1,600 x 1300 = 2,080,000
        (BAG.format("1600.00"), EXPRESS, "Individual consumption tax"),
        ("hs=080131,value=200.00,origin=VN,duty=8%", {}, "Unprocessed food"),
        ("hs=610910,value=200.00,origin=CN", {}, "give the rate as duty="),
        (SHIRT.format("180.00"), {"channel": "express"}, "country of dispatch"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("kr", ON, line, currency="USD", fx={"USD": "1300"}, **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    assert reckon("value=150.00", **EXPRESS) == (NOTHING, False)
    assert reckon("value=200.00", **FROM_US) == (NOTHING, False)
    assert reckon("hs=080131,value=100.00,origin=VN") == (NOTHING, False)
    # two bags of KRW 1.3 million each bear no consumption tax
    assert not reckon(BAG.format("2000.00,qty=2"), **EXPRESS)[1]


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # one bottle within USD 150, 65,000: no duty and VAT, but 72 % = 46,800 and 30 % of it = 14,040
        ("hs=220830,value=50.00,origin=GB", EXPRESS, "0.00 60840.00 0.00 0.00 60840.00"),
        # wine: 30 % of 130,000 = 39,000 and 10 % of it
        ("hs=220421,value=100.00,origin=FR", {}, "0.00 42900.00 0.00 0.00 42900.00"),
        # two bottles pay all: 26,000; 72 % of 156,000 = 112,320; 33,696; 10 % of 302,016 = 30,201
        (
            "hs=220830,value=100.00,qty=2,origin=GB,duty=20%",
            EXPRESS,
            "26000.00 176210.00 0.00 0.00 202210.00",
        ),
        # so does a bottle above USD 150, with preferential origin without duty: 200 x 1300 = 260,000;
        # 30 % 78,000; 7,800; 10 % of 345,800
        ("hs=220421,value=200.00,origin=FR,duty=0%", {}, "0.00 120380.00 0.00 0.00 120380.00"),
        # liquor tax and education tax of 6,600 together are not collected: 20,000
        ("hs=220421,value=20000,origin=FR", {"currency": "KRW"}, NOTHING),
    ],
)
def test_liquor(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(line, **more) == (wanted, False)


def test_hard_case_10_won_below_ten_are_dropped_once_from_each_tax() -> None:
    # 3 x 12,345 at 8 %: 987 each, 2,961 together, 2,960; 10 % of 13,332: 1,333 each, 3,999, 3,990: under 10,000
    line = ";".join(["hs=420292,value=12345,origin=CN,duty=8%"] * 3)
    assert reckon(line, currency="KRW", flow="b2b") == (NOTHING, False)
    # 3 x 55,555: 4,444 each, 13,332, 13,330; 10 % of 59,999: 5,999 each, 17,997, 17,990
    line = ";".join(["hs=420292,value=55555,origin=CN,duty=8%"] * 3)
    assert reckon(line, currency="KRW", flow="b2b")[0] == "13330.00 17990.00 0.00 0.00 31320.00"


def test_no_rate_is_asked_for_goods_free_of_duty() -> None:
    # 390,000 x 10 % of a telephone; nothing on a book
    assert reckon("hs=851713,value=300.00,origin=CN", **FROM_US) == (
        "0.00 39000.00 0.00 0.00 39000.00",
        False,
    )
    assert reckon("hs=490199,value=300.00,origin=GB", **FROM_US) == (NOTHING, False)
