"""Do the parts make the whole? Masses, prices and counts of parts beside what is said of all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from pratique.checks.rule import Fault, rule
from pratique.model.declaration import Declaration
from pratique.model.money import Money

_QUALITY: Final = "WCO data-quality standard (2022): consistency of parts and totals"
_ROUNDING: Final = Decimal("0.05")


def _sum_in(currency: str, prices: Iterable[Money | None]) -> Decimal | None:
    """Sum of prices in one currency; None when one of them is in another."""
    total = Decimal(0)
    for price in prices:
        if price is not None:
            if price.currency != currency:
                return None
            total += price.amount
    return total


def _items_in(currency: str, declaration: Declaration) -> Decimal | None:
    return _sum_in(currency, [item.price for item in declaration.consignment.items])


@rule("C505", "consistency", "amend", _QUALITY)
def items_weigh_no_more_than_all(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The items together weigh more than the whole consignment."""
    goods = declaration.consignment
    if goods.gross_mass_kg is None:
        return ()
    total = Decimal(0)
    for item in goods.items:
        total += item.net_mass_kg or item.gross_mass_kg or 0
    if total <= goods.gross_mass_kg:
        return ()
    return [("/consignment/gross_mass_kg", f"{total} over {goods.gross_mass_kg} kg")]


@rule("C603", "consistency", "amend", _QUALITY)
def order_total_agrees(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The items cost more than the whole order."""
    order = declaration.order
    if order is None or order.total is None:
        return ()
    total = _items_in(order.total.currency, declaration)
    if total is None or total <= order.total.amount + _ROUNDING:
        return ()
    return [("/order/total", f"{total} over {order.total.amount}")]


@rule("C610", "consistency", "amend", _QUALITY)
def payment_covers_order(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Less was paid than the goods cost."""
    payment, discount = declaration.payment, declaration.consignment.discount
    if payment is None or payment.amount is None:
        return ()
    total = _items_in(payment.amount.currency, declaration)
    if total is None:
        return ()
    if discount is not None and discount.currency == payment.amount.currency:
        total -= discount.amount
    if payment.amount.amount + _ROUNDING >= total:
        return ()
    return [("/payment/amount", f"{payment.amount.amount} for goods of {total}")]


@rule("C616", "consistency", "amend", _QUALITY)
def packages_are_no_fewer_than_parcels(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """There are more parcels than packages."""
    goods = declaration.consignment
    if goods.packages is None or goods.packages >= len(goods.parcels):
        return ()
    return [("/consignment/packages", f"{goods.packages} for {len(goods.parcels)} parcels")]


@rule("C617", "consistency", "amend", _QUALITY)
def parcels_weigh_no_more_than_all(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The parcels together weigh more than the whole consignment."""
    goods = declaration.consignment
    if goods.gross_mass_kg is None or not goods.parcels:
        return ()
    masses = [each.gross_mass_kg for each in goods.parcels if each.gross_mass_kg is not None]
    total = sum(masses, Decimal(0)) if masses else goods.gross_mass_kg
    if total <= goods.gross_mass_kg:
        return ()
    return [("/consignment/gross_mass_kg", f"{total} over {goods.gross_mass_kg} kg")]


@rule("C618", "consistency", "amend", _QUALITY)
def order_lines_make_the_order(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The lines of the order cost more than the whole order."""
    order = declaration.order
    if order is None or order.total is None or not order.lines:
        return ()
    total = _sum_in(order.total.currency, [each.price for each in order.lines])
    if total is None or total <= order.total.amount + _ROUNDING:
        return ()
    return [("/order/total", f"{total} over {order.total.amount}")]


@rule("C619", "consistency", "amend", _QUALITY)
def invoice_covers_the_goods(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The items cost more than the invoice."""
    invoice = declaration.invoice
    if invoice is None or invoice.total is None:
        return ()
    total = _items_in(invoice.total.currency, declaration)
    if total is None or total <= invoice.total.amount + _ROUNDING:
        return ()
    return [("/invoice/total", f"{total} over {invoice.total.amount}")]


@rule("C622", "consistency", "amend", _QUALITY)
def discount_leaves_a_price(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The discount is more than the goods cost."""
    discount = declaration.consignment.discount
    if discount is None:
        return ()
    total = _items_in(discount.currency, declaration)
    if not total or discount.amount <= total:
        return ()
    return [("/consignment/discount/amount", f"{discount.amount} off {total}")]
