"""``pratique generate``: invented parcels with planted faults and their key, or a valid message of a test bench."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec
import pyarrow.parquet as pq

from pratique.cli.arguments import a_date
from pratique.errors import UsageError
from pratique.messages import ics2
from pratique.model.arrow import SCHEMA, to_arrow
from pratique.model.codelists import is_country
from pratique.model.declaration import Declaration
from pratique.office.generate import DEFAULT_DESTINATIONS, generate
from pratique.office.parquet import ROWS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--parcels", type=int, default=1000)
    parser.add_argument("--on", default="2026-07-01", metavar="DATE")
    parser.add_argument("--to", default=",".join(DEFAULT_DESTINATIONS), metavar="COUNTRY,…")
    parser.add_argument("--faults", type=float, default=0.08, metavar="SHARE")
    parser.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        help="NDJSON file, or Parquet when it ends so (default standard output)",
    )
    parser.add_argument(
        "--form",
        choices=("aed", "ics2"),
        default="aed",
        help="parcels as AED JSON, or a valid message of ICS2 made from its schema",
    )
    parser.add_argument(
        "--message", metavar="NAME", help="with --form ics2: which, as IE4N07; `all` names them"
    )
    parser.add_argument(
        "--full", action="store_true", help="with --form ics2: every optional element, once"
    )
    parser.add_argument(
        "--key", metavar="FILE", help="NDJSON file that says which faults were planted"
    )


def run(args: argparse.Namespace) -> int:
    """Write declarations, and the key when asked; or one message."""
    if args.form == "ics2":
        return _message(args)
    if args.message or args.full:
        raise UsageError("--message and --full are for --form ics2.")
    places = [code.strip().upper() for code in args.to.split(",") if code.strip()]
    if not places or not all(is_country(code) for code in places):
        raise UsageError(f"--to {args.to!r}: country codes with commas between, as DE,FR.")
    if args.parcels < 0 or not 0 <= args.faults <= 1:
        raise UsageError("--parcels is at least 0, --faults a share from 0 to 1.")
    with ExitStack() as stack:
        out: BinaryIO = sys.stdout.buffer
        parquet = _Rows(stack, Path(args.out)) if str(args.out).endswith(".parquet") else None
        if args.out and parquet is None:
            out = stack.enter_context(Path(args.out).open("wb"))
        key = stack.enter_context(Path(args.key).open("wb")) if args.key else None
        encoder = msgspec.json.Encoder()
        for declaration, faults in generate(
            args.seed,
            args.parcels,
            on=a_date(args.on),
            destinations=places,
            fault_share=args.faults,
        ):
            if parquet is not None:
                parquet.add(declaration)
            else:
                out.write(encoder.encode(declaration) + b"\n")
            if key is not None:
                key.writelines(encoder.encode(fault) + b"\n" for fault in faults)
        if parquet is not None:
            parquet.flush()
    return 0


def _message(args: argparse.Namespace) -> int:
    """Write one message made from its schema, or the names of all."""
    if args.message == "all":
        print("\n".join(ics2.names()))
        return 0
    if not args.message:
        raise UsageError("--form ics2 needs --message NAME; `--message all` lists them.")
    data = ics2.example(args.message, full=args.full)
    if args.out:
        Path(args.out).write_bytes(data)
    else:
        sys.stdout.write(data.decode() + "\n")
    return 0


class _Rows:
    """Declarations into a Parquet file, a row group at a time."""

    def __init__(self, stack: ExitStack, path: Path) -> None:
        self.writer = stack.enter_context(pq.ParquetWriter(path, SCHEMA, compression="zstd"))
        self.waiting: list[Declaration] = []

    def add(self, declaration: Declaration) -> None:
        self.waiting.append(declaration)
        if len(self.waiting) >= ROWS:
            self.flush()

    def flush(self) -> None:
        if self.waiting:
            self.writer.write_batch(to_arrow(self.waiting))
            self.waiting = []
