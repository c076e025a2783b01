"""``pratique tariff``: bring in the tariff of a place, and look up its lines."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError
from pratique.jurisdictions import tariffs
from pratique.jurisdictions.reader import read_tariff
from pratique.rules.tariff import TariffLine
from pratique.settings import read_settings

_SHOWN = 12
EPILOG = """
  pratique tariff import hts_2025.csv --form us-hts --to US --from 2025-01-01 --directory law/
  pratique tariff import gb/*.json --form uk-json --to GB --directory law/
  pratique tariff import mine.csv --form csv --to XK --from 2026-01-01 --source "Customs Tariff 2026" --directory law/
  pratique tariff show US 610910 --origin MX --preference --on 2025-06-01

The file made, xx.tariff.csv, lies beside the law files of the folder; set PRATIQUE_LAW to the folder to use it. What is
no rate but words is kept so, and asks a person. docs/guides/tariffs.md says how the file is written.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    actions = parser.add_subparsers(dest="action", required=True)
    bring = actions.add_parser("import", help="bring in a published tariff")
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    about = "; ".join(f"{name}: {form.ABOUT}" for name, form in sorted(tariffs.forms().items()))
    bring.add_argument("--form", required=True, metavar="FORM", help=about)
    bring.add_argument("--to", required=True, metavar="CODE", help="place whose tariff it is")
    bring.add_argument(
        "--from",
        dest="since",
        metavar="DATE",
        help="first day it holds, where the file does not say",
    )
    bring.add_argument("--source", default="", help="act or edition, where the file does not say")
    bring.add_argument("--url", default="")
    bring.add_argument("--directory", metavar="DIR", help="folder of law files (default: law)")
    look = actions.add_parser("show", help="the line goods fall under")
    look.add_argument("code", metavar="CODE")
    look.add_argument("hs")
    look.add_argument("--origin", metavar="XX")
    look.add_argument("--preference", action="store_true", help="preferential origin is claimed")
    look.add_argument("--on", metavar="DATE")
    for each in (bring, look):
        each.add_argument("--json", action="store_true", help="answer as JSON")


def run(args: argparse.Namespace) -> int:
    """Bring in, or look up."""
    return _import(args) if args.action == "import" else _show(args)


def _import(args: argparse.Namespace) -> int:
    code = args.to.lower()
    told = tariffs.Told(
        since=a_date(args.since) if args.since else now().date(), source=args.source, url=args.url
    )
    rows = [row for file in args.files for row in tariffs.read(args.form, _content(file), told)]
    content, imported = tariffs.write(rows)
    if not imported.rows:
        raise UsageError("There is no rate in what was given.")
    folder = Path(args.directory or read_settings().law or "law")
    path = folder / f"{code}.tariff.csv"
    lines = sum(1 for _ in read_tariff(path.name, content))
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if args.json:
        print_json({"file": str(path), "lines": lines, "imported": imported})
        return 0
    say(f"{lines:,} lines in {path}", "bold")
    forms = sorted(
        {*imported.general, *imported.special}, key=lambda form: -imported.general.get(form, 0)
    )
    table(
        "",
        ("rate", "#general", "#by origin or preference"),
        [
            (form, f"{imported.general.get(form, 0):,}", f"{imported.special.get(form, 0):,}")
            for form in forms
        ],
    )
    _list("general rates are only words: a person is asked", imported.in_words)
    _list("rest on what no declaration says: a person is asked", imported.untold)
    say(f"PRATIQUE_LAW={folder} pratique quote …   reckons with it.", "dim")
    return 0


def _list(what: str, found: Sequence[tuple[str, str]]) -> None:
    if found:
        say(f"{len(found):,} {what}", "bold")
        for hs, text in found[:_SHOWN]:
            say(f"  {hs}  {text[:100]}")
        if len(found) > _SHOWN:
            say(f"  … and {len(found) - _SHOWN:,} more (--json lists all)", "dim")


def _content(path: Path) -> bytes:
    if path.stat().st_size > tariffs.MOST_BYTES:
        raise UsageError(f"{path} is larger than {tariffs.MOST_BYTES // 1_000_000} MB.")
    return path.read_bytes()


def _show(args: argparse.Namespace) -> int:
    at_hand, _ = desk()
    on = a_date(args.on) if args.on else now().date()
    law = at_hand.law_in_force(args.code, on)
    found = law.tariff.line(args.hs, args.origin, args.preference, on)
    if isinstance(found, TariffLine):
        told = {
            "hs": found.hs,
            "rate": found.duty.text,
            "form": found.duty.form,
            "needs_human": found.duty.untold or None,
            "from": found.valid_from.isoformat(),
            "rule": found.rule,
            "source": found.source,
            "url": found.url,
        }
    else:
        because = found or (
            f"{args.hs} is not in the tariff of {args.code.upper()} on {on}"
            if law.tariff
            else f"no tariff is loaded for {args.code.upper()}: pratique tariff import brings one in"
        )
        told = {"hs": args.hs, "rate": None, "needs_human": because}
    if args.json:
        print_json(told)
    else:
        for key, value in told.items():
            if value:
                say(f"{key:12} {value}")
    return 0 if told["rate"] and not told["needs_human"] else 1
