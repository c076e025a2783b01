"""Which database, and is it safe? Opening and checking SQLite and PostgreSQL.

Start-up refuses settings that could lose an acknowledged write, waits a bounded time for a PostgreSQL that is
not up yet, and brings the schema to this version.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from pratique.errors import StoreError, UnsafeStoreError
from pratique.store.migrate import migrate
from pratique.store.postgresql import PostgresDatabase
from pratique.store.sqlite import SqliteDatabase


class Database(Protocol):
    """One connection, in the few words the journal needs.

    Statements are written with ``%s``. Whatever goes wrong is a ``StoreError``. Not for several threads at once.
    """

    dialect: str

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, the fast way."""

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement that gives no rows."""

    def script(self, sql: str) -> None:
        """Run the statements of a migration inside the current transaction."""

    def writing(self) -> AbstractContextManager[None]:
        """One exclusive transaction: durable when left, undone when an error leaves it."""

    def has_table(self, name: str) -> bool:
        """Whether a table of that name is there."""

    def refuse_unsafe(self) -> None:
        """Raise ``UnsafeStoreError`` naming a setting under which an acknowledged write could be lost."""

    def backup(self, path: Path) -> None:
        """Copy everything into a new file while others write."""

    def close(self) -> None:
        """Let go of the connection."""


def open_database(url: str) -> Database:
    """The database a URL names, checked and migrated.

    ``sqlite:///path/to/file.db`` or ``postgresql://user@host/name``. Raises ``UnsafeStoreError`` for settings
    that could lose an acknowledged write, ``StoreError`` when the database cannot be reached or is newer.
    """
    database = _named(url)
    try:
        database.refuse_unsafe()
        migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _named(url: str) -> Database:
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresDatabase(url)
    if not url.startswith("sqlite:///"):
        raise StoreError(
            f"{url.split(':', 1)[0]!r} is no store: use sqlite:///file.db or postgresql://…"
        )
    path = url.removeprefix("sqlite:///")
    if not path or ":memory:" in path:
        raise UnsafeStoreError("A store in memory forgets: name a file, as sqlite:///pratique.db.")
    return SqliteDatabase(Path(path))
