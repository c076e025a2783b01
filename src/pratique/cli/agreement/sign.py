"""``pratique agreement sign``: one party's signed copy."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.arguments import read_bytes, write_new
from pratique.cli.output import print_json, say
from pratique.exchange import seal
from pratique.office.agreements import read_file, sign, written


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("file", metavar="FILE", help="the agreement, or another party's copy")
    parser.add_argument("--by", required=True, metavar="PARTY", help="id of the party that signs")
    parser.add_argument("--key", required=True, metavar="KEY", help="its private key")
    parser.add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.json")


def run(args: argparse.Namespace) -> int:
    """Sign; a copy that is there is never replaced."""
    agreement = read_file(read_bytes(args.file), args.file)
    document = sign(agreement, args.by, seal.read_private(read_bytes(args.key), args.key))
    write_new(args.out, written(document))
    if args.json:
        print_json(document)
    else:
        say(f"{agreement.id}, version {agreement.version}, signed by {args.by}: {args.out}")
    return 0
