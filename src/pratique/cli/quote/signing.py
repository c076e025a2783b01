"""``pratique quote … --sign KEY -o FILE``: a quote that binds."""

from __future__ import annotations

import argparse

from pratique.cli.arguments import now, read_bytes
from pratique.cli.output import moment, print_json, say
from pratique.cli.quote import show
from pratique.errors import UsageError
from pratique.exchange import seal
from pratique.office.desk import Desk
from pratique.office.quote import QuoteRequest
from pratique.office.signed_quote import DEFAULT_VALID_DAYS, sign_quote, written


def sign(args: argparse.Namespace, request: QuoteRequest, at_hand: Desk) -> int:
    """Sign, write and show; the file is not replaced when it is there."""
    if not args.sign or args.out is None:
        raise UsageError("A signed quote needs both --sign KEY and -o FILE.")
    if args.out.exists():
        raise UsageError(f"{args.out} is there already: a quote is not overwritten.")
    key = seal.read_private(read_bytes(args.sign), args.sign)
    days = DEFAULT_VALID_DAYS if args.valid_days is None else args.valid_days
    document = sign_quote(request, at_hand, key, now=now(), valid_days=days)
    args.out.write_bytes(written(document))
    if args.json:
        print_json(document)
        return 0
    content = document["content"]
    show(content["answer"])
    say(
        f"Signed {moment(content['signed_at'])}, valid until {moment(content['valid_until'])}, "
        f"key {document['seal']['key_id']}: {args.out}"
    )
    if content["answer"]["needs_human"]:
        say("What needs a human is not part of what is promised.", "yellow")
    return 0
