"""New Zealand: examples reckoned by hand from the acts and the pages of the administration.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.batch import MODES
from pratique.model.evidence import Prior
from pratique.model.outcomes import Assessment
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, sums
from tests.jurisdictions.test_cases import request_of

SHOES = "hs=640399,value={},origin=CN,duty=10%,what=shoes"
BOOKS = "hs=490199,value={},origin=US,duty=0%,what=books"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
SELLER: dict[str, Any] = {"scheme_number": True}
GIFT: dict[str, Any] = {"flow": "c2c"}
CODES = {word: code for code, word in MODES.items()} | {"": ""}


def reckon(on: str, line: str, *, mode: str = "", day_value: str = "", **more: Any) -> Assessment:
    """The quote in New Zealand dollars, by a mode of transport and after other parcels of the day."""
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency=more.pop("currency", "NZD"),
        lines=tuple(line.split(";")),
        expect=Expectation(),
        **more,
    )
    prior = Prior(day_value=Decimal(day_value)) if day_value else Prior()
    request = msgspec.structs.replace(request_of("nz", case), mode=CODES[mode], prior=prior)
    return quote(request, DESK)


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # value 1000 is within whatever the freight; (1000 + 300) x 15 % at sale
        ("2025-09-01", SHOES.format("1000.00"), {**SELLER, "freight": "300.00"}, "0.00 195.00 0.00 195.00 0.00"),
        ("2025-09-01", SHOES.format("1000.00"), {"freight": "300.00"}, NOTHING),
        # above: duty 120 without freight, GST (1200 + 100 + 10 + 120) x 15 %, fees 53.44 + 53.36
        ("2025-09-01", SHOES.format("1200.00"), {"freight": "100.00", "insurance": "10.00"}, "120.00 214.50 106.80 0.00 441.30"),
        # a number of the seller changes nothing for one dear good
        ("2025-09-01", SHOES.format("1200.00"), SELLER, "120.00 198.00 106.80 0.00 424.80"),
        # two of 600: GST on 1200 + 40 at sale; at the border duty 120 and 15 % of it
        ("2025-09-01", SHOES.format("1200.00,qty=2"), {**SELLER, "freight": "40.00"}, "120.00 204.00 106.80 186.00 244.80"),
        # a dear and a cheap good: books 200 at sale, shoes 1100 at the border; (1100 + 110) x 15 %
        ("2025-09-01", SHOES.format("1100.00") + ";" + BOOKS.format("200.00"), SELLER, "110.00 211.50 106.80 30.00 398.30"),
        # a business and a gift within the limit; a business above it
        ("2025-09-01", SHOES.format("900.00"), {**SELLER, "flow": "b2b"}, NOTHING),
        ("2025-09-01", SHOES.format("900.00"), GIFT, NOTHING),
        ("2025-09-01", BOOKS.format("1500.00"), {"flow": "b2b"}, "0.00 225.00 106.80 0.00 331.80"),
        # a gift of 1210: the excess of 1100 bears 110 of duty, GST (1100 + 110) x 15 %
        ("2025-09-01", SHOES.format("1210.00"), GIFT, "110.00 181.50 106.80 0.00 398.30"),
        # neither a code nor a rate is needed within the limit
        ("2025-09-01", "value=999.00", SELLER, "0.00 149.85 0.00 149.85 0.00"),
        ("2025-09-01", "value=999.00", {}, NOTHING),
        # by the old rule the amount counts: 227 x 10 % = 22.70, 249.70 x 15 % = 37.455, 60.16 together
        ("2016-03-01", SHOES.format("226.00"), {}, NOTHING),
        ("2016-03-01", SHOES.format("227.00"), {}, "22.70 37.46 49.24 0.00 109.40"),
        # freight counts: (350 + 49.93) x 15 % = 59.9895, a cent below the limit; (350 + 50) x 15 % reaches it
        ("2016-03-01", BOOKS.format("350.00"), {"freight": "49.93"}, NOTHING),
        ("2016-03-01", BOOKS.format("350.00"), {"freight": "50.00"}, "0.00 60.00 49.24 0.00 109.24"),
        # old gifts: of 300 only 190 is charged, 28.50 of GST, within the waiver; of 600: 490 x 15 % = 73.50
        ("2016-03-01", BOOKS.format("300.00"), GIFT, NOTHING),
        ("2016-03-01", BOOKS.format("600.00"), GIFT, "0.00 73.50 49.24 0.00 122.74"),
        # the levy on low-value goods: 2.21 and 2.09 with GST are 2.54 and 2.40
        ("2026-06-01", BOOKS.format("300.00"), {**SELLER, "channel": "express"}, "0.00 45.00 2.54 45.00 2.54"),
        ("2026-06-01", BOOKS.format("300.00"), {**SELLER, "channel": "cargo", "mode": "sea"}, "0.00 45.00 2.40 45.00 2.40"),
        ("2026-06-01", BOOKS.format("300.00"), {**SELLER, "channel": "cargo", "mode": "air"}, "0.00 45.00 2.54 45.00 2.54"),
        ("2026-06-01", BOOKS.format("300.00"), SELLER, "0.00 45.00 0.00 45.00 0.00"),
        # cargo with no mode named is taken as by sea
        ("2026-06-01", BOOKS.format("300.00"), {**SELLER, "channel": "cargo"}, "0.00 45.00 2.40 45.00 2.40"),
        # computers and books are free of duty without a rate: 1500 x 15 %
        ("2025-09-01", "hs=847130,value=1500.00", {}, "0.00 225.00 106.80 0.00 331.80"),
        ("2016-03-01", "hs=847130,value=399.96", {}, NOTHING),
        ("2016-03-01", "hs=847130,value=400.00", {}, "0.00 60.00 49.24 0.00 109.24"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert sums(reckon(on, line, **more)) == (wanted, False)


@pytest.mark.parametrize(
    ("on", "line", "more", "says"),
    [
        ("2025-09-01", "hs=220421,value=50.00", SELLER, "litre of alcohol"),
        ("2016-03-01", "hs=240220,value=50.00", {}, "weight of tobacco"),
        ("2025-09-01", "hs=710813,value=3000.00,duty=0%", {}, "Fine metal"),
        ("2025-09-01", "hs=640399,value=1500.00", {}, "give the rate as duty="),
        ("2016-03-01", "hs=640399,value=300.00", {}, "give the rate as duty="),
        ("2026-06-01", "hs=490199,value=1500.00,duty=0%", {}, "Levies"),
    ],
)
def test_what_a_person_must_settle(on: str, line: str, more: dict[str, Any], says: str) -> None:
    answer = reckon(on, line, **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_hard_case_4_the_limit_is_on_the_amount_until_november_2019() -> None:
    # the same value is free without duty and charged with it: 390 x 15 % = 58.50; 39 + 64.35
    assert sums(reckon("2019-11-30", BOOKS.format("390.00"))) == (NOTHING, False)
    found = sums(reckon("2019-11-30", SHOES.format("390.00")))
    assert found == ("39.00 64.35 55.71 0.00 159.06", False)
    # what cannot reach the limit at any rate is not asked about
    assert sums(reckon("2019-11-30", "hs=640399,value=225.00")) == (NOTHING, False)


def test_hard_case_5_of_a_gift_only_the_excess_is_charged() -> None:
    # 1,110 with freight of 111: the excess is 1000, and 100 of the freight goes with it; 1100 x 15 %
    answer = reckon("2025-09-01", BOOKS.format("1110.00"), freight="111.00", **GIFT)
    assert {c.name: c.amount for c in answer.charges}["gift_gst"] == Decimal("165.00")


def test_hard_case_16_other_parcels_of_the_day_are_warned_of() -> None:
    for before, warned in (("700.00", False), ("700.01", True)):
        answer = reckon("2025-09-01", BOOKS.format("300.00"), day_value=before)
        assert ("same_craft" in {each.about for each in answer.cautions}) == warned


def test_hard_case_23_a_seller_without_a_number_leaves_the_tax_to_the_border() -> None:
    line = BOOKS.format("1200.00,qty=2")
    assert sums(reckon("2025-09-01", line, **SELLER))[0] == "0.00 180.00 106.80 180.00 106.80"
    assert sums(reckon("2025-09-01", line))[0] == "0.00 180.00 106.80 0.00 286.80"


def test_a_rate_of_exchange_moves_a_parcel_over_the_limit() -> None:
    line = "hs=490199,value=600.00,duty=0%"
    for rate, regime in (("1.6666", "low_value"), ("1.6667", "standard")):
        assert reckon("2025-09-01", line, currency="USD", fx={"USD": rate}).regime == regime
    assert "--fx USD=RATE" in reckon("2025-09-01", line, currency="USD").needs_human[0].because


def test_alcohol_is_no_free_gift() -> None:
    # wine has no allowance: 100 x 5 %; (100 + 50 + 5) x 15 % = 23.25; its excise is for a person
    line = "hs=220421,value=100.00,duty=5%,what=wine"
    answer = reckon("2025-03-01", line, freight="50.00", **GIFT)
    assert answer.regime == "standard"
    assert sums(answer) == ("5.00 23.25 93.44 0.00 121.69", True)


def test_only_gifts_rest_on_what_is_known_of_gifts() -> None:
    for flow, rests in (("c2c", True), ("b2c", False)):
        answer = reckon("2025-09-01", BOOKS.format("1500.00"), flow=flow)
        rules = {each.citation.rule.split("@")[0] for each in answer.cautions}
        assert ("nz/measure/gift_transport" in rules) is rests
