"""Parquet in and out: declarations in columns to what is owed on each, law by law.

Rows of Parquet hold what an assessment needs. They are assessed and decided, and not checked as whole declarations
are: the outcome says what the law says (owed at sale or border, or needs a human). Rows that the columnar evaluator
leaves, because values do not fit its columns, are assessed by the reference evaluator.
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, TypeVar, get_args

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pratique import assessment
from pratique.assessment import BatchAssessment
from pratique.errors import MessageError
from pratique.messages.strict import refuse
from pratique.model.arrow import (
    AMOUNT,
    CODES,
    OPTIONAL,
    SCHEMA,
    batch_from_arrow,
    decimals,
    declaration_at,
    without,
)
from pratique.model.batch import PLACES, Codes, batch_of, days
from pratique.model.declaration import Declaration
from pratique.model.outcomes import DecisionCode
from pratique.office.alike import Alike
from pratique.office.batch import Block, Task, alike_of, as_lines, garbage_later
from pratique.office.desk import Desk, law_date
from pratique.office.screen_columns import stopped

_T = TypeVar("_T")

READ: Final = without(SCHEMA, "description")
"""The columns that are read: all but the words, which no law asks for."""
ROWS: Final = 65_536
"""Rows in a block."""
PART_ROWS: Final = 8000
"""Rows that are made declarations at a time."""
AHEAD: Final = 2
"""Blocks under way for each worker at most."""
RESULT: Final = pa.schema(
    [
        ("id", pa.string()),
        ("outcome", pa.dictionary(pa.int32(), pa.string())),
        ("regime", pa.dictionary(pa.int32(), pa.string())),
        ("currency", pa.dictionary(pa.int32(), pa.string())),
        ("duty", AMOUNT),
        ("tax", AMOUNT),
        ("fees", AMOUNT),
        ("at_sale", AMOUNT),
        ("at_border", AMOUNT),
    ]
)
"""A row of the answer. ``outcome`` is the decision; from Parquet RELEASED (nothing due at the border), ASSESSED (due
there) or MANUAL, when a person must settle something and the amounts are those that are known; or what restrictions
lead to, by HS codes alone: rows hold no words that are read."""
SUMS: Final = ("duty", "tax", "fees", "at_sale", "at_border")
_OUTCOMES: Final[tuple[DecisionCode, ...]] = get_args(DecisionCode)
_RELEASED, _ASSESSED, _MANUAL = (
    _OUTCOMES.index(code) for code in ("RELEASED", "ASSESSED", "MANUAL")
)


class AnswerFile(AbstractContextManager["AnswerFile"]):
    """A Parquet file of answers, written in blocks of its own size, and counts by outcome."""

    def __init__(self, path: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._writer = pq.ParquetWriter(path, RESULT, compression="zstd", compression_level=1)
        self._waiting: list[pa.RecordBatch] = []

    def write(self, answers: pa.RecordBatch) -> None:
        """Add answers."""
        outcome = answers.column("outcome")
        words = outcome.dictionary.to_pylist()
        for number, count in enumerate(np.bincount(outcome.indices.to_numpy())):
            if count:
                self.counts[words[number]] += int(count)
        self._waiting.append(answers)
        if sum(each.num_rows for each in self._waiting) >= ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting).unify_dictionaries())
            self._waiting = []

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()


def open_parquet(source: Path) -> pq.ParquetFile:
    """A Parquet file of declarations, its codes read as numbers into a list of words, as Parquet keeps them.

    Raises ``MessageError`` when it is no Parquet, or lacks columns.
    """
    try:
        file = pq.ParquetFile(source, read_dictionary=list(CODES))
    except (pa.ArrowInvalid, OSError) as error:
        raise refuse("not-parquet", f"{source} cannot be read as Parquet: {error}") from error
    missing = sorted(set(READ.names) - set(file.schema_arrow.names) - OPTIONAL)
    if missing:
        raise refuse(
            "columns",
            f"{source} lacks columns: {', '.join(missing)}.",
            hint="The columns are listed in docs/reference/columns.md.",
        )
    return file


def assess_parquet(source: Path, task: Task, workers: int = 1) -> Iterator[pa.RecordBatch]:
    """What is owed on each row of a Parquet file, block by block, in the order of the file."""
    _Worker.alike, _Worker.task = alike_of(task, checking=False), task
    return shared_out(source, _assess, workers)


def decide_parquet(source: Path, task: Task, workers: int = 1) -> Iterator[Block]:
    """The rows of a Parquet file assessed and decided, as NDJSON, in the order of the file."""
    _Worker.alike, _Worker.task = alike_of(task, checking=False), task
    first = 0
    for block in shared_out(source, _decide, workers):
        yield block
        first += block.rows


def as_rows(numbered: list[tuple[int, Declaration]], alike: Alike) -> tuple[bytes, list[str]]:
    """Decisions as rows of an answer, in an Arrow stream."""
    codes = [code for _, code in alike.decide(numbered)]
    declarations = [declaration for _, declaration in numbered]
    batch = batch_of(declarations)
    if alike.on is None:
        each = [days(law_date(declaration, alike.now)) for declaration in declarations]
        batch = msgspec.structs.replace(batch, on=np.array(each, dtype=np.int32))
    found = assessment.assess_batch(
        batch,
        alike.desk.law_in_force,
        on=alike.on or alike.now.date(),
        evidence=alike.desk.evidence,
    )
    ids = pa.array([each.id for each in declarations], pa.string())
    answers = _answers(ids, found, declarations.__getitem__, alike, codes)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, RESULT) as stream:
        stream.write_batch(answers)
    return sink.getvalue().to_pybytes(), codes


def read_rows(decisions: bytes) -> Iterator[pa.RecordBatch]:
    """The rows of an answer in an Arrow stream."""
    yield from pa.ipc.open_stream(decisions)


class _Worker:
    """What the processes share: set before they part, so that each begins with the law already read."""

    alike: Alike
    task: Task
    source: Path


def shared_out(
    source: Path, work: Callable[[pa.RecordBatch, int], _T], workers: int
) -> Iterator[_T]:
    """What ``work`` makes of each block of a Parquet file and the number of rows before it, in the order of the file.

    Row groups are shared out among the workers. The first block is done here, so that they begin with the law
    compiled; what ``work`` needs besides lies in its module before.
    """
    _Worker.source = source
    file = open_parquet(_Worker.source)
    starts = [0, *itertools.accumulate(_rows_of(file))]
    several = workers > 1 and file.num_row_groups > workers
    blocks = _blocks(file, range(1 if several else file.num_row_groups), starts)
    for block, first in itertools.islice(blocks, None if workers <= 1 else 1):
        yield work(block, first)
    if workers <= 1:
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        jobs: Iterator[Future[list[_T]]] = (
            pool.submit(_work_on_block, work, block, first) for block, first in blocks
        )
        if several:
            groups = (
                pool.submit(_work_on_group, work, group, starts)
                for group in range(1, file.num_row_groups)
            )
            jobs = itertools.chain(jobs, groups)
        under_way: deque[Future[list[_T]]] = deque()
        for job in jobs:
            under_way.append(job)
            if len(under_way) >= workers * AHEAD:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _rows_of(file: pq.ParquetFile) -> list[int]:
    return [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]


def _work_on_block(work: Callable[[pa.RecordBatch, int], _T], block: Any, first: int) -> list[_T]:
    return [work(block, first)]


def _work_on_group(
    work: Callable[[pa.RecordBatch, int], _T], group: int, starts: list[int]
) -> list[_T]:
    file = open_parquet(_Worker.source)
    return [work(block, first) for block, first in _blocks(file, [group], starts)]


def _blocks(
    file: pq.ParquetFile, groups: Iterable[int], starts: Sequence[int]
) -> Iterator[tuple[pa.RecordBatch, int]]:
    """Blocks of rows, each with the number of rows before it."""
    columns = [name for name in READ.names if name != "items" and name in file.schema_arrow.names]
    kind = READ.field("items").type.value_type
    columns += [f"items.list.element.{kind.field(n).name}" for n in range(kind.num_fields)]
    for group in groups:
        # Group by group: codes inside lists have one list of words for each group.
        first = starts[group]
        for block in file.iter_batches(
            batch_size=ROWS, row_groups=[group], columns=columns, use_threads=False
        ):
            yield _cast(block), first
            first += block.num_rows


def _cast(block: pa.RecordBatch) -> pa.RecordBatch:
    """The block in our own types. Raises ``MessageError`` for columns that do not fit them."""
    if block.schema.equals(READ):
        return block
    try:
        table = pa.Table.from_batches([block])
        for name in OPTIONAL - set(block.schema.names):
            table = table.append_column(name, pa.nulls(len(block), READ.field(name).type))
        table = table.select(READ.names).cast(READ)
        return table.combine_chunks().to_batches()[0]
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, IndexError) as error:
        raise refuse("columns", f"Columns are not of the types of the form: {error}") from error


def _assess(block: pa.RecordBatch, first: int) -> pa.RecordBatch:
    return assess_block(block, _Worker.alike.desk, _Worker.task)


def _decide(block: pa.RecordBatch, first: int) -> Block:
    """A block of rows as declarations, decided: lines of NDJSON."""
    lines, rejected, counts = [], [], Counter[str]()
    for start in range(0, block.num_rows, PART_ROWS):
        part = block.slice(start, PART_ROWS)
        numbered = []
        for index in range(part.num_rows):
            try:
                numbered.append((first + start + index + 1, declaration_at(part, index)))
            except (MessageError, ValueError) as error:
                told = {"row": first + start + index + 1, "error": "invalid", "faults": str(error)}
                rejected.append(msgspec.json.encode(told) + b"\n")
        with garbage_later():
            decisions, codes = as_lines(numbered, _Worker.alike) if numbered else (b"", [])
        lines.append(decisions)
        counts.update(codes)
    if rejected:
        counts["UNREADABLE"] = len(rejected)
    return Block(
        decisions=b"".join(lines),
        rejected=b"".join(rejected),
        counts=dict(counts),
        rows=block.num_rows,
    )


def assess_block(block: pa.RecordBatch, desk: Desk, task: Task) -> pa.RecordBatch:
    """A block of declarations to a block of amounts: a pure function of both and the law."""
    batch = batch_from_arrow(block)
    if task.on is not None:
        batch = msgspec.structs.replace(batch, on=None)
    on = task.on or task.now.date()
    found = assessment.assess_batch(batch, desk.law_in_force, on=on, evidence=task.evidence)
    alike = Alike(desk, task.now, task.on, checking=False)
    return _answers(
        block.column("id"),
        found,
        lambda index: declaration_at(block, index),
        alike,
        stopped=stopped(batch, on, alike),
    )


def _answers(
    ids: pa.Array,
    found: BatchAssessment,
    declaration_of: Callable[[int], Declaration],
    alike: Alike,
    codes: list[str] | None = None,
    stopped: Mapping[int, DecisionCode] = MappingProxyType({}),
) -> pa.RecordBatch:
    """Answers as rows; ``codes`` are the decisions, where they are known, else what is owed tells them.

    ``stopped`` are rows that restrictions stop, whatever is owed on them.
    """
    if codes is None:
        outcome = np.where(found.at_border > 0, _ASSESSED, _RELEASED)
        outcome = np.where(found.asked, _MANUAL, outcome).astype(np.int32)
    else:
        outcome = np.array([_OUTCOMES.index(code) for code in codes], dtype=np.int32)
    amounts = {name: getattr(found, name) for name in SUMS}
    regime, currency = _Words(found.regime), _Words(found.currency)
    for index in np.flatnonzero(found.escalated).tolist():
        code, name, unit, values = _by_reference(declaration_of, index, alike)
        outcome[index] = code if codes is None else outcome[index]
        regime.set(index, name)
        currency.set(index, unit)
        for each, value in zip(SUMS, values, strict=True):
            amounts[each][index] = value
    for index, stop in stopped.items():
        outcome[index] = _OUTCOMES.index(stop)
    return pa.RecordBatch.from_arrays(
        [
            ids,
            pa.DictionaryArray.from_arrays(pa.array(outcome), pa.array(_OUTCOMES)),
            regime.array(),
            currency.array(),
            *(decimals(values) for values in amounts.values()),
        ],
        schema=RESULT,
    )


class _Words:
    """A coded column that may still get words."""

    def __init__(self, codes: Codes) -> None:
        self.values = codes.values.copy()
        self.index = {word: number for number, word in enumerate(codes.words)}

    def set(self, row: int, word: str | None) -> None:
        self.values[row] = -1 if word is None else self.index.setdefault(word, len(self.index))

    def array(self) -> pa.Array:
        absent = self.values < 0
        indices = pa.array(np.where(absent, 0, self.values), mask=absent)
        return pa.DictionaryArray.from_arrays(
            indices, pa.array(list(self.index) or [""], pa.string())
        )


_NOTHING: Final = (0,) * len(SUMS)


def _by_reference(
    declaration_of: Callable[[int], Declaration], index: int, alike: Alike
) -> tuple[int, str | None, str | None, tuple[int, ...]]:
    """Outcome, regime, currency and amounts of one declaration; MANUAL when the columns cannot hold them."""
    try:
        declaration = declaration_of(index)
    except (MessageError, ValueError):
        return _MANUAL, None, None, _NOTHING
    on: date = alike.on or law_date(declaration, alike.now)
    found, _ = alike.desk.assess(declaration, on, trace=False)
    if found is None:
        return _MANUAL, None, None, _NOTHING
    sums = [
        found.total("duty"),
        found.total("tax"),
        found.total("fee"),
        found.total(moment="sale"),
        found.total(moment="border"),
    ]
    values = tuple(int(each.scaleb(PLACES)) for each in sums)
    fits = all(
        value == each.scaleb(PLACES) and abs(value) < 10**18
        for value, each in zip(values, sums, strict=True)
    )
    if not fits:
        return _MANUAL, found.regime, found.currency, _NOTHING
    outcome = _MANUAL if found.needs_human else _ASSESSED if values[4] > 0 else _RELEASED
    return outcome, found.regime, found.currency, values
