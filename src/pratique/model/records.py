"""What do others tell of the same sale? Records of order, payment and logistics, each from its own sender.

They are not the declaration: a platform, a payment provider and a carrier or post send them, each knowing its own
part. Own extension; the three documents are those China's cross-border e-commerce compares (its order, payment and
waybill messages), the elements those that the declaration has too.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec

from pratique.model.element import Instant, Noun, element
from pratique.model.money import Money, check_decimal

_Sender = Annotated[
    str,
    element("Who sent the record, as the exchange knows it", privacy="commercial", max_length=70),
]
_Received = Annotated[
    Instant | None,
    element("Moment the record was received here, UTC; set by the receiver", privacy="commercial"),
]
_Number = Annotated[str, element("Number", privacy="commercial", min_length=1, max_length=70)]
_Name = Annotated[str, element("Name of the person or firm", privacy="personal", max_length=140)]
_PersonId = Annotated[
    str, element("Number the person is known by", privacy="personal", max_length=35)
]


class OrderedLine(Noun, frozen=True, kw_only=True):
    """One line of an order as the platform tells it."""

    description: Annotated[
        str, element("Title of the offer", privacy="commercial", max_length=512)
    ] = ""
    quantity: Annotated[Decimal, element("Number of pieces", privacy="commercial")] = Decimal(1)
    price: Annotated[Money | None, element("Price of the line", privacy="fiscal")] = None

    def __post_init__(self) -> None:
        check_decimal(self.quantity, "quantity")


class OrderRecord(Noun, frozen=True, kw_only=True):
    """An order, told by the platform or seller."""

    number: _Number
    sender: _Sender = ""
    received_at: _Received = None
    placed_at: Annotated[
        Instant | None, element("Moment of the order, UTC", privacy="commercial")
    ] = None
    buyer_name: _Name = ""
    buyer_id: _PersonId = ""
    total: Annotated[Money | None, element("Price of all goods of the order", privacy="fiscal")] = (
        None
    )
    freight: Annotated[
        Money | None,
        element(
            "Transport charged to the buyer; an amount of zero when it was free", privacy="fiscal"
        ),
    ] = None
    lines: Annotated[
        tuple[OrderedLine, ...], element("Lines of the order", privacy="commercial", max_length=999)
    ] = ()


class PaymentRecord(Noun, frozen=True, kw_only=True):
    """A payment, told by the payment provider. An order may be paid by several."""

    reference: _Number
    sender: _Sender = ""
    received_at: _Received = None
    order: Annotated[
        str, element("Number of the order that was paid", privacy="commercial", max_length=70)
    ] = ""
    payer_name: _Name = ""
    payer_id: _PersonId = ""
    amount: Annotated[Money | None, element("Amount paid", privacy="fiscal")] = None
    paid_at: Annotated[Instant | None, element("Moment of payment, UTC", privacy="commercial")] = (
        None
    )


class LogisticsRecord(Noun, frozen=True, kw_only=True):
    """A parcel under way, told by the carrier or post. An order may travel in several."""

    parcel: Annotated[
        str,
        element(
            "S10 item number, waybill or tracking number",
            privacy="personal",
            min_length=1,
            max_length=35,
        ),
    ]
    sender: _Sender = ""
    received_at: _Received = None
    order: Annotated[
        str, element("Number of the order it carries", privacy="commercial", max_length=70)
    ] = ""
    consignee_name: _Name = ""
    destination: (
        Annotated[
            str,
            element("Country it goes to", privacy="public", min_length=2, max_length=2),
        ]
        | None
    ) = None
    pieces: (
        Annotated[int, element("Number of pieces in it", privacy="commercial", ge=0, le=99999999)]
        | None
    ) = None
    gross_mass_kg: Annotated[Decimal | None, element("Gross mass, kg", privacy="commercial")] = None
    shipped_at: Annotated[
        Instant | None, element("Moment it was taken over, UTC", privacy="commercial")
    ] = None

    def __post_init__(self) -> None:
        if self.gross_mass_kg is not None:
            check_decimal(self.gross_mass_kg, "gross_mass_kg")


class Records(msgspec.Struct, frozen=True, kw_only=True):
    """All that was received about one sale, by document."""

    orders: tuple[OrderRecord, ...] = ()
    payments: tuple[PaymentRecord, ...] = ()
    logistics: tuple[LogisticsRecord, ...] = ()
