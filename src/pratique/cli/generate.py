"""``pratique generate``: invented parcels, with planted faults and their key."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from pratique.cli.arguments import a_date
from pratique.errors import UsageError
from pratique.model.codelists import is_country
from pratique.office.generate import DEFAULT_DESTINATIONS, generate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--parcels", type=int, default=1000)
    parser.add_argument("--on", default="2026-07-01", metavar="DATE")
    parser.add_argument("--to", default=",".join(DEFAULT_DESTINATIONS), metavar="COUNTRY,…")
    parser.add_argument("--faults", type=float, default=0.08, metavar="SHARE")
    parser.add_argument("-o", "--out", metavar="FILE", help="NDJSON file (default standard output)")
    parser.add_argument(
        "--key", metavar="FILE", help="NDJSON file that says which faults were planted"
    )


def run(args: argparse.Namespace) -> int:
    """Write declarations, and the key when asked."""
    places = [code.strip().upper() for code in args.to.split(",") if code.strip()]
    if not places or not all(is_country(code) for code in places):
        raise UsageError(f"--to {args.to!r}: country codes with commas between, as DE,FR.")
    if args.parcels < 0 or not 0 <= args.faults <= 1:
        raise UsageError("--parcels is at least 0, --faults a share from 0 to 1.")
    with ExitStack() as stack:
        out: BinaryIO = sys.stdout.buffer
        if args.out:
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
            out.write(encoder.encode(declaration) + b"\n")
            if key is not None:
                key.writelines(encoder.encode(fault) + b"\n" for fault in faults)
    return 0
