"""Australia: before and after GST on low value imported goods, and who pays it where."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

JEANS = "hs=620342,value={},qty={},origin=IT,duty=5%"
SELLER = {"scheme_number": True}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        ("2018-06-30", JEANS.format("300.00", 1), SELLER, "low_value", "0", "0"),
        ("2018-07-01", JEANS.format("300.00", 1), SELLER, "low_value_sale", "35.00", "0"),
        # the limit is on the goods, without freight
        ("2024-01-01", JEANS.format("1000.00", 1), SELLER, "low_value_sale", "105.00", "0"),
        ("2024-01-01", JEANS.format("1000.01", 1), SELLER, "standard", "0", "160.00"),
        # together above the limit, each below: duty at the border, GST at sale
        ("2024-01-01", JEANS.format("1200.00", 3), SELLER, "standard", "125.00", "60.00"),
        # the seller is not registered
        ("2024-01-01", JEANS.format("300.00", 1), {}, "low_value", "0", "0"),
        ("2024-01-01", JEANS.format("1200.00", 3), {}, "standard", "0", "191.00"),
        # a business that gave its ABN, and a gift
        ("2024-01-01", JEANS.format("300.00", 1), {"flow": "b2b", **SELLER}, "low_value", "0", "0"),
        ("2024-01-01", JEANS.format("300.00", 1), {"flow": "c2c"}, "low_value", "0", "0"),
        ("2024-01-01", JEANS.format("1200.00", 3), {"flow": "c2c"}, "standard", "0", "191.00"),
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
