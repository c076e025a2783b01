"""The journal in PostgreSQL: one connection, made again when the server closed it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from pratique.errors import StoreError

STARTUP_SECONDS: Final = 30.0
"""How long start-up waits for PostgreSQL to answer."""
_LOCK: Final = 7_214_018
"""Key of the advisory lock under which PostgreSQL entries get their sequence."""


class PostgresDatabase:
    """PostgreSQL 13 or newer; sequence numbers are given out under an advisory lock."""

    dialect = "postgresql"
    errors: tuple[type[Exception], ...] = (psycopg.Error,)

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = _connect(url)

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.live().execute(sql, values).fetchall()

    def insert(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self.live().cursor() as cursor:
                cursor.executemany(sql, rows)

    def live(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection, made again when the server closed it."""
        if self.connection.closed:
            self.connection = _connect(self.url)
        return self.connection

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self.live().transaction():
            self.connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield

    def script(self, sql: str) -> None:
        self.live().execute(sql)

    def close(self) -> None:
        self.connection.close()


def _connect(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection, waiting while the server starts. Raises ``StoreError`` when it does not answer."""
    give_up = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            return psycopg.connect(url, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            if time.monotonic() > give_up:
                raise StoreError(
                    f"PostgreSQL did not answer within {STARTUP_SECONDS:.0f} s: {error}. "
                    "Check that it runs and that PRATIQUE_STORE names it."
                ) from error
            time.sleep(0.1)
