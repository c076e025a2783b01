"""The journal's words, spoken to PostgreSQL: one connection, made again when the server went away.

Sequence numbers are given out under an advisory lock, so that several processes can write one gap-free journal.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql as parts
from psycopg.conninfo import conninfo_to_dict

from pratique.errors import StoreError, UnsafeStoreError

STARTUP_SECONDS: Final = 30.0
"""How long start-up waits for a server that does not answer yet."""
RECONNECT_SECONDS: Final = 3.0
"""How long a write waits for a server that went away, before its callers are told."""
LOCK_SECONDS: Final = 5
"""How long a write waits for another process that writes; a process that sleeps twice that long inside a
transaction loses it."""
_LOCK: Final = 7_214_018
_DEFAULTS: Final = {
    "connect_timeout": "2",
    "tcp_user_timeout": "5000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "2",
    "application_name": "pratique",
}
"""A host that vanishes without a word is noticed in seconds; the URL may say otherwise."""

_Connection = psycopg.Connection[tuple[Any, ...]]


class PostgresDatabase:
    """One connection to a server. Raises ``StoreError`` and nothing else."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        try:
            given = conninfo_to_dict(url)
        except psycopg.Error:
            # The reason may quote the URL, and with it a password.
            raise StoreError("That is no PostgreSQL URL: postgresql://user@host/name.") from None
        self._parameters: dict[str, Any] = _DEFAULTS | given
        self.connection: _Connection | None = None
        self._wait = STARTUP_SECONDS

    def live(self) -> _Connection:
        """The connection, made again when the server closed it, and as safe as the first."""
        if self.connection is None or self.connection.closed:
            self.connection = self._connect()
            self._wait = RECONNECT_SECONDS
            try:
                self.refuse_unsafe()
            except StoreError:
                self.close()
                raise
        return self.connection

    def _connect(self) -> _Connection:
        give_up = time.monotonic() + self._wait
        while True:
            try:
                connection = psycopg.connect(**self._parameters, autocommit=True)
                # Each statement must see what the holder of the lock before us committed.
                connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
                connection.execute(
                    "SELECT set_config('lock_timeout', %s, false), "
                    "set_config('idle_in_transaction_session_timeout', %s, false)",
                    (f"{LOCK_SECONDS}s", f"{2 * LOCK_SECONDS}s"),
                )
            except psycopg.OperationalError as error:
                if time.monotonic() > give_up:
                    raise StoreError(
                        f"PostgreSQL did not answer within {self._wait:.0f} s: {error}. "
                        "Check that it runs and that PRATIQUE_STORE names it."
                    ) from error
                time.sleep(0.1)
            else:
                return connection

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with _explained():
            return self.live().execute(sql, values).fetchall()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        names = parts.SQL(", ").join(parts.Identifier(each) for each in columns)
        copy = parts.SQL("COPY {} ({}) FROM STDIN").format(parts.Identifier(table), names)
        with _explained(), self.live().cursor() as cursor, cursor.copy(copy) as lines:
            for row in rows:
                lines.write_row(row)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> None:
        with _explained():
            self.live().execute(sql, values)

    def script(self, sql: str) -> None:
        with _explained():
            self.live().execute(sql)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with _explained(), self.live().transaction():
            self.live().execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield

    def has_table(self, name: str) -> bool:
        return bool(self.query("SELECT to_regclass(%s) IS NOT NULL", (name,))[0][0])

    def refuse_unsafe(self) -> None:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = self.query(f"SHOW {setting}")[0][0]
            if value == "off":
                raise UnsafeStoreError(
                    f"PostgreSQL {setting} is {value}: set it to on, or acknowledged filings could be lost."
                )

    def backup(self, path: Path) -> None:
        raise StoreError("PostgreSQL has its own tools to copy a database: use pg_dump.")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise StoreError(f"PostgreSQL: {error}") from error
