"""Norway: examples reckoned by hand from the pages of the administration, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border. At the border amounts are whole kroner.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

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
        ("value=500.00,what=thing", {}, "give the rate as duty="),
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
