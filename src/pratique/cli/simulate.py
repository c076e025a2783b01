"""``pratique simulate``: what would come of other law, on the same parcels?"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from pratique.cli.arguments import a_date, desk, evidence_of, now, read_bytes
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError
from pratique.jurisdictions import read_patch
from pratique.model.codelists import minor_unit
from pratique.office.simulate import KINDS, Cell, Simulation, simulate

_MOST_ROWS = 12
EPILOG = """
  pratique generate --parcels 100000 --on 2026-07-01 -o day.parquet
  pratique simulate examples/patches/eu-relief-150.toml --parcels day.parquet --on 2026-07-01 --fx USD/EUR=0.92

A patch is written as a law file is: its entries stand in place of those of the file its code names, from their first
day on; remove = { "charge/x" = 2026-07-01 } ends one. docs/guides/simulate.md has more. Amounts are what the two laws
come to on these parcels as they are: nobody is thought to buy more or less.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("patches", nargs="+", metavar="PATCH.toml")
    parser.add_argument("--parcels", required=True, type=Path, metavar="FILE")
    parser.add_argument("--on", metavar="DATE", help="day whose law applies (default today)")
    parser.add_argument(
        "--fx",
        action="append",
        default=[],
        metavar="USD/EUR=0.92",
        help="exchange rate to use; sample for invented ones",
    )
    parser.add_argument("--workers", type=int, default=1, help="processes to use (default 1)")


def run(args: argparse.Namespace) -> int:
    """Reckon both, and show what differs."""
    if not args.parcels.is_file():
        raise UsageError(f"There is no file {args.parcels}.")
    contents = [(name, read_bytes(name)) for name in args.patches]
    patches = [(read_patch(content, name), content) for name, content in contents]
    evidence = evidence_of(args.fx)
    at_hand, _ = desk(evidence)
    started = time.monotonic()
    found = simulate(
        args.parcels,
        at_hand.library,
        at_hand.library.patched(patches),
        on=a_date(args.on) if args.on else now().date(),
        evidence=evidence,
        workers=args.workers,
        progress=_progress if sys.stderr.isatty() else lambda rows: None,
    )
    seconds = time.monotonic() - started
    name = "; ".join(
        patch.name or Path(file).stem
        for (patch, _), file in zip(patches, args.patches, strict=True)
    )
    if args.json:
        print_json({"patch": name, "seconds": round(seconds, 2), **_published(found)})
    else:
        _show(found, name)
        say(f"{found.parcels:,} parcels in {seconds:.1f} s", "dim")
    return 0


def _progress(rows: int) -> None:
    print(f"\r{rows:>14,d} parcels", end="", file=sys.stderr, flush=True)


def _published(found: Simulation) -> dict[str, object]:
    def cell(each: Cell) -> dict[str, object]:
        return {**msgspec.to_builtins(each), "difference": str(each.difference)}

    return {
        "on": found.on.isoformat(),
        "parcels": found.parcels,
        "no_law": found.no_law,
        "by_currency": [cell(each) for each in found.by_currency],
        "by_destination": [cell(each) for each in found.by_destination],
        "by_band": [cell(each) for each in found.by_band],
        "by_origin": [cell(each) for each in found.by_origin],
        "by_payer": [
            {"currency": currency, "payer": payer, "today": str(today), "patched": str(patched)}
            for currency, payer, today, patched in found.by_payer
        ],
    }


def _show(found: Simulation, name: str) -> None:
    say(f"{name}: today's law and the patched one, as they stand on {found.on}", "bold")
    for whole in found.by_currency:
        currency = whole.currency
        if not whole.touched:
            say(f"\n{currency}: {whole.parcels:,} parcels, nothing differs.")
            continue
        say(f"\n{currency}: {whole.touched:,} of {whole.parcels:,} parcels touched, "
            f"{whole.dearer:,} dearer, {whole.cheaper:,} cheaper; a person must settle {whole.asked_today:,} today, "
            f"{whole.asked_patched:,} then")  # fmt: skip
        rows = [(kind, whole.today[kind], whole.patched[kind]) for kind in KINDS]
        rows.append(("in all", _sum(whole.today.values()), _sum(whole.patched.values())))
        _amounts("what", rows, currency)
        say("who pays", "bold")
        _amounts("payer", [row[1:] for row in found.by_payer if row[0] == currency], currency)
        for title, cells in (
            ("price band", found.by_band),
            ("origin", found.by_origin),
            ("destination", found.by_destination),
        ):
            _cells(title, [each for each in cells if each.currency == currency], currency)
    if found.no_law:
        say(f"{found.no_law:,} parcels go where no law is loaded.", "yellow")


def _amounts(title: str, rows: Sequence[tuple[str, Decimal, Decimal]], currency: str) -> None:
    table(
        "",
        (title, "#today", "#patched", "#difference"),
        [(name, _money(today, currency), _money(patched, currency), _money(patched - today, currency, sign=True))
         for name, today, patched in rows],
    )  # fmt: skip


def _cells(title: str, cells: Sequence[Cell], currency: str) -> None:
    if len(cells) < 2:
        return
    say(f"by {title}", "bold")
    shown = cells[:_MOST_ROWS]
    table(
        "",
        (title, "#parcels", "#touched", "#today", "#patched", "#difference"),
        [
            (
                each.name,
                f"{each.parcels:,}",
                f"{each.touched:,}",
                _money(_sum(each.today.values()), currency),
                _money(_sum(each.patched.values()), currency),
                _money(each.difference, currency, sign=True),
            )
            for each in shown
        ],
    )
    if len(cells) > len(shown):
        say(f"… and {len(cells) - len(shown)} more (--json has all)", "dim")


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _money(value: Decimal, currency: str, *, sign: bool = False) -> str:
    return f"{value:{'+' if sign and value else ''},.{minor_unit(currency)}f}"
