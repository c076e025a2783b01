"""Many declarations as columns: what the columnar evaluators read, and the Arrow form it travels in.

Amounts are integers in ten-thousandths of the currency unit, quantities in ten-thousandths, masses in
millionths of a kilogram (milligrams), duty rates in ten-thousandths; codes are numbers into a list of words.
In Arrow the same values are decimals, so that any tool can read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from pratique.model.declaration import Declaration
from pratique.model.money import Money

PLACES: Final = 4
"""Decimal places of amounts, quantities and duty rates in a batch."""
MASS_PLACES: Final = 6
MISSING: Final = -1
"""Code of a word that is not given."""

Ints = npt.NDArray[np.int64]
Codes32 = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

TEXTS: Final = (
    "destination",
    "dispatch_country",
    "channel",
    "flow",
    "direction",
    "dataset",
    "scheme",
)
MONEYS: Final = ("freight", "insurance", "discount")
ITEM_TEXTS: Final = ("hs", "origin", "currency")


class Codes(msgspec.Struct, frozen=True, eq=False):
    """Words as numbers: ``values[i]`` is an index into ``words``, or ``MISSING``."""

    values: Codes32
    words: tuple[str, ...]


class Numbers(msgspec.Struct, frozen=True, eq=False):
    """Integers at a fixed scale, and where they are not given (None: all are)."""

    values: Ints
    unknown: Bools | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """``size`` declarations: (size,) columns, and (items,) columns that start at ``starts`` for each.

    ``currencies`` gives the currency of freight, insurance and discount; ``on`` the day of each (days since
    1970-01-01), None when it is the same for all. ``exact`` marks declarations that do not fit these columns
    (too many decimals, several schemes, fees): only the exact evaluator can reckon them.
    """

    size: int
    starts: Ints
    items: int
    texts: dict[str, Codes]
    money: dict[str, Ints]
    currencies: dict[str, Codes]
    gross_mass: Numbers
    item_texts: dict[str, Codes]
    price: Numbers
    intrinsic: Numbers
    quantity: Ints
    net_mass: Numbers
    preference: Bools
    duty_rate: Numbers
    on: Codes32 | None = None
    exact: Bools


class _Words:
    """Collects words as numbers, first come first."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.values: list[int] = []

    def add(self, word: str | None) -> None:
        index = self.index
        self.values.append(MISSING if word is None else index.setdefault(word, len(index)))

    def codes(self) -> Codes:
        return Codes(np.array(self.values, dtype=np.int32), tuple(self.index))


def batch_of(declarations: Iterable[Declaration]) -> Batch:
    """Declarations as a batch, in their order."""
    builder = BatchBuilder()
    for declaration in declarations:
        builder.add(declaration)
    return builder.batch()


_LARGEST: Final = Decimal(10**12)
_POWERS: Final = {places: Decimal(10**places) for places in (PLACES, MASS_PLACES)}


def ten_thousandths(value: Decimal, places: int = PLACES) -> int | None:
    """``value`` as an integer at that many places; None when it has more, is negative or very large."""
    if value > _LARGEST:
        return None
    shifted = value * _POWERS[places]
    number = int(shifted)
    return number if number == shifted and number >= 0 else None


class BatchBuilder:
    """Gathers columns as Python lists, one declaration at a time."""

    def __init__(self) -> None:
        self.texts = {name: _Words() for name in TEXTS}
        self.money: dict[str, list[int]] = {name: [] for name in MONEYS}
        self.currencies = {name: _Words() for name in MONEYS}
        self.item_texts = {name: _Words() for name in ITEM_TEXTS}
        self.gross: list[int] = []
        self.price: list[int] = []
        self.intrinsic: list[int] = []
        self.quantity: list[int] = []
        self.net_mass: list[int] = []
        self.preference: list[bool] = []
        self.duty_rate: list[int] = []
        self.starts: list[int] = []
        self.exact: list[bool] = []
        self.fits = True

    def add(self, declaration: Declaration) -> None:
        """Take in one declaration."""
        goods = declaration.consignment
        self.fits = not goods.fees and len(declaration.schemes) < 2
        self.starts.append(len(self.price))
        texts = self.texts
        texts["destination"].add(declaration.destination)
        texts["dispatch_country"].add(declaration.dispatch_country)
        texts["channel"].add(declaration.channel)
        texts["flow"].add(declaration.flow)
        texts["direction"].add(declaration.direction)
        texts["dataset"].add(declaration.dataset)
        texts["scheme"].add(declaration.schemes[0].kind if declaration.schemes else "")
        self.amount("freight", goods.freight)
        self.amount("insurance", goods.insurance)
        self.amount("discount", goods.discount)
        self.gross.append(self.number(goods.gross_mass_kg, MASS_PLACES))
        for item in goods.items:
            price = item.price
            self.item_texts["hs"].add(item.hs_code)
            self.item_texts["origin"].add(item.origin)
            self.item_texts["currency"].add(price.currency if price else None)
            self.price.append(self.number(price.amount if price else None, PLACES))
            alone = item.intrinsic_value
            if alone is not None and (price is None or alone.currency != price.currency):
                self.fits = False
            self.intrinsic.append(self.number(alone.amount if alone else None, PLACES))
            self.quantity.append(self.number(item.quantity, PLACES))
            self.net_mass.append(self.number(item.net_mass_kg, MASS_PLACES))
            self.preference.append(bool(item.preference))
            self.duty_rate.append(self.number(item.duty_rate, PLACES))
        self.exact.append(not self.fits)

    def amount(self, name: str, money: Money | None) -> None:
        self.currencies[name].add(money.currency if money else None)
        value = self.number(money.amount, PLACES) if money else 0
        self.money[name].append(max(value, 0))

    def number(self, value: Decimal | None, places: int) -> int:
        """The integer, or -1 for a value that is absent or does not fit (and then marks the declaration)."""
        if value is None:
            return MISSING
        number = ten_thousandths(value, places)
        if number is None:
            self.fits = False
            return MISSING
        return number

    def batch(self) -> Batch:
        """What was taken in, as columns."""
        price, intrinsic = _numbers(self.price), np.array(self.intrinsic, dtype=np.int64)
        alone = np.where(intrinsic < 0, price.values, intrinsic)
        return Batch(
            size=len(self.starts),
            starts=np.array(self.starts, dtype=np.int64),
            items=len(self.price),
            texts={name: words.codes() for name, words in self.texts.items()},
            money={name: np.array(values, dtype=np.int64) for name, values in self.money.items()},
            currencies={name: words.codes() for name, words in self.currencies.items()},
            gross_mass=_numbers(self.gross),
            item_texts={name: words.codes() for name, words in self.item_texts.items()},
            price=price,
            intrinsic=Numbers(alone, price.unknown),
            quantity=np.maximum(np.array(self.quantity, dtype=np.int64), 0),
            net_mass=_numbers(self.net_mass),
            preference=np.array(self.preference, dtype=np.bool_),
            duty_rate=_numbers(self.duty_rate),
            exact=np.array(self.exact, dtype=np.bool_),
        )


def _numbers(values: Sequence[int]) -> Numbers:
    array = np.array(values, dtype=np.int64)
    unknown = array < 0
    if not unknown.any():
        return Numbers(array)
    array[unknown] = 0
    return Numbers(array, unknown)


def days(on: date) -> int:
    """Days since 1970-01-01, as batches count them."""
    return on.toordinal() - date(1970, 1, 1).toordinal()


def reorder(batch: Batch, order: Ints) -> Batch:
    """The same declarations in another order, items moving with them."""
    lengths = np.diff(batch.starts, append=batch.items)[order]
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    shift = np.repeat(batch.starts[order] - starts[:-1], lengths)
    items = np.arange(starts[-1]) + shift
    return Batch(
        size=len(order),
        starts=starts[:-1],
        items=int(starts[-1]),
        **_taken(batch, order, items),
    )


def window(batch: Batch, start: int, stop: int) -> Batch:
    """Declarations ``start`` to ``stop`` as a batch of their own; nothing is copied."""
    first = int(batch.starts[start]) if start < batch.size else batch.items
    last = int(batch.starts[stop]) if stop < batch.size else batch.items
    rows, items = slice(start, stop), slice(first, last)
    return Batch(
        size=stop - start,
        starts=batch.starts[rows] - first,
        items=last - first,
        **_taken(batch, rows, items),
    )


def _taken(batch: Batch, rows: Any, items: Any) -> dict[str, Any]:
    def codes(source: dict[str, Codes], where: Any) -> dict[str, Codes]:
        return {name: Codes(each.values[where], each.words) for name, each in source.items()}

    def numbers(source: Numbers, where: Any) -> Numbers:
        unknown = source.unknown
        return Numbers(source.values[where], None if unknown is None else unknown[where])

    return {
        "texts": codes(batch.texts, rows),
        "money": {name: values[rows] for name, values in batch.money.items()},
        "currencies": codes(batch.currencies, rows),
        "gross_mass": numbers(batch.gross_mass, rows),
        "item_texts": codes(batch.item_texts, items),
        "price": numbers(batch.price, items),
        "intrinsic": numbers(batch.intrinsic, items),
        "quantity": batch.quantity[items],
        "net_mass": numbers(batch.net_mass, items),
        "preference": batch.preference[items],
        "duty_rate": numbers(batch.duty_rate, items),
        "on": None if batch.on is None else batch.on[rows],
        "exact": batch.exact[rows],
    }
