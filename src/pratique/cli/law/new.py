"""``pratique law new``: a law file to begin with, for a place that has none."""

from __future__ import annotations

import argparse
from pathlib import Path

from pratique.cli.output import print_json, say
from pratique.errors import UsageError
from pratique.jurisdictions import template
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
        raise UsageError("pratique law new CODE: which place? Two letters of ISO 3166, as XK.")
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
