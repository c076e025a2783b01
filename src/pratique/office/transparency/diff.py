"""How does the law of a place differ between two days? What came, what went, what changed, and what of the tariff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal

import msgspec

from pratique.jurisdictions import Library
from pratique.jurisdictions.standing import Standing, standing
from pratique.model.outcomes import Confidence
from pratique.office.transparency.restricted import by_rule, restrictions
from pratique.office.transparency.words import Part, aspects, headline, parts
from pratique.rules.tariff import Tariff

MOST_LINES: Final = 10
"""So many lines of a tariff are told; the others are counted."""
Kind = Literal["came", "went", "changed", "restated"]
"""restated: it says the same, from another source or with other words about it."""


class EntryChange(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that is not as it was. ``parts`` are aspects old and new; of an entry that came or went, all of them.

    ``rule``, source, url and confidence are those of the new entry (of one that went, of the old). ``known`` is the day
    since which it is known where that is not its first day.
    """

    kind: Kind
    key: str
    title: str
    parts: tuple[Part, ...]
    rule: str
    old_rule: str = ""
    source: str
    url: str
    confidence: Confidence
    seen: date | None
    since: date | None
    until: date | None
    known: date | None = None
    note: str = ""


class LineChange(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the tariff that is not as it was; a rate that was or is not there is empty."""

    hs: str
    origins: tuple[str, ...]
    preference: bool
    old: str
    new: str
    source: str


class TariffChange(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines of the tariff came, went and changed, and the first of them."""

    came: int
    went: int
    changed: int
    first: tuple[LineChange, ...]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """The law of ``code`` on two days, each as known on a day of its own (None: now)."""

    code: str
    name: str
    before: date
    after: date
    known_before: date | None
    known_after: date | None
    entries: tuple[EntryChange, ...]
    tariff: TariffChange | None


def difference(
    library: Library,
    code: str,
    before: date,
    after: date,
    known_before: date | None = None,
    known_after: date | None = None,
) -> Difference:
    """What differs between the laws of two days. Raises ``NoRuleInForceError`` where there is none on either."""
    old = library.law_in_force(code, before, known_before)
    new = library.law_in_force(code, after, known_after)
    return Difference(
        code=new.code.upper(),
        name=new.name,
        before=before,
        after=after,
        known_before=known_before,
        known_after=known_after,
        entries=tuple(
            entry_changes(
                _entries(library, new.code, before, known_before),
                _entries(library, new.code, after, known_after),
            )
        ),
        tariff=tariff_change(new.tariff, before, after) if old.tariff or new.tariff else None,
    )


def _entries(
    library: Library, code: str, on: date, known_on: date | None
) -> Mapping[str, Standing]:
    forbidden = by_rule(restrictions(library, code, on, known_on))
    return {**standing(library, code, on, known_on), **forbidden}


def entry_changes(
    before: Mapping[str, Standing], after: Mapping[str, Standing]
) -> Iterator[EntryChange]:
    """Entries that are not as they were: what went, in its order, then what is new or other."""
    for key, old in before.items():
        if key not in after:
            yield _change("went", old, _all(old, gone=True))
    for key, new in after.items():
        had = before.get(key)
        if had is None:
            yield _change("came", new, _all(new))
        elif had.entry != new.entry:
            found = parts(had.entry, new.entry)
            yield _change("changed" if found else "restated", new, found, had)


def tariff_change(tariff: Tariff, before: date, after: date) -> TariffChange:
    """Lines of a tariff that are not as they were, by code, origins and preference."""
    old, new = _lines(tariff, before), _lines(tariff, after)
    found = []
    for key in sorted({*old, *new}):
        had, has = old.get(key), new.get(key)
        if had is None or has is None or had[0] != has[0]:
            hs, origins, preference = key
            source = (has or had or ("", ""))[1]
            found.append(
                LineChange(
                    hs=hs,
                    origins=origins,
                    preference=preference,
                    old=had[0] if had else "",
                    new=has[0] if has else "",
                    source=source,
                )
            )
    return TariffChange(
        came=sum(not each.old for each in found),
        went=sum(not each.new for each in found),
        changed=sum(bool(each.old and each.new) for each in found),
        first=tuple(found[:MOST_LINES]),
    )


def _lines(tariff: Tariff, on: date) -> dict[tuple[str, tuple[str, ...], bool], tuple[str, str]]:
    return {
        (each.hs, tuple(sorted(each.origins)), each.preference): (each.duty.text, each.source)
        for each in tariff
        if each.valid_from <= on and (each.valid_until is None or on < each.valid_until)
    }


def _all(each: Standing, *, gone: bool = False) -> tuple[Part, ...]:
    return tuple(
        Part(what=what, old=text if gone else "", new="" if gone else text)
        for what, text in aspects(each.entry).items()
    )


def _change(
    kind: Kind, each: Standing, found: tuple[Part, ...], old: Standing | None = None
) -> EntryChange:
    entry = each.entry
    return EntryChange(
        kind=kind,
        key=each.key,
        title=headline(each.key, entry),
        parts=found,
        rule=each.rule,
        old_rule=old.rule if old else "",
        source=entry.source,
        url=entry.url,
        confidence=entry.confidence,
        seen=entry.seen,
        since=entry.from_,
        until=entry.until,
        known=entry.known,
        note=entry.note,
    )
