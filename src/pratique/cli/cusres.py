"""``pratique cusres``: declarations, as of an EDIFACT cargo report, decided and answered as EDIFACT CUSRES."""

from __future__ import annotations

import argparse
import sys

from pratique import messages
from pratique.cli.arguments import desk, now, read_bytes
from pratique.cli.output import print_json
from pratique.office.cusres import answer

EPILOG = "Exit code 1 when a declaration could not be read; the others are answered."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS), help="form of the file")
    parser.add_argument("--sender", default="CUSTOMS", help="who answers (UNB)")
    parser.add_argument("--recipient", default="DECLARANT", help="to whom (UNB)")
    parser.add_argument("--reference", default="1", help="reference of the interchange (UNB)")


def run(args: argparse.Namespace) -> int:
    """Write one interchange with an answer for each declaration; what could not be read goes to standard error."""
    at_hand, _ = desk()
    found = answer(
        read_bytes(args.file),
        at_hand,
        now=now(),
        sender=args.sender,
        recipient=args.recipient,
        reference=args.reference,
        form=args.form,
    )
    if args.json:
        refused = [{"row": row, "faults": error.faults} for row, error in found.refused]
        print_json({"text": found.data.decode(), "answers": found.answers, "refused": refused})
    else:
        sys.stdout.write(found.data.decode())
        for row, error in found.refused:
            print(f"row {row}: {error}", file=sys.stderr)
    return 1 if found.refused else 0
