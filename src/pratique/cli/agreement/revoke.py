"""``pratique agreement revoke``: the signed end of an agreement."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.arguments import a_date, read_bytes, write_new
from pratique.cli.output import print_json, say
from pratique.exchange import seal
from pratique.office.agreements import read_file, revoke, written

EPILOG = """
Send it to every party: from that day on nothing flows and nothing more is shown under any version of the agreement.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("file", metavar="FILE", help="the agreement, or a signed copy")
    parser.add_argument("--by", required=True, metavar="PARTY", help="id of the party that ends it")
    parser.add_argument("--key", required=True, metavar="KEY", help="its private key")
    parser.add_argument("--from-day", required=True, metavar="DAY", help="first day it is over")
    parser.add_argument("--because", required=True, metavar="TEXT", help="why")
    parser.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.json")


def run(args: argparse.Namespace) -> int:
    """Sign the revocation; a file that is there is never replaced."""
    agreement = read_file(read_bytes(args.file), args.file)
    key = seal.read_private(read_bytes(args.key), args.key)
    from_day = a_date(args.from_day)
    document = revoke(agreement, args.by, key, from_day=from_day, because=args.because)
    write_new(args.out, written(document))
    if args.json:
        print_json(document)
    else:
        say(f"{agreement.id} ends on {from_day}, by {args.by}: {args.out}")
    return 0
