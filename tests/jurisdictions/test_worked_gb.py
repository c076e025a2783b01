"""Great Britain: examples reckoned by hand from HMRC's notices, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from datetime import date
from typing import Any

import pytest

from pratique.model.evidence import Fixing
from tests.jurisdictions.asked import DESK, ask, sums

SHIRT = "hs=610910,value={},origin=CN,what=cotton T-shirt"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
GIFT: dict[str, Any] = {"flow": "c2c"}


NUMBER: dict[str, Any] = {"scheme_number": True}
BUSINESS: dict[str, Any] = {"flow": "b2b"}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in pounds, unless another currency is named."""
    return sums(ask("gb", on, line, currency=more.pop("currency", "GBP"), **more))


def gifts(*values: str) -> str:
    """One line for each value."""
    return ";".join(SHIRT.format(value) for value in values)


@pytest.mark.parametrize(
    ("on", "value", "wanted"),
    [
        ("2012-12-31", "40.00", NOTHING),
        ("2013-01-01", "36.00", NOTHING),
        ("2013-01-01", "36.01", "0.00 7.20 0.00 0.00 7.20"),
        ("2015-12-31", "36.00", NOTHING),
        ("2016-01-01", "34.00", NOTHING),
        ("2016-01-01", "34.01", "0.00 6.80 0.00 0.00 6.80"),
        ("2016-12-31", "34.01", "0.00 6.80 0.00 0.00 6.80"),
        ("2017-01-01", "39.00", NOTHING),
        ("2025-03-01", "39.00", NOTHING),
        ("2025-03-01", "39.01", "0.00 7.80 0.00 0.00 7.80"),
    ],
)
def test_the_limit_for_gifts_follows_the_euro(on: str, value: str, wanted: str) -> None:
    assert reckon(on, gifts(value), **GIFT) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # 30 fits under 39, 20 no longer does
        (gifts("30.00", "20.00"), {}, "0.00 4.00 0.00 0.00 4.00"),
        # the one above the limit is taxed in full, the others fit together
        (gifts("15.00", "50.00", "20.00"), {}, "0.00 10.00 0.00 0.00 10.00"),
        (gifts(*["8.00"] * 6), {}, "0.00 3.20 0.00 0.00 3.20"),
        (gifts("39.00"), {"freight": "15.00"}, NOTHING),
        (gifts("40.00"), {"freight": "5.00"}, "0.00 9.00 0.00 0.00 9.00"),
        # above GBP 135 duty is 2.5 %, or the tariff's rate when it is lower: (140 + 3.50) x 20 %
        (SHIRT.format("140.00,duty=12%"), {}, "3.50 28.70 0.00 0.00 32.20"),
        (SHIRT.format("140.00,duty=1.7%"), {}, "2.38 28.48 0.00 0.00 30.86"),
        (SHIRT.format("140.00,duty=0%"), {}, "0.00 28.00 0.00 0.00 28.00"),
        (SHIRT.format("630.00,duty=12%"), {}, "15.75 129.15 0.00 0.00 144.90"),
        # above GBP 630 the tariff: 75.601, cut off at the penny
        (SHIRT.format("630.01,duty=12%"), {}, "75.60 141.12 0.00 0.00 216.72"),
    ],
)
def test_hard_case_15_gifts_between_private_persons(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("2025-03-01", line, **GIFT, **more) == (wanted, False)


def test_a_gift_without_a_rate_of_duty_is_reckoned_at_the_flat_rate() -> None:
    answer = ask("gb", "2025-03-01", gifts("200.00"), currency="GBP", **GIFT)
    assert sums(answer) == ("5.00 41.00 0.00 0.00 46.00", False)
    assert "gift_flat_rate" in {each.about for each in answer.cautions}
    # above GBP 630 the tariff decides, and nobody gave its rate
    assert reckon("2025-03-01", gifts("630.00"), **GIFT) == ("15.75 129.15 0.00 0.00 144.90", False)
    assert reckon("2025-03-01", gifts("630.01"), **GIFT)[1]


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # GBP 39 / 8 is four pieces; two of six are taxed, and a third of the postage with them
        (SHIRT.format("48.00,qty=6"), {}, "0.00 3.20 0.00 0.00 3.20"),
        (SHIRT.format("48.00,qty=6"), {"freight": "9.00"}, "0.00 3.80 0.00 0.00 3.80"),
        (SHIRT.format("39.00,qty=6"), {}, NOTHING),
        # no piece at 50 fits
        (SHIRT.format("100.00,qty=2"), {}, "0.00 20.00 0.00 0.00 20.00"),
        # one of ten at 30 is free; duty on the nine
        (SHIRT.format("300.00,qty=10"), {}, "6.75 55.35 0.00 0.00 62.10"),
    ],
)
def test_hard_case_5_pieces_of_one_line_are_allocated_to_the_limit(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("2025-03-01", line, **GIFT, **more) == (wanted, False)


def test_pieces_beside_other_lines_ask_for_lines_of_their_own() -> None:
    other = ";" + SHIRT.format("5.00")
    assert reckon("2025-03-01", SHIRT.format("48.00,qty=6") + other, **GIFT)[1]
    assert not reckon("2025-03-01", SHIRT.format("100.00,qty=2") + other, **GIFT)[1]


@pytest.mark.parametrize(
    ("line", "wanted", "about"),
    [
        ("hs=490199,value=20.00,what=book", NOTHING, "zero_rate"),
        ("hs=490199,value=200.00,duty=0%,what=books", NOTHING, "zero_rate"),
        ("hs=611120,value=50.00,what=romper", NOTHING, "zero_rate"),
        ("hs=090230,value=50.00,what=tea", NOTHING, "zero_rate"),
        # a book and a toy with GBP 4 of delivery: 22 x 20 %
        ("hs=490199,value=20.00;hs=950300,value=20.00", "0.00 4.40 0.00 4.40 0.00", "zero_rate"),
        ("hs=180631,value=50.00,what=chocolate", "0.00 10.00 0.00 10.00 0.00", "reduced_rates"),
        ("hs=610910,value=50.00,what=T-shirt", "0.00 10.00 0.00 10.00 0.00", "childrens_clothes"),
    ],
)  # fmt: skip
def test_some_goods_bear_no_vat(line: str, wanted: str, about: str) -> None:
    freight = {"freight": "4.00"} if ";" in line else {}
    answer = ask("gb", "2025-03-01", line, currency="GBP", **freight)
    assert sums(answer) == (wanted, False)
    assert about in {each.about for each in answer.cautions}


def test_the_channel_islands_lost_the_relief_of_vat_in_april_2012() -> None:
    line = "hs=852349,value=10.00,what=CD"
    for on, origin, tax in (
        ("2012-03-31", "JE", "0.00"),
        ("2012-04-01", "JE", "2.00"),
        ("2012-04-01", "GG", "2.00"),
        ("2012-04-01", "US", "0.00"),
    ):
        wanted = f"0.00 {tax} 0.00 0.00 {tax}"
        assert reckon(on, line, from_=origin) == (wanted, False)


AMPLIFIER = "hs=851840,value={},origin=US,duty=2.7%"


@pytest.mark.parametrize(
    ("on", "value", "wanted"),
    [
        # 333.00 x 2.7 % = 8.99 was waived, 333.34 x 2.7 % = 9.00 only since 2014
        ("2012-06-01", "333.00", "0.00 66.60 0.00 0.00 66.60"),
        ("2012-06-01", "333.34", "9.00 68.47 0.00 0.00 77.47"),
        ("2014-02-01", "333.34", "0.00 66.67 0.00 0.00 66.67"),
        ("2020-12-31", "333.71", "9.01 68.54 0.00 0.00 77.55"),
        ("2020-12-31", "333.00", "0.00 66.60 0.00 0.00 66.60"),
        ("2021-01-01", "333.00", "8.99 68.40 0.00 0.00 77.39"),
    ],
)
def test_duty_of_a_few_pounds_was_waived_until_2020(on: str, value: str, wanted: str) -> None:
    assert reckon(on, AMPLIFIER.format(value)) == (wanted, False)


def test_an_unknown_rate_of_duty_is_not_asked_for_where_duty_is_relieved() -> None:
    assert reckon("2012-06-01", SHIRT.format("100.00")) == ("0.00 20.00 0.00 0.00 20.00", False)
    assert reckon("2025-03-01", SHIRT.format("135.00")) == ("0.00 27.00 0.00 27.00 0.00", False)


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # at sale up to GBP 135 of goods, on price and delivery, whether or not the seller gives a number
        ("2025-03-01", SHIRT.format("120.00"), {**NUMBER, "freight": "5.00"}, "0.00 25.00 0.00 25.00 0.00"),
        ("2025-03-01", SHIRT.format("120.00"), {"freight": "5.00"}, "0.00 25.00 0.00 25.00 0.00"),
        ("2025-03-01", SHIRT.format("135.00"), {"freight": "40.00"}, "0.00 35.00 0.00 35.00 0.00"),
        ("2025-03-01", SHIRT.format("33.33"), {}, "0.00 6.67 0.00 6.67 0.00"),
        ("2025-03-01", "value=100.00,what=thing", {}, "0.00 20.00 0.00 20.00 0.00"),
        # a penny more: duty of 16.2012, then VAT on 151.21 at the border
        ("2025-03-01", SHIRT.format("135.01,duty=12%"), NUMBER, "16.20 30.24 0.00 0.00 46.44"),
        # the goods of one consignment are added
        ("2025-03-01", SHIRT.format("100.00,duty=12%") + ";" + SHIRT.format("50.00,duty=12%"), {}, "18.00 33.60 0.00 0.00 51.60"),
        # duty on price and freight: 220 x 10 %, VAT on 242
        ("2025-03-01", SHIRT.format("200.00,duty=10%"), {"freight": "20.00"}, "22.00 48.40 0.00 0.00 70.40"),
        # a business that gives its number accounts for the VAT itself, up to GBP 135
        ("2025-03-01", SHIRT.format("135.00"), {**BUSINESS, **NUMBER}, NOTHING),
        ("2025-03-01", SHIRT.format("135.00"), BUSINESS, "0.00 27.00 0.00 27.00 0.00"),
        ("2025-03-01", SHIRT.format("200.00,duty=5%"), {**BUSINESS, **NUMBER}, "10.00 42.00 0.00 0.00 52.00"),
        # perfume is no excise good, so VAT is due at sale; but it has no relief from duty
        ("2025-03-01", "hs=330300,value=50.00,duty=0%", {}, "0.00 10.00 0.00 10.00 0.00"),
        ("2025-03-01", "hs=330300,value=50.00,duty=2%", {}, "1.00 10.00 0.00 10.00 1.00"),
        ("2020-12-31", "hs=330300,value=10.00,duty=0%", {}, "0.00 2.00 0.00 0.00 2.00"),
        # before 2021: nothing up to GBP 15 (18 before November 2011), VAT at the border above
        ("2011-10-31", SHIRT.format("18.00"), {}, NOTHING),
        ("2011-10-31", SHIRT.format("18.01"), {}, "0.00 3.60 0.00 0.00 3.60"),
        ("2011-11-01", SHIRT.format("18.00"), {}, "0.00 3.60 0.00 0.00 3.60"),
        ("2011-11-01", SHIRT.format("15.00"), {}, NOTHING),
        ("2020-12-31", SHIRT.format("15.00"), {"freight": "9.00"}, NOTHING),
        ("2020-12-31", SHIRT.format("15.01"), {}, "0.00 3.00 0.00 0.00 3.00"),
        ("2021-01-01", SHIRT.format("15.00"), {}, "0.00 3.00 0.00 3.00 0.00"),
        ("2020-12-31", SHIRT.format("135.00"), {}, "0.00 27.00 0.00 0.00 27.00"),
        ("2020-12-31", SHIRT.format("135.01,duty=12%"), {}, "16.20 30.24 0.00 0.00 46.44"),
    ],
)  # fmt: skip
def test_goods_that_are_sold(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("hs=220830,value=50.00,duty=0%", "excise"),
        # one bottle moves the whole parcel to the border
        (SHIRT.format("100.00,duty=12%") + ";hs=220421,value=20.00,duty=0%", "excise"),
        (SHIRT.format("135.01"), "import_duty"),
    ],
)
def test_what_a_person_must_settle(line: str, about: str) -> None:
    answer = ask("gb", "2025-03-01", line, currency="GBP", **NUMBER)
    assert about in {each.about for each in answer.needs_human}
    assert not answer.total(moment="sale")


def test_hard_case_11_an_exchange_rate_moves_a_parcel_over_the_limit_and_is_asked_for() -> None:
    line = SHIRT.format("170.00,duty=12%")
    below = reckon("2025-03-01", line, currency="USD", fx={"USD": "0.7941"})
    above = reckon("2025-03-01", line, currency="USD", fx={"USD": "0.7942"})
    assert below == ("0.00 27.00 0.00 27.00 0.00", False)
    assert above == ("16.20 30.24 0.00 0.00 46.44", False)
    asked = ask("gb", "2025-03-01", line, currency="USD").needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_a_business_buyer_is_told_that_the_vat_is_for_it_to_account() -> None:
    answer = ask("gb", "2025-03-01", SHIRT.format("100.00"), currency="GBP", **BUSINESS, **NUMBER)
    told = {each.name: each.because for each in answer.not_due}
    assert "the buyer accounts for the VAT" in told["supply_vat"]
    assert "No customs duty" in told["import_duty"]


def test_hard_case_11_the_monthly_rate_of_hmrc_counts() -> None:
    law = DESK.law_in_force("GB", date(2025, 3, 1))
    assert law.fixing == Fixing(source="HMRC", rule="month", most_days=31)


def test_until_2020_what_came_from_the_european_union_was_no_import() -> None:
    line = SHIRT.format("100.00")
    assert reckon("2020-12-31", line, from_="DE") == (NOTHING, False)
    assert reckon("2021-01-01", line, from_="DE") == ("0.00 20.00 0.00 20.00 0.00", False)


def test_goods_free_in_the_tariff_need_no_rate() -> None:
    wanted = "0.00 80.00 0.00 0.00 80.00"
    assert reckon("2025-03-01", "hs=851713,value=400.00,what=smartphone") == (wanted, False)


def test_hard_case_2_the_limit_is_on_the_goods_and_the_charge_on_all() -> None:
    line = SHIRT.format("{},duty=12%")
    assert (
        reckon("2025-03-01", line.format("135.00"), freight="40.00")[0]
        == "0.00 35.00 0.00 35.00 0.00"
    )
    # 175.01 x 12 % = 21.00; (175.01 + 21.00) x 20 %
    assert (
        reckon("2025-03-01", line.format("135.01"), freight="40.00")[0]
        == "21.00 39.20 0.00 0.00 60.20"
    )


def test_hard_case_10_duty_is_cut_off_at_the_penny_and_vat_is_rounded() -> None:
    # 139.99 x 4.5 % = 6.29955; 146.28 x 20 % = 29.256
    assert reckon("2025-03-01", SHIRT.format("139.99,duty=4.5%"))[0] == "6.29 29.26 0.00 0.00 35.55"


def test_hard_case_17_a_discount_brings_a_parcel_under_the_limit() -> None:
    assert reckon("2025-03-01", SHIRT.format("140.00,duty=12%"))[0] == "16.80 31.36 0.00 0.00 48.16"
    assert reckon("2025-03-01", SHIRT.format("135.00,duty=12%"))[0] == "0.00 27.00 0.00 27.00 0.00"
