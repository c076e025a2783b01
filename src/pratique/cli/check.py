"""``pratique check``: what is wrong with a declaration or file, and how to put it right."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

import msgspec

from pratique import messages
from pratique.cli.arguments import a_date, desk, now, read_bytes
from pratique.cli.output import print_json, say, table
from pratique.errors import MessageError
from pratique.model.outcomes import Finding
from pratique.office.desk import walk

EPILOG = """
A form with rules of its own is held to these: an entry summary declaration (ens) gives the error numbers and the
XPath locations customs would answer with.

Exit code 1 when something must be put right before the parcel can go."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS), help="form of the file")
    parser.add_argument("--on", metavar="DATE", help="day whose law applies")


def run(args: argparse.Namespace) -> int:
    """Check and print; 1 when anything is more than a note."""
    at_hand, _ = desk(compares_words=True)
    moment = now()
    on = a_date(args.on) if args.on else None
    answers: list[dict[str, Any]] = []
    serious = 0
    for name in args.files:
        for row in messages.read(read_bytes(name), args.form):
            answer: dict[str, Any] = {"file": name, "row": row.number}
            answers.append(answer)
            found = _by_its_form(row.source, args.form)
            if row.declaration is None:
                answer["error"] = row.error.code if row.error else ""
                answer["faults"] = msgspec.to_builtins(row.error.faults if row.error else ())
                serious += 1
            else:
                answer["declaration"] = row.declaration.id
                if found is None:
                    decision = walk(row.declaration, at_hand, now=moment, on=on, trace=False)
                    found = decision.findings
            if found is not None:
                answer["findings"] = msgspec.to_builtins(found)
                serious += sum(1 for each in found if each.severity != "note")
    if args.json:
        print_json(answers)
    else:
        _show(answers)
    return 1 if serious else 0


def _by_its_form(source: bytes, form: str | None) -> tuple[Finding, ...] | None:
    """What the rules of the form find; None when it has none, or the message cannot be looked at."""
    try:
        return messages.findings(source, form)
    except MessageError:
        return None


def _show(answers: list[dict[str, Any]]) -> None:
    rows = []
    counts: Counter[str] = Counter()
    for answer in answers:
        where = answer.get("declaration") or f"{answer['file']}, row {answer['row']}"
        for fault in answer.get("faults", ()):
            rows.append(
                (where, answer["error"], "unreadable", fault.get("pointer", ""), fault["message"])
            )
            counts["unreadable"] += 1
        for each in answer.get("findings", ()):
            text = each["message"] + (f" {each['hint']}" if each.get("hint") else "")
            rows.append((where, each["rule"], each["severity"], each["pointer"], text))
            counts[each["severity"]] += 1
    if rows:
        table(
            "Findings",
            ("declaration", "rule", "severity", "where", "what and how to put it right"),
            rows,
        )
    told = (
        ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing to say"
    )
    say(f"{len(answers)} declaration(s): {told}.", "bold")
