"""``pratique schema``: the JSON Schema of a declaration."""

from __future__ import annotations

import argparse

from pratique.cli.output import print_json
from pratique.messages import declaration_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("what", nargs="?", choices=("declaration",), default="declaration")


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    print_json(declaration_schema())
    return 0
