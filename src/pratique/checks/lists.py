"""Are the codes codes? Countries, currencies, HS 2022, units, Incoterms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pratique.checks.rule import Fault, rule
from pratique.model.codelists import is_country, is_currency, is_hs, is_unit
from pratique.model.declaration import Declaration
from pratique.model.money import Money

_INCOTERMS: Final = frozenset(
    [
        "EXW",
        "FCA",
        "CPT",
        "CIP",
        "DAP",
        "DPU",
        "DDP",
        "FAS",
        "FOB",
        "CFR",
        "CIF",
        "DAT",
        "DAF",
        "DES",
        "DEQ",
        "DDU",
        "XXX",
    ]
)


@rule("C201", "accuracy", "invalid", "ISO 3166-1")
def countries_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use the two-letter ISO code of a country.

    GB for the United Kingdom, CN for China; XI for Northern Ireland where the law asks for it.
    """
    if not is_country(declaration.destination):
        yield "/destination", declaration.destination
    dispatch = declaration.dispatch_country
    if dispatch is not None and not is_country(dispatch):
        yield "/dispatch_country", dispatch
    for index, item in enumerate(declaration.consignment.items):
        if item.origin is not None and item.origin != "EU" and not is_country(item.origin):
            yield f"/consignment/items/{index}/origin", item.origin
    for index, each in enumerate(declaration.parties):
        country = each.address.country if each.address else None
        if country is not None and not is_country(country):
            yield f"/parties/{index}/address/country", country


@rule("C202", "accuracy", "invalid", "ISO 4217")
def currencies_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use the three-letter ISO code of a currency in use."""
    goods = declaration.consignment
    for pointer, money in (
        ("/consignment/freight", goods.freight),
        ("/consignment/insurance", goods.insurance),
        ("/consignment/discount", goods.discount),
    ):
        if money is not None and not is_currency(money.currency):
            yield f"{pointer}/currency", money.currency
    for index, item in enumerate(goods.items):
        if item.price is not None and not is_currency(item.price.currency):
            yield f"/consignment/items/{index}/price/currency", item.price.currency


@rule("C203", "accuracy", "amend", "WCO Harmonized System, 2022 edition")
def hs_codes_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The first six digits of the HS code are not in the Harmonized System of 2022.

    Look the goods up again; codes of an older edition may have changed.
    """
    for index, item in enumerate(declaration.consignment.items):
        code = item.hs_code
        if code is not None and not (code.isascii() and code.isdigit() and is_hs(code)):
            yield f"/consignment/items/{index}/hs_code", code


@rule(
    "C204",
    "accuracy",
    "amend",
    "WCO Framework of Standards on Cross-Border E-Commerce: HS at six digits",
)
def hs_codes_are_long_enough(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """An HS code has at least six digits."""
    for index, item in enumerate(declaration.consignment.items):
        if item.hs_code is not None and len(item.hs_code) < 6:
            yield f"/consignment/items/{index}/hs_code", item.hs_code


@rule("C205", "accuracy", "amend", "UN/ECE Recommendation 20")
def units_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use a unit of UN/ECE Recommendation 20, as C62 for pieces or KGM for kilograms."""
    for index, item in enumerate(declaration.consignment.items):
        if item.unit != "C62" and not is_unit(item.unit):
            yield f"/consignment/items/{index}/unit", item.unit
        for position, measure in enumerate(item.supplementary):
            if not is_unit(measure.unit):
                yield f"/consignment/items/{index}/supplementary/{position}/unit", measure.unit


@rule("C206", "accuracy", "note", "ICC Incoterms 2020 and earlier editions")
def incoterm_exists(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The delivery term is not an Incoterms rule."""
    term = declaration.consignment.incoterm
    if term and term not in _INCOTERMS:
        yield "/consignment/incoterm", term


@rule(
    "C207",
    "accuracy",
    "invalid",
    "Amounts of a declaration are never negative; a credit is an amendment",
)
def amounts_are_not_negative(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """An amount, quantity or mass is below zero."""
    goods = declaration.consignment

    def below(money: Money | None) -> bool:
        return money is not None and money.amount < 0

    for name in ("freight", "insurance", "discount"):
        if below(getattr(goods, name)):
            yield f"/consignment/{name}/amount", ""
    for index, item in enumerate(goods.items):
        if below(item.price):
            yield f"/consignment/items/{index}/price/amount", ""
        if item.quantity < 0:
            yield f"/consignment/items/{index}/quantity", ""
        for name in ("net_mass_kg", "gross_mass_kg"):
            mass = getattr(item, name)
            if mass is not None and mass < 0:
                yield f"/consignment/items/{index}/{name}", ""
