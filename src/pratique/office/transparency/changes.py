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
from pratique.jurisdictions import Library
from pratique.jurisdictions.restriction_schema import RestrictionFile
from pratique.jurisdictions.schema import Dated, LawFile
from pratique.jurisdictions.standing import standing
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
    reckon in XTS, the currency ISO 4217 keeps for that). Raises ``NoRuleInForceError`` for a place without a law file.
    """
    found = [
        change
        for code in _files(library, codes)
        for change in _of_file(library, code, start, until)
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.code)))


def _files(library: Library, codes: Iterable[str]) -> Iterator[str]:
    asked = [code.lower() for code in codes]
    for code in asked:
        if code not in library.files:
            raise NoRuleInForceError(
                f"There is no law file for {code.upper()}: pratique law check --table lists those there are."
            )
    places = asked or [code for code in library.codes() if not _for_tests(library.files[code])]
    yield from dict.fromkeys(file.code for code in places for file in library._chain(code))


def _for_tests(file: LawFile) -> bool:
    return any(entry.currency == "XTS" for entry in file.money)


def _of_file(library: Library, code: str, start: date, until: date) -> Iterator[Change]:
    file = library.files[code]
    lines = library.own_tariff(code)
    tariff = Tariff(lines)
    first = min((entry.from_ for entry in file.money), default=None)
    seen = [each.seen for series in file.series().values() for each in series if each.seen]
    read = max(seen, default=None)
    forbidden = restriction_file(library, code)
    for day in sorted(_days(file, forbidden, lines)):
        if not start <= day < until or (first is not None and day <= first):
            continue
        before, after = (
            dict(standing(library, code, at, unions=False)) for at in (day - _DAY, day)
        )
        if not before:
            continue  # the file begins here, not the law
        if forbidden is not None and day > forbidden.from_:
            before |= by_rule(own_restrictions(library, code, day - _DAY))
            after |= by_rule(own_restrictions(library, code, day))
        found = list(entry_changes(before, after))
        if tariff:
            found += _tariff(code, tariff, day)
        for each in found:
            yield Change(
                on=day,
                code=code.upper(),
                place=file.name,
                what=each,
                updated=each.seen or read or day,
            )


def _days(
    file: LawFile, forbidden: RestrictionFile | None, lines: Iterable[TariffLine]
) -> set[date]:
    days = {day for each in lines for day in (each.valid_from, each.valid_until) if day}
    series: list[Iterable[Dated]] = [*file.series().values()]
    series += forbidden.restriction.values() if forbidden is not None else ()
    for entry in itertools.chain(*series):
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
