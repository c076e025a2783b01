"""What is known of a declaration or parcel? Versions, what changed between them, and the decisions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

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
    """One version of a declaration, the decision on it, and what it changed."""

    sequence: int
    sender: str
    version: int
    kind: str
    recorded_at: str
    declaration: Declaration
    decision: Decision
    changes: tuple[Change, ...] = ()


def history(desk: Desk, reference: str) -> tuple[Version, ...]:
    """Every version of a declaration, by its own id or a parcel's. Raises ``NotFoundError``."""
    journal = desk.journal()
    try:
        try:
            records = journal.versions(reference)
        except NotFoundError:
            records = journal.of_parcel(reference)
            if not records:
                raise NotFoundError(
                    f"Neither a declaration nor a parcel {reference!r} is in this store."
                ) from None
    finally:
        journal.close()
    return tuple(_versions(records))


def _versions(records: tuple[Record, ...]) -> Iterator[Version]:
    before: dict[tuple[str, str], Declaration] = {}
    for record in records:
        declaration = msgspec.json.decode(record.body, type=Declaration)
        key = (record.sender, record.declaration)
        old = before.get(key)
        yield Version(
            sequence=record.sequence,
            sender=record.sender,
            version=record.version,
            kind=record.kind,
            recorded_at=record.recorded_at,
            declaration=declaration,
            decision=msgspec.json.decode(record.answer, type=Decision),
            changes=difference(old, declaration) if old is not None else (),
        )
        before[key] = declaration


def difference(before: Declaration, after: Declaration) -> tuple[Change, ...]:
    """Elements that differ between two versions of a declaration, by JSON Pointer."""
    return tuple(
        _changes(
            msgspec.to_builtins(before, str_keys=True),
            msgspec.to_builtins(after, str_keys=True),
            "",
        )
    )


def _changes(before: Any, after: Any, pointer: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            yield from _changes(before.get(key), after.get(key), f"{pointer}/{key}")
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        for index in range(max(len(before), len(after))):
            old = before[index] if index < len(before) else None
            new = after[index] if index < len(after) else None
            yield from _changes(old, new, f"{pointer}/{index}")
    elif before != after:
        yield Change(pointer=pointer, before=before, after=after)
