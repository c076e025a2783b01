"""``pratique law show``: what holds at a place on a day, and where it is written."""

from __future__ import annotations

import argparse
import contextlib
from datetime import date
from typing import Any

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.output import print_json, say, table
from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import restrictions_of
from pratique.model.restrictions import Restriction
from pratique.office.desk import Desk
from pratique.rules.law import Charge, Entry, Law, Reckoning, Settle, Threshold


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("code", metavar="CODE", help="ISO 3166 code of the place")
    parser.add_argument("--on", metavar="DATE", help="day (default: today)")
    parser.add_argument(
        "--as-known-on", metavar="DATE", help="show as on that day, by what was known then"
    )


def run(args: argparse.Namespace) -> int:
    """Show the law of a day."""
    at_hand, _ = desk(known_on=a_date(args.as_known_on) if args.as_known_on else None)
    on = a_date(args.on) if args.on else now().date()
    law = at_hand.law_in_force(args.code, on)
    entries = [_entry(each) for each in _entries(law)]
    restrictions = [_restriction(each) for each in _restrictions(at_hand, args.code, on)]
    if args.json:
        print_json(
            {
                "code": law.code.upper(),
                "name": law.name,
                "currency": law.currency,
                "valid_from": law.valid_from.isoformat(),
                "valid_until": law.valid_until.isoformat() if law.valid_until else None,
                "digest": law.digest,
                "entries": entries,
                "restrictions": restrictions,
            }
        )
        return 0
    until = f" until {law.valid_until}" if law.valid_until else ""
    say(
        f"{law.name} ({law.code.upper()}), in {law.currency}, as from {law.valid_from}{until}",
        "bold",
    )
    table(
        "",
        ("entry", "what it says", "source", "confidence"),
        [(each["rule"], each["says"], each["source"], each["confidence"]) for each in entries],
    )
    if restrictions:
        table(
            "Restrictions in force, beside those of the conventions",
            ("entry", "effect", "what it says", "source", "confidence"),
            [
                (each["rule"], each["effect"], each["says"], each["source"], each["confidence"])
                for each in restrictions
            ],
        )
    else:
        say("No restrictions of this place are known here on that day: a person must look.")
    return 0


def _restrictions(at_hand: Desk, code: str, on: date) -> list[Restriction]:
    """What may not cross there on that day, the union's first; what is not known then is left out."""
    known = restrictions_of(at_hand.library)
    found: list[Restriction] = []
    for each in known.chain(code):
        with contextlib.suppress(NoRuleInForceError):
            found.extend(known.layer(each, on, at_hand.known_on).restrictions)
    return found


def _restriction(entry: Restriction) -> dict[str, Any]:
    return {
        "rule": entry.citation.rule,
        "effect": entry.effect,
        "goods": list(entry.goods),
        "says": f"{entry.what} ({', '.join(entry.directions)}): {entry.because}",
        "source": entry.citation.source,
        "url": entry.citation.url,
        "confidence": entry.citation.confidence,
        "seen": entry.citation.seen.isoformat() if entry.citation.seen else None,
    }


def _entries(law: Law) -> list[Entry]:
    order = [each for each in law.order if not isinstance(each, Settle)]
    return [*law.parameters, *law.regimes, *order, *law.remarks, *law.requirements]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "rule": entry.citation.rule,
        "title": entry.title,
        "says": _says(entry),
        "source": entry.citation.source,
        "url": entry.citation.url,
        "confidence": entry.citation.confidence,
        "seen": entry.citation.seen.isoformat() if entry.citation.seen else None,
    }


def _says(entry: Entry) -> str:
    text = getattr(entry, "text", "") or getattr(entry, "because", "")
    if isinstance(entry, Charge):
        condition = f" when {entry.condition}" if entry.condition else ""
        return f"{entry.title}: {text}{condition} [{', '.join(entry.regimes)}]"
    if isinstance(entry, Threshold):
        return f"{entry.because} ({text})"
    if isinstance(entry, Reckoning):
        return f"{entry.title or entry.name} = {text}"
    return f"{entry.title}: {text}" if entry.title else str(text)
