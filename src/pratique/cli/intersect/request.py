"""``pratique intersect request``: ask another administration, under an agreement, in a case."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path

import msgspec

from pratique.cli.arguments import now, read_bytes, write_new
from pratique.cli.intersect.side import add_given_for, add_side, side_of
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.office.agreements import written
from pratique.office.intersection import Wanted, request
from pratique.office.intersection_elements import read_elements

EPILOG = """
The secret is readable by you alone: with it, whoever has the request can try who is in your set. Delete it when you have the result.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    add_side(parser)
    add_given_for(parser)
    parser.add_argument("--to", required=True, metavar="PARTY", help="who is to answer")
    parser.add_argument("--case", required=True, metavar="NUMBER", help="the case it is for")
    parser.add_argument("--purpose", required=True, help="the purpose it is for")
    parser.add_argument("--kind", required=True, choices=("persons", "identifiers", "tokens"))
    parser.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.json")
    parser.add_argument(
        "--secret", type=Path, metavar="FILE", help="where the secret goes (default: beside it)"
    )


def run(args: argparse.Namespace) -> int:
    """Write request and secret; files that are there are never replaced."""
    secret_file = args.secret or args.out.with_suffix(".secret")
    for path in (args.out, secret_file):
        if path.exists():
            raise UsageError(f"{path} is there already: name another file.")
    elements = read_elements(read_bytes(args.elements), args.kind)
    wanted = Wanted(to=args.to, case=args.case, purpose=args.purpose, kind=args.kind)
    with side_of(args) as side:
        document, secret = request(
            side, wanted, elements, args.given_for, randomness=secrets.token_bytes, now=now()
        )
    _write_secret(secret_file, msgspec.json.encode(secret))
    write_new(args.out, written(document))
    if args.json:
        print_json({"run": secret.run, "elements": len(elements), "secret": str(secret_file)})
    else:
        say(f"{args.out}: {len(elements)} {args.kind}, for {args.to}, case {args.case}")
        say(f"{secret_file}: keep it to yourself until you have the result, then delete it")
    return 0


def _write_secret(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
