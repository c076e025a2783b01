"""Which database, and is it safe? Opening, checking and migrating SQLite and PostgreSQL.

Start-up refuses settings that could lose an acknowledged write, waits a bounded time for a PostgreSQL that is
not up yet, and brings the schema to this version.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

from pratique.errors import StoreError, UnsafeStoreError

SQLITE_SETTINGS: Final = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
"""What each SQLite connection is set to."""
BUSY_SECONDS: Final = 4.0
"""How long SQLite waits for another process that writes; then the caller gets the error."""


class Database(Protocol):
    """One connection, in the few words the journal needs. Statements are written with ``%s``."""

    dialect: str
    errors: tuple[type[Exception], ...]

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement."""

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""

    def writing(self) -> AbstractContextManager[None]:
        """One exclusive transaction: durable when left, undone when an error leaves it."""

    def script(self, sql: str) -> None:
        """Run the statements of a migration inside the current transaction."""

    def close(self) -> None:
        """Let go of the connection."""


class SqliteDatabase:
    """SQLite in WAL mode with ``synchronous=FULL``: a commit is on disk before it returns."""

    dialect = "sqlite"
    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
        )
        for setting in SQLITE_SETTINGS:
            self.connection.execute(f"PRAGMA {setting}")

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql.replace("%s", "?"), values).fetchall()

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self.connection.executemany(sql.replace("%s", "?"), rows)

    @contextmanager
    def writing(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def script(self, sql: str) -> None:
        statement = ""
        for line in sql.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.connection.execute(statement)
                statement = ""

    def close(self) -> None:
        self.connection.close()


def open_database(url: str) -> Database:
    """The database a URL names, checked and migrated.

    ``sqlite:///path/to/file.db`` or ``postgresql://user@host/name``. Raises ``UnsafeStoreError`` for settings
    that could lose an acknowledged write, ``StoreError`` when the database cannot be reached or is newer.
    """
    if url.startswith("sqlite:///"):
        database: Database = _open_sqlite(url)
    elif url.startswith(("postgresql://", "postgres://")):
        # Loaded only when asked for: its driver takes longer to load than all the rest of the store.
        from pratique.store.postgresql import PostgresDatabase  # noqa: PLC0415

        database = PostgresDatabase(url)
    else:
        raise StoreError(
            f"{url.split(':', 1)[0]!r} is no store: use sqlite:///file.db or postgresql://…"
        )
    refuse_unsafe(database)
    _migrate(database)
    return database


def _open_sqlite(url: str) -> Database:
    path = url.removeprefix("sqlite:///")
    if not path or ":memory:" in path:
        raise UnsafeStoreError("A store in memory forgets: name a file, as sqlite:///pratique.db.")
    try:
        return SqliteDatabase(Path(path))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"Cannot open {path}: {error}. Check the folder and its rights."
        ) from error


def refuse_unsafe(database: Database) -> None:
    """Raise ``UnsafeStoreError`` naming the setting under which an acknowledged write could be lost."""
    if database.dialect == "sqlite":
        mode = database.query("PRAGMA journal_mode")[0][0]
        if mode != "wal":
            raise UnsafeStoreError(
                f"SQLite journal_mode is {mode}: the file system must allow WAL; move the file."
            )
        level = database.query("PRAGMA synchronous")[0][0]
        if level < 2:
            raise UnsafeStoreError(f"SQLite synchronous is {level}: set it to FULL (2).")
        return
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        value = database.query(f"SHOW {setting}")[0][0]
        if value == "off":
            raise UnsafeStoreError(
                f"PostgreSQL {setting} is {value}: set it to on, or acknowledged filings could be lost."
            )


def _migrate(database: Database) -> None:
    """Bring the schema up to date; each migration runs once, under the write lock."""
    scripts = _migrations(database.dialect)
    with database.writing():
        database.script("CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY);")
        done = {row[0] for row in database.query("SELECT number FROM migration")}
        newest = max(scripts)
        if done and max(done) > newest:
            raise StoreError(
                f"The store is at schema {max(done)}, this version knows {newest}: use a newer Pratique."
            )
        for number, script in sorted(scripts.items()):
            if number not in done:
                database.script(script)
                database.insert("INSERT INTO migration (number) VALUES (%s)", [(number,)])


def _migrations(dialect: str) -> dict[int, str]:
    folder = resources.files("pratique.store").joinpath("migrations")
    return {
        int(path.name[:4]): path.read_text("utf-8")
        for path in folder.iterdir()
        if path.name.endswith(f".{dialect}.sql")
    }
