"""``pratique node partner``: a node's own entry, and the partners it knows."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import msgspec

from pratique.cli.arguments import now, write_new
from pratique.cli.node.folder import KEYS, card_of, directories_of, settings_of
from pratique.cli.node.key_files import read_keys
from pratique.cli.output import moment, print_json, say, table
from pratique.exchange import jwk
from pratique.exchange.directories import Directories
from pratique.exchange.partner_entry import card_fingerprint
from pratique.exchange.partners import Partner, PartnerKey

EPILOG = """
  pratique node partner card a -o post-aa.json        its own entry, for the authority; with the fingerprint to compare
  pratique node partner list a                        whom it knows, by all directories it took
  pratique node partner show a customs-bb             one of them: address, keys, log

Exit code 1 when a directory has expired: nothing is taken from its partners.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    actions = parser.add_subparsers(dest="do", required=True)
    card = actions.add_parser("card", help="its own entry, as JSON")
    card.add_argument("-o", dest="out", type=Path, metavar="FILE.json", help="where to write it")
    shown = actions.add_parser("list", help="the partners of all directories")
    one = actions.add_parser("show", help="one partner")
    for each in (card, shown, one):
        each.add_argument("folder", type=Path, metavar="DIR")
        each.add_argument("--json", action="store_true", help="answer as JSON")
    one.add_argument("id", metavar="ID")


def run(args: argparse.Namespace) -> int:
    """Show it."""
    return {"card": _card, "list": _list, "show": _show}[args.do](args)


def _card(args: argparse.Namespace) -> int:
    told = settings_of(args.folder)
    ring = read_keys(args.folder / KEYS)
    card = card_of(args.folder, told, ring, told.origin or f"{told.party}/log")
    data = msgspec.json.format(msgspec.json.encode(card), indent=1) + b"\n"
    if args.out:
        write_new(args.out, data)
    if args.out and not args.json:
        say(f"{card.id}, {card.name}: {args.out}")
        say(f"fingerprint {card_fingerprint(card)}", "bold")
        say("Read it to the authority by another way than the file goes.")
    else:
        print_json(card)
    return 0


def _list(args: argparse.Namespace) -> int:
    at = now()
    found = directories_of(args.folder, at)
    stale = found.stale(at)
    if args.json:
        print_json([_plain(held.directory.issuer, held.until, stale, each)
                    for held in found.held for each in held.directory.partners])  # fmt: skip
        return 1 if stale else 0
    rows = [
        (each.id, each.name, each.place, each.role, each.reach, held.directory.issuer)
        for held in found.held
        for each in held.directory.partners
    ]
    table("", ("id", "name", "place", "role", "reach", "by"), rows)
    _say_directories(found, stale)
    return 1 if stale else 0


def _show(args: argparse.Namespace) -> int:
    at = now()
    found = directories_of(args.folder, at)
    partner = found.known().get(args.id)
    issuer = next(
        held.directory.issuer for held in found.held if partner in held.directory.partners
    )
    stale = {name: why for name, why in found.stale(at).items() if name == issuer}
    if args.json:
        print_json(partner)
        return 1 if stale else 0
    say(f"{partner.id}, {partner.name}, {partner.place}, {partner.role}; by {issuer}", "bold")
    say(f"{partner.reach}  {partner.address}".rstrip())
    for each in partner.keys:
        say(f"key          {each.use}  {name_of(each)}  {_window(each, at)}")
    for line in partner.log:
        say(f"log          {line}")
    for certificate in partner.certificates:
        say(f"certificate  {certificate}")
    for why in stale.values():
        say(why, "bold red")
    return 1 if stale else 0


def name_of(key: PartnerKey) -> str:
    """The name of a key of a directory."""
    return jwk.thumbprint(jwk.read_public(key.jwk, key.use))


def _window(key: PartnerKey, at: datetime) -> str:
    holds = "" if key.holds(at) else "  does not hold"
    return f"{moment(key.not_before)} to {moment(key.not_after)}{holds}"


def _plain(issuer: str, until: datetime, stale: dict[str, str], each: Partner) -> dict[str, object]:
    return {
        "id": each.id,
        "name": each.name,
        "place": each.place,
        "role": each.role,
        "reach": each.reach,
        "authority": issuer,
        "until": until,
        "stale": issuer in stale,
    }


def _say_directories(found: Directories, stale: dict[str, str]) -> None:
    for held in found.held:
        told = held.directory
        said = stale.get(told.issuer) or f"holds until {moment(held.until)}"
        say(
            f"{told.issuer}, version {told.version}: {said}",
            "bold red" if told.issuer in stale else "",
        )
    for anchor in found.anchors:
        if found.of(anchor.issuer) is None:
            say(f"{anchor.issuer} is trusted; no directory of it was taken yet.")
