"""``pratique law check``: everything a machine can find wrong with law files, and how much law there is."""

from __future__ import annotations

import argparse
from importlib.resources.abc import Traversable
from pathlib import Path

from pratique.cli.output import entries, print_json, say, table
from pratique.errors import UsageError
from pratique.jurisdictions import Library
from pratique.office.transparency.survey import Place, Restricted, Survey, WeakEntry, survey
from pratique.settings import read_settings

_SHOWN = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="table and weak entries of it alone"
    )
    parser.add_argument("--directory", metavar="DIR", help="a folder of law files of your own")
    parser.add_argument("--table", action="store_true", help="places in figures")
    parser.add_argument(
        "--weak", action="store_true", help="entries of weak confidence, or without address"
    )


def run(args: argparse.Namespace) -> int:
    """Check, and tell."""
    found = survey(folders(args.directory))
    code = (args.code or "").upper()
    if code and found.places and code not in {place.code for place in found.places}:
        raise UsageError(f"There is no law file for {code}.")
    places = [each for each in found.places if code in ("", each.code)]
    weak = [each for each in found.weak if each.rule.startswith(code.lower())]
    if args.json:
        told = {"faults": found.faults, "places": places, "weak": weak if args.weak else None}
        print_json({name: value for name, value in told.items() if value is not None})
        return 1 if found.faults else 0
    for fault in found.faults:
        say(f"{fault.entry}: {fault.message}", "red")
    if args.table and places:
        table("", COLUMNS, [row(each) for each in places])
    if args.weak:
        _weak(weak)
    if found.places and not found.faults:
        say(summary(found), "bold")
    if found.restricted is not None and not found.faults:
        say(_restricted(found.restricted), "bold")
    return 1 if found.faults else 0


COLUMNS = (
    "code",
    "place",
    "#since",
    "#versions",
    "#entries",
    "#cases",
    "#high/med./low",
    "#no url",
)


def row(place: Place) -> tuple[str, ...]:
    """A place as a row of the table; its name without what stands in brackets, so that it fits."""
    return (
        place.code,
        place.name.partition(" (")[0],
        place.since.isoformat() if place.since else "union",
        str(place.versions or ""),
        str(place.entries),
        f"{place.passing}/{place.cases}" if place.cases else "none",
        f"{place.high}/{place.medium}/{place.low}",
        str(place.without_url or ""),
    )


def summary(found: Survey) -> str:
    """The whole in one line."""
    places = found.places
    by = ", ".join(
        f"{sum(getattr(place, each) for place in places)} {each}"
        for each in ("high", "medium", "low")
    )
    passing = sum(place.passing for place in places)
    return (
        f"{sum(not place.union for place in places)} places, {sum(place.entries for place in places)} entries, "
        f"all dated and cited ({by} confidence); {passing} of {len(found.cases)} published examples come out as published."
    )


def _restricted(of: Restricted) -> str:
    return (
        f"Restrictions of {of.places} places and {of.conventions} conventions, {of.entries} entries, "
        f"{of.goods} kinds of goods ({of.high} high, {of.medium} medium, {of.low} low confidence)."
    )


def _weak(weak: list[WeakEntry]) -> None:
    entries(
        [
            (
                f"{each.rule}  {each.confidence}{'' if each.url else ', no url'}",
                (each.source, each.note, each.url),
            )
            for each in weak[:_SHOWN]
        ]
    )
    if len(weak) > _SHOWN:
        say(f"… and {len(weak) - _SHOWN:,} more (CODE for one place; --json lists all)", "dim")


def folders(directory: str | None) -> list[Traversable]:
    """The folders of law files in use: those shipped, and one's own. Raises ``UsageError``."""
    found: list[Traversable] = list(Library.shipped_folders())
    own = directory or read_settings().law
    if own is not None:
        if not Path(own).is_dir():
            raise UsageError(f"There is no folder {own}.")
        found.append(Path(own))
    return found
