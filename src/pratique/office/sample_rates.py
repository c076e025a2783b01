"""Invented exchange rates, for invented parcels."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from pratique.model.evidence import Evidence, ExchangeRate

_SAMPLE_RATES: Final = {
    ("USD", "EUR"): "0.92", ("GBP", "EUR"): "1.17", ("CNY", "EUR"): "0.128", ("HKD", "EUR"): "0.118",
    ("INR", "EUR"): "0.0109", ("TRY", "EUR"): "0.026", ("KRW", "EUR"): "0.00067", ("JPY", "EUR"): "0.0062",
}  # fmt: skip
_PER_EURO: Final = {
    "GBP": "0.855", "NOK": "11.7", "USD": "1.087", "AUD": "1.66", "XTS": "2", "PLN": "4.31", "SEK": "11.1",
    "CZK": "24.6", "DKK": "7.46", "HUF": "402", "RON": "5.08",
}  # fmt: skip


def sample_evidence() -> Evidence:
    """Invented exchange rates for the sample day, said to be so wherever they are used."""
    euro = {currency: Decimal(rate) for (currency, _), rate in _SAMPLE_RATES.items()}
    rates = []
    homes = {"EUR": Decimal(1), **{home: Decimal(rate) for home, rate in _PER_EURO.items()}}
    for home, per_euro in homes.items():
        for currency, in_euro in {"EUR": Decimal(1), **euro}.items():
            if currency != home:
                rate = (in_euro * per_euro).quantize(Decimal("0.000001"))
                rates.append(
                    ExchangeRate(
                        currency=currency,
                        home=home,
                        rate=rate,
                        source="invented rate of the sample day",
                    )
                )
    return Evidence(rates=tuple(rates))
