"""What may not cross there, or only with a permit? A topic of the law of a place, from the files of restrictions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pratique.jurisdictions import Library, restrictions_of
from pratique.jurisdictions.restriction_schema import RestrictionEntry
from pratique.jurisdictions.schema import in_force
from pratique.jurisdictions.standing import Standing
from pratique.office.transparency.topics import Topic, line


def restricted(library: Library, code: str, on: date, known_on: date | None = None) -> Topic:
    """Restrictions in force at a place, those of its union first; the conventions hold everywhere and are left out."""
    known = restrictions_of(library)
    lines = tuple(
        line(each, known.file(each.file).restriction[each.key.partition("/")[2]], on, known_on)
        for each in restrictions(library, code, on, known_on)
    )
    return Topic(
        name="Restrictions, beside those of the conventions",
        lines=lines,
        note=""
        if lines
        else "No restrictions of this place are known here on that day: a person must look.",
    )


def restrictions(
    library: Library, code: str, on: date, known_on: date | None = None
) -> Iterator[Standing]:
    """Entries of restrictions in force at a place; none of a file before the first day it answers for."""
    known = restrictions_of(library)
    for at in known.chain(code):
        file = known.file(at)
        for name, series in file.restriction.items():
            entry = in_force(series, on, known_on)
            if entry is not None and file.from_ <= on:
                yield Standing(file=at, key=f"restriction/{name}", entry=entry)


def effects(
    library: Library, code: str, on: date, known_on: date | None = None
) -> dict[str, list[Standing]]:
    """Restrictions in force at a place by what they do."""
    found: dict[str, list[Standing]] = {}
    for each in restrictions(library, code, on, known_on):
        assert isinstance(each.entry, RestrictionEntry)
        found.setdefault(each.entry.effect, []).append(each)
    return found
