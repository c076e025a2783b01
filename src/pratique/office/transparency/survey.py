"""How much law is there, how well is it shown, and what is wrong with it? A table of places, and every fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from importlib.resources.abc import Traversable

import msgspec

from pratique.jurisdictions import (
    LawFault,
    Library,
    Restrictions,
    read_folders,
    restrictions_of,
)
from pratique.model.outcomes import Confidence
from pratique.office.transparency.published import CaseResult, run_cases


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One law file in figures: its own entries, their confidence, how many name no address, its examples.

    ``since`` is the first day with law, ``versions`` the number of days since on which anything changes, those of the
    union it is within among them; None and 0 for a union itself.
    """

    code: str
    name: str
    currency: str
    within: str
    union: bool
    since: date | None
    versions: int
    entries: int
    cases: int
    passing: int
    high: int
    medium: int
    low: int
    without_url: int


class WeakEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to better: of medium or low confidence, or without an address to read it at."""

    rule: str
    confidence: Confidence
    source: str
    url: str
    seen: date | None
    note: str


class Restricted(msgspec.Struct, frozen=True, kw_only=True):
    """Restrictions in figures: of how many places and conventions, on how many kinds of goods, how well shown."""

    places: int
    conventions: int
    entries: int
    goods: int
    high: int
    medium: int
    low: int


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """Every fault found, every example run; and the places, when the files can be read at all."""

    faults: tuple[LawFault, ...]
    places: tuple[Place, ...] = ()
    cases: tuple[CaseResult, ...] = ()
    weak: tuple[WeakEntry, ...] = ()
    restricted: Restricted | None = None


def survey(folders: Sequence[Traversable]) -> Survey:
    """Everything a machine can find wrong in these folders; an example that comes out otherwise is a fault."""
    faults, library = read_folders(folders)
    if faults or library is None:
        return Survey(faults=faults)
    cases = tuple(run_cases(library, folders))
    return Survey(
        faults=tuple(_fault(case) for case in cases if not case.passes),
        places=places(library, cases),
        cases=cases,
        weak=weak(library),
        restricted=restricted(restrictions_of(library)),
    )


def restricted(known: Restrictions) -> Restricted:
    """What restriction files hold, in figures."""
    files = [known.file(code) for code in known.codes()]
    entries = [entry for file in files for series in file.restriction.values() for entry in series]
    confidence = Counter(entry.confidence for entry in entries)
    everywhere = sum(file.is_everywhere for file in files)
    return Restricted(
        places=len(files) - everywhere,
        conventions=everywhere,
        entries=len(entries),
        goods=len(known.goods),
        high=confidence["high"],
        medium=confidence["medium"],
        low=confidence["low"],
    )


def places(library: Library, cases: Sequence[CaseResult]) -> tuple[Place, ...]:
    """Every law file in figures, with the results of its published examples, in order of code."""
    return tuple(_place(library, code, cases) for code in sorted(library.files))


def weak(library: Library) -> tuple[WeakEntry, ...]:
    """Entries to better, the weakest first, then in the order of the files."""
    found = [
        WeakEntry(
            rule=f"{code}/{key}@{entry.from_}",
            confidence=entry.confidence,
            source=entry.source,
            url=entry.url,
            seen=entry.seen,
            note=entry.note,
        )
        for code, file in sorted(library.files.items())
        for key, series in file.series().items()
        for entry in series
        if entry.confidence != "high" or not entry.url
    ]
    order = ("low", "medium", "high")
    return tuple(sorted(found, key=lambda each: order.index(each.confidence)))


def _place(library: Library, code: str, cases: Sequence[CaseResult]) -> Place:
    file = library.files[code]
    entries = [entry for series in file.series().values() for entry in series]
    own = [case for case in cases if case.code == code]
    days = () if file.union else library.change_dates(code)
    confidence = Counter(entry.confidence for entry in entries)
    return Place(
        code=code.upper(),
        name=file.name,
        currency=library.law_in_force(code, days[-1]).currency if days else "",
        within=file.within.upper(),
        union=file.union,
        since=days[0] if days else None,
        versions=len(days),
        entries=len(entries),
        cases=len(own),
        passing=sum(case.passes for case in own),
        high=confidence["high"],
        medium=confidence["medium"],
        low=confidence["low"],
        without_url=sum(not entry.url for entry in entries),
    )


def _fault(case: CaseResult) -> LawFault:
    return LawFault(
        file=case.file,
        entry=f"{case.code}: {case.title}",
        message=f"comes out otherwise than published ({case.source}): {'; '.join(each.rstrip('.') for each in case.differs)}. "
        "Correct the law, or the example if it was misread.",
    )
