"""How does a store get this version's schema? Numbered scripts, each run once, under the write lock.

What ran is remembered with its checksum. A store of a newer version, or one made by a script that has changed
since, is refused rather than guessed at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import resources
from typing import Any, Protocol

from pratique.errors import StoreError


class Migrating(Protocol):
    """What a migration needs of a database."""

    dialect: str

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""

    def script(self, sql: str) -> None:
        """Run the statements of a migration inside the current transaction."""

    def writing(self) -> AbstractContextManager[None]:
        """One exclusive transaction."""

    def has_table(self, name: str) -> bool:
        """Whether a table of that name is there."""


def migrate(database: Migrating) -> None:
    """Bring the schema up to date. Raises ``StoreError`` for a store this version cannot be sure of.

    A store that is up to date is only read, so that opening one never waits for a writer.
    """
    scripts = _scripts(database.dialect)
    if not _missing(database, scripts):
        return
    with database.writing():
        database.script(
            "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL);"
        )
        for number in _missing(database, scripts):
            database.script(scripts[number])
            database.insert(
                "migration", ("number", "checksum"), [(number, _checksum(scripts[number]))]
            )


def _missing(database: Migrating, scripts: dict[int, str]) -> list[int]:
    done: dict[int, str] = {}
    if database.has_table("migration"):
        done = {row[0]: row[1] for row in database.query("SELECT number, checksum FROM migration")}
    for number, checksum in sorted(done.items()):
        if number not in scripts:
            raise StoreError(
                f"The store is at schema {max(done)}, this version knows {max(scripts)}: use a newer Pratique."
            )
        if checksum != _checksum(scripts[number]):
            raise StoreError(
                f"The store was made by another edition of migration {number}: "
                "use the Pratique that made it, or start a new store."
            )
    return sorted(scripts.keys() - done.keys())


def _checksum(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()


def _scripts(dialect: str) -> dict[int, str]:
    folder = resources.files("pratique.store").joinpath("migrations")
    return {
        int(path.name[:4]): path.read_text("utf-8")
        for path in folder.iterdir()
        if path.name.endswith(f".{dialect}.sql")
    }
