"""``pratique amend``: replace a filed declaration by a new version, or withdraw it."""

from __future__ import annotations

import argparse

import msgspec

from pratique import messages
from pratique.cli.arguments import desk, evidence_of, now, read_bytes
from pratique.cli.output import print_json, say
from pratique.cli.show import show_changes, show_decision
from pratique.office.desk import Desk
from pratique.office.find import Change, history
from pratique.office.receive import Acknowledgement, amend, invalidate

EPILOG = """
examples:
  pratique amend corrected.json
  pratique amend EX-1 --withdraw "order cancelled"

The old version is kept. The same amendment again changes nothing; with --request and a new id it is decided
anew. Exit code 1 when something must be put right, or when the parcel's life no longer allows it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "file",
        metavar="FILE",
        help="the new version, or - for standard input; with --withdraw the declaration's id",
    )
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS), help="form of the file")
    parser.add_argument("--follows", type=int, help="version it replaces (default the latest)")
    parser.add_argument("--withdraw", metavar="WHY", help="withdraw the declaration, and say why")
    parser.add_argument(
        "--request", help="your id for this sending; the same id again changes nothing"
    )
    parser.add_argument("--sender", help="name of the sender (default PRATIQUE_SENDER)")
    parser.add_argument(
        "--fx", action="append", default=[], metavar="USD/EUR=0.92", help="exchange rate to use"
    )


def run(args: argparse.Namespace) -> int:
    """Amend or withdraw; print what changed and the decision."""
    at_hand, settings = desk(evidence_of(args.fx), store=True)
    sender = args.sender or settings.sender
    try:
        if args.withdraw is not None:
            answer = invalidate(
                args.file,
                at_hand,
                sender=sender,
                because=args.withdraw,
                now=now(),
                request=args.request,
            )
        else:
            answer = amend(
                read_bytes(args.file),
                at_hand,
                sender=sender,
                follows=args.follows,
                now=now(),
                request=args.request,
                form=args.form,
            )
        changes = _changes(at_hand, answer)
    finally:
        at_hand.close()
    if args.json:
        print_json(
            {
                "acknowledgement": msgspec.to_builtins(answer),
                "changes": msgspec.to_builtins(changes),
            }
        )
    else:
        again = ", as before: nothing changed" if answer.repeated else ""
        what = "withdrawn" if answer.decision.code == "RETURNED" else "amended"
        say(f"{answer.declaration} {what}, version {answer.version}{again}", "bold")
        show_changes(changes)
        show_decision(answer.decision)
    return 0 if answer.decision.code in ("RELEASED", "ASSESSED", "RETURNED") else 1


def _changes(at_hand: Desk, answer: Acknowledgement) -> tuple[Change, ...]:
    """What the version of the answer changed."""
    versions = history(at_hand, answer.declaration)
    return next(each.changes for each in versions if each.sequence == answer.sequence)
