"""``pratique intersect answer``: answer a request, once, within the agreement's caps."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from pratique.cli.arguments import now, read_bytes, write_new
from pratique.cli.intersect.side import add_given_for, add_side, side_of
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.office.agreements import written
from pratique.office.intersection import answer, kind_of
from pratique.office.intersection_elements import read_elements


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("request", metavar="REQUEST.json")
    add_side(parser)
    add_given_for(parser)
    parser.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.json")


def run(args: argparse.Namespace) -> int:
    """Write the answer; a file that is there is never replaced."""
    if args.out.exists():
        raise UsageError(f"{args.out} is there already: name another file.")
    data = read_bytes(args.request)
    with side_of(args) as side:
        kind = kind_of(side, data)
        elements = read_elements(read_bytes(args.elements), kind)
        document = answer(
            side, data, elements, args.given_for, randomness=secrets.token_bytes, now=now()
        )
    write_new(args.out, written(document))
    if args.json:
        print_json({"run": document["content"]["run"], "elements": len(elements)})
    else:
        say(f"{args.out}: answered with {len(elements)} {kind}, none of them shown")
    return 0
