"""``pratique intersect``: whom have two administrations both met, without showing each other the rest."""

from __future__ import annotations

import argparse
from typing import Final

from pratique.errors import UsageError

EPILOG = """
  pratique intersect request --to customs-aa --case QN-2026-17 --purpose risk --kind persons --elements ours.csv … -o request.json
  pratique intersect answer request.json --elements theirs.csv … -o answer.json
  pratique intersect result answer.json --request request.json --elements ours.csv …

Three steps, two files: the asker sends request.json, the other sends answer.json back. docs/guides/intersection.md
has the whole of it. What each side did is kept in the store of PRATIQUE_STORE: sizes and grounds, no element.
"""
ACTIONS: Final = {
    "request": "ask another administration, under an agreement, in a case",
    "answer": "answer a request, once, within the agreement's caps",
    "result": "which of one's own elements both have, or how many",
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
    raise UsageError(f"Say the action first: pratique intersect {args.action} …")
