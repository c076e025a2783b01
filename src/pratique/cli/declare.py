"""``pratique declare``: file declarations and keep them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from pratique import messages
from pratique.cli import FINDINGS, OK, WORLD, exit_code
from pratique.cli.arguments import desk, evidence_of, now
from pratique.cli.output import print_json_list, say, table
from pratique.errors import MessageError, UsageError
from pratique.office.receive_file import Answer, receive_file

EPILOG = """
Exit code 1 when something could not be kept or must be put right, 3 when the store failed.
Files of any length are filed as they are read; of a long one the table shows what needs someone to act first.
"""
_CLEAN = ("RELEASED", "ASSESSED")


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
    parser.add_argument(
        "--fx",
        action="append",
        default=[],
        metavar="USD/EUR=0.92",
        help="exchange rate to use; sample for invented ones",
    )
    parser.add_argument("--show", type=int, default=40, help="rows of the table (default 40)")


def run(args: argparse.Namespace) -> int:
    """File everything that can be read; 1 when something could not, or must be put right."""
    at_hand, settings = desk(evidence_of(args.fx), store=True, compares_words=True)
    tally = _Tally(args.show)
    try:
        with _opened(args.file) as source:
            answers = receive_file(
                source,
                at_hand,
                sender=args.sender or settings.sender,
                now=now(),
                request=args.request,
                form=args.form,
            )
            if args.json:
                print_json_list(_published(each) for each in tally.of(answers))
            else:
                for _ in tally.of(answers):
                    pass
    finally:
        at_hand.close()
    if not args.json:
        tally.print()
    return tally.exit_code


class _Tally:
    """What is remembered of many answers: how many of each kind, and the first that are to be shown."""

    def __init__(self, show: int) -> None:
        self.show = show
        self.codes: Counter[str] = Counter()
        self.repeated = 0
        self.exit_code = OK
        self.first: list[Answer] = []
        self.to_act: list[Answer] = []

    def of(self, answers: Iterator[Answer]) -> Iterator[Answer]:
        for answer in answers:
            kept = answer.acknowledgement
            code = "not kept" if kept is None else kept.decision.code
            self.codes[code] += 1
            self.repeated += kept is not None and kept.repeated
            if code not in _CLEAN:
                worse = exit_code(answer.error) == WORLD if answer.error else False
                self.exit_code = WORLD if worse else max(self.exit_code, FINDINGS)
                if len(self.to_act) < self.show:
                    self.to_act.append(answer)
            if len(self.first) < self.show:
                self.first.append(answer)
            yield answer

    def print(self) -> None:
        """The table, then one line of sums."""
        total = sum(self.codes.values())
        shown = self.first if total <= self.show else self.to_act
        if shown:
            table(
                "Filed" if shown is self.first else "Filed; these need someone to act",
                ("row", "declaration", "version", "decision", "who acts, by when", "first reason"),
                [_row(each) for each in shown],
            )
        kept = total - self.codes["not kept"]
        told = ", ".join(f"{count} {code}" for code, count in self.codes.most_common() if count)
        again = f" ({self.repeated} again: nothing changed)" if self.repeated else ""
        say(f"{kept} of {total} kept{again}: {told or 'nothing'}.", "bold")
        if total > self.show:
            say("--json tells of every row; `pratique show ID` of one.", "dim")


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    path = Path(name)
    if not path.exists():
        raise UsageError(f"There is no file {name}.")
    with path.open("rb") as source:
        yield source


def _published(answer: Answer) -> dict[str, Any]:
    kept = answer.acknowledgement
    if kept is None:
        assert answer.error is not None
        return {"row": answer.row, **_error(answer.error)}
    return {
        "row": answer.row,
        "declaration": kept.declaration,
        "version": kept.version,
        "sequence": kept.sequence,
        "repeated": kept.repeated,
        "code": kept.decision.code,
        "decision": msgspec.to_builtins(kept.decision),
    }


def _error(error: Exception) -> dict[str, Any]:
    if isinstance(error, MessageError):
        return {"error": error.code, "faults": msgspec.to_builtins(error.faults)}
    return {"error": type(error).__name__, "faults": [{"message": str(error)}]}


def _row(answer: Answer) -> tuple[str, ...]:
    kept = answer.acknowledgement
    if kept is None:
        assert answer.error is not None
        told = _error(answer.error)
        return (
            str(answer.row),
            "",
            "",
            "not kept",
            "",
            f"{told['error']}: {told['faults'][0]['message']}",
        )
    decision = kept.decision
    by = f" by {decision.act_by:%Y-%m-%d}" if decision.act_by else ""
    return (
        str(answer.row),
        kept.declaration,
        f"{kept.version}{' (again)' if kept.repeated else ''}",
        decision.code,
        f"{decision.act}{by}",
        decision.reasons[0].text if decision.reasons else "",
    )
