"""What does another system call this? Nearest meanings between code lists, both ways, as dated and cited data.

The rows are not equivalences: keep the original code beside ours. The data are in ``crosswalk.toml``: the codes of
each system with their own words and their source, and what stands for each decision, state and act of ours.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Final, Literal, cast

import msgspec

from pratique.model.outcomes import Confidence, DecisionCode

System = Literal["upu", "ics2", "norway", "china"]
Kind = Literal["decision", "state", "act"]

SYSTEMS: Final[tuple[System, ...]] = ("upu", "ics2", "norway", "china")


class CodeList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one system says, by code, in its own words, and where that was read.

    ``unmatched`` are codes that stand for nothing of ours, each with the reason.
    """

    title: str
    source: str
    url: str
    seen: date
    confidence: Confidence
    note: str = ""
    codes: dict[str, str]
    unmatched: dict[str, str] = {}


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in each system for one thing of ours; empty when the system has no equivalent."""

    upu: tuple[str, ...]
    ics2: tuple[str, ...]
    norway: tuple[str, ...]
    china: tuple[str, ...]
    effect: str = ""
    note: str = ""


class Crosswalk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it: the code lists, and a row for each decision, state and act."""

    systems: dict[System, CodeList]
    decisions: dict[str, Row]
    states: dict[str, Row]
    acts: dict[str, Row]


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """One code of another system and one thing of ours that is nearest to it, with the source.

    ``code`` is empty when the system has no equivalent, ``ours`` when we have none; ``words`` then say so.
    """

    kind: Kind | Literal[""]
    ours: str
    system: System
    code: str
    words: str
    source: str
    url: str
    seen: date
    confidence: Confidence
    note: str = ""


@functools.cache
def crosswalk() -> Crosswalk:
    """The crosswalk as it is shipped."""
    text = resources.files("pratique.clearance").joinpath("crosswalk.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Crosswalk)


def to_ours(system: System, code: str) -> tuple[Match, ...]:
    """What a code of ``system`` may stand for here: several when it is ambiguous, none when it is not known.

    A code that is known and stands for nothing of ours gives one match without ``ours``.
    """
    codes = crosswalk().systems[system]
    found = tuple(
        _match(kind, ours, row, system, pattern, codes.codes[pattern])
        for kind, ours, row in _rows()
        for pattern in _codes(row, system)
        if _same(pattern, code)
    )
    if found or code not in codes.unmatched:
        return found
    return (_match("", "", None, system, code, codes.unmatched[code]),)


def from_ours(ours: str, system: System, kind: Kind | None = None) -> tuple[Match, ...]:
    """What ``system`` says for a decision, state or act of ours, in any case of letters.

    One match without ``code`` says that the system has no equivalent; none, that there is nothing of that name.
    """
    found: list[Match] = []
    for each, name, row in _rows():
        if name.lower() == ours.lower() and kind in (None, each):
            words = crosswalk().systems[system].codes
            codes = _codes(row, system)
            found.extend(_match(each, name, row, system, code, words[code]) for code in codes)
            if not codes:
                found.append(_match(each, name, row, system, "", "no equivalent"))
    return tuple(found)


def to_canonical(system: System, code: str) -> tuple[DecisionCode, ...]:
    """Decisions a code of ``system`` may stand for: none when unknown, several when it is ambiguous."""
    matches = to_ours(system, code)
    return tuple(cast(DecisionCode, each.ours) for each in matches if each.kind == "decision")


def from_canonical(system: System, code: DecisionCode) -> tuple[str, ...]:
    """Codes of ``system`` nearest to a decision; none when it has no equivalent."""
    return tuple(each.code for each in from_ours(code, system, "decision") if each.code)


def effect(code: DecisionCode) -> str:
    """What a decision does to the parcel, in a few words."""
    return crosswalk().decisions[code].effect


def _rows() -> Iterator[tuple[Kind, str, Row]]:
    all_of_it = crosswalk()
    yield from (("decision", name, row) for name, row in all_of_it.decisions.items())
    yield from (("state", name, row) for name, row in all_of_it.states.items())
    yield from (("act", name, row) for name, row in all_of_it.acts.items())


def _codes(row: Row, system: System) -> tuple[str, ...]:
    return cast(tuple[str, ...], getattr(row, system))


def _match(
    kind: Kind | Literal[""], ours: str, row: Row | None, system: System, code: str, words: str
) -> Match:
    about = crosswalk().systems[system]
    return Match(
        kind=kind,
        ours=ours,
        system=system,
        code=code,
        words=words,
        source=about.source,
        url=about.url,
        seen=about.seen,
        confidence=about.confidence,
        note=row.note if row is not None else "",
    )


def _same(pattern: str, code: str) -> bool:
    if pattern.endswith("*"):
        return code == pattern or (code.startswith(pattern[:-1]) and len(code) >= len(pattern))
    return pattern == code
