"""Exact amounts: a decimal and a currency, added only to its own kind, never a float."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final

from pratique.model.element import Noun, element

MAX_DIGITS: Final = 16  # WCO Data Model amounts are n..16,3
MAX_PLACES: Final = 6

CurrencyCode = Annotated[
    str, element("ISO 4217 currency code", wco="135", privacy="public", min_length=3, max_length=3)
]


_SHORT: Final = 8
"""A decimal whose text is shorter, and neither an exponent nor no number at all, always passes."""


def check_decimal(value: Decimal, name: str) -> None:
    """Raise ``ValueError`` unless ``value`` is finite, plain, and at most 16 digits with 6 places."""
    text = str(value)
    if len(text) < _SHORT and "E" not in text and "N" not in text:
        return
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"{name} must be a number, not {value}")
    if exponent > 0:
        raise ValueError(f"{name} must be written without an exponent")
    if exponent < -MAX_PLACES:
        raise ValueError(f"{name} has more than {MAX_PLACES} decimal places")
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"{name} has more than {MAX_DIGITS} digits")


class Money(Noun, frozen=True, kw_only=False):
    """An exact amount in one currency. Source: WCO Data Model, amounts n..16,3 with currency 135."""

    amount: Annotated[Decimal, element("Amount, written as a decimal string", privacy="commercial")]
    currency: CurrencyCode

    def __post_init__(self) -> None:
        check_decimal(self.amount, "amount")

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}: convert first")
        return Money(self.amount + other.amount, self.currency)


def amount_text(value: Decimal, places: int) -> str:
    """An amount with at least the currency's decimals, more when it has more."""
    whole, _, fraction = format(value, "f").partition(".")
    fraction = fraction.rstrip("0").ljust(places, "0")
    return f"{whole}.{fraction}" if fraction else whole
