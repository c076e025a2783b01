"""Whole files to decisions: the same walk for many, in pieces, over processes.

Declarations are assessed in columns, and one by one where the columns defer to the reference evaluator. NDJSON, CSV
and XML are checked and decided (``alike``); Parquet holds what an assessment needs and no more (``parquet``). Either
may come out as NDJSON or Parquet. Memory stays flat: a bounded number of pieces is under way, whatever the size of
the file.
"""

from __future__ import annotations

import gc
import itertools
import mmap
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Final, Literal

import msgspec

from pratique import messages
from pratique.messages import Row
from pratique.model.declaration import Declaration
from pratique.model.evidence import Evidence
from pratique.office.alike import Alike
from pratique.office.desk import Desk, library_with

PIECE_BYTES: Final = 4_000_000
"""Files are handed to the workers in pieces of about this size."""
SLOT_BYTES: Final = 12 * PIECE_BYTES
"""Memory a worker shares with us for one piece: the piece, and then its decisions, are not sent but lie there."""
PART_ROWS: Final = 6000
"""Declarations are decided so many at a time."""

Output = Literal["ndjson", "parquet"]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What every worker is told: the law folders, the evidence, the days (of the law, of what is known) and the moment."""

    folders: tuple[str, ...] = ()
    evidence: Evidence = Evidence()
    on: date | None = None
    known_on: date | None = None
    now: datetime


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions of some rows, those that could not be read, and counts by decision.

    ``decisions`` are lines of NDJSON, or an Arrow stream when the output is Parquet; ``size`` is how much of the
    input they came from, in bytes.
    """

    decisions: bytes
    rejected: bytes = b""
    counts: dict[str, int]
    rows: int
    size: int = 0


Answering = Callable[[list[tuple[int, Declaration]], Alike], tuple[bytes, Iterable[str]]]
"""Declarations with the numbers of their rows to output, and the code of each decision."""


def as_lines(numbered: list[tuple[int, Declaration]], alike: Alike) -> tuple[bytes, list[str]]:
    """Whole decisions, as lines of NDJSON."""
    decided = alike.decide(numbered)
    return b"".join(line for line, _ in decided), [code for _, code in decided]


def desk_of(task: Task) -> Desk:
    """A desk with the law and evidence of a task."""
    library = library_with([Path(each) for each in task.folders]) if task.folders else None
    return Desk(library, task.evidence, known_on=task.known_on)


def alike_of(task: Task, *, checking: bool = True) -> Alike:
    """What decides declarations as the task says."""
    return Alike(desk_of(task), task.now, task.on, checking=checking)


@contextmanager
def garbage_later() -> Iterator[None]:
    """No search for garbage within: thousands of live declarations would be walked again and again."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def decide_file(
    source: BinaryIO, form: str, task: Task, *, workers: int = 1, answering: Answering = as_lines
) -> Iterator[Block]:
    """A file in any form but Parquet to blocks of decisions, in the order of its rows.

    The decisions of a block are to be used before the next is asked for. The first piece is decided here, so that
    the workers begin with the law compiled and the forms learned.
    """
    _Worker.form, _Worker.answering, _Worker.alike = form, answering, alike_of(task)
    pieces = messages.pieces(source, form, PIECE_BYTES)
    for piece, first in itertools.islice(pieces, None if workers <= 1 else 1):
        yield from _decide(piece, first)
    waiting = next(pieces, None)
    if waiting is None:
        return
    _Worker.slots = [mmap.mmap(-1, SLOT_BYTES) for _ in range(workers + 1)]
    free = deque(range(workers + 1))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        under_way: deque[tuple[int, Future[list[tuple[Block, int]]]]] = deque()
        for piece, first in itertools.chain([waiting], pieces):
            if not free:
                yield from _finished(under_way, free)
            slot = free.popleft()
            _Worker.slots[slot][: len(piece)] = piece
            under_way.append((slot, pool.submit(_work, slot, len(piece), first)))
        while under_way:
            yield from _finished(under_way, free)


class _Worker:
    """What the processes share: set before they part, so that each begins with the law already read."""

    form: str
    answering: Answering
    alike: Alike
    slots: list[mmap.mmap]


def _decide(piece: bytes, first: int) -> Iterator[Block]:
    """The decisions of one piece, part by part; the size of the piece is counted once."""
    rows, size = messages.read(piece, _Worker.form), len(piece)
    while True:
        with garbage_later():
            block = _decide_rows(itertools.islice(rows, PART_ROWS), first, size)
        if not block.rows:
            return
        yield block
        size = 0


def _decide_rows(rows: Iterator[Row], first: int, size: int) -> Block:
    readable: list[tuple[int, Declaration]] = []
    rejected: list[bytes] = []
    for row in rows:
        if row.declaration is not None:
            readable.append((first + row.number, row.declaration))
        else:
            rejected.append(_rejected(row, first + row.number))
    decisions, codes = _Worker.answering(readable, _Worker.alike) if readable else (b"", ())
    counts = Counter(codes)
    if rejected:
        counts["UNREADABLE"] = len(rejected)
    return Block(
        decisions=decisions,
        rejected=b"".join(rejected),
        counts=dict(counts),
        rows=len(readable) + len(rejected),
        size=size,
    )


def _rejected(row: Row, number: int) -> bytes:
    assert row.error is not None
    told = {
        "row": number,
        "error": row.error.code,
        "faults": row.error.faults,
        "source": row.source[:65_536].decode("utf-8", "replace"),
    }
    return msgspec.json.encode(told) + b"\n"


def _work(slot: int, size: int, first: int) -> list[tuple[Block, int]]:
    """Decide the piece that lies in a slot, and put the decisions back into it, as far as there is room.

    With each block comes the length of its decisions in the slot, 0 when the block itself holds them.
    """
    memory, at = _Worker.slots[slot], 0
    answer = []
    for block in _decide(memory[:size], first):
        length = len(block.decisions)
        if at + length > len(memory):
            answer.append((block, 0))
            continue
        memory[at : at + length] = block.decisions
        at += length
        answer.append((msgspec.structs.replace(block, decisions=b""), length))
    return answer


def _finished(
    under_way: deque[tuple[int, Future[list[tuple[Block, int]]]]], free: deque[int]
) -> Iterator[Block]:
    """The piece that was given out first, once it is decided; its slot is free afterwards."""
    slot, future = under_way.popleft()
    at = 0
    for block, length in future.result():
        if length:
            decisions = _Worker.slots[slot][at : at + length]
            block = msgspec.structs.replace(block, decisions=decisions)
            at += length
        yield block
    free.append(slot)
