"""``pratique node keys``: keys of a node: new, list, retire, destroy."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pratique.cli.arguments import now
from pratique.cli.node.folder import KEYS, settings_of, token_of
from pratique.cli.node.key_files import give_up, new_key, read_keys, write_keys
from pratique.cli.output import moment, print_json, say, table
from pratique.errors import UsageError
from pratique.office.node_keys import USES, KeyEntry

EPILOG = """
  pratique node keys list a
  pratique node keys new a --use sig                  begins in two days; the old one ends two weeks later
  pratique node keys new a --use sig --begins-in 0    at once, when the old one is known to others
  pratique node keys retire a KID                     ends now: nothing new is taken that it signs
  pratique node keys destroy a KID                    the private part of an ended key: what it opened stays closed

After new and retire, hand the card to the authority again (pratique node partner card): partners go by its directory.
"""
_MOST_DAYS = 3660


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    actions = parser.add_subparsers(dest="do", required=True)
    new = actions.add_parser("new", help="a further key, beside the one that holds")
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--use", choices=tuple(USES), required=True, help="; ".join(f"{k}: {v}" for k, v in USES.items()))  # fmt: skip
    new.add_argument("--begins-in", type=int, default=48, metavar="HOURS", help="default 48: time to publish it")  # fmt: skip
    new.add_argument("--overlap", type=int, default=14, metavar="DAYS", help="how long the old one holds beside it (default 14)")  # fmt: skip
    new.add_argument("--days", type=int, default=730, help="how long it holds (default 730)")
    new.add_argument("--token", action="store_true", help="make it in the token that node.toml names")  # fmt: skip
    shown = actions.add_parser("list", help="all keys and when they hold")
    shown.add_argument("folder", type=Path, metavar="DIR")
    for name, said in (("retire", "end a key now"), ("destroy", "give up an ended key")):
        ending = actions.add_parser(name, help=said)
        ending.add_argument("folder", type=Path, metavar="DIR")
        ending.add_argument("kid", metavar="KID", help="its name, or how that begins")
    for each in actions.choices.values():
        each.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Do it; a private key that is there is never replaced."""
    settings_of(args.folder)
    return {"new": _new, "list": _list, "retire": _retire, "destroy": _destroy}[args.do](args)


def _new(args: argparse.Namespace) -> int:
    if args.begins_in < 0 or args.overlap < 0 or not 0 < args.days <= _MOST_DAYS:
        raise UsageError(
            f"Hours and days are 0 or more, and a key holds {_MOST_DAYS} days at most."
        )
    at = now()
    keys = args.folder / KEYS
    ring = read_keys(keys)
    token = token_of(args.folder, settings_of(args.folder)) if args.token else None
    begin = at + timedelta(hours=args.begins_in)
    made = new_key(keys, args.use, begin, timedelta(days=args.days), token)
    after = ring.with_new(made, timedelta(days=args.overlap))
    after.newest(args.use, at)
    write_keys(keys, after)
    return _show((made,), at, args.json)


def _list(args: argparse.Namespace) -> int:
    return _show(read_keys(args.folder / KEYS).keys, now(), args.json)


def _retire(args: argparse.Namespace) -> int:
    at = now()
    keys = args.folder / KEYS
    ring = read_keys(keys)
    kid = ring.find(args.kid).kid
    after = ring.retired(kid, at)
    write_keys(keys, after)
    return _show((after.find(kid),), at, args.json)


def _destroy(args: argparse.Namespace) -> int:
    at = now()
    keys = args.folder / KEYS
    ring = read_keys(keys)
    entry = ring.find(args.kid)
    after = ring.destroyed(entry.kid, at)
    token = token_of(args.folder, settings_of(args.folder)) if entry.label else None
    write_keys(keys, after)  # first: an entry without its file would stop the node
    give_up(keys, entry, token)
    return _show((after.find(entry.kid),), at, args.json)


def _show(keys: tuple[KeyEntry, ...], at: datetime, as_json: bool) -> int:
    if as_json:
        print_json([_plain(each, at) for each in keys])
        return 0
    rows = [
        (each.use, each.kid[:12], each.state(at), _day(each.not_before), _day(each.not_after),
         each.file or (f"token {each.label}" if each.label else ""))
        for each in keys
    ]  # fmt: skip
    table("", ("use", "name", "state", "from (UTC)", "until (UTC)", "where"), rows)
    if any(each.state(at) != "holds" for each in keys):
        say("Hand the card to the authority again when keys changed: pratique node partner card.")
    return 0


def _day(at: datetime) -> str:
    return moment(at).removesuffix(" UTC")


def _plain(each: KeyEntry, at: datetime) -> dict[str, Any]:
    return {
        "use": each.use,
        "kid": each.kid,
        "state": each.state(at),
        "not_before": each.not_before,
        "not_after": each.not_after,
        "file": each.file,
        "label": each.label,
    }
