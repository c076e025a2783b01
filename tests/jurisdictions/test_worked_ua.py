"""Ukraine: examples reckoned by hand from the codes, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border, in hryvnia; one euro is 45 hryvnia, so that EUR 150
are 6,750.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.asked_with import ask_with

DAY = "2025-06-01"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
BUSINESS: dict[str, Any] = {"flow": "b2b", "channel": "express"}


def goods(value: str, more: str = "") -> str:
    """One line of clothes."""
    return f"hs=610910,value={value},origin=CN,what=clothes{more}"


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in hryvnia, unless another currency is named."""
    more = {"fx": {"EUR": "45"}, **more}
    return sums(ask("ua", on, line, currency=more.pop("currency", "UAH"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        (DAY, goods("6750.00"), {}, NOTHING),
        # a kopiika more: 10 % of 0.01 is nothing, and so is 20 %
        (DAY, goods("6750.01"), {}, NOTHING),
        # 1,000 above: 100, and 20 % of 1,100
        (DAY, goods("7750.00"), {}, "100.00 220.00 0.00 0.00 320.00"),
        # 3,249.99 above: 324.999 -> 325.00; 20 % of 3,574.99 = 714.998
        (DAY, goods("9999.99"), {}, "325.00 715.00 0.00 0.00 1040.00"),
        # the rate of the tariff plays no part for citizens, nor does freight
        (DAY, goods("7750.00", ",duty=12%"), {"freight": "900.00"}, "100.00 220.00 0.00 0.00 320.00"),
        (DAY, goods("6750.00"), {"freight": "900.00", "channel": "express"}, NOTHING),
        # private gifts have the same limit
        (DAY, goods("7750.00"), {"flow": "c2c"}, "100.00 220.00 0.00 0.00 320.00"),
        # three lines are one parcel: 9,000 - 6,750 = 2,250; 225 and 20 % of 2,475
        (DAY, goods("3000.00") + ";" + goods("3000.00") + ";" + goods("3000.00"), {}, "225.00 495.00 0.00 0.00 720.00"),
        # a business: customs value with freight 7,000 + 750 = 7,750; 12 % of 1,000 = 120; 20 % of 1,120
        (DAY, goods("7000.00", ",duty=12%"), {**BUSINESS, "freight": "750.00"}, "120.00 224.00 0.00 0.00 344.00"),
        # of two lines the excess of 2,250 is shared 3 to 6: 750 x 0 % and 1,500 x 10 %; 20 % of 750 and of 1,650
        (DAY, goods("3000.00", ",duty=0%") + ";" + goods("6000.00", ",duty=10%"), BUSINESS, "150.00 480.00 0.00 0.00 630.00"),
        # up to the limit no rate is needed
        (DAY, goods("6750.00"), BUSINESS, NOTHING),
        # cargo: 7,000 + 500 = 7,500; 12 % = 900; 20 % of 8,400
        (DAY, goods("7000.00", ",duty=12%"), {"channel": "cargo", "flow": "b2b", "freight": "500.00"}, "900.00 1680.00 0.00 0.00 2580.00"),
        # EUR 10,000 = 450,000 is still a citizen's parcel: 443,250 above
        (DAY, goods("450000.00"), {}, "44325.00 97515.00 0.00 0.00 141840.00"),
        (DAY, goods("450000.01", ",duty=0%"), {}, "0.00 90000.00 0.00 0.00 90000.00"),
        # 2020: VAT above EUR 100 = 4,500, duty above 6,750: 7,000 -> 25; 20 % of 2,500 + 25
        ("2020-06-01", goods("7000.00"), {}, "25.00 505.00 0.00 0.00 530.00"),
        ("2020-06-01", goods("4500.00"), {}, NOTHING),
        ("2020-06-01", goods("7750.00", ",duty=10%"), BUSINESS, "100.00 220.00 0.00 0.00 320.00"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_hard_case_5_only_the_excess_is_taxed() -> None:
    for value, total in (("6750.00", 0), ("6850.00", 32), ("13500.00", 2160)):
        assert ask("ua", DAY, goods(value), currency="UAH", fx={"EUR": "45"}).total() == total


def test_hard_case_16_parcels_that_come_together_are_added() -> None:
    def asked(**prior: str) -> Any:
        more: dict[str, Any] = {"currency": "UAH", "fx": {"EUR": "45"}}
        return ask_with("ua", DAY, goods("3000.00"), prior=prior or None, **more)

    unknown, within, partly, beyond = (
        asked(),
        asked(day_value="3750.00"),
        asked(day_value="4750.00"),
        asked(day_value="9000.00"),
    )
    assert "parcels_together" in {each.about for each in unknown.cautions}
    assert "parcels_together" not in {each.about for each in within.cautions}
    # what is left of 6,750: 3,000, 2,000 and nothing; above it 0, 1,000 and 3,000
    assert [sums(each)[0] for each in (unknown, within, partly, beyond)] == [
        NOTHING,
        NOTHING,
        "100.00 220.00 0.00 0.00 320.00",
        "300.00 660.00 0.00 0.00 960.00",
    ]


def test_a_price_in_dollars_is_held_against_a_limit_in_euro() -> None:
    # USD 180 x 41.2345 = 7,422.21; EUR 150 x 44.9876 = 6,748.14; above it 674.07: 67.407 -> 67.41; 20 % of 741.48
    fx = {"USD": "41.2345", "EUR": "44.9876"}
    found = reckon(DAY, goods("180.00"), currency="USD", fx=fx)
    assert found == ("67.41 148.30 0.00 0.00 215.71", False)
    asked = ask("ua", DAY, goods("7000.00"), currency="UAH").needs_human
    assert "--fx EUR=RATE" in asked[0].because


@pytest.mark.parametrize(
    ("line", "more", "about"),
    [
        ("hs=220421,value=900.00,duty=10%", {}, "excise"),
        ("hs=240220,value=900.00,duty=10%", {}, "excise"),
        (goods("9000.00"), BUSINESS, "business_duty"),
        (goods("9000.00"), {"channel": "cargo"}, "customs_duty"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], about: str) -> None:
    answer = ask("ua", DAY, line, currency="UAH", fx={"EUR": "45"}, **more)
    assert about in {each.about for each in answer.needs_human}
