"""``pratique agreement``: data-sharing agreements: begun, checked, signed, shown, ended."""

from __future__ import annotations

import argparse
from typing import Final

from pratique.errors import UsageError

EPILOG = """
  pratique agreement new DSA-7 -o dsa-7.toml                  a file to begin with
  pratique agreement check dsa-7.toml                         everything wrong with it
  pratique agreement sign dsa-7.toml --by post-aa --key keys/private.pem -o dsa-7.post-aa.json
  pratique agreement show dsa-7.post-aa.json dsa-7.post-qn.json --public aa.pem --public qn.pem
  pratique agreement show dsa-7.toml --see post_of_destination --for delivery --from QN --to AA --state ARRIVED
  pratique agreement revoke dsa-7.toml --by post-aa --key keys/private.pem --from-day 2027-01-01 --because "…" -o end.json
"""
ACTIONS: Final = {
    "new": "an agreement to begin with",
    "check": "everything that can be wrong with an agreement",
    "sign": "one party's signed copy",
    "show": "what it says, who signed, whether it holds, and what a party sees under it",
    "revoke": "the signed end of an agreement",
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
    raise UsageError(f"Say the action first: pratique agreement {args.action} …")
