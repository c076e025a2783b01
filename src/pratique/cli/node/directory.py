"""``pratique node directory``: the directory of an authority: begun, filled, signed, shown, trusted, taken."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from pratique.cli.arguments import now, read_bytes
from pratique.cli.node import authority
from pratique.cli.node.folder import DIRECTORY, directories_of, settings_of
from pratique.cli.node.key_files import create_file, read_file, replace_file
from pratique.cli.output import moment, print_json, say, table
from pratique.errors import SealError, UsageError
from pratique.exchange import directory
from pratique.exchange.directories import Directories
from pratique.exchange.directory import Anchor, Held

EPILOG = """
The authority, in a folder of its own (keep it off the network):
  pratique node directory new aa --issuer authority-aa --place AA    its key and its anchor.json, to hand to every node
  pratique node directory add aa post-aa.json --fingerprint "…"      a partner's card, as its owner read it to you
  pratique node directory end aa --partner post-aa                   a partner that left, or --key KID that was stolen
  pratique node directory sign aa --hours 48 -o aa.jws               the next version, before the last one expires
  pratique node directory rotate aa                                  a further key, used in two weeks, and a new anchor.json

Who trusts it:
  pratique node directory trust a anchor.json --fingerprint "…"      once the fingerprint was compared by another way
  pratique node directory take a aa.jws                              each new version
  pratique node directory show aa.jws --anchor anchor.json           what it says, and whether it may be believed now

Exit code 1 of take and show when it is refused. A fork (two directories of one version) is kept in directory/refused as evidence.
"""
_DOES: Final[dict[str, str]] = {
    "new": "an authority: its folder, key and anchor",
    "add": "a partner, or its entry anew",
    "end": "a partner that left, or a key that is not to be believed",
    "sign": "the next version",
    "rotate": "a further key of the authority",
    "trust": "an authority, by its anchor",
    "take": "a signed directory into a node",
    "show": "what a signed directory says",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    actions = parser.add_subparsers(dest="do", required=True)
    made = {name: actions.add_parser(name, help=said) for name, said in _DOES.items()}
    for name, each in made.items():
        if name != "show":
            each.add_argument("folder", type=Path, metavar="DIR")
        each.add_argument("--json", action="store_true", help="answer as JSON")
    made["new"].add_argument(
        "--issuer", required=True, metavar="NAME", help="name of the authority"
    )
    made["new"].add_argument("--place", action="append", default=[], metavar="COUNTRY", help="whose partners it lists")  # fmt: skip
    made["new"].add_argument("--prefix", action="append", default=[], metavar="TEXT", help="how the ids of its partners begin")  # fmt: skip
    made["add"].add_argument("file", metavar="CARD.json")
    made["end"].add_argument("--partner", metavar="ID")
    made["end"].add_argument("--key", metavar="KID")
    made["sign"].add_argument("--hours", type=int, default=48, help="until it expires (default 48, 168 at most)")  # fmt: skip
    made["sign"].add_argument("-o", dest="out", type=Path, required=True, metavar="FILE.jws")
    made["rotate"].add_argument("--begins-in", type=int, default=14, metavar="DAYS", help="default 14: time to hand out the anchor")  # fmt: skip
    made["rotate"].add_argument("--overlap", type=int, default=30, metavar="DAYS", help="how long the old key holds beside it (default 30)")  # fmt: skip
    made["trust"].add_argument("file", metavar="ANCHOR.json")
    for name in ("trust", "add"):
        made[name].add_argument("--fingerprint", required=True, metavar="TEXT", help="as its owner read it to you by another way")  # fmt: skip
    made["take"].add_argument("file", metavar="FILE.jws")
    made["show"].add_argument("file", metavar="FILE.jws")
    made["show"].add_argument("--anchor", required=True, metavar="ANCHOR.json")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    does: dict[str, Callable[[argparse.Namespace], int]] = {
        "trust": _trust,
        "take": _take,
        "show": _show,
    }
    return does[args.do](args) if args.do in does else authority.run(args)


def _trust(args: argparse.Namespace) -> int:
    settings_of(args.folder)
    data = read_bytes(args.file)
    anchor = directory.read_anchor(data)
    authority.compare(args.fingerprint, anchor.fingerprint(), "anchor")
    kept = directories_of(args.folder, now())
    _check_held(kept.trust(anchor), kept.of(anchor.issuer))
    replace_file(args.folder / DIRECTORY / f"{anchor.issuer}.anchor.json", data, 0o644)
    if args.json:
        print_json(anchor)
    else:
        say(f"{anchor.issuer} is trusted for {authority.scope(anchor)}.")
    return 0


def _check_held(trusting: Directories, held: Held | None) -> None:
    """Refuse an anchor by which the directory held could not be read any more."""
    if held is None:
        return
    try:
        trusting.take(held.text, held.directory.issued, expired=True)
    except SealError as error:
        raise UsageError(
            f"By this anchor the directory held of {held.directory.issuer} does not verify ({error.code}): take a newer "
            f"directory first, or remove {held.directory.issuer}.jws from the folder if its key was stolen."
        ) from error


def _take(args: argparse.Namespace) -> int:
    settings_of(args.folder)
    at = now()
    data = read_file(Path(args.file), 2 * directory.MAX_BYTES)
    kept = directories_of(args.folder, at)
    try:
        taken = kept.take(data, at)
    except SealError as error:
        if error.code == "directory-fork":
            _keep_evidence(args.folder, data, at)
        raise
    held = taken.of(directory.issuer_of(data))
    if held is None:
        raise UsageError("Nothing was taken.")
    path = args.folder / DIRECTORY / f"{held.directory.issuer}.jws"
    replace_file(path, f"{held.text}\n".encode("ascii"), 0o644)
    if args.json:
        print_json(_plain(held))
    else:
        say(f"{_title(held)}: {path}")
    return 0


def _keep_evidence(folder: Path, data: bytes, at: datetime) -> None:
    place = folder / DIRECTORY / "refused"
    place.mkdir(exist_ok=True)
    create_file(place / f"{at:%Y%m%dT%H%M%S%f}.jws", data, 0o644)


def _show(args: argparse.Namespace) -> int:
    at = now()
    anchor = directory.read_anchor(read_bytes(args.anchor))
    data = read_file(Path(args.file), 2 * directory.MAX_BYTES)
    held = directory.read_expired(data, anchor, at)
    why = directory.why_refuse(held, at)
    if args.json:
        print_json({**_plain(held), "why_refuse": why})
        return 1 if why else 0
    say(_title(held), "bold")
    say(f"anchor    {_scope_line(anchor)}")
    rows = [
        (each.id, each.name, each.place, each.role, each.reach, str(len(each.keys)))
        for each in held.directory.partners
    ]
    table("", ("id", "name", "place", "role", "reach", "#keys"), rows)
    if why:
        say(why, "bold red")
    return 1 if why else 0


def _scope_line(anchor: Anchor) -> str:
    return f"{anchor.fingerprint()}, for {authority.scope(anchor)}"


def _title(held: Held) -> str:
    told = held.directory
    return (
        f"{told.issuer}, version {told.version}, {len(told.partners)} partners, "
        f"issued {moment(told.issued)}, until {moment(held.until)}"
    )


def _plain(held: Held) -> dict[str, object]:
    return {"directory": held.directory, "until": held.until, "digest": held.digest}
