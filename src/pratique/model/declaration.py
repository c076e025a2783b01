"""The declaration data model: one definition for decoding, validation, schema, docs and storage.

Entities follow the WCO Data Model 3.6 (element ids beside each field where known) with our own
extension for what e-commerce adds: order, payment, listing and the way back. Parties, documents and goods
have modules of their own; all nouns can be had from here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from pratique.model.consignment import (
    Adjustment,
    Consignment,
    Fee,
    GoodsItem,
    GoodsLocation,
    Listing,
    MeansOfTransport,
    Measure,
    Packaging,
    Parcel,
    StatedDutyTaxFee,
    Transport,
)
from pratique.model.documents import (
    CurrencyExchange,
    Document,
    Guarantee,
    Invoice,
    PreviousDocument,
    SchemeNumber,
    Statement,
)
from pratique.model.element import Instant, Noun, element
from pratique.model.money import Money, check_decimal
from pratique.model.parties import (
    ROLE_IDS,
    Address,
    Authorisation,
    Party,
    PartyId,
    Role,
    TrustedTrader,
)
from pratique.model.territories import law_place, subdivision_of

Channel = Literal["post", "express", "cargo"]
Flow = Literal["b2c", "b2b", "c2c"]
ReturnReason = Literal["withdrawn", "refused", "undelivered", "defective", "wrong_goods"]


class OrderLine(Noun, frozen=True, kw_only=True):
    """One line of the order as the shop keeps it. Own extension."""

    product: Annotated[
        str, element("Product identifier of the shop", max_length=70, privacy="commercial")
    ] = ""
    description: Annotated[
        str, element("Title of the offer", max_length=512, privacy="commercial")
    ] = ""
    quantity: Annotated[Decimal, element("Number of pieces", privacy="commercial")] = Decimal(1)
    price: Annotated[Money | None, element("Price of the line", privacy="commercial")] = None

    def __post_init__(self) -> None:
        check_decimal(self.quantity, "quantity")


class Order(Noun, frozen=True, kw_only=True):
    """The sale: number, moment, place. Own extension."""

    number: Annotated[
        str, element("Order number", min_length=1, max_length=70, privacy="commercial")
    ]
    placed_at: Annotated[
        Instant | None, element("Moment of the order, UTC", privacy="commercial")
    ] = None
    total: Annotated[Money | None, element("Total of the order", privacy="commercial")] = None
    lines: Annotated[
        tuple[OrderLine, ...], element("Lines of the order", max_length=999, privacy="commercial")
    ] = ()


class Payment(Noun, frozen=True, kw_only=True):
    """The payment of the order. Own extension; reference is WCO 014 in responses."""

    reference: Annotated[
        str, element("Payment reference", wco="014", privacy="fiscal", min_length=1, max_length=70)
    ]
    provider: Annotated[str, element("Payment provider", privacy="commercial", max_length=70)] = ""
    amount: Annotated[Money | None, element("Amount paid", privacy="fiscal")] = None
    paid_at: Annotated[Instant | None, element("Moment of payment, UTC", privacy="commercial")] = (
        None
    )


class ReturnedGoods(Noun, frozen=True, kw_only=True):
    """The way back: what binds a parcel that returns to the one that came. Own extension."""

    parcel: Annotated[
        str,
        element(
            "Identifier the parcel had when it came (S10, tracking number)",
            max_length=35,
            privacy="commercial",
        ),
    ] = ""
    declaration: Annotated[
        str, element("Declaration or MRN under which it came", max_length=70, privacy="commercial")
    ] = ""
    reason: Annotated[
        ReturnReason | None, element("Why the goods go back", privacy="commercial")
    ] = None


class CustomsOffices(Noun, frozen=True, kw_only=True):
    """Which customs offices are concerned, each by its code."""

    declaration: Annotated[
        str, element("Office of declaration", wco="065", privacy="public", max_length=17)
    ] = ""
    presentation: Annotated[
        str, element("Office of presentation", wco="G015", privacy="public", max_length=17)
    ] = ""
    supervising: Annotated[
        str, element("Supervising office", wco="G012", privacy="public", max_length=17)
    ] = ""
    exit: Annotated[str, element("Office of exit", wco="G005", privacy="public", max_length=17)] = (
        ""
    )


class Declaration(Noun, frozen=True, kw_only=True):
    """One statement about one consignment, by one sender, in one version.

    ``destination``, ``dispatch_country`` and each item's ``origin`` are three separate countries.
    """

    id: Annotated[
        str,
        element(
            "Declarant's own reference, unique for that declarant (LRN)",
            wco="D026",
            min_length=1,
            max_length=70,
            privacy="commercial",
        ),
    ]
    mrn: Annotated[
        str,
        element(
            "Movement reference number, once customs gave one",
            wco="D014",
            max_length=70,
            privacy="commercial",
        ),
    ] = ""
    destination: Annotated[
        str,
        element("Country of destination", wco="465", privacy="public", min_length=2, max_length=2),
    ]
    dispatch_country: (
        Annotated[
            str,
            element(
                "Country the goods are sent from",
                wco="062",
                privacy="public",
                min_length=2,
                max_length=2,
            ),
        ]
        | None
    ) = None
    channel: Annotated[Channel, element("How the parcel travels", privacy="public")] = "post"
    flow: Annotated[
        Flow,
        element(
            "Who sends to whom: business to consumer, business to business, private to private",
            privacy="commercial",
        ),
    ] = "b2c"
    lodged_at: Annotated[
        Instant | None, element("Moment of lodgement, UTC", wco="D011", privacy="commercial")
    ] = None
    accepted_on: Annotated[
        date | None,
        element("Day of acceptance, which fixes the law", wco="023", privacy="commercial"),
    ] = None
    direction: Annotated[
        Literal["import", "export"], element("Import or export declaration", privacy="commercial")
    ] = "import"
    function: Annotated[
        str,
        element(
            "Function of the message: original, change, cancellation (UN/EDIFACT 1225)",
            wco="017",
            max_length=2,
            privacy="commercial",
        ),
    ] = ""
    type: Annotated[
        str,
        element(
            "Declaration type code of the destination, e.g. IMA",
            wco="D013",
            max_length=4,
            privacy="commercial",
        ),
    ] = ""
    dataset: Annotated[
        str,
        element(
            "Data set: H1, H6, H7 or another name its law gives", max_length=8, privacy="commercial"
        ),
    ] = ""
    circumstance: Annotated[
        str,
        element(
            "Special circumstance or filing type, coded",
            wco="504",
            max_length=3,
            privacy="commercial",
        ),
    ] = ""
    representation: Annotated[
        str,
        element(
            "How the agent acts: direct, indirect", wco="102", max_length=3, privacy="commercial"
        ),
    ] = ""
    schemes: Annotated[
        tuple[SchemeNumber, ...],
        element(
            "Registrations under which tax is collected at sale", privacy="fiscal", max_length=99
        ),
    ] = ()
    parties: Annotated[
        tuple[Party, ...],
        element("Who takes part, with roles", max_length=99, privacy="commercial"),
    ] = ()
    consignment: Annotated[
        Consignment, element("The goods and how they travel", wco="28A", privacy="commercial")
    ]
    order: Annotated[Order | None, element("The sale", privacy="commercial")] = None
    payment: Annotated[Payment | None, element("The payment", privacy="fiscal")] = None
    invoice: Annotated[Invoice | None, element("The invoice", wco="78A", privacy="commercial")] = (
        None
    )
    returned_goods: Annotated[
        ReturnedGoods | None,
        element("The parcel that came, when this one goes back", privacy="commercial"),
    ] = None
    documents: Annotated[
        tuple[Document, ...],
        element(
            "Documents, permits and references", wco="02A", max_length=99, privacy="commercial"
        ),
    ] = ()
    statements: Annotated[
        tuple[Statement, ...],
        element("Additional information", wco="03A", max_length=99, privacy="commercial"),
    ] = ()
    authorisations: Annotated[
        tuple[Authorisation, ...],
        element("Authorisations relied on", wco="17C", max_length=99, privacy="commercial"),
    ] = ()
    trusted_traders: Annotated[
        tuple[TrustedTrader, ...],
        element(
            "Authorised economic operators in the chain",
            wco="16C",
            max_length=99,
            privacy="commercial",
        ),
    ] = ()
    guarantees: Annotated[
        tuple[Guarantee, ...],
        element("Security for sums not yet paid", wco="90A", privacy="fiscal", max_length=99),
    ] = ()
    currency_exchange: Annotated[
        tuple[CurrencyExchange, ...],
        element(
            "Rates of exchange the declarant states", wco="40A", max_length=99, privacy="commercial"
        ),
    ] = ()
    amendments: Annotated[
        tuple[
            Annotated[
                str,
                element(
                    "Reason of one change, coded", wco="099", max_length=3, privacy="commercial"
                ),
            ],
            ...,
        ],
        element(
            "Reasons of the changes this version makes, coded",
            wco="099",
            max_length=99,
            privacy="commercial",
        ),
    ] = ()
    offices: Annotated[
        CustomsOffices | None, element("Customs offices concerned", privacy="commercial")
    ] = None
    extension: Annotated[
        dict[str, Any],
        element(
            "Elements of the sender's dialect the model has no place for, kept as they came: may hold anything",
            privacy="personal",
        ),
    ] = {}


def party(declaration: Declaration, role: Role) -> Party | None:
    """The first party that plays ``role``, or None."""
    for candidate in declaration.parties:
        if role in candidate.roles:
            return candidate
    return None


def with_version(declaration: Declaration, **changes: Any) -> Declaration:
    """A copy with some elements replaced; the original stays as it was."""
    return msgspec.structs.replace(declaration, **changes)


__all__ = [
    "ROLE_IDS",
    "Address",
    "Adjustment",
    "Authorisation",
    "Channel",
    "Consignment",
    "CurrencyExchange",
    "CustomsOffices",
    "Declaration",
    "Document",
    "Fee",
    "Flow",
    "GoodsItem",
    "GoodsLocation",
    "Guarantee",
    "Invoice",
    "Listing",
    "MeansOfTransport",
    "Measure",
    "Order",
    "OrderLine",
    "Packaging",
    "Parcel",
    "Party",
    "PartyId",
    "Payment",
    "PreviousDocument",
    "ReturnedGoods",
    "Role",
    "SchemeNumber",
    "StatedDutyTaxFee",
    "Statement",
    "Transport",
    "TrustedTrader",
    "party",
    "with_version",
]


def subdivision(declaration: Declaration) -> str | None:
    """State, province or territory of the consignee (else of the buyer), as after the dash of its ISO 3166-2 code.

    Of the region code; where none is given, of the postcode, if it tells (``model.territories``).
    """
    for role in ("consignee", "buyer"):
        found = party(declaration, role)
        told = _subdivision(found.address, declaration.destination) if found else None
        if told:
            return told
    return None


def _subdivision(address: Address | None, destination: str) -> str | None:
    if address is None:
        return None
    if address.region_code:
        return address.region_code.upper().rpartition("-")[2]
    if not address.postcode or address.country not in (None, destination):
        return None
    return subdivision_of(destination, address.postcode)


def place_of_law(declaration: Declaration) -> str:
    """The place whose law holds at the destination: a territory may be under that of another place."""
    return law_place(declaration.destination, subdivision(declaration))


def sold_on(declaration: Declaration) -> date | None:
    """Day of the order, in UTC."""
    order = declaration.order
    return order.placed_at.date() if order is not None and order.placed_at is not None else None


def consignee_in(subdivision: str | None) -> tuple[Party, ...]:
    """A consignee of whom no more is known than the state or province; nobody without one."""
    if not subdivision:
        return ()
    return (Party(roles=("consignee",), address=Address(region_code=subdivision)),)


def order_on(day: date | None) -> Order | None:
    """An order of which no more is known than its day."""
    if day is None:
        return None
    return Order(number="not stated", placed_at=datetime(day.year, day.month, day.day, tzinfo=UTC))
