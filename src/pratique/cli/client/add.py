"""``pratique client add``: a new client."""

from __future__ import annotations

import argparse

from pratique.cli.arguments import now
from pratique.cli.client.reading import add_days, client_keys, fingerprint
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.exchange.clients import Client
from pratique.office.clients import register
from pratique.settings import read_settings
from pratique.store import open_database
from pratique.store.clients import ClientRows

EPILOG = """
Roles are those of docs/reference/access.md, scopes the acts there. With --certificate its tokens serve only whoever
holds the key of that TLS certificate; --unbound leaves that out, and a token then serves whoever has it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("id", metavar="ID", help="small letters, digits, dots and dashes")
    parser.add_argument("--tenant", required=True, metavar="PARTY", help="the party it acts for")
    parser.add_argument("--role", action="append", required=True, help="a role it may act in")
    parser.add_argument("--scope", action="append", required=True, help="an act it may ask for")
    parser.add_argument(
        "--public", action="append", required=True, metavar="KEY", help="its public key: PEM or JWK"
    )
    parser.add_argument(
        "--certificate", action="append", default=[], metavar="PEM", help="its TLS certificate"
    )
    parser.add_argument("--unbound", action="store_true", help="bound to no certificate")
    add_days(parser)


def run(args: argparse.Namespace) -> int:
    """Register it."""
    if bool(args.certificate) is args.unbound:
        raise UsageError("Give --certificate PEM, or say --unbound.")
    client = Client(
        id=args.id,
        tenant=args.tenant,
        roles=tuple(args.role),
        scopes=tuple(args.scope),
        keys=client_keys(args.public, args),
        certificates=tuple(fingerprint(name) for name in args.certificate),
    )
    database = open_database(read_settings().store)
    try:
        register(client, ClientRows(database), now=now())
    finally:
        database.close()
    if args.json:
        print_json(client)
    else:
        say(f"{client.id} may ask for {client.tenant}", "bold")
    return 0
