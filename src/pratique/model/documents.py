"""On what papers does a declaration rely? Documents, statements, registrations, guarantees, invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pratique.model.element import Noun, element
from pratique.model.money import Money, check_decimal


class Document(Noun, frozen=True, kw_only=True):
    """A document, permit, certificate or additional reference the declaration relies on (WCO class 02A)."""

    type: Annotated[
        str,
        element(
            "Document type code (UNCL 1001, or category and national code as in N935)",
            wco="D006",
            min_length=1,
            max_length=17,
            privacy="commercial",
        ),
    ]
    number: Annotated[
        str, element("Document number", wco="D005", max_length=70, privacy="commercial")
    ] = ""
    name: Annotated[
        str, element("Document name", wco="D028", max_length=35, privacy="commercial")
    ] = ""
    issuer: Annotated[
        str, element("Issuing authority", wco="R058", max_length=70, privacy="commercial")
    ] = ""
    issued_on: Annotated[date | None, element("Date of issue", privacy="commercial")] = None
    valid_from: Annotated[
        date | None, element("First day of validity", wco="276", privacy="commercial")
    ] = None
    valid_until: Annotated[date | None, element("Last day of validity", privacy="commercial")] = (
        None
    )
    exemption: Annotated[
        str,
        element(
            "Status of the permit, or why none is needed, coded",
            wco="360",
            max_length=3,
            privacy="commercial",
        ),
    ] = ""
    quantity: Annotated[
        Decimal | None, element("Quantity written off the permit", wco="502", privacy="commercial")
    ] = None
    unit: Annotated[
        str,
        element(
            "Unit of that quantity (Recommendation 20, may be qualified)",
            max_length=5,
            privacy="commercial",
        ),
    ] = ""
    amount: Annotated[
        Money | None, element("Amount written off the permit", wco="503", privacy="commercial")
    ] = None

    def __post_init__(self) -> None:
        if self.quantity is not None:
            check_decimal(self.quantity, "quantity")


class PreviousDocument(Noun, frozen=True, kw_only=True):
    """What came before: a declaration, transit or transport document. Source: WCO class 99A."""

    type: Annotated[
        str,
        element(
            "Type of the document, coded",
            wco="D019",
            min_length=1,
            max_length=17,
            privacy="commercial",
        ),
    ]
    number: Annotated[
        str, element("Number, such as an MRN", wco="D018", max_length=70, privacy="commercial")
    ] = ""
    category: Annotated[
        str, element("Category, coded", wco="D031", max_length=3, privacy="commercial")
    ] = ""
    line: (
        Annotated[int, element("Line of it", wco="171", ge=0, le=99999, privacy="commercial")]
        | None
    ) = None


class Statement(Noun, frozen=True, kw_only=True):
    """Additional information, in a code, in words, or both. Source: WCO class 03A."""

    code: Annotated[
        str, element("Code of the statement", wco="226", max_length=17, privacy="commercial")
    ] = ""
    text: Annotated[
        str, element("Statement in words", wco="225", max_length=512, privacy="commercial")
    ] = ""
    type: Annotated[
        str, element("Type of the statement, coded", wco="369", max_length=3, privacy="commercial")
    ] = ""


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


class Guarantee(Noun, frozen=True, kw_only=True):
    """Security for sums not yet paid. Source: WCO class 90A ObligationGuarantee."""

    type: Annotated[
        str, element("Type of guarantee, coded", wco="101", max_length=3, privacy="commercial")
    ] = ""
    reference: Annotated[
        str, element("Guarantee reference", wco="100", privacy="fiscal", max_length=35)
    ] = ""
    document: Annotated[
        str,
        element("Number of the guarantee document", wco="D014", privacy="fiscal", max_length=70),
    ] = ""
    amount: Annotated[Money | None, element("Amount secured", wco="492", privacy="fiscal")] = None
    office: Annotated[
        str, element("Office of the guarantee", wco="G014", max_length=17, privacy="commercial")
    ] = ""


class Invoice(Noun, frozen=True, kw_only=True):
    """The invoice of the sale. Source: WCO class 78A."""

    number: Annotated[
        str, element("Invoice number", wco="D016", max_length=70, privacy="commercial")
    ] = ""
    issued_on: Annotated[date | None, element("Invoice date", wco="D015", privacy="commercial")] = (
        None
    )
    total: Annotated[
        Money | None, element("Total invoice amount", wco="109", privacy="commercial")
    ] = None


class CurrencyExchange(Noun, frozen=True, kw_only=True):
    """A rate of exchange the declarant states; the law says whether it counts. Source: WCO class 40A."""

    currency: Annotated[
        str, element("Currency", wco="135", privacy="public", min_length=3, max_length=3)
    ]
    rate: Annotated[Decimal | None, element("Rate of exchange", wco="118", privacy="public")] = None

    def __post_init__(self) -> None:
        if self.rate is not None:
            check_decimal(self.rate, "rate")
