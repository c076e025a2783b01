"""``pratique client assertion``: what a client sends to the token endpoint, signed with its key, good once."""

from __future__ import annotations

import argparse
import secrets

from pratique.cli.arguments import now, read_bytes
from pratique.cli.output import print_json, say
from pratique.exchange import client_assertion, seal
from pratique.office.token_endpoint import ASSERTION_TYPE, GRANT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("id", metavar="ID", help="the client")
    parser.add_argument("--key", required=True, metavar="KEY", help="its private key (Ed25519)")
    parser.add_argument(
        "--audience", required=True, metavar="URL", help="the token endpoint it is for"
    )


def run(args: argparse.Namespace) -> int:
    """Sign it; it holds for a minute."""
    key = seal.read_private(read_bytes(args.key), args.key)
    made = client_assertion.make(
        args.id, args.audience, key, randomness=secrets.token_bytes, now=now()
    )
    if args.json:
        print_json(
            {
                "grant_type": GRANT,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": made,
            }
        )
    else:
        say(made)
    return 0
