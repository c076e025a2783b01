"""What changes next, and what changed lately? Every dated change of the law files, day by day.

A change is told once, under the file it is written in: what a union changes is not told again for each member.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

import msgspec

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, restrictions_of
from pratique.jurisdictions.restriction_schema import RestrictionFile
from pratique.jurisdictions.schema import Dated, LawFile
from pratique.jurisdictions.standing import Standing, standing
from pratique.office.transparency.diff import EntryChange, entry_changes, tariff_change
from pratique.office.transparency.restricted import (
    by_rule,
    own_restrictions,
    restriction_file,
)
from pratique.office.transparency.words import Part
from pratique.rules.tariff import Tariff, TariffLine

_DAY: Final = timedelta(days=1)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What changes on a day, in the file ``code`` of ``place``. ``updated`` is the day its source was last read."""

    on: date
    code: str
    place: str
    what: EntryChange
    updated: date


def changes(library: Library, codes: Iterable[str], start: date, until: date) -> tuple[Change, ...]:
    """What changes from ``start`` until before ``until``, in order of day and place.

    Of the places named and the unions they are within; with none named, of every place but those made for tests (which
    reckon in XTS, the currency ISO 4217 keeps for that), and of the conventions that hold everywhere. Raises ``NoRuleInForceError`` for a place without a law file.
    """
    found = [
        change
        for code in dict.fromkeys(_files(library, codes))
        for change in _of_file(library, code, start, until)
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.code)))


def _files(library: Library, codes: Iterable[str]) -> Iterator[str]:
    asked = [code.lower() for code in codes]
    restricted = restrictions_of(library).codes()
    for code in asked:
        if code not in library.files and code not in restricted:
            raise NoRuleInForceError(
                f"There is no law file for {code.upper()}: pratique law check --table lists those there are."
            )
    places = [code for code in library.codes() if not _for_tests(library.files[code])]
    alone = [code for code in restricted if code not in library.files]
    for code in asked or (*places, *alone):
        chain = library._chain(code) if code in library.files else ()
        yield from (*(file.code for file in chain), *(() if chain else (code,)))


def _for_tests(file: LawFile) -> bool:
    return any(entry.currency == "XTS" for entry in file.money)


def _of_file(library: Library, code: str, start: date, until: date) -> Iterator[Change]:
    file, forbidden = library.files.get(code), restriction_file(library, code)
    lines = library.own_tariff(code)
    tariff = Tariff(lines)
    entries = list(_series(file, forbidden))
    read = max((each.seen for each in entries if each.seen), default=None)
    name = file.name if file is not None else forbidden.name if forbidden is not None else code
    for day in sorted(_days(entries, lines)):
        if not start <= day < until:
            continue
        found = list(entry_changes(*_around(library, code, day)))
        if any(line.valid_from < day for line in lines):
            found += _tariff(code, tariff, day)
        for each in found:
            yield Change(
                on=day,
                code=code.upper(),
                place=name,
                what=each,
                updated=each.seen or read or day,
            )


def _around(
    library: Library, code: str, day: date
) -> tuple[dict[str, Standing], dict[str, Standing]]:
    """Entries of one code on the day before, and on the day; the day on which a file begins is no change of law."""
    before, after = dict[str, Standing](), dict[str, Standing]()
    file, forbidden = library.files.get(code), restriction_file(library, code)
    first = min((entry.from_ for entry in file.money), default=date.min) if file else date.max
    if day > first:
        had = standing(library, code, day - _DAY, unions=False)
        if had:
            before |= had
            after |= standing(library, code, day, unions=False)
    if forbidden is not None and day > forbidden.from_:
        before |= by_rule(own_restrictions(library, code, day - _DAY))
        after |= by_rule(own_restrictions(library, code, day))
    return before, after


def _series(file: LawFile | None, forbidden: RestrictionFile | None) -> Iterator[Dated]:
    if file is not None:
        yield from itertools.chain(*file.series().values())
    if forbidden is not None:
        yield from itertools.chain(*forbidden.restriction.values())


def _days(entries: Iterable[Dated], lines: Iterable[TariffLine]) -> set[date]:
    days = {day for each in lines for day in (each.valid_from, each.valid_until) if day}
    for entry in entries:
        if entry.is_known(None):
            days |= {day for day in (entry.from_, entry.until) if day}
    return days


def _tariff(code: str, tariff: Tariff, day: date) -> list[EntryChange]:
    change = tariff_change(tariff, day - _DAY, day)
    number = change.came + change.went + change.changed
    if not number:
        return []
    return [
        EntryChange(
            kind="changed",
            key="tariff",
            title=f"Tariff: {number:,} line{'s' if number > 1 else ''}",
            parts=tuple(Part(what=each.hs, old=each.old, new=each.new) for each in change.first),
            rule=f"{code}.tariff@{day}",
            source=change.first[0].source,
            url="",
            confidence="high",
            seen=None,
            since=day,
            until=None,
        )
    ]
