"""``pratique law``: what the law of a place says, whether its files hold, and how to begin one."""

from __future__ import annotations

import argparse
from typing import Final

from pratique.errors import UsageError

EPILOG = """
  pratique law show GB --on 2026-07-01      what holds there that day, with sources
  pratique law diff DE --from 2025-01-01 --to 2026-07-02     what changed, and what it means for six parcels
  pratique law compare GB NO --on 2026-07-01 --fx GBP/EUR=1.17 --fx NOK/EUR=0.085
  pratique law changes --days 400           what changes next, everywhere
  pratique law changes NO SE --from 2024-01-01 --atom changes.xml --url https://law.example/changes.xml
  pratique law harmonisation NO --markdown  for each standard of the WCO: what the file shows, and cannot show
  pratique law check                        everything that can be wrong with the law files
  pratique law check --directory law/       the same for a folder of your own (beside those shipped)
  pratique law check --table                places in figures: entries, versions, examples, confidence
  pratique law check --weak GB              what to better first: weak sources, no address
  pratique law new XK --directory law/      a file to begin with, for a place that has none
"""
ACTIONS: Final = {
    "show": "what holds at a place on a day, with sources",
    "diff": "how the law of a place differs between two days",
    "compare": "two places side by side, topic by topic",
    "changes": "what changes next in the law, and what changed lately",
    "harmonisation": "what it can and cannot show for the WCO Framework of Standards",
    "check": "everything that can be wrong with the law files",
    "new": "a law file to begin with",
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
    raise UsageError(f"Say the action first: pratique law {args.action} …")
