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

from pratique.model.declaration import Declaration, sold_on, subdivision

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
    "mode",
    "subdivision",
)
MODES: Final = {"1": "sea", "2": "rail", "3": "road", "4": "air", "5": "mail"}
"""Words of the rule language for modes of transport, by their code (UN/ECE Recommendation 19)."""
MONEYS: Final = ("freight", "insurance", "discount")
ITEM_TEXTS: Final = ("hs", "origin", "currency")


class Words(tuple[str, ...]):
    """The words of a coded column; ``answers`` keeps what was asked of them, so that each is asked once."""

    answers: dict[Any, Any]

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.answers = {}


class Codes(msgspec.Struct, frozen=True, eq=False):
    """Words as numbers: ``values[i]`` is an index into ``words``, or ``MISSING``."""

    values: Codes32
    words: Words


class Numbers(msgspec.Struct, frozen=True, eq=False):
    """Integers at a fixed scale, and where they are not given (None: all are)."""

    values: Ints
    unknown: Bools | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """``size`` declarations: (size,) columns, and (items,) columns that start at ``starts`` for each.

    ``currencies`` gives the currency of freight, insurance and discount; ``on`` the day of each (days since
    1970-01-01), None when it is the same for all; ``sold_on`` that of the sale. ``exact`` marks declarations that do not fit these columns
    (too many decimals, several schemes, fees, the rate of a second tariff): only the exact evaluator can reckon them.
    """

    size: int
    starts: Ints
    items: int
    texts: dict[str, Codes]
    money: dict[str, Ints]
    currencies: dict[str, Codes]
    gross_mass: Numbers
    sold_on: Numbers
    item_texts: dict[str, Codes]
    price: Numbers
    intrinsic: Numbers
    quantity: Ints
    net_mass: Numbers
    preference: Bools
    duty_rate: Numbers
    on: Codes32 | None = None
    exact: Bools


class _Numbered(dict[str | None, int]):
    """Words as numbers, first come first; no word is ``MISSING``."""

    def __init__(self) -> None:
        super().__init__({None: MISSING})

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self) - 1
        return number


def _codes(words: Iterable[str | None]) -> Codes:
    index = _Numbered()
    values = np.array([index[word] for word in words], dtype=np.int32)
    return Codes(values, Words(word for word in index if word is not None))


_LARGEST: Final = Decimal(10**12)
_UNFIT: Final = -2
"""Stands for a value that has more decimals than the columns, is negative or very large."""


class _Wholes(dict[Decimal | None, int]):
    """Decimals as integers at a scale, each reckoned once: most prices and masses come again."""

    def __init__(self, places: int) -> None:
        super().__init__({None: MISSING})
        self.power = Decimal(10**places)

    def __missing__(self, value: Decimal) -> int:
        if len(self) > 200_000:
            self.clear()
            self[None] = MISSING
        number = _UNFIT
        if 0 <= value <= _LARGEST:
            shifted = value * self.power
            whole = int(shifted)
            number = whole if whole == shifted else _UNFIT
        self[value] = number
        return number


_AMOUNTS: Final = _Wholes(PLACES)
_MASSES: Final = _Wholes(MASS_PLACES)


def batch_of(declarations: Sequence[Declaration]) -> Batch:
    """Declarations as a batch, in their order."""
    goods = [each.consignment for each in declarations]
    lengths = np.array([len(each.items) for each in goods], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    items = [item for each in goods for item in each.items]
    prices = [item.price for item in items]
    alone = [item.intrinsic_value for item in items]
    whole, mass = _AMOUNTS, _MASSES
    moneys = {name: [getattr(each, name) for each in goods] for name in MONEYS}
    columns = _Columns(starts, np.array([_is_odd(each) for each in declarations], dtype=np.bool_))
    price = columns.of_items([MISSING if m is None else whole[m.amount] for m in prices])
    intrinsic = columns.of_items([MISSING if m is None else whole[m.amount] for m in alone])
    if intrinsic.unknown is None or not intrinsic.unknown.all():
        columns.flag_items(
            [
                m is not None and (p is None or p.currency != m.currency)
                for p, m in zip(prices, alone, strict=True)
            ]
        )
    columns.flag_items([item.other_duty_rate is not None for item in items])
    if intrinsic.unknown is not None:  # where it is not stated, the price is all there is
        both = np.where(intrinsic.unknown, price.values, intrinsic.values)
        intrinsic = Numbers(both, price.unknown)
    return Batch(
        size=len(declarations),
        starts=starts,
        items=len(items),
        texts={
            "destination": _codes(each.destination for each in declarations),
            "dispatch_country": _codes(each.dispatch_country for each in declarations),
            "channel": _codes(each.channel for each in declarations),
            "flow": _codes(each.flow for each in declarations),
            "direction": _codes(each.direction for each in declarations),
            "dataset": _codes(each.dataset for each in declarations),
            "scheme": _codes(each.schemes[0].kind if each.schemes else "" for each in declarations),
            "mode": _codes(
                MODES.get(each.transport.mode) if each.transport is not None else None
                for each in goods
            ),
            "subdivision": _codes(subdivision(each) for each in declarations),
        },
        sold_on=_known(np.array([_sold(each) for each in declarations], dtype=np.int64)),
        money={
            name: columns.of_all([0 if m is None else whole[m.amount] for m in values]).values
            for name, values in moneys.items()
        },
        currencies={
            name: _codes(None if m is None else m.currency for m in values)
            for name, values in moneys.items()
        },
        gross_mass=columns.of_all([mass[each.gross_mass_kg] for each in goods]),
        item_texts={
            "hs": _codes(item.hs_code for item in items),
            "origin": _codes(item.origin for item in items),
            "currency": _codes(None if m is None else m.currency for m in prices),
        },
        price=price,
        intrinsic=intrinsic,
        quantity=columns.of_items([whole[item.quantity] for item in items]).values,
        net_mass=columns.of_items([mass[item.net_mass_kg] for item in items]),
        preference=np.array([bool(item.preference) for item in items], dtype=np.bool_),
        duty_rate=columns.of_items([whole[item.duty_rate] for item in items]),
        exact=columns.exact,
    )


def _is_odd(declaration: Declaration) -> bool:
    """Whether a declaration holds what the columns have no place for."""
    return bool(declaration.consignment.fees) or len(declaration.schemes) > 1


def _sold(declaration: Declaration) -> int:
    day = sold_on(declaration)
    return MISSING if day is None else days(day)


class _Columns:
    """Makes columns of integers, and marks the declarations in which one does not fit."""

    def __init__(self, starts: Ints, exact: Bools) -> None:
        self.starts = starts
        self.exact = exact

    def of_all(self, values: list[int]) -> Numbers:
        """A column of the declarations."""
        column = np.array(values, dtype=np.int64)
        self.exact |= column == _UNFIT
        return _known(column)

    def of_items(self, values: list[int]) -> Numbers:
        """A column of the goods items."""
        column = np.array(values, dtype=np.int64)
        self.flag_items(column == _UNFIT)
        return _known(column)

    def flag_items(self, unfit: Any) -> None:
        """Mark the declarations whose items do not fit."""
        places = np.flatnonzero(unfit)
        self.exact[np.searchsorted(self.starts, places, side="right") - 1] = True


def _known(array: Ints) -> Numbers:
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
        "sold_on": numbers(batch.sold_on, rows),
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
