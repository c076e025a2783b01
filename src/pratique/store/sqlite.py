"""The journal's words, spoken to SQLite: one file, in WAL mode, every commit on disk before it returns.

SQLite before 3.51.3 has a rare race between two connections that write and checkpoint at once (sqlite.org,
"The WAL-reset bug"). Here only the connection that writes ever checkpoints, so one writing process is safe with
any version; several writing processes want a newer SQLite, or PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from pratique.errors import StoreError, UnsafeStoreError

BUSY_SECONDS: Final = 5.0
"""How long a write waits for another process that writes to the same file."""
_FULL: Final = 2


class SqliteDatabase:
    """One connection to a file, opened again when it broke. Raises ``StoreError`` and nothing else."""

    dialect = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"Cannot make {path.parent}: {error}. Check its rights.") from error
        self.live()

    def live(self) -> sqlite3.Connection:
        """The connection, made again if the last one broke."""
        if self.connection is None:
            with self._explained():
                connection = sqlite3.connect(
                    self.path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS
                )
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("PRAGMA fullfsync=ON")  # where fsync stops at the drive's cache
                connection.execute("PRAGMA foreign_keys=ON")
            self.connection = connection
        return self.connection

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._explained():
            return self.live().execute(sql.replace("%s", "?"), values).fetchall()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - own names
        with self._explained():
            self.live().executemany(sql, rows)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        self.query(sql, values)

    def script(self, sql: str) -> None:
        statement = ""
        for line in sql.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                self.execute(statement)
                statement = ""

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._explained():
            self.live().execute("BEGIN IMMEDIATE")
            try:
                yield
                self.live().execute("COMMIT")
            except BaseException:
                self._undo()
                raise

    def _undo(self) -> None:
        """Leave no transaction open, even when the commit itself failed; a broken connection is dropped."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        try:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self.connection = connection
        except sqlite3.Error:
            connection.close()

    def has_table(self, name: str) -> bool:
        return bool(self.query("SELECT 1 FROM sqlite_master WHERE name = %s", (name,)))

    def refuse_unsafe(self) -> None:
        mode = self.query("PRAGMA journal_mode")[0][0]
        if mode != "wal":
            raise UnsafeStoreError(
                f"SQLite journal_mode is {mode}: the file system must allow WAL; move {self.path}."
            )
        level = self.query("PRAGMA synchronous")[0][0]
        if level < _FULL:
            raise UnsafeStoreError(f"SQLite synchronous is {level}: set it to FULL ({_FULL}).")

    def backup(self, path: Path) -> None:
        if path.exists():
            raise StoreError(f"{path} is there already: a backup never overwrites; name a new file.")
        with self._explained(), closing(sqlite3.connect(path)) as copy:
            copy.execute("PRAGMA synchronous=FULL")
            self.live().backup(copy)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: {error}. Check the disk, the file and its rights.") from error
