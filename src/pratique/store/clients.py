"""Which clients are registered, and was this assertion used before? Rows in the node's own database.

A client is never deleted: it is revoked, on a day and for a reason, and its id is not given again. Ids of assertions are
remembered until they would be refused as expired, and then dropped; they are kept in the same transaction in which it is
seen that they are new, so that of two uses at once one is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Literal, NamedTuple

from pratique.errors import NotFoundError, StoreError
from pratique.store.database import Database

MOST_ASSERTIONS: Final = 1000
"""How many assertions of one client are remembered at a time; more in so few minutes are refused."""
Use = Literal["new", "used", "too many"]


class ClientRow(NamedTuple):
    """A client: roles, scopes and certificates are words with blanks between; moments as ISO 8601."""

    id: str
    tenant: str
    roles: str
    scopes: str
    certificates: str
    registered_at: str
    revoked_at: str = ""
    because: str = ""


class ClientKeyRow(NamedTuple):
    """A public key of a client, as a JSON Web Key, and when it holds."""

    client: str
    kid: str
    jwk: str
    not_before: str
    not_after: str


class ClientRows:
    """Registered clients in one database. Not for several threads at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, row: ClientRow, keys: Sequence[ClientKeyRow]) -> None:
        """Register a client with its keys. Raises ``StoreError`` when the id was ever given."""
        with self._writing():
            if self._rows(row.id):
                raise StoreError(f"{row.id} is a client already, or was: give another id.")
            self.database.insert(
                f"INSERT INTO client ({', '.join(ClientRow._fields)}) VALUES ({_places(row)})",  # noqa: S608
                [row],
            )
            self._add_keys(keys)

    def add_key(self, key: ClientKeyRow) -> None:
        """Give a client one more key. Raises ``NotFoundError``, and ``StoreError`` for a key it has."""
        with self._writing():
            self._live(key.client)
            if any(each.kid == key.kid for each in self.keys(key.client)):
                raise StoreError(f"{key.client} has the key {key.kid} already: make a new one.")
            self._add_keys([key])

    def get(self, id: str) -> ClientRow | None:
        """The client of that id."""
        with self._telling():
            rows = self._rows(id)
        return ClientRow(*rows[0]) if rows else None

    def all(self) -> list[ClientRow]:
        """Every client there is or was."""
        with self._telling():
            rows = self.database.query(
                f"SELECT {', '.join(ClientRow._fields)} FROM client ORDER BY id"  # noqa: S608
            )
        return [ClientRow(*row) for row in rows]

    def keys(self, id: str) -> list[ClientKeyRow]:
        """The keys of a client, the oldest first."""
        with self._telling():
            rows = self.database.query(
                "SELECT client, kid, jwk, not_before, not_after FROM client_key "
                "WHERE client = %s ORDER BY not_before, kid",
                (id,),
            )
        return [ClientKeyRow(*row) for row in rows]

    def revoke(self, id: str, *, because: str, now: datetime) -> None:
        """End a client. Raises ``NotFoundError`` for one that is not there, or revoked already."""
        with self._writing():
            self._live(id)
            self.database.query(
                "UPDATE client SET revoked_at = %s, because = %s WHERE id = %s RETURNING 1",
                (now.isoformat(), because, id),
            )

    def use(self, client: str, assertion: str, *, until: datetime, now: datetime) -> Use:
        """Whether an assertion of a client is new, and is so no more, once this returned."""
        with self._writing():
            self.database.query(
                "DELETE FROM client_assertion WHERE until < %s RETURNING 1",
                (int(now.timestamp()),),
            )
            seen = self.database.query(
                "SELECT 1 FROM client_assertion WHERE client = %s AND id = %s", (client, assertion)
            )
            if seen:
                return "used"
            (count,) = self.database.query(
                "SELECT COUNT(*) FROM client_assertion WHERE client = %s", (client,)
            )[0]
            if count >= MOST_ASSERTIONS:
                return "too many"
            self.database.insert(
                "INSERT INTO client_assertion (client, id, until) VALUES (%s, %s, %s)",
                [(client, assertion, int(until.timestamp()) + 1)],
            )
        return "new"

    def _add_keys(self, keys: Sequence[ClientKeyRow]) -> None:
        self.database.insert(
            "INSERT INTO client_key (client, kid, jwk, not_before, not_after) VALUES (%s, %s, %s, %s, %s)",
            keys,
        )

    def _live(self, id: str) -> None:
        rows = self._rows(id)
        if not rows or ClientRow(*rows[0]).revoked_at:
            raise NotFoundError(f"There is no client {id} in use: see `pratique client list`.")

    def _rows(self, id: str) -> list[tuple[str, ...]]:
        return self.database.query(
            f"SELECT {', '.join(ClientRow._fields)} FROM client WHERE id = %s",  # noqa: S608
            (id,),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._telling(), self.database.writing():
            yield

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except self.database.errors as error:
            raise StoreError(f"The clients cannot be read or written: {error}.") from error


def _places(row: ClientRow) -> str:
    return ", ".join(["%s"] * len(row))
