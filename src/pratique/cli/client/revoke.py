"""``pratique client revoke``: the end of a client."""

from __future__ import annotations

import argparse

from pratique.cli.arguments import now
from pratique.cli.output import print_json, say
from pratique.settings import read_settings
from pratique.store import open_database
from pratique.store.clients import ClientRows

EPILOG = """
Its tokens are refused at once. Its id is never given again.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("id", metavar="ID", help="the client")
    parser.add_argument("--because", required=True, metavar="TEXT", help="why")


def run(args: argparse.Namespace) -> int:
    """End it."""
    at = now()
    database = open_database(read_settings().store)
    try:
        ClientRows(database).revoke(args.id, because=args.because, now=at)
    finally:
        database.close()
    if args.json:
        print_json({"client": args.id, "revoked_at": at, "because": args.because})
    else:
        say(f"{args.id} is ended: {args.because}")
    return 0
