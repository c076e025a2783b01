"""The published rate that binds in each place, and that a rate given with the question goes before it."""

from datetime import date
from decimal import Decimal

import pytest

from pratique.jurisdictions import Library
from pratique.model.evidence import Evidence, ExchangeRate, Published, RateTable

LIBRARY = Library(Library.shipped_folders())
RATES = {
    "2025-05-31": "1.01",
    "2025-06-01": "1.02",
    "2025-06-11": "1.03",
    "2025-06-12": "1.04",
    "2025-06-13": "1.05",
}


def table(source: str, home: str) -> RateTable:
    """One foreign currency, published by that source on five days."""
    return RateTable(
        Published(
            source=source,
            day=date.fromisoformat(day),
            base="EUR",
            quote=home,
            rate=Decimal(rate),
        )
        for day, rate in RATES.items()
    )


@pytest.mark.parametrize(
    ("place", "source", "on", "rate"),
    [
        # of the day itself, or the last before it; none that is too old
        ("ca", "CBSA", "2025-06-12", "1.04"),
        ("au", "ABF", "2025-06-12", "1.04"),
        ("nz", "NZ Customs", "2025-06-15", "1.05"),
        ("nz", "NZ Customs", "2025-07-04", None),
        ("za", "SARS", "2025-06-13", "1.05"),
        ("za", "SARS", "2025-06-24", None),
        ("ua", "NBU", "2025-06-13", "1.05"),
        # of the day before
        ("br", "BCB", "2025-06-13", "1.04"),
        ("br", "BCB", "2025-06-12", "1.03"),
        ("mx", "Banxico", "2025-06-13", "1.04"),
        ("tr", "TCMB", "2025-06-13", "1.04"),
        # of the first of the month, the whole month
        ("cl", "Aduanas de Chile", "2025-06-01", "1.02"),
        ("cl", "Aduanas de Chile", "2025-06-30", "1.02"),
        ("cl", "Aduanas de Chile", "2025-07-01", None),
        # of nobody else
        ("br", "ECB", "2025-06-13", None),
        ("za", "ECB", "2025-06-13", None),
    ],
)
def test_the_rate_that_binds(place: str, source: str, on: str, rate: str | None) -> None:
    day = date.fromisoformat(on)
    law = LIBRARY.law_in_force(place, day)
    evidence = Evidence(table=table(source, law.currency))
    found = evidence.into(law.currency, law.fixing, day).get("EUR")
    assert (found and str(found.rate)) == rate
    given = ExchangeRate(currency="EUR", home=law.currency, rate=Decimal("2"), source="given")
    both = Evidence(rates=(given,), table=evidence.table).into(law.currency, law.fixing, day)
    assert both["EUR"].rate == Decimal("2")
