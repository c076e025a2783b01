"""Random parcels that reach every corner of the laws: missing values, many currencies, extremes."""

from __future__ import annotations

import functools
import random
from datetime import date
from decimal import Decimal

from pratique.jurisdictions import shipped
from pratique.model.declaration import (
    Consignment,
    Declaration,
    Fee,
    GoodsItem,
    SchemeNumber,
    Transport,
    consignee_in,
    order_on,
)
from pratique.model.evidence import Evidence, ExchangeRate, Prior
from pratique.model.money import Money
from pratique.model.territories import territories

CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CNY")
RATES = {"EUR": "1", "USD": "0.9231", "GBP": "1.17345", "JPY": "0.00617", "CNY": "0.12807"}
HOMES = {
    "EUR": "1", "GBP": "0.8512", "NOK": "11.6935", "AUD": "1.6512", "USD": "1.0833", "XTS": "2.5", "SEK": "11.1",
    "PLN": "4.31", "RON": "4.97", "DKK": "7.46", "CZK": "25.1", "HUF": "391.5", "BGN": "1.95583", "HRK": "7.53",
    "CAD": "1.4987", "CHF": "0.9401", "JPY": "162.1", "CNY": "7.81", "BRL": "6.12", "IDR": "17650", "SGD": "1.4522",
    "NZD": "1.8101", "KRW": "1495.5", "INR": "91.25", "MXN": "20.35", "THB": "36.82", "MYR": "4.75", "PHP": "63.1",
    "ZAR": "19.87", "TRY": "38.45", "CLP": "1012.5", "UAH": "45.1", "VND": "27650",
}  # fmt: skip
EVIDENCE = Evidence(
    rates=tuple(
        ExchangeRate(
            currency=currency,
            home=home,
            rate=(Decimal(in_euro) * Decimal(per_euro)).quantize(Decimal("0.000001")),
            source="test",
        )
        for home, per_euro in HOMES.items()
        for currency, in_euro in RATES.items()
        if currency != home
    )
)
PRIOR = Evidence(
    rates=EVIDENCE.rates,
    prior=Prior(year_value=Decimal("1234.50"), year_count=Decimal(4), day_value=Decimal("99.99")),
)
"""The same with what the importer received before."""


@functools.cache
def _home(destination: str) -> tuple[str, str]:
    """Currency of a place, and the scheme of its law."""
    law = shipped()
    chain = law._chain(destination.lower())
    scheme = next((file.scheme for file in reversed(chain) if file.scheme), "")
    return chain[-1].money[-1].currency, scheme


@functools.cache
def _parts(destination: str) -> tuple[str | None, ...]:
    """States, provinces and territories a parcel may go to."""
    own = dict.fromkeys(each.subdivision for each in territories() if each.country == destination)
    return (None, None, "ON", "QC", "BC", "AB", "SP", "XX", *own)


_HS = ("610910", "420292", "220410", "240220", "330300", "950300", "940360", "040110", "490110", "851762",
       "61091000", "6402", "871200", "080111", "300490")  # fmt: skip
_PRICES = (0, 1, 99, 500, 1999, 3900, 3901, 4500, 13500, 13501, 15000, 15001, 30000, 79999, 80000, 99999,
           100000, 100001, 250001, 299999, 300000, 9999999)  # fmt: skip


def parcel(chance: random.Random, number: int, destination: str) -> Declaration:
    """One random import declaration."""

    home, scheme = _home(destination)
    dear = Decimal(max(1, round(Decimal(HOMES.get(home, "1")))))

    def money(currency: str | None = None) -> Money:
        cents = chance.choice(_PRICES) if chance.random() < 0.4 else chance.randrange(40000)
        places = 2 if chance.random() < 0.95 else 3
        unit = dear if currency == home else Decimal(1)
        return Money(unit * Decimal(cents).scaleb(-places), currency or chance.choice(CURRENCIES))

    currency = chance.choice(("EUR", "EUR", "GBP", "USD", "XTS", "NOK", "AUD"))
    if chance.random() < 0.3:
        currency = chance.choice(CURRENCIES)
    if currency in ("XTS", "NOK", "AUD") and chance.random() < 0.8:
        currency = "EUR"
    if home in HOMES and chance.random() < 0.3:
        currency = home
    items = tuple(
        GoodsItem(
            hs_code=chance.choice(_HS) if chance.random() < 0.97 else None,
            origin=chance.choice(("CN", "US", "HK", "VN")) if chance.random() < 0.97 else None,
            price=money(currency if chance.random() < 0.97 else None)
            if chance.random() < 0.99
            else None,
            duty_rate=chance.choice(
                (Decimal("0.12"), Decimal("0.027"), Decimal(0), Decimal("0.0825"))
            )
            if chance.random() < 0.9
            else None,
            other_duty_rate=chance.choice((None, Decimal(0), Decimal("0.09")))
            if destination == "XI"
            else None,
            quantity=Decimal(chance.choice((1, 1, 1, 2, 3, 7, 25))),
            net_mass_kg=Decimal(chance.randrange(1, 9000)).scaleb(-3)
            if chance.random() < 0.9
            else None,
            preference="X" if chance.random() < 0.1 else "",
        )
        for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5, 9)))
    )
    return Declaration(
        id=str(number),
        destination=destination,
        dispatch_country=chance.choice(("CN", "US", None)),
        channel=chance.choice(("post", "express", "cargo")),
        flow=chance.choice(("b2c", "b2c", "b2c", "b2b", "c2c")),
        dataset=chance.choice(("", "", "H1", "H7")),
        schemes=(
            SchemeNumber(
                kind=chance.choice((scheme or "IOSS", scheme or "IOSS", "IOSS")), number="1"
            ),
        )
        if chance.random() < 0.6
        else (),
        parties=consignee_in(chance.choice(_parts(destination))),
        order=order_on(
            chance.choice((None, date(2015, 5, 5), date(2025, 10, 24), date(2026, 7, 1)))
        ),
        consignment=Consignment(
            items=items,
            freight=money(currency) if chance.random() < 0.5 else None,
            insurance=money() if chance.random() < 0.1 else None,
            discount=Money(Decimal(1), currency) if chance.random() < 0.1 else None,
            gross_mass_kg=Decimal(2) if chance.random() < 0.5 else None,
            transport=Transport(mode=chance.choice("145")) if chance.random() < 0.5 else None,
            fees=(Fee(name="clearance", amount=Money(Decimal("13.00"), "EUR")),)
            if chance.random() < 0.05
            else (),
        ),
    )
