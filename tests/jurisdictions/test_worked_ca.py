"""Canada: examples reckoned by hand from the remission orders and the pages of customs.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

SHIRT = "hs=610910,value={},origin=CN,duty=18%,what=cotton T-shirt"
BAG = "hs=420222,value={},origin=CN,duty=0%,what=bag"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
GIFT: dict[str, Any] = {"flow": "c2c"}
US: dict[str, Any] = {"from_": "US", "channel": "express"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in dollars, from China by mail unless said otherwise."""
    more = {"from_": "CN", "currency": "CAD"} | more
    return sums(ask("ca", on, line, **more))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # up to CAD 20 nothing, freight does not count
        (SHIRT.format("20.00"), {"freight": "9", "insurance": "2"}, NOTHING),
        # 20.01 x 18 % = 3.6018; 23.61 x 5 % = 1.1805
        (SHIRT.format("20.01"), {}, "3.60 1.18 0.00 0.00 4.78"),
        (SHIRT.format("12.00") + ";" + SHIRT.format("8.00"), {}, NOTHING),
        # 12 x 18 % = 2.16 and 8.01 x 18 % = 1.4418; 14.16 x 5 % = 0.708 and 9.45 x 5 % = 0.4725
        (SHIRT.format("12.00") + ";" + SHIRT.format("8.01"), {}, "3.60 1.18 0.00 0.00 4.78"),
        # freight is in no base: 100 x 18 %; 118 x 5 %
        (SHIRT.format("100.00"), {"freight": "15"}, "18.00 5.90 0.00 0.00 23.90"),
        (SHIRT.format("100.00"), {"fee": {"handling": "9.95"}}, "18.00 5.90 0.00 0.00 23.90"),
        # HST at one rate: 118 x 13 %
        (SHIRT.format("100.00"), {"subdivision": "ON"}, "18.00 15.34 0.00 0.00 33.34"),
        # 118 x 5 % + 118 x 9.975 % = 5.90 + 11.7705
        (SHIRT.format("100.00"), {"subdivision": "QC"}, "18.00 17.67 0.00 0.00 35.67"),
        # 118 x 5 % + 118 x 7 %
        (SHIRT.format("100.00"), {"subdivision": "BC"}, "18.00 14.16 0.00 0.00 32.16"),
        (SHIRT.format("100.00"), {"subdivision": "AB"}, "18.00 5.90 0.00 0.00 23.90"),
        # a business pays GST alone at the border
        (
            SHIRT.format("100.00"),
            {"subdivision": "ON", "flow": "b2b"},
            "18.00 5.90 0.00 0.00 23.90",
        ),
        (
            SHIRT.format("100.00"),
            {"subdivision": "QC", "flow": "b2b"},
            "18.00 5.90 0.00 0.00 23.90",
        ),
        # tea is a basic grocery
        ("hs=090210,value=100.00,duty=0%", {"subdivision": "ON"}, NOTHING),
        # a book below CAD 20 pays unless its seller is registered: 15 x 5 %
        ("hs=490199,value=15.00", {}, "0.00 0.75 0.00 0.00 0.75"),
        ("hs=490199,value=15.00", {"scheme_number": True}, NOTHING),
        # only the book pays: 12 x 5 %
        ("hs=490199,value=12.00;" + SHIRT.format("8.00"), {}, "0.00 0.60 0.00 0.00 0.60"),
    ],
)
def test_parcels_of_2024_by_mail(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [
        # 15 x 1.33 = 19.95; 15 x 1.34 = 20.10, x 5 % = 1.005
        ("1.33", NOTHING),
        ("1.34", "0.00 1.01 0.00 0.00 1.01"),
    ],
)
def test_hard_case_11_the_rate_of_the_day_of_shipment_decides(rate: str, wanted: str) -> None:
    found = reckon("2024-05-01", BAG.format("15.00"), currency="USD", fx={"USD": rate})
    assert found == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        (SHIRT.format("40.00"), US, NOTHING),
        # above CAD 40 tax alone: 40.01 x 5 % = 2.0005; 150 x 5 %
        (SHIRT.format("40.01"), US, "0.00 2.00 0.00 0.00 2.00"),
        (SHIRT.format("150.00"), US, "0.00 7.50 0.00 0.00 7.50"),
        # above CAD 150 the whole: 150.01 x 18 % = 27.0018; 177.01 x 5 % = 8.8505
        (SHIRT.format("150.01"), US, "27.00 8.85 0.00 0.00 35.85"),
        # by mail there is CAD 20 alone: 40 x 18 %; 47.20 x 5 %
        (SHIRT.format("40.00"), US | {"channel": "post"}, "7.20 2.36 0.00 0.00 9.56"),
        # freight of a commercial carrier counts as courier
        (SHIRT.format("40.00"), US | {"channel": "cargo"}, NOTHING),
        # a business too; with HST 100 x 13 %, for a business 100 x 5 %
        (SHIRT.format("100.00"), US | {"subdivision": "ON"}, "0.00 13.00 0.00 0.00 13.00"),
        (
            SHIRT.format("100.00"),
            US | {"subdivision": "ON", "flow": "b2b"},
            "0.00 5.00 0.00 0.00 5.00",
        ),
    ],
)
def test_hard_case_12_mail_or_courier(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # made in China, shipped from the United States: the higher limit
        (SHIRT.format("100.00"), US, "0.00 5.00 0.00 0.00 5.00"),
        # made in the United States, shipped from Germany: the lower one; 18.00; 118 x 5 %
        ("hs=610910,value=100.00,origin=US,duty=18%", US | {"from_": "DE"}, "18.00 5.90 0.00 0.00 23.90"),
        # above both limits the proof of origin frees: 200 x 5 %
        ("hs=420222,value=200.00,origin=US,preference=X", US, "0.00 10.00 0.00 0.00 10.00"),
        ("hs=420222,value=200.00,origin=MX,preference=X", US | {"from_": "DE"}, "0.00 10.00 0.00 0.00 10.00"),
    ],
)  # fmt: skip
def test_hard_case_13_origin_dispatch_and_preference_are_three_things(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)


def test_hard_case_13_preference_needs_its_origin() -> None:
    for line in (
        "hs=420222,value=200.00,origin=US",
        "hs=420222,value=200.00,origin=CN,preference=X",
        "hs=040690,value=200.00,origin=US,preference=X",
    ):
        business = US | {"flow": "b2b"}
        assert ask("ca", "2024-05-01", line, currency="CAD", **business).needs_human


@pytest.mark.parametrize(
    ("line", "more", "wanted", "asked"),
    [
        # bought in the United States or Mexico for own use and made in North America: 200 x 5 %
        ("hs=420222,value=200.00,origin=US", US, "0.00 10.00 0.00 0.00 10.00", False),
        ("hs=420222,value=200.00,origin=CA", US, "0.00 10.00 0.00 0.00 10.00", False),
        ("hs=420222,value=200.00,origin=US", US | {"from_": "MX"}, "0.00 10.00 0.00 0.00 10.00", False),
        ("hs=420222,value=200.00,origin=MX", US | {"channel": "post"}, "0.00 10.00 0.00 0.00 10.00", False),
        # before CUSMA by the regulations under NAFTA
        ("hs=420222,value=200.00,origin=US", US | {"on": "2015-05-01"}, "0.00 10.00 0.00 0.00 10.00", False),
        # a rate that is given is used; 200 x 5 %; 210 x 5 %
        ("hs=420222,value=200.00,origin=US,duty=5%", US, "10.00 10.50 0.00 0.00 20.50", False),
        # bought elsewhere, made elsewhere, by a business, or under supply management: not so
        ("hs=420222,value=200.00,origin=US", US | {"from_": "DE"}, NOTHING, True),
        ("hs=420222,value=200.00,origin=CN", US, NOTHING, True),
        ("hs=420222,value=200.00", US, NOTHING, True),
        ("hs=420222,value=200.00,origin=US", US | {"flow": "b2b"}, NOTHING, True),
        ("hs=040690,value=200.00,origin=US", US, NOTHING, True),
    ],
)  # fmt: skip
def test_goods_for_own_use_need_no_proof_of_origin(
    line: str, more: dict[str, Any], wanted: str, asked: bool
) -> None:
    more = dict(more)
    assert reckon(more.pop("on", "2024-05-01"), line, **more) == (wanted, asked)


@pytest.mark.parametrize("hs", ["300490", "490199", "847130", "851713", "950300", "950450"])
def test_goods_free_from_every_country_need_no_rate(hs: str) -> None:
    # 100 x 5 %
    found = reckon("2024-05-01", f"hs={hs},value=100.00,origin=CN")
    assert found == ("0.00 5.00 0.00 0.00 5.00", False)


@pytest.mark.parametrize(
    ("line", "more", "wanted", "asked"),
    [
        ("hs=610910,value=60.00,origin=CN", {"freight": "25"}, NOTHING, False),
        ("hs=610910,value=60.00,origin=CN", {"channel": "express"}, NOTHING, False),
        # only what exceeds CAD 60: 40 x 18 % = 7.20; 47.20 x 5 %
        (SHIRT.format("100.00"), {}, "7.20 2.36 0.00 0.00 9.56", False),
        # with HST: 47.20 x 13 % = 6.136
        (SHIRT.format("100.00"), {"subdivision": "ON"}, "7.20 6.14 0.00 0.00 13.34", False),
        # 40 of 100 shared 32 and 8: 32 x 18 % = 5.76; 37.76 x 5 % = 1.888 and 8 x 5 %
        (SHIRT.format("80.00") + ";" + BAG.format("20.00"), {}, "5.76 2.29 0.00 0.00 8.05", False),
        # the bottle is no gift free of duty and tax: 30 x 5 %; its excise is for a person
        ("hs=220830,value=30.00,duty=0%;" + BAG.format("50.00"), {}, "0.00 1.50 0.00 0.00 1.50", True),
        # the exemptions of CAD 20 and CAD 60 are not added: 20 x 5 %
        (BAG.format("80.00"), {}, "0.00 1.00 0.00 0.00 1.00", False),
    ],
)  # fmt: skip
def test_hard_case_15_gifts(line: str, more: dict[str, Any], wanted: str, asked: bool) -> None:
    assert reckon("2024-05-01", line, **(GIFT | more)) == (wanted, asked)


@pytest.mark.parametrize(
    ("value", "more", "asks"),
    [
        # by courier it matters where goods of CAD 20.01 to 150 come from, else not
        ("20.00", {"channel": "express"}, False),
        ("30.00", {"channel": "express"}, True),
        ("150.00", {"channel": "express"}, True),
        ("150.01", {"channel": "express"}, False),
        ("30.00", {"channel": "post"}, False),
    ],
)
def test_the_country_of_dispatch_is_asked_for_where_it_matters(
    value: str, more: dict[str, Any], asks: bool
) -> None:
    answer = ask("ca", "2024-05-01", SHIRT.format(value), currency="CAD", **more)
    assert bool(answer.needs_human) is asks


def test_a_missing_province_is_said_and_a_business_has_none() -> None:
    for more, said in (({}, True), ({"subdivision": "ON"}, False), ({"flow": "b2b"}, False)):
        answer = ask("ca", "2024-05-01", BAG.format("100.00"), currency="CAD", **more)
        assert ("province" in {each.about for each in answer.cautions}) is said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("hs=220421,value=15.00,duty=0%", "Excise duty"),
        ("hs=240220,value=15.00,duty=0%", "Excise duty"),
        ("hs=610910,value=50.00", "give the rate as duty="),
        ("value=50.00,what=thing", "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(line: str, says: str) -> None:
    answer = ask("ca", "2024-05-01", line, currency="CAD", from_="CN")
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    assert reckon("2024-05-01", "value=20.00,what=thing") == (NOTHING, False)
    assert reckon("2024-05-01", "value=150.00,what=thing", **US) == (
        "0.00 7.50 0.00 0.00 7.50",
        False,
    )
    assert reckon("2024-05-01", "value=60.00,what=thing", **GIFT) == (NOTHING, False)


def test_hard_case_18_duty_and_tax_come_back_with_the_goods() -> None:
    def back(line: str, **more: Any) -> list[str]:
        answer = ask("ca", "2024-05-01", line, currency="CAD", from_="CN", **more)
        return [f"{each.amount:.2f}" for each in answer.refunds]

    # 18.00 and 118 x 13 %
    assert back(SHIRT.format("100.00"), subdivision="ON") == ["33.34"]
    # 39.99 x 5 % = 1.9995 is 2.00; a business claims otherwise, and nothing comes of nothing
    assert back(BAG.format("39.99")) == ["2.00"]
    assert back(BAG.format("39.80")) == []
    assert back(SHIRT.format("100.00"), flow="b2b") == []
    assert back(SHIRT.format("20.00")) == []
