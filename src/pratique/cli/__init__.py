"""The command line: a door for people and scripts.

Each command is a module of this package, imported only when it is asked for, so that ``pratique --help``
answers at once. Exit codes: 0 ok, 1 findings, 2 usage, 3 the world (disk, database).
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, Final

from pratique import __version__
from pratique.errors import (
    LawError,
    MessageError,
    NotFoundError,
    PratiqueError,
    RequestConflictError,
    StoreError,
    UsageError,
    VersionConflictError,
)

OK, FINDINGS, USAGE, WORLD = 0, 1, 2, 3
COMMANDS: Final = {
    "demo": "one invented day of parcels through the whole walk",
    "quote": "what will be due, there, on that day, by which rule",
    "send": "can I send this? yes, with what permit, or no, by which rule",
    "keys": "new keys to sign with, and how others write them",
    "verify": "what does a bundle of evidence prove? offline, by keys you trust",
    "agreement": "who may see what, for which purpose: begin, check, sign, show, end it",
    "node": "a node of the exchange: its folder, keys, partners, directory, agreements",
    "client": "programs that may ask a node for a party: registered, listed, given keys, ended",
    "check": "what is wrong with a declaration or file, and how to put it right",
    "declare": "file declarations and keep them",
    "cusres": "declarations decided and answered as EDIFACT CUSRES",
    "match": "do order, payment and logistics tell of the same sale as the declaration",
    "intersect": "whom have two administrations both met, without showing each other the rest",
    "amend": "replace a filed declaration by a new version, or withdraw it",
    "show": "a declaration or parcel: versions, changes, decisions",
    "assess": "whole files to decisions",
    "simulate": "what would come of other law, on the same parcels",
    "crosswalk": "what UPU, ICS2, Norway or China call a decision, state or act, and back",
    "classify": "which tariff codes may these words mean; a person chooses",
    "law": "show the law of a place, check law files, or begin one",
    "tariff": "bring in the tariff of a place, and look up its lines",
    "rates": "bring in published exchange rates, and look them up",
    "schema": "the JSON Schema of a declaration, or of a record to match with it",
    "scenario": "exercises with rules of their own, as the four gates of the WCO hackathon",
    "generate": "invented parcels, with planted faults and their key",
    "translate": "a declaration from one form to another, with what was lost",
    "init": "a folder with settings and an empty store",
    "doctor": "is everything in place? each line says how to mend it",
}
"""Every command and what it is for; the module of the same name does it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    args = list(sys.argv[1:] if arguments is None else arguments)
    if not args or args[0] in ("-h", "--help"):
        print(_help())
        return OK if args else USAGE
    if args[0] == "--version":
        print(f"pratique {__version__}")
        return OK
    if args[0] not in COMMANDS:
        print(f"pratique: no command {args[0]!r}; see pratique --help", file=sys.stderr)
        return USAGE
    command, parser, words = _command(args)
    try:
        known = parser.parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    return _run(command, known)


def _command(args: list[str]) -> tuple[Any, argparse.ArgumentParser, list[str]]:
    """The module asked for, its parser, and the words left for it.

    A command may have actions (``ACTIONS``: name and what it is for) beside what it does itself: the first word
    tells, and the module of that name in the command's folder does it.
    """
    name, *words = args
    command: Any = importlib.import_module(f"pratique.cli.{name}")
    actions = getattr(command, "ACTIONS", {})
    if not words or words[0] not in actions:
        return command, parser_of(name, command), words
    command = action_of(name, words[0])
    return command, parser_of(f"{name} {words[0]}", command, actions[words[0]]), words[1:]


def action_of(name: str, action: str) -> Any:
    """The module that does an action of a command."""
    return importlib.import_module(f"pratique.cli.{name}.{action}")


def parser_of(name: str, command: Any, summary: str = "") -> argparse.ArgumentParser:
    """The parser of one command, or of one of its actions."""
    parser = argparse.ArgumentParser(
        prog=f"pratique {name}",
        description=summary or COMMANDS[name],
        epilog=getattr(command, "EPILOG", ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    grouped = any(isinstance(each, argparse._SubParsersAction) for each in parser._actions)
    if not grouped and not any("--json" in each.option_strings for each in parser._actions):
        parser.add_argument("--json", action="store_true", help="answer as JSON")
    return parser


def exit_code(error: PratiqueError) -> int:
    """What a script is told: 2 when the request cannot be meant so, 3 when the store fails, else 1."""
    if isinstance(error, UsageError | LawError | NotFoundError | RequestConflictError):
        return USAGE
    if isinstance(error, StoreError) and not isinstance(error, VersionConflictError):
        return WORLD
    return FINDINGS


def _run(command: Any, known: argparse.Namespace) -> int:
    try:
        return int(command.run(known))
    except MessageError as error:
        lines = [str(error)]
        for fault in error.faults:
            where = f"{fault.pointer}: " if fault.pointer else ""
            lines.append(f"  {where}{fault.message} {fault.hint}".rstrip())
        return _fail("\n".join(lines), exit_code(error))
    except PratiqueError as error:
        return _fail(str(error), exit_code(error))
    except BrokenPipeError:
        return OK
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename or ''}", WORLD)
    except KeyboardInterrupt:
        return _fail("stopped", WORLD)


def _fail(message: str, code: int) -> int:
    print(f"pratique: {message}", file=sys.stderr)
    return code


def _help() -> str:
    lines = [
        "Pratique: advance electronic data on parcels, from bytes to an explained decision.",
        "",
        "usage: pratique COMMAND [options]",
        "",
        *(f"  {name:<10} {summary}" for name, summary in COMMANDS.items()),
        "",
        "pratique COMMAND --help tells more. Every command takes --json.",
        "Exit codes: 0 ok, 1 findings, 2 usage, 3 the world (disk, database).",
    ]
    return "\n".join(lines)
