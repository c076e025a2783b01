"""``pratique node init``: the folder of a node: keys, certificate, settings."""

from __future__ import annotations

import argparse
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from pratique.cli.arguments import now
from pratique.cli.node.folder import (
    AGREEMENTS,
    DIRECTORY,
    KEYS,
    SETTINGS,
    WRAPPING_BYTES,
    NodeSettings,
    card_of,
    listen_of,
    settings_of,
)
from pratique.cli.node.key_files import (
    TokenPlace,
    create_file,
    new_certificate,
    new_key,
    open_token,
    write_keys,
    write_secret,
)
from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.exchange.partner_entry import card_fingerprint, check_entry
from pratique.exchange.partners import Partner, Reach
from pratique.office.node_keys import USES, Ring
from pratique.policy.roles import shipped_roles

EPILOG = """
  pratique node init a --party post-aa --name "Post of AA" --role post_of_origin --place AA \\
    --reach push --address https://node.post.example --listen 0.0.0.0:8443

With --token-module, --token-label and --pin-file, the keys that sign are made in that token (PKCS #11) and never leave it.
"""
_TEXT: Final = """\
# A node of Pratique. Paths are relative to this folder; `pratique node --help` lists what is done with it.
party = {party}
name = {name}
role = {role}
place = {place}

# Where everything is kept: sqlite:///file.db or postgresql://user@host/name
store = {store}
data_keys = "data-keys.db"
wrapping_key = "wrapping.key"

# Where it listens, how partners reach it (push: at its address; pull: it fetches; file: somebody carries bundles)
listen = {listen}
reach = {reach}
address = {address}
# Whether a directory may name addresses of this machine or a private network.
private_addresses = false

# The name of its log, and under which it cosigns those of others.
origin = {origin}
"""
_HARDWARE: Final = """
[token]
module = {module}
label = {label}
pin_file = {pin_file}
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new folder")
    parser.add_argument("--party", required=True, metavar="ID", help="as in agreements: post-aa")
    parser.add_argument("--name", required=True)
    parser.add_argument("--role", required=True, help=", ".join(shipped_roles().roles))
    parser.add_argument("--place", required=True, metavar="COUNTRY")
    parser.add_argument("--reach", choices=get_args(Reach), default="pull", help="default pull")
    parser.add_argument("--address", default="", metavar="URL", help="https address for partners")
    parser.add_argument("--listen", default="127.0.0.1:8443", metavar="HOST:PORT")
    parser.add_argument("--store", default="sqlite:///node.db", metavar="URL")
    parser.add_argument("--token-module", metavar="FILE.so", help="library of a PKCS #11 token")
    parser.add_argument("--token-label", metavar="LABEL")
    parser.add_argument(
        "--pin-file", type=Path, metavar="FILE", help="its PIN, readable by you alone"
    )


def run(args: argparse.Namespace) -> int:
    """Make the folder; one that is there is never replaced."""
    folder: Path = args.folder
    token = _token(args)
    settings = _settings(args, token)
    if (folder / SETTINGS).exists() or (folder / KEYS).exists():
        raise UsageError(f"{folder} is the folder of a node already: name another.")
    for each in (KEYS, DIRECTORY, AGREEMENTS):
        (folder / each).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    opened = open_token(token, folder) if token else None
    begin = now() - timedelta(minutes=5)
    ring = Ring(
        tuple(
            new_key(folder / KEYS, use, begin, token=opened if use in ("sig", "log") else None)
            for use in USES
        )
    )
    new_certificate(folder / KEYS, settings.party, begin)
    write_keys(folder / KEYS, ring)
    write_secret(folder / "wrapping.key", f"{secrets.token_hex(WRAPPING_BYTES)}\n".encode())
    create_file(folder / SETTINGS, _text(settings).encode(), 0o644)
    card = card_of(folder, settings_of(folder), ring, settings.origin)
    _say(folder, card, args.json)
    return 0


def _settings(args: argparse.Namespace, token: TokenPlace | None) -> NodeSettings:
    """What was asked for, checked before anything is made. Raises ``UsageError`` and ``SealError``."""
    if args.role not in shipped_roles().roles:
        raise UsageError(f"{args.role!r} is no role; there are {', '.join(shipped_roles().roles)}.")
    listen_of(args.listen)
    told = NodeSettings(
        party=args.party,
        name=args.name,
        role=args.role,
        place=args.place.upper(),
        store=args.store,
        listen=args.listen,
        reach=args.reach,
        address=args.address,
        origin=f"{args.party}/log",
        token=token,
    )
    check_entry(
        Partner(
            id=told.party, name=told.name, place=told.place, role=told.role, keys=(),
            reach=told.reach, address=told.address,
        )
    )  # fmt: skip
    return told


def _token(args: argparse.Namespace) -> TokenPlace | None:
    given = (args.token_module, args.token_label, args.pin_file)
    if not any(given):
        return None
    if not all(given):
        raise UsageError("A token needs --token-module, --token-label and --pin-file.")
    return TokenPlace(
        module=args.token_module, label=args.token_label, pin_file=str(args.pin_file.resolve())
    )


def _text(settings: NodeSettings) -> str:
    """``node.toml``: texts in TOML are written as in JSON."""
    plain: dict[str, Any] = msgspec.to_builtins(settings)
    token = plain.pop("token")
    text = _TEXT.format(**{name: _quoted(value) for name, value in plain.items()})
    return text + (_HARDWARE.format(**{k: _quoted(v) for k, v in token.items()}) if token else "")


def _quoted(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _say(folder: Path, card: Partner, as_json: bool) -> None:
    fingerprint = card_fingerprint(card)
    if as_json:
        print_json({"folder": str(folder), "card": card, "fingerprint": fingerprint})
        return
    say(f"{card.id}, {card.name}: ready in {folder}", "bold")
    say(f"fingerprint of its card   {fingerprint}")
    say("Next:")
    say(
        f"  pratique node partner card {folder} -o {card.id}.json     hand it to your authority, and read it"
    )
    say("     the fingerprint by another way (by telephone, on paper)")
    say(
        f"  pratique node directory trust {folder} ANCHOR.json        the anchor the authority gives you"
    )
    say("  Partners whom you let in over TLS get keys/tls.pem; put theirs into keys/clients.pem.")
    say(
        "Keep what is in keys/ and wrapping.key: without wrapping.key no personal data can be read again."
    )
