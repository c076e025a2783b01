"""Parquet to Parquet: declarations in columns to what is owed on each, law by law.

Every row is assessed. Rows that the columnar evaluator leaves (values that do not fit its columns) are assessed
by the reference evaluator. The data checks of single declarations are not run here: the outcome says
only what the law says (assessed at sale or border, or needs a human).
"""

from __future__ import annotations

import itertools
import multiprocessing
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pratique import assessment
from pratique.errors import MessageError, NoRuleInForceError
from pratique.messages.strict import refuse
from pratique.model.arrow import AMOUNT, CODES, SCHEMA, batch_from_arrow, declaration_at, without
from pratique.model.batch import PLACES, Codes
from pratique.office.batch import Task, desk_of
from pratique.office.desk import Desk

READ: Final = without(SCHEMA, "description")
"""The columns that are read: all but the words, which no law asks for."""
ROWS: Final = 65_536
"""Rows in a block."""
AHEAD: Final = 2
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
"""A row of the answer: ``outcome`` is RELEASED (nothing due at the border), ASSESSED (due there) or MANUAL."""
_OUTCOMES: Final = ("RELEASED", "ASSESSED", "MANUAL")


def assess_parquet(source: Path, out: Path, task: Task, workers: int = 1) -> Counter[str]:
    """A Parquet file of declarations to one of amounts; counts by outcome. Raises ``MessageError``."""
    counts: Counter[str] = Counter()
    try:
        file = _open(source)
        missing = sorted(set(READ.names) - set(file.schema_arrow.names))
    except (pa.ArrowInvalid, OSError) as error:
        raise refuse("not-parquet", f"{source} cannot be read as Parquet: {error}") from error
    if missing:
        raise refuse("columns", f"{source} lacks columns: {', '.join(missing)}.")
    with pq.ParquetWriter(out, RESULT, compression="zstd", compression_level=1) as writer:
        for answer in _answers(file, source, task, workers):
            writer.write_batch(answer)
            codes = answer.column("outcome")
            for number, count in enumerate(np.bincount(codes.indices.to_numpy(), minlength=3)):
                counts[_OUTCOMES[number]] += int(count)
    return +counts


def _open(source: Path) -> pq.ParquetFile:
    """The file, its codes read as numbers into a list of words, as Parquet keeps them."""
    return pq.ParquetFile(source, read_dictionary=list(CODES))


def _answers(
    file: pq.ParquetFile, source: Path, task: Task, workers: int
) -> Iterator[pa.RecordBatch]:
    """Answers block by block, in the order of the file; row groups are shared out among the workers.

    The first block is assessed here, so that the workers begin with the law compiled.
    """
    _Worker.desk, _Worker.task, _Worker.source = desk_of(task), task, source
    blocks = _blocks(file, range(file.num_row_groups))
    if workers > 1 and file.num_row_groups > workers:
        blocks = _blocks(file, range(1))
    for block in itertools.islice(blocks, None if workers <= 1 else 1):
        yield _work(block)
    if workers <= 1:
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        jobs: Iterator[Future[list[pa.RecordBatch]]] = itertools.chain(
            (pool.submit(_work_on, block) for block in blocks),
            (pool.submit(_work_on_group, group) for group in range(1, file.num_row_groups))
            if file.num_row_groups > workers
            else (),
        )
        under_way: deque[Future[list[pa.RecordBatch]]] = deque()
        for job in jobs:
            under_way.append(job)
            if len(under_way) >= workers * AHEAD:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


def _blocks(file: pq.ParquetFile, groups: Iterable[int]) -> Iterator[pa.RecordBatch]:
    columns = [name for name in READ.names if name != "items"]
    wanted = [f"items.list.element.{name}" for name in _item_columns()]
    for group in groups:
        # Group by group: codes inside lists have one list of words for each group.
        for block in file.iter_batches(
            batch_size=ROWS, row_groups=[group], columns=[*columns, *wanted], use_threads=False
        ):
            yield _cast(block)


def _item_columns() -> list[str]:
    kind = READ.field("items").type.value_type
    return [kind.field(index).name for index in range(kind.num_fields)]


def _cast(block: pa.RecordBatch) -> pa.RecordBatch:
    """The block in our own types. Raises ``MessageError`` for columns that do not fit them."""
    if block.schema.equals(READ):
        return block
    try:
        return (
            pa.Table.from_batches([block])
            .select(READ.names)
            .cast(READ)
            .combine_chunks()
            .to_batches()[0]
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, IndexError) as error:
        raise refuse("columns", f"Columns are not of the types of the form: {error}") from error


class _Worker:
    """What the processes share: set before they part, so that each begins with the law already read."""

    desk: Desk
    task: Task
    source: Path


def _work(block: pa.RecordBatch) -> pa.RecordBatch:
    return assess_block(block, _Worker.desk, _Worker.task)


def _work_on(block: pa.RecordBatch) -> list[pa.RecordBatch]:
    return [_work(block)]


def _work_on_group(group: int) -> list[pa.RecordBatch]:
    return [_work(block) for block in _blocks(_open(_Worker.source), [group])]


def assess_block(block: pa.RecordBatch, desk: Desk, task: Task) -> pa.RecordBatch:
    """A block of declarations to a block of amounts: a pure function of both and the law."""
    on = task.on or task.now.date()
    batch = batch_from_arrow(block)
    if task.on is not None:
        batch = msgspec.structs.replace(batch, on=None)
    found = assessment.assess_batch(batch, desk.library.law_in_force, on=on, evidence=task.evidence)
    outcome = np.where(found.asked, 2, np.where(found.at_border > 0, 1, 0)).astype(np.int32)
    amounts = {
        name: getattr(found, name) for name in ("duty", "tax", "fees", "at_sale", "at_border")
    }
    regime, currency = _Words(found.regime), _Words(found.currency)
    for index in np.flatnonzero(found.escalated).tolist():
        answer = _by_reference(block, index, desk, on, task)
        outcome[index] = answer[0]
        regime.set(index, answer[1])
        currency.set(index, answer[2])
        for name, value in zip(amounts, answer[3], strict=True):
            amounts[name][index] = value
    return pa.RecordBatch.from_arrays(
        [
            block.column("id"),
            pa.DictionaryArray.from_arrays(pa.array(outcome), pa.array(_OUTCOMES)),
            regime.array(),
            currency.array(),
            *(_decimals(values) for values in amounts.values()),
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


def _by_reference(
    block: pa.RecordBatch, index: int, desk: Desk, on: date, task: Task
) -> tuple[int, str | None, str | None, tuple[int, ...]]:
    nothing = (0, 0, 0, 0, 0)
    try:
        declaration = declaration_at(block, index)
        day = task.on or declaration.accepted_on or on
        law = desk.library.law_in_force(declaration.destination, day)
    except (NoRuleInForceError, MessageError, ValueError):
        return 2, None, None, nothing
    found = assessment.assess(declaration, law, on=day, evidence=task.evidence, trace=False)
    sums: list[Any] = [
        found.total("duty"),
        found.total("tax"),
        found.total("fee"),
        found.total(moment="sale"),
        found.total(moment="border"),
    ]
    values = tuple(int(each.scaleb(PLACES)) for each in sums)
    outcome = 2 if found.needs_human else 1 if values[4] > 0 else 0
    return outcome, found.regime, found.currency, values


def _decimals(values: Any) -> pa.Array:
    """Integers of ten-thousandths as decimals, by their bytes."""
    pairs = np.empty((len(values), 2), dtype="<i8")
    pairs[:, 0] = values
    pairs[:, 1] = values >> 63
    return pa.Array.from_buffers(AMOUNT, len(values), [None, pa.py_buffer(pairs)])
