"""``pratique demo``: one invented day of parcels through the whole walk, into the embedded store, printed."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec

from pratique.cli.arguments import a_date
from pratique.cli.output import print_json_list, say, table, table_with_notes
from pratique.messages import Row
from pratique.model.codelists import minor_unit
from pratique.model.money import amount_text
from pratique.model.outcomes import Decision
from pratique.office.desk import Desk
from pratique.office.generate import generate
from pratique.office.receive_file import Answer, receive_rows
from pratique.office.sample_rates import sample_evidence

_DAY = date(2026, 7, 1)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--parcels", type=int, default=2000)
    parser.add_argument("--on", default=_DAY.isoformat(), metavar="DATE")
    parser.add_argument("--show", type=int, default=28, help="rows of the table of decisions")


def run(args: argparse.Namespace) -> int:
    """Generate, file, and print the day."""
    on = a_date(args.on)
    moment = datetime(on.year, on.month, on.day, 23, 59, tzinfo=UTC)
    started = time.monotonic()
    day = _Day()
    with tempfile.TemporaryDirectory(prefix="pratique-demo-") as folder:
        desk = Desk(evidence=sample_evidence(), store=f"sqlite:///{Path(folder) / 'demo.db'}")
        answers = receive_rows(
            day.rows(args.seed, args.parcels, on), "aed", desk, sender="demo", now=moment
        )
        decisions = day.decisions(answers)
        if args.json:
            print_json_list(decisions)
        else:
            for _ in decisions:
                pass
        desk.close()
        journal = desk.journal()
        broken = journal.verify()
        journal.close()
    seconds = time.monotonic() - started
    if args.json:
        return 0
    day.show(args.show)
    say(
        f"{day.kept:,} invented parcels of {on} (seed {args.seed}, faults planted in {day.planted:,}) filed, assessed, "
        f"decided and kept in {seconds:.1f} s; journal digests "
        f"{'fit' if broken is None else f'BROKEN at {broken}'}.",
        "bold",
    )
    say(
        "Exchange rates of the demo are invented; AA and QN are invented places. Everything else is as cited."
    )
    return 0


class _Day:
    """What is remembered of a day: one decision of each kind and place, and sums."""

    def __init__(self) -> None:
        self.planted = 0
        self.codes: Counter[str] = Counter()
        self.money: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.chosen: dict[tuple[str, str], Decision] = {}

    @property
    def kept(self) -> int:
        return sum(self.codes.values())

    def rows(self, seed: int, count: int, on: date) -> Iterator[Row]:
        """The invented declarations, as rows of a file."""
        for number, (declaration, faults) in enumerate(generate(seed, count, on=on), start=1):
            self.planted += bool(faults)
            yield Row(number, msgspec.json.encode(declaration), declaration)

    def decisions(self, answers: Iterator[Answer]) -> Iterator[Decision]:
        """The decisions, each counted as it passes. Raises what kept a declaration out."""
        for answer in answers:
            if answer.acknowledgement is None:
                raise answer.error or AssertionError("neither kept nor refused")
            decision = answer.acknowledgement.decision
            self._count(decision)
            yield decision

    def _count(self, decision: Decision) -> None:
        assessed = decision.assessment
        self.codes[decision.code] += 1
        self.chosen.setdefault((assessed.destination if assessed else "", decision.code), decision)
        if assessed is not None:
            money = self.money[assessed.currency]
            for charge in assessed.charges:
                money[charge.kind] += charge.amount
                money[charge.moment] += charge.amount

    def show(self, rows: int) -> None:
        """Decisions of every kind and place with reasons and citations, then the sums."""
        chosen = self._varied(rows)
        table_with_notes(
            "Some decisions of every place and kind, "
            "with the first reason, [the rule it rests on] and where that is written",
            ("parcel", "to", "decision", "#duty", "#tax", "#fees", ""),
            [_row(each) for each in chosen],
            [f"{r.text} [{r.rule}] {r.source}" for r in (each.reasons[0] for each in chosen)],
        )
        if len(self.chosen) > len(chosen):
            say(f"--show {len(self.chosen)} prints one of each kind and place.", "dim")
        say("")
        table(
            "Totals by decision",
            ("decision", "#parcels"),
            [(code, f"{count:,}") for code, count in self.codes.most_common()],
        )
        say("")
        table(
            "Totals by currency",
            ("currency", "#duty", "#tax", "#fees", "#at sale", "#at the border"),
            [
                (
                    currency,
                    *(
                        f"{sums[name]:,.{minor_unit(currency)}f}"
                        for name in ("duty", "tax", "fee", "sale", "border")
                    ),
                )
                for currency, sums in sorted(self.money.items())
            ],
        )
        say("")

    def _varied(self, rows: int) -> list[Decision]:
        """So many decisions that every place has its turn, and every kind is shown about as often."""
        shown: Counter[str] = Counter()
        left = sorted(self.chosen)
        taken: list[tuple[str, str]] = []
        while left and len(taken) < rows:
            for place in sorted({place for place, _ in left}):
                kinds = [key for key in left if key[0] == place]
                key = min(kinds, key=lambda each: (shown[each[1]], each))
                shown[key[1]] += 1
                taken.append(key)
                left.remove(key)
        return [self.chosen[key] for key in sorted(taken[:rows])]


def _row(decision: Decision) -> tuple[str, ...]:
    assessed = decision.assessment
    if assessed is None:
        return decision.declaration, "", decision.code, "", "", "", ""
    places = minor_unit(assessed.currency)

    def amount(kind: Literal["duty", "tax", "fee"]) -> str:
        known = amount_text(assessed.total(kind), places)
        if not assessed.needs_human or kind == "fee":
            return known
        return f"{known} + ?" if assessed.total(kind) else "?"

    amounts = (amount("duty"), amount("tax"), amount("fee"))
    return decision.declaration, assessed.destination, decision.code, *amounts, assessed.currency
