"""``pratique rates``: bring in published exchange rates, and look them up as a law does."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError
from pratique.jurisdictions.rates import FORMS, read_rates, write_rates
from pratique.model.evidence import fixing_day

EPILOG = """
  pratique rates import eurofxref-hist.csv --form ecb -o rates.csv
  pratique rates import monthly.csv --form hmrc -o rates.csv      (adds to what is there)
  PRATIQUE_RATES=rates.csv pratique rates show DE --on 2026-07-01

Which published rate counts is said by the law of each place, and shown in the trace of every answer; --fx goes before it.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = parser.add_subparsers(dest="action", required=True)
    bring = actions.add_parser("import", help="bring in published rates")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument("--form", required=True, choices=sorted(FORMS))
    bring.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    look = actions.add_parser("show", help="the rates the law of a place reckons with on a day")
    look.add_argument("code", metavar="CODE")
    look.add_argument("--on", metavar="DATE")
    for each in (bring, look):
        each.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Bring in, or look up."""
    return _import(args) if args.action == "import" else _show(args)


def _import(args: argparse.Namespace) -> int:
    kept = read_rates(args.out.read_bytes(), args.out.name) if args.out.is_file() else []
    rates = {(each.source, each.day, each.base, each.quote): each for each in kept}
    before = len(rates)
    for file in args.files:
        if not file.is_file():
            raise UsageError(f"There is no file {file}.")
        for each in FORMS[args.form](file.read_bytes(), file.name):
            rates[each.source, each.day, each.base, each.quote] = each
    if not rates:
        raise UsageError("There is no rate in what was given.")
    args.out.write_bytes(write_rates(rates.values()))
    days = [each.day for each in rates.values()]
    told = {"file": str(args.out), "rates": len(rates), "new": len(rates) - before,
            "from": min(days).isoformat(), "to": max(days).isoformat()}  # fmt: skip
    if args.json:
        print_json(told)
    else:
        say(
            f"{len(rates):,} rates ({told['new']:,} new) from {told['from']} to {told['to']} in {args.out}"
        )
        say(f"PRATIQUE_RATES={args.out} pratique quote …   reckons with them.", "dim")
    return 0


def _show(args: argparse.Namespace) -> int:
    at_hand, _ = desk()
    on = a_date(args.on) if args.on else now().date()
    law = at_hand.law_in_force(args.code, on)
    found = at_hand.evidence.into(law.currency, law.fixing, on)
    told = [
        {
            "currency": each.currency,
            "home": each.home,
            "rate": str(each.rate),
            "source": each.source,
        }
        for _, each in sorted(found.items())
    ]
    if args.json:
        print_json(told)
        return 0 if told else 1
    whose = law.fixing.source or "any source"
    as_of = fixing_day(law.fixing.rule, on)
    say(
        f"{law.name} on {on}: rates of {whose}, the last up to {as_of}, at most {law.fixing.most_days} days old"
    )
    if not told:
        say(
            "None is loaded for it: pratique rates import brings them in, PRATIQUE_RATES names the file.",
            "yellow",
        )
        return 1
    table("", ("currency", f"#{law.currency} for one", "published as"), [
        (each["currency"], each["rate"], each["source"]) for each in told
    ])  # fmt: skip
    return 0
