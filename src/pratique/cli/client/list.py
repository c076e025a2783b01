"""``pratique client list``: every client there is or was."""

from __future__ import annotations

import argparse

from pratique.cli.output import moment, print_json, say, table
from pratique.office.clients import Registered, every
from pratique.settings import read_settings
from pratique.store import open_database
from pratique.store.clients import ClientRows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The action has no options."""


def run(args: argparse.Namespace) -> int:
    """Show them, those that were ended as well."""
    database = open_database(read_settings().store)
    try:
        found = every(ClientRows(database))
    finally:
        database.close()
    if args.json:
        print_json(found)
    elif not found:
        say("No client is registered.")
    else:
        table("", ("client", "for", "roles", "scopes", "TLS", "keys until", "state"), _rows(found))
    return 0


def _rows(found: tuple[Registered, ...]) -> list[tuple[str, ...]]:
    return [
        (
            each.client.id,
            each.client.tenant,
            ", ".join(each.client.roles),
            ", ".join(each.client.scopes),
            "bound" if each.client.certificates else "UNBOUND",
            moment(max(key.not_after for key in each.client.keys)),
            f"revoked {moment(each.revoked_at)}: {each.because}" if each.revoked_at else "in use",
        )
        for each in found
    ]
