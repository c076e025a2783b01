"""``pratique client key``: one more key for a client, before the old one ends."""

from __future__ import annotations

import argparse

from pratique.cli.client.reading import add_days, client_keys
from pratique.cli.output import moment, print_json, say
from pratique.exchange import jwk
from pratique.office.clients import add_key
from pratique.settings import read_settings
from pratique.store import open_database
from pratique.store.clients import ClientRows


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("id", metavar="ID", help="the client")
    parser.add_argument("--public", required=True, metavar="KEY", help="the key: PEM or JWK")
    add_days(parser)


def run(args: argparse.Namespace) -> int:
    """Add it; the keys it has go on until their day."""
    (key,) = client_keys([args.public], args)
    database = open_database(read_settings().store)
    try:
        add_key(args.id, key, ClientRows(database))
    finally:
        database.close()
    name = jwk.thumbprint(jwk.read_public(key.jwk, "sig"))
    if args.json:
        print_json({"client": args.id, "kid": name, "until": key.not_after})
    else:
        say(f"{args.id} also signs with {name}, until {moment(key.not_after)}")
    return 0
