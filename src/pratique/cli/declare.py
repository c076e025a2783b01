"""``pratique declare``: file declarations and keep them."""

from __future__ import annotations

import argparse
from concurrent.futures import Future
from typing import Any

import msgspec

from pratique import messages
from pratique.cli.arguments import desk, evidence_of, now, read_bytes
from pratique.cli.output import print_json, say, table
from pratique.errors import StoreError
from pratique.model.outcomes import Decision
from pratique.office.receive import Sending, file_declaration
from pratique.store import Receipt


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "file", metavar="FILE", help="a file of declarations, or - for standard input"
    )
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS), help="form of the file")
    parser.add_argument(
        "--request", help="your id for this sending; the same id again changes nothing"
    )
    parser.add_argument("--sender", help="name of the sender (default PRATIQUE_SENDER)")
    parser.add_argument("--fx", action="append", default=[], metavar="USD/EUR=0.92")


def run(args: argparse.Namespace) -> int:
    """File everything that can be read; 1 when something could not, or must be put right."""
    at_hand, settings = desk(evidence_of(args.fx), store=True)
    sender = args.sender or settings.sender
    data = read_bytes(args.file)
    form = args.form or messages.detect(data)
    moment = now()
    waiting: list[tuple[int, Future[Receipt]]] = []
    answers: list[dict[str, Any]] = []
    try:
        for row in messages.read(data, form):
            if row.declaration is None:
                assert row.error is not None
                answers.append(
                    {
                        "row": row.number,
                        "error": row.error.code,
                        "faults": msgspec.to_builtins(row.error.faults),
                    }
                )
                continue
            request = f"{args.request} {row.number}" if args.request else None
            sending = Sending(
                sender=sender, source=row.source, form=form, now=moment, request=request
            )
            future = file_declaration(row.declaration, sending, at_hand)
            waiting.append((row.number, future))
        for number, future in waiting:
            answers.append(_answer(number, future))
    finally:
        at_hand.close()
    answers.sort(key=lambda each: int(each["row"]))
    if args.json:
        print_json(answers)
    else:
        _show(answers)
    clean = all(each.get("code") in ("RELEASED", "ASSESSED") for each in answers)
    return 0 if clean else 1


def _answer(number: int, future: Future[Receipt]) -> dict[str, Any]:
    try:
        receipt = future.result()
    except StoreError as error:
        return {"row": number, "error": type(error).__name__, "faults": [{"message": str(error)}]}
    decision = msgspec.json.decode(receipt.answer, type=Decision)
    return {
        "row": number,
        "declaration": receipt.declaration,
        "version": receipt.version,
        "sequence": receipt.sequence,
        "repeated": receipt.repeated,
        "code": decision.code,
        "decision": msgspec.to_builtins(decision),
    }


def _show(answers: list[dict[str, Any]]) -> None:
    rows = []
    for each in answers:
        if "error" in each:
            rows.append((str(each["row"]), "", "", each["error"], each["faults"][0]["message"]))
        else:
            reasons = each["decision"]["reasons"]
            rows.append(
                (
                    str(each["row"]),
                    each["declaration"],
                    f"{each['version']}{' (again)' if each['repeated'] else ''}",
                    each["code"],
                    reasons[0]["text"] if reasons else "",
                )
            )
    table("Filed", ("row", "declaration", "version", "decision", "first reason"), rows)
    kept = sum("error" not in each for each in answers)
    say(f"{kept} of {len(answers)} kept.", "bold")
