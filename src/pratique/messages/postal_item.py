"""What does this postal item say? The fields of the public forms CN 22 and CN 23, in a JSON form of our own.

This is no UPU standard, and no conformance with ITMATT, CUSITM or CUSRSP is claimed: their texts are not public. A post
that has them maps its messages to ``PostalItem`` (``docs/guides/postal-items.md``) and calls ``declaration_of_postal``
and ``postal_of``. A file is one item, or one a line. The S10 number is held to its check digit.

Source: CN 23 as printed in OECD, Misuse of Small Parcels for Trade in Counterfeit Goods (2018), annex A, and the
notes of Hongkong Post on the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.aed_json import pieces as pieces
from pratique.messages.kept import lost
from pratique.messages.row import Row
from pratique.messages.schema import noun_of
from pratique.messages.strict import load, refuse
from pratique.model.declaration import (
    Address,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Invoice,
    Parcel,
    Party,
    PartyId,
    Statement,
    Transport,
    party,
)
from pratique.model.element import Noun, element
from pratique.model.money import Money, check_decimal
from pratique.model.s10 import check_digit, is_s10, looks_like_s10

FORM: Final = "postal"
MEDIA_TYPE: Final = "application/vnd.pratique.postal-item+json"
Category = Literal[
    "sale_of_goods", "gift", "commercial_sample", "documents", "returned_goods", "other"
]
"""Category of item, box 10 of CN 23."""
_CATEGORY, _COMMENTS = "CAT", "COM"
_LICENCE, _CERTIFICATE = "CN23-LICENCE", "CN23-CERTIFICATE"
_CONTACT: Final = 70
_Number = Annotated[str, element("Number", privacy="commercial", min_length=1, max_length=70)]


class Correspondent(Noun, frozen=True, kw_only=True):
    """Sender or addressee, as the form asks for them."""

    name: Annotated[str, element("Name", privacy="personal", max_length=140)] = ""
    business: Annotated[str, element("Business, if any", privacy="commercial", max_length=140)] = ""
    street: Annotated[str, element("Address", privacy="personal", max_length=210)] = ""
    postcode: Annotated[str, element("Postcode", privacy="personal", max_length=17)] = ""
    city: Annotated[str, element("City", privacy="personal", max_length=70)] = ""
    country: (
        Annotated[str, element("Country", privacy="personal", min_length=2, max_length=2)] | None
    ) = None
    phone: Annotated[str, element("Telephone", privacy="personal", max_length=50)] = ""
    email: Annotated[str, element("E-mail", privacy="personal", max_length=256)] = ""
    reference: Annotated[
        PartyId | None,
        element("Customs reference: tax code, VAT number, importer code", privacy="personal"),
    ] = None


class Content(Noun, frozen=True, kw_only=True):
    """One line of the contents."""

    description: Annotated[
        str, element("Detailed description", privacy="commercial", max_length=512)
    ] = ""
    quantity: Annotated[Decimal, element("Quantity", privacy="commercial")] = Decimal(1)
    net_mass_kg: Annotated[Decimal | None, element("Net weight, kg", privacy="commercial")] = None
    value: Annotated[Money | None, element("Value", privacy="commercial")] = None
    hs_code: (
        Annotated[
            str, element("HS tariff number", privacy="commercial", min_length=2, max_length=14)
        ]
        | None
    ) = None
    origin: (
        Annotated[
            str, element("Country of origin", privacy="commercial", min_length=2, max_length=2)
        ]
        | None
    ) = None

    def __post_init__(self) -> None:
        check_decimal(self.quantity, "quantity")
        if self.net_mass_kg is not None:
            check_decimal(self.net_mass_kg, "net_mass_kg")


class PostalItem(Noun, frozen=True, kw_only=True):
    """A postal item with the particulars of CN 22 or CN 23. A form of our own, and no UPU standard."""

    postal_item: Annotated[
        Literal["pratique-1"], element("This form, and its version", privacy="public")
    ] = "pratique-1"
    reference: Annotated[
        str,
        element(
            "Reference of the declarant; the number of the item where empty",
            privacy="commercial",
            max_length=70,
        ),
    ] = ""
    number: Annotated[
        str,
        element(
            "Number of the item (UPU S10), with its check digit", privacy="personal", max_length=13
        ),
    ] = ""
    sender: Annotated[Correspondent | None, element("From", privacy="personal")] = None
    addressee: Annotated[
        Correspondent, element("To; its country is the destination", privacy="personal")
    ]
    category: Annotated[Category | None, element("Category of item", privacy="commercial")] = None
    explanation: Annotated[
        str, element("Explanation of the category", privacy="commercial", max_length=512)
    ] = ""
    contents: Annotated[
        tuple[Content, ...], element("Contents", privacy="commercial", min_length=1, max_length=999)
    ]
    gross_mass_kg: Annotated[
        Decimal | None, element("Total gross weight, kg", privacy="commercial")
    ] = None
    postal_charges: Annotated[
        Money | None, element("Postal charges and fees", privacy="commercial")
    ] = None
    comments: Annotated[
        str,
        element(
            "Comments: quarantine, inspection, restrictions", privacy="commercial", max_length=512
        ),
    ] = ""
    licences: Annotated[
        tuple[_Number, ...], element("Licences", privacy="commercial", max_length=9)
    ] = ()
    certificates: Annotated[
        tuple[_Number, ...], element("Certificates", privacy="commercial", max_length=9)
    ] = ()
    invoice: Annotated[str, element("Invoice", privacy="commercial", max_length=70)] = ""
    origin_office: Annotated[
        str, element("Office of origin", privacy="commercial", max_length=6)
    ] = ""
    receptacle: Annotated[
        str, element("Receptacle that holds it (UPU S9)", privacy="commercial", max_length=29)
    ] = ""
    dispatch: Annotated[str, element("Dispatch", privacy="commercial", max_length=20)] = ""

    def __post_init__(self) -> None:
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")


def begins(start: bytes) -> bool:
    """Whether a file that starts so is of this form: its first key says it."""
    return start[:1] == b"{" and start[1:].lstrip().startswith(b'"postal_item"')


def parse(data: bytes) -> Declaration:
    """The one postal item in a JSON text, as a declaration. Raises ``MessageError`` with every fault found."""
    return declaration_of_postal(postal_item(data))


def postal_item(data: bytes) -> PostalItem:
    """The postal item in a JSON text as the form has it. Raises ``MessageError``."""
    document = load(data)
    if not isinstance(document, dict) or "postal_item" not in document:
        raise refuse(
            "not-a-postal-item",
            "A postal item is a JSON object that says so.",
            hint='Begin it with "postal_item": "pratique-1"; see `pratique schema postal-item`.',
        )
    found = noun_of(document, PostalItem)
    if found.number and not is_s10(found.number):
        raise refuse(
            "s10", _wrong_number(found.number), "/number", "Read the number from the label again."
        )
    if not (found.number or found.reference):
        raise refuse(
            "no-reference", "The item has neither number nor reference.", "/number", "Give one."
        )
    for name, each in (("sender", found.sender), ("addressee", found.addressee)):
        if each is not None and each.business and len(each.name) > _CONTACT:
            said = f"The name beside a business has {len(each.name)} characters; {_CONTACT} are the most."
            raise refuse("too-long", said, f"/{name}/name", "Shorten it.")
    if not found.addressee.country:
        raise refuse(
            "no-destination", "The addressee has no country.", "/addressee/country", "Give it."
        )
    return found


def declaration_of_postal(item: PostalItem) -> Declaration:
    """The declaration a postal item makes. Every field has its place."""
    transport = Transport(
        origin_office=item.origin_office, receptacle=item.receptacle, dispatch=item.dispatch
    )
    statements = []
    if item.category or item.explanation:
        statements.append(
            Statement(type=_CATEGORY, code=item.category or "", text=item.explanation)
        )
    if item.comments:
        statements.append(Statement(type=_COMMENTS, text=item.comments))
    return Declaration(
        id=item.reference or item.number,
        destination=item.addressee.country or "",
        dispatch_country=item.sender.country if item.sender is not None else None,
        channel="post",
        flow="c2c" if item.category == "gift" else "b2c",
        parties=(
            *((_party(item.sender, "consignor"),) if item.sender is not None else ()),
            _party(item.addressee, "consignee"),
        ),
        consignment=Consignment(
            items=tuple(_goods(each) for each in item.contents),
            parcels=(Parcel(id=item.number),) if item.number else (),
            gross_mass_kg=item.gross_mass_kg,
            freight=item.postal_charges,
            transport=transport if transport != Transport() else None,
        ),
        invoice=Invoice(number=item.invoice) if item.invoice else None,
        documents=(
            *(Document(type=_LICENCE, number=each) for each in item.licences),
            *(Document(type=_CERTIFICATE, number=each) for each in item.certificates),
        ),
        statements=tuple(statements),
    )


def postal_of(declaration: Declaration) -> PostalItem:
    """A declaration as a postal item; what the form has no place for is left out (``losses`` names it)."""
    consignment = declaration.consignment
    transport = consignment.transport or Transport()
    number = next((each.id for each in consignment.parcels), "")
    category = _stated(declaration, _CATEGORY)
    consignor, consignee = party(declaration, "consignor"), party(declaration, "consignee")
    addressee = _correspondent(consignee) if consignee is not None else Correspondent()
    sender = _correspondent(consignor) if consignor is not None else None
    if sender is None and declaration.dispatch_country:
        sender = Correspondent()
    return PostalItem(
        reference=declaration.id,
        number=number if is_s10(number) else "",
        sender=_in(sender, declaration.dispatch_country) if sender is not None else None,
        addressee=_in(addressee, declaration.destination),
        category=_category(category.code) if category is not None else None,
        explanation=category.text if category is not None else "",
        contents=tuple(_content(each) for each in consignment.items),
        gross_mass_kg=consignment.gross_mass_kg,
        postal_charges=consignment.freight,
        comments=comments.text if (comments := _stated(declaration, _COMMENTS)) else "",
        licences=_numbers(declaration, _LICENCE),
        certificates=_numbers(declaration, _CERTIFICATE),
        invoice=declaration.invoice.number if declaration.invoice is not None else "",
        origin_office=transport.origin_office,
        receptacle=transport.receptacle,
        dispatch=transport.dispatch,
    )


def read(data: bytes) -> Iterator[Row]:
    """Every item of a text with one a line as a row, or the one of a text over several lines."""
    lines = data.split(b"\n")
    first = data.lstrip().partition(b"\n")[0].rstrip()
    if not first.endswith(b"}") or len(first) == 1:
        yield _row(1, data.strip())
        return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _row(number, line.rstrip(b"\r"))


def write(declaration: Declaration) -> bytes:
    """The declaration as one postal item, on one line."""
    item = msgspec.to_builtins(postal_of(declaration))
    return msgspec.json.encode({"postal_item": "pratique-1", **item})


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        again = parse(write(declaration))
    except MessageError as error:
        return error.faults
    return lost(declaration, again, "The forms CN 22 and CN 23 have no place for it.")


def _row(number: int, line: bytes) -> Row:
    try:
        return Row(number, line, parse(line))
    except MessageError as error:
        return Row(number, line, error=error)


def _wrong_number(number: str) -> str:
    if looks_like_s10(number) and number.isascii() and number[:2].isupper():
        return f"{number} has the check digit {number[10]}, and {check_digit(number[2:10])} is right, or no such country."
    return f"{number!r} is no S10 number: two letters, nine digits, the country of the post."


def _party(found: Correspondent, role: Literal["consignor", "consignee"]) -> Party:
    address = Address(
        line=found.street, postcode=found.postcode, city=found.city, country=found.country
    )
    return Party(
        roles=(role,),
        name=found.business or found.name,
        contact=found.name if found.business else "",
        address=address if address != Address() else None,
        phone=found.phone,
        email=found.email,
        ids=(found.reference,) if found.reference is not None else (),
    )


def _correspondent(found: Party) -> Correspondent:
    address = found.address or Address()
    return Correspondent(
        name=found.contact or found.name,
        business=found.name if found.contact else "",
        street=address.line,
        postcode=address.postcode,
        city=address.city,
        country=address.country,
        phone=found.phone,
        email=found.email,
        reference=found.ids[0] if found.ids else None,
    )


def _in(found: Correspondent, country: str | None) -> Correspondent:
    return msgspec.structs.replace(found, country=country)


def _goods(content: Content) -> GoodsItem:
    return GoodsItem(
        description=content.description,
        quantity=content.quantity,
        net_mass_kg=content.net_mass_kg,
        price=content.value,
        hs_code=content.hs_code,
        origin=content.origin,
    )


def _content(item: GoodsItem) -> Content:
    return Content(
        description=item.description,
        quantity=item.quantity,
        net_mass_kg=item.net_mass_kg,
        value=item.price,
        hs_code=item.hs_code,
        origin=item.origin,
    )


def _stated(declaration: Declaration, kind: str) -> Statement | None:
    return next((each for each in declaration.statements if each.type == kind), None)


def _category(code: str) -> Any:
    return code if code in get_args(Category) else None


def _numbers(declaration: Declaration, kind: str) -> tuple[str, ...]:
    return tuple(
        each.number for each in declaration.documents if each.type == kind and each.number
    )[:9]
