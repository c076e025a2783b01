"""``pratique crosswalk``: what UPU, ICS2, Norway or China call a decision, state or act of ours, and back."""

from __future__ import annotations

import argparse

from pratique.clearance.crosswalk import (
    SYSTEMS,
    Kind,
    Match,
    Row,
    crosswalk,
    from_ours,
    to_ours,
)
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "code",
        nargs="?",
        metavar="CODE",
        help="a code of theirs, as IE3Q02, or a name of ours, as RFI; without one, all of it",
    )
    parser.add_argument(
        "--from",
        dest="system",
        choices=SYSTEMS,
        help="the system whose code it is (default: whichever knows it, and ours)",
    )


def run(args: argparse.Namespace) -> int:
    """Print every nearest meaning with its source; what has none is said."""
    found = _everything() if args.code is None else _found(args.code, args.system)
    if not found:
        where = args.system or "any system or ours"
        raise UsageError(f"{args.code!r} is no code of {where}; `pratique crosswalk` lists all.")
    if args.json:
        print_json(found)
        return 0
    rows = [
        (
            f"{m.kind} {m.ours}".strip() or "nothing of ours",
            m.system,
            m.code or "-",
            m.words,
            m.note,
        )
        for m in found
    ]
    table("Nearest meanings", ("ours", "system", "code", "its words", "note"), rows)
    for system in dict.fromkeys(match.system for match in found):
        about = crosswalk().systems[system]
        say(f"{system}: {about.source}, seen {about.seen}, confidence {about.confidence}.")
    return 0


def _found(code: str, system: str | None) -> list[Match]:
    theirs = [m for each in SYSTEMS if system in (None, each) for m in to_ours(each, code)]
    if system is not None:
        return theirs
    return theirs + [match for each in SYSTEMS for match in from_ours(code, each)]


def _everything() -> list[Match]:
    known = crosswalk()
    kinds: tuple[tuple[Kind, dict[str, Row]], ...] = (
        ("decision", known.decisions),
        ("state", known.states),
        ("act", known.acts),
    )
    return [
        match
        for kind, rows in kinds
        for name in rows
        for system in SYSTEMS
        for match in from_ours(name, system, kind)
    ]
