"""Are the codes codes? Countries, currencies, HS 2022, units, packages, UN numbers, Incoterms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from pratique.checks.rule import Fault, item_rule, rule, word_rule
from pratique.model.codelists import (
    countries,
    is_currency,
    is_hs,
    is_package,
    is_undg,
    is_unit,
)
from pratique.model.declaration import Declaration, GoodsItem
from pratique.model.money import Money

_INCOTERMS: Final = frozenset(
    "EXW FCA CPT CIP DAP DPU DDP FAS FOB CFR CIF DAT DAF DES DEQ DDU XXX".split()
)


@rule("C201", "accuracy", "invalid", "ISO 3166-1")
def countries_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use the two-letter ISO code of a country.

    GB for the United Kingdom, CN for China; XI for Northern Ireland where the law asks for it.
    """
    known = countries()
    if declaration.destination not in known:
        yield "/destination", declaration.destination
    dispatch = declaration.dispatch_country
    if dispatch is not None and dispatch not in known:
        yield "/dispatch_country", dispatch
    for index, item in enumerate(declaration.consignment.items):
        origin, sent = item.origin, item.dispatch_country
        if origin is not None and origin not in known and origin != "EU":
            yield f"/consignment/items/{index}/origin", origin
        if sent is not None and sent not in known:
            yield f"/consignment/items/{index}/dispatch_country", sent
    for index, each in enumerate(declaration.parties):
        country = each.address.country if each.address is not None else None
        if country is not None and country not in known:
            yield f"/parties/{index}/address/country", country
    transport = declaration.consignment.transport
    if transport is not None:
        if transport.nationality and transport.nationality not in known:
            yield "/consignment/transport/nationality", transport.nationality
        for index, code in enumerate(transport.routing):
            if code not in known:
                yield f"/consignment/transport/routing/{index}", code


@rule("C202", "accuracy", "invalid", "ISO 4217")
def currencies_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use the three-letter ISO code of a currency in use."""
    for name, index, money in _amounts(declaration):
        if not is_currency(money.currency):
            yield f"{_pointer(name, index)}/currency", money.currency


def _amounts(declaration: Declaration) -> list[tuple[str, int, Money]]:
    """Every amount of a declaration: its element, the goods item it is of or -1, and itself."""
    goods = declaration.consignment
    order, payment, invoice = declaration.order, declaration.payment, declaration.invoice
    found: list[tuple[str, int, Money]] = []
    for index, item in enumerate(goods.items):
        if item.price is not None:
            found.append(("price", index, item.price))
        if item.unit_price is not None:
            found.append(("unit_price", index, item.unit_price))
        if item.intrinsic_value is not None:
            found.append(("intrinsic_value", index, item.intrinsic_value))
        if item.customs_value is not None:
            found.append(("customs_value", index, item.customs_value))
        if item.statistical_value is not None:
            found.append(("statistical_value", index, item.statistical_value))
    if goods.freight is not None:
        found.append(("/consignment/freight", -1, goods.freight))
    if goods.insurance is not None:
        found.append(("/consignment/insurance", -1, goods.insurance))
    if goods.discount is not None:
        found.append(("/consignment/discount", -1, goods.discount))
    if order is not None and order.total is not None:
        found.append(("/order/total", -1, order.total))
    if payment is not None and payment.amount is not None:
        found.append(("/payment/amount", -1, payment.amount))
    if invoice is not None and invoice.total is not None:
        found.append(("/invoice/total", -1, invoice.total))
    for number, fee in enumerate(goods.fees):
        found.append((f"/consignment/fees/{number}/amount", -1, fee.amount))
    return found


def _pointer(name: str, index: int) -> str:
    return name if index < 0 else f"/consignment/items/{index}/{name}"


@word_rule("C203", "accuracy", "amend", "WCO Harmonized System, 2022 edition", at="hs_code")
def hs_codes_exist(code: str | None) -> str | None:
    """The first six digits of the HS code are not in the Harmonized System of 2022.

    Look the goods up again; codes of an older edition may have changed.
    """
    return None if code is None or is_hs(code) else code


@word_rule(
    "C204",
    "accuracy",
    "amend",
    "WCO Framework of Standards on Cross-Border E-Commerce: HS at six digits",
    at="hs_code",
)
def hs_codes_are_long_enough(code: str | None) -> str | None:
    """An HS code has at least six digits."""
    return code if code is not None and len(code) < 6 else None


@rule("C205", "accuracy", "amend", "UN/ECE Recommendation 20")
def units_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use a unit of UN/ECE Recommendation 20, as C62 for pieces or KGM for kilograms."""
    for index, item in enumerate(declaration.consignment.items):
        if item.unit != "C62" and not is_unit(item.unit):
            yield f"/consignment/items/{index}/unit", item.unit
        if item.supplementary:
            for position, measure in enumerate(item.supplementary):
                if not is_unit(measure.unit):
                    yield f"/consignment/items/{index}/supplementary/{position}/unit", measure.unit


@rule("C206", "accuracy", "note", "ICC Incoterms 2020 and earlier editions")
def incoterm_exists(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The delivery term is not an Incoterms rule."""
    term = declaration.consignment.incoterm
    return [("/consignment/incoterm", term)] if term and term not in _INCOTERMS else ()


@rule(
    "C207",
    "accuracy",
    "invalid",
    "Amounts of a declaration are never negative; a credit is an amendment",
)
def amounts_are_not_negative(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """An amount, quantity or mass is below zero, or has a minus sign."""
    goods = declaration.consignment
    for name, index, money in _amounts(declaration):
        if money.amount.is_signed():
            yield f"{_pointer(name, index)}/amount", ""
    for index, item in enumerate(goods.items):
        net, gross = item.net_mass_kg, item.gross_mass_kg
        if item.quantity.is_signed():
            yield f"/consignment/items/{index}/quantity", ""
        if net is not None and net.is_signed():
            yield f"/consignment/items/{index}/net_mass_kg", ""
        if gross is not None and gross.is_signed():
            yield f"/consignment/items/{index}/gross_mass_kg", ""
        for name in ("duty_rate", "other_duty_rate"):
            rate = getattr(item, name)
            if rate is not None and rate.is_signed():
                yield f"/consignment/items/{index}/{name}", ""
    if goods.gross_mass_kg is not None and goods.gross_mass_kg.is_signed():
        yield "/consignment/gross_mass_kg", ""


@rule("C208", "accuracy", "amend", "UN/ECE Recommendation 21")
def package_types_exist(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Use a package type of UN/ECE Recommendation 21, as BX for a box or BG for a bag."""
    goods = declaration.consignment
    for index, parcel in enumerate(goods.parcels):
        if parcel.package_type and not is_package(parcel.package_type):
            yield f"/consignment/parcels/{index}/package_type", parcel.package_type
    for index, item in enumerate(goods.items):
        if item.packaging:
            for position, each in enumerate(item.packaging):
                if each.type and not is_package(each.type):
                    yield f"/consignment/items/{index}/packaging/{position}/type", each.type


@item_rule(
    "C209",
    "accuracy",
    "amend",
    "UN Recommendations on the Transport of Dangerous Goods",
    at="dangerous_goods",
)
def dangerous_goods_numbers_exist(item: GoodsItem) -> str | None:
    """The UN number of the dangerous goods is in no list.

    It has four digits, as 3481 for lithium batteries packed with equipment.
    """
    number = item.dangerous_goods
    return number if number and not is_undg(number) else None


@rule("C210", "accuracy", "note", "UN/ECE Recommendation 19")
def transport_mode_exists(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Use a mode of transport of UN/ECE Recommendation 19, as 4 for air or 5 for mail."""
    transport = declaration.consignment.transport
    if transport is None or not transport.mode or transport.mode in "123456789":
        return ()
    return [("/consignment/transport/mode", transport.mode)]
