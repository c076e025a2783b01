"""``pratique verify``: what does a bundle of evidence prove to someone who trusts these keys?"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from pratique.cli.output import moment, print_json, say
from pratique.errors import UsageError
from pratique.messages.strict import MAX_BYTES
from pratique.office.evidence import Evidence, Told, read_trust, verify_bundle

EPILOG = """
Needs no server, no database and no network: only the file and the public keys you trust, in one folder per party.

  trust/PARTY/*.pem     keys it seals messages and receipts with
  trust/PARTY/*.vkey    keys of its log, and those it cosigns the logs of others with; one a line

Exit code 0 when everything in the bundle holds; one part that does not condemns the whole.
"""
_MOST_KEYS: Final = 10_000
_STAGES: Final = {
    "received": "has it",
    "validated": "found no error in it",
    "rejected": "rejected it",
    "decision": "decided on it",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("bundle", type=Path, metavar="BUNDLE.json")
    parser.add_argument(
        "--trust", type=Path, required=True, metavar="DIR", help="the keys believed"
    )
    parser.add_argument(
        "--witnesses", type=int, default=1, metavar="N",
        help="parties that must have cosigned each log, beside its own (default: 1)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Verify and say what is proved."""
    if args.witnesses < 0:
        raise UsageError("--witnesses is a number of parties: 0 or more.")
    if not args.bundle.is_file():
        raise UsageError(f"There is no file {args.bundle}.")
    with args.bundle.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    trust = read_trust(_key_files(args.trust))
    found = verify_bundle(data, trust, now=datetime.now(UTC), witnesses=args.witnesses)
    if args.json:
        print_json(_published(found))
    else:
        _show(found)
    return 0


def _key_files(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    """Party, name and content of every file of keys, in a fixed order."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}: --trust names the folder of trusted keys.")
    for count, path in enumerate(sorted(folder.glob("*/*"))):
        if count >= _MOST_KEYS:
            raise UsageError(f"{folder} has more than {_MOST_KEYS} files: is it the right folder?")
        if path.suffix in (".pem", ".vkey"):
            with path.open("rb") as file:
                yield path.parent.name, path.name, file.read(MAX_BYTES)


def _published(found: Evidence) -> dict[str, Any]:
    return {
        "proved": True,
        "sender": found.sender,
        "type": found.type,
        "sha256": found.digest,
        "receipts": msgspec.to_builtins(found.receipts),
        "content": found.content,
    }


def _show(found: Evidence) -> None:
    say(f"Sent       by {found.sender}, as {found.type}, SHA-256 {found.digest}", "green")
    for told in found.receipts:
        _show_receipt(told)


def _show_receipt(told: Told) -> None:
    receipt = told.receipt
    say(f"Receipt    {moment(receipt.at)}: {told.by} {_STAGES[receipt.stage]}", "green")
    say(f"           message {receipt.message_id}, purpose {receipt.purpose}")
    say(f"           under agreement {receipt.agreement}, policy {receipt.policy}")
    say(f"Log        entry {receipt.index} of {told.size} in {receipt.log}", "green")
    if told.later_size is not None:
        say(f"           still there at {told.later_size} entries")
    for each in told.witnesses:
        say(f"Witness    {each.party}, {moment(each.at)}", "green")
    if not told.witnesses:
        say("Witness    none: the log may have told others another story", "yellow")
    for name in told.strangers:
        say(f"           passed over: {name}, whose key is not trusted here", "yellow")
