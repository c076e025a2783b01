"""Do the parts agree with each other? Contradictions between elements of one declaration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from pratique.checks.rule import Fault, rule
from pratique.model.declaration import Declaration, party

_QUALITY: Final = "WCO data-quality standard (2022): consistency between elements and sources"
_ROUNDING: Final = Decimal("0.05")
"""Prices of pieces are rounded; so much a piece may the line differ."""


@rule("C601", "consistency", "note", _QUALITY)
def one_currency(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Prices of one consignment are in several currencies."""
    found = {item.price.currency for item in declaration.consignment.items if item.price}
    if len(found) > 1:
        yield "/consignment/items", ", ".join(sorted(found))


@rule("C602", "consistency", "amend", _QUALITY)
def price_is_pieces_times_unit_price(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The price of the line is not the price of one piece times the number of pieces."""
    for index, item in enumerate(declaration.consignment.items):
        price, unit = item.price, item.unit_price
        if price is None or unit is None or price.currency != unit.currency:
            continue
        if abs(unit.amount * item.quantity - price.amount) > _ROUNDING * max(
            item.quantity, Decimal(1)
        ):
            yield f"/consignment/items/{index}/price/amount", format(price.amount, "f")


@rule("C603", "consistency", "amend", _QUALITY)
def order_total_agrees(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The items cost more than the whole order."""
    order = declaration.order
    if order is None or order.total is None:
        return
    prices = [item.price for item in declaration.consignment.items if item.price is not None]
    if any(price.currency != order.total.currency for price in prices):
        return
    total = sum((price.amount for price in prices), Decimal(0))
    if total > order.total.amount + _ROUNDING:
        yield "/order/total", f"{total} over {order.total.amount}"


@rule(
    "C604",
    "consistency",
    "amend",
    "Gift reliefs cover occasional sendings between private persons, unpaid",
)
def gift_is_no_sale(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Declared as private to private, but there is an order, a payment, a seller or a marketplace.

    Goods that were bought are not a gift to the buyer.
    """
    if declaration.flow != "c2c":
        return
    if declaration.order is not None:
        yield "/order", "an order"
    if declaration.payment is not None:
        yield "/payment", "a payment"
    if declaration.schemes:
        yield "/schemes", "a registration for tax at sale"
    for role in ("seller", "marketplace"):
        if party(declaration, role) is not None:
            yield "/flow", f"a {role}"


@rule(
    "C605",
    "consistency",
    "invalid",
    "One label, one parcel: identifiers are unique within a declaration",
)
def parcels_are_distinct(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The same parcel number stands twice."""
    parcels = declaration.consignment.parcels
    if len(parcels) < 2:
        return
    seen: set[str] = set()
    for index, each in enumerate(parcels):
        if each.id in seen:
            yield f"/consignment/parcels/{index}/id", each.id
        seen.add(each.id)


@rule("C606", "consistency", "invalid", _QUALITY)
def items_are_in_known_parcels(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """An item names a parcel that is not in the declaration."""
    parcels = {each.id for each in declaration.consignment.parcels}
    for index, item in enumerate(declaration.consignment.items):
        if item.parcel and item.parcel not in parcels:
            yield f"/consignment/items/{index}/parcel", item.parcel


@rule(
    "C607", "consistency", "amend", "One registration number a consignment (EU data element 13 16)"
)
def one_number_a_scheme(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Two different numbers are given for one scheme."""
    if len(declaration.schemes) < 2:
        return
    first: dict[str, str] = {}
    for index, each in enumerate(declaration.schemes):
        if first.setdefault(each.kind, each.number) != each.number:
            yield f"/schemes/{index}/number", each.kind


@rule("C608", "consistency", "amend", _QUALITY)
def goods_cross_a_border(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The country of dispatch is the country of destination."""
    if declaration.dispatch_country == declaration.destination:
        yield "/dispatch_country", declaration.destination


@rule("C609", "consistency", "note", _QUALITY)
def consignee_lives_at_destination(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The address of the person who receives the parcel is in another country than the destination."""
    consignee = party(declaration, "consignee")
    country = consignee.address.country if consignee and consignee.address else None
    if (
        country is not None
        and country != declaration.destination
        and declaration.direction == "import"
    ):
        yield f"/parties/{declaration.parties.index(consignee)}/address/country", country


@rule("C610", "consistency", "amend", _QUALITY)
def payment_covers_order(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """More was paid than the order cost, or less than the goods."""
    payment = declaration.payment
    if payment is None or payment.amount is None:
        return
    prices = [item.price for item in declaration.consignment.items if item.price is not None]
    if any(price.currency != payment.amount.currency for price in prices):
        return
    total = sum((price.amount for price in prices), Decimal(0))
    discount = declaration.consignment.discount
    less = (
        discount.amount if discount and discount.currency == payment.amount.currency else Decimal(0)
    )
    if payment.amount.amount + _ROUNDING < total - less:
        yield "/payment/amount", f"{payment.amount.amount} for goods of {total - less}"
