"""Thailand: examples reckoned by hand from the announcements and samples of customs, with the reasoning.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

SHIRT = "hs=610910,value={},origin=CN,duty=30%,what=cotton T-shirt"
BAG = "hs=420221,value={},origin=CN,duty=20%,what=handbag"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
LAST_YEAR = "2025-06-02"
NOW = "2026-03-02"


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in baht, unless another currency is named."""
    return sums(ask("th", on, line, currency=more.pop("currency", "THB"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # 4,000: 30 %; 7 % of 5,200
        (NOW, SHIRT.format("3500"), {"freight": "500"}, "1200.00 364.00 0.00 0.00 1564.00"),
        (NOW, SHIRT.format("3400"), {"freight": "500", "insurance": "100"}, "1200.00 364.00 0.00 0.00 1564.00"),
        # freight counts for the limit: 1,500, then 1,501: 300.20; 7 % of 1,801.20
        (LAST_YEAR, BAG.format("1400"), {"freight": "100"}, "0.00 105.00 0.00 0.00 105.00"),
        (LAST_YEAR, BAG.format("1400"), {"freight": "101"}, "300.20 126.08 0.00 0.00 426.28"),
        # two lines at the limit together: 7 % of 800 and of 700
        (LAST_YEAR, SHIRT.format("800") + ";" + SHIRT.format("700"), {}, "0.00 105.00 0.00 0.00 105.00"),
        # and above it, all of it: 853.3333 and 746.6667; 256.00 and 224.00; 77.65 and 67.95
        (LAST_YEAR, SHIRT.format("800") + ";" + SHIRT.format("700"), {"freight": "100"}, "480.00 145.60 0.00 0.00 625.60"),
        # books bear neither
        (NOW, "hs=490199,value=2000,origin=GB,duty=0%", {}, NOTHING),
        # free of duty, 7 % of 12,000
        (NOW, "hs=851713,value=12000,origin=CN,duty=0%", {"channel": "express"}, "0.00 840.00 0.00 0.00 840.00"),
        # a business has the same law: 10 %; 7 % of 110,000
        (NOW, "hs=847989,value=100000,origin=CN,duty=10%", {"flow": "b2b", "channel": "cargo"}, "10000.00 7700.00 0.00 0.00 17700.00"),
        # a gift too
        (NOW, "hs=950300,value=500,origin=CN,duty=10%", {"flow": "c2c"}, "50.00 38.50 0.00 0.00 88.50"),
        # USD 60 at 35.20: 2,112; 633.60; 7 % of 2,745.60 is 192.192
        (NOW, SHIRT.format("60"), {"currency": "USD", "fx": {"USD": "35.20"}}, "633.60 192.19 0.00 0.00 825.79"),
        # to the satang: 99.999; 7 % of 433.33 is 30.3331
        (NOW, SHIRT.format("333.33"), {}, "100.00 30.33 0.00 0.00 130.33"),
        # a special fee set by law enters the base of VAT, the carrier's does not: 7 % of 11,500
        (NOW, "hs=847989,value=10000,origin=CN,duty=10%", {"fee": {"special": "500", "clearance": "300"}}, "1000.00 805.00 0.00 0.00 1805.00"),
        # before 2024-07-05 nothing at all up to the limit
        ("2023-05-25", SHIRT.format("1500"), {}, NOTHING),
        ("2023-05-25", SHIRT.format("1500.01"), {}, "450.00 136.50 0.00 0.00 586.50"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_hard_case_7_excise_lies_inside_its_own_base() -> None:
    # 13,000 x 0.08 / (1 - 0.088) = 1,140.35; 10 % of it 114.04; 7 % of 14,254.39 is 997.81
    line = "hs=330300,value=10000,origin=FR,duty=30%"
    found = reckon(NOW, line)
    assert found == ("3000.00 2252.20 0.00 0.00 5252.20", True)


@pytest.mark.parametrize(
    ("on", "line", "says"),
    [
        (NOW, "hs=330300,value=10000,origin=FR,duty=30%", "Excise tax on perfume"),
        (NOW, "hs=220830,value=1000,origin=GB,duty=60%", "Liquor and tobacco"),
        ("2023-05-25", "hs=240220,value=500,origin=US,duty=60%", "Liquor and tobacco"),
        (NOW, "hs=871120,value=50000,origin=JP,duty=60%", "Excise tax and interior tax"),
        ("2023-05-25", "hs=300490,value=500,origin=US,duty=10%", "need a permit"),
        (NOW, "hs=080212,value=500,origin=US,duty=10%", "Unprocessed farm produce"),
        (NOW, "hs=610910,value=100,origin=CN", "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(on: str, line: str, says: str) -> None:
    answer = ask("th", on, line, currency="THB")
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    # below the limit no rate of duty is needed, and perfume bears no excise
    assert reckon(LAST_YEAR, "value=1500") == ("0.00 105.00 0.00 0.00 105.00", False)
    assert reckon("2023-05-25", "hs=330300,value=1500,origin=FR") == (NOTHING, False)


def test_goods_that_need_a_permit_have_no_relief() -> None:
    # 500 x 10 %; 7 % of 550
    found = reckon("2023-05-25", "hs=300490,value=500,origin=US,duty=10%")
    assert found == ("50.00 38.50 0.00 0.00 88.50", True)
