"""Which rows of columns are stopped by restrictions? Goods told by HS code alone, for columns hold no words.

Codes under which other goods are classified too stop nothing here: without words nearly every row would be for a
person. Few codes are any goods at all; only rows that hold one are looked at, each kind of them once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from pratique import clearance
from pratique.model.batch import MISSING, MODES, Batch, Codes
from pratique.model.declaration import Consignment, Declaration, GoodsItem, Transport
from pratique.model.outcomes import DecisionCode
from pratique.office.alike import Alike

_EPOCH = date(1970, 1, 1).toordinal()
_MODES = {word: code for code, word in MODES.items()}
_WAY = ("destination", "dispatch_country", "channel", "flow", "direction", "mode")


class _Kind(NamedTuple):
    """All that restrictions ask of a row: its way (``_WAY``), its day, and the HS code and origin of each line."""

    way: tuple[str, ...]
    on: date
    lines: tuple[tuple[str, str], ...]


def stopped(batch: Batch, on: date, alike: Alike) -> dict[int, DecisionCode]:
    """Rows that restrictions stop, with the decision they lead to; ``on`` is their day where they have none."""
    rows = _with_goods(batch, alike) | _unknown(batch, on, alike)
    decided: dict[_Kind, DecisionCode | None] = {}
    found: dict[int, DecisionCode] = {}
    for row in sorted(rows):
        kind = _kind(batch, row, on)
        if kind not in decided:
            decided[kind] = _decision(kind, alike)
        code = decided[kind]
        if code is not None:
            found[row] = code
    return found


def _with_goods(batch: Batch, alike: Alike) -> set[int]:
    """Rows with a line whose HS code alone tells goods that some rule stops where the row goes, or whence it leaves."""
    if not batch.size:
        return set()
    codes, screening = batch.item_texts["hs"], alike.desk.screening
    kinds = [
        {each.goods for each in screening.vocabulary.told_by_code(word)} for word in codes.words
    ]
    lengths = np.diff(np.append(batch.starts[: batch.size], batch.items))
    rows: set[int] = set()
    for name in _ends(batch):
        places = batch.texts[name]
        telling = np.zeros((len(places.words) + 1, len(codes.words) + 1), dtype=np.bool_)
        for place, word in enumerate(places.words):
            stopping = screening.restrictions.stopping(word)
            telling[place, :-1] = [not stopping.isdisjoint(kind) for kind in kinds]
        found = telling[np.repeat(places.values, lengths), codes.values]
        rows.update(np.repeat(np.arange(batch.size), lengths)[found].tolist())
    return rows


def _ends(batch: Batch) -> tuple[str, ...]:
    """Which ends of their way rows are looked at: the destination, and the other where any leaves."""
    leaving = "export" in batch.texts["direction"].words
    return ("destination", "dispatch_country")[: 1 + leaving]


def _unknown(batch: Batch, on: date, alike: Alike) -> set[int]:
    """Rows that go to, or leave from, where no restrictions are known that day.

    Files answer from a day on: what is known on the first day of a batch is known on all of them.
    """
    known = alike.desk.screening.knows
    days = None if batch.on is None else np.where(batch.on == MISSING, _days(on), batch.on)
    first = on if days is None or not batch.size else date.fromordinal(_EPOCH + int(days.min()))
    ends = _ends(batch)
    if all(known(place, first) for name in ends for place in batch.texts[name].words):
        return set()
    columns = [batch.texts[name].values + 1 for name in (*ends, "direction")]
    key = np.zeros(batch.size, dtype=np.int64) if days is None else days.astype(np.int64)
    for values in columns:
        key = key * 10_000 + values
    _, rows, which = np.unique(key, return_index=True, return_inverse=True)
    screening = alike.desk.screening
    lacking = [
        index
        for index, row in enumerate(rows.tolist())
        if screening.lacks(_declaration(_kind(batch, row, on)), _day(batch, row, on))
    ]
    return set(np.flatnonzero(np.isin(which.ravel(), lacking)).tolist())


def _decision(kind: _Kind, alike: Alike) -> DecisionCode | None:
    """The decision on such a row, if more than conditions hold of it."""
    declaration = _declaration(kind)
    found = alike.desk.screening.findings(declaration, kind.on, words=False)
    serious = tuple(each for each in found if each.severity != "note")
    if not serious:
        return None
    return clearance.decide(declaration, serious, None, now=alike.now).code


def _declaration(kind: _Kind) -> Declaration:
    destination, dispatch, channel, flow, direction, mode = kind.way
    told: dict[str, Any] = {
        "channel": channel or "post",
        "flow": flow or "b2c",
        "direction": direction or "import",
    }
    return Declaration(
        id="row",
        destination=destination or "ZZ",
        dispatch_country=dispatch or None,
        consignment=Consignment(
            items=tuple(
                GoodsItem(hs_code=hs or None, origin=made or None) for hs, made in kind.lines
            ),
            transport=Transport(mode=_MODES[mode]) if mode in _MODES else None,
        ),
        **told,
    )


def _kind(batch: Batch, row: int, on: date) -> _Kind:
    first = int(batch.starts[row])
    last = int(batch.starts[row + 1]) if row + 1 < batch.size else batch.items
    lines = zip(
        _words(batch.item_texts["hs"], range(first, last)),
        _words(batch.item_texts["origin"], range(first, last)),
        strict=True,
    )
    way = tuple(word for name in _WAY for word in _words(batch.texts[name], (row,)))
    return _Kind(way, _day(batch, row, on), tuple(lines))


def _days(on: date) -> int:
    return on.toordinal() - _EPOCH


def _day(batch: Batch, row: int, on: date) -> date:
    if batch.on is None or batch.on[row] == MISSING:
        return on
    return date.fromordinal(_EPOCH + int(batch.on[row]))


def _words(codes: Codes, places: Iterable[int]) -> list[str]:
    return [
        "" if codes.values[each] == MISSING else codes.words[codes.values[each]] for each in places
    ]
