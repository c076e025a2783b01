"""``pratique schema``: the JSON Schema of a declaration, or of a record that is matched with one."""

from __future__ import annotations

import argparse

from pratique.cli.output import print_json
from pratique.messages.postal_item import PostalItem
from pratique.messages.schema import schema_of
from pratique.model.declaration import Declaration
from pratique.model.records import LogisticsRecord, OrderRecord, PaymentRecord

_NOUNS = {
    "declaration": Declaration,
    "order": OrderRecord,
    "payment": PaymentRecord,
    "logistics": LogisticsRecord,
    "postal-item": PostalItem,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("what", nargs="?", choices=tuple(_NOUNS), default="declaration")


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    print_json(schema_of(_NOUNS[args.what]))
    return 0
