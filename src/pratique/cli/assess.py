"""``pratique assess``: whole files to decisions."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from pratique import messages
from pratique.cli.arguments import a_date, evidence_of, now
from pratique.errors import UsageError
from pratique.office.batch import Block, Task, assess_document, assess_lines
from pratique.office.parquet import assess_parquet
from pratique.settings import read_settings

EPILOG = """
NDJSON, CSV and WCO XML give NDJSON decisions; Parquet gives Parquet. Rows that cannot be read go to
FILE.rejected.ndjson beside the output (or to --rejected), the others go on.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "-o", "--out", metavar="FILE", help="where decisions go (default standard output)"
    )
    parser.add_argument("--rejected", metavar="FILE", help="where rows that cannot be read go")
    parser.add_argument(
        "--on", metavar="DATE", help="day whose law applies (default: each declaration's own)"
    )
    parser.add_argument("--as", dest="form", choices=(*messages.FORMS, "parquet"))
    parser.add_argument("--fx", action="append", default=[], metavar="USD/EUR=0.92")
    parser.add_argument("--workers", type=int, default=1, help="processes to use")


def run(args: argparse.Namespace) -> int:
    """Assess; 1 when a row could not be read."""
    path = Path(args.file)
    if not path.is_file():
        raise UsageError(f"There is no file {args.file}.")
    settings = read_settings()
    task = Task(
        folders=(str(settings.law),) if settings.law else (),
        evidence=evidence_of(args.fx),
        on=a_date(args.on) if args.on else None,
        now=now(),
    )
    started = time.monotonic()
    with ExitStack() as stack:
        source = stack.enter_context(path.open("rb"))
        head = source.read(4096)
        source.seek(0)
        form = args.form or ("parquet" if head.startswith(b"PAR1") else messages.detect(head))
        if form == "parquet":
            if not args.out:
                raise UsageError("Parquet goes to a file: name it with -o FILE.")
            counts = assess_parquet(path, Path(args.out), task, workers=args.workers)
        else:
            out: BinaryIO = sys.stdout.buffer
            if args.out:
                out = stack.enter_context(Path(args.out).open("wb"))
            rejected = Path(args.rejected or f"{args.out or path.name}.rejected.ndjson")
            blocks = _blocks(source, form, task, args.workers)
            counts = _write(blocks, out, rejected, path.stat().st_size, quiet=not args.out)
    seconds = time.monotonic() - started
    total = sum(counts.values())
    told = ", ".join(f"{count} {code}" for code, count in counts.most_common())
    print(
        f"{total} declarations in {seconds:.1f} s ({total / max(seconds, 1e-9):.0f}/s): {told}",
        file=sys.stderr,
    )
    return 1 if counts.get("UNREADABLE") else 0


def _blocks(source: BinaryIO, form: str, task: Task, workers: int) -> Iterator[Block]:
    if form == "aed":
        return assess_lines(source, task, workers)
    return assess_document(source.read(), form, task)


def _write(
    blocks: Iterator[Block], out: BinaryIO, rejected: Path, size: int, *, quiet: bool
) -> Counter[str]:
    """Blocks to their files, with a bar that shows rate and time left."""
    counts: Counter[str] = Counter()
    bad: BinaryIO | None = None
    progress = Progress(
        TextColumn("{task.completed:>12,.0f} declarations"),
        BarColumn(),
        TextColumn("{task.fields[rate]:>9,.0f}/s"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet or not sys.stderr.isatty(),
    )
    started = time.monotonic()
    with progress:
        shown = progress.add_task("", total=None, rate=0.0)
        for block in blocks:
            out.write(block.decisions)
            counts.update(block.counts)
            if block.rejected:
                bad = bad or rejected.open("wb")
                bad.write(block.rejected)
            done = sum(counts.values())
            written = max(len(block.decisions), 1)
            guess = size * block.rows / written
            progress.update(
                shown, completed=done, total=max(guess, done),
                rate=done / max(time.monotonic() - started, 1e-9),
            )  # fmt: skip
    if bad is not None:
        bad.close()
    return counts
