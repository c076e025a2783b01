"""Norway: examples reckoned by hand from the pages of the administration, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border. At the border amounts are whole kroner.
"""

from datetime import date
from typing import Any

import pytest

from pratique.model.evidence import Fixing
from tests.jurisdictions.asked import DESK, ask, sums

SHOES = "hs=640399,value={},origin=CN,what=shoes"
SHIRT = "hs=610910,value={},origin=CN,duty=10.7%,what=cotton T-shirt"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
VOEC: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in kroner, unless another currency is named."""
    return sums(ask("no", on, line, currency=more.pop("currency", "NOK"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # each item below NOK 3,000 without freight, VAT at sale on the price with freight
        ("2024-05-01", SHOES.format("2999.00"), {**VOEC, "freight": "200"}, "0.00 799.75 0.00 799.75 0.00"),
        ("2024-05-01", SHOES.format("3000.00"), VOEC, "0.00 750.00 0.00 0.00 750.00"),
        # the limit is for one piece, not for a line and not for a parcel
        ("2024-05-01", SHOES.format("5000.00,qty=2"), VOEC, "0.00 1250.00 0.00 1250.00 0.00"),
        ("2024-05-01", SHOES.format("2000.00") + ";" + SHOES.format("2000.00"), VOEC, "0.00 1000.00 0.00 1000.00 0.00"),
        # under VOEC even clothes are free of duty
        ("2024-05-01", SHIRT.format("500.00"), VOEC, "0.00 125.00 0.00 125.00 0.00"),
        # a mixed parcel: 4000 x 10.7 % = 428; 4428 x 25 % = 1107
        ("2024-05-01", SHOES.format("1000.00") + ";" + SHIRT.format("4000.00"), VOEC, "428.00 1357.00 0.00 250.00 1535.00"),
        # foodstuffs are no VOEC goods; 15 %
        ("2024-05-01", "hs=180631,value=200.00,duty=0%", VOEC, "0.00 30.00 0.00 0.00 30.00"),
        # a business and a seller without a number: at the border
        ("2024-05-01", SHOES.format("1000.00"), {**VOEC, "flow": "b2b"}, "0.00 250.00 0.00 0.00 250.00"),
        ("2024-05-01", SHOES.format("1000.00"), {}, "0.00 250.00 0.00 0.00 250.00"),
        # 500 x 10.7 % = 53.50, up to 54; 554 x 25 % = 138.50, up to 139
        ("2024-05-01", SHIRT.format("500.00"), {}, "54.00 139.00 0.00 0.00 193.00"),
        # 5102 x 25 % = 1275.50, up to 1276
        ("2024-05-01", SHOES.format("5000.00"), {"freight": "102"}, "0.00 1276.00 0.00 0.00 1276.00"),
        ("2024-05-01", "hs=490199,value=900.00", {}, NOTHING),
        # below NOK 350 with freight: relief to March 2020, then no declaration to the end of 2023
        ("2020-03-31", SHOES.format("349.00"), VOEC, NOTHING),
        ("2020-03-31", SHOES.format("350.00"), VOEC, "0.00 88.00 0.00 0.00 88.00"),
        ("2020-04-01", SHOES.format("349.00"), VOEC, "0.00 87.25 0.00 87.25 0.00"),
        ("2020-04-01", SHOES.format("349.00"), {}, NOTHING),
        ("2023-12-31", SHOES.format("300.00"), {"freight": "49.99"}, NOTHING),
        ("2023-12-31", SHOES.format("300.00"), {"freight": "50.00"}, "0.00 88.00 0.00 0.00 88.00"),
        ("2024-01-01", SHOES.format("100.00"), {}, "0.00 25.00 0.00 0.00 25.00"),
        # gifts: below NOK 1,000 without freight, all of it taxed from there
        ("2024-05-01", SHOES.format("999.00"), {**GIFT, "freight": "300"}, NOTHING),
        ("2024-05-01", SHOES.format("1000.00"), GIFT, "0.00 250.00 0.00 0.00 250.00"),
        ("2024-05-01", SHOES.format("600.00") + ";" + SHOES.format("500.00"), GIFT, "0.00 275.00 0.00 0.00 275.00"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220421,value=200.00,duty=0%", VOEC, "Special taxes"),
        ("hs=610910,value=500.00", {}, "give the rate as duty="),
        ("hs=0406,value=500.00,what=cheese", {}, "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("no", "2024-05-01", line, currency="NOK", **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_nothing_is_asked_that_does_not_matter() -> None:
    # under VOEC, within the old limit and in a small gift no rate of duty is needed
    assert reckon("2024-05-01", "value=500.00", **VOEC) == ("0.00 125.00 0.00 125.00 0.00", False)
    assert reckon("2023-12-31", "value=300.00") == (NOTHING, False)
    assert reckon("2024-05-01", "value=999.00", **GIFT) == (NOTHING, False)


def test_a_foreign_price_is_converted_first() -> None:
    # 100 x 10.905 = 1090.50; 25 % of it is 272.625
    line = SHOES.format("100.00")
    found = reckon("2024-05-01", line, currency="USD", fx={"USD": "10.905"}, **VOEC)
    assert found == ("0.00 272.63 0.00 272.63 0.00", False)
    asked = ask("no", "2024-05-01", line, currency="USD", **VOEC).needs_human
    assert "--fx USD=RATE" in asked[0].because


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # 21350 x 25 % = 5337.50, half a krone goes up
        ("hs=680221,value=21350.00,duty=0%", {}, "0.00 5338.00 0.00 0.00 5338.00"),
        # 50600 x 10.7 % = 5414.20 -> 5414; 56014 x 25 % = 14003.50 -> 14004
        ("hs=620342,value=50600.00,duty=10.7%", {}, "5414.00 14004.00 0.00 0.00 19418.00"),
        # 10 x 10.7 % = 1.07 -> 1; 11 x 25 % = 2.75 -> 3; line by line: twice
        (SHIRT.format("10.00") + ";" + SHIRT.format("10.00"), {}, "2.00 6.00 0.00 0.00 8.00"),
        # at sale nothing is rounded to kroner: 999.90 x 25 % = 249.975
        (SHOES.format("999.90"), VOEC, "0.00 249.98 0.00 249.98 0.00"),
    ],
)
def test_hard_case_10_duty_and_tax_each_to_the_whole_krone(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("rate", "wanted"),
    [
        # GBP 20 are NOK 198 when ordered and 201 when they arrive: 50.25 -> 50
        ("9.90", NOTHING),
        ("10.05", "0.00 50.00 0.00 0.00 50.00"),
    ],
)
def test_hard_case_11_a_parcel_crosses_the_limit_on_its_way(rate: str, wanted: str) -> None:
    line = "hs=852349,value=20.00,what=film"
    found = reckon("2012-06-01", line, currency="GBP", fx={"GBP": rate})
    assert found == (wanted, False)


@pytest.mark.parametrize(
    ("on", "lines", "more", "wanted"),
    [
        # medicine is no VOEC good, the shoes beside it are: 200 x 25 % at the border
        ("2024-05-01", SHOES.format("1000.00") + ";hs=300490,value=200.00", VOEC, "0.00 300.00 0.00 250.00 50.00"),
        # food outside the exemption took the whole parcel with it: 100 x 25 %, 50 x 15 % = 7.50 -> 8
        ("2022-05-02", SHOES.format("100.00") + ";hs=180631,value=50.00,duty=0%", {}, "0.00 33.00 0.00 0.00 33.00"),
        ("2022-05-02", SHOES.format("100.00") + ";" + SHOES.format("50.00"), {}, NOTHING),
        # a book did not count towards the limit of the taxable goods, and bears nothing
        ("2022-05-02", SHOES.format("340.00") + ";hs=490199,value=500.00", {}, NOTHING),
    ],
)  # fmt: skip
def test_hard_case_14_a_mixed_parcel(
    on: str, lines: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon(on, lines, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted", "asked"),
    [
        # medicine: no exemption under NOK 350 since 2020, no VOEC; 100 x 25 %
        ("2022-05-02", "hs=300490,value=100.00", {}, "0.00 25.00 0.00 0.00 25.00", False),
        ("2022-05-02", "hs=300490,value=100.00", VOEC, "0.00 25.00 0.00 0.00 25.00", False),
        ("2019-12-31", "hs=300490,value=100.00", {}, NOTHING, False),
        # alcohol never was in it; special taxes are for a person
        ("2019-12-31", "hs=220421,value=100.00,duty=0%", {}, "0.00 25.00 0.00 0.00 25.00", True),
        ("2024-05-01", "hs=220421,value=100.00,duty=0%", GIFT, "0.00 25.00 0.00 0.00 25.00", True),
    ],
)
def test_hard_case_19_excise_and_restricted_goods_have_no_simplification(
    on: str, line: str, more: dict[str, Any], wanted: str, asked: bool
) -> None:
    assert reckon(on, line, **more) == (wanted, asked)


def test_goods_without_a_code_are_ordinary_goods_free_of_duty() -> None:
    answer = ask("no", "2024-05-01", "value=1000.00,what=headphones", currency="NOK")
    assert sums(answer) == ("0.00 250.00 0.00 0.00 250.00", False)
    assert "no_hs_code" in {each.about for each in answer.cautions}


def test_hard_case_11_the_rate_of_customs_counts() -> None:
    law = DESK.law_in_force("NO", date(2025, 3, 1))
    assert law.fixing == Fixing(source="Tolletaten", rule="latest")
