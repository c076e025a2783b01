"""What may not cross there, or only with a permit? A topic of the law of a place, from the files of restrictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pratique.jurisdictions import Library, restrictions_of
from pratique.jurisdictions.restriction_schema import RestrictionFile
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
    for at in restrictions_of(library).chain(code):
        yield from own_restrictions(library, at, on, known_on)


def own_restrictions(
    library: Library, code: str, on: date, known_on: date | None = None
) -> Iterator[Standing]:
    """Those of one file alone, if there is one."""
    file = restriction_file(library, code)
    if file is None or on < file.from_:
        return
    for name, series in file.restriction.items():
        entry = in_force(series, on, known_on)
        if entry is not None:
            yield Standing(file=code, key=f"restriction/{name}", entry=entry)


def restriction_file(library: Library, code: str) -> RestrictionFile | None:
    """The file of restrictions of that code, if there is one."""
    known = restrictions_of(library)
    return known.file(code) if code in known.codes() else None


def by_rule(entries: Iterable[Standing]) -> dict[str, Standing]:
    """Entries by file and name: a member's does not stand in place of its union's, both hold."""
    return {f"{each.file}/{each.key}": each for each in entries}
