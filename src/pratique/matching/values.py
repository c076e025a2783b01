"""What can be compared? Named values of the declaration and of the records, each with the place it stands at.

A value that nobody states is None: it is never taken for zero or for agreement. Amounts are added only when every
part is stated, in one currency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

import msgspec

from pratique.model.declaration import Declaration, Party, party
from pratique.model.money import Money
from pratique.model.records import Records

Value = str | Decimal | Money | datetime | tuple[str, ...] | None


class Case(msgspec.Struct, frozen=True):
    """What is compared: one declaration, and the records received about its sale."""

    declaration: Declaration
    records: Records


class Named(msgspec.Struct, frozen=True):
    """How a value is found, and the JSON Pointer it stands at (in the declaration, or after ``order:`` and so on)."""

    find: Callable[[Case], Value]
    pointer: str
    personal: bool = False


def other_parcels(case: Case) -> bool:
    """Whether a record tells of a parcel that carries an order received and is not in the declaration.

    A declaration that names no parcel leaves none elsewhere.
    """
    ours = {_plain(each) for each in _parcels(case)}
    orders = {_plain(each.number) for each in case.records.orders}
    return bool(ours) and any(
        _plain(each.parcel) not in ours and _plain(each.order) in orders
        for each in case.records.logistics
    )


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def _parcels(case: Case) -> tuple[str, ...]:
    transport = case.declaration.consignment.transport
    waybill = (transport.house_waybill,) if transport is not None else ()
    return tuple(
        each
        for each in (*(parcel.id for parcel in case.declaration.consignment.parcels), *waybill)
        if each
    )


def _ours(case: Case) -> list[int]:
    """Which records of logistics are of parcels in the declaration; all, when it names none."""
    ours = {_plain(each) for each in _parcels(case)}
    return [
        index
        for index, each in enumerate(case.records.logistics)
        if not ours or _plain(each.parcel) in ours
    ]


def _sum(parts: Iterable[Money | None]) -> Money | None:
    total: Money | None = None
    for part in parts:
        if part is None or (total is not None and total.currency != part.currency):
            return None
        total = part if total is None else total + part
    return total


def _added(parts: Iterable[Decimal | None]) -> Decimal | None:
    found = list(parts)
    known = [each for each in found if each is not None]
    return sum(known, Decimal(0)) if found and len(known) == len(found) else None


def _goods(case: Case) -> Money | None:
    """Price of all goods declared: the prices of the lines, less a discount on the order."""
    consignment = case.declaration.consignment
    total = _sum(item.price for item in consignment.items)
    discount = consignment.discount
    if total is None or discount is None:
        return total
    if discount.currency != total.currency:
        return None
    return Money(total.amount - discount.amount, total.currency)


def _mass(case: Case) -> Decimal | None:
    consignment = case.declaration.consignment
    if consignment.gross_mass_kg is not None:
        return consignment.gross_mass_kg
    return _added(each.gross_mass_kg for each in consignment.parcels)


def _quantity(case: Case) -> Decimal | None:
    items = case.declaration.consignment.items
    return _added(item.quantity if item.unit == "C62" else None for item in items)


def _name(found: Party | None) -> str | None:
    return found.name or None if found is not None else None


def _numbers(found: Party | None) -> tuple[str, ...] | None:
    return tuple(each.number for each in found.ids) or None if found is not None else None


def _order_total(case: Case) -> Money | None:
    """Price of the goods of all orders, of their lines where an order states no total."""
    return _sum(
        order.total or _sum(line.price for line in order.lines) for order in case.records.orders
    )


def _to_pay(case: Case) -> Money | None:
    """What the buyer was to pay: goods and transport of all orders; not known while one does not state transport."""
    return _sum((_order_total(case), *(order.freight for order in case.records.orders)))


def _one(found: Iterable[str | None]) -> str | None:
    """The one value all records state; None when one does not, or they differ (compared on their own)."""
    different = set(found)
    return different.pop() or None if len(different) == 1 else None


def _every(found: Iterable[str]) -> tuple[str, ...] | None:
    return tuple(each for each in found if each) or None


def _earliest(found: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in found if each is not None), default=None)


VALUES: Final[dict[str, Named]] = {
    "declaration.order_number": Named(
        lambda c: c.declaration.order.number if c.declaration.order else None, "/order/number"
    ),
    "declaration.payment_reference": Named(
        lambda c: c.declaration.payment.reference if c.declaration.payment else None,
        "/payment/reference",
    ),
    "declaration.payment_amount": Named(
        lambda c: c.declaration.payment.amount if c.declaration.payment else None,
        "/payment/amount",
    ),
    "declaration.goods_total": Named(_goods, "/consignment/items"),
    "declaration.quantity": Named(_quantity, "/consignment/items"),
    "declaration.parcels": Named(lambda c: _parcels(c) or None, "/consignment/parcels"),
    "declaration.gross_mass_kg": Named(_mass, "/consignment/gross_mass_kg"),
    "declaration.destination": Named(lambda c: c.declaration.destination, "/destination"),
    "declaration.buyer_name": Named(
        lambda c: _name(party(c.declaration, "buyer")), "/parties", personal=True
    ),
    "declaration.buyer_id": Named(
        lambda c: _numbers(party(c.declaration, "buyer")), "/parties", personal=True
    ),
    "declaration.consignee_name": Named(
        lambda c: _name(party(c.declaration, "consignee")), "/parties", personal=True
    ),
    "order.number": Named(lambda c: _every(o.number for o in c.records.orders), "order:/number"),
    "order.total": Named(_order_total, "order:/total"),
    "order.to_pay": Named(_to_pay, "order:/total"),
    "order.quantity": Named(
        lambda c: _added(line.quantity for o in c.records.orders for line in o.lines),
        "order:/lines",
    ),
    "order.buyer_name": Named(
        lambda c: _one(o.buyer_name for o in c.records.orders), "order:/buyer_name", personal=True
    ),
    "order.buyer_id": Named(
        lambda c: _one(o.buyer_id for o in c.records.orders), "order:/buyer_id", personal=True
    ),
    "order.placed_at": Named(
        lambda c: _earliest(o.placed_at for o in c.records.orders), "order:/placed_at"
    ),
    "payment.reference": Named(
        lambda c: _every(p.reference for p in c.records.payments), "payment:/reference"
    ),
    "payment.order": Named(lambda c: _every(p.order for p in c.records.payments), "payment:/order"),
    "payment.amount": Named(
        lambda c: _sum(p.amount for p in c.records.payments), "payment:/amount"
    ),
    "payment.payer_name": Named(
        lambda c: _one(p.payer_name for p in c.records.payments),
        "payment:/payer_name",
        personal=True,
    ),
    "payment.payer_id": Named(
        lambda c: _one(p.payer_id for p in c.records.payments), "payment:/payer_id", personal=True
    ),
    "payment.paid_at": Named(
        lambda c: _earliest(p.paid_at for p in c.records.payments), "payment:/paid_at"
    ),
    "logistics.parcels": Named(
        lambda c: _every(each.parcel for each in c.records.logistics), "logistics:/parcel"
    ),
    "logistics.order": Named(
        lambda c: _every(each.order for each in c.records.logistics), "logistics:/order"
    ),
    "logistics.gross_mass_kg": Named(
        lambda c: _added(c.records.logistics[i].gross_mass_kg for i in _ours(c)),
        "logistics:/gross_mass_kg",
    ),
    "logistics.pieces": Named(
        lambda c: _added(
            None if (pieces := c.records.logistics[i].pieces) is None else Decimal(pieces)
            for i in _ours(c)
        ),
        "logistics:/pieces",
    ),
    "logistics.destination": Named(
        lambda c: _every(c.records.logistics[i].destination or "" for i in _ours(c)),
        "logistics:/destination",
    ),
    "logistics.consignee_name": Named(
        lambda c: _one(c.records.logistics[i].consignee_name for i in _ours(c)),
        "logistics:/consignee_name",
        personal=True,
    ),
    "logistics.shipped_at": Named(
        lambda c: _earliest(each.shipped_at for each in c.records.logistics),
        "logistics:/shipped_at",
    ),
}
"""Every value that can be compared, by name."""
