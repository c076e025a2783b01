"""``pratique law show``: what holds at a place on a day, topic by topic, and where it is written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.output import entries, print_json, say
from pratique.office.transparency.restricted import restricted
from pratique.office.transparency.topics import Line, Topic, topics
from pratique.office.transparency.words import written
from pratique.rules.law import Charge, Entry, Law, Reckoning, Settle, Threshold


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("code", metavar="CODE", help="ISO 3166 code of the place")
    parser.add_argument("--on", metavar="DATE", help="day (default: today)")
    parser.add_argument(
        "--as-known-on", metavar="DATE", help="show as on that day, by what was known then"
    )
    parser.add_argument("--urls", action="store_true", help="with the address of every source")


def run(args: argparse.Namespace) -> int:
    """Show the law of a day."""
    known_on = a_date(args.as_known_on) if args.as_known_on else None
    at_hand, _ = desk(known_on=known_on)
    on = a_date(args.on) if args.on else now().date()
    law = at_hand.law_in_force(args.code, on)
    forbidden = restricted(at_hand.library, law.code, on, known_on)
    told = topics(at_hand.library, law.code, on, known_on, further=[forbidden])
    if args.json:
        print_json(_json(law, told) | {"restrictions": [_restriction(e) for e in forbidden.lines]})
        return 0
    known = f", as known on {known_on}" if known_on else ""
    until = f" until {law.valid_until}" if law.valid_until else ""
    say(f"{law.name} ({law.code.upper()}) on {on}{known}, in {law.currency}", "bold")
    say(f"Unchanged from {law.valid_from}{until}.", "dim")
    for topic in told:
        say("")
        say(f"{topic.name}", "bold")
        if topic.note:
            say(f"  {topic.note}")
        entries(_lines(topic.lines, urls=args.urls))
    return 0


def _lines(lines: Iterable[Line], *, urls: bool) -> Iterable[tuple[str, list[str]]]:
    for each in lines:
        until = f" until {each.until}" if each.until else ""
        known = f", known since {each.known}" if each.known and each.known != each.since else ""
        source = written(each.source, each.confidence, each.rule)
        yield (
            f"{each.title}: {each.main}",
            [
                "; ".join(f"{what} {text}" for what, text in each.more.items()),
                f"From {each.since}{until}{known}. {source}",
                f"Next: {each.following}" if each.following else "",
                each.url if urls else "",
            ],
        )


def _json(law: Law, told: Sequence[Topic]) -> dict[str, Any]:
    of = {line.rule: (topic.name, line) for topic in reversed(told) for line in topic.lines}
    return {
        "code": law.code.upper(),
        "name": law.name,
        "currency": law.currency,
        "valid_from": law.valid_from.isoformat(),
        "valid_until": law.valid_until.isoformat() if law.valid_until else None,
        "digest": law.digest,
        "entries": [_entry(each) | _placed(*of[each.citation.rule]) for each in _entries(law)],
        "topics": told,
    }


def _restriction(each: Line) -> dict[str, Any]:
    return {
        "rule": each.rule,
        "effect": each.more["effect"],
        "goods": each.more["goods"].split(", "),
        "says": f"{each.title}: {each.main}",
        "source": each.source,
        "url": each.url,
        "confidence": each.confidence,
        "seen": each.seen,
    }


def _placed(topic: str, line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "topic": topic,
        "from": line.since,
        "until": line.until,
        "known": line.known,
        "next": line.following,
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
