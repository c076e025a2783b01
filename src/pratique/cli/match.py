"""``pratique match``: do order, payment and logistics tell of the same sale as the declaration?"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from pratique.cli.arguments import a_date, now, read_bytes
from pratique.cli.output import moment, print_json, say, table
from pratique.errors import UsageError
from pratique.matching import MatchResult
from pratique.office.match import match

EPILOG = "Exit code 1 when a record contradicts, is missing after its time, or came late."
_SOUND = ("MATCHED", "WITHIN", "PART", "PARTIAL", "AWAITED")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="DECLARATION")
    for name, sender in (
        ("order", "platform or seller"),
        ("payment", "payment provider"),
        ("logistics", "carrier or post"),
    ):
        parser.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar="FILE",
            help=f"record of the {sender}, or a list of them, as JSON; may be given several times",
        )
    parser.add_argument("--on", metavar="DATE", help="day whose rules count (default today)")
    parser.add_argument(
        "--at", metavar="MOMENT", help="as of that moment (default now), for late records"
    )
    parser.add_argument(
        "--rules", metavar="FILE", help="an authority's own comparisons and tolerances"
    )


def run(args: argparse.Namespace) -> int:
    """Print the result, each comparison with its reason, and what to put right."""
    result = match(
        read_bytes(args.file),
        orders=[read_bytes(each) for each in args.order],
        payments=[read_bytes(each) for each in args.payment],
        logistics=[read_bytes(each) for each in args.logistics],
        now=_moment(args.at) if args.at else now(),
        on=a_date(args.on) if args.on else None,
        rules=read_bytes(args.rules) if args.rules else None,
    )
    if args.json:
        print_json(result)
    else:
        _show(result)
    return 0 if result.code in _SOUND else 1


def _show(result: MatchResult) -> None:
    say(f"{result.declaration}: {result.code}, {result.words}.", "bold")
    due = [
        (each.document, each.code, str(each.records), moment(each.due) if each.due else "-")
        for each in result.documents
    ]
    table("Documents", ("document", "result", "#records", "due by"), due)
    rows = [(each.rule, each.document, each.outcome, each.because) for each in result.compared]
    if rows:
        table("Compared", ("rule", "document", "outcome", "why"), rows)
    found = [
        (each.rule, each.severity, each.pointer, f"{each.message} {each.hint}")
        for each in result.findings
    ]
    if found:
        table("Findings", ("rule", "severity", "where", "what and how to put it right"), found)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a moment: write it as 2026-07-01T12:00:00Z.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
