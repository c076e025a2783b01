"""How are answers shown? As JSON for scripts, as tables for people."""

from __future__ import annotations

import itertools
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

console = Console(highlight=False, soft_wrap=False)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """A value as JSON on standard output."""
    encoded = msgspec.json.encode(value)
    if indent:
        encoded = msgspec.json.format(encoded, indent=indent)
    sys.stdout.write(encoded.decode() + "\n")


def print_json_list(values: Iterable[Any]) -> None:
    """Values as one JSON array on standard output, each written as it comes."""
    between = "[\n"
    for value in values:
        sys.stdout.write(between + msgspec.json.encode(value).decode())
        between = ",\n"
    sys.stdout.write("[]\n" if between.startswith("[") else "\n]\n")


def moment(value: datetime | str) -> str:
    """A moment for people, to the minute, in UTC."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows under a title; columns of amounts (named with a leading ``#``) stand to the right."""
    if title:
        say(title, "bold")
    shown = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        right = name.startswith("#")
        shown.add_column(_plain(name.removeprefix("#")), justify="right" if right else "left", no_wrap=right,
                         overflow="fold")  # fmt: skip
    for row in rows:
        shown.add_row(*[_plain(cell) for cell in row])
    console.print(shown)


def table_with_notes(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str]
) -> None:
    """Rows under a title, each followed by a note that may be longer than a line."""
    say(title, "bold")
    names = [name.removeprefix("#") for name in columns]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        shown = (
            cell.rjust(width) if name.startswith("#") else cell.ljust(width)
            for cell, width, name in zip(cells, widths, columns, strict=True)
        )
        return "  ".join(shown).rstrip()

    say(line(names), "bold")
    for row, note in zip(rows, notes, strict=True):
        say(line(row))
        if note:
            console.print(Padding(Text(note, style="dim"), (0, 0, 0, 4)))


def entries(items: Iterable[tuple[str, Sequence[str]]]) -> None:
    """Heads, each followed by notes of its own, folded to the width; empty notes are left away."""
    for head, notes in items:
        _folded(head, "  ")
        for note in notes:
            if note:
                _folded(note, "      ", "dim")


def _folded(text: str, indent: str, style: str = "") -> None:
    say(
        textwrap.fill(
            text,
            console.width,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_on_hyphens=False,
            break_long_words=False,
        ),
        style,
    )


def side_by_side(left: Sequence[str], right: Sequence[str]) -> None:
    """Two columns of things said, each thing folded to half the width; what goes on is indented."""
    width = (console.width - 4) // 2
    columns = [
        [line for text in texts for line in textwrap.wrap(text, width, subsequent_indent="  ")]
        for texts in (left, right)
    ]
    for one, other in itertools.zip_longest(*columns, fillvalue=""):
        say(f"  {one.ljust(width)}  {other}".rstrip())


def say(text: str, style: str = "") -> None:
    """A line of text, never broken; nothing in it is read as markup."""
    console.print(text, style=style or None, markup=False, soft_wrap=True)


def _plain(cell: str) -> str:
    return cell.replace("[", "\\[")
