"""What do the rules get to see of a declaration? Its values in the law's currency, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pratique.model.batch import MODES
from pratique.model.declaration import Declaration, GoodsItem
from pratique.model.evidence import NO_PRIOR, ExchangeRate, Prior
from pratique.model.money import Money
from pratique.rules.exact import FEES, ITEMS, RATES, Facts, Missing, round_exact
from pratique.rules.law import Law, TariffLine

INDEX: Final = "#index"
_ZERO: Final = Decimal(0)
_NO_MODE: Final = Missing("the mode of transport is not declared")
_NO_PRIOR: Final = "what the importer received before is not known: give it as --prior {}=…"
Convert = Callable[[Money], Decimal | Missing]


def facts_of(
    declaration: Declaration,
    law: Law,
    rates: dict[str, ExchangeRate],
    on: date,
    prior: Prior = NO_PRIOR,
) -> Facts:
    """Facts of the consignment; those of the items lie under ``#items``. Call within ``exactly()``."""
    goods = declaration.consignment
    into_home = converter(law, rates)
    return {
        "flow": declaration.flow,
        "channel": declaration.channel,
        "direction": declaration.direction,
        "destination": declaration.destination,
        "dispatch_country": declaration.dispatch_country
        or Missing("the country of dispatch is not declared"),
        "on": on,
        "scheme_number": any(each.kind == law.scheme for each in declaration.schemes),
        "dataset": declaration.dataset,
        "items": Decimal(len(goods.items)),
        "freight": into_home(goods.freight) if goods.freight else _ZERO,
        "insurance": into_home(goods.insurance) if goods.insurance else _ZERO,
        "discount": into_home(goods.discount) if goods.discount else _ZERO,
        "gross_mass": _or_missing(goods.gross_mass_kg, "the gross mass is not declared"),
        "mode": MODES.get(goods.transport.mode if goods.transport else "", _NO_MODE),
        "year_value": _or_missing(prior.year_value, _NO_PRIOR.format("year_value")),
        "year_count": _or_missing(prior.year_count, _NO_PRIOR.format("year_count")),
        "day_value": _or_missing(prior.day_value, _NO_PRIOR.format("day_value")),
        ITEMS: [_item(index, item, law, into_home) for index, item in enumerate(goods.items)],
        RATES: {currency: rate.rate for currency, rate in rates.items()},
        FEES: _fees(declaration, into_home),
    }


def converter(law: Law, rates: dict[str, ExchangeRate]) -> Convert:
    """Turns money into the law's currency; a missing rate becomes a ``Missing`` that says how to give it."""
    home, step = law.currency, law.conversion_step

    def into_home(money: Money) -> Decimal | Missing:
        if money.currency == home:
            return money.amount
        rate = rates.get(money.currency)
        if rate is None:
            return Missing(
                f"no exchange rate from {money.currency} to {home}: "
                f"give one as --fx {money.currency}=RATE"
            )
        return round_exact(money.amount * rate.rate, step, "half_up")

    return into_home


def tariff_line(law: Law, hs_code: str | None) -> TariffLine | None:
    """The line of the loaded tariff with the longest code that the HS code starts with."""
    if not law.tariff or hs_code is None:
        return None
    for length in range(len(hs_code), 1, -1):
        line = law.tariff.get(hs_code[:length])
        if line is not None:
            return line
    return None


def _item(index: int, item: GoodsItem, law: Law, into_home: Convert) -> Facts:
    price = into_home(item.price) if item.price else Missing("no price is declared")
    line = tariff_line(law, item.hs_code)
    rate: Any = line.rate if line else item.duty_rate
    return {
        INDEX: index,
        "price": price,
        "intrinsic": into_home(item.intrinsic_value) if item.intrinsic_value else price,
        "unit_price": into_home(item.unit_price)
        if item.unit_price
        else Missing("no unit price is declared"),
        "quantity": item.quantity,
        "net_mass": _or_missing(item.net_mass_kg, "no net mass is declared"),
        "hs": item.hs_code or Missing("no HS code is declared"),
        "origin": item.origin or Missing("no country of origin is declared"),
        "preference": bool(item.preference),
        "duty_rate": rate
        if rate is not None
        else Missing(
            "no duty rate is loaded or declared: load a tariff, or give the rate as duty=…%"
        ),
    }


def _fees(declaration: Declaration, into_home: Convert) -> dict[str, Any]:
    fees: dict[str, Any] = {}
    for fee in declaration.consignment.fees:
        amount, before = into_home(fee.amount), fees.get(fee.name, _ZERO)
        known = isinstance(amount, Decimal) and isinstance(before, Decimal)
        fees[fee.name] = before + amount if known else amount
    return fees


def _or_missing(value: Decimal | None, because: str) -> Decimal | Missing:
    return value if value is not None else Missing(because)
