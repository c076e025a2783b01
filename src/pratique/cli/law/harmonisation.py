"""``pratique law harmonisation``: what the law of a place can and cannot show for the WCO Framework of Standards."""

from __future__ import annotations

import argparse
import sys

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.output import entries, print_json, say
from pratique.office.transparency.harmonisation import Report, markdown, report, words


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("code", metavar="CODE", help="ISO 3166 code of the place")
    parser.add_argument("--on", metavar="DATE", help="day (default: today)")
    parser.add_argument("--as-known-on", metavar="DATE", help="by what was known on that day")
    parser.add_argument("--markdown", action="store_true", help="as a page of Markdown")


def run(args: argparse.Namespace) -> int:
    """Report on one place."""
    known_on = a_date(args.as_known_on) if args.as_known_on else None
    on = a_date(args.on) if args.on else now().date()
    at_hand, _ = desk()
    told = report(at_hand.library, args.code, on, known_on)
    if args.json:
        print_json(told)
    elif args.markdown:
        sys.stdout.write(markdown(told))
    else:
        _show(told)
    return 0


def _show(told: Report) -> None:
    say(f"{told.name} ({told.code}) on {told.on}: what its law shows for the WCO Framework", "bold")
    for each in told.standards:
        say("")
        say(f"{each.standard.number}. {each.standard.name}", "bold")
        entries(
            [
                ("Shows", [words(point) for point in each.shows] or ["nothing"]),
                ("Cannot show", each.cannot),
                ("An administration would add", each.standard.adds),
            ]
        )
