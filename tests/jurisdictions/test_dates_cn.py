"""China: the day before and the day of every change."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.evidence import Prior
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, ask, owed
from tests.jurisdictions.test_cases import request_of

SHIRT = "hs=610910,value={},qty=1,origin=VN"
GOODS = "hs=610910,value={},qty=1,origin=VN,duty=0%"
BOOK = "hs=490199,value={},qty=1,origin=GB,duty=0%"
LIPSTICK = "hs=330410,value={},qty=1,weight_kg=0.05"
CREAM = "hs=330499,value={},qty=1,weight_kg=0.05"
CBEC: dict[str, Any] = {"scheme_number": True}
FIRM: dict[str, Any] = {"flow": "b2b", "channel": "cargo"}
POST: dict[str, Any] = {"from_": "US"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # computers fall from 20 to 10 %
        ("2012-04-14", "hs=847130,value=900.00", POST, "personal", "0", "180.00"),
        ("2012-04-15", "hs=847130,value=900.00", POST, "personal", "0", "90.00"),
        # cross-border e-commerce begins: no longer 20 % with the first 50 free, but 70 % of 17 %
        ("2016-04-07", SHIRT.format("200.00"), CBEC, "personal", "0", "0"),
        ("2016-04-08", SHIRT.format("200.00"), CBEC, "cbec", "23.80", "0"),
        # personal articles: 10, 20, 30, 50 become 15, 30, 60 %
        ("2016-04-07", SHIRT.format("300.00"), POST, "personal", "0", "60.00"),
        ("2016-04-08", SHIRT.format("300.00"), POST, "personal", "0", "90.00"),
        ("2016-04-07", LIPSTICK.format("200.00"), POST, "personal", "0", "100.00"),
        ("2016-04-08", LIPSTICK.format("200.00"), POST, "personal", "0", "120.00"),
        # only high-end cosmetics bear consumption tax and the highest rate
        ("2016-09-30", LIPSTICK.format("200.00"), POST, "personal", "0", "120.00"),
        ("2016-10-01", LIPSTICK.format("200.00"), POST, "personal", "0", "60.00"),
        ("2016-09-30", CREAM.format("800.00"), POST, "personal", "0", "240.00"),
        ("2016-10-01", CREAM.format("800.00"), POST, "personal", "0", "480.00"),
        ("2016-09-30", LIPSTICK.format("100.00"), CBEC, "cbec", "47.00", "0"),
        ("2016-10-01", LIPSTICK.format("100.00"), CBEC, "cbec", "11.90", "0"),
        ("2016-09-30", CREAM.format("1000.00"), CBEC, "cbec", "119.00", "0"),
        ("2016-10-01", CREAM.format("1000.00"), CBEC, "cbec", "263.53", "0"),
        # reduced VAT 13, 11, 10, 9 %
        ("2017-06-30", BOOK.format("1000.00"), FIRM, "goods", "0", "130.00"),
        ("2017-07-01", BOOK.format("1000.00"), FIRM, "goods", "0", "110.00"),
        ("2018-04-30", BOOK.format("1000.00"), FIRM, "goods", "0", "110.00"),
        ("2018-05-01", BOOK.format("1000.00"), FIRM, "goods", "0", "100.00"),
        ("2019-03-31", BOOK.format("1000.00"), FIRM, "goods", "0", "100.00"),
        ("2019-04-01", BOOK.format("1000.00"), FIRM, "goods", "0", "90.00"),
        # VAT 17, 16, 13 %
        ("2018-04-30", GOODS.format("1000.00"), FIRM, "goods", "0", "170.00"),
        ("2018-05-01", GOODS.format("1000.00"), FIRM, "goods", "0", "160.00"),
        ("2019-03-31", GOODS.format("1000.00"), FIRM, "goods", "0", "160.00"),
        ("2019-04-01", GOODS.format("1000.00"), FIRM, "goods", "0", "130.00"),
        ("2018-04-30", SHIRT.format("100.00"), CBEC, "cbec", "11.90", "0"),
        ("2018-05-01", SHIRT.format("100.00"), CBEC, "cbec", "11.20", "0"),
        ("2019-03-31", SHIRT.format("100.00"), CBEC, "cbec", "11.20", "0"),
        ("2019-04-01", SHIRT.format("100.00"), CBEC, "cbec", "9.10", "0"),
        # personal articles: 15, 25, 50 % with medicines in the lowest group
        ("2018-10-31", SHIRT.format("300.00"), POST, "personal", "0", "90.00"),
        ("2018-11-01", SHIRT.format("300.00"), POST, "personal", "0", "75.00"),
        ("2018-10-31", "hs=220830,value=200.00", POST, "personal", "0", "120.00"),
        ("2018-11-01", "hs=220830,value=200.00", POST, "personal", "0", "100.00"),
        ("2018-10-31", "hs=300490,value=400.00", POST, "personal", "0", "120.00"),
        ("2018-11-01", "hs=300490,value=400.00", POST, "personal", "0", "60.00"),
        # the limit of one transaction: 2,000 becomes 5,000
        ("2018-12-31", "hs=420221,value=3000.00,qty=1,duty=10%", CBEC, "goods", "0", "828.00"),
        ("2019-01-01", "hs=420221,value=3000.00,qty=1,duty=10%", CBEC, "cbec", "336.00", "0"),
        ("2018-12-31", "hs=420221,value=6000.00,qty=1,duty=10%", CBEC, "goods", "0", "1656.00"),
        ("2019-01-01", "hs=420221,value=6000.00,qty=1,duty=10%", CBEC, "cbec_whole", "1656.00", "0"),
        ("2018-12-31", SHIRT.format("2000.00"), CBEC, "cbec", "224.00", "0"),
        # personal articles: 13, 20, 50 %
        ("2019-04-08", SHIRT.format("300.00"), POST, "personal", "0", "75.00"),
        ("2019-04-09", SHIRT.format("300.00"), POST, "personal", "0", "60.00"),
        ("2019-04-08", "hs=210690,value=400.00", POST, "personal", "0", "60.00"),
        ("2019-04-09", "hs=210690,value=400.00", POST, "personal", "0", "52.00"),
        ("2019-04-08", "hs=220830,value=200.00", POST, "personal", "0", "100.00"),
        ("2019-04-09", "hs=220830,value=200.00", POST, "personal", "0", "100.00"),
        # the Tariff Law changes nothing that was found
        ("2024-11-30", SHIRT.format("300.00"), POST, "personal", "0", "60.00"),
        ("2024-12-01", SHIRT.format("300.00"), POST, "personal", "0", "60.00"),
    ],
)  # fmt: skip
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("cn", on, line, currency="CNY", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


def test_the_law_begins_with_announcement_43_of_2010() -> None:
    assert owed(ask("cn", "2010-09-01", SHIRT.format("200.00"), currency="CNY", **POST))[2] == 0
    with pytest.raises(NoRuleInForceError):
        ask("cn", "2010-08-31", SHIRT.format("200.00"), currency="CNY", **POST)


def regime_with(on: str, value: str, year_value: str | None, quantity: int = 1) -> str | None:
    """The regime of a sale on a platform after what the buyer bought before."""
    case = Case(
        title="asked", source="a test", on=date.fromisoformat(on), currency="CNY", scheme_number=True,
        lines=(f"hs=610910,value={value},qty={quantity},duty=10%",), expect=Expectation(),
    )  # fmt: skip
    prior = Prior(year_value=Decimal(year_value) if year_value is not None else None)
    return quote(msgspec.structs.replace(request_of("cn", case), prior=prior), DESK).regime


@pytest.mark.parametrize(
    ("on", "value", "before", "regime"),
    [
        ("2018-12-31", "1000.00", "19000", "cbec"),
        ("2018-12-31", "1000.01", "19000", "goods"),
        ("2019-01-01", "1000.01", "19000", "cbec"),
        ("2019-01-01", "1000.00", "25000", "cbec"),
        ("2019-01-01", "1000.01", "25000", "goods"),
        ("2019-01-01", "6000.00", "20000", "cbec_whole"),
        ("2019-01-01", "6000.01", "20000", "goods"),
        ("2019-01-01", "26000.00", "0", "cbec_whole"),
        ("2019-01-01", "26000.01", "0", "goods"),
        ("2019-01-01", "1000.00", None, "cbec"),
    ],
)
def test_the_total_of_the_year_counts(on: str, value: str, before: str | None, regime: str) -> None:
    assert regime_with(on, value, before) == regime
