"""Whole files to decisions: the same walk for many, in blocks, over processes.

NDJSON, CSV and XML go declaration by declaration through ``walk``. Parquet goes in columns: assessed by the
columnar evaluator, and declaration by declaration only where it defers to the reference evaluator. Memory stays
flat: a bounded number of blocks is under way, whatever the size of the file.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from pratique import messages
from pratique.messages import Row
from pratique.model.evidence import Evidence
from pratique.office.desk import Desk, library_with, walk
from pratique.office.render import decision_json

BLOCK_BYTES: Final = 1_000_000
"""Lines are handed to a worker in blocks of about this size."""
AHEAD: Final = 3
"""Blocks under way for each worker at most."""


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


def decide_rows(rows: Iterator[Row], desk: Desk, task: Task, first: int = 0) -> Block:
    """Rows to lines of output; what cannot be read comes back with its faults."""
    decided: list[bytes] = []
    rejected: list[bytes] = []
    counts: dict[str, int] = {}
    total = 0
    for row in rows:
        total += 1
        number = first + row.number
        if row.declaration is None:
            assert row.error is not None
            rejected.append(
                msgspec.json.encode(
                    {
                        "row": number,
                        "error": row.error.code,
                        "faults": row.error.faults,
                        "source": row.source[:65_536].decode("utf-8", "replace"),
                    }
                )
            )
            counts["UNREADABLE"] = counts.get("UNREADABLE", 0) + 1
            continue
        decision = walk(row.declaration, desk, now=task.now, on=task.on, trace=False)
        decided.append(decision_json(decision, number))
        counts[decision.code] = counts.get(decision.code, 0) + 1
    bad = b"".join(line + b"\n" for line in rejected)
    return Block(b"".join(decided), bad, counts, total)


class _Worker:
    """What a worker process keeps between blocks."""

    desk: Desk
    task: Task


def _start(packed: bytes) -> None:
    _Worker.task = msgspec.msgpack.decode(packed, type=Task)
    _Worker.desk = desk_of(_Worker.task)


def desk_of(task: Task) -> Desk:
    """A desk with the law and evidence of a task."""
    library = library_with([Path(each) for each in task.folders]) if task.folders else None
    return Desk(library, task.evidence)


def _work(block: bytes, first: int) -> Block:
    return decide_rows(messages.read(block, "aed"), _Worker.desk, _Worker.task, first)


def assess_lines(source: BinaryIO, task: Task, workers: int = 1) -> Iterator[Block]:
    """An NDJSON stream to blocks of decisions, in the order of its lines."""
    if workers <= 1:
        _start(msgspec.msgpack.encode(task))
        for block, first in _line_blocks(source):
            yield _work(block, first)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start, initargs=(msgspec.msgpack.encode(task),)
    ) as pool:
        under_way: deque[Future[Block]] = deque()
        for block, first in _line_blocks(source):
            under_way.append(pool.submit(_work, block, first))
            if len(under_way) >= workers * AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _line_blocks(source: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Whole lines in blocks, each with the number of lines before it."""
    lines = 0
    while True:
        block = source.read(BLOCK_BYTES)
        if not block:
            return
        block += source.readline(BLOCK_BYTES * 4)
        yield block, lines
        lines += block.count(b"\n")


def assess_document(data: bytes, form: str, task: Task) -> Block:
    """A CSV or XML document to decisions."""
    return decide_rows(messages.read(data, form), desk_of(task), task)
