"""Where does an element of the declaration stand in WCO XML, and how is it written there? One table, read both ways.

A place is an element of the model, the path of its element below the part it belongs to, and its kind. What
the tables do not name stays in the tree. Source: WCO Data Model 3.6, DEC-DMS:2.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from pratique.messages.wco_tree import Tree
from pratique.model.declaration import Role

_DS: Final = "{urn:wco:datamodel:WCO:Declaration_DS:DMS:2}DateTimeString"
_TIME: Final = re.compile(r"([0-9]{8})(?:([0-9]{6})(Z|[+-][0-9]{2}))?")

Written = tuple[str, dict[str, str]]
"""Text of an element and its attributes."""


class Kind(NamedTuple):
    """How a value stands in XML: ``read`` gives the plain value of an element (None: leave it), ``write`` the text."""

    read: Callable[[Tree], Any]
    write: Callable[[Any], Written]


class Place(NamedTuple):
    """An element of the model (dotted inside the noun), the path in XML below its part, and its kind.

    A path that ends with ``@`` and a name leads to an attribute; an empty one to the part itself.
    """

    name: str
    path: tuple[str, ...]
    kind: Kind


class Series(NamedTuple):
    """A list of the model: the element that repeats, the places inside it, the one no entry can lack, how many fit.

    A place without a name is the entry itself.
    """

    name: str
    path: tuple[str, ...]
    places: tuple[Place, ...]
    needs: str = ""
    most: int = 9999


def _plain(value: Any) -> Written:
    return str(value), {}


def _number(tree: Tree) -> str:
    """A decimal in the plain form; text that is none is given as it stands, to be refused with its place."""
    text = tree.text.strip()
    try:
        value = Decimal(text) if re.fullmatch(r"[+-]?[0-9]*\.?[0-9]*", text) else None
    except InvalidOperation:
        value = None
    return text if value is None else format(value, "f")


def _mass(tree: Tree) -> Any:
    """Kilograms. A mass in another unit is given with its unit, to be refused with its place."""
    unit = tree.attributes.get("unitCode", "KGM")
    return _number(tree) if unit.startswith("KGM") else f"{_number(tree)} {unit}"


def _money(tree: Tree) -> Any:
    currency = tree.attributes.get("currencyID", "")
    return {"amount": _number(tree), "currency": currency} if currency else None


def _count(tree: Tree) -> Any:
    text = tree.text.strip()
    return int(text) if re.fullmatch(r"[0-9]{1,8}", text) else text


def _day(tree: Tree) -> Any:
    moment = _moment(tree)
    return moment[:10] if moment is not None else None


def _moment(tree: Tree) -> Any:
    match = _TIME.fullmatch(tree.text.strip())
    if match is None:
        return None
    day, clock, zone = match[1], match[2] or "000000", match[3] or "Z"
    offset = "Z" if zone in ("Z", "+00", "-00") else f"{zone}:00"
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}{offset}"


def _write_moment(value: datetime) -> Written:
    offset = value.utcoffset() or timedelta(0)
    if offset.total_seconds() % 3600:
        value = value.astimezone(UTC)
    zone = value.strftime("%z")[:3]
    return value.strftime("%Y%m%d%H%M%S") + ("Z" if zone == "+00" else zone), {"formatCode": "304"}


def _write_day(value: date) -> Written:
    return value.strftime("%Y%m%d"), {"formatCode": "102"}


TEXT: Final = Kind(lambda tree: tree.text, lambda value: (value, {}))
CODE: Final = Kind(lambda tree: tree.text.strip(), _plain)
NUMBER: Final = Kind(_number, lambda value: (format(value, "f"), {}))
MASS: Final = Kind(_mass, lambda value: (format(value, "f"), {"unitCode": "KGM"}))
MONEY: Final = Kind(
    _money, lambda value: (format(value.amount, "f"), {"currencyID": value.currency})
)
COUNT: Final = Kind(_count, _plain)
DAY: Final = Kind(_day, _write_day)
MOMENT: Final = Kind(_moment, _write_moment)

SHIPMENT: Final = "GoodsShipment"
ITEM: Final = "GovernmentAgencyGoodsItem"
_CARGO: Final = (SHIPMENT, "Consignment")
_BORDER: Final = "BorderTransportMeans"

DECLARATION: Final = (
    Place("function", ("FunctionCode",), CODE),
    Place("id", ("FunctionalReferenceID",), TEXT),
    Place("mrn", ("ID",), TEXT),
    Place("type", ("TypeCode",), CODE),
    Place("circumstance", ("SpecificCircumstancesCodeCode",), CODE),
    Place("lodged_at", ("IssueDateTime", _DS), MOMENT),
    Place("accepted_on", ("AcceptanceDateTime", _DS), DAY),
    Place("representation", ("Agent", "FunctionCode"), CODE),
    Place("destination", (SHIPMENT, "Destination", "CountryCode"), CODE),
    Place("dispatch_country", (SHIPMENT, "ExportCountry", "ID"), CODE),
    Place("invoice.total", ("InvoiceAmount",), MONEY),
    Place("invoice.number", (SHIPMENT, "Invoice", "ID"), TEXT),
    Place("invoice.issued_on", (SHIPMENT, "Invoice", "IssueDateTime", _DS), DAY),
    Place("offices.declaration", ("DeclarationOfficeID",), TEXT),
    Place("offices.presentation", ("PresentationOffice", "ID"), TEXT),
    Place("offices.supervising", ("SupervisingOffice", "ID"), TEXT),
    Place("offices.exit", ("ExitOffice", "ID"), TEXT),
    Place("consignment.gross_mass_kg", ("TotalGrossMassMeasure",), MASS),
    Place("consignment.packages", ("TotalPackageQuantity",), COUNT),
    Place("consignment.ucr", (SHIPMENT, "UCR", "ID"), TEXT),
    Place("consignment.trader_reference", (SHIPMENT, "UCR", "TraderAssignedReferenceID"), TEXT),
    Place("consignment.freight", (SHIPMENT, "CustomsValuation", "FreightChargeAmount"), MONEY),
    Place("consignment.incoterm", (SHIPMENT, "TradeTerms", "ConditionCode"), CODE),
    Place("consignment.incoterm_place", (SHIPMENT, "TradeTerms", "LocationID"), TEXT),
    Place("consignment.nature_of_transaction", (SHIPMENT, "TransactionNatureCode"), CODE),
    Place("consignment.warehouse", (SHIPMENT, "Warehouse", "ID"), TEXT),
    Place("consignment.warehouse_type", (SHIPMENT, "Warehouse", "TypeCode"), CODE),
    Place("consignment.location.code", (*_CARGO, "GoodsLocation", "ID"), TEXT),
    Place("consignment.location.name", (*_CARGO, "GoodsLocation", "Name"), TEXT),
    Place("consignment.location.type", (*_CARGO, "GoodsLocation", "TypeCode"), CODE),
    Place(
        "consignment.location.qualifier", (*_CARGO, "GoodsLocation", "Address", "TypeCode"), CODE
    ),
    Place(
        "consignment.location.country", (*_CARGO, "GoodsLocation", "Address", "CountryCode"), CODE
    ),
    Place("consignment.transport.mode", (_BORDER, "ModeCode"), CODE),
    Place("consignment.transport.conveyance", (_BORDER, "ID"), TEXT),
    Place("consignment.transport.conveyance_name", (_BORDER, "Name"), TEXT),
    Place("consignment.transport.conveyance_type", (_BORDER, "IdentificationTypeCode"), CODE),
    Place("consignment.transport.nationality", (_BORDER, "RegistrationNationalityCode"), CODE),
    Place("consignment.transport.place_of_loading", (*_CARGO, "LoadingLocation", "ID"), TEXT),
    Place(
        "consignment.transport.place_of_loading_name", (*_CARGO, "LoadingLocation", "Name"), TEXT
    ),
    Place("consignment.transport.containerised", (*_CARGO, "ContainerCode"), CODE),
    Place(
        "consignment.transport.charges_payment",
        ("Consignment", "Freight", "PaymentMethodCode"),
        CODE,
    ),
    *(
        Place(f"consignment.transport.{side}.{name}", (*_CARGO, means, element), kind)
        for side, means in (
            ("departure", "DepartureTransportMeans"),
            ("arrival", "ArrivalTransportMeans"),
        )
        for name, element, kind in (
            ("mode", "ModeCode", CODE),
            ("number", "ID", TEXT),
            ("number_type", "IdentificationTypeCode", CODE),
            ("type", "TypeCode", CODE),
        )
    ),
)
GOODS_ITEM: Final = (
    Place("description", ("Commodity", "Description"), TEXT),
    Place("gross_mass_kg", ("Commodity", "GoodsMeasure", "GrossMassMeasure"), MASS),
    Place("net_mass_kg", ("Commodity", "GoodsMeasure", "NetNetWeightMeasure"), MASS),
    Place("price", ("Commodity", "InvoiceLine", "ItemChargeAmount"), MONEY),
    Place("customs_value", ("CustomsValueAmount",), MONEY),
    Place("statistical_value", ("StatisticalValueAmount",), MONEY),
    Place("nature_of_transaction", ("TransactionNatureCode",), CODE),
    Place("valuation_method", ("CustomsValuation", "MethodCode"), CODE),
    Place("valuation_indicators", ("ValuationAdjustment", "AdditionCode"), CODE),
    Place("dangerous_goods", ("Commodity", "DangerousGoods", "UNDGID"), TEXT),
    Place("dispatch_country", ("ExportCountry", "ID"), CODE),
    Place("origin", ("Origin", "CountryCode"), CODE),
    Place("origin_type", ("Origin", "TypeCode"), CODE),
)
_DOCUMENT: Final = (
    Place("number", ("ID",), TEXT),
    Place("name", ("Name",), TEXT),
    Place("issuer", ("Submitter", "Name"), TEXT),
    Place("valid_from", ("EffectiveDateTime", _DS), DAY),
    Place("exemption", ("LPCOExemptionCode",), CODE),
    Place("quantity", ("WriteOff", "QuantityQuantity"), NUMBER),
    Place("unit", ("WriteOff", "QuantityQuantity", "@unitCode"), CODE),
    Place("amount", ("WriteOff", "AmountAmount"), MONEY),
)
_PREVIOUS: Final = (
    Place("category", ("CategoryCode",), CODE),
    Place("type", ("TypeCode",), CODE),
    Place("number", ("ID",), TEXT),
    Place("line", ("LineNumeric",), COUNT),
)
_STATEMENT: Final = (
    Place("code", ("StatementCode",), CODE),
    Place("text", ("StatementDescription",), TEXT),
    Place("type", ("StatementTypeCode",), CODE),
)
_ADJUSTMENT: Final = (
    Place("type", ("ChargesTypeCode",), CODE),
    Place("amount", ("OtherChargeDeductionAmount",), MONEY),
)
DECLARATION_SERIES: Final = (
    Series("documents", ("AdditionalDocument",), _DOCUMENT, "type"),
    Series("statements", ("AdditionalInformation",), _STATEMENT),
    Series("amendments", ("Amendment",), (Place("", ("ChangeReasonCode",), CODE),)),
    Series(
        "authorisations",
        ("AuthorisationHolder",),
        (Place("type", ("CategoryCode",), CODE), Place("holder", ("ID",), TEXT)),
        "type",
    ),
    Series(
        "trusted_traders",
        (SHIPMENT, "AEOMutualRecognitionParty"),
        (Place("number", ("ID",), TEXT), Place("role", ("RoleCode",), CODE)),
        "number",
    ),
    Series(
        "guarantees",
        ("ObligationGuarantee",),
        (
            Place("type", ("SecurityDetailsCode",), CODE),
            Place("reference", ("ReferenceID",), TEXT),
            Place("document", ("ID",), TEXT),
            Place("amount", ("AmountAmount",), MONEY),
            Place("office", ("GuaranteeOffice", "ID"), TEXT),
        ),
    ),
    Series(
        "currency_exchange",
        ("CurrencyExchange",),
        (
            Place("currency", ("CurrencyTypeCode",), CODE),
            Place("rate", ("RateNumeric",), NUMBER),
        ),
        "currency",
    ),
    Series("consignment.previous_documents", (SHIPMENT, "PreviousDocument"), _PREVIOUS, "type"),
    Series(
        "consignment.adjustments",
        (SHIPMENT, "CustomsValuation", "ChargeDeduction"),
        _ADJUSTMENT,
        "type",
    ),
    Series(
        "consignment.transport.containers",
        (*_CARGO, "TransportEquipment"),
        (Place("", ("ID",), TEXT),),
    ),
    Series(
        "consignment.transport.routing",
        ("Consignment", "Itinerary"),
        (Place("", ("RoutingCountryCode",), CODE),),
    ),
)
ITEM_SERIES: Final = (
    Series("documents", ("AdditionalDocument",), _DOCUMENT, "type"),
    Series("previous_documents", ("PreviousDocument",), _PREVIOUS, "type"),
    Series("statements", ("AdditionalInformation",), _STATEMENT),
    Series("adjustments", ("CustomsValuation", "ChargeDeduction"), _ADJUSTMENT, "type"),
    Series(
        "supplementary",
        ("Commodity", "GoodsMeasure", "TariffQuantity"),
        (Place("value", (), NUMBER), Place("unit", ("@unitCode",), CODE)),
        "unit",
        most=1,
    ),
    Series(
        "packaging",
        ("Packaging",),
        (
            Place("type", ("TypeCode",), CODE),
            Place("count", ("QuantityQuantity",), COUNT),
            Place("marks", ("MarksNumbersID",), TEXT),
        ),
    ),
    Series(
        "duties",
        ("Commodity", "DutyTaxFee"),
        (
            Place("type", ("TypeCode",), CODE),
            Place("regime", ("DutyRegimeCode",), CODE),
            Place("quota", ("QuotaOrderID",), TEXT),
            Place("base", ("AdValoremTaxBaseAmount",), MONEY),
            Place("base_quantity", ("SpecificTaxBaseQuantity",), NUMBER),
            Place("base_unit", ("SpecificTaxBaseQuantity", "@unitCode"), CODE),
            Place("rate", ("TaxRateNumeric",), NUMBER),
            Place("reduced", ("DeductAmount",), MONEY),
            Place("payment_method", ("Payment", "MethodCode"), CODE),
            Place("assessed", ("Payment", "TaxAssessedAmount"), MONEY),
            Place("paid", ("Payment", "PaymentAmount"), MONEY),
        ),
    ),
)
PARTIES: Final[tuple[tuple[tuple[str, ...], Role], ...]] = (
    (("Declarant",), "declarant"),
    (("Agent",), "agent"),
    (("Exporter",), "exporter"),
    (("Submitter",), "submitter"),
    (("Consignment", "Carrier"), "carrier"),
    ((SHIPMENT, "Buyer"), "buyer"),
    ((SHIPMENT, "Consignee"), "consignee"),
    ((SHIPMENT, "Consignor"), "consignor"),
    ((SHIPMENT, "Importer"), "importer"),
    ((SHIPMENT, "Payer"), "payer"),
    ((SHIPMENT, "Seller"), "seller"),
    ((SHIPMENT, "Surety"), "surety"),
)
PARTY: Final = (
    Place("name", ("Name",), TEXT),
    Place("address.line", ("Address", "Line"), TEXT),
    Place("address.city", ("Address", "CityName"), TEXT),
    Place("address.region", ("Address", "CountrySubDivisionName"), TEXT),
    Place("address.region_code", ("Address", "CountrySubDivisionCode"), TEXT),
    Place("address.postcode", ("Address", "PostcodeID"), TEXT),
    Place("address.country", ("Address", "CountryCode"), CODE),
    Place("contact", ("Contact", "Name"), TEXT),
)
IOSS_ROLE: Final = "FR5"
"""EU role code of the vendor under the import one-stop shop (data element 13 16)."""
NUMBERED: Final = frozenset({ITEM, "Packaging", "Itinerary", "TransportEquipment", "Seal"})
"""Elements that carry their sequence number."""
