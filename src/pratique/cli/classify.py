"""``pratique classify``: which tariff codes may these words mean? A person chooses."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from pratique.cli.arguments import read_bytes
from pratique.cli.output import print_json, print_json_list, say, table
from pratique.errors import UsageError
from pratique.office.classify import Classified, classify, read_descriptions, written

EPILOG = """
  pratique classify "men's cotton t-shirt"
  pratique classify "hair straightener" --hs 150430
  pratique classify descriptions.csv -o candidates.csv

A file is CSV with a column description, or title, category and attributes (a JSON object); or JSON lines with the
same names. Exit code 1 when --hs seems to contradict the words. Answers are help for whoever chooses the code: docs/guides/classification.md says how far to trust them.
"""
_MOST = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("what", metavar="WORDS|FILE", help="a description, or a file of them")
    parser.add_argument("--top", type=int, default=5, metavar="N", help="how many candidates (5)")
    parser.add_argument("--hs", metavar="CODE", help="does this code contradict the description?")
    parser.add_argument("-o", "--output", metavar="OUT.csv", help="where the answers to a file go")


def run(args: argparse.Namespace) -> int:
    """Rank and print."""
    if not 1 <= args.top <= _MOST:
        raise UsageError(f"--top {args.top}: a number from 1 to {_MOST}.")
    if args.output or Path(args.what).suffix.lower() in (".csv", ".jsonl", ".ndjson"):
        if args.hs:
            raise UsageError("--hs goes with one description, not with a file.")
        return _file(args)
    answer = classify(args.what, top=args.top, declared=args.hs)
    if args.json:
        print_json(answer)
    else:
        _show(answer)
        if args.hs:
            _show_declared(args.hs, answer)
    return 1 if answer.contradicted else 0


def _file(args: argparse.Namespace) -> int:
    rows = read_descriptions(read_bytes(args.what))
    answers = ((row, classify(row.text, top=args.top)) for row in rows)
    if args.json:
        print_json_list({"row": row.row, **msgspec.to_builtins(answer)} for row, answer in answers)
    elif args.output:
        with Path(args.output).open("w", encoding="utf-8", newline="") as out:
            out.writelines(written(answers))
    else:
        sys.stdout.writelines(written(answers))
    return 0


def _show(answer: Classified) -> None:
    if not answer.candidates:
        say("No word of it is known here: say what it is, of what, and for what.", "yellow")
        return
    table(
        "",
        ("code", "#confidence", "title", "reasons"),
        [
            (each.hs6, str(each.confidence), each.title, "; ".join(each.reasons))
            for each in answer.candidates
        ],
    )
    if not answer.sure:
        say("Not sure enough to recommend one: say what it is, of what, and for what.", "yellow")
    say("A person must choose the code: these are likely ones, not a ruling.", "bold")


def _show_declared(declared: str, answer: Classified) -> None:
    found = answer.contradicted
    if found is None:
        say(f"Nothing in the words speaks against {declared}; that does not make it right.")
        return
    likely = found.likely
    say(
        f"{declared} seems to contradict the words: they point to {likely.hs6} ({likely.title}).",
        "yellow",
    )
