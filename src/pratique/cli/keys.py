"""``pratique keys``: new keys to sign with, and how others write them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from pratique.cli.arguments import read_bytes
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.exchange import note, seal

EPILOG = """
  pratique keys new --out keys      keys/private.pem (readable by you alone) and keys/public.pem

  pratique keys vkey --public keys/public.pem --name post-a.example/log
                                    the key as one line, for those who verify the log of that name
  pratique keys vkey --public keys/public.pem --name post-a.example/witness --cosigner
                                    the same for what it cosigns the logs of others with

Keep the private key; give the public one, and the key id by another way, to whoever is to verify your quotes.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = parser.add_subparsers(dest="action", required=True)
    new = actions.add_parser("new", help="a private and a public key in a folder")
    new.add_argument("--out", type=Path, required=True, metavar="DIR")
    new.add_argument("--json", action="store_true", help="answer as JSON")
    vkey = actions.add_parser("vkey", help="a public key as one line, for a log or a cosigner")
    vkey.add_argument("--public", required=True, metavar="KEY", help="the public key's file")
    vkey.add_argument("--name", required=True, help="the name of the log or cosigner")
    vkey.add_argument("--cosigner", action="store_true", help="a cosigner, not a log")
    vkey.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Make the keys, or show one; a key that is there is never replaced."""
    return _show_vkey(args) if args.action == "vkey" else _new(args)


def _show_vkey(args: argparse.Namespace) -> int:
    public = seal.read_public(read_bytes(args.public), args.public)
    kind = note.COSIGNER if args.cosigner else note.LOG
    shown = note.read_vkey(note.Verifier(args.name, kind, public).vkey).vkey
    if args.json:
        print_json({"name": args.name, "vkey": shown, "key_id": seal.key_id(public)})
    else:
        say(shown)
    return 0


def _new(args: argparse.Namespace) -> int:
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
