"""``pratique demo``: one invented day of parcels through the whole walk, into the embedded store, printed."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import Future
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import msgspec

from pratique.cli.arguments import a_date
from pratique.cli.output import print_json, say, table
from pratique.model.codelists import minor_unit
from pratique.model.evidence import Evidence, ExchangeRate
from pratique.model.money import amount_text
from pratique.model.outcomes import Decision
from pratique.office.desk import Desk
from pratique.office.generate import generate
from pratique.office.receive import Sending, file_declaration
from pratique.store import Receipt

_DAY = date(2026, 7, 1)
_SAMPLE_RATES = {
    ("USD", "EUR"): "0.92", ("GBP", "EUR"): "1.17", ("CNY", "EUR"): "0.128", ("HKD", "EUR"): "0.118",
    ("INR", "EUR"): "0.0109", ("TRY", "EUR"): "0.026", ("KRW", "EUR"): "0.00067", ("JPY", "EUR"): "0.0062",
}  # fmt: skip
_PER_EURO = {
    "GBP": "0.855", "NOK": "11.7", "USD": "1.087", "AUD": "1.66", "XTS": "2", "PLN": "4.31", "SEK": "11.1",
    "CZK": "24.6", "DKK": "7.46", "HUF": "402", "RON": "5.08",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--parcels", type=int, default=2000)
    parser.add_argument("--on", default=_DAY.isoformat(), metavar="DATE")
    parser.add_argument("--show", type=int, default=24, help="rows of the table of decisions")


def sample_evidence() -> Evidence:
    """Invented exchange rates for the sample day, said to be so wherever they are used."""
    euro = {currency: Decimal(rate) for (currency, _), rate in _SAMPLE_RATES.items()}
    rates = []
    homes = {"EUR": Decimal(1), **{home: Decimal(rate) for home, rate in _PER_EURO.items()}}
    for home, per_euro in homes.items():
        for currency, in_euro in {"EUR": Decimal(1), **euro}.items():
            if currency != home:
                rate = (in_euro * per_euro).quantize(Decimal("0.000001"))
                rates.append(
                    ExchangeRate(
                        currency=currency,
                        home=home,
                        rate=rate,
                        source="invented rate of the sample day",
                    )
                )
    return Evidence(rates=tuple(rates))


def run(args: argparse.Namespace) -> int:
    """Generate, file, and print the day."""
    on = a_date(args.on)
    moment = datetime(on.year, on.month, on.day, 23, 59, tzinfo=UTC)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pratique-demo-") as folder:
        desk = Desk(evidence=sample_evidence(), store=f"sqlite:///{Path(folder) / 'demo.db'}")
        futures: list[Future[Receipt]] = []
        planted = 0
        for declaration, faults in generate(args.seed, args.parcels, on=on):
            planted += bool(faults)
            source = msgspec.json.encode(declaration)
            sending = Sending(sender="demo", source=source, form="aed", now=moment)
            futures.append(file_declaration(declaration, sending, desk))
        decisions = [
            msgspec.json.decode(future.result().answer, type=Decision) for future in futures
        ]
        desk.close()
        journal = desk.journal()
        broken = journal.verify()
        journal.close()
    seconds = time.monotonic() - started
    if args.json:
        print_json([msgspec.to_builtins(each) for each in decisions])
        return 0
    _show(decisions, args.show)
    _totals(decisions)
    say(
        f"{len(decisions)} invented parcels of {on} (seed {args.seed}, faults planted in {planted}) filed, assessed, "
        f"decided and kept in {seconds:.1f} s; journal digests "
        f"{'fit' if broken is None else f'BROKEN at {broken}'}.",
        "bold",
    )
    say(
        "Exchange rates of the demo are invented; AA and QN are invented places. Everything else is as cited."
    )
    return 0


def _show(decisions: list[Decision], rows: int) -> None:
    """Some decisions of every kind and place, with amounts, reasons and citations."""
    chosen: list[Decision] = []
    seen: Counter[tuple[str, str]] = Counter()
    for each in decisions:
        key = (each.code, each.assessment.destination if each.assessment else "")
        if seen[key] < 1:
            chosen.append(each)
        seen[key] += 1
    chosen.sort(
        key=lambda each: (each.assessment.destination if each.assessment else "", each.code)
    )
    table(
        "Decisions (one of each kind and place)",
        (
            "parcel",
            "to",
            "decision",
            "#duty",
            "#tax",
            "#fees",
            "",
            "first reason, and the rule it rests on",
        ),
        [_row(each) for each in chosen[:rows]],
    )
    if len(chosen) > rows:
        say(f"… and {len(chosen) - rows} more kinds; --show {len(chosen)} prints them all.", "dim")
    say("")


def _row(decision: Decision) -> tuple[str, ...]:
    assessed = decision.assessment
    reason = decision.reasons[0]
    text = f"{reason.text} [{reason.rule}]"
    if assessed is None:
        return decision.declaration, "", decision.code, "", "", "", "", text
    places = minor_unit(assessed.currency)
    amounts = [
        amount_text(assessed.total("duty"), places),
        amount_text(assessed.total("tax"), places),
        amount_text(assessed.total("fee"), places),
    ]
    return (
        decision.declaration,
        assessed.destination,
        decision.code,
        *amounts,
        assessed.currency,
        text,
    )


def _totals(decisions: list[Decision]) -> None:
    """Counts by decision, and money by currency."""
    codes = Counter(each.code for each in decisions)
    money: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for each in decisions:
        if each.assessment is not None:
            for charge in each.assessment.charges:
                money[each.assessment.currency][charge.kind] += charge.amount
                money[each.assessment.currency][charge.moment] += charge.amount
    table(
        "Totals by decision",
        ("decision", "#parcels"),
        [(code, f"{count:,}") for code, count in codes.most_common()],
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
            for currency, sums in sorted(money.items())
        ],
    )
    say("")
