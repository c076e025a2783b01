"""``pratique quote compare``: what was quoted beside what was assessed, line by line."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from pratique import messages
from pratique.cli.arguments import a_date, desk, evidence_of, now, read_bytes
from pratique.cli.output import print_json, say, table_with_notes
from pratique.exchange import seal
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Assessment
from pratique.office.compare_quote import compare_quote, compared_json
from pratique.office.desk import Desk, law_date
from pratique.office.find import history
from pratique.office.signed_quote import read_quote, verify_quote

EPILOG = """
  pratique quote compare quote.json declaration.json --public keys/public.pem --fx USD/GBP=0.79
  pratique quote compare quote.json EX-1        a declaration that was filed, as it was decided then

Exit code 0 when every line is to the amount quoted, 1 when any differs.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("quote", metavar="QUOTE.json")
    parser.add_argument(
        "later", metavar="DECLARATION|REFERENCE", help="a file, or a declaration that was filed"
    )
    parser.add_argument(
        "--public", metavar="KEY", help="the signer's public key (without: not verified)"
    )
    parser.add_argument("--on", metavar="DATE", help="day whose law applies to the file")
    parser.add_argument("--fx", action="append", default=[], metavar="USD/EUR=0.92")


def run(args: argparse.Namespace) -> int:
    """Compare and print; 1 when anything differs."""
    filed = not Path(args.later).is_file()
    at_hand, _ = desk(evidence_of(args.fx), store=filed)
    data, moment = read_bytes(args.quote), now()
    if args.public:
        public = seal.read_public(read_bytes(args.public), args.public)
        signed = verify_quote(data, public, at_hand.library, now=moment).quote
    else:
        signed = read_quote(data)[0]
    if filed:
        latest = history(at_hand, args.later)[-1]
        declaration, later = latest.declaration, latest.decision.assessment
    else:
        declaration = messages.parse(read_bytes(args.later))
        later = _assessed(declaration, at_hand, args.on, moment)
    found = compare_quote(signed, declaration, later)
    told = {"signature": "valid" if args.public else "not verified", "state": signed.state(moment)}
    if args.json:
        print_json({**told, **compared_json(found)})
    else:
        _show({**told, **compared_json(found)})
    return 0 if found.is_same else 1


def _assessed(
    declaration: Declaration, at_hand: Desk, on: str | None, moment: datetime
) -> Assessment | None:
    return at_hand.assess(declaration, a_date(on) if on else law_date(declaration, moment))[0]


def _show(told: dict[str, Any]) -> None:
    currency = told["currency"]
    rows, notes = [], []
    for each in told["lines"]:
        rows.append(
            (str(each["line"] or "all"), each["title"], each["quoted"] or "-", each["assessed"] or "-", _signed(each["difference"]))
        )  # fmt: skip
        notes.append("; ".join(each["because"]))
    rows.append(("", "in all", told["quoted"], told["assessed"], _signed(told["difference"])))
    notes.append("")
    table_with_notes(
        f"Quote and assessment of {told['declaration']}, in {currency}",
        ("line", "charge", "#quoted", "#assessed", "#difference"),
        rows,
        notes,
    )
    for each in told["unsettled"]:
        say(each[:1].upper() + each[1:], "bold red")
    for each in told["open_in_both"]:
        say(f"Open then and now: {each}", "yellow")
    if told["signature"] != "valid":
        say("The signature was not verified: give --public KEY.", "yellow")
    if told["state"] != "valid":
        say(f"Of the quote's validity: {told['state']}.", "yellow")
    say(
        "The same." if told["same"] else "It differs.", "bold green" if told["same"] else "bold red"
    )


def _signed(amount: str) -> str:
    return amount if amount.startswith("-") or not amount.strip("0.") else f"+{amount}"
