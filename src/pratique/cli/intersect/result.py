"""``pratique intersect result``: which of one's own elements both have, or how many."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from pratique.cli.arguments import now, read_bytes
from pratique.cli.intersect.side import add_side, side_of
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.office.intersection import Secret, kind_of, learn
from pratique.office.intersection_elements import read_elements


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("answer", metavar="ANSWER.json")
    add_side(parser)
    parser.add_argument("--request", required=True, metavar="FILE", help="the request one sent")
    parser.add_argument("--secret", metavar="FILE", help="its secret (default: beside it)")


def run(args: argparse.Namespace) -> int:
    """Show what both have."""
    name = args.secret or str(Path(args.request).with_suffix(".secret"))
    try:
        secret = msgspec.json.decode(read_bytes(name), type=Secret)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{name} holds no secret of a request: give the one kept with it."
        ) from error
    asked = read_bytes(args.request)
    with side_of(args) as side:
        elements = read_elements(read_bytes(args.elements), kind_of(side, asked))
        learned = learn(side, secret, asked, read_bytes(args.answer), elements, now=now())
    lines = [elements[each] for each in learned.found]
    if args.json:
        sizes = {"own_size": learned.own_size, "partner_size": learned.partner_size}
        print_json({"count": learned.count, "found": lines, **sizes})
    else:
        for line in lines:
            say(line)
        say(
            f"{learned.count} in both, of {learned.own_size} here and {learned.partner_size} there",
            "bold",
        )
    return 0
