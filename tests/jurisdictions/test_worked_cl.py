"""Chile: examples reckoned by hand from the pages of customs and tax administration, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border, in whole pesos. One dollar is 950 pesos.
"""

from datetime import date
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

SHIRT = "hs=610910,value={},what=cotton T-shirt"
PILLS = "hs=300490,value={},what=medicine"
BOOK = "hs=490199,value={},what=novel"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
REGISTERED: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote of goods in dollars."""
    return sums(ask("cl", on, line, currency="USD", fx={"USD": "950"}, **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # at sale, freight included: 110 dollars are 104,500; 19 %
        ("2025-11-15", SHIRT.format("100.00"), {**REGISTERED, "freight": "10"}, "0.00 19855.00 0.00 19855.00 0.00"),
        # 490 + 10 = 500 dollars: 475,000 x 19 %
        ("2025-11-15", SHIRT.format("490.00"), {**REGISTERED, "freight": "10"}, "0.00 90250.00 0.00 90250.00 0.00"),
        # a cent of freight more: 475,009.5 x 6 % = 28,500.57; 503,510.5 x 19 % = 95,666.995
        ("2025-11-15", SHIRT.format("490.00"), {**REGISTERED, "freight": "10.01"}, "28501.00 95667.00 0.00 0.00 124168.00"),
        # not registered: from the first dollar
        ("2025-11-15", SHIRT.format("30.00"), {}, "1710.00 5740.00 0.00 0.00 7450.00"),
        ("2025-11-15", SHIRT.format("30.00"), {"channel": "express"}, "1710.00 5740.00 0.00 0.00 7450.00"),
        # a business and a gift are no remote sale to a consumer
        ("2025-11-15", SHIRT.format("100.00"), {**REGISTERED, "flow": "b2b"}, "5700.00 19133.00 0.00 0.00 24833.00"),
        ("2025-11-15", SHIRT.format("40.00"), {**REGISTERED, **GIFT}, "2280.00 7653.00 0.00 0.00 9933.00"),
        # before: 41 dollars without freight; 61.01 dollars are 57,959.5; 3,477.57; 61,437.5 x 19 % = 11,673.125
        ("2025-10-24", SHIRT.format("41.00"), {"freight": "20"}, NOTHING),
        ("2025-10-24", SHIRT.format("41.01"), {"freight": "20"}, "3478.00 11673.00 0.00 0.00 15151.00"),
        ("2025-10-24", SHIRT.format("41.00"), GIFT, NOTHING),
        # two lines are one parcel: 41.00 free, 41.02 are 38,969; 2,338.14; 41,307 x 19 % = 7,848.33
        ("2024-06-01", SHIRT.format("20.50") + ";" + SHIRT.format("20.50"), {}, NOTHING),
        ("2024-06-01", SHIRT.format("20.50") + ";" + SHIRT.format("20.52"), {}, "2338.00 7848.00 0.00 0.00 10186.00"),
        # never for businesses and cargo
        ("2024-06-01", SHIRT.format("30.00"), {"flow": "b2b"}, "1710.00 5740.00 0.00 0.00 7450.00"),
        ("2024-06-01", SHIRT.format("30.00"), {"channel": "cargo"}, "1710.00 5740.00 0.00 0.00 7450.00"),
        # books pay VAT only: 57,000 x 19 %; so do goods of a trade agreement
        ("2024-06-01", BOOK.format("60.00"), {}, "0.00 10830.00 0.00 0.00 10830.00"),
        ("2024-06-01", SHIRT.format("100.00") + ",duty=0%,preference=X", {}, "0.00 18050.00 0.00 0.00 18050.00"),
        # medicines for a person up to 500 dollars
        ("2025-11-15", PILLS.format("100.00"), {}, "0.00 18050.00 0.00 0.00 18050.00"),
        ("2025-11-15", PILLS.format("100.00"), {"flow": "b2b"}, "5700.00 19133.00 0.00 0.00 24833.00"),
        ("2025-11-15", PILLS.format("500.01"), {}, "28501.00 95667.00 0.00 0.00 124168.00"),
        # a fee of the carrier changes nothing
        ("2025-11-15", SHIRT.format("30.00"), {"fee": {"clearance": "5000"}}, "1710.00 5740.00 0.00 0.00 7450.00"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_hard_case_24_the_day_of_sale_decides() -> None:
    old, new = date(2025, 10, 24), date(2025, 10, 25)
    # bought on the last day and arriving in November: free; 38,950 x 6 % = 2,337; 41,287 x 19 % = 7,844.53
    shirt = SHIRT.format("41.00")
    assert reckon("2025-11-20", shirt, sold_on=old) == (NOTHING, False)
    assert reckon("2025-11-20", shirt, sold_on=new) == ("2337.00 7845.00 0.00 0.00 10182.00", False)
    # a registered platform charged nothing on it yet; after, 19 % of 38,950
    assert reckon("2025-11-20", shirt, sold_on=old, **REGISTERED) == (NOTHING, False)
    assert reckon("2025-11-20", shirt, sold_on=new, **REGISTERED) == (
        "0.00 7401.00 0.00 7401.00 0.00",
        False,
    )
    # above USD 41 it pays at the border, as before: 95,000 x 6 %; 100,700 x 19 %
    dearer = SHIRT.format("100.00")
    assert reckon("2025-11-20", dearer, sold_on=old, **REGISTERED) == (
        "5700.00 19133.00 0.00 0.00 24833.00",
        False,
    )
    for sold_on, warns in ((None, True), (old, False), (new, False)):
        answer = ask("cl", "2025-11-20", shirt, currency="USD", fx={"USD": "950"}, sold_on=sold_on)
        assert ("day_of_sale" in {each.about for each in answer.cautions}) is warns


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        # 95,000 x 6 % = 5,700; 100,700 x 19 % = 19,133 and x 15 % = 15,105
        ("hs=711311,value=100.00,what=silver ring", "5700.00 34238.00 0.00 0.00 39938.00"),
        # x 31.5 % = 31,720.5; x 20.5 % = 20,643.5
        ("hs=220830,value=100.00,what=whisky", "5700.00 50854.00 0.00 0.00 56554.00"),
        ("hs=220421,value=100.00,what=wine", "5700.00 39777.00 0.00 0.00 45477.00"),
        # only the ring bears it: 190,000 x 6 %; 201,400 x 19 % = 38,266; 100,700 x 15 %
        ("hs=711311,value=100.00;" + SHIRT.format("100.00"), "11400.00 53371.00 0.00 0.00 64771.00"),
    ],
)  # fmt: skip
def test_additional_taxes(line: str, wanted: str) -> None:
    for more in ({}, GIFT, {"flow": "b2b"}):
        assert reckon("2024-06-01", line, **more) == (wanted, False)


def test_hard_case_25_amounts_in_whole_pesos() -> None:
    # 19,990 pesos: 19 % = 3,798.1 at sale; 6 % = 1,199.4 and 21,189 x 19 % = 4,025.91 at the border
    line, more = SHIRT.format("19990"), {"currency": "CLP", "fx": {"USD": "950"}}
    sold = ask("cl", "2025-11-15", line, scheme_number=True, **more)
    assert sums(sold) == ("0.00 3798.00 0.00 3798.00 0.00", False)
    cleared = ask("cl", "2025-11-15", line, **more)
    assert sums(cleared) == ("1199.00 4026.00 0.00 0.00 5225.00", False)
    assert all(each.amount == int(each.amount) for each in (*sold.charges, *cleared.charges))


@pytest.mark.parametrize(
    "line", ["hs=240220,value=20.00", "hs=220210,value=20.00", "hs=430310,value=20.00"]
)
def test_other_goods_under_additional_taxes_ask_a_person(line: str) -> None:
    answer = ask("cl", "2024-06-01", line, currency="USD", fx={"USD": "950"})
    assert answer.regime == "standard"
    assert "An additional tax" in answer.needs_human[0].because


def test_the_answer_says_what_it_assumes() -> None:
    def about(on: str, line: str, **more: Any) -> set[str]:
        answer = ask("cl", on, line, currency="USD", fx={"USD": "950"}, **more)
        return {each.about for each in answer.cautions}

    assert "not_registered" in about("2025-11-15", SHIRT.format("30.00"))
    assert "gift" in about("2025-11-15", SHIRT.format("30.00"), flow="c2c")
    assert "business" in about("2025-11-15", SHIRT.format("30.00"), flow="b2b", scheme_number=True)
    assert "heading_0023" in about("2024-11-01", SHIRT.format("60.00"))
    assert "heading_0023" not in about("2024-10-31", SHIRT.format("60.00"))
    assert "preference" in about("2024-06-01", SHIRT.format("60.00") + ",preference=X")
    assert "permits" in about("2025-11-15", PILLS.format("60.00"))
    assert "no_hs_code" in about("2025-11-15", "value=60.00")


def test_the_limit_in_dollars_needs_the_rate_of_the_dollar() -> None:
    asked = ask("cl", "2025-11-15", SHIRT.format("19990"), currency="CLP", **REGISTERED).needs_human
    assert "--fx USD=RATE" in asked[0].because
    # a business has no limit to ask about: 20,000 x 6 % = 1,200; 21,200 x 19 % = 4,028
    business = ask("cl", "2025-11-15", SHIRT.format("20000"), currency="CLP", flow="b2b")
    assert sums(business) == ("1200.00 4028.00 0.00 0.00 5228.00", False)
