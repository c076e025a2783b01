"""Do price, mass, pieces and size of the goods fit each other? Contradictions of one number with another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from pratique.checks.rule import Fault, item_rule, rule
from pratique.model.codelists import minor_unit
from pratique.model.declaration import Declaration, GoodsItem

_QUALITY: Final = "WCO data-quality standard (2022): consistency of values, masses and quantities"
_ROUNDING: Final = Decimal("0.05")
"""Prices of pieces are rounded; so much a piece may the line differ."""
_WEIGHTY_KG: Final = Decimal("0.5")
_CHEAPEST_A_KG: Final = Decimal("0.05")
_DEAREST_A_KG: Final = Decimal(200_000)
_NEVER_TOO_DEAR: Final = Decimal(200)
"""What a gram may cost."""
_LIGHTEST_PIECE_KG: Final = Decimal("0.00001")
_DENSEST_KG_A_CM3: Final = Decimal("0.0226")
"""Osmium, the densest of metals."""
_LEVELS: Final = {
    currency: Decimal(10) ** power
    for power, currencies in enumerate(
        (
            "EUR USD GBP CHF CAD AUD NZD SGD BND KWD BHD OMR JOD BGN RON GEL AZN XTS",
            "CNY HKD NOK SEK DKK PLN TRY ILS BRL MXN ZAR TWD THB CZK MYR AED SAR QAR PEN UAH MAD EGP",
            "JPY INR RUB PHP ISK RSD KES LKR NPR PKR DZD BDT HUF KZT JMD MKD",
            "KRW CLP COP NGN XOF XAF TZS CRC AMD",
            "IDR VND PYG UZS UGX",
        )
    )
    for currency in currencies.split()
}
"""How many units of a currency are of the order of a euro, by powers of ten: good enough to doubt a price by the
hundredfold, and for nothing else. No amount is reckoned with them."""


@item_rule("C504", "consistency", "amend", _QUALITY, at="net_mass_kg")
def net_is_not_over_gross(item: GoodsItem) -> str | None:
    """The net mass is greater than the gross mass."""
    net, gross = item.net_mass_kg, item.gross_mass_kg
    return (
        f"{net} over {gross} kg" if net is not None and gross is not None and net > gross else None
    )


@item_rule("C514", "consistency", "amend", _QUALITY, at="price")
def price_is_not_too_low_for_the_mass(item: GoodsItem) -> str | None:
    """The goods cost less a kilogram than sand.

    Check the price, its currency and decimal point, and the mass in kilograms.
    """
    mass, price = item.net_mass_kg or item.gross_mass_kg, item.price
    if mass is None or price is None or mass < _WEIGHTY_KG or price.amount <= 0:
        return None
    level = _LEVELS.get(price.currency)
    if level is None or price.amount >= mass * level * _CHEAPEST_A_KG:
        return None
    return f"{price.amount} {price.currency} for {mass} kg"


@item_rule("C515", "consistency", "note", _QUALITY, at="price")
def price_is_not_too_high_for_the_mass(item: GoodsItem) -> str | None:
    """The goods cost more a kilogram than gold.

    Check the price, its currency and decimal point, and the mass in kilograms, not grams or tonnes.
    """
    price = item.price
    if price is None or price.amount < _NEVER_TOO_DEAR:
        return None
    mass = item.net_mass_kg or item.gross_mass_kg
    if mass is None or mass <= 0:
        return None
    level = _LEVELS.get(price.currency)
    if level is None or price.amount <= mass * level * _DEAREST_A_KG:
        return None
    return f"{price.amount} {price.currency} for {mass} kg"


@item_rule("C516", "consistency", "amend", _QUALITY, at="net_mass_kg")
def pieces_have_a_mass(item: GoodsItem) -> str | None:
    """A piece would weigh less than a grain of sand.

    Check the number of pieces and the mass of all of them in kilograms.
    """
    mass, pieces = item.net_mass_kg, item.quantity
    if mass is None or pieces == 1 or not 0 < mass < pieces * _LIGHTEST_PIECE_KG:
        return None
    return f"{mass} kg for {pieces} pieces"


@item_rule("C517", "consistency", "amend", _QUALITY, at="price/amount")
def pieces_have_a_price(item: GoodsItem) -> str | None:
    """A piece would cost less than a tenth of the smallest coin.

    Give the price of all pieces of the line, not of one.
    """
    price, pieces = item.price, item.quantity
    if price is None or pieces == 1 or not 0 < price.amount < pieces:
        return None
    coin = Decimal(1).scaleb(-minor_unit(price.currency))
    return f"{price.amount} for {pieces} pieces" if price.amount * 10 < coin * pieces else None


@rule("C520", "consistency", "amend", _QUALITY)
def parcel_is_not_too_dense(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The parcel is heavier than a block of metal of its size.

    Check the mass in kilograms and the sides in centimetres.
    """
    for index, parcel in enumerate(declaration.consignment.parcels):
        mass, length = parcel.gross_mass_kg, parcel.length_cm
        width, height = parcel.width_cm, parcel.height_cm
        if mass is None or length is None or width is None or height is None:
            continue
        if mass > length * width * height * _DENSEST_KG_A_CM3:
            yield f"/consignment/parcels/{index}/gross_mass_kg", f"{mass} kg"


@item_rule("C602", "consistency", "amend", _QUALITY, at="price/amount")
def price_is_pieces_times_unit_price(item: GoodsItem) -> str | None:
    """The price of the line is not the price of one piece times the number of pieces."""
    price, unit = item.price, item.unit_price
    if price is None or unit is None or price.currency != unit.currency:
        return None
    apart = abs(unit.amount * item.quantity - price.amount)
    return format(price.amount, "f") if apart > _ROUNDING * max(item.quantity, Decimal(1)) else None
