"""``pratique doctor``: is everything in place? Each line says how to mend it."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pratique import __version__
from pratique.cli.arguments import desk, now
from pratique.cli.output import print_json, table
from pratique.errors import PratiqueError
from pratique.jurisdictions import check_library
from pratique.settings import read_settings
from pratique.store import open_journal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""


def run(args: argparse.Namespace) -> int:
    """Print what was found; 1 when something needs mending."""
    found = list(_checks())
    if args.json:
        print_json([{"what": what, "ok": ok, "said": said} for what, ok, said in found])
    else:
        table(
            f"Pratique {__version__}",
            ("what", "", "what was found, and how to mend it"),
            [(what, "ok" if ok else "NOT OK", said) for what, ok, said in found],
        )
    return 0 if all(ok for _, ok, _ in found) else 1


_Found = tuple[str, bool, str]


def _checks() -> Iterator[_Found]:
    settings = read_settings()
    version = platform.python_version()
    yield "python", sys.version_info >= (3, 11), f"{version}; 3.11 or newer is needed"
    clock = now()
    yield (
        "clock",
        clock.year >= 2024,
        f"{clock.isoformat(timespec='seconds')}; set the system clock if wrong",
    )
    yield (
        "settings",
        True,
        f"store {settings.store}, law {settings.law or 'as shipped'}, sender {settings.sender}",
    )
    yield _try("law", _law)
    yield _try("store", lambda: _store(settings.store))
    if settings.store.startswith("sqlite:///"):
        folder = Path(settings.store.removeprefix("sqlite:///")).resolve().parent
        yield "folder", folder.exists(), f"{folder}; `pratique init {folder}` makes it"


def _try(what: str, ask: Callable[[], str]) -> _Found:
    try:
        return what, True, ask()
    except PratiqueError as error:
        return what, False, str(error)


def _law() -> str:
    at_hand, _ = desk()
    faults = check_library(at_hand.library)
    if faults:
        raise PratiqueError(
            f"{len(faults)} fault(s), first: {faults[0].message}; see `pratique law check`"
        )
    return f"{len(at_hand.library.codes())} places, all entries dated and cited"


def _store(url: str) -> str:
    journal = open_journal(url)
    try:
        broken = journal.verify()
        if broken is not None:
            raise PratiqueError(f"entry {broken} does not fit its digest: restore it from a backup")
        return f"opens, safe settings, {sum(journal.counts().values())} entries, digests fit"
    finally:
        journal.close()
