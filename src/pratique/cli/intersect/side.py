"""Who compares, under which agreement? Options every step takes, and what they name."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from pratique.cli.arguments import now, read_bytes
from pratique.exchange import seal
from pratique.office.agreements import standing
from pratique.office.intersection import Side
from pratique.settings import read_settings
from pratique.store import open_database
from pratique.store.intersections import IntersectionRuns


def add_side(parser: argparse.ArgumentParser) -> None:
    """Options of every step."""
    parser.add_argument("--by", required=True, metavar="PARTY", help="id of the party that does it")
    parser.add_argument("--key", required=True, metavar="KEY", help="its private key")
    parser.add_argument(
        "--agreement", action="append", required=True, metavar="FILE", help="every signed copy"
    )
    parser.add_argument(
        "--public", action="append", required=True, metavar="KEY", help="every party's public key"
    )
    parser.add_argument(
        "--revocation", action="append", default=[], metavar="FILE", help="a signed revocation"
    )
    parser.add_argument("--elements", required=True, metavar="FILE", help="one's own set")


def add_given_for(parser: argparse.ArgumentParser) -> None:
    """What the set was given for."""
    parser.add_argument(
        "--given-for",
        action="append",
        required=True,
        metavar="PURPOSE",
        help="a purpose the data of the set were given for",
    )


@contextmanager
def side_of(args: argparse.Namespace) -> Iterator[Side]:
    """The side these options name, its store open."""
    keys = tuple(seal.read_public(read_bytes(name), name) for name in args.public)
    found = standing(
        [read_bytes(name) for name in args.agreement],
        keys,
        on=now().date(),
        revocations=[read_bytes(name) for name in args.revocation],
    )
    key = seal.read_private(read_bytes(args.key), args.key)
    database = open_database(read_settings().store)
    try:
        yield Side(
            party=args.by, key=key, standing=found, public=keys, runs=IntersectionRuns(database)
        )
    finally:
        database.close()
