"""How are answers shown? As JSON for scripts, as tables for people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

console = Console(highlight=False, soft_wrap=False)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """A value as JSON on standard output."""
    encoded = msgspec.json.encode(value)
    if indent:
        encoded = msgspec.json.format(encoded, indent=indent)
    sys.stdout.write(encoded.decode() + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under a title; columns of amounts (named with a leading ``#``) stand to the right."""
    if title:
        say(title, "bold")
    shown = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        right = name.startswith("#")
        shown.add_column(name.removeprefix("#"), justify="right" if right else "left", no_wrap=right,
                         overflow="fold")  # fmt: skip
    for row in rows:
        shown.add_row(*[_plain(cell) for cell in row])
    console.print(shown)


def say(text: str, style: str = "") -> None:
    """A line of text; nothing in it is read as markup."""
    console.print(text, style=style or None, markup=False)


def _plain(cell: str) -> str:
    return cell.replace("[", "\\[")
