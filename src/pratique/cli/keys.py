"""``pratique keys``: new keys to sign quotes with."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.exchange import seal

EPILOG = """
  pratique keys new --out keys      keys/private.pem (readable by you alone) and keys/public.pem

Keep the private key; give the public one, and the key id by another way, to whoever is to verify your quotes.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = parser.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="a private and a public key in a folder")
    new.add_argument("--out", type=Path, required=True, metavar="DIR")
    new.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Make the keys; a key that is there is never replaced."""
    private, public = args.out / "private.pem", args.out / "public.pem"
    for path in (private, public):
        if path.exists():
            raise UsageError(f"{path} is there already: name another folder.")
    args.out.mkdir(parents=True, exist_ok=True)
    key = seal.new_key()
    _write(private, seal.private_pem(key), 0o600)
    _write(public, seal.public_pem(key.public_key()), 0o644)
    name = seal.key_id(key.public_key())
    if args.json:
        print_json({"private": str(private), "public": str(public), "key_id": name})
    else:
        say(f"{private}   keep it: whoever has it can sign for you")
        say(f"{public}    give it to those who verify")
        say(f"key id {name}", "bold")
    return 0


def _write(path: Path, data: bytes, mode: int) -> None:
    """A file that was not there, with these rights from its first moment on."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
