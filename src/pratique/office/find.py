"""What is known of a declaration or parcel? Versions, what changed between them, and the decisions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import msgspec

from pratique.clearance.lifecycle import Life, allowed, life_of
from pratique.errors import NotFoundError
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Decision
from pratique.office.desk import Desk
from pratique.store import Record


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One element that differs between two versions; None where it is absent."""

    pointer: str
    before: Any
    after: Any


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a declaration, the decision on it, and what it changed.

    ``may`` are the events that may happen next to the parcel; None on all but the latest version.
    """

    sequence: int
    sender: str
    version: int
    kind: str
    recorded_at: str
    declaration: Declaration
    decision: Decision
    changes: tuple[Change, ...] = ()
    may: tuple[str, ...] | None = None


def history(desk: Desk, reference: str, *, now: datetime | None = None) -> tuple[Version, ...]:
    """Every version of a declaration, by its own id, or of all that name a parcel; oldest first.

    With ``now`` the latest versions say what may happen next. Raises ``NotFoundError``.
    """
    with closing(desk.journal()) as journal:
        try:
            groups = [journal.versions(reference)]
        except NotFoundError:
            named = journal.of_parcel(reference)
            keys = dict.fromkeys((each.declaration, each.sender) for each in named)
            groups = [journal.versions(*key) for key in keys]
    if not groups:
        raise NotFoundError(f"Neither a declaration nor a parcel {reference!r} is in this store.")
    return tuple(version for records in groups for version in _versions(records, now))


def standing(records: Sequence[Record], now: datetime) -> Life:
    """Where a parcel stands after these versions of one declaration, oldest first."""
    latest = records[-1]
    return life_of(
        msgspec.json.decode(latest.body, type=Declaration),
        state=latest.state,
        version=latest.version,
        codes=[record.code for record in records],
        now=now,
    )


def _versions(records: Sequence[Record], now: datetime | None) -> Iterator[Version]:
    """Records of one declaration id, sender by sender, as versions."""
    for _, of_one in itertools.groupby(records, lambda record: record.sender):
        versions = tuple(of_one)
        old: Declaration | None = None
        for record in versions:
            declaration = msgspec.json.decode(record.body, type=Declaration)
            last = record is versions[-1]
            yield Version(
                sequence=record.sequence,
                sender=record.sender,
                version=record.version,
                kind=record.kind,
                recorded_at=record.recorded_at,
                declaration=declaration,
                decision=msgspec.json.decode(record.answer, type=Decision),
                changes=difference(old, declaration) if old is not None else (),
                may=allowed(standing(versions, now)) if last and now is not None else None,
            )
            old = declaration


def difference(before: Declaration, after: Declaration) -> tuple[Change, ...]:
    """Elements that differ between two versions of a declaration, by JSON Pointer."""
    return tuple(
        changes(
            msgspec.to_builtins(before, str_keys=True),
            msgspec.to_builtins(after, str_keys=True),
        )
    )


def changes(before: Any, after: Any, pointer: str = "") -> Iterator[Change]:
    """Where two plain values differ, by JSON Pointer from ``pointer`` on."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from changes(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else None
            new = after[index] if index < len(after) else None
            yield from changes(old, new, f"{pointer}/{index}")
    elif before != after:
        yield Change(pointer=pointer, before=before, after=after)
