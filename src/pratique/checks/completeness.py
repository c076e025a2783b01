"""Is everything there that any parcel needs? What one regime needs beside is law (see ``requirements``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pratique.checks.rule import Fault, item_rule, rule, word_rule
from pratique.model.declaration import Declaration, GoodsItem, party

_CN23: Final = (
    "UPU Convention, CN 22 and CN 23 declaration forms: particulars every postal item carries"
)
_SAFE: Final = "WCO SAFE Framework, advance electronic data: 7+1 data elements before loading"


@word_rule("C101", "completeness", "missing", _CN23, at="description")
def has_description(description: str | None) -> str | None:
    """Say in plain words what each item is.

    For example: 3 cotton T-shirts, men's, knitted.
    """
    return None if description and description.strip() else ""


@item_rule("C102", "completeness", "missing", _CN23, at="price")
def has_price(item: GoodsItem) -> str | None:
    """Give the price of each item, with its currency."""
    return "" if item.price is None else None


@word_rule("C103", "completeness", "missing", _CN23, at="origin")
def has_origin(origin: str | None) -> str | None:
    """Give the country where each item was made.

    It may differ from the country it is sent from.
    """
    return "" if origin is None else None


@rule("C104", "completeness", "missing", _SAFE)
def has_consignee(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Name the person or firm that receives the parcel."""
    consignee = party(declaration, "consignee") or party(declaration, "importer")
    buyer = consignee or party(declaration, "buyer")
    if buyer is None or not (buyer.name.strip() or buyer.ids):
        return [("/parties", "")]
    return ()


@rule("C105", "completeness", "missing", _SAFE)
def has_sender(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Name the sender or seller of the parcel."""
    for role in ("consignor", "seller", "exporter", "marketplace", "declarant"):
        found = party(declaration, role)
        if found is not None and (found.name.strip() or found.ids):
            return ()
    return [("/parties", "")]


@rule("C106", "completeness", "note", _CN23)
def has_mass(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Give the mass of the parcel or of each item."""
    goods = declaration.consignment
    if goods.gross_mass_kg is not None or any(p.gross_mass_kg is not None for p in goods.parcels):
        return ()
    if all(i.net_mass_kg is not None or i.gross_mass_kg is not None for i in goods.items):
        return ()
    return [("/consignment/gross_mass_kg", "")]


@rule(
    "C107",
    "completeness",
    "note",
    "UPU Convention, S10: every item with data carries an identifier",
)
def has_parcel_identifier(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Give the tracking number that is on the parcel's label."""
    transport = declaration.consignment.transport
    if declaration.consignment.parcels or (transport is not None and transport.house_waybill):
        return ()
    return [("/consignment/parcels", "")]


@rule("C108", "completeness", "missing", _CN23)
def has_dispatch_country(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Give the country the parcel is sent from."""
    return [("/dispatch_country", "")] if declaration.dispatch_country is None else ()


@rule("C109", "completeness", "missing", _SAFE)
def has_delivery_address(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Give the full address of the person who receives the parcel: street, city, country."""
    consignee = party(declaration, "consignee")
    if consignee is None or consignee.ids:
        return ()
    address = consignee.address
    if address is not None and address.line.strip() and address.city.strip() and address.country:
        return ()
    return [(f"/parties/{declaration.parties.index(consignee)}/address", "")]
