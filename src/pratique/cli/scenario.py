"""``pratique scenario``: exercises with rules of their own, such as the four gates of the WCO's hackathon."""

from __future__ import annotations

import argparse
import heapq
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pratique.cli.arguments import read_bytes
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError
from pratique.office.four_gates import run_four_gates, summary_json
from pratique.office.four_gates_orders import write_orders
from pratique.scenarios.four_gates.classify import TableOfWords
from pratique.scenarios.four_gates.gates import DayResult, Gates
from pratique.scenarios.four_gates.rules import Rules, read_rules, read_tariff, shipped

_SHOWN = 5
EPILOG = """
  pratique scenario four-gates --generate 10000 --seed 7 -o orders.csv      (and orders.key.csv: what was planted)
  pratique scenario four-gates orders.csv -o results/

The folder gets items.csv, items.ndjson, orders.csv, importer_days.csv, unreadable.csv and summary.json. Its figures are
rules of a game and the law of no place: docs/guides/four-gates.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = parser.add_subparsers(dest="action", required=True)
    gates = actions.add_parser(
        "four-gates", help="orders of online shops: who, what, how much, is it dangerous"
    )
    gates.add_argument("orders", nargs="*", type=Path, metavar="ORDERS.csv")
    gates.add_argument(
        "--tariff", metavar="FILE", help="a tariff by heading or by section (default: the brief's)"
    )
    gates.add_argument(
        "--profiles", metavar="FILE", help="risk profiles and settings in place of the brief's"
    )
    gates.add_argument(
        "--time-zone", metavar="ZONE", help="whose civil day counts (default Asia/Dubai)"
    )
    gates.add_argument("-o", "--out", type=Path, required=True, metavar="FOLDER")
    gates.add_argument(
        "--generate", type=int, metavar="N", help="invent N orders into the file named by -o"
    )
    gates.add_argument("--seed", type=int, default=1, help="of the invented orders (default 1)")
    gates.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the gates over the files, or invent orders."""
    rules, digest = _rules(args)
    if args.generate is not None:
        return _generate(args, rules)
    if not args.orders:
        raise UsageError("Name a file of orders, or --generate N to invent one.")
    for path in args.orders:
        if not path.is_file():
            raise UsageError(f"There is no file {path}.")
    if args.out.exists() and not args.out.is_dir():
        raise UsageError(f"{args.out} is a file; results go to a folder.")
    zone = _zone(rules.settings.time_zone)
    name = Path(args.tariff).name if args.tariff else "tariff.csv"
    data = read_bytes(args.tariff) if args.tariff else shipped("tariff.csv")
    gates = Gates(rules, read_tariff(data, name, rules.settings.tariff_rate_unit), TableOfWords())
    largest = _Largest()
    started = time.monotonic()
    totals = run_four_gates(
        args.orders, gates, zone, args.out, watch=largest.see,
        progress=_progress if sys.stderr.isatty() else lambda lines: None,
    )  # fmt: skip
    told = summary_json(totals, gates, digest, args.orders)
    (args.out / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(told)) + b"\n")
    if args.json:
        print_json(told)
    else:
        _show(told, largest.splits(), gates)
        say(f"{totals.lines:,} lines in {time.monotonic() - started:.1f} s; results in {args.out}/", "dim")  # fmt: skip
    return 1 if totals.unreadable_rows else 0


def _rules(args: argparse.Namespace) -> tuple[Rules, str]:
    other = read_bytes(args.profiles) if args.profiles else None
    rules, digest = read_rules(other, str(args.profiles))
    if args.time_zone:
        settings = msgspec.structs.replace(rules.settings, time_zone=args.time_zone)
        rules = msgspec.structs.replace(rules, settings=settings)
    return rules, digest


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"There is no time zone {name!r}: write it as Asia/Dubai.") from error


def _generate(args: argparse.Namespace, rules: Rules) -> int:
    if args.orders or not 1 <= args.generate <= 10_000_000:
        raise UsageError("--generate takes 1 to 10,000,000 orders, and no files.")
    if args.out.is_dir():
        raise UsageError(f"{args.out} is a folder: with --generate, -o names the order file.")
    key, lines = write_orders(args.generate, args.seed, rules, args.out)
    told = {"orders": args.generate, "lines": lines, "seed": args.seed, "file": str(args.out), "key": str(key)}  # fmt: skip
    if args.json:
        print_json(told)
    else:
        say(f"{args.generate:,} invented orders, {lines:,} lines, seed {args.seed}: {args.out}; what was planted: {key}")  # fmt: skip
    return 0


def _progress(lines: int) -> None:
    print(f"\r{lines:>14,d} lines", end="", file=sys.stderr, flush=True)


class _Largest:
    """The splits with the largest daily totals."""

    def __init__(self) -> None:
        self._held: list[tuple[Decimal, str, str, str, DayResult]] = []

    def see(self, day: DayResult) -> None:
        if day.is_split:
            slim = msgspec.structs.replace(day, items=())
            heapq.heappush(self._held, (day.total, day.day, day.importer_name, day.delivery_address, slim))  # fmt: skip
            if len(self._held) > _SHOWN:
                heapq.heappop(self._held)

    def splits(self) -> list[DayResult]:
        return [each[-1] for each in sorted(self._held, key=lambda each: each[:4], reverse=True)]


def _show(told: dict[str, Any], splits: list[DayResult], gates: Gates) -> None:
    totals, currency = told["totals"], told["currency"]
    say(f"{told['scenario']}: rules of a game, the law of no place ({told['source']})", "bold")
    say(
        f"{totals['lines']:,} lines, {totals['orders']:,} orders, {totals['importer_days']:,} importer-days: "
        f"{totals['dutiable']:,} over {told['threshold']['value']} {currency}, {totals['free']:,} not, "
        f"{totals['undecided']:,} undecided; {totals['splits']:,} split"
    )
    say(f"Value {Decimal(totals['value']):,.2f} {currency}, duty {Decimal(totals['duty']):,.2f} {currency}", "bold")  # fmt: skip
    if totals["open_lines"]:
        say(f"Not in it is the duty of lines nobody here can say it of: {totals['open_lines']:,}. A person must.", "bold red")  # fmt: skip
    if totals["unreadable_rows"]:
        say(f"{totals['unreadable_rows']:,} rows could not be read: unreadable.csv", "bold red")
    says = {each.code: each.says for each in gates.rules.reason}
    says |= {f"G4-{each.id}": f"{each.title}: {each.action.replace('_', ' ')}" for each in gates.rules.profile}  # fmt: skip
    counts = [totals[f"{name}_reasons"] for name in ("item", "order", "day")]
    table("", ("reason", "#lines", "#orders", "#days", "what it says"), [
        (code, *(f"{count[code]:,}" if code in count else "" for count in counts), says[code])
        for code in sorted({*counts[0], *counts[1], *counts[2]})
    ])  # fmt: skip
    if splits:
        table(
            "Splits, the largest first",
            ("day", "importer", "#orders", f"#total {currency}", f"#duty {currency}"),
            [(each.day, _printable(each.importer_name), str(len(each.orders)), f"{each.total:,.2f}", f"{each.duty:,.2f}") for each in splits],
        )  # fmt: skip
    say("Settings: " + ", ".join(f"{name} {value}" for name, value in told["settings"].items()), "dim")  # fmt: skip


def _printable(text: str) -> str:
    """A text from a file, without what would act on a terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)[:60]
