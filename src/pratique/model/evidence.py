"""What an assessment relies on beside the declaration and the law: exchange rates, and earlier parcels."""

from __future__ import annotations

import functools
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final, Literal

import msgspec

FixingRule = Literal["latest", "day_before", "month", "penultimate_wednesday", "quarter"]
"""As of which day the last published rate counts: the day itself, the day before, the first of its month, the last
Wednesday but one of the month before, the first of its quarter."""
DIGITS: Final = 9
"""Significant digits to which the inverse of a published rate is rounded, halves away from zero."""
_INVERSE: Final = Context(prec=DIGITS, rounding=ROUND_HALF_UP)


class ExchangeRate(msgspec.Struct, frozen=True, kw_only=True):
    """``rate`` units of ``home`` for one unit of ``currency``, and who said so, for which day."""

    currency: str
    home: str
    rate: Decimal
    source: str
    on: date | None = None


class Fixing(msgspec.Struct, frozen=True, kw_only=True):
    """Whose published rates a law reckons with (empty: any), of which day, and how old they may be."""

    source: str = ""
    rule: FixingRule = "latest"
    most_days: int = 40


NO_FIXING = Fixing()


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A published rate: one unit of ``base`` was ``rate`` units of ``quote`` on that day."""

    source: str
    day: date
    base: str
    quote: str
    rate: Decimal


class RateTable:
    """Published rates, looked up by what a law says of them."""

    def __init__(self, rates: Iterable[Published] = ()) -> None:
        self._series: dict[tuple[str, str], dict[str, list[Published]]] = {}
        for each in sorted(rates, key=lambda rate: rate.day):
            for one, other in ((each.base, each.quote), (each.quote, each.base)):
                self._series.setdefault((each.source, one), {}).setdefault(other, []).append(each)
        self._found: dict[tuple[str, Fixing, date], dict[str, ExchangeRate]] = {}

    def into(self, home: str, fixing: Fixing, on: date) -> dict[str, ExchangeRate]:
        """Rates into ``home`` for that day by currency, each with where it comes from."""
        key = (home, fixing, on)
        if key not in self._found:
            if len(self._found) > _MOST_DAYS:
                self._found.clear()
            self._found[key] = self._look(*key)
        return self._found[key]

    def _look(self, home: str, fixing: Fixing, on: date) -> dict[str, ExchangeRate]:
        as_of = fixing_day(fixing.rule, on)
        found: dict[str, ExchangeRate] = {}
        for (source, one), series in self._series.items():
            if one != home or (fixing.source and source != fixing.source):
                continue
            for currency, rates in series.items():
                at = bisect_right(rates, as_of, key=lambda rate: rate.day) - 1
                if at < 0 or (as_of - rates[at].day).days > fixing.most_days:
                    continue
                before = found.get(currency)
                if before is None or before.on is None or before.on < rates[at].day:
                    found[currency] = _into(rates[at], home)
        return found


def _into(published: Published, home: str) -> ExchangeRate:
    direct = published.quote == home
    rate = published.rate if direct else _INVERSE.divide(Decimal(1), published.rate)
    said = f"1 {published.base} = {published.rate} {published.quote}"
    return ExchangeRate(
        currency=published.base if direct else published.quote,
        home=home,
        rate=rate,
        source=f"{published.source}, {published.day}: {said}",
        on=published.day,
    )


def fixing_day(rule: FixingRule, on: date) -> date:
    """The day as of which the last published rate counts."""
    if rule == "day_before":
        return on - timedelta(days=1)
    if rule == "month":
        return on.replace(day=1)
    if rule == "quarter":
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    if rule == "penultimate_wednesday":
        last = on.replace(day=1) - timedelta(days=1)
        wednesday = last - timedelta(days=(last.weekday() - 2) % 7)
        return wednesday - timedelta(days=7)
    return on


class Prior(msgspec.Struct, frozen=True, kw_only=True):
    """What the importer received before this parcel, in the currency of the law: this calendar year, and today.

    None where nobody said.
    """

    year_value: Decimal | None = None
    year_count: Decimal | None = None
    day_value: Decimal | None = None


NO_PRIOR = Prior()
_MOST_DAYS: Final = 20_000


class Evidence(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Exchange rates in evidence, none of which means that foreign amounts need a human; and earlier parcels.

    ``rates`` are given as they are, and go before those of the ``table`` of published rates.
    """

    rates: tuple[ExchangeRate, ...] = ()
    table: RateTable | None = None
    prior: Prior = NO_PRIOR

    def into(self, home: str, fixing: Fixing, on: date) -> dict[str, ExchangeRate]:
        """Rates into ``home`` by currency, for a law with that fixing, on that day."""
        given = self._by_home.get(home, {})
        return given if self.table is None else {**self.table.into(home, fixing, on), **given}

    @functools.cached_property
    def _by_home(self) -> dict[str, dict[str, ExchangeRate]]:
        found: dict[str, dict[str, ExchangeRate]] = {}
        for rate in self.rates:
            found.setdefault(rate.home, {})[rate.currency] = rate
        return found


NO_EVIDENCE = Evidence()
