"""Do the parts agree with each other? Contradictions between parties, parcels, countries and the sale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from pratique.checks.identifiers import is_receptacle, is_s10, looks_like_s10
from pratique.checks.rule import Fault, rule
from pratique.model.declaration import Declaration, GoodsItem, party

_QUALITY: Final = "WCO data-quality standard (2022): consistency between elements and sources"
_DAY: Final = timedelta(days=1)
"""Clocks and time zones of senders differ by up to a day."""
_ALONE: Final = frozenset({"consignee", "importer", "declarant"})
"""Roles that one party plays alone."""


@rule("C601", "consistency", "note", _QUALITY)
def one_currency(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Prices of one consignment are in several currencies."""
    items = declaration.consignment.items
    if len(items) < 2:
        return ()
    found = {item.price.currency for item in items if item.price is not None}
    return [("/consignment/items", ", ".join(sorted(found)))] if len(found) > 1 else ()


@rule(
    "C604",
    "consistency",
    "amend",
    "Gift reliefs cover occasional sendings between private persons, unpaid",
)
def gift_is_no_sale(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Declared as private to private, but there is an order, a payment, a seller or a marketplace.

    Goods that were bought are not a gift to the buyer.
    """
    return _of_a_sale(declaration) if declaration.flow == "c2c" else ()


def _of_a_sale(declaration: Declaration) -> Iterator[Fault]:
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
def parcels_are_distinct(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The same parcel number stands twice."""
    parcels = declaration.consignment.parcels
    if len(parcels) < 2:
        return ()
    seen: set[str] = set()
    found = []
    for index, each in enumerate(parcels):
        if each.id in seen:
            found.append((f"/consignment/parcels/{index}/id", each.id))
        seen.add(each.id)
    return found


@rule("C606", "consistency", "invalid", _QUALITY)
def items_are_in_known_parcels(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """An item names a parcel that is not in the declaration."""
    goods = declaration.consignment
    named = [(index, item.parcel) for index, item in enumerate(goods.items) if item.parcel]
    if not named:
        return ()
    parcels = {each.id for each in goods.parcels}
    return [
        (f"/consignment/items/{index}/parcel", name) for index, name in named if name not in parcels
    ]


@rule(
    "C607", "consistency", "amend", "One registration number a consignment (EU data element 13 16)"
)
def one_number_a_scheme(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Two different numbers are given for one scheme."""
    if len(declaration.schemes) < 2:
        return ()
    first: dict[str, str] = {}
    return [
        (f"/schemes/{index}/number", each.kind)
        for index, each in enumerate(declaration.schemes)
        if first.setdefault(each.kind, each.number) != each.number
    ]


@rule("C608", "consistency", "amend", _QUALITY)
def goods_cross_a_border(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The country of dispatch is the country of destination."""
    if declaration.dispatch_country != declaration.destination:
        return ()
    return [("/dispatch_country", declaration.destination)]


@rule("C609", "consistency", "note", _QUALITY)
def consignee_lives_at_destination(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The address of the person who receives the parcel is in another country than the destination."""
    consignee = party(declaration, "consignee")
    country = consignee.address.country if consignee and consignee.address else None
    if country is None or country == declaration.destination or declaration.direction != "import":
        return ()
    return [(f"/parties/{declaration.parties.index(consignee)}/address/country", country)]


@rule("C611", "consistency", "amend", "UPU standard S9: a receptacle names its exchange offices")
def receptacle_names_its_offices(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The receptacle goes between other exchange offices than those given."""
    transport = declaration.consignment.transport
    if transport is None or not is_receptacle(transport.receptacle):
        return ()
    receptacle = transport.receptacle
    offices = (
        ("origin_office", transport.origin_office, receptacle[:6]),
        ("destination_office", transport.destination_office, receptacle[6:12]),
    )
    return [
        (f"/consignment/transport/{name}", f"{given}, not {named}")
        for name, given, named in offices
        if given and given != named
    ]


@rule("C612", "consistency", "note", "UPU standard S10: the number names the country that gave it")
def postal_number_is_of_the_sending_country(
    declaration: Declaration, now: datetime
) -> Iterable[Fault]:
    """The postal item number was given in another country than the parcel is sent from."""
    dispatch = declaration.dispatch_country
    if dispatch is None or declaration.returned_goods is not None:
        return ()
    return [
        (f"/consignment/parcels/{index}/id", f"{each.id[-2:]}, sent from {dispatch}")
        for index, each in enumerate(declaration.consignment.parcels)
        if each.id[-2:] != dispatch and is_s10(each.id)
    ]


@rule("C613", "consistency", "note", _QUALITY)
def goods_made_here_come_back(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The goods were made in the country they are sent to.

    If they come back, say which parcel they left in: relief may be due.
    """
    if declaration.direction != "import" or declaration.returned_goods is not None:
        return ()
    home = declaration.destination
    return [
        (f"/consignment/items/{index}/origin", home)
        for index, item in enumerate(declaration.consignment.items)
        if item.origin == home
    ]


@rule("C614", "consistency", "note", _QUALITY)
def parties_fit_the_flow(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A firm is said to be a consumer, or a person a firm."""
    flow = declaration.flow
    expected = "company" if flow == "b2b" else "person"
    for index, each in enumerate(declaration.parties):
        if each.type is None or each.type == expected:
            continue
        receives = "consignee" in each.roles or "buyer" in each.roles
        sends = "consignor" in each.roles or "seller" in each.roles
        if receives or (sends and flow == "c2c"):
            yield f"/parties/{index}/type", f"{each.type} in {flow}"


@rule("C615", "consistency", "note", "UPU Convention: every postal item carries an S10 identifier")
def mail_has_postal_numbers(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Sent by post, but the number is not one of a postal item."""
    if declaration.channel != "post":
        return ()
    return [
        (f"/consignment/parcels/{index}/id", each.id)
        for index, each in enumerate(declaration.consignment.parcels)
        if not looks_like_s10(each.id)
    ]


@rule("C620", "consistency", "note", _QUALITY)
def items_are_distinct(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The same goods stand twice, alike in everything.

    Give them once with the number of pieces, or take one out.
    """
    items = declaration.consignment.items
    if len(items) < 2 or len({item.description for item in items}) == len(items):
        return ()
    first: dict[tuple[str, str | None], list[GoodsItem]] = {}
    found = []
    for index, item in enumerate(items):
        alike = first.setdefault((item.description, item.hs_code), [])
        if item in alike[:10]:
            found.append((f"/consignment/items/{index}", item.description[:60]))
        else:
            alike.append(item)
    return found


@rule("C621", "consistency", "amend", _QUALITY)
def one_party_a_role(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """Two parties are given where there can be one: consignee, importer, declarant."""
    roles = [role for each in declaration.parties for role in each.roles]
    if len(set(roles)) == len(roles):
        return ()
    first: dict[str, int] = {}
    return [
        (f"/parties/{index}/roles", role)
        for index, each in enumerate(declaration.parties)
        for role in each.roles
        if role in _ALONE and first.setdefault(role, index) != index
    ]


@rule(
    "C623",
    "consistency",
    "amend",
    "A return travels under a number of its own (EU returns of low value)",
)
def returns_have_a_new_number(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The parcel goes back under the number it came with.

    Give it a new number and keep the old one as the parcel it came in.
    """
    back = declaration.returned_goods
    if back is None or not back.parcel:
        return ()
    return [
        (f"/consignment/parcels/{index}/id", each.id)
        for index, each in enumerate(declaration.consignment.parcels)
        if each.id == back.parcel
    ]


@rule("C624", "consistency", "amend", _QUALITY)
def sale_comes_first(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The goods were declared or paid for before they were ordered."""
    order, payment = declaration.order, declaration.payment
    if order is None or order.placed_at is None:
        return ()
    paid = payment.paid_at if payment is not None else None
    return [
        (pointer, moment.isoformat())
        for pointer, moment in (("/lodged_at", declaration.lodged_at), ("/payment/paid_at", paid))
        if moment is not None and order.placed_at - moment > _DAY
    ]
