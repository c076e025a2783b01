"""``pratique law new``: a law file to begin with, for a place that has none."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.jurisdictions import Library, template
from pratique.jurisdictions.restrictions import RESTRICTIONS
from pratique.model.codelists import country_name, is_country
from pratique.settings import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("code", metavar="CODE", help="ISO 3166 code of the place")
    parser.add_argument("--directory", metavar="DIR", help="folder of law files (default: law)")


def run(args: argparse.Namespace) -> int:
    """Begin a file."""
    code = args.code.lower()
    if not is_country(code.upper()):
        raise UsageError(
            f"pratique law new {args.code}: no ISO 3166 code of two letters. Take that of the place, as XK; for an "
            "invented place one that ISO leaves to users, XA to XZ."
        )
    if (Library.shipped_folders()[0] / f"{code}.toml").is_file():
        raise UsageError(
            f"There is law for {code.upper()} already: pratique law show {code.upper()}. A file of your own adds a "
            "place, it replaces none. For an invented place take a code that ISO leaves to users, XA to XZ; to try "
            "a change of law that is here, see docs/guides/simulate.md."
        )
    folder = Path(args.directory or read_settings().law or "law")
    path = folder / f"{code}.toml"
    if path.exists():
        raise UsageError(f"There is a file {path} already.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(template(code, country_name(code.upper())), "utf-8")
    restrictions = folder / f"{code}{RESTRICTIONS}"
    if not restrictions.exists():
        text = template(code, country_name(code.upper()), RESTRICTIONS)
        restrictions.write_text(text, "utf-8")
    if args.json:
        print_json({"file": str(path), "restrictions": str(restrictions)})
    else:
        say(f"Begun in {path} and {restrictions.name}.")
        say("Change each rule and its source to those of your law, then")
        say(f"  pratique law check --directory {folder}")
    return 0
