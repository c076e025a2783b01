"""Can it be true? Values, masses, quantities and dates that no honest parcel has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from pratique.checks.rule import Fault, rule
from pratique.model.declaration import Declaration

_QUALITY: Final = "WCO data-quality standard (2022): accuracy and plausibility of values"
_LIGHTEST_KG: Final = Decimal("0.001")
_HEAVIEST_MAIL_KG: Final = Decimal(50)
_MOST_PIECES: Final = 100_000
_OLDEST: Final = timedelta(days=3 * 365)
_SLACK: Final = timedelta(hours=24)
"""Clocks and time zones of senders differ by up to a day."""


@rule("C501", "accuracy", "amend", _QUALITY)
def price_is_real(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A price of nothing is not a price.

    For gifts and samples give what the goods would cost.
    """
    for index, item in enumerate(declaration.consignment.items):
        if item.price is not None and item.price.amount == 0:
            yield f"/consignment/items/{index}/price/amount", "0"


@rule("C502", "accuracy", "note", _QUALITY)
def price_is_not_a_token(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A price of exactly 1 is often a stand-in for the real one."""
    for index, item in enumerate(declaration.consignment.items):
        if item.price is not None and item.price.amount == 1 and item.quantity <= 1:
            yield f"/consignment/items/{index}/price/amount", "1"


@rule("C503", "accuracy", "amend", _QUALITY)
def quantity_is_real(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The number of pieces is zero, a fraction, or more than a parcel can hold."""
    for index, item in enumerate(declaration.consignment.items):
        quantity = item.quantity
        if item.unit == "C62" and (
            quantity == 0 or quantity > _MOST_PIECES or quantity != quantity.to_integral_value()
        ):
            yield f"/consignment/items/{index}/quantity", format(quantity, "f")


@rule("C504", "consistency", "amend", _QUALITY)
def net_is_not_over_gross(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The net mass is greater than the gross mass."""
    for index, item in enumerate(declaration.consignment.items):
        net, gross = item.net_mass_kg, item.gross_mass_kg
        if net is not None and gross is not None and net > gross:
            yield f"/consignment/items/{index}/net_mass_kg", f"{net} over {gross} kg"


@rule("C505", "consistency", "amend", _QUALITY)
def items_weigh_no_more_than_all(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The items together weigh more than the whole consignment."""
    goods = declaration.consignment
    if goods.gross_mass_kg is None:
        return
    total = sum((item.net_mass_kg or Decimal(0) for item in goods.items), Decimal(0))
    if total > goods.gross_mass_kg:
        yield "/consignment/gross_mass_kg", f"{total} over {goods.gross_mass_kg} kg"


@rule("C506", "accuracy", "amend", "UPU Convention: mass limits of postal items")
def mass_is_real(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The mass is nothing, or more than mail can carry."""
    goods = declaration.consignment
    mass = goods.gross_mass_kg
    if mass is not None and (
        mass < _LIGHTEST_KG or (declaration.channel == "post" and mass > _HEAVIEST_MAIL_KG)
    ):
        yield "/consignment/gross_mass_kg", f"{mass} kg"
    for index, item in enumerate(goods.items):
        if item.net_mass_kg is not None and item.net_mass_kg == 0:
            yield f"/consignment/items/{index}/net_mass_kg", "0 kg"


@rule("C507", "timeliness", "note", "WCO data-quality standard (2022): timeliness")
def lodged_before_arrival(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The declaration came after the goods; data help most before loading."""
    transport = declaration.consignment.transport
    if transport is not None and transport.arrives_at is not None:
        lodged = declaration.lodged_at or now
        if lodged > transport.arrives_at:
            yield "/lodged_at", f"arrival {transport.arrives_at.isoformat()}"


@rule("C508", "timeliness", "note", "WCO SAFE Framework: advance data before loading on aircraft")
def lodged_before_departure(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """By air, advance data are due before loading; these came after departure."""
    transport = declaration.consignment.transport
    if transport is None or transport.departs_at is None or transport.mode not in ("4", "5"):
        return
    if (declaration.lodged_at or now) > transport.departs_at:
        yield "/lodged_at", f"departure {transport.departs_at.isoformat()}"


@rule("C509", "consistency", "amend", _QUALITY)
def arrival_follows_departure(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The goods arrive before they depart."""
    transport = declaration.consignment.transport
    if transport is None or transport.departs_at is None or transport.arrives_at is None:
        return
    if transport.arrives_at < transport.departs_at:
        yield "/consignment/transport/arrives_at", transport.arrives_at.isoformat()


@rule("C510", "accuracy", "amend", _QUALITY)
def dates_are_real(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A date lies in the future, or years back."""
    order, payment = declaration.order, declaration.payment
    for pointer, moment in (
        ("/lodged_at", declaration.lodged_at),
        ("/order/placed_at", order.placed_at if order else None),
        ("/payment/paid_at", payment.paid_at if payment else None),
    ):
        if moment is not None and not (now - _OLDEST <= moment <= now + _SLACK):
            yield pointer, moment.isoformat()
