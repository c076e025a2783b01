"""What do the rules get to see of a declaration? Its values in the law's currency, and what is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from pratique.model.batch import MODES
from pratique.model.codelists import unit_name, unit_size
from pratique.model.declaration import Declaration, GoodsItem, sold_on, subdivision
from pratique.model.evidence import NO_PRIOR, ExchangeRate, Prior
from pratique.model.money import Money
from pratique.rules.exact import (
    DUTY,
    FEES,
    ITEMS,
    RATES,
    Facts,
    Missing,
    Unknown,
    round_exact,
    round_ratio,
)
from pratique.rules.law import Law

INDEX: Final = "#index"
LINE: Final = "#line"
"""The line of the tariff an item falls under, where one is loaded."""
_ZERO: Final = Decimal(0)
_NO_MODE: Final = Missing("the mode of transport is not declared")
_NO_RATE: Final = "no duty rate is loaded or declared: load a tariff, or give the rate as duty=…%"
_NO_OTHER_RATE: Final = "no rate of a second tariff is declared: give it as other_duty=…%"
_PIECES: Final = {"H87": "C62", "EA": "C62", "NMB": "C62"}
_PAIRS: Final = {"PR", "NPR"}
"""A pair is no two pieces: what is sold in pairs is counted in pairs, or not at all."""
_MILLIONTH: Final = Decimal("0.000001")
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
        "subdivision": subdivision(declaration)
        or Missing(
            "neither region code nor postcode of the consignee tells its state, province or territory"
        ),
        "sold_on": sold_on(declaration) or Missing("the day of the order is not declared"),
        "year_value": _or_missing(prior.year_value, _NO_PRIOR.format("year_value")),
        "year_count": _or_missing(prior.year_count, _NO_PRIOR.format("year_count")),
        "day_value": _or_missing(prior.day_value, _NO_PRIOR.format("day_value")),
        ITEMS: [
            _item(index, item, law, rates, on, into_home) for index, item in enumerate(goods.items)
        ],
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
            return Missing(no_exchange_rate(money.currency, home))
        return round_exact(money.amount * rate.rate, step, "half_up")

    return into_home


def _item(
    index: int,
    item: GoodsItem,
    law: Law,
    rates: dict[str, ExchangeRate],
    on: date,
    into_home: Convert,
) -> Facts:
    price = into_home(item.price) if item.price else Missing("no price is declared")
    facts: Facts = {
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
        "duty_rate": _or_missing(item.duty_rate, _NO_RATE),
        "other_duty_rate": _or_missing(item.other_duty_rate, _NO_OTHER_RATE),
    }
    if law.tariff:
        by_tariff(facts, item, law, rates, on)
    return facts


def by_tariff(
    facts: Facts, item: GoodsItem, law: Law, rates: dict[str, ExchangeRate], on: date
) -> None:
    """The rate of the loaded tariff into the facts of an item, where the tariff has one."""
    if item.hs_code is None:
        return
    line = law.tariff.line(item.hs_code, item.origin, bool(item.preference), on)
    if isinstance(line, str):
        facts["duty_rate"] = Missing(line)
        return
    if line is None:
        if item.duty_rate is None:
            facts["duty_rate"] = Missing(not_in_tariff(item.hs_code))
        return
    facts[LINE] = line
    duty = line.duty
    if duty.ad_valorem is not None:
        facts["duty_rate"] = duty.ad_valorem
        return
    facts["duty_rate"] = Missing(
        duty.untold or f"the duty is no share of the value alone: {duty.text}"
    )
    if not duty.untold:
        facts[DUTY] = lambda value: duty.amount(
            value,
            lambda unit: _quantity(item, unit),
            lambda amount, code: _at(rates, law, amount, code),
        )


def not_in_tariff(hs: str) -> str:
    """Why there is no rate for a code when a tariff is loaded."""
    return f"{hs} is not in the loaded tariff: correct the code, add it there, or give the rate as duty=…%"


def _at(rates: dict[str, ExchangeRate], law: Law, amount: Decimal, currency: str) -> Decimal:
    if currency == law.currency:
        return amount
    rate = rates.get(currency)
    if rate is None:
        raise Unknown(no_exchange_rate(currency, law.currency))
    return amount * rate.rate


def _quantity(item: GoodsItem, unit: str) -> Decimal:
    """How many of a unit the item holds, as declared or converted, to a millionth. Raises ``Unknown``."""
    stated = [(each.value, each.unit) for each in item.supplementary]
    if item.net_mass_kg is not None:
        stated.append((item.net_mass_kg, "KGM"))
    stated.append((item.quantity, item.unit))
    for value, its in stated:
        if _PIECES.get(its, its) == unit:
            return value
    wanted = unit_size(unit)
    for value, its in stated:
        size = unit_size(_PIECES.get(its, its))
        if wanted and size and size[1] == wanted[1] and not _PAIRS & {unit, its}:
            return round_ratio(
                Fraction(value * size[0]) / Fraction(wanted[0]), _MILLIONTH, "half_up"
            )
    raise Unknown(
        f"the duty is by quantity, and how many {unit_name(unit)} there are is not declared"
    )


def no_exchange_rate(currency: str, home: str) -> str:
    """What to say without one."""
    return f"no exchange rate from {currency} to {home}: give one as --fx {currency}=RATE"


def _fees(declaration: Declaration, into_home: Convert) -> dict[str, Any]:
    fees: dict[str, Any] = {}
    for fee in declaration.consignment.fees:
        amount, before = into_home(fee.amount), fees.get(fee.name, _ZERO)
        known = isinstance(amount, Decimal) and isinstance(before, Decimal)
        fees[fee.name] = before + amount if known else amount
    return fees


def _or_missing(value: Decimal | None, because: str) -> Decimal | Missing:
    return value if value is not None else Missing(because)
