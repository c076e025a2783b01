"""``pratique amend``: replace a filed declaration by a new version."""

from __future__ import annotations

import argparse

import msgspec

from pratique import messages
from pratique.cli.arguments import desk, evidence_of, now, read_bytes
from pratique.cli.output import print_json, say
from pratique.office.find import history
from pratique.office.receive import amend, invalidate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE", help="the new version, or - for standard input")
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS))
    parser.add_argument("--follows", type=int, help="version it replaces (default the latest)")
    parser.add_argument(
        "--withdraw", metavar="WHY", help="withdraw instead: FILE is the declaration's id"
    )
    parser.add_argument("--request", help="your id for this sending")
    parser.add_argument("--sender")
    parser.add_argument("--fx", action="append", default=[], metavar="USD/EUR=0.92")


def run(args: argparse.Namespace) -> int:
    """Amend or withdraw; print what changed and the decision."""
    at_hand, settings = desk(evidence_of(args.fx), store=True)
    sender = args.sender or settings.sender
    try:
        if args.withdraw:
            answer = invalidate(
                args.file,
                at_hand,
                sender=sender,
                because=args.withdraw,
                now=now(),
                request=args.request,
            )
        else:
            data = read_bytes(args.file)
            follows = args.follows
            if follows is None:
                declaration = messages.parse(data, args.form)
                follows = history(at_hand, declaration.id)[-1].version
            answer = amend(
                data,
                at_hand,
                sender=sender,
                follows=follows,
                now=now(),
                request=args.request,
                form=args.form,
            )
        changes = history(at_hand, answer.declaration)[-1].changes
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
        say(f"{answer.declaration} is at version {answer.version}: {answer.decision.code}", "bold")
        for change in changes:
            say(f"  {change.pointer}: {change.before} -> {change.after}")
        for reason in answer.decision.reasons:
            say(f"  {reason.text} ({reason.rule})")
    return 0 if answer.decision.code in ("RELEASED", "ASSESSED", "RETURNED") else 1
