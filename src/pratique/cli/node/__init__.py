"""``pratique node``: one node of the exchange: its folder, its keys, whom it knows, under which agreements."""

from __future__ import annotations

import argparse
from typing import Final

from pratique.errors import UsageError

EPILOG = """
  pratique node init a --party post-aa --name "Post of AA" --role post_of_origin --place AA
  pratique node partner card a -o post-aa.json                the entry to hand to the authority
  pratique node directory new aa --issuer authority-aa --place AA
  pratique node directory add aa post-aa.json                 by the authority, once the fingerprint was compared
  pratique node directory sign aa --hours 48 -o aa.jws
  pratique node directory trust a aa/anchor.json --fingerprint "…"
  pratique node directory take a aa.jws
  pratique node partner list a
  pratique node agreement add a dsa-7.post-aa.json
  pratique node keys new a --use sig                          holds in two days, beside the old one
"""
ACTIONS: Final = {
    "init": "the folder of a node: keys, certificate, settings",
    "keys": "keys of a node: new, list, retire, destroy",
    "partner": "a node's own entry, and the partners it knows",
    "directory": "the directory of an authority: begun, filled, signed, shown, trusted, taken",
    "agreement": "signed copies of agreements that a node keeps",
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
    raise UsageError(f"Say the action first: pratique node {args.action} …")
