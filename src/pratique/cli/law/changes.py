"""``pratique law changes``: what changes next in the law, and what changed lately; as text, JSON or an Atom feed."""

from __future__ import annotations

import argparse
import itertools
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.law.diff import part_words
from pratique.cli.output import entries, print_json, say
from pratique.errors import UsageError
from pratique.office.transparency.changes import Change, changes
from pratique.office.transparency.feed import feed, sentence
from pratique.office.transparency.words import written

_MOST_DAYS = 36_525


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="places (default: all)")
    parser.add_argument("--from", dest="start", metavar="DATE", help="first day (default: today)")
    parser.add_argument("--days", type=int, default=365, metavar="N", help="so many days (365)")
    parser.add_argument("--atom", metavar="FILE", help="write an Atom feed; - for standard output")
    parser.add_argument("--at", metavar="MOMENT", help="moment the feed is written (default: now)")
    parser.add_argument("--url", default="", help="address the feed is published at")
    parser.add_argument(
        "--authority",
        default="pratique.invalid",
        metavar="DOMAIN",
        help="domain its ids are made of",
    )
    parser.add_argument("--author", default="Pratique", metavar="NAME", help="who publishes it")


def run(args: argparse.Namespace) -> int:
    """Tell what changes."""
    if not 0 < args.days <= _MOST_DAYS:
        raise UsageError(f"--days is from 1 to {_MOST_DAYS:,}.")
    start = a_date(args.start) if args.start else now().date()
    at_hand, _ = desk()
    try:
        until = start + timedelta(days=args.days)
    except OverflowError as error:
        raise UsageError(f"{start} and {args.days} days go past the calendar.") from error
    found = changes(at_hand.library, args.codes, start, until)
    if args.atom:
        moment = _moment(args.at) if args.at else now()
        content = feed(found, moment, authority=args.authority, author=args.author, at=args.url)
        if args.atom == "-":
            sys.stdout.write(content.decode())
        else:
            Path(args.atom).write_bytes(content)
            if args.json:
                print_json({"file": args.atom, "changes": len(found)})
            else:
                say(f"{len(found)} changes in {args.atom}")
    elif args.json:
        print_json(found)
    else:
        _show(found)
        number = f"{len(found):,} change{'' if len(found) == 1 else 's'}"
        say(f"{number} from {start} to {until - timedelta(days=1)}.", "bold")
    return 0


def _show(found: tuple[Change, ...]) -> None:
    for (day, place, code), group in itertools.groupby(
        found, key=lambda each: (each.on, each.place, each.code)
    ):
        say(f"{day}  {place} ({code})", "bold")
        entries((sentence(each), _notes(each)) for each in group)
        say("")


def _notes(each: Change) -> list[str]:
    what = each.what
    told = [] if what.kind == "went" else [w for part in what.parts for w in part_words(part)]
    if len(what.parts) == 1 and " → " in sentence(each):
        told = []
    until = [f"until {what.until}"] if what.until and what.kind != "went" else []
    return [*told, *until, written(what.source, what.confidence, what.rule), what.url]


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no moment: write it as 2026-07-01T12:00:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
