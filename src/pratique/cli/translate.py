"""``pratique translate``: a declaration from one form to another, with what was lost."""

from __future__ import annotations

import argparse
import sys

import msgspec

from pratique import messages
from pratique.cli.arguments import read_bytes
from pratique.cli.output import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--to", required=True, choices=tuple(messages.FORMS))
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS), help="form of the file")


def run(args: argparse.Namespace) -> int:
    """Translate to standard output; what the new form cannot carry goes to standard error.

    What came in a form that says more than a declaration holds is told there too: kept beside it, or lost.
    """
    declaration = messages.parse(read_bytes(args.file), args.form)
    written = messages.write(declaration, args.to)
    lost = messages.losses(declaration, args.to)
    kept = messages.unplaced(declaration)
    if any(fault.pointer.startswith("/extension/") for fault in lost):
        lost, kept = lost + kept, ()
    if args.json:
        print_json(
            {
                "text": written.decode(),
                "lost": msgspec.to_builtins(lost),
                "kept": msgspec.to_builtins(kept),
            }
        )
        return 0
    sys.stdout.write(written.decode().rstrip("\n") + "\n")
    for fault in lost:
        print(f"lost {fault.pointer}: {fault.message}", file=sys.stderr)
    for fault in kept:
        print(f"kept {fault.pointer}: {fault.message}", file=sys.stderr)
    return 0
