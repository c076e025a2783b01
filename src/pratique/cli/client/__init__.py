"""``pratique client``: programs that may ask a node for a party: registered, listed, given keys, ended."""

from __future__ import annotations

import argparse
from typing import Final

from pratique.errors import UsageError

EPILOG = """
  pratique client add scanner-1 --tenant customs-aa --role customs_officer --scope read --public public.pem --certificate tls.pem
  pratique client list
  pratique client key scanner-1 --public new.pem --from 2027-05-01
  pratique client assertion scanner-1 --key keys/private.pem --audience https://node.example/oauth/token
  pratique client revoke scanner-1 --because "the machine was sold"

Clients are kept in the store of PRATIQUE_STORE.
"""
ACTIONS: Final = {
    "add": "a new client: for which party, in which roles, within which scopes, by which keys",
    "list": "every client there is or was",
    "key": "one more key for a client, before the old one ends",
    "assertion": "what a client sends to the token endpoint, signed with its key, good once",
    "revoke": "the end of a client; its tokens are refused at once",
}
"""Every action and what it is for; the module of the same name here does it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "action",
        choices=tuple(ACTIONS),
        metavar="ACTION",
        help="; ".join(f"{name}: {purpose}" for name, purpose in ACTIONS.items()),
    )


def run(args: argparse.Namespace) -> int:
    """Only an action that comes first is done."""
    raise UsageError(f"Say the action first: pratique client {args.action} …")
