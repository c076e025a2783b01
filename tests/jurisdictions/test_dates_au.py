"""Australia: before and after GST on low value imported goods, and who pays it where."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.batch import MODES
from pratique.model.outcomes import Assessment
from pratique.office.quote import quote
from tests.jurisdictions.asked import DESK, ask, owed
from tests.jurisdictions.test_cases import request_of

JEANS = "hs=620342,value={},qty={},origin=IT,duty=5%"
SELLER = {"scheme_number": True}
CODES = {word: code for code, word in MODES.items()} | {"": ""}


def by_mode(on: str, line: str, *, mode: str = "", **more: Any) -> Assessment:
    """The quote in Australian dollars by a mode of transport."""
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency="AUD",
        lines=(line,),
        expect=Expectation(),
        **more,
    )
    return quote(msgspec.structs.replace(request_of("au", case), mode=CODES[mode]), DESK)


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        ("2018-06-30", JEANS.format("300.00", 1), SELLER, "low_value", "0", "0"),
        ("2018-07-01", JEANS.format("300.00", 1), SELLER, "low_value_sale", "35.00", "0"),
        # the limit is on the goods, without freight
        ("2024-01-01", JEANS.format("1000.00", 1), SELLER, "low_value_sale", "105.00", "0"),
        ("2024-01-01", JEANS.format("1000.01", 1), SELLER, "standard", "0", "253.00"),
        # together above the limit, each below: duty at the border, GST at sale; 93 of charges
        ("2024-01-01", JEANS.format("1200.00", 3), SELLER, "standard", "125.00", "153.00"),
        # the seller is not registered
        ("2024-01-01", JEANS.format("300.00", 1), {}, "low_value", "0", "0"),
        ("2024-01-01", JEANS.format("1200.00", 3), {}, "standard", "0", "284.00"),
        # a business that gave its ABN, and a gift
        ("2024-01-01", JEANS.format("300.00", 1), {"flow": "b2b", **SELLER}, "low_value", "0", "0"),
        ("2024-01-01", JEANS.format("300.00", 1), {"flow": "c2c"}, "low_value", "0", "0"),
        ("2024-01-01", JEANS.format("1200.00", 3), {"flow": "c2c"}, "standard", "0", "284.00"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("au", on, line, currency="AUD", freight="50.00", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


def test_in_a_mixed_consignment_no_good_is_taxed_twice() -> None:
    lines = (
        "hs=620342,value=400.00,origin=IT,duty=5%;hs=910111,value=1600.00,qty=1,origin=CH,duty=5%"
    )
    answer = ask("au", "2024-01-01", lines, currency="AUD", freight="100.00", **SELLER)
    taxes = {(c.name, c.line): c.amount for c in answer.charges if c.kind == "tax"}
    assert taxes == {
        ("gst_at_sale", 1): Decimal("42.00"),
        ("import_gst", 2): Decimal("176.00"),
    }
    assert answer.total("duty") == Decimal("100.00")


def test_wine_pays_at_the_border_whatever_its_value() -> None:
    line = "hs=220421,value=100.00,duty=5%"
    answer = ask("au", "2024-01-01", line, currency="AUD", freight="50.00", **SELLER)
    taxes = {c.name: c.amount for c in answer.charges}
    assert taxes["customs_duty"] == Decimal("5.00")
    assert taxes["wine_tax"] == Decimal("44.95")
    assert owed(answer)[0] == "standard"


def test_an_exchange_rate_moves_a_parcel_over_the_limit() -> None:
    line = "hs=620342,value=650.00,origin=IT,duty=5%"
    for rate, regime in (("1.5384", "low_value_sale"), ("1.5385", "standard")):
        answer = ask("au", "2024-01-01", line, currency="USD", fx={"USD": rate}, **SELLER)
        assert answer.regime == regime


@pytest.mark.parametrize(
    ("on", "value", "more", "fees"),
    [
        # the charge of customs since 2016, and in two steps of value
        ("2015-12-31", "5000.00", {}, "0"),
        ("2016-01-01", "5000.00", {}, "83"),
        ("2016-01-01", "9999.99", {}, "83"),
        ("2016-01-01", "10000.00", {}, "185"),
        # the charge for biosecurity, by air and by post
        ("2019-12-31", "5000.00", {}, "83"),
        ("2020-01-01", "5000.00", {}, "88"),
        ("2023-06-30", "5000.00", {}, "88"),
        ("2023-07-01", "5000.00", {}, "93"),
        ("2024-06-30", "5000.00", {}, "93"),
        ("2024-07-01", "5000.00", {}, "95"),
        ("2025-07-01", "5000.00", {}, "95"),
        # and by sea
        ("2019-12-31", "5000.00", {"mode": "sea"}, "92"),
        ("2020-01-01", "5000.00", {"mode": "sea"}, "99"),
        ("2023-01-15", "5000.00", {"mode": "sea"}, "99"),
        ("2023-01-16", "5000.00", {"mode": "sea"}, "108"),
        ("2023-06-30", "5000.00", {"mode": "sea"}, "108"),
        ("2023-07-01", "5000.00", {"mode": "sea"}, "113"),
        ("2024-06-30", "5000.00", {"mode": "sea"}, "113"),
        ("2024-07-01", "5000.00", {"mode": "sea"}, "116"),
        # nothing up to AUD 1,000
        ("2024-07-01", "1000.00", {}, "0"),
    ],
)
def test_the_charges_of_a_declaration(on: str, value: str, more: dict[str, str], fees: str) -> None:
    channel = "cargo" if more else "express"
    answer = by_mode(on, JEANS.format(value, 1), channel=channel, **more)
    assert answer.total("fee") == Decimal(fees)
    assert not answer.needs_human


def test_remarks_that_come_and_go() -> None:
    for on, value, about, warned in (
        ("2015-12-31", "5000.00", "processing_charge", True),
        ("2016-01-01", "5000.00", "processing_charge", False),
        ("2024-09-30", "100.00", "clearance_charge", False),
        ("2024-10-01", "100.00", "clearance_charge", True),
        ("2025-06-30", "5000.00", "biosecurity_2025", False),
        ("2025-07-01", "5000.00", "biosecurity_2025", True),
    ):
        answer = by_mode(on, JEANS.format(value, 1), channel="express")
        assert (about in {each.about for each in answer.cautions}) == warned, (on, about)


def test_vapes_ask_a_person_since_march_2024() -> None:
    for on, asked in (("2024-02-29", False), ("2024-03-01", True)):
        answer = ask("au", on, "hs=854340,value=50.00,origin=CN", currency="AUD", **SELLER)
        assert bool(answer.needs_human) == asked
