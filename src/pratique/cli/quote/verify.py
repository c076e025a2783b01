"""``pratique quote verify``: is a signed quote genuine and in time, and would the answer be the same?"""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from pratique.cli.arguments import desk, now, read_bytes
from pratique.cli.output import moment, print_json, say
from pratique.cli.show import show_changes
from pratique.exchange import seal
from pratique.office.signed_quote import Verification, verify_quote

EPILOG = """
Needs no network. Exit code 0 when the signature holds, the quote is in time and the law at hand gives the same answer.
"""
_STATES = {
    "valid": "in time",
    "expired": "expired: ask for a new quote",
    "not yet": "signed in the future: check both clocks",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("quote", metavar="QUOTE.json")
    parser.add_argument("--public", required=True, metavar="KEY", help="the signer's public key")


def run(args: argparse.Namespace) -> int:
    """Verify and say what holds; 1 when anything does not."""
    public = seal.read_public(read_bytes(args.public), args.public)
    at_hand, _ = desk()
    found = verify_quote(read_bytes(args.quote), public, at_hand.library, now=now())
    if args.json:
        print_json(_published(found))
    else:
        _show(found)
    return 0 if found.is_confirmed else 1


def _published(found: Verification) -> dict[str, Any]:
    quote = found.quote
    return {
        "signature": "valid",
        "key_id": found.key_id,
        "state": found.state,
        "signed_at": quote.signed_at.isoformat(),
        "valid_until": quote.valid_until.isoformat(),
        "law": msgspec.to_builtins(quote.law),
        "law_digest_here": found.digest_here,
        "same_law": found.digest_here == quote.law.digest,
        "same_answer": None if found.changed is None else not found.changed,
        "changed": msgspec.to_builtins(found.changed),
        "because": found.because,
        "confirmed": found.is_confirmed,
        "answer": quote.answer,
    }


def _show(found: Verification) -> None:
    quote, law = found.quote, found.quote.law
    say(f"Signature  holds, by the key {found.key_id}", "green")
    say(
        f"Validity   {_STATES[found.state]} ({moment(quote.signed_at)} to {moment(quote.valid_until)})",
        "green" if found.state == "valid" else "bold red",
    )
    known = f", as known on {law.as_known_on}" if law.as_known_on else ""
    same = found.digest_here == law.digest
    said = (
        "the same here"
        if same
        else f"here {found.digest_here[:12]}"
        if found.digest_here
        else "none here"
    )
    say(
        f"Law        {law.code.upper()} in force from {law.valid_from}{known}, {law.digest[:12]}: {said}",
        "green" if same else "yellow",
    )
    if found.changed is None:
        say(f"Answer     not reckoned again: {found.because}", "bold red")
    elif found.changed:
        say("Answer     another one by the law at hand:", "bold red")
        show_changes(found.changed)
    else:
        say("Answer     reckoned again, the same", "green")
    totals = quote.answer["totals"]
    say(f"Quoted     {totals['total']} {quote.answer['currency']} in all", "bold")
