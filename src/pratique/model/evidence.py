"""What an assessment relies on beside the declaration and the law: dated exchange rates."""

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


class Evidence(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Exchange rates in evidence; none means that foreign amounts need a human."""

    rates: tuple[ExchangeRate, ...] = ()

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
