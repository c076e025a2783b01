"""Whole files to decisions: the same walk for many, in blocks, over processes.

Both ways are assessed in columns, and one by one where the columns defer to the reference evaluator. NDJSON, CSV
and XML give whole decisions (``alike``), Parquet gives amounts (``parquet``). Memory stays flat: a bounded number
of blocks is under way, whatever the size of the file.
"""

from __future__ import annotations

import gc
import itertools
import mmap
import multiprocessing
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from pratique import messages
from pratique.messages import Row
from pratique.model.declaration import Declaration
from pratique.model.evidence import Evidence
from pratique.office.alike import Alike
from pratique.office.desk import Desk, library_with

BLOCK_BYTES: Final = 4_000_000
"""Lines are handed to a worker in blocks of about this size."""
BLOCK_ROWS: Final = 4000
"""Rows of a document are decided so many at a time."""
SLOT_BYTES: Final = 12 * BLOCK_BYTES
"""Memory that a worker shares with us for one block: its lines, and then its decisions, are not sent but lie there."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What every worker is told: the law folders, the evidence, the day and the moment."""

    folders: tuple[str, ...] = ()
    evidence: Evidence = Evidence()
    on: date | None = None
    now: datetime


class Block(msgspec.Struct, frozen=True):
    """Decisions of some rows: lines of output, lines for what could not be read, and counts by decision."""

    decisions: bytes
    rejected: bytes
    counts: dict[str, int]
    rows: int


def decide_rows(rows: Iterable[Row], alike: Alike, first: int = 0) -> Block:
    """Rows to lines of output; what cannot be read comes back with its faults."""
    rejected: list[bytes] = []

    def readable() -> Iterator[tuple[int, Declaration]]:
        for row in rows:
            if row.declaration is not None:
                yield first + row.number, row.declaration
            else:
                rejected.append(_rejected(row, first + row.number))

    decided = alike.decide(readable())
    counts = Counter(code for _, code in decided)
    if rejected:
        counts["UNREADABLE"] = len(rejected)
    return Block(
        b"".join(line for line, _ in decided),
        b"".join(rejected),
        dict(counts),
        len(decided) + len(rejected),
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


class _Worker:
    """What the processes share: set before they part, so that each begins with the law already read."""

    alike: Alike
    slots: list[mmap.mmap]


def alike_of(task: Task) -> Alike:
    """What decides declarations as the task says."""
    return Alike(desk_of(task), task.now, task.on)


def desk_of(task: Task) -> Desk:
    """A desk with the law and evidence of a task."""
    library = library_with([Path(each) for each in task.folders]) if task.folders else None
    return Desk(library, task.evidence)


def _decide_lines(lines: bytes, first: int) -> Block:
    with garbage_later():
        return decide_rows(messages.read(lines, "aed"), _Worker.alike, first)


def _work(slot: int, size: int, first: int) -> tuple[Block, int]:
    """Decide the lines that lie in a slot, and put the decisions back into it, if there is room."""
    memory = _Worker.slots[slot]
    block = _decide_lines(memory[:size], first)
    length = len(block.decisions)
    if length > len(memory):
        return block, 0
    memory[:length] = block.decisions
    return msgspec.structs.replace(block, decisions=b""), length


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


def assess_lines(source: BinaryIO, task: Task, workers: int = 1) -> Iterator[Block]:
    """An NDJSON stream to blocks of decisions, in the order of its lines.

    The decisions of a block are to be used before the next is asked for. The first block is decided here, so that
    the workers begin with the law compiled and the forms learned.
    """
    _Worker.alike = alike_of(task)
    blocks = _line_blocks(source)
    for lines, first in itertools.islice(blocks, None if workers <= 1 else 1):
        yield _decide_lines(lines, first)
    waiting = next(blocks, None)
    if waiting is None:
        return
    _Worker.slots = [mmap.mmap(-1, SLOT_BYTES) for _ in range(workers + 1)]
    free = deque(range(workers + 1))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        under_way: deque[tuple[int, Future[tuple[Block, int]]]] = deque()
        for lines, first in itertools.chain([waiting], blocks):
            if not free:
                yield from _finished(under_way, free)
            slot = free.popleft()
            _Worker.slots[slot][: len(lines)] = lines
            under_way.append((slot, pool.submit(_work, slot, len(lines), first)))
        while under_way:
            yield from _finished(under_way, free)


def _finished(
    under_way: deque[tuple[int, Future[tuple[Block, int]]]], free: deque[int]
) -> Iterator[Block]:
    """The block that was given out first, once it is decided; its slot is free afterwards."""
    slot, future = under_way.popleft()
    block, length = future.result()
    if length:
        block = msgspec.structs.replace(block, decisions=_Worker.slots[slot][:length])
    yield block
    free.append(slot)


def _line_blocks(source: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Whole lines in blocks, each with the number of lines before it."""
    lines = 0
    while True:
        block = source.read(BLOCK_BYTES)
        if not block:
            return
        block += source.readline(BLOCK_BYTES)
        yield block, lines
        lines += block.count(b"\n")


def assess_document(data: bytes, form: str, task: Task) -> Iterator[Block]:
    """A CSV or XML document to blocks of decisions."""
    alike = alike_of(task)
    rows = messages.read(data, form)
    while True:
        with garbage_later():
            decided = decide_rows(itertools.islice(rows, BLOCK_ROWS), alike)
        if not decided.rows:
            return
        yield decided
