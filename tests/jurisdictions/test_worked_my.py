"""Malaysia: examples reckoned by hand from the orders and the pages of customs and couriers.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.batch import MODES
from pratique.model.outcomes import Assessment
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, sums
from tests.jurisdictions.test_cases import request_of

SHOES = "hs=640399,value={},origin=CN,duty=10%,what=shoes"
BAG = "hs=420292,value={},origin=CN,duty=0%,what=bag"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
SELLER: dict[str, Any] = {"scheme_number": True}
SEA: dict[str, Any] = {"channel": "cargo", "mode": "sea"}
CODES = {word: code for code, word in MODES.items()} | {"": ""}


def reckon(
    on: str, line: str, *, mode: str = "", sold_on: date | None = None, **more: Any
) -> Assessment:
    """The quote in ringgit, unless another currency is named, by a mode of transport."""
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency=more.pop("currency", "MYR"),
        lines=tuple(line.split(";")),
        expect=Expectation(),
        **more,
    )
    request = msgspec.structs.replace(request_of("my", case), mode=CODES[mode], sold_on=sold_on)
    return quote(request, DESK)


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # the relief is held against CIF: 480 + 20 is within, a sen more is taxed in full
        ("2025-03-01", SHOES.format("480.00"), {"freight": "20.00"}, NOTHING),
        # 500.01 x 10 % = 50.00; (500.01 + 50.00) x 10 % = 55.001
        ("2025-03-01", SHOES.format("480.00"), {"freight": "20.01"}, "50.00 55.00 0.00 0.00 105.00"),
        # the tax at sale is on the price alone
        ("2025-03-01", SHOES.format("480.00"), {**SELLER, "freight": "20.00"}, "0.00 48.00 0.00 48.00 0.00"),
        # a good of 500 with freight of 40: tax at sale, and duty on 540 at the border without tax on it
        ("2025-03-01", SHOES.format("500.00"), {**SELLER, "freight": "40.00"}, "54.00 50.00 0.00 50.00 54.00"),
        # a sen dearer: nothing at sale; duty 54.001, tax (540.01 + 54.00) x 10 % = 59.401
        ("2025-03-01", SHOES.format("500.01"), {**SELLER, "freight": "40.00"}, "54.00 59.40 0.00 0.00 113.40"),
        # it is one piece that counts
        ("2025-03-01", BAG.format("900.00,qty=2"), SELLER, "0.00 90.00 0.00 90.00 0.00"),
        ("2025-03-01", BAG.format("900.00,qty=1"), SELLER, "0.00 90.00 0.00 0.00 90.00"),
        # one good at sale, one at the border: 200 and 700, freight 90 as 20 and 70; 770 x 10 %
        ("2025-03-01", BAG.format("200.00") + ";" + BAG.format("700.00"), {**SELLER, "freight": "90.00"}, "0.00 97.00 0.00 20.00 77.00"),
        # by sea there is no relief, but the tax at sale is the same
        ("2025-03-01", SHOES.format("100.00"), SEA, "10.00 11.00 0.00 0.00 21.00"),
        ("2025-03-01", SHOES.format("100.00"), {**SEA, **SELLER}, "10.00 10.00 0.00 10.00 10.00"),
        ("2025-03-01", SHOES.format("100.00"), {"channel": "express", "mode": "road"}, "10.00 11.00 0.00 0.00 21.00"),
        ("2025-03-01", SHOES.format("100.00"), {"channel": "cargo", "mode": "air"}, NOTHING),
        # gifts: no sale, the same relief
        ("2025-03-01", SHOES.format("400.00"), {**SELLER, "flow": "c2c"}, NOTHING),
        ("2025-03-01", BAG.format("600.00"), {"flow": "c2c"}, "0.00 60.00 0.00 0.00 60.00"),
        # before 2018: GST of 6 % on value and duty, 550 x 10 % = 55, 605 x 6 %
        ("2017-03-01", SHOES.format("550.00"), {}, "55.00 36.30 0.00 0.00 91.30"),
        ("2017-03-01", SHOES.format("500.00"), {}, NOTHING),
        # neither a code nor a rate is needed within the relief; a phone bears 10 % at sale
        ("2025-03-01", "value=300.00", {}, NOTHING),
        ("2025-03-01", "hs=851713,value=300.00", SELLER, "0.00 30.00 0.00 30.00 0.00"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert sums(reckon(on, line, **more)) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220421,value=100.00,duty=0%", SELLER, "Excise duty"),
        ("hs=870322,value=20000.00,duty=30%", {}, "Excise duty"),
        ("hs=640399,value=600.00", {}, "give the rate as duty="),
        ("hs=851713,value=900.00,duty=0%", {}, "may be 5 % or nil"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = reckon("2025-03-01", line, **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_hard_case_3_two_limits_on_two_measures() -> None:
    # 490 + 30: the price is within the one, the CIF value above the other
    line = BAG.format("490.00")
    assert (
        sums(reckon("2025-03-01", line, freight="30.00", **SELLER))[0]
        == "0.00 49.00 0.00 49.00 0.00"
    )
    assert sums(reckon("2025-03-01", line, freight="30.00"))[0] == "0.00 52.00 0.00 0.00 52.00"


def test_hard_case_12_the_same_parcel_by_air_and_by_sea() -> None:
    for mode, border in (("air", "0"), ("sea", "30.00"), ("rail", "30.00"), ("road", "30.00")):
        answer = reckon("2025-03-01", BAG.format("300.00"), channel="cargo", mode=mode)
        assert answer.total(moment="border") == Decimal(border)


def test_hard_case_23_without_the_number_the_border_may_tax_again() -> None:
    answer = reckon("2025-03-01", BAG.format("900.00,qty=2"), **SELLER)
    assert "charge sales tax again" in {e.about: e.because for e in answer.cautions}["double_tax"]
    assert sums(reckon("2025-03-01", BAG.format("900.00,qty=2")))[0] == "0.00 90.00 0.00 0.00 90.00"


def test_goods_for_smoking_have_neither_relief_nor_tax_at_sale() -> None:
    # a pipe of 100: duty 5, tax 10.50
    found = sums(reckon("2025-03-01", "hs=961400,value=100.00,duty=5%", **SELLER))
    assert found == ("5.00 10.50 0.00 0.00 15.50", False)


def test_a_business_is_charged_at_sale_with_a_caution() -> None:
    answer = reckon("2025-03-01", BAG.format("300.00"), flow="b2b", **SELLER)
    assert sums(answer) == ("0.00 30.00 0.00 30.00 0.00", False)
    assert "business_buyer" in {each.about for each in answer.cautions}


def test_a_foreign_price_needs_its_rate() -> None:
    line = BAG.format("100.00")
    # 100 x 4.45 = 445
    found = sums(reckon("2025-03-01", line, currency="USD", fx={"USD": "4.45"}, **SELLER))
    assert found == ("0.00 44.50 0.00 44.50 0.00", False)
    asked = reckon("2025-03-01", line, currency="USD", **SELLER).needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_cargo_is_taken_to_come_by_sea_unless_a_mode_is_given() -> None:
    # 100 x 10 % = 10; 110 x 10 % = 11
    answer = reckon("2025-03-01", SHOES.format("100.00"), channel="cargo")
    assert sums(answer) == ("10.00 11.00 0.00 0.00 21.00", False)
    assert "cargo_not_by_air" in {each.about for each in answer.cautions}
    # sold by a registered seller it is taxed at sale by any way, and bears the duty
    answer = reckon("2025-03-01", SHOES.format("100.00"), channel="cargo", **SELLER)
    assert sums(answer) == ("10.00 10.00 0.00 10.00 10.00", False)


def test_hard_case_24_goods_bought_before_the_tax_are_free_of_it() -> None:
    for sold_on, wanted in ((date(2023, 12, 31), "0.00"), (date(2024, 1, 1), "10.00")):
        answer = reckon("2024-01-10", BAG.format("100.00"), sold_on=sold_on, **SELLER)
        assert sums(answer) == (f"0.00 {wanted} 0.00 {wanted} 0.00", False)
        assert "day_of_sale" not in {each.about for each in answer.cautions}


def test_books_bear_no_sales_tax_at_the_border() -> None:
    book = "hs=490199,value=900.00,origin=GB,duty=0%,what=books"
    assert sums(reckon("2025-03-01", book)) == (NOTHING, False)
    assert sums(reckon("2019-03-01", book)) == (NOTHING, False)
    # beside a bag of 600 only the bag is taxed: 60
    both = reckon("2025-03-01", f"{book};{BAG.format('600.00')}")
    assert sums(both) == ("0.00 60.00 0.00 0.00 60.00", False)
