"""``pratique assess``: whole files to decisions."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from pratique import messages
from pratique.cli.arguments import a_date, evidence_of, now
from pratique.errors import MessageError, UsageError
from pratique.office.batch import Block, Task, as_lines, decide_file
from pratique.office.parquet import (
    AnswerFile,
    as_rows,
    assess_parquet,
    decide_parquet,
    open_parquet,
    read_rows,
)
from pratique.settings import read_settings

EPILOG = """
Files of NDJSON, CSV, WCO XML or Parquet to decisions in NDJSON or Parquet: --to, or the name after -o, says which
(Parquet from Parquet unless told otherwise). Rows that cannot be read go to FILE.rejected.ndjson beside the output
(or to --rejected), the others go on. With several files each decision says which it came from.

  pratique assess day.ndjson -o decisions.ndjson --workers 2
  pratique assess day.parquet -o owed.parquet --on 2026-07-01
  pratique assess entries/*.xml -o decisions.ndjson
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("files", metavar="FILE", nargs="+")
    parser.add_argument(
        "-o", "--out", metavar="FILE", help="where decisions go (default standard output)"
    )
    parser.add_argument("--to", choices=("ndjson", "parquet"), help="form of the decisions")
    parser.add_argument("--rejected", metavar="FILE", help="where rows that cannot be read go")
    parser.add_argument(
        "--on", metavar="DATE", help="day whose law applies (default: each declaration's own)"
    )
    parser.add_argument(
        "--as-known-on", metavar="DATE", help="decide as on that day, by what was known then"
    )
    parser.add_argument(
        "--as", dest="form", choices=(*messages.FORMS, "parquet"), help="form of the files"
    )
    parser.add_argument(
        "--fx",
        action="append",
        default=[],
        metavar="USD/EUR=0.92",
        help="exchange rate to use; sample for invented ones",
    )
    parser.add_argument("--workers", type=int, default=1, help="processes to use (default 1)")


def run(args: argparse.Namespace) -> int:
    """Assess; 1 when a row or file could not be read."""
    paths = [Path(name) for name in args.files]
    for path in paths:
        if not path.is_file():
            raise UsageError(f"There is no file {path}.")
    if args.workers < 1:
        raise UsageError("--workers is 1 or more.")
    settings = read_settings()
    task = Task(
        folders=(str(settings.law),) if settings.law else (),
        evidence=evidence_of(args.fx),
        on=a_date(args.on) if args.on else None,
        known_on=a_date(args.as_known_on) if args.as_known_on else None,
        now=now(),
    )
    started = time.monotonic()
    run = _Run(args, task, paths)
    with run.progress:
        for path in paths:
            run.file(path)
    run.close()
    seconds = time.monotonic() - started
    total = sum(run.counts.values())
    told = ", ".join(f"{count} {code}" for code, count in run.counts.most_common())
    print(
        f"{total} declarations in {seconds:.1f} s ({total / max(seconds, 1e-9):.0f}/s): {told or 'none'}",
        file=sys.stderr,
    )
    if run.counts.get("UNREADABLE"):
        print(f"What could not be read is in {run.rejected}.", file=sys.stderr)
    return 1 if run.counts.get("UNREADABLE") else 0


class _Run:
    """One run over some files: where its output goes, how far it has come, and counts by decision."""

    def __init__(self, args: argparse.Namespace, task: Task, paths: list[Path]) -> None:
        self.args = args
        self.task = task
        self.counts: Counter[str] = Counter()
        self.several = len(paths) > 1
        self.to = self._output(args, paths)
        self.rejected = Path(args.rejected or f"{args.out or paths[0].name}.rejected.ndjson")
        self._bad: BinaryIO | None = None
        self._stack = ExitStack()
        self._out: BinaryIO = sys.stdout.buffer
        self._answers: AnswerFile | None = None
        if self.to == "parquet":
            self._answers = self._stack.enter_context(AnswerFile(Path(args.out)))
        elif args.out:
            out = Path(args.out)
            self._out = self._stack.enter_context(out.open("wb"))
        self.progress = Progress(
            TextColumn("{task.fields[rows]:>12,d} declarations"),
            BarColumn(),
            TextColumn("{task.fields[rate]:>9,.0f}/s"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not args.out or not sys.stderr.isatty(),
        )
        self._started = time.monotonic()
        total = sum(path.stat().st_size for path in paths)
        self._shown = self.progress.add_task("", total=total, rows=0, rate=0.0)

    @staticmethod
    def _output(args: argparse.Namespace, paths: list[Path]) -> str:
        named = bool(args.out) and Path(args.out).suffix == ".parquet"
        plain = all(_form(path, args.form) == "parquet" for path in paths) and (
            named or not args.out
        )
        to = args.to or ("parquet" if named or plain else "ndjson")
        if to == "parquet" and not args.out:
            raise UsageError(
                "Parquet goes to a file: name it with -o FILE, or ask for --to ndjson."
            )
        return str(to)

    def file(self, path: Path) -> None:
        """Decide every row of one file."""
        try:
            form = _form(path, self.args.form)
            if form == "parquet":
                self._parquet(path)
                return
            with path.open("rb") as source:
                answering = as_lines if self.to == "ndjson" else as_rows
                for block in decide_file(
                    source, form, self.task, workers=self.args.workers, answering=answering
                ):
                    self._take(block, path, block.size)
        except MessageError as error:
            if not self.several:
                raise
            told = {"file": str(path), "error": error.code, "faults": error.faults}
            self._reject(msgspec.json.encode(told) + b"\n")
            self.counts["UNREADABLE"] += 1

    def _parquet(self, path: Path) -> None:
        rows = open_parquet(path).metadata.num_rows
        share = path.stat().st_size / max(rows, 1)
        if self._answers is None:
            for block in decide_parquet(path, self.task, self.args.workers):
                self._take(block, path, block.rows * share)
            return
        for answers in assess_parquet(path, self.task, self.args.workers):
            self._answers.write(answers)
            self._advance(answers.num_rows, answers.num_rows * share)

    def _take(self, block: Block, path: Path, size: float) -> None:
        if self._answers is not None:
            for answers in read_rows(block.decisions) if block.decisions else ():
                self._answers.write(answers)
            self.counts["UNREADABLE"] += block.counts.get("UNREADABLE", 0)
        else:
            self._out.write(self._marked(block.decisions, path))
            self.counts.update(block.counts)
        if block.rejected:
            self._reject(self._marked(block.rejected, path))
        self._advance(block.rows, size)

    def _marked(self, lines: bytes, path: Path) -> bytes:
        """Lines that say which file they came from, when there are several."""
        if not self.several:
            return lines
        mark = b'{"file":' + msgspec.json.encode(str(path)) + b","
        return b"".join(mark + line[1:] for line in lines.splitlines(keepends=True))

    def _reject(self, lines: bytes) -> None:
        if self._bad is None:
            self._bad = self._stack.enter_context(self.rejected.open("wb"))
        self._bad.write(lines)

    def _advance(self, rows: int, size: float) -> None:
        shown = self.progress.tasks[0]
        done = shown.fields["rows"] + rows
        rate = done / max(time.monotonic() - self._started, 1e-9)
        self.progress.update(self._shown, advance=size, rows=done, rate=rate)

    def close(self) -> None:
        """Finish the files that were written."""
        self._stack.close()
        if self._answers is not None:
            self.counts.update(self._answers.counts)
        self.counts = +self.counts


def _form(path: Path, named: str | None) -> str:
    if named:
        return named
    with path.open("rb") as source:
        head = source.read(4096)
    return "parquet" if head.startswith(b"PAR1") else messages.detect(head)
