"""What does another system call this decision? Nearest meanings between code lists, as data.

The rows are not equivalences: keep the original code beside the canonical one. Sources: UPU EAD response
statuses, EU ICS2 messages, Norwegian Digitoll routing, China CEB status codes (domain notes of the project).
"""

from __future__ import annotations

import csv
import functools
from importlib import resources
from typing import Final, cast

from pratique.model.outcomes import DecisionCode

SYSTEMS: Final = ("upu", "ics2", "norway", "china")


@functools.cache
def _rows() -> tuple[dict[str, str], ...]:
    text = resources.files("pratique.clearance").joinpath("crosswalk.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def to_canonical(system: str, code: str) -> tuple[DecisionCode, ...]:
    """Decisions a code of ``system`` may stand for: none when unknown, several when it is ambiguous."""
    return tuple(
        cast(DecisionCode, row["canonical"])
        for row in _rows()
        if any(_same(each, code) for each in row[system].split(";"))
    )


def from_canonical(system: str, code: DecisionCode) -> tuple[str, ...]:
    """Codes of ``system`` nearest to a decision; none when no counterpart is known."""
    for row in _rows():
        if row["canonical"] == code:
            return tuple(
                each for each in row[system].split(";") if each and not each.startswith("(")
            )
    return ()


def effect(code: DecisionCode) -> str:
    """What a decision does to the parcel, in a few words."""
    return next((row["effect"] for row in _rows() if row["canonical"] == code), "")


def _same(pattern: str, code: str) -> bool:
    if pattern.endswith("*"):
        return code.startswith(pattern[:-1])
    return bool(pattern) and pattern == code
