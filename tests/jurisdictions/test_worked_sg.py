"""Singapore: examples reckoned by hand from the act and the pages of the administration.

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
from tests.jurisdictions.asked import DESK, ask, sums
from tests.jurisdictions.test_cases import request_of

SHOES = "hs=640399,value={},origin=CN,what=shoes"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
VENDOR: dict[str, Any] = {"scheme_number": True}
CODES = {word: code for code, word in MODES.items()} | {"": ""}


def reckon(
    on: str,
    line: str,
    *,
    mode: str = "",
    day_value: str = "",
    sold_on: date | None = None,
    **more: Any,
) -> Assessment:
    """The quote in Singapore dollars, by a mode of transport and after other parcels of the day."""
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency=more.pop("currency", "SGD"),
        lines=tuple(line.split(";")),
        expect=Expectation(),
        **more,
    )
    prior = Prior(day_value=Decimal(day_value)) if day_value else Prior()
    request = msgspec.structs.replace(
        request_of("sg", case), mode=CODES[mode], prior=prior, sold_on=sold_on
    )
    return quote(request, DESK)


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # the relief is held against CIF: 380 + 20 = 400 is within, a cent more is taxed in full
        ("2025-06-01", SHOES.format("380.00"), {"freight": "20.00"}, NOTHING),
        ("2025-06-01", SHOES.format("380.00"), {"freight": "20.01"}, "0.00 36.00 0.00 0.00 36.00"),
        ("2025-06-01", SHOES.format("390.00"), {"freight": "5.00", "insurance": "6.00"}, "0.00 36.09 0.00 0.00 36.09"),
        # the scheme is held against the price: 400 is low value, (400 + 60) x 9 % at sale
        ("2025-06-01", SHOES.format("400.00"), {**VENDOR, "freight": "60.00"}, "0.00 41.40 0.00 41.40 0.00"),
        ("2025-06-01", SHOES.format("400.01"), {**VENDOR, "freight": "60.00"}, "0.00 41.40 0.00 0.00 41.40"),
        # it is one piece that counts: 3 x 300; 9 % of 900
        ("2025-06-01", SHOES.format("900.00,qty=3"), VENDOR, "0.00 81.00 0.00 81.00 0.00"),
        ("2025-06-01", SHOES.format("900.00,qty=3"), {}, "0.00 81.00 0.00 0.00 81.00"),
        # GST once on the sum: 33.33 + 33.33 + 33.33 = 99.99, 9 % is 8.9991
        ("2025-06-01", ";".join([SHOES.format("33.33")] * 3), VENDOR, "0.00 9.00 0.00 9.00 0.00"),
        # a mixed parcel: 200 of the vendor at sale, 600 at the border, freight 40 as 10 and 30
        ("2025-06-01", SHOES.format("200.00") + ";" + SHOES.format("600.00"), {**VENDOR, "freight": "40.00"}, "0.00 75.60 0.00 18.90 56.70"),
        # no dutiable goods but four kinds: a rate of duty given for shoes changes nothing
        ("2025-06-01", SHOES.format("500.00,duty=12%"), {}, "0.00 45.00 0.00 0.00 45.00"),
        # motorcycle parts are no vehicles; a motorcycle pays 12 % and GST on it: 2240 x 9 %
        ("2025-06-01", "hs=871110,value=2000.00,duty=12%", {}, "240.00 201.60 0.00 0.00 441.60"),
        ("2025-06-01", "hs=871410,value=300.00", VENDOR, "0.00 27.00 0.00 27.00 0.00"),
        # a business and a gift: nothing at sale, the relief at the border
        ("2025-06-01", SHOES.format("350.00"), {**VENDOR, "flow": "b2b"}, NOTHING),
        ("2025-06-01", SHOES.format("350.00"), {"flow": "c2c"}, NOTHING),
        ("2025-06-01", SHOES.format("450.00"), {**VENDOR, "flow": "c2c"}, "0.00 40.50 0.00 0.00 40.50"),
        # halves up: 9 % of 400.50 is 36.045
        ("2025-06-01", SHOES.format("400.50"), {}, "0.00 36.05 0.00 0.00 36.05"),
        # sea, rail and road: no relief, no scheme, whoever sells
        ("2025-06-01", SHOES.format("100.00"), {"channel": "cargo", "mode": "sea"}, "0.00 9.00 0.00 0.00 9.00"),
        ("2025-06-01", SHOES.format("100.00"), {"channel": "express", "mode": "road", **VENDOR}, "0.00 9.00 0.00 0.00 9.00"),
        ("2025-06-01", SHOES.format("100.00"), {"channel": "cargo", "mode": "air", **VENDOR}, "0.00 9.00 0.00 9.00 0.00"),
        ("2025-06-01", SHOES.format("100.00"), {"channel": "cargo", "mode": "air"}, NOTHING),
        # cargo above the limit pays at the border by any mode
        ("2025-06-01", SHOES.format("1000.00"), {"channel": "cargo"}, "0.00 90.00 0.00 0.00 90.00"),
        # the carrier's fee is not in the base
        ("2025-06-01", SHOES.format("500.00"), {"fee": {"clearance": "20.00"}}, "0.00 45.00 0.00 0.00 45.00"),
        # neither a code nor a rate is needed
        ("2025-06-01", "value=300.00", VENDOR, "0.00 27.00 0.00 27.00 0.00"),
        ("2025-06-01", "value=300.00", {}, NOTHING),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert sums(reckon(on, line, **more)) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220421,value=100.00", {}, "litre of alcohol"),
        ("hs=240220,value=100.00", VENDOR, "weight of tobacco"),
        ("hs=271019,value=100.00", {}, "petroleum"),
        ("hs=870323,value=9000.00", {}, "give the rate as duty="),
        ("hs=854340,value=20.00", VENDOR, "may not be imported"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = reckon("2025-06-01", line, **more)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_hard_case_3_two_limits_on_two_measures() -> None:
    # 395 + 25: the price is within the scheme, the CIF value is above the relief
    line = SHOES.format("395.00")
    found = sums(reckon("2025-06-01", line, freight="25.00", **VENDOR))
    assert found == ("0.00 37.80 0.00 37.80 0.00", False)
    found = sums(reckon("2025-06-01", line, freight="25.00"))
    assert found == ("0.00 37.80 0.00 0.00 37.80", False)


def test_hard_case_5_above_the_limit_the_whole_value_is_taxed() -> None:
    assert sums(reckon("2025-06-01", SHOES.format("400.00"))) == (NOTHING, False)
    found = sums(reckon("2025-06-01", SHOES.format("410.00")))
    assert found == ("0.00 36.90 0.00 0.00 36.90", False)


def test_hard_case_12_the_same_parcel_by_air_and_by_sea() -> None:
    for mode, border in (("air", "0"), ("sea", "27.00"), ("rail", "27.00"), ("road", "27.00")):
        answer = reckon("2025-06-01", SHOES.format("300.00"), channel="cargo", mode=mode)
        assert answer.total(moment="border") == Decimal(border)


def test_hard_case_16_other_parcels_of_the_day_are_warned_of() -> None:
    line = SHOES.format("300.00")
    for before, warned in (("100.00", False), ("100.01", True)):
        answer = reckon("2025-06-01", line, day_value=before)
        assert ("same_flight" in {each.about for each in answer.cautions}) == warned


def test_hard_case_23_without_the_number_the_border_taxes_and_the_answer_says_who_repays() -> None:
    line = SHOES.format("600.00,qty=2")
    assert sums(reckon("2025-06-01", line)) == ("0.00 54.00 0.00 0.00 54.00", False)
    answer = reckon("2025-06-01", line, **VENDOR)
    assert sums(answer) == ("0.00 54.00 0.00 54.00 0.00", False)
    warned = {each.about: each.because for each in answer.cautions}
    assert "claims it back from the seller" in warned["double_tax"]


def test_a_rate_of_exchange_moves_a_parcel_over_the_limit() -> None:
    # 300 x 1.3333 = 399.99; 300 x 1.3334 = 400.02, 9 % is 36.0018
    line = SHOES.format("300.00")
    for rate, border in (("1.3333", "0"), ("1.3334", "36.00")):
        answer = reckon("2025-06-01", line, currency="USD", fx={"USD": rate})
        assert answer.total(moment="border") == Decimal(border)
    asked = ask("sg", "2025-06-01", line, currency="USD").needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_cargo_is_taken_to_come_by_sea_unless_a_mode_is_given() -> None:
    for line, more in ((SHOES.format("100.00"), {}), (SHOES.format("100.00"), VENDOR)):
        answer = reckon("2025-06-01", line, channel="cargo", **more)
        assert sums(answer) == ("0.00 9.00 0.00 0.00 9.00", False)
        assert "cargo_not_by_air" in {each.about for each in answer.cautions}
    # three pieces of 300 each: 9 % of 900 at the border, where by air they would be taxed at sale
    answer = reckon("2025-06-01", SHOES.format("900.00,qty=3"), channel="cargo", **VENDOR)
    assert sums(answer) == ("0.00 81.00 0.00 0.00 81.00", False)


def test_hard_case_24_the_day_of_sale_decides_what_is_charged_at_sale() -> None:
    line = SHOES.format("100.00")
    # bought in 2022 there was no tax at sale, and SGD 100 is free at the border
    before = reckon("2023-01-10", line, sold_on=date(2022, 12, 31), **VENDOR)
    assert sums(before) == (NOTHING, False)
    first = reckon("2023-01-10", line, sold_on=date(2023, 1, 1), **VENDOR)
    assert sums(first) == ("0.00 8.00 0.00 8.00 0.00", False)
    # bought and paid for in 2023 it bears 8 %, though it comes in 2024
    for sold_on, wanted in (
        (date(2023, 12, 31), "8.00"),
        (date(2024, 1, 1), "9.00"),
        (None, "9.00"),
    ):
        answer = reckon("2024-01-10", line, sold_on=sold_on, **VENDOR)
        assert sums(answer) == (f"0.00 {wanted} 0.00 {wanted} 0.00", False)
        assert ("day_of_sale" in {each.about for each in answer.cautions}) == (sold_on is None)
    # at the border the rate of the day of importation counts, whenever it was bought
    border = reckon("2024-01-10", SHOES.format("500.00"), sold_on=date(2023, 12, 31), **VENDOR)
    assert sums(border) == ("0.00 45.00 0.00 0.00 45.00", False)
