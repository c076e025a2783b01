"""``pratique law``: show the law of a place, check law files, or begin one."""

from __future__ import annotations

import argparse
import contextlib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

from pratique.cli.arguments import a_date, desk, now
from pratique.cli.output import print_json, say, table
from pratique.errors import NoRuleInForceError, UsageError
from pratique.jurisdictions import (
    LawFault,
    Library,
    Restrictions,
    check_folders,
    restrictions_of,
    template,
)
from pratique.jurisdictions.schema import Dated
from pratique.model.codelists import country_name, is_country
from pratique.model.restrictions import Restriction
from pratique.office.desk import Desk
from pratique.rules.law import Charge, Entry, Law, Reckoning, Settle, Threshold
from pratique.settings import read_settings

EPILOG = """
  pratique law show GB --on 2026-07-01      what holds there that day, with sources
  pratique law check                        everything that can be wrong with the law files
  pratique law check --directory law/       the same for a folder of your own (beside those shipped)
  pratique law new XK --directory law/      a file to begin with, for a place that has none
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("action", choices=("show", "check", "new"))
    parser.add_argument("code", nargs="?", help="ISO 3166 code of the place")
    parser.add_argument("--on", metavar="DATE")
    parser.add_argument(
        "--as-known-on", metavar="DATE", help="show as on that day, by what was known then"
    )
    parser.add_argument("--directory", metavar="DIR", help="folder of law files (new: default law)")


def run(args: argparse.Namespace) -> int:
    """Show, check or begin."""
    return {"show": _show, "check": _check, "new": _new}[args.action](args)


def _new(args: argparse.Namespace) -> int:
    code = (args.code or "").lower()
    if not is_country(code.upper()):
        raise UsageError("pratique law new CODE: which place? Two letters of ISO 3166, as XK.")
    folder = Path(args.directory or read_settings().law or "law")
    path = folder / f"{code}.toml"
    if path.exists():
        raise UsageError(f"There is a file {path} already.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(template(code, country_name(code.upper())), "utf-8")
    if args.json:
        print_json({"file": str(path)})
    else:
        say(f"Begun in {path}. Change each rule and its source to those of your law, then")
        say(f"  pratique law check --directory {folder}")
    return 0


def _show(args: argparse.Namespace) -> int:
    if not args.code:
        raise UsageError("pratique law show CODE: which place?")
    at_hand, _ = desk(known_on=a_date(args.as_known_on) if args.as_known_on else None)
    on = a_date(args.on) if args.on else now().date()
    law = at_hand.law_in_force(args.code, on)
    entries = [_entry(each) for each in _entries(law)]
    restrictions = [_restriction(each) for each in _restrictions(at_hand, args.code, on)]
    if args.json:
        print_json(
            {
                "code": law.code.upper(),
                "name": law.name,
                "currency": law.currency,
                "valid_from": law.valid_from.isoformat(),
                "valid_until": law.valid_until.isoformat() if law.valid_until else None,
                "digest": law.digest,
                "entries": entries,
                "restrictions": restrictions,
            }
        )
        return 0
    until = f" until {law.valid_until}" if law.valid_until else ""
    say(
        f"{law.name} ({law.code.upper()}), in {law.currency}, as from {law.valid_from}{until}",
        "bold",
    )
    table(
        "",
        ("entry", "what it says", "source", "confidence"),
        [(each["rule"], each["says"], each["source"], each["confidence"]) for each in entries],
    )
    if restrictions:
        table(
            "Restrictions in force, beside those of the conventions",
            ("entry", "effect", "what it says", "source", "confidence"),
            [
                (each["rule"], each["effect"], each["says"], each["source"], each["confidence"])
                for each in restrictions
            ],
        )
    else:
        say("No restrictions of this place are known here on that day: a person must look.")
    return 0


def _restrictions(at_hand: Desk, code: str, on: date) -> list[Restriction]:
    """What may not cross there on that day, the union's first; what is not known then is left out."""
    known = restrictions_of(at_hand.library)
    found: list[Restriction] = []
    for each in known.chain(code):
        with contextlib.suppress(NoRuleInForceError):
            found.extend(known.layer(each, on, at_hand.known_on).restrictions)
    return found


def _restriction(entry: Restriction) -> dict[str, Any]:
    return {
        "rule": entry.citation.rule,
        "effect": entry.effect,
        "goods": list(entry.goods),
        "says": f"{entry.what} ({', '.join(entry.directions)}): {entry.because}",
        "source": entry.citation.source,
        "url": entry.citation.url,
        "confidence": entry.citation.confidence,
        "seen": entry.citation.seen.isoformat() if entry.citation.seen else None,
    }


def _entries(law: Law) -> list[Entry]:
    order = [each for each in law.order if not isinstance(each, Settle)]
    return [*law.parameters, *law.regimes, *order, *law.remarks, *law.requirements]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "rule": entry.citation.rule,
        "title": entry.title,
        "says": _says(entry),
        "source": entry.citation.source,
        "url": entry.citation.url,
        "confidence": entry.citation.confidence,
        "seen": entry.citation.seen.isoformat() if entry.citation.seen else None,
    }


def _says(entry: Entry) -> str:
    text = getattr(entry, "text", "") or getattr(entry, "because", "")
    if isinstance(entry, Charge):
        condition = f" when {entry.condition}" if entry.condition else ""
        return f"{entry.title}: {text}{condition} [{', '.join(entry.regimes)}]"
    if isinstance(entry, Threshold):
        return f"{entry.because} ({text})"
    if isinstance(entry, Reckoning):
        return f"{entry.title or entry.name} = {text}"
    return f"{entry.title}: {text}" if entry.title else str(text)


def _check(args: argparse.Namespace) -> int:
    faults, library = _checked(args.directory)
    if args.json:
        print_json(msgspec.to_builtins(faults))
        return 1 if faults else 0
    for fault in faults:
        say(f"{fault.entry}: {fault.message}", "red")
    if library is not None and not faults:
        entries = [
            entry
            for file in library.files.values()
            for each in file.series().values()
            for entry in each
        ]
        say(
            f"{len(library.codes())} places, {len(entries)} entries, all dated and cited "
            f"({_confidence(entries)} confidence).",
            "bold",
        )
        say(_counted(restrictions_of(library)), "bold")
    return 1 if faults else 0


def _counted(restrictions: Restrictions) -> str:
    files = [restrictions.file(code) for code in restrictions.codes()]
    entries = [entry for file in files for series in file.restriction.values() for entry in series]
    everywhere = sum(file.is_everywhere for file in files)
    return (
        f"Restrictions of {len(files) - everywhere} places and {everywhere} conventions, {len(entries)} entries, "
        f"{len(restrictions.goods)} kinds of goods ({_confidence(entries)} confidence)."
    )


def _confidence(entries: Iterable[Dated]) -> str:
    counted = Counter(entry.confidence for entry in entries)
    return ", ".join(f"{counted[each]} {each}" for each in ("high", "medium", "low"))


def _checked(directory: str | None) -> tuple[tuple[LawFault, ...], Library | None]:
    folders: list[Traversable] = list(Library.shipped_folders())
    own = directory or read_settings().law
    if own is not None:
        if not Path(own).is_dir():
            raise UsageError(f"There is no folder {own}.")
        folders.append(Path(own))
    faults = check_folders(folders)
    return faults, None if faults else Library(folders)
