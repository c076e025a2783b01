"""``pratique law diff``: how the law of a place differs between two days, and what it means for a few parcels."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from pratique.cli.arguments import a_date, desk, evidence_of, now
from pratique.cli.output import entries, print_json, say, table
from pratique.office.desk import Desk
from pratique.office.transparency.diff import Difference, EntryChange, TariffChange, difference
from pratique.office.transparency.parcels import Bears, Effect, effects
from pratique.office.transparency.words import Part, written

_LONG = 60
_HEADS = {
    "changed": "Changed",
    "came": "Came",
    "went": "Went",
    "restated": "Says the same, otherwise cited",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("code", metavar="CODE", help="ISO 3166 code of the place")
    parser.add_argument("--from", dest="before", metavar="DATE", required=True)
    parser.add_argument("--to", dest="after", metavar="DATE", help="default: today")
    parser.add_argument(
        "--known-from", metavar="DATE", help="the earlier law as it was known on that day"
    )
    parser.add_argument(
        "--known-to", metavar="DATE", help="the later law as it was known on that day"
    )
    parser.add_argument(
        "--fx",
        action="append",
        default=[],
        metavar="CURRENCY=RATE",
        help="units of the place's currency for one, where a parcel needs it",
    )


def run(args: argparse.Namespace) -> int:
    """Compare two days."""
    at_hand, _ = desk()
    before = a_date(args.before)
    after = a_date(args.after) if args.after else now().date()
    home = at_hand.law_in_force(args.code, after).currency
    rates = [word if "/" in word else word.replace("=", f"/{home}=", 1) for word in args.fx]
    evidence = evidence_of(rates)
    known = [a_date(each) if each else None for each in (args.known_from, args.known_to)]
    found = difference(at_hand.library, args.code, before, after, *known)
    old, new = (Desk(at_hand.library, evidence, known_on=each) for each in known)
    meant = effects(args.code, (old, before), (new, after))
    if args.json:
        print_json({"difference": found, "parcels": meant})
    else:
        _show(found, meant)
    return 0


def _show(found: Difference, meant: tuple[Effect, ...]) -> None:
    days = [
        f"{day}{f' as known on {known}' if known else ''}"
        for day, known in ((found.before, found.known_before), (found.after, found.known_after))
    ]
    say(f"{found.name} ({found.code}), from {days[0]} to {days[1]}", "bold")
    if not found.entries:
        say("No entry of the law differs.")
    for kind, head in _HEADS.items():
        of_kind = [each for each in found.entries if each.kind == kind]
        if of_kind:
            say("")
            say(f"{head} ({len(of_kind)})", "bold")
            entries(entry_lines(of_kind))
    if found.tariff is not None:
        _tariff(found.tariff)
    say("")
    _parcels(meant)


def entry_lines(changes: Iterable[EntryChange]) -> Iterable[tuple[str, list[str]]]:
    """Each change as a head and its notes: what differs, since when, where it is written."""
    for each in changes:
        when = f"from {each.since}" if each.kind != "went" else f"was from {each.since}"
        until = f" until {each.until}" if each.until else ""
        known = f", known since {each.known}" if each.known and each.known != each.since else ""
        yield (
            f"{each.title} ({each.key})",
            [
                *(line for part in each.parts for line in part_words(part)),
                f"{when}{until}{known}",
                written(each.source, each.confidence, each.rule),
                each.url,
            ],
        )


def part_words(part: Part) -> Iterable[str]:
    """One aspect, old and new; on two lines when it is long."""
    if not (part.old and part.new):
        return (f"{part.what}: {part.new or part.old}",)
    if len(part.old) + len(part.new) < _LONG:
        return (f"{part.what}: {part.old} → {part.new}",)
    return (f"{part.what}, before: {part.old}", f"{part.what}, now: {part.new}")


def _tariff(change: TariffChange) -> None:
    say("")
    say(
        f"Tariff: {change.came:,} lines came, {change.went:,} went, {change.changed:,} changed",
        "bold",
    )
    for line in change.first:
        origins = f" from {' '.join(line.origins)}" if line.origins else ""
        claimed = ", preference claimed" if line.preference else ""
        say(f"  {line.hs}{origins}{claimed}: {line.old or 'no line'} → {line.new or 'no line'}")
    more = change.came + change.went + change.changed - len(change.first)
    if more > 0:
        say(f"  … and {more:,} more", "dim")


def _parcels(meant: tuple[Effect, ...]) -> None:
    some = next((side for each in meant for side in (each.after, each.before) if side), None)
    if some is None:
        return
    say("What it means for six stated parcels: duty, tax and fees together", "bold")
    asked: dict[str, int] = {}
    table(
        "",
        ("parcel", "#value", "#before", "#after", "#more"),
        [
            (each.parcel, _value(each), _total(each.before, asked), _total(each.after, asked), each.more)
            for each in meant
        ],
    )  # fmt: skip
    for each in meant:
        old, new = each.before, each.after
        if old and new and old.regime != new.regime:
            say(
                f"  {each.parcel}: {old.regime or 'no regime'} → {new.regime or 'no regime'}", "dim"
            )
    entries((f"({number}) asks a person: {why}", ()) for why, number in asked.items())
    rates = ", ".join(dict.fromkeys(each.duty_rate for each in meant))
    places = ", ".join(dict.fromkeys(each.dispatch_country for each in meant))
    say(f"  From {places}; rates of duty where no tariff is loaded: {rates}, in this order.", "dim")


def _value(each: Effect) -> str:
    sides = [side for side in (each.before, each.after) if side]
    return " / ".join(dict.fromkeys(f"{side.value} {side.currency}" for side in sides))


def _total(side: Bears | None, asked: dict[str, int]) -> str:
    if side is None:
        return "no law"
    if side.asks:
        marks = "".join(f"({asked.setdefault(why, len(asked) + 1)})" for why in side.asks)
        return f"? {marks}"
    return side.total
