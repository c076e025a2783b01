"""Order files through the four gates: any number of lines in bounded memory, the same answer whatever their order.

Grouping by importer and day needs every line of a group together. Lines are sorted in runs of ``RUN_LINES``, the runs
kept in a temporary folder and merged; what is in memory is one run, then one line of each run and the lines of like
names on one day. The answer is written in that order: day, name, address, order. Of lines that come in several files
alike, the most that one file has are taken, so that a file sent twice changes nothing.
"""

from __future__ import annotations

import csv
import heapq
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, tzinfo
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

import msgspec

from pratique.errors import MessageError
from pratique.rules.exact import exactly
from pratique.scenarios.four_gates.gates import DayResult, Gates, ItemResult, OrderResult, Reason
from pratique.scenarios.four_gates.orders import OrderLine, Reader

RUN_LINES: Final = 100_000
MOST_LINES_OF_A_NAME: Final = 200_000
"""Lines of like names on one day; more of them are no person's orders, and would not fit in memory."""
ITEM_COLUMNS: Final = (
    "day", "importer_name", "delivery_address", "order_id", "line", "pid", "product_title", "item_price_inr",
    "value_aed", "hs_code", "duty_rate", "duty_aed", "actions", "reason_codes", "reasons",
)  # fmt: skip
DAY_COLUMNS: Final = (
    "day", "importer_name", "delivery_address", "orders", "lines", "total_aed", "dutiable", "split",
    "each_order_alone_under", "duty_aed", "duty_known_aed", "open_lines", "flagged_lines", "reason_codes", "reasons",
)  # fmt: skip
ORDER_COLUMNS: Final = (
    "day", "importer_name", "delivery_address", "order_id", "lines", "value_aed", "duty_aed", "duty_known_aed", "open_lines",
    "reason_codes", "reasons",
)  # fmt: skip
_FORMULA: Final = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_Row = tuple[str, ...]
_FILE_BYTES: Final = 4


class Totals(msgspec.Struct, kw_only=True):
    """What happened overall; amounts in the game's currency."""

    lines: int = 0
    orders: int = 0
    importer_days: int = 0
    dutiable: int = 0
    free: int = 0
    undecided: int = 0
    splits: int = 0
    value: Decimal = Decimal(0)
    duty: Decimal = Decimal(0)
    open_lines: int = 0
    unreadable_rows: int = 0
    item_reasons: Counter[str] = msgspec.field(default_factory=Counter)
    order_reasons: Counter[str] = msgspec.field(default_factory=Counter)
    day_reasons: Counter[str] = msgspec.field(default_factory=Counter)
    actions: Counter[str] = msgspec.field(default_factory=Counter)

    def add(self, day: DayResult) -> None:
        """Count one importer-day."""
        self.importer_days += 1
        self.orders += len(day.orders)
        self.lines += len(day.items)
        self.dutiable += day.is_dutiable is True
        self.free += day.is_dutiable is False
        self.undecided += day.is_dutiable is None
        self.splits += day.is_split
        self.value += day.total
        self.duty += day.duty
        self.open_lines += day.open_lines
        self.day_reasons.update(each.code for each in day.reasons)
        for order in day.orders:
            self.order_reasons.update(each.code for each in order.reasons)
        for item in day.items:
            self.item_reasons.update(each.code for each in item.reasons)
            self.actions.update(item.actions)


def run_four_gates(
    files: Sequence[Path],
    gates: Gates,
    zone: tzinfo,
    out: Path,
    *,
    progress: Callable[[int], None] = lambda lines: None,
    watch: Callable[[DayResult], None] = lambda day: None,
) -> Totals:
    """Results of the order files, written to the folder ``out``; ``watch`` sees every importer-day.

    Raises ``MessageError`` for a file that is no order file. Rows that are no lines go to ``unreadable.csv``.
    """
    out.mkdir(parents=True, exist_ok=True)
    totals = Totals()
    with ExitStack() as stack, exactly():
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=out, prefix=".runs-")))
        unreadable = _table(stack, out / "unreadable.csv", ("file", "line", "what"))

        def refuse(name: str, line: int, what: str) -> None:
            totals.unreadable_rows += 1
            unreadable([name, str(line), what])

        bare = UTC if gates.rules.settings.timestamps_without_offset == "utc" else zone
        rows = _sorted_rows(
            files, lambda header, name: Reader(header, zone, bare, name), folder, refuse
        )
        write = _writer(stack, out)
        for lines in _of_like_names(rows):
            for day in gates.days_of(lines):
                totals.add(day)
                write(day)
                watch(day)
            progress(totals.lines)
    return totals


# Reading and sorting


def _sorted_rows(
    files: Sequence[Path],
    reader: Callable[[Sequence[str], str], Reader],
    folder: Path,
    refuse: Callable[[str, int, str], None],
) -> Iterator[OrderLine]:
    runs: list[Path] = []
    held: list[tuple[_Row, int]] = []
    for number, path in enumerate(files):
        for row in _rows(path, reader, refuse):
            held.append((row, number))
            if len(held) >= RUN_LINES:
                held.sort()
                runs.append(_kept(held, folder / f"{len(runs)}.run"))
                held = []
    held.sort()
    merged = heapq.merge(*(_read_run(path) for path in runs), held)
    for row, copies in groupby(merged, lambda each: each[0]):
        for _ in range(max(Counter(number for _, number in copies).values())):
            yield OrderLine(*row)


def _rows(
    path: Path,
    reader: Callable[[Sequence[str], str], Reader],
    refuse: Callable[[str, int, str], None],
) -> Iterator[_Row]:
    """The lines of a file as rows that sort by their group."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        found = csv.reader(text, strict=True)
        try:
            header = next(found, None)
            if header is None:
                raise MessageError("columns", f"{path.name} is empty.")
            read = reader(header, path.name)
            for cells in found:
                if len(cells) == read.width:
                    yield msgspec.structs.astuple(read.line(cells))
                elif cells:
                    said = f"{len(cells)} cells where the first line has {read.width}"
                    refuse(path.name, found.line_num, said)
        except csv.Error as error:
            raise MessageError(
                "not-csv", f"{path.name}, line {found.line_num}: {error}."
            ) from error
        except UnicodeDecodeError as error:
            where = f"{path.name}, after line {found.line_num}"
            raise MessageError("encoding", f"{where}: no UTF-8. Save it as UTF-8.") from error


def _kept(rows: Iterable[tuple[_Row, int]], path: Path) -> Path:
    """A run on disk: each row as MessagePack, its length before it."""
    encode = msgspec.msgpack.Encoder().encode
    with path.open("wb") as file:
        for row in rows:
            data = encode(row)
            file.write(len(data).to_bytes(_FILE_BYTES, "big"))
            file.write(data)
    return path


def _read_run(path: Path) -> Iterator[tuple[_Row, int]]:
    decode = msgspec.msgpack.Decoder(tuple[_Row, int]).decode
    with path.open("rb") as file:
        while data := _piece(file):
            yield decode(data)


def _piece(file: BinaryIO) -> bytes:
    return file.read(int.from_bytes(file.read(_FILE_BYTES), "big"))


def _of_like_names(lines: Iterator[OrderLine]) -> Iterator[list[OrderLine]]:
    """Lines of one day and like names, together."""
    for (day, _), group in groupby(lines, lambda each: (each.day, each.loose)):
        held: list[OrderLine] = []
        for line in group:
            held.append(line)
            if len(held) > MOST_LINES_OF_A_NAME:
                raise MessageError(
                    "too-many-lines",
                    f"On {day or 'no day'} the name {line.importer_name[:40]!r} has more than "
                    f"{MOST_LINES_OF_A_NAME:,} lines: no person orders that. Split the file.",
                )
        yield held


# Writing


def _writer(stack: ExitStack, out: Path) -> Callable[[DayResult], None]:
    items = _table(stack, out / "items.csv", ITEM_COLUMNS)
    orders = _table(stack, out / "orders.csv", ORDER_COLUMNS)
    days = _table(stack, out / "importer_days.csv", DAY_COLUMNS)
    full = stack.enter_context((out / "items.ndjson").open("wb"))
    encode = msgspec.json.Encoder().encode

    def write(day: DayResult) -> None:
        days(_day_cells(day))
        for order in day.orders:
            orders(_order_cells(order))
        for item in day.items:
            facts = _fact_cells(item)
            items([*facts, " ".join(item.actions), *_reason_cells(item.reasons)])
            full.write(encode(_published(item, facts)) + b"\n")

    return write


def _table(stack: ExitStack, path: Path, columns: Sequence[str]) -> Callable[[Sequence[str]], None]:
    file: TextIO = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)

    def write(cells: Sequence[str]) -> None:
        writer.writerow([_harmless(each) for each in cells])

    return write


def _harmless(cell: str) -> str:
    """A cell no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _said(reason: Reason) -> str:
    told = ", ".join(f"{name} {value}" for name, value in reason.inputs.items())
    return f"{reason.code}: {reason.says} ({told})"


def _reason_cells(reasons: Sequence[Reason]) -> list[str]:
    return [" ".join(each.code for each in reasons), " | ".join(_said(each) for each in reasons)]


def _amount(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")


def _duty_cells(known: Decimal, open_lines: int) -> list[str]:
    """The duty, empty when it is not known of every line; what is known of it; of how many lines it is not."""
    return ["" if open_lines else _amount(known), _amount(known), str(open_lines)]


def _fact_cells(item: ItemResult) -> list[str]:
    line = item.line
    return [
        line.day, line.importer_name, line.delivery_address, line.order_id, str(item.number), line.pid,
        line.product_title, line.item_price_inr, _amount(item.value), item.hs_code, _amount(item.rate),
        _amount(item.duty),
    ]  # fmt: skip


def _order_cells(order: OrderResult) -> list[str]:
    return [
        order.day, order.importer_name, order.delivery_address, order.order_id, str(order.lines),
        _amount(order.value), *_duty_cells(order.duty, order.open_lines), *_reason_cells(order.reasons),
    ]  # fmt: skip


def _day_cells(day: DayResult) -> list[str]:
    return [
        day.day, day.importer_name, day.delivery_address, str(len(day.orders)), str(len(day.items)),
        _amount(day.total), {True: "yes", False: "no", None: "unknown"}[day.is_dutiable],
        "yes" if day.is_split else "no", "yes" if day.each_under else "no",
        *_duty_cells(day.duty, day.open_lines), str(day.flagged_lines), *_reason_cells(day.reasons),
    ]  # fmt: skip


def _published(item: ItemResult, facts: Sequence[str]) -> dict[str, Any]:
    """A line's result with every reason, its source and inputs."""
    told: dict[str, Any] = dict(zip(ITEM_COLUMNS, facts, strict=False))
    told["line"] = item.number
    for name in ("value_aed", "duty_rate", "duty_aed"):
        told[name] = told[name] or None
    return {**told, "actions": item.actions, "reasons": item.reasons}


def summary_json(
    totals: Totals, gates: Gates, rules_digest: str, files: Sequence[Path]
) -> dict[str, Any]:
    """What happened overall, by which rules, tariff and settings."""
    rules = gates.rules
    return {
        "scenario": rules.name,
        "source": rules.source,
        "published": rules.published.isoformat(),
        "seen": rules.seen.isoformat(),
        "rules_digest": rules_digest,
        "tariff": gates.tariff.name,
        "tariff_digest": gates.tariff.digest,
        "exchange_rate": msgspec.to_builtins(rules.exchange_rate),
        "threshold": msgspec.to_builtins(rules.threshold),
        "declared_currency": rules.declared_currency,
        "currency": rules.currency,
        "settings": msgspec.to_builtins(rules.settings),
        "profiles": [each.id for each in rules.profile],
        "files": [path.name for path in files],
        "totals": {
            **msgspec.to_builtins(totals),
            "value": format(totals.value, "f"),
            "duty": format(totals.duty, "f"),
            "item_reasons": dict(sorted(totals.item_reasons.items())),
            "order_reasons": dict(sorted(totals.order_reasons.items())),
            "day_reasons": dict(sorted(totals.day_reasons.items())),
            "actions": dict(sorted(totals.actions.items())),
        },
    }
