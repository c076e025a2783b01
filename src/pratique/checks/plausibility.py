"""Can it be true? Values, masses, quantities, names and dates that no honest parcel has."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from pratique.checks.rule import Fault, item_rule, rule
from pratique.model.declaration import Declaration, Document, GoodsItem

_QUALITY: Final = "WCO data-quality standard (2022): accuracy and plausibility of values"
_LIGHTEST_KG: Final = Decimal("0.001")
_HEAVIEST_MAIL_KG: Final = Decimal(50)
_HEAVIEST_KG: Final = Decimal(1_000_000_000)
_LONGEST_CM: Final = Decimal(300)
_MOST_PIECES: Final = 100_000
_OLDEST: Final = timedelta(days=3 * 365)
_FARTHEST: Final = timedelta(days=180)
_SLACK: Final = timedelta(hours=24)
"""Clocks and time zones of senders differ by up to a day."""
_STAND_INS: Final = frozenset(
    "na none nil null unknown tbc tba tbd test tester testing dummy sample asdf qwerty name noname address street city "
    "consignee consignor customer seller buyer".split()
)


@item_rule("C501", "accuracy", "amend", _QUALITY, at="price/amount")
def price_is_real(item: GoodsItem) -> str | None:
    """A price of nothing is not a price.

    For gifts and samples give what the goods would cost.
    """
    return "0" if item.price is not None and not item.price.amount else None


@item_rule("C502", "accuracy", "note", _QUALITY, at="price/amount")
def price_is_not_a_token(item: GoodsItem) -> str | None:
    """A price of exactly 1 is often a stand-in for the real one."""
    price = item.price
    return "1" if price is not None and price.amount == 1 and item.quantity <= 1 else None


@item_rule("C503", "accuracy", "amend", _QUALITY, at="quantity")
def quantity_is_real(item: GoodsItem) -> str | None:
    """The number of pieces is zero, a fraction, or more than a parcel can hold."""
    quantity = item.quantity
    if quantity == 1 or item.unit != "C62":
        return None
    if quantity and quantity <= _MOST_PIECES and quantity == quantity.to_integral_value():
        return None
    return format(quantity, "f")


@rule("C506", "accuracy", "amend", "UPU Convention: mass limits of postal items")
def mass_is_real(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The mass is nothing, or more than mail or any ship can carry."""
    goods = declaration.consignment
    heaviest = _HEAVIEST_MAIL_KG if declaration.channel == "post" else _HEAVIEST_KG
    mass = goods.gross_mass_kg
    if mass is not None and not _LIGHTEST_KG <= mass <= heaviest:
        yield "/consignment/gross_mass_kg", f"{mass} kg"
    for index, item in enumerate(goods.items):
        if item.net_mass_kg is not None and not item.net_mass_kg:
            yield f"/consignment/items/{index}/net_mass_kg", "0 kg"
    for index, parcel in enumerate(goods.parcels):
        mass = parcel.gross_mass_kg
        if mass is not None and not _LIGHTEST_KG <= mass <= heaviest:
            yield f"/consignment/parcels/{index}/gross_mass_kg", f"{mass} kg"


@rule("C507", "timeliness", "note", "WCO data-quality standard (2022): timeliness")
def lodged_before_arrival(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The declaration came after the goods; data help most before loading."""
    transport = declaration.consignment.transport
    if transport is None or transport.arrives_at is None:
        return ()
    if (declaration.lodged_at or now) <= transport.arrives_at:
        return ()
    return [("/lodged_at", f"arrival {transport.arrives_at.isoformat()}")]


@rule("C508", "timeliness", "note", "WCO SAFE Framework: advance data before loading on aircraft")
def lodged_before_departure(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """By air, advance data are due before loading; these came after departure."""
    transport = declaration.consignment.transport
    if transport is None or transport.departs_at is None or transport.mode not in ("4", "5"):
        return ()
    if (declaration.lodged_at or now) <= transport.departs_at:
        return ()
    return [("/lodged_at", f"departure {transport.departs_at.isoformat()}")]


@rule("C509", "consistency", "amend", _QUALITY)
def arrival_follows_departure(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The goods arrive before they depart."""
    transport = declaration.consignment.transport
    if transport is None or transport.departs_at is None or transport.arrives_at is None:
        return ()
    if transport.arrives_at >= transport.departs_at:
        return ()
    return [("/consignment/transport/arrives_at", transport.arrives_at.isoformat())]


@rule("C510", "accuracy", "amend", _QUALITY)
def dates_are_real(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """A date lies in the future, or years back."""
    lodged, order, payment = declaration.lodged_at, declaration.order, declaration.payment
    moments = [("/lodged_at", lodged)] if lodged is not None else []
    if order is not None and order.placed_at is not None:
        moments.append(("/order/placed_at", order.placed_at))
    if payment is not None and payment.paid_at is not None:
        moments.append(("/payment/paid_at", payment.paid_at))
    return [
        (pointer, moment.isoformat())
        for pointer, moment in moments
        if moment - now > _SLACK or now - moment > _OLDEST
    ]


@rule("C511", "accuracy", "note", "UPU Convention: limits of size of postal items")
def size_is_real(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A side of the parcel is nothing, or longer than any mail or courier carries."""
    for index, parcel in enumerate(declaration.consignment.parcels):
        length, width, height = parcel.length_cm, parcel.width_cm, parcel.height_cm
        if length is not None and not 0 < length <= _LONGEST_CM:
            yield f"/consignment/parcels/{index}/length_cm", f"{length} cm"
        if width is not None and not 0 < width <= _LONGEST_CM:
            yield f"/consignment/parcels/{index}/width_cm", f"{width} cm"
        if height is not None and not 0 < height <= _LONGEST_CM:
            yield f"/consignment/parcels/{index}/height_cm", f"{height} cm"


@rule("C512", "accuracy", "amend", _QUALITY)
def journey_is_real(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The goods travel in a year that cannot be, or are under way for months."""
    transport = declaration.consignment.transport
    if transport is None:
        return ()
    departs, arrives = transport.departs_at, transport.arrives_at
    found = []
    for name, moment in (("departs_at", departs), ("arrives_at", arrives)):
        if moment is not None and (moment - now > _FARTHEST or now - moment > _OLDEST):
            found.append((f"/consignment/transport/{name}", moment.isoformat()))
    if departs is not None and arrives is not None and arrives - departs > _FARTHEST:
        found.append(("/consignment/transport/arrives_at", f"{(arrives - departs).days} days"))
    return found


@rule("C513", "accuracy", "amend", _QUALITY)
def documents_are_valid(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A document is no longer valid, or not yet.

    Give the one that holds on the day of the declaration.
    """
    if declaration.documents:
        yield from _out_of_date("/documents", declaration.documents, now.date())
    for index, item in enumerate(declaration.consignment.items):
        if item.documents:
            pointer = f"/consignment/items/{index}/documents"
            yield from _out_of_date(pointer, item.documents, now.date())


def _out_of_date(pointer: str, documents: tuple[Document, ...], today: date) -> Iterator[Fault]:
    for index, each in enumerate(documents):
        if each.valid_until is not None and each.valid_until < today - _SLACK:
            yield f"{pointer}/{index}/valid_until", each.valid_until.isoformat()
        for name, day in (("issued_on", each.issued_on), ("valid_from", each.valid_from)):
            if day is not None and day > today + _SLACK:
                yield f"{pointer}/{index}/{name}", day.isoformat()


@rule("C518", "accuracy", "amend", "EU ICS2: names and addresses of the parties in full")
def parties_are_somebody(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A name or address is a stand-in for one.

    Give the name of the person or firm, and the street and city.
    """
    for index, each in enumerate(declaration.parties):
        address = each.address
        line, city = (address.line, address.city) if address is not None else ("", "")
        for name in _stand_ins(each.name, line, city):
            yield f"/parties/{index}/{name}", ""


def _stand_ins(name: str, line: str, city: str) -> tuple[str, ...]:
    """Which of a name, a street and a city only stand in for one."""
    texts = (("name", name), ("address/line", line), ("address/city", city))
    return tuple(pointer for pointer, text in texts if text and _is_stand_in(text))


@functools.lru_cache(maxsize=65_536)
def _is_stand_in(text: str) -> bool:
    """Whether a text has no letter or digit, is one sign again and again, or says that it is none."""
    bare = "".join(filter(str.isalnum, text.casefold()))
    return not bare or bare in _STAND_INS or (len(bare) > 2 and len(set(bare)) == 1)


@item_rule("C519", "accuracy", "note", "The element is a fraction: 0.12 is 12 %", at="duty_rate")
def duty_rate_is_a_fraction(item: GoodsItem) -> str | None:
    """A duty rate of 200 % or more is mostly a percentage written as a fraction.

    Write 0.12 for 12 %.
    """
    rate = item.duty_rate
    return format(rate, "f") if rate is not None and rate >= 2 else None
