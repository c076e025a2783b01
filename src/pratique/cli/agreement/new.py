"""``pratique agreement new``: an agreement to begin with."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path

from pratique.cli.arguments import now
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.office.agreements import read_file, template


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("id", metavar="ID", help="its id: capitals, digits, dots and dashes")
    parser.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.toml")


def run(args: argparse.Namespace) -> int:
    """Begin a file; one that is there is never replaced."""
    if args.out.exists():
        raise UsageError(f"{args.out} is there already: name another file.")
    today = now().date()
    text = template(args.id, today, today + timedelta(days=365))
    read_file(text.encode(), args.id)
    args.out.write_text(text, "utf-8")
    if args.json:
        print_json({"file": str(args.out)})
    else:
        say(f"Begun in {args.out}: put your own parties, law, lanes and elements for the invented.")
    return 0
