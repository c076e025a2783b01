"""What an assessment relies on beside the declaration and the law: exchange rates, and earlier parcels."""

from __future__ import annotations

import functools
from datetime import date
from decimal import Decimal

import msgspec


class ExchangeRate(msgspec.Struct, frozen=True, kw_only=True):
    """``rate`` units of ``home`` for one unit of ``currency``, and who said so, for which day."""

    currency: str
    home: str
    rate: Decimal
    source: str
    on: date | None = None


class Prior(msgspec.Struct, frozen=True, kw_only=True):
    """What the importer received before this parcel, in the currency of the law: this calendar year, and today.

    None where nobody said.
    """

    year_value: Decimal | None = None
    year_count: Decimal | None = None
    day_value: Decimal | None = None


NO_PRIOR = Prior()


class Evidence(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Exchange rates in evidence, none of which means that foreign amounts need a human; and earlier parcels."""

    rates: tuple[ExchangeRate, ...] = ()
    prior: Prior = NO_PRIOR

    def into(self, home: str) -> dict[str, ExchangeRate]:
        """Rates into ``home`` by currency."""
        return self._by_home.get(home, {})

    @functools.cached_property
    def _by_home(self) -> dict[str, dict[str, ExchangeRate]]:
        found: dict[str, dict[str, ExchangeRate]] = {}
        for rate in self.rates:
            found.setdefault(rate.home, {})[rate.currency] = rate
        return found


NO_EVIDENCE = Evidence()
