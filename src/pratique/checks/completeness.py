"""Is everything there that any parcel needs? What one regime needs beside is law (see ``requirements``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pratique.checks.rule import Fault, rule
from pratique.model.declaration import Declaration, party

_CN23: Final = (
    "UPU Convention, CN 22 and CN 23 declaration forms: particulars every postal item carries"
)
_SAFE: Final = "WCO SAFE Framework, advance electronic data: 7+1 data elements before loading"


@rule("C101", "completeness", "missing", _CN23)
def has_description(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Say in plain words what each item is.

    For example: 3 cotton T-shirts, men's, knitted.
    """
    for index, item in enumerate(declaration.consignment.items):
        if not item.description.strip():
            yield f"/consignment/items/{index}/description", ""


@rule("C102", "completeness", "missing", _CN23)
def has_price(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Give the price of each item, with its currency."""
    for index, item in enumerate(declaration.consignment.items):
        if item.price is None:
            yield f"/consignment/items/{index}/price", ""


@rule("C103", "completeness", "missing", _CN23)
def has_origin(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Give the country where each item was made.

    It may differ from the country it is sent from.
    """
    for index, item in enumerate(declaration.consignment.items):
        if item.origin is None:
            yield f"/consignment/items/{index}/origin", ""


@rule("C104", "completeness", "missing", _SAFE)
def has_consignee(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Name the person or firm that receives the parcel."""
    consignee = party(declaration, "consignee") or party(declaration, "importer")
    buyer = consignee or party(declaration, "buyer")
    if buyer is None or not (buyer.name.strip() or buyer.ids):
        yield "/parties", ""


@rule("C105", "completeness", "missing", _SAFE)
def has_sender(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Name the sender or seller of the parcel."""
    for role in ("consignor", "seller", "exporter", "marketplace", "declarant"):
        found = party(declaration, role)
        if found is not None and (found.name.strip() or found.ids):
            return
    yield "/parties", ""


@rule("C106", "completeness", "note", _CN23)
def has_mass(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Give the mass of the parcel or of each item."""
    goods = declaration.consignment
    if goods.gross_mass_kg is not None or any(p.gross_mass_kg is not None for p in goods.parcels):
        return
    if all(i.net_mass_kg is not None or i.gross_mass_kg is not None for i in goods.items):
        return
    yield "/consignment/gross_mass_kg", ""


@rule(
    "C107",
    "completeness",
    "note",
    "UPU Convention, S10: every item with data carries an identifier",
)
def has_parcel_identifier(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Give the tracking number that is on the parcel's label."""
    transport = declaration.consignment.transport
    if not declaration.consignment.parcels and not (transport and transport.house_waybill):
        yield "/consignment/parcels", ""


@rule("C108", "completeness", "missing", _CN23)
def has_dispatch_country(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Give the country the parcel is sent from."""
    if declaration.dispatch_country is None:
        yield "/dispatch_country", ""


@rule("C109", "completeness", "missing", _SAFE)
def has_delivery_address(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """Give the full address of the person who receives the parcel: street, city, country."""
    consignee = party(declaration, "consignee")
    if consignee is None or consignee.ids:
        return
    address = consignee.address
    if address is None or not (address.line.strip() and address.city.strip() and address.country):
        index = declaration.parties.index(consignee)
        yield f"/parties/{index}/address", ""
