"""``pratique node agreement``: signed copies of agreements that a node keeps."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.arguments import a_date, now, read_bytes, write_new
from pratique.cli.node.folder import (
    AGREEMENTS,
    KEYS,
    agreement_files,
    card_of,
    directories_of,
    settings_of,
    signers_of,
)
from pratique.cli.node.key_files import read_keys
from pratique.cli.output import print_json, say, table
from pratique.office.agreements import Standing
from pratique.office.held_agreements import added, held

EPILOG = """
  pratique node agreement add a dsa-7.post-aa.json            a party's signed copy, or a signed ending
  pratique node agreement list a                              how each stands today

A copy is kept when it is signed by a key that the directory gives that party and that holds now. Exit code 1 of list when one
of them does not bind.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    actions = parser.add_subparsers(dest="do", required=True)
    add = actions.add_parser("add", help="keep a signed copy, or a signed ending")
    shown = actions.add_parser("list", help="how each stands")
    for each in (add, shown):
        each.add_argument("folder", type=Path, metavar="DIR")
        each.add_argument("--json", action="store_true", help="answer as JSON")
    add.add_argument("file", metavar="FILE.json")
    shown.add_argument("--on", metavar="DAY", help="that day (default: today)")


def run(args: argparse.Namespace) -> int:
    """Keep one, or show them."""
    return _add(args) if args.do == "add" else _list(args)


def _add(args: argparse.Namespace) -> int:
    at = now()
    directories = directories_of(args.folder, at)
    told = settings_of(args.folder)
    card = card_of(
        args.folder, told, read_keys(args.folder / KEYS), told.origin or f"{told.party}/log"
    )
    everyone = signers_of(directories, card)
    kept = held(agreement_files(args.folder), everyone)
    data = read_bytes(args.file)
    document, party = added(
        data, args.file, kept, everyone, signers_of(directories, card, at), at.date()
    )
    ends = "" if document.agreement else ".end"
    version = f"-{document.version}" if document.version else ""
    path = args.folder / AGREEMENTS / f"{document.id}{version}{ends}.{party}.json"
    write_new(path, data)
    if args.json:
        print_json({"agreement": document.id, "version": document.version, "by": party, "file": str(path)})  # fmt: skip
    else:
        say(f"{document.id}{version}{' ended' if ends else ''}, signed by {party}: {path}")
    return 0


def _list(args: argparse.Namespace) -> int:
    at = now()
    on = a_date(args.on) if args.on else at.date()
    told = settings_of(args.folder)
    card = card_of(
        args.folder, told, read_keys(args.folder / KEYS), told.origin or f"{told.party}/log"
    )
    kept = held(agreement_files(args.folder), signers_of(directories_of(args.folder, at), card))
    found = {name: each.standing(on) for name, each in sorted(kept.items())}
    if args.json:
        print_json([_plain(name, each) for name, each in found.items()])
    else:
        rows = [
            (name, each.agreement.title, each.state, ", ".join(each.signed), ", ".join(each.unsigned) or "-", "yes" if each.binds else "no")
            for name, each in found.items()
        ]  # fmt: skip
        table("", ("agreement", "title", "state", "signed", "not signed", "binds"), rows)
    return 0 if all(each.binds for each in found.values()) else 1


def _plain(name: str, each: Standing) -> dict[str, object]:
    return {
        "agreement": name,
        "title": each.agreement.title,
        "state": each.state,
        "signed": each.signed,
        "unsigned": each.unsigned,
        "binds": each.binds,
    }
