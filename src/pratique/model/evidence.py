"""What an assessment relies on beside the declaration and the law: dated exchange rates."""

from __future__ import annotations

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


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Exchange rates in evidence; none means that foreign amounts need a human."""

    rates: tuple[ExchangeRate, ...] = ()

    def into(self, home: str) -> dict[str, ExchangeRate]:
        """Rates into ``home`` by currency."""
        return {rate.currency: rate for rate in self.rates if rate.home == home}


NO_EVIDENCE = Evidence()
