"""What would come of other law? The same parcels under today's law and a patched one, and what differs.

Both are reckoned in columns; parcels that columns leave are reckoned by the reference evaluator under both. What a
person must settle is counted, and is in no sum.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa

from pratique import messages
from pratique.assessment import assess_parts
from pratique.assessment.columnar import by_consignment
from pratique.errors import MessageError
from pratique.jurisdictions import Library
from pratique.model.arrow import batch_from_arrow, declaration_at
from pratique.model.batch import PLACES, Batch, Ints, batch_of
from pratique.model.declaration import Declaration
from pratique.model.evidence import NO_FIXING, Evidence
from pratique.office.batch import PART_ROWS, PIECE_BYTES
from pratique.office.desk import Desk
from pratique.office.parquet import shared_out

KINDS: Final = ("duty", "tax", "fee")
BANDS: Final = (10, 22, 45, 100, 150, 200, 500, 1000)
"""Upper ends of price bands, in euro or as many units of another currency as come near it by powers of ten."""
_SIDES: Final = ("today", "patched")
_SUMS: Final = tuple(f"{side} {kind}" for side in _SIDES for kind in KINDS)
_COUNTS: Final = ("parcels", "touched", "dearer", "cheaper", "asked today", "asked patched")
_COLUMNS: Final = (*_COUNTS, *_SUMS)
Key = tuple[str, str, int, str]
"""Currency, destination, number of the price band, origin."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over some parcels: counts, and amounts of each kind under both laws, in the currency named."""

    currency: str
    name: str
    parcels: int
    touched: int
    dearer: int
    cheaper: int
    asked_today: int
    asked_patched: int
    today: dict[str, Decimal]
    patched: dict[str, Decimal]

    @property
    def difference(self) -> Decimal:
        """More (or less) in all under the patched law."""
        return sum(self.patched.values(), Decimal(0)) - sum(self.today.values(), Decimal(0))


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """What differs, in all and by destination, price band, origin and payer; amounts by currency, never mixed.

    ``bands`` are the upper ends of the price bands by currency. Of payers only the amounts are known.
    """

    on: date
    parcels: int
    no_law: int
    by_currency: tuple[Cell, ...]
    by_destination: tuple[Cell, ...]
    by_band: tuple[Cell, ...]
    by_origin: tuple[Cell, ...]
    by_payer: tuple[tuple[str, str, Decimal, Decimal], ...]


class _Found:
    """Sums of some block, to be added to those of others."""

    def __init__(self) -> None:
        self.cells: dict[Key, list[int]] = {}
        self.payers: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        self.parcels = 0
        self.no_law = 0

    def plain(self) -> tuple[dict[Key, list[int]], dict[tuple[str, str], list[int]], int, int]:
        """As values that may be sent to another process."""
        return self.cells, dict(self.payers), self.parcels, self.no_law

    def add(
        self, other: tuple[dict[Key, list[int]], dict[tuple[str, str], list[int]], int, int]
    ) -> None:
        cells, payers, parcels, no_law = other
        for key, values in cells.items():
            have = self.cells.setdefault(key, [0] * len(values))
            for index, value in enumerate(values):
                have[index] += value
        for who, amounts in payers.items():
            for side, amount in enumerate(amounts):
                self.payers[who][side] += amount
        self.parcels += parcels
        self.no_law += no_law


class _Ready(msgspec.Struct):
    """What every process reckons with: set before they part."""

    desks: tuple[Desk, Desk]
    evidence: Evidence
    on: date


_ready: list[_Ready] = []


def simulate(
    source: Path,
    today: Library,
    patched: Library,
    *,
    on: date,
    evidence: Evidence,
    workers: int = 1,
    progress: Callable[[int], None] = lambda rows: None,
) -> Simulation:
    """The parcels of a file (Parquet, or any form of declarations) under both laws as they stand ``on`` that day."""
    _ready[:] = [_Ready((Desk(today, evidence), Desk(patched, evidence)), evidence, on)]
    found = _Found()
    for each in _blocks(source, workers):
        found.add(each)
        progress(found.parcels)
    return _told(found, on)


def _blocks(source: Path, workers: int) -> Iterator[Any]:
    with source.open("rb") as file:
        head = file.read(4096)
        if head.startswith(b"PAR1"):
            yield from shared_out(source, _of_rows, workers)
            return
        file.seek(0)
        form = messages.detect(head)
        waiting: list[Declaration] = []
        for piece, _ in messages.pieces(file, form, PIECE_BYTES):
            for row in messages.read(piece, form):
                if row.declaration is not None:
                    waiting.append(row.declaration)
                if len(waiting) >= PART_ROWS:
                    yield _reckon(batch_of(waiting), waiting.__getitem__)
                    waiting = []
        if waiting:
            yield _reckon(batch_of(waiting), waiting.__getitem__)


def _of_rows(block: pa.RecordBatch, first: int) -> Any:
    return _reckon(batch_from_arrow(block), lambda index: declaration_at(block, index))


class _Side:
    """One law over one batch: amounts by kind, what is asked, and who pays."""

    def __init__(self, batch: Batch, desk: Desk, ready: _Ready) -> None:
        size = batch.size
        self.amounts: dict[str, Ints] = {kind: np.zeros(size, dtype=np.int64) for kind in KINDS}
        self.asked = np.zeros(size, dtype=np.bool_)
        self.left = np.zeros(size, dtype=np.bool_)
        self.currency = np.full(size, -1, dtype=np.int64)
        self.words: list[str] = []
        self.payers: Counter[tuple[str, str]] = Counter()
        order, parts = assess_parts(batch, desk.law_in_force, on=ready.on, evidence=ready.evidence)
        for part in parts:
            span = slice(part.start, part.stop)
            rows = span if order is None else order[span]
            currency = part.law.currency
            if currency not in self.words:
                self.words.append(currency)
            self.currency[rows] = self.words.index(currency)
            self.left[rows] = part.escalated
            self.asked[rows] = part.asked
            for column in part.charges:
                each = by_consignment(column, part)
                each[part.escalated] = 0
                self.amounts[column.charge.kind][rows] += each
                self.payers[currency, column.charge.payer] += int(each.sum())

    @property
    def total(self) -> Ints:
        return self.amounts["duty"] + self.amounts["tax"] + self.amounts["fee"]

    def by_reference(
        self, index: int, declaration_of: Callable[[int], Declaration], desk: Desk, on: date
    ) -> None:
        """One parcel that columns leave; what is no declaration at all is asked about."""
        try:
            found, _ = desk.assess(declaration_of(index), on, trace=False)
        except (MessageError, ValueError):
            found = None
        if found is None:
            self.asked[index] = True
            return
        self.asked[index] = bool(found.needs_human)
        for charge in found.charges:
            amount = int(charge.amount.scaleb(PLACES))
            self.amounts[charge.kind][index] += amount
            self.payers[found.currency, charge.payer] += amount


def _reckon(batch: Batch, declaration_of: Callable[[int], Declaration]) -> Any:
    ready = _ready[0]
    batch = msgspec.structs.replace(batch, on=None)
    sides = [_Side(batch, desk, ready) for desk in ready.desks]
    for side, desk in zip(sides, ready.desks, strict=True):
        for index in np.flatnonzero(side.left).tolist():
            side.by_reference(index, declaration_of, desk, ready.on)
    found = _Found()
    found.parcels = batch.size
    for number, side in enumerate(sides):
        for who, amount in side.payers.items():
            found.payers[who][number] += amount
    _cells(found, batch, sides, ready)
    return found.plain()


def _cells(found: _Found, batch: Batch, sides: list[_Side], ready: _Ready) -> None:
    today, patched = sides
    known = today.currency >= 0
    found.no_law = int((~known).sum())
    more = patched.total - today.total
    values: dict[str, Any] = {
        "parcels": known,
        "touched": (more != 0) | (today.asked != patched.asked),
        "dearer": more > 0,
        "cheaper": more < 0,
        "asked today": today.asked,
        "asked patched": patched.asked,
        **{
            f"{name} {kind}": side.amounts[kind]
            for name, side in zip(_SIDES, sides, strict=True)
            for kind in KINDS
        },
    }
    bands = _band(batch, today, ready)
    origins, origin_words = _origin(batch)
    places = batch.texts["destination"]
    key = today.currency
    for numbers, many in (
        (places.values, len(places.words)),
        (bands, 32),
        (origins, len(origin_words)),
    ):
        key = key * (many + 1) + numbers + 1
    key = np.where(known, key, -1)
    order = np.argsort(key, kind="stable")
    order = order[np.searchsorted(key[order], 0) :]
    if not len(order):
        return
    starts = np.flatnonzero(np.concatenate(([True], np.diff(key[order]) != 0)))
    sums = np.stack(
        [np.add.reduceat(values[name][order].astype(np.int64), starts) for name in _COLUMNS], axis=1
    )
    for first, row in zip(order[starts].tolist(), sums.tolist(), strict=True):
        place = places.words[places.values[first]]
        cell = (
            today.words[today.currency[first]],
            place,
            int(bands[first]),
            origin_words[origins[first]],
        )
        found.cells[cell] = row


def _band(batch: Batch, side: _Side, ready: _Ready) -> Ints:
    """Number of the price band of each parcel: by the goods' prices, in the currency of the law."""
    currencies = batch.item_texts["currency"]
    owner = np.repeat(np.arange(batch.size), np.diff(batch.starts, append=batch.items))
    prices = np.zeros(batch.size, dtype=np.float64)
    bands = np.zeros(batch.size, dtype=np.int64)
    for number, home in enumerate(side.words):
        rates = {
            code: float(rate.rate)
            for code, rate in ready.evidence.into(home, NO_FIXING, ready.on).items()
        } | {home: 1.0}
        table = np.array([*(rates.get(word, np.nan) for word in currencies.words), np.nan])
        value = batch.price.values / 10**PLACES * table[currencies.values]
        prices[:] = np.bincount(owner, weights=value, minlength=batch.size)
        rows = side.currency == number
        ends = np.array(band_ends(home, ready.evidence, ready.on), dtype=np.float64)
        bands[rows] = np.searchsorted(ends, np.round(prices[rows], 6), side="left")
        bands[rows & np.isnan(prices)] = len(ends) + 1
    return bands


def band_ends(home: str, evidence: Evidence, on: date) -> tuple[int, ...]:
    """Upper ends of the price bands in a currency."""
    euro = evidence.into(home, NO_FIXING, on).get("EUR")
    scale = (
        10 ** max(0, round(math.log10(float(euro.rate))))
        if euro is not None and euro.rate > 0
        else 1
    )
    return tuple(end * scale for end in BANDS)


def _origin(batch: Batch) -> tuple[Ints, list[str]]:
    """Where the goods of each parcel were made: one country, "several" or "not declared"."""
    codes = batch.item_texts["origin"]
    words = [*codes.words, "several", "not declared"]
    values = np.where(codes.values < 0, len(words) - 1, codes.values).astype(np.int64)
    first = values[np.minimum(batch.starts, max(batch.items - 1, 0))]
    lengths = np.diff(batch.starts, append=batch.items)
    owner = np.repeat(np.arange(batch.size), lengths)
    mixed = np.zeros(batch.size, dtype=np.bool_)
    mixed[owner[values != first[owner]]] = True
    return np.where(mixed, len(words) - 2, first), words


def _told(found: _Found, on: date) -> Simulation:
    ready = _ready[0]

    def cells(
        name_of: Callable[[Key], str], sort: Callable[[str], Any] | None = None
    ) -> tuple[Cell, ...]:
        sums: dict[tuple[str, str], list[int]] = {}
        for key, values in found.cells.items():
            have = sums.setdefault((key[0], name_of(key)), [0] * len(values))
            for index, value in enumerate(values):
                have[index] += value
        made = [_cell(currency, name, values) for (currency, name), values in sums.items()]
        made.sort(
            key=lambda cell: (cell.currency, sort(cell.name) if sort else -cell.parcels, cell.name)
        )
        return tuple(made)

    ends = {key[0]: band_ends(key[0], ready.evidence, on) for key in found.cells}
    return Simulation(
        on=on,
        parcels=found.parcels,
        no_law=found.no_law,
        by_currency=cells(lambda key: ""),
        by_destination=cells(lambda key: key[1]),
        by_band=cells(lambda key: band_name(ends[key[0]], key[2]), _upper),
        by_origin=cells(lambda key: key[3]),
        by_payer=tuple(
            (currency, payer, _amount(today), _amount(patched))
            for (currency, payer), (today, patched) in sorted(found.payers.items())
        ),
    )


def band_name(ends: tuple[int, ...], number: int) -> str:
    """A price band in words."""
    if number > len(ends):
        return "price not known"
    return f"up to {ends[number]:,}" if number < len(ends) else f"over {ends[-1]:,}"


def _upper(name: str) -> tuple[int, int]:
    number = "".join(filter(str.isdigit, name))
    return (0 if name.startswith("up") else 1 if number else 2, int(number or 0))


def _cell(currency: str, name: str, values: Iterable[int]) -> Cell:
    by = dict(zip(_COLUMNS, values, strict=True))
    return Cell(
        currency=currency,
        name=name,
        **{count.replace(" ", "_"): by[count] for count in _COUNTS},
        today={kind: _amount(by[f"today {kind}"]) for kind in KINDS},
        patched={kind: _amount(by[f"patched {kind}"]) for kind in KINDS},
    )


def _amount(value: int) -> Decimal:
    return Decimal(value).scaleb(-PLACES)
