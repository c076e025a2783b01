"""What does the journal say? One declaration, one parcel, what stands where, and everything in order."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from pratique.errors import NotFoundError, StoreError
from pratique.store import chain
from pratique.store.database import Database
from pratique.store.entry import Head, Page, Receipt, Record

SAID: Final = (
    "sender", "request", "request_hash", "kind", "declaration", "version", "destination", "code", "state",
    "form", "recorded_at",
)  # fmt: skip
"""Columns of plain values, in the order their digest covers them."""
CONTENTS: Final = ("source", "body", "answer")
"""Columns of contents, the only ones with personal data."""
MAX_PAGE: Final = 1000
_KEPT: Final = ", ".join(
    f"journal.{name}"
    for name in ("sequence", *(name for name in SAID if name != "request_hash"), *CONTENTS)
)
_LAST: Final = 2**63 - 1


class Queries:
    """Reading the journal in one database. Everything here raises ``StoreError`` when it cannot be read."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def versions(self, declaration: str, sender: str | None = None) -> tuple[Record, ...]:
        """Every version of a declaration, oldest first. Raises ``NotFoundError`` when there is none."""
        found = self._of_declaration(declaration, sender, "ORDER BY journal.sender, version")
        if not found:
            raise NotFoundError(f"No declaration {declaration!r} is in this store.")
        return found

    def version(self, declaration: str, number: int, sender: str | None = None) -> Record:
        """One version of a declaration, the newest of it if several senders use one reference.

        Raises ``NotFoundError``.
        """
        found = self._of_declaration(
            declaration, sender, "AND version = %s ORDER BY sequence DESC LIMIT 1", _counted(number)
        )
        if not found:
            raise NotFoundError(f"No version {number} of declaration {declaration!r} is in this store.")
        return found[0]

    def latest(self, declaration: str, sender: str | None = None) -> Record:
        """The newest version of a declaration. Raises ``NotFoundError``."""
        found = self._of_declaration(declaration, sender, "ORDER BY sequence DESC LIMIT 1")
        if not found:
            raise NotFoundError(f"No declaration {declaration!r} is in this store.")
        return found[0]

    def _of_declaration(
        self, declaration: str, sender: str | None, rest: str, *values: Any
    ) -> tuple[Record, ...]:
        mine = "" if sender is None else "AND sender = %s "
        names = (declaration,) if sender is None else (declaration, sender)
        return self._records(
            f"FROM journal WHERE declaration = %s {mine}{rest}", (*_asked(names), *values)
        )

    def of_parcel(self, parcel: str) -> tuple[Record, ...]:
        """Every entry that names a parcel, oldest first."""
        return self._records(
            "FROM journal JOIN parcel ON parcel.sequence = journal.sequence "
            "WHERE parcel.parcel = %s ORDER BY journal.sequence",
            _asked((parcel,)),
        )

    def find(
        self,
        *,
        state: str | None = None,
        destination: str | None = None,
        code: str | None = None,
        sender: str | None = None,
        since: datetime | None = None,
        cursor: str = "",
        limit: int = 100,
    ) -> Page:
        """Declarations that stand so now, each by its latest version, those longest untouched first.

        ``since`` is the first moment their latest version may be of, aware. ``cursor`` is that of the page
        before, with the same questions. One amended while paging comes again on a later page, none is left out.
        """
        sql, values = "latest.sequence > %s", [_opened(cursor)]
        asked: dict[str, Any] = {
            "state": state, "destination": destination, "code": code, "sender": sender,
        }  # fmt: skip
        for name, value in asked.items():
            if value is not None:
                sql += f" AND latest.{name} = %s"
                values.extend(_asked((value,)))
        if since is not None:
            sql += " AND latest.recorded_at >= %s"
            values.append(moment(since))
        size = max(1, min(limit, MAX_PAGE))
        found = self._records(
            f"FROM latest JOIN journal ON journal.sequence = latest.sequence WHERE {sql} "
            "ORDER BY latest.sequence LIMIT %s",
            (*values, size + 1),
        )
        more = len(found) > size
        return Page(
            records=found[:size], cursor=_sealed(found[size - 1].sequence) if more else ""
        )

    def feed(self, *, after: int = 0, limit: int = 100) -> tuple[Record, ...]:
        """Entries after a sequence number, in order: whoever remembers the last one misses nothing."""
        return self._records(
            "FROM journal WHERE sequence > %s ORDER BY sequence LIMIT %s",
            (_counted(after), max(1, min(limit, MAX_PAGE))),
        )

    def entries(self) -> Iterator[Record]:
        """The whole journal in order, a page in memory at a time."""
        after = 0
        while page := self.feed(after=after):
            yield from page
            after = page[-1].sequence

    def find_request(self, sender: str, request: str) -> tuple[str, Receipt] | None:
        """Hash and receipt of a request that was kept, None when it was not."""
        rows = self.database.query(
            "SELECT request_hash, sequence, declaration, version, answer FROM journal "
            "WHERE sender = %s AND request = %s",
            _asked((sender, request)),
        )
        if not rows:
            return None
        hashed, sequence, declaration, version, answer = rows[0]
        return hashed, Receipt(
            sequence=sequence,
            declaration=declaration,
            version=version,
            answer=bytes(answer),
            repeated=True,
        )

    def counts(self, *, latest: bool = False) -> dict[str, int]:
        """Number of entries by decision code, most first; ``latest`` counts each declaration once."""
        table = "latest" if latest else "journal"
        rows = self.database.query(
            f"SELECT code, COUNT(*) FROM {table} GROUP BY code ORDER BY COUNT(*) DESC, code"  # noqa: S608
        )
        return {str(row[0]): int(row[1]) for row in rows}

    def head(self) -> Head:
        """Where the journal ends now: last sequence number, 0 when empty, and its digest."""
        rows = self.database.query(
            "SELECT sequence, digest FROM journal ORDER BY sequence DESC LIMIT 1"
        )
        if not rows:
            return Head(sequence=0, digest=chain.START)
        return Head(sequence=rows[0][0], digest=rows[0][1])

    def _records(self, rest: str, values: Sequence[Any]) -> tuple[Record, ...]:
        rows = self.database.query(f"SELECT {_KEPT} {rest}", values)  # noqa: S608 - own names
        return tuple(_record(row) for row in rows)


def moment(when: datetime) -> str:
    """A moment as the journal writes it: UTC, always to the microsecond, so that text order is time order.

    Raises ``StoreError`` for a moment without a time zone.
    """
    if when.tzinfo is None:
        raise StoreError(f"{when.isoformat()} has no time zone: give an aware moment.")
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _record(row: Sequence[Any]) -> Record:
    return Record(
        sequence=row[0],
        sender=row[1],
        request=row[2],
        kind=row[3],
        declaration=row[4],
        version=row[5],
        destination=row[6],
        code=row[7],
        state=row[8],
        form=row[9],
        recorded_at=row[10],
        source=bytes(row[11]),
        body=bytes(row[12]),
        answer=bytes(row[13]),
    )


def _asked(names: Sequence[str]) -> tuple[str, ...]:
    """Names to look for; what no database can hold is replaced by what none does hold."""
    return tuple(name.replace("\0", "�").encode(errors="replace").decode() for name in names)


def _counted(number: int) -> int:
    return max(0, min(number, _LAST))


def _sealed(sequence: int) -> str:
    return base64.urlsafe_b64encode(b"after %d" % sequence).decode().rstrip("=")


def _opened(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = (
            base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            .decode("ascii")
            .partition(" ")
        )
        if word != "after" or not number.isdecimal() or len(number) > len(str(_LAST)):
            raise ValueError(number)
    except ValueError:
        raise StoreError(f"Cursor {cursor[:40]!r} is none of ours: start without one.") from None
    return _counted(int(number))
