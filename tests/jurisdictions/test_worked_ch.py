"""Switzerland: examples reckoned by hand from the ordinances and the pages of customs.

The five sums are duty, tax, fees, due at sale, due at the border. The taxable value of each rate is taken to the
nearest franc, the tax to the nearest 5 centimes.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.model.evidence import Fixing
from tests.jurisdictions.asked import DESK, ask, sums

SHIRT = "hs=610910,value={},origin=CN,what=cotton T-shirt"
BOOK = "hs=490199,value={},what=book"
SWEETS = "hs=180631,value={},origin=GB,duty=10%,what=chocolate"
WHISKY = "hs=220830,value={},origin=GB,duty=0%,what=whisky"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
SELLER: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}
FEE: dict[str, Any] = {"fee": {"clearance": "16.60"}}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in francs, unless another currency is named."""
    return sums(ask("ch", on, line, currency=more.pop("currency", "CHF"), **more))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # 120 + 5 = 125; x 8.1 % = 10.125, half way between 10.10 and 10.15
        (SHIRT.format("120.00"), {"freight": "5"}, "0.00 10.15 0.00 0.00 10.15"),
        # 120 + 5 + 16.60 = 141.60, taken as 142; x 8.1 % = 11.502
        (SHIRT.format("120.00"), FEE | {"freight": "5"}, "0.00 11.50 0.00 0.00 11.50"),
        # 100 + 8 + 2 = 110; x 8.1 % = 8.91
        (SHIRT.format("100.00"), {"freight": "8", "insurance": "2"}, "0.00 8.90 0.00 0.00 8.90"),
        # 40.30 + 40.30 = 80.60, taken as 81 (line by line it would be 80); x 8.1 % = 6.561
        (SHIRT.format("40.30") + ";" + SHIRT.format("40.30"), {}, "0.00 6.55 0.00 0.00 6.55"),
        # 300 x 2.6 % = 7.80
        (BOOK.format("300.00"), {}, "0.00 7.80 0.00 0.00 7.80"),
        # 60 x 8.1 % = 4.86 and 50 x 2.6 % = 1.30: neither above CHF 5, both together are
        (SHIRT.format("60.00") + ";" + BOOK.format("50.00"), {}, "0.00 6.15 0.00 0.00 6.15"),
        # 40 x 8.1 % = 3.24 and 60 x 2.6 % = 1.56: 3.25 + 1.55 = 4.80
        (SHIRT.format("40.00") + ";" + BOOK.format("60.00"), {}, NOTHING),
        # a fee of 12 shared: 66 x 8.1 % = 5.346 and 66 x 2.6 % = 1.716
        (SHIRT.format("60.00") + ";" + BOOK.format("60.00"), {"fee": {"clearance": "12"}}, "0.00 7.05 0.00 0.00 7.05"),
        # food with duty: 200 x 10 % = 20; 220 x 2.6 % = 5.72
        (SWEETS.format("200.00"), {}, "20.00 5.70 0.00 0.00 25.70"),
        # a business pays as a consumer does
        (SHIRT.format("100.00"), {"flow": "b2b", "channel": "cargo"}, "0.00 8.10 0.00 0.00 8.10"),
        # at sale on the price with transport, to the centime: 259.90 x 8.1 % = 21.0519
        (SHIRT.format("250.00"), SELLER | {"freight": "9.90"}, "0.00 21.05 0.00 21.05 0.00"),
        # the smallest consignment too, and the reduced rate: 20 x 2.6 % = 0.52
        (BOOK.format("20.00"), SELLER, "0.00 0.52 0.00 0.52 0.00"),
        # tax at sale does not do away with duty on food: 20; 200 x 2.6 % = 5.20
        (SWEETS.format("200.00"), SELLER, "20.00 5.20 0.00 5.20 20.00"),
        # since 2024 no duty on industrial goods, whatever rate is given
        ("hs=640399,value=100.00,origin=CN,duty=12%", {}, "0.00 8.10 0.00 0.00 8.10"),
    ],
)  # fmt: skip
def test_parcels_of_2024(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # 62.49 is taken as 62: 5.022, in 5 centimes 5.00, not more than CHF 5
        (SHIRT.format("62.49"), {}, NOTHING),
        # 62.50 is taken as 63: 5.103
        (SHIRT.format("62.50"), {}, "0.00 5.10 0.00 0.00 5.10"),
        # transport counts: 58 + 5 = 63
        (SHIRT.format("58.00"), {"freight": "5"}, "0.00 5.10 0.00 0.00 5.10"),
        # 193 x 2.6 % = 5.018; 194 x 2.6 % = 5.044
        (BOOK.format("193.00"), {}, NOTHING),
        (BOOK.format("194.00"), {}, "0.00 5.05 0.00 0.00 5.05"),
        # duty of 5.00 is not levied and not in the base: 50 x 2.6 % = 1.30, not levied either
        (SWEETS.format("50.00"), {}, NOTHING),
        # duty of 5.05 is levied, tax is not: 55.55 is taken as 56, x 2.6 % = 1.456
        (SWEETS.format("50.50"), {}, "5.05 0.00 0.00 0.00 5.05"),
        # for the whole declaration: 3.00 + 3.00; (33 + 33) x 2.6 % = 1.716
        (SWEETS.format("30.00") + ";" + SWEETS.format("30.00"), {}, "6.00 0.00 0.00 0.00 6.00"),
    ],
)
def test_hard_case_4_threshold_on_the_tax_amount(
    line: str, more: dict[str, Any], wanted: str
) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("value", "fee", "wanted"),
    [
        # 13 + 3 % of 100 = 16.00; 116 x 8.1 % = 9.396
        ("100.00", "16.00", "0.00 9.40 0.00 0.00 9.40"),
        # the fee is in the base, but not in the test of CHF 5: 62 without it
        ("62.00", "14.86", NOTHING),
        # 63 is above the test; 63 + 14.89 = 77.89, taken as 78, x 8.1 % = 6.318
        ("63.00", "14.89", "0.00 6.30 0.00 0.00 6.30"),
    ],
)
def test_hard_case_8_carrier_fee_inside_the_base(value: str, fee: str, wanted: str) -> None:
    found = reckon("2024-05-01", SHIRT.format(value), fee={"clearance": fee})
    assert found == (wanted, False)


def test_hard_case_8_a_fee_that_is_not_named_is_missed() -> None:
    for fee, missed in (({}, True), ({"clearance": "16.00"}, False)):
        answer = ask("ch", "2024-05-01", SHIRT.format("100.00"), currency="CHF", fee=fee)
        assert ("clearance_fee" in {each.about for each in answer.cautions}) is missed


@pytest.mark.parametrize(
    ("on", "value", "tax"),
    [
        # 196.70 -> 197; x 8.1 % = 15.957 -> 15.95
        ("2024-05-01", "196.70", "15.95"),
        # 192.24 -> 192; x 7.7 % = 14.784 -> 14.80
        ("2021-05-03", "192.24", "14.80"),
        # 540.61 -> 541; x 7.7 % = 41.657 -> 41.65
        ("2018-02-15", "540.61", "41.65"),
        # 250.49 -> 250; x 8.1 % = 20.25, and 250.50 -> 251; 20.331 -> 20.35
        ("2024-05-01", "250.49", "20.25"),
        ("2024-05-01", "250.50", "20.35"),
    ],
)
def test_hard_case_10_rounding_chain(on: str, value: str, tax: str) -> None:
    line = f"hs=850811,value={value},duty=0%"
    assert reckon(on, line) == (f"0.00 {tax} 0.00 0.00 {tax}", False)


@pytest.mark.parametrize(
    ("line", "more", "wanted", "asked"),
    [
        # transport does not count towards CHF 100
        (SHIRT.format("100.00"), {"freight": "30"}, NOTHING, False),
        (SHIRT.format("60.00") + ";" + SHIRT.format("40.00"), {}, NOTHING, False),
        # above it all is taxed: 101 x 8.1 % = 8.181
        (SHIRT.format("101.00"), {}, "0.00 8.20 0.00 0.00 8.20", False),
        (SHIRT.format("60.00") + ";" + SHIRT.format("41.00"), {}, "0.00 8.20 0.00 0.00 8.20", False),
        # duty on food in a gift above CHF 100: 15; 165 x 2.6 % = 4.29, not levied
        (SWEETS.format("150.00"), {}, "15.00 0.00 0.00 0.00 15.00", False),
        (SWEETS.format("90.00"), {}, NOTHING, False),
        # the bottle is taxed, the toy beside it not: 70 x 8.1 % = 5.67; the tax on spirits is for a person
        (WHISKY.format("70.00") + ";hs=950300,value=25.00", {}, "0.00 5.65 0.00 0.00 5.65", True),
        # a small gift that a shop sends for a buyer is no gift
        (SHIRT.format("90.00"), {"flow": "b2c"}, "0.00 7.30 0.00 0.00 7.30", False),
    ],
)  # fmt: skip
def test_hard_case_15_gifts(line: str, more: dict[str, Any], wanted: str, asked: bool) -> None:
    assert reckon("2024-05-01", line, **(GIFT | more)) == (wanted, asked)


def test_hard_case_18_returns_are_refunded_less_a_fee() -> None:
    def back(value: str) -> tuple[Decimal | None, Decimal | None]:
        (refund,) = ask("ch", "2024-05-01", SHIRT.format(value), currency="CHF").refunds
        return refund.less, refund.amount

    # 8.1 % of 100 is less than the least fee; of 10,000 the fee is 5 % of 810; of 200,000 it is capped
    assert back("100.00") == (Decimal(30), Decimal(0))
    assert back("10000.00") == (Decimal("40.50"), Decimal("769.50"))
    assert back("200000.00") == (Decimal(500), Decimal(15700))


def test_a_parcel_crosses_the_limit_with_the_exchange_rate() -> None:
    # 70 x 0.885 = 61.95, taken as 62; 70 x 0.90 = 63, x 8.1 % = 5.103
    line = SHIRT.format("70.00")
    for rate, wanted in (("0.885", NOTHING), ("0.90", "0.00 5.10 0.00 0.00 5.10")):
        found = reckon("2024-05-01", line, currency="USD", fx={"USD": rate})
        assert found == (wanted, False)
    asked = ask("ch", "2024-05-01", line, currency="USD").needs_human
    assert "--fx USD=RATE" in asked[0].because


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (WHISKY.format("80.00"), "Tax on spirits"),
        ("hs=240220,value=80.00,duty=0%", "tobacco"),
        ("hs=870321,value=9000.00", "motor vehicles"),
        # food is no industrial good: duty by weight is not in the file
        ("hs=090121,value=80.00", "give the rate as duty="),
        ("hs=350110,value=80.00", "give the rate as duty="),
        ("hs=02,value=500.00,what=meat", "give the rate as duty="),
    ],
)
def test_what_a_person_must_settle(line: str, says: str) -> None:
    answer = ask("ch", "2024-05-01", line, currency="CHF")
    assert says in " ".join(each.because for each in answer.needs_human)


def test_tax_at_sale_asks_nothing_that_does_not_matter() -> None:
    # a gift within its limit needs no rate of duty, not even before 2024
    assert reckon("2020-05-01", "value=90.00", **GIFT) == (NOTHING, False)


def test_goods_without_a_tariff_number_are_industrial_goods_since_2024() -> None:
    thing = "value=500.00,what=thing"
    assert reckon("2024-01-01", thing) == ("0.00 40.50 0.00 0.00 40.50", False)
    assert reckon("2023-12-31", thing)[1]


def test_before_2024_a_light_duty_is_left_aside_and_told() -> None:
    answer = ask("ch", "2023-12-31", "hs=850811,value=150.00,origin=CN", currency="CHF")
    assert sums(answer) == ("0.00 11.55 0.00 0.00 11.55", False)
    assert "light_duty" in {each.about for each in answer.cautions}
    # clothes bear more for each kilogram, and a person is asked
    assert reckon("2023-12-31", SHIRT.format("150.00"))[1]
    # but not in a parcel of up to CHF 65, which bears no tax either
    assert reckon("2023-12-31", SHIRT.format("65.00")) == (NOTHING, False)
    assert reckon("2023-12-31", "value=65.00,what=thing") == (NOTHING, False)
    assert reckon("2023-12-31", "hs=090121,value=65.00")[1]


@pytest.mark.parametrize("name", ["clearance", "customs", "handling", "storage"])
def test_hard_case_8_a_charge_of_the_carrier_counts_whatever_its_name(name: str) -> None:
    # 100 + 16 = 116; x 8.1 % = 9.396
    assert reckon("2025-03-01", SHIRT.format("100.00"), fee={name: "16.00"}) == (
        "0.00 9.40 0.00 0.00 9.40",
        False,
    )


def test_hard_case_11_the_rate_of_the_day_before_counts() -> None:
    law = DESK.law_in_force("CH", date(2025, 3, 1))
    assert law.fixing == Fixing(source="BAZG", rule="day_before", most_days=7)
