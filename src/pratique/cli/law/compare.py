"""``pratique law compare``: the laws of two places side by side, topic by topic."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from pratique.cli.arguments import a_date, desk, named_amounts, now
from pratique.cli.output import print_json, say, side_by_side
from pratique.errors import UsageError
from pratique.office.transparency.compare import Common, Compared, Point, compare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("codes", nargs=2, metavar="CODE", help="two places")
    parser.add_argument("--on", metavar="DATE", help="day (default: today)")
    parser.add_argument("--as-known-on", metavar="DATE", help="by what was known on that day")
    parser.add_argument(
        "--fx",
        action="append",
        default=[],
        metavar="A/B=RATE",
        help="tell amounts in A in B too: B for one A; every B the same",
    )


def run(args: argparse.Namespace) -> int:
    """Compare two places."""
    known_on = a_date(args.as_known_on) if args.as_known_on else None
    on = a_date(args.on) if args.on else now().date()
    at_hand, _ = desk()
    told = compare(at_hand.library, args.codes, on, known_on, _common(args.fx))
    if args.json:
        print_json({"on": on, "known_on": known_on, "topics": told})
        return 0
    names = [at_hand.law_in_force(code, on).name for code in args.codes]
    say(f"On {on}", "bold")
    side_by_side(
        *([f"{name} ({code.upper()})"] for name, code in zip(names, args.codes, strict=True))
    )
    for topic in told:
        _show(topic)
    return 0


def _show(topic: Compared) -> None:
    say("")
    say(topic.topic, "bold")
    left, right = (
        [_point(each) for each in side.points] or ["(nothing said)"] for side in topic.sides
    )
    side_by_side(left, right)


def _point(each: Point) -> str:
    return f"{each.says} ({each.common})" if each.common else each.says


def _common(words: Sequence[str]) -> Common | None:
    rates = {}
    targets = set()
    for pair, rate in named_amounts(list(words), "--fx").items():
        currency, slash, target = pair.partition("/")
        if not slash:
            raise UsageError(f"--fx {pair}: write both currencies, as GBP/EUR=1.17.")
        rates[currency] = rate
        targets.add(target)
    if len(targets) > 1:
        raise UsageError(
            f"--fx: tell amounts in one currency, not in {' and '.join(sorted(targets))}."
        )
    return Common(currency=targets.pop(), rates=rates) if targets else None
