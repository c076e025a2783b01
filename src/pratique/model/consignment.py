"""What goods are these, and how do they travel? Items, parcels, transport, and what binds them together."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pratique.model.documents import Document, PreviousDocument, Statement
from pratique.model.element import Instant, Noun, element
from pratique.model.money import Money, check_decimal

_Code35 = Annotated[
    str, element("Number of up to 35 characters", max_length=35, privacy="commercial")
]
_Code17 = Annotated[
    str, element("Code of up to 17 characters", max_length=17, privacy="commercial")
]


class Listing(Noun, frozen=True, kw_only=True):
    """Where the goods were offered, and the identifiers the offer carried. Own extension."""

    url: Annotated[str, element("Address of the offer", max_length=2048, privacy="commercial")] = ""
    picture_url: Annotated[
        str, element("Address of the picture", max_length=2048, privacy="commercial")
    ] = ""
    merchant_product_id: Annotated[
        str, element("Product identifier of the merchant", max_length=70, privacy="commercial")
    ] = ""
    manufacturer_product_id: Annotated[
        str, element("Product identifier of the manufacturer", max_length=70, privacy="commercial")
    ] = ""
    gtin: Annotated[
        str, element("Global Trade Item Number", max_length=14, privacy="commercial")
    ] = ""
    category: Annotated[
        str,
        element("Category in the marketplace's own words", max_length=256, privacy="commercial"),
    ] = ""


class Measure(Noun, frozen=True, kw_only=True):
    """A quantity in a unit of UN/ECE Recommendation 20."""

    value: Annotated[
        Decimal, element("Quantity, written as a decimal string", wco="130", privacy="commercial")
    ]
    unit: Annotated[
        str, element("Unit code (Recommendation 20)", privacy="public", min_length=2, max_length=3)
    ]

    def __post_init__(self) -> None:
        check_decimal(self.value, "value")


class Adjustment(Noun, frozen=True, kw_only=True):
    """A charge added to, or taken off, the price for the customs value. Source: WCO class 58B."""

    type: Annotated[
        str,
        element(
            "Type of charge, coded", wco="371", min_length=1, max_length=3, privacy="commercial"
        ),
    ]
    amount: Annotated[Money | None, element("Amount", wco="181", privacy="commercial")] = None


class Packaging(Noun, frozen=True, kw_only=True):
    """Packages of one kind that hold an item. Source: WCO class 93A."""

    type: Annotated[
        str,
        element(
            "Package type (UN/ECE Recommendation 21)", wco="141", privacy="public", max_length=2
        ),
    ] = ""
    count: (
        Annotated[
            int, element("Number of packages", wco="144", ge=0, le=99999999, privacy="commercial")
        ]
        | None
    ) = None
    marks: Annotated[
        str, element("Shipping marks", wco="142", max_length=512, privacy="commercial")
    ] = ""


class StatedDutyTaxFee(Noun, frozen=True, kw_only=True):
    """A duty, tax or fee as the declarant reckons it; what is owed is assessed here. Source: WCO class 50A."""

    type: Annotated[
        str, element("Type of duty, tax or fee", wco="113", max_length=3, privacy="commercial")
    ] = ""
    regime: Annotated[
        str,
        element(
            "Duty regime asked for: none, preference, relief",
            wco="164",
            max_length=3,
            privacy="commercial",
        ),
    ] = ""
    quota: Annotated[
        str, element("Quota order number", wco="401", max_length=17, privacy="commercial")
    ] = ""
    base: Annotated[Money | None, element("Basis in value", wco="116", privacy="fiscal")] = None
    base_quantity: Annotated[
        Decimal | None, element("Basis in quantity", wco="129", privacy="commercial")
    ] = None
    base_unit: Annotated[
        str,
        element(
            "Unit of that quantity (Recommendation 20, may be qualified)",
            max_length=5,
            privacy="commercial",
        ),
    ] = ""
    rate: Annotated[Decimal | None, element("Rate", wco="115", privacy="commercial")] = None
    reduced: Annotated[Money | None, element("Amount reduced", wco="111", privacy="fiscal")] = None
    payment_method: Annotated[
        str, element("Method of payment, coded", wco="107", max_length=1, privacy="commercial")
    ] = ""
    assessed: Annotated[Money | None, element("Amount reckoned", wco="120", privacy="fiscal")] = (
        None
    )
    paid: Annotated[Money | None, element("Amount paid", wco="378", privacy="fiscal")] = None

    def __post_init__(self) -> None:
        if self.base_quantity is not None:
            check_decimal(self.base_quantity, "base_quantity")
        if self.rate is not None:
            check_decimal(self.rate, "rate")


class GoodsItem(Noun, frozen=True, kw_only=True):
    """One commodity, origin and procedure; its place in the list is its sequence number (WCO 006).

    Source: WCO class 68A GovernmentAgencyGoodsItem.
    """

    description: Annotated[
        str,
        element(
            "What the goods are, in plain words", wco="137", max_length=512, privacy="commercial"
        ),
    ] = ""
    hs_code: (
        Annotated[
            str,
            element(
                "HS code of 6 digits, or a national tariff code of up to 14",
                wco="145",
                min_length=2,
                max_length=14,
                privacy="commercial",
            ),
        ]
        | None
    ) = None
    origin: (
        Annotated[
            str,
            element(
                "Country where the goods were made",
                wco="063",
                min_length=2,
                max_length=2,
                privacy="commercial",
            ),
        ]
        | None
    ) = None
    origin_type: Annotated[
        str,
        element(
            "Whether the origin is preferential or not, coded",
            wco="501",
            max_length=3,
            privacy="commercial",
        ),
    ] = ""
    preference: Annotated[
        str,
        element(
            "Preferential origin claimed (scheme code), empty if none",
            max_length=12,
            privacy="commercial",
        ),
    ] = ""
    quantity: Annotated[Decimal, element("Number of pieces", privacy="commercial")] = Decimal(1)
    unit: Annotated[
        str,
        element(
            "Unit of the quantity (Recommendation 20)", privacy="public", min_length=2, max_length=3
        ),
    ] = "C62"
    supplementary: Annotated[
        tuple[Measure, ...],
        element("Quantities in supplementary units", wco="130", max_length=9, privacy="commercial"),
    ] = ()
    net_mass_kg: Annotated[
        Decimal | None, element("Net mass, kg", wco="128", privacy="commercial")
    ] = None
    gross_mass_kg: Annotated[
        Decimal | None, element("Gross mass, kg", wco="126", privacy="commercial")
    ] = None
    packaging: Annotated[
        tuple[Packaging, ...],
        element("Packages that hold the item", wco="93A", max_length=99, privacy="commercial"),
    ] = ()
    price: Annotated[
        Money | None,
        element(
            "Transaction value: price paid or payable for all pieces of the line",
            wco="112",
            privacy="commercial",
        ),
    ] = None
    unit_price: Annotated[Money | None, element("Price of one piece", privacy="commercial")] = None
    intrinsic_value: Annotated[
        Money | None,
        element("Price of the goods alone, when the price holds more", privacy="commercial"),
    ] = None
    customs_value: Annotated[
        Money | None,
        element("Customs value, when the declarant states it", wco="108", privacy="commercial"),
    ] = None
    statistical_value: Annotated[
        Money | None, element("Statistical value, when stated", wco="114", privacy="commercial")
    ] = None
    valuation_method: Annotated[
        str, element("Valuation method, coded", wco="122", max_length=3, privacy="commercial")
    ] = ""
    valuation_indicators: Annotated[
        str,
        element(
            "Ties between seller and buyer that bear on the value",
            wco="188",
            max_length=4,
            privacy="commercial",
        ),
    ] = ""
    adjustments: Annotated[
        tuple[Adjustment, ...],
        element(
            "Charges added to or taken off the price",
            wco="58B",
            max_length=99,
            privacy="commercial",
        ),
    ] = ()
    duty_rate: Annotated[
        Decimal | None,
        element(
            "Ad valorem duty rate as a fraction (0.12 is 12 %), when known",
            wco="115",
            privacy="commercial",
        ),
    ] = None
    other_duty_rate: Annotated[
        Decimal | None,
        element(
            "Rate of a second tariff, as a fraction, where the law compares two",
            privacy="commercial",
        ),
    ] = None
    duties: Annotated[
        tuple[StatedDutyTaxFee, ...],
        element(
            "Duties, taxes and fees as the declarant states them",
            wco="50A",
            max_length=99,
            privacy="commercial",
        ),
    ] = ()
    procedure: Annotated[
        str, element("Customs procedure asked for", wco="166", max_length=7, privacy="commercial")
    ] = ""
    previous_procedure: Annotated[
        str, element("Previous procedure", wco="161", max_length=7, privacy="commercial")
    ] = ""
    additional_procedures: Annotated[
        tuple[_Code17, ...],
        element(
            "Additional procedure codes (C07, F48 ...)",
            wco="166",
            max_length=99,
            privacy="commercial",
        ),
    ] = ()
    nature_of_transaction: Annotated[
        str,
        element(
            "Nature of transaction, when it differs by item",
            wco="103",
            max_length=2,
            privacy="commercial",
        ),
    ] = ""
    dispatch_country: (
        Annotated[
            str,
            element(
                "Country sent from, when it differs by item",
                wco="062",
                privacy="public",
                min_length=2,
                max_length=2,
            ),
        ]
        | None
    ) = None
    listing: Annotated[
        Listing | None, element("Where the goods were offered", privacy="commercial")
    ] = None
    documents: Annotated[
        tuple[Document, ...],
        element(
            "Documents, permits and references", wco="02A", max_length=99, privacy="commercial"
        ),
    ] = ()
    previous_documents: Annotated[
        tuple[PreviousDocument, ...],
        element("Documents before", wco="99A", max_length=999, privacy="commercial"),
    ] = ()
    statements: Annotated[
        tuple[Statement, ...],
        element("Additional information", wco="03A", max_length=99, privacy="commercial"),
    ] = ()
    dangerous_goods: Annotated[
        str,
        element("UN dangerous goods number", wco="506", privacy="special-security", max_length=4),
    ] = ""
    parcel: Annotated[
        str,
        element(
            "Identifier of the parcel that holds the item, when there are several",
            max_length=35,
            privacy="commercial",
        ),
    ] = ""
    extension: Annotated[
        dict[str, Any],
        element(
            "Elements of the sender's dialect the model has no place for, kept as they came: may hold anything",
            privacy="personal",
        ),
    ] = {}

    def __post_init__(self) -> None:
        check_decimal(self.quantity, "quantity")
        if self.net_mass_kg is not None:
            check_decimal(self.net_mass_kg, "net_mass_kg")
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")
        if self.duty_rate is not None:
            check_decimal(self.duty_rate, "duty_rate")
        if self.other_duty_rate is not None:
            check_decimal(self.other_duty_rate, "other_duty_rate")


class Parcel(Noun, frozen=True, kw_only=True):
    """One labelled physical unit (UPU: postal item)."""

    id: Annotated[
        str,
        element(
            "S10 item number or carrier's tracking number",
            min_length=1,
            max_length=35,
            privacy="commercial",
        ),
    ]
    gross_mass_kg: Annotated[Decimal | None, element("Gross mass, kg", privacy="commercial")] = None
    length_cm: Annotated[Decimal | None, element("Length, cm", wco="367", privacy="commercial")] = (
        None
    )
    width_cm: Annotated[Decimal | None, element("Width, cm", wco="368", privacy="commercial")] = (
        None
    )
    height_cm: Annotated[Decimal | None, element("Height, cm", wco="402", privacy="commercial")] = (
        None
    )
    package_type: Annotated[
        str,
        element("Package type (Recommendation 21)", wco="141", max_length=2, privacy="commercial"),
    ] = ""
    marks: Annotated[
        str, element("Shipping marks", wco="142", max_length=512, privacy="commercial")
    ] = ""
    seals: Annotated[
        tuple[_Code35, ...], element("Seal numbers", wco="165", max_length=99, privacy="commercial")
    ] = ()

    def __post_init__(self) -> None:
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")
        if self.length_cm is not None:
            check_decimal(self.length_cm, "length_cm")
        if self.width_cm is not None:
            check_decimal(self.width_cm, "width_cm")
        if self.height_cm is not None:
            check_decimal(self.height_cm, "height_cm")


class MeansOfTransport(Noun, frozen=True, kw_only=True):
    """A vehicle, vessel, train or aircraft inland (WCO classes 10A at arrival, 46A at departure)."""

    mode: Annotated[
        str, element("Mode (UN/ECE Rec. 19)", wco="T020 T021", privacy="public", max_length=1)
    ] = ""
    number: Annotated[
        str, element("Identification", wco="T002 T004", max_length=35, privacy="commercial")
    ] = ""
    number_type: Annotated[
        str,
        element(
            "What the identification is, coded",
            wco="T034 T029",
            max_length=17,
            privacy="commercial",
        ),
    ] = ""
    type: Annotated[
        str, element("Type of means, coded", wco="T008 T009", max_length=4, privacy="commercial")
    ] = ""


class GoodsLocation(Noun, frozen=True, kw_only=True):
    """Where the goods can be looked at. Source: WCO class 64A."""

    code: Annotated[
        str, element("Location, coded", wco="L017", max_length=17, privacy="commercial")
    ] = ""
    name: Annotated[
        str,
        element(
            "Location in words or a national code", wco="L016", max_length=256, privacy="commercial"
        ),
    ] = ""
    type: Annotated[
        str, element("Type of location, coded", wco="L110", max_length=3, privacy="commercial")
    ] = ""
    qualifier: Annotated[
        str, element("How it is identified, coded", wco="410", max_length=3, privacy="commercial")
    ] = ""
    country: (
        Annotated[
            str,
            element("Country of it", wco="242", privacy="public", min_length=2, max_length=2),
        ]
        | None
    ) = None


class Transport(Noun, frozen=True, kw_only=True):
    """The hierarchy above the parcel: receptacle, dispatch, waybills, means of transport."""

    mode: Annotated[
        str,
        element(
            "Mode at the border (UN/ECE Rec. 19: 1 sea, 3 road, 4 air, 5 mail ...)",
            wco="T022",
            max_length=1,
            privacy="commercial",
        ),
    ] = ""
    house_waybill: Annotated[str, element("House waybill", max_length=35, privacy="commercial")] = (
        ""
    )
    master_waybill: Annotated[
        str, element("Master (air) waybill", max_length=35, privacy="commercial")
    ] = ""
    receptacle: Annotated[
        str, element("Receptacle identifier (UPU S9)", max_length=29, privacy="commercial")
    ] = ""
    dispatch: Annotated[
        str, element("Dispatch identifier", max_length=20, privacy="commercial")
    ] = ""
    origin_office: Annotated[
        str,
        element(
            "Exchange office of origin (IMPC code, UPU S34)", max_length=6, privacy="commercial"
        ),
    ] = ""
    destination_office: Annotated[
        str,
        element(
            "Exchange office of destination (IMPC code, UPU S34)",
            max_length=6,
            privacy="commercial",
        ),
    ] = ""
    conveyance: Annotated[
        str, element("Flight, voyage or vehicle", wco="T006", max_length=35, privacy="commercial")
    ] = ""
    conveyance_name: Annotated[
        str,
        element(
            "Name of the vessel or carrier's service",
            wco="T005",
            max_length=35,
            privacy="commercial",
        ),
    ] = ""
    conveyance_type: Annotated[
        str, element("What the identification is", wco="T018", max_length=17, privacy="commercial")
    ] = ""
    nationality: Annotated[
        str,
        element(
            "Nationality of the means of transport", wco="T014", privacy="public", max_length=2
        ),
    ] = ""
    departs_at: Annotated[
        Instant | None, element("Expected departure, UTC", privacy="commercial")
    ] = None
    arrives_at: Annotated[
        Instant | None, element("Expected arrival, UTC", privacy="commercial")
    ] = None
    place_of_loading: Annotated[
        str, element("UN/LOCODE of loading", wco="L010", max_length=17, privacy="commercial")
    ] = ""
    place_of_loading_name: Annotated[
        str, element("Place of loading in words", wco="L009", max_length=256, privacy="commercial")
    ] = ""
    place_of_arrival: Annotated[
        str, element("UN/LOCODE of arrival", max_length=35, privacy="commercial")
    ] = ""
    departure: Annotated[
        MeansOfTransport | None,
        element("Means of transport at departure", wco="46A", privacy="commercial"),
    ] = None
    arrival: Annotated[
        MeansOfTransport | None,
        element("Means of transport at arrival", wco="10A", privacy="commercial"),
    ] = None
    containerised: Annotated[
        str,
        element(
            "Whether the goods are in containers, coded",
            wco="096",
            max_length=3,
            privacy="commercial",
        ),
    ] = ""
    containers: Annotated[
        tuple[_Code17, ...],
        element("Container numbers", wco="159", max_length=999, privacy="commercial"),
    ] = ()
    seals: Annotated[
        tuple[_Code35, ...],
        element("Seal numbers of containers", wco="165", max_length=999, privacy="commercial"),
    ] = ()
    routing: Annotated[
        tuple[_Code17, ...],
        element("Countries of routing", wco="064", max_length=99, privacy="commercial"),
    ] = ()
    charges_payment: Annotated[
        str,
        element(
            "How transport charges are paid, coded", wco="098", max_length=3, privacy="commercial"
        ),
    ] = ""


class Fee(Noun, frozen=True, kw_only=True):
    """A charge of a carrier or agent that law may put into a tax base."""

    name: Annotated[
        str,
        element(
            "Name of the fee, e.g. clearance", min_length=1, max_length=35, privacy="commercial"
        ),
    ]
    amount: Annotated[Money, element("Amount of the fee", privacy="commercial")]


class Consignment(Noun, frozen=True, kw_only=True):
    """Goods of one consignor to one consignee. Source: WCO classes 28A, 67A."""

    items: Annotated[
        tuple[GoodsItem, ...],
        element("Goods items", min_length=1, max_length=999, privacy="commercial"),
    ]
    parcels: Annotated[
        tuple[Parcel, ...],
        element("Labelled physical units", wco="93A", max_length=9999, privacy="commercial"),
    ] = ()
    ucr: Annotated[
        str, element("Unique consignment reference", wco="016", max_length=35, privacy="commercial")
    ] = ""
    trader_reference: Annotated[
        str,
        element(
            "Trader's own reference of the consignment",
            wco="009",
            max_length=35,
            privacy="commercial",
        ),
    ] = ""
    freight: Annotated[
        Money | None,
        element(
            "Transport cost to the destination, shown apart from the price",
            wco="117",
            privacy="commercial",
        ),
    ] = None
    insurance: Annotated[
        Money | None, element("Insurance cost, shown apart from the price", privacy="commercial")
    ] = None
    discount: Annotated[
        Money | None,
        element("Discount on the whole order, not yet in the prices", privacy="commercial"),
    ] = None
    fees: Annotated[
        tuple[Fee, ...],
        element("Charges of a carrier or agent", max_length=99, privacy="commercial"),
    ] = ()
    adjustments: Annotated[
        tuple[Adjustment, ...],
        element(
            "Charges added to or taken off the price of all goods",
            wco="58B",
            max_length=99,
            privacy="commercial",
        ),
    ] = ()
    gross_mass_kg: Annotated[
        Decimal | None, element("Total gross mass, kg", wco="131", privacy="commercial")
    ] = None
    packages: (
        Annotated[
            int, element("Number of packages", wco="146", ge=0, le=99999999, privacy="commercial")
        ]
        | None
    ) = None
    incoterm: Annotated[
        str, element("Incoterms rule", wco="090", privacy="public", max_length=3)
    ] = ""
    incoterm_place: Annotated[
        str,
        element(
            "Place of the Incoterms rule, UN/LOCODE",
            wco="L002",
            max_length=17,
            privacy="commercial",
        ),
    ] = ""
    nature_of_transaction: Annotated[
        str, element("Nature of transaction", wco="103", max_length=2, privacy="commercial")
    ] = ""
    previous_documents: Annotated[
        tuple[PreviousDocument, ...],
        element("Documents before", wco="99A", max_length=999, privacy="commercial"),
    ] = ()
    location: Annotated[
        GoodsLocation | None,
        element("Where the goods can be looked at", wco="64A", privacy="commercial"),
    ] = None
    warehouse: Annotated[
        str, element("Customs warehouse, coded", wco="L019", max_length=35, privacy="commercial")
    ] = ""
    warehouse_type: Annotated[
        str, element("Type of the warehouse, coded", wco="L112", max_length=3, privacy="commercial")
    ] = ""
    transport: (
        Annotated[
            Transport | None, element("How the goods travel, and in what", privacy="commercial")
        ]
        | None
    ) = None

    def __post_init__(self) -> None:
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")
