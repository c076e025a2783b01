"""The declaration data model: one definition for decoding, validation, schema, docs and storage.

Entities follow the WCO Data Model 3.6 (element ids beside each field where known) with our own
extension for what e-commerce adds: order, payment and listing references.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from pratique.model.element import Noun, element
from pratique.model.money import Money, check_decimal

CountryCode = Annotated[
    str,
    element(
        "ISO 3166-1 alpha-2 country code", wco="242", privacy="public", min_length=2, max_length=2
    ),
]
Text35 = Annotated[str, element("Reference, up to 35 characters", min_length=1, max_length=35)]
Text70 = Annotated[str, element("Reference, up to 70 characters", min_length=1, max_length=70)]

Channel = Literal["post", "express", "cargo"]
Flow = Literal["b2c", "b2b", "c2c"]
Role = Literal[
    "seller",
    "marketplace",
    "payment_provider",
    "buyer",
    "consignor",
    "consignee",
    "exporter",
    "importer",
    "declarant",
    "agent",
    "carrier",
    "post_of_origin",
    "post_of_destination",
    "warehouse",
    "payer",
    "authorisation_holder",
    "customs_office",
    "agency",
]
"""What a party does in this transaction (WCO: role per transaction, not per company)."""


class Address(Noun, frozen=True, kw_only=True):
    """Where a party or place is."""

    line: Annotated[
        str, element("Street, number, PO box", wco="239", privacy="personal", max_length=210)
    ] = ""
    city: Annotated[str, element("City", wco="241", privacy="personal", max_length=70)] = ""
    region: Annotated[str, element("Region or state", privacy="personal", max_length=35)] = ""
    postcode: Annotated[str, element("Postcode", wco="245", privacy="personal", max_length=17)] = ""
    country: (
        Annotated[
            str,
            element(
                "Country of the address", wco="242", privacy="public", min_length=2, max_length=2
            ),
        ]
        | None
    ) = None


class PartyId(Noun, frozen=True, kw_only=True):
    """A number a party is known by, and the register that issued it."""

    kind: Annotated[
        str,
        element(
            "Register: EORI, VAT, ABN, ARN, PCCC, AEO, TIN or another",
            privacy="fiscal",
            min_length=1,
            max_length=17,
        ),
    ]
    number: Annotated[
        str,
        element(
            "Number in that register", wco="R015", privacy="fiscal", min_length=1, max_length=35
        ),
    ]


class Party(Noun, frozen=True, kw_only=True):
    """A person or firm and the roles it plays in this transaction."""

    roles: Annotated[
        tuple[Role, ...], element("Roles in this transaction", privacy="commercial", min_length=1)
    ]
    name: Annotated[str, element("Name", wco="R014", privacy="personal", max_length=140)] = ""
    ids: Annotated[
        tuple[PartyId, ...], element("Numbers the party is known by", privacy="fiscal")
    ] = ()
    address: Annotated[Address | None, element("Address", wco="04A", privacy="personal")] = None
    contact: Annotated[
        str, element("Contact person", wco="246", privacy="personal", max_length=70)
    ] = ""
    email: Annotated[str, element("E-mail", wco="240", privacy="personal", max_length=256)] = ""
    phone: Annotated[str, element("Telephone", wco="240", privacy="personal", max_length=50)] = ""
    type: Annotated[
        Literal["person", "company"] | None,
        element("Natural person or company", privacy="commercial"),
    ] = None


class Document(Noun, frozen=True, kw_only=True):
    """A document, permit, certificate or additional reference the declaration relies on."""

    type: Annotated[
        str,
        element(
            "Document type code (UNCL 1001 or national)", wco="D006", min_length=1, max_length=17
        ),
    ]
    number: Annotated[str, element("Document number", wco="D005", max_length=70)] = ""
    name: Annotated[str, element("Document name", wco="D028", max_length=35)] = ""
    issuer: Annotated[str, element("Issuing authority", max_length=70)] = ""
    issued_on: Annotated[date | None, element("Date of issue", wco="D015")] = None
    valid_until: Annotated[date | None, element("Last day of validity")] = None


class SchemeNumber(Noun, frozen=True, kw_only=True):
    """A registration under which tax is collected at sale (IOSS, VOEC, ARN, OVR, ...)."""

    kind: Annotated[
        str,
        element(
            "Scheme as its law names it: IOSS, VOEC, ARN ...",
            privacy="fiscal",
            min_length=2,
            max_length=12,
        ),
    ]
    number: Annotated[
        str,
        element("Registration number", wco="R119", privacy="fiscal", min_length=1, max_length=35),
    ]


class Listing(Noun, frozen=True, kw_only=True):
    """Where the goods were offered, and the identifiers the offer carried. Own extension."""

    url: Annotated[str, element("Address of the offer", max_length=2048)] = ""
    picture_url: Annotated[str, element("Address of the picture", max_length=2048)] = ""
    merchant_product_id: Annotated[
        str, element("Product identifier of the merchant", max_length=70)
    ] = ""
    manufacturer_product_id: Annotated[
        str, element("Product identifier of the manufacturer", max_length=70)
    ] = ""
    gtin: Annotated[str, element("Global Trade Item Number", max_length=14)] = ""
    category: Annotated[str, element("Category in the marketplace's own words", max_length=256)] = (
        ""
    )


class Measure(Noun, frozen=True, kw_only=True):
    """A quantity in a unit of UN/ECE Recommendation 20."""

    value: Annotated[Decimal, element("Quantity, written as a decimal string", wco="130")]
    unit: Annotated[
        str, element("Unit code (Recommendation 20)", privacy="public", min_length=2, max_length=3)
    ]

    def __post_init__(self) -> None:
        check_decimal(self.value, "value")


class GoodsItem(Noun, frozen=True, kw_only=True):
    """One commodity, origin and procedure. Source: WCO class 68A GovernmentAgencyGoodsItem."""

    description: Annotated[
        str, element("What the goods are, in plain words", wco="137", max_length=512)
    ] = ""
    hs_code: (
        Annotated[
            str,
            element(
                "HS code of 6 digits, or a national tariff code of up to 14",
                wco="145",
                min_length=2,
                max_length=14,
            ),
        ]
        | None
    ) = None
    origin: (
        Annotated[
            str,
            element("Country where the goods were made", wco="063", min_length=2, max_length=2),
        ]
        | None
    ) = None
    preference: Annotated[
        str,
        element(
            "Preferential origin claimed (scheme code), empty if none", wco="164", max_length=12
        ),
    ] = ""
    quantity: Annotated[Decimal, element("Number of pieces", wco="130")] = Decimal(1)
    unit: Annotated[
        str,
        element(
            "Unit of the quantity (Recommendation 20)", privacy="public", min_length=2, max_length=3
        ),
    ] = "C62"
    supplementary: Annotated[
        tuple[Measure, ...], element("Quantities in supplementary units", wco="130")
    ] = ()
    net_mass_kg: Annotated[Decimal | None, element("Net mass, kg", wco="128")] = None
    gross_mass_kg: Annotated[Decimal | None, element("Gross mass, kg", wco="126")] = None
    price: Annotated[
        Money | None,
        element("Transaction value: price paid or payable for all pieces of the line", wco="112"),
    ] = None
    unit_price: Annotated[Money | None, element("Price of one piece")] = None
    intrinsic_value: Annotated[
        Money | None, element("Price of the goods alone, when the price holds more")
    ] = None
    customs_value: Annotated[
        Money | None, element("Customs value, when the declarant states it", wco="108")
    ] = None
    statistical_value: Annotated[
        Money | None, element("Statistical value, when stated", wco="114")
    ] = None
    duty_rate: Annotated[
        Decimal | None,
        element("Ad valorem duty rate as a fraction (0.12 is 12 %), when known", wco="115"),
    ] = None
    procedure: Annotated[str, element("Customs procedure asked for", wco="166", max_length=7)] = ""
    previous_procedure: Annotated[str, element("Previous procedure", wco="161", max_length=7)] = ""
    additional_procedures: Annotated[
        tuple[str, ...], element("Additional procedure codes (C07, F48 ...)", wco="166")
    ] = ()
    listing: Annotated[Listing | None, element("Where the goods were offered")] = None
    documents: Annotated[
        tuple[Document, ...], element("Documents, permits and references", wco="02A")
    ] = ()
    dangerous_goods: Annotated[
        str,
        element("UN dangerous goods number", wco="506", privacy="special-security", max_length=4),
    ] = ""
    parcel: Annotated[
        str,
        element(
            "Identifier of the parcel that holds the item, when there are several", max_length=35
        ),
    ] = ""
    extension: Annotated[
        dict[str, Any],
        element("Elements of the sender's dialect the model has no place for, kept as they came"),
    ] = {}

    def __post_init__(self) -> None:
        check_decimal(self.quantity, "quantity")
        if self.net_mass_kg is not None:
            check_decimal(self.net_mass_kg, "net_mass_kg")
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")
        if self.duty_rate is not None:
            check_decimal(self.duty_rate, "duty_rate")


class Parcel(Noun, frozen=True, kw_only=True):
    """One labelled physical unit (UPU: postal item)."""

    id: Annotated[
        str,
        element(
            "S10 item number or carrier's tracking number", wco="016", min_length=1, max_length=35
        ),
    ]
    gross_mass_kg: Annotated[Decimal | None, element("Gross mass, kg", wco="126")] = None
    length_cm: Annotated[Decimal | None, element("Length, cm", wco="367")] = None
    width_cm: Annotated[Decimal | None, element("Width, cm")] = None
    height_cm: Annotated[Decimal | None, element("Height, cm")] = None
    package_type: Annotated[
        str, element("Package type (Recommendation 21)", wco="141", max_length=2)
    ] = ""
    marks: Annotated[str, element("Shipping marks", wco="142", max_length=512)] = ""
    seals: Annotated[tuple[str, ...], element("Seal numbers", wco="165")] = ()

    def __post_init__(self) -> None:
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")
        if self.length_cm is not None:
            check_decimal(self.length_cm, "length_cm")
        if self.width_cm is not None:
            check_decimal(self.width_cm, "width_cm")
        if self.height_cm is not None:
            check_decimal(self.height_cm, "height_cm")


class Transport(Noun, frozen=True, kw_only=True):
    """The hierarchy above the parcel: receptacle, dispatch, waybills, means of transport."""

    mode: Annotated[
        str,
        element(
            "Mode at the border (UN/ECE Rec. 19: 1 sea, 3 road, 4 air, 5 mail ...)",
            wco="T022",
            max_length=1,
        ),
    ] = ""
    house_waybill: Annotated[str, element("House waybill", wco="D005", max_length=35)] = ""
    master_waybill: Annotated[str, element("Master (air) waybill", wco="D005", max_length=35)] = ""
    receptacle: Annotated[
        str, element("Receptacle identifier (UPU S9)", wco="159", max_length=29)
    ] = ""
    dispatch: Annotated[str, element("Dispatch identifier", max_length=20)] = ""
    conveyance: Annotated[str, element("Flight, voyage or vehicle", wco="T006", max_length=35)] = ""
    nationality: Annotated[
        str,
        element(
            "Nationality of the means of transport", wco="T014", privacy="public", max_length=2
        ),
    ] = ""
    departs_at: Annotated[datetime | None, element("Expected departure, UTC")] = None
    arrives_at: Annotated[datetime | None, element("Expected arrival, UTC")] = None
    place_of_loading: Annotated[str, element("UN/LOCODE of loading", wco="L010", max_length=17)] = (
        ""
    )
    place_of_arrival: Annotated[
        str, element("UN/LOCODE or location of goods", wco="L017", max_length=35)
    ] = ""
    containers: Annotated[tuple[str, ...], element("Container numbers", wco="159")] = ()
    routing: Annotated[tuple[str, ...], element("Countries of routing", wco="064")] = ()


class Order(Noun, frozen=True, kw_only=True):
    """The sale: number, moment, place. Own extension."""

    number: Annotated[str, element("Order number", min_length=1, max_length=70)]
    placed_at: Annotated[datetime | None, element("Moment of the order, UTC")] = None
    total: Annotated[Money | None, element("Total of the order", wco="109")] = None


class Payment(Noun, frozen=True, kw_only=True):
    """The payment of the order. Own extension; reference is WCO 014 in responses."""

    reference: Annotated[
        str, element("Payment reference", wco="014", privacy="fiscal", min_length=1, max_length=70)
    ]
    provider: Annotated[str, element("Payment provider", privacy="commercial", max_length=70)] = ""
    amount: Annotated[Money | None, element("Amount paid", privacy="fiscal")] = None
    paid_at: Annotated[datetime | None, element("Moment of payment, UTC")] = None


class Fee(Noun, frozen=True, kw_only=True):
    """A charge of a carrier or agent that law may put into a tax base."""

    name: Annotated[str, element("Name of the fee, e.g. clearance", min_length=1, max_length=35)]
    amount: Annotated[Money, element("Amount of the fee")]


class Consignment(Noun, frozen=True, kw_only=True):
    """Goods of one consignor to one consignee. Source: WCO classes 28A, 67A."""

    items: Annotated[tuple[GoodsItem, ...], element("Goods items", min_length=1, max_length=999)]
    parcels: Annotated[tuple[Parcel, ...], element("Labelled physical units", wco="93A")] = ()
    ucr: Annotated[str, element("Unique consignment reference", wco="016", max_length=35)] = ""
    freight: Annotated[
        Money | None,
        element("Transport cost to the destination, shown apart from the price", wco="117"),
    ] = None
    insurance: Annotated[
        Money | None, element("Insurance cost, shown apart from the price", wco="117")
    ] = None
    discount: Annotated[
        Money | None, element("Discount on the whole order, not yet in the prices")
    ] = None
    fees: Annotated[tuple[Fee, ...], element("Charges of a carrier or agent")] = ()
    gross_mass_kg: Annotated[Decimal | None, element("Total gross mass, kg", wco="131")] = None
    packages: Annotated[int, element("Number of packages", wco="146", ge=0, le=99999999)] | None = (
        None
    )
    incoterm: Annotated[
        str, element("Incoterms rule", wco="090", privacy="public", max_length=3)
    ] = ""
    nature_of_transaction: Annotated[
        str, element("Nature of transaction", wco="103", max_length=2)
    ] = ""
    transport: Annotated[Transport | None, element("How the goods travel, and in what")] | None = (
        None
    )

    def __post_init__(self) -> None:
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")


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
        ),
    ]
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
    channel: Annotated[Channel, element("How the parcel travels", wco="T020", privacy="public")] = (
        "post"
    )
    flow: Annotated[
        Flow,
        element(
            "Who sends to whom: business to consumer, business to business, private to private",
            wco="103",
        ),
    ] = "b2c"
    lodged_at: Annotated[datetime | None, element("Moment of lodgement, UTC", wco="023")] = None
    accepted_on: Annotated[
        date | None, element("Day of acceptance, which fixes the law", wco="023")
    ] = None
    direction: Annotated[Literal["import", "export"], element("Import or export declaration")] = (
        "import"
    )
    type: Annotated[
        str, element("Declaration type code of the destination, e.g. IMA", max_length=4)
    ] = ""
    dataset: Annotated[
        str, element("Data set: H1, H6, H7 or another name its law gives", max_length=8)
    ] = ""
    schemes: Annotated[
        tuple[SchemeNumber, ...],
        element("Registrations under which tax is collected at sale", privacy="fiscal"),
    ] = ()
    parties: Annotated[tuple[Party, ...], element("Who takes part, with roles")] = ()
    consignment: Annotated[Consignment, element("The goods and how they travel", wco="28A")]
    order: Annotated[Order | None, element("The sale")] = None
    payment: Annotated[Payment | None, element("The payment", privacy="fiscal")] = None
    documents: Annotated[
        tuple[Document, ...], element("Documents, permits and references", wco="02A")
    ] = ()
    extension: Annotated[
        dict[str, Any],
        element("Elements of the sender's dialect the model has no place for, kept as they came"),
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
