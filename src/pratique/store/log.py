"""Which entries does the log hold? Its rows in the node's own database, beside the journal; never changed.

Rows only: what they must hash to is reckoned by whoever appends and audits (``office/log.py``). Rows are added inside
``Database.writing``, so that they are kept with whatever else the caller writes, or not at all.

``log_entry`` has the entries with their hashes, ``log_hash`` the root of each full tile of 256 hashes by the level of
that root counted in tiles, ``log_checkpoint`` the signed checkpoints, ``log_cosignature`` what witnesses added to them,
``log_witnessed`` the checkpoints of other logs that this node cosigned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pratique.errors import StoreError
from pratique.store.database import Database

PAGE: Final = 1024
"""Rows read at a time."""


class EntryRow(NamedTuple):
    """An entry: its place, itself, its hash."""

    number: int
    entry: bytes
    leaf: bytes


class HashRow(NamedTuple):
    """The root of a full tile: level in tiles (1 and above), place in that level, hash."""

    level: int
    number: int
    hash: bytes


class Checkpointed(NamedTuple):
    """A checkpoint as it was signed, by the order in which it was made."""

    number: int
    note: str


class Witnessed(NamedTuple):
    """A checkpoint of another log with the cosignature of this node."""

    origin: str
    size: int
    note: str


class LogRows:
    """The log's rows in one database. Not for several threads at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def size(self) -> int:
        """How many entries it holds."""
        return self._next("log_entry")

    def add(self, entries: Sequence[EntryRow], hashes: Sequence[HashRow]) -> None:
        """Add entries and the roots of the tiles they fill."""
        self.database.insert(
            "INSERT INTO log_entry (number, entry, leaf) VALUES (%s, %s, %s)", entries
        )
        self.database.insert(
            "INSERT INTO log_hash (level, number, hash) VALUES (%s, %s, %s)", hashes
        )

    def entries(self, begin: int, end: int) -> list[EntryRow]:
        """Entries from ``begin`` up to ``end``, as many as there are."""
        rows = self.database.query(
            "SELECT number, entry, leaf FROM log_entry WHERE number >= %s AND number < %s ORDER BY number",
            (begin, end),
        )
        return [EntryRow(number, _bytes(entry), _bytes(leaf)) for number, entry, leaf in rows]

    def hashes(self, level: int, begin: int, end: int) -> list[bytes]:
        """Hashes side by side at a level of tiles. Raises ``StoreError`` when one is not there."""
        if level == 0:
            sql = "SELECT leaf FROM log_entry WHERE number >= %s AND number < %s ORDER BY number"
            rows = self.database.query(sql, (begin, end))
        else:
            sql = "SELECT hash FROM log_hash WHERE level = %s AND number >= %s AND number < %s ORDER BY number"
            rows = self.database.query(sql, (level, begin, end))
        if len(rows) != end - begin:
            raise StoreError(
                f"The log has {len(rows)} of the hashes {begin} to {end} at level {level}: audit it."
            )
        return [_bytes(row[0]) for row in rows]

    def every_entry(self) -> Iterator[EntryRow]:
        """All entries in their order."""
        after = -1
        while True:
            rows = self.database.query(
                "SELECT number, entry, leaf FROM log_entry WHERE number > %s ORDER BY number LIMIT %s",
                (after, PAGE),
            )
            yield from (
                EntryRow(number, _bytes(entry), _bytes(leaf)) for number, entry, leaf in rows
            )
            if len(rows) < PAGE:
                return
            after = rows[-1][0]

    def every_hash(self) -> Iterator[HashRow]:
        """All roots of tiles, level by level."""
        rows = self.database.query(
            "SELECT level, number, hash FROM log_hash ORDER BY level, number"
        )
        return (HashRow(level, number, _bytes(hashed)) for level, number, hashed in rows)

    def keep_checkpoint(self, note: str) -> int:
        """Add a signed checkpoint; gives its number."""
        number = self._next("log_checkpoint")
        self.database.insert(
            "INSERT INTO log_checkpoint (number, note) VALUES (%s, %s)", [(number, note.encode())]
        )
        return number

    def checkpoints(self) -> list[Checkpointed]:
        """Signed checkpoints in the order they were made."""
        rows = self.database.query("SELECT number, note FROM log_checkpoint ORDER BY number")
        return [Checkpointed(number, _text(note)) for number, note in rows]

    def newest_checkpoints(self) -> Iterator[Checkpointed]:
        """Signed checkpoints, the newest first, read as they are asked for."""
        before = self._next("log_checkpoint")
        while before > 0:
            rows = self.database.query(
                "SELECT number, note FROM log_checkpoint WHERE number < %s ORDER BY number DESC LIMIT 16",
                (before,),
            )
            yield from (Checkpointed(number, _text(note)) for number, note in rows)
            before = rows[-1][0] if rows else 0

    def last_checkpoint(self) -> Checkpointed | None:
        """The latest signed checkpoint."""
        return next(self.newest_checkpoints(), None)

    def keep_cosignatures(self, checkpoint: int, lines: Sequence[str]) -> None:
        """Add what witnesses signed below a checkpoint."""
        self.database.insert(
            "INSERT INTO log_cosignature (checkpoint, line) VALUES (%s, %s)",
            [(checkpoint, line.encode()) for line in lines],
        )

    def cosignatures(self, checkpoint: int) -> list[str]:
        """What witnesses signed below a checkpoint."""
        rows = self.database.query(
            "SELECT line FROM log_cosignature WHERE checkpoint = %s ORDER BY line", (checkpoint,)
        )
        return [_text(row[0]) for row in rows]

    def every_cosignature(self) -> list[tuple[int, str]]:
        """All cosignatures with the number of their checkpoint."""
        rows = self.database.query(
            "SELECT checkpoint, line FROM log_cosignature ORDER BY checkpoint, line"
        )
        return [(number, _text(line)) for number, line in rows]

    def keep_witnessed(self, row: Witnessed) -> None:
        """Add a checkpoint of another log; the same size again stays as it was."""
        kept = self.witnessed(row.origin)
        if kept is None or kept.size != row.size:
            self.database.insert(
                "INSERT INTO log_witnessed (origin, size, note) VALUES (%s, %s, %s)",
                [(row.origin.encode(), row.size, row.note.encode())],
            )

    def witnessed(self, origin: str) -> Witnessed | None:
        """The largest checkpoint of another log that this node cosigned."""
        rows = self.database.query(
            "SELECT size, note FROM log_witnessed WHERE origin = %s ORDER BY size DESC LIMIT 1",
            (origin.encode(),),
        )
        return Witnessed(origin, rows[0][0], _text(rows[0][1])) if rows else None

    def every_witnessed(self) -> list[Witnessed]:
        """All checkpoints of other logs that this node cosigned."""
        rows = self.database.query(
            "SELECT origin, size, note FROM log_witnessed ORDER BY origin, size"
        )
        return [Witnessed(_text(origin), size, _text(note)) for origin, size, note in rows]

    def _next(self, table: str) -> int:
        (row,) = self.database.query(f"SELECT MAX(number) FROM {table}")  # noqa: S608 - constants
        return 0 if row[0] is None else int(row[0]) + 1


def _bytes(value: object) -> bytes:
    """Kept bytes; a value of another kind, which SQLite lets an intruder keep in their place, as it is written."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _text(value: object) -> str:
    """Kept text; what is none any more stays visibly none, and fits no signature."""
    return _bytes(value).decode("utf-8", "replace")
