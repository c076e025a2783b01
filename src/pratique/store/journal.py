"""What did we know, and when? The append-only journal of filings and the decisions on them.

Everything in one call to ``record`` is one transaction, on disk before it returns. A bad entry in a group
comes back as an error and does not trouble its neighbours. Each entry's digest covers the one before it, so a
changed row shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pratique.errors import (
    NotFoundError,
    RequestConflictError,
    StoreError,
    VersionConflictError,
)
from pratique.store.database import Database, open_database
from pratique.store.entry import Entry, Outcome, Receipt, Record

_COLUMNS: Final = (
    "sequence, sender, request, request_hash, kind, declaration, version, destination, code, state, form, "
    "source, body, answer, recorded_at, digest"
)
_KEPT: Final = (
    "sequence, sender, request, kind, declaration, version, destination, code, state, form, source, body, "
    "answer, recorded_at"
)
_INSERT: Final = f"INSERT INTO journal ({_COLUMNS}) VALUES ({', '.join(['%s'] * 16)})"  # noqa: S608 - constants
_CHUNK: Final = 200


class Journal:
    """The journal in one database. Not for several threads at once: see ``Writer``."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Keep entries in one transaction: for each its receipt, or the error that kept it out.

        Raises ``StoreError`` when the database cannot keep them; then none is kept.
        """
        try:
            with self.database.writing():
                return self.add(entries)
        except self.database.errors as error:
            raise StoreError(f"The store could not keep {len(entries)} entries: {error}") from error

    def add(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Keep entries inside the transaction under way (``database.writing()``), with whatever else it writes.

        An error among the outcomes kept nothing of its entry; whether the rest stays is for the caller to say. What
        the database raises (``database.errors``) passes through, and undoes the transaction.
        """
        kept = self._requests(entries)
        versions = self._versions(entries)
        last, digest = self._end()
        outcomes: list[Outcome] = []
        rows: list[tuple[Any, ...]] = []
        parcels: list[tuple[str, int]] = []
        for entry in entries:
            known = kept.get((entry.sender, entry.request))
            if known is not None:
                outcomes.append(_again(entry, *known))
                continue
            current = versions.get((entry.sender, entry.declaration), 0)
            if current != entry.follows:
                outcomes.append(_conflict(entry, current))
                continue
            last += 1
            version = current + 1
            digest = _digest(digest, entry, version)
            rows.append(_row(last, version, digest, entry))
            parcels.extend((parcel, last) for parcel in dict.fromkeys(entry.parcels))
            receipt = Receipt(
                sequence=last,
                declaration=entry.declaration,
                version=version,
                answer=entry.answer,
            )
            outcomes.append(receipt)
            versions[entry.sender, entry.declaration] = version
            kept[entry.sender, entry.request] = (entry.request_hash, receipt)
        self.database.insert(_INSERT, rows)
        self.database.insert("INSERT INTO parcel (parcel, sequence) VALUES (%s, %s)", parcels)
        return outcomes

    def _requests(self, entries: Sequence[Entry]) -> dict[tuple[str, str], tuple[str, Receipt]]:
        """Requests of these entries that were kept before."""
        found = {}
        for sender, group in _by_sender(entries, "request"):
            marks = ", ".join(["%s"] * len(group))
            for row in self.database.query(
                "SELECT request, request_hash, sequence, declaration, version, answer "  # noqa: S608
                f"FROM journal WHERE sender = %s AND request IN ({marks})",
                [sender, *group],
            ):
                receipt = Receipt(
                    sequence=row[2], declaration=row[3], version=row[4], answer=bytes(row[5])
                )
                found[sender, row[0]] = (row[1], receipt)
        return found

    def _versions(self, entries: Sequence[Entry]) -> dict[tuple[str, str], int]:
        """Latest version of each declaration these entries are about."""
        found = {}
        for sender, group in _by_sender(entries, "declaration"):
            marks = ", ".join(["%s"] * len(group))
            for declaration, version in self.database.query(
                "SELECT declaration, MAX(version) FROM journal "  # noqa: S608
                f"WHERE sender = %s AND declaration IN ({marks}) GROUP BY declaration",
                [sender, *group],
            ):
                found[sender, declaration] = version
        return found

    def _end(self) -> tuple[int, str]:
        rows = self.database.query(
            "SELECT sequence, digest FROM journal ORDER BY sequence DESC LIMIT 1"
        )
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    def answered(self, sender: str, request: str, request_hash: str) -> Receipt | None:
        """The receipt a request got when it was kept, None when it never was.

        Raises ``RequestConflictError`` when it was kept with other content.
        """
        rows = self.database.query(
            "SELECT request_hash, sequence, declaration, version, answer FROM journal "
            "WHERE sender = %s AND request = %s",
            (sender, request),
        )
        if not rows:
            return None
        hashed, sequence, declaration, version, answer = rows[0]
        if hashed != request_hash:
            raise _used(request)
        return Receipt(
            sequence=sequence,
            declaration=declaration,
            version=version,
            answer=bytes(answer),
            repeated=True,
        )

    def versions(self, declaration: str, sender: str | None = None) -> tuple[Record, ...]:
        """Every version of a declaration, oldest first. Raises ``NotFoundError`` when there is none."""
        sql = f"SELECT {_KEPT} FROM journal WHERE declaration = %s"  # noqa: S608 - constant columns
        values = [declaration]
        if sender is not None:
            sql += " AND sender = %s"
            values.append(sender)
        rows = self.database.query(f"{sql} ORDER BY sender, version", values)
        if not rows:
            of_sender = "" if sender is None else f" of sender {sender!r}"
            raise NotFoundError(f"No declaration {declaration!r}{of_sender} is in this store.")
        return tuple(_record(row) for row in rows)

    def latest(self, declaration: str, sender: str | None = None) -> Record:
        """The newest version of a declaration. Raises ``NotFoundError``."""
        return self.versions(declaration, sender)[-1]

    def of_parcel(self, parcel: str) -> tuple[Record, ...]:
        """Every entry that names a parcel, oldest first."""
        columns = ", ".join(f"journal.{name.strip()}" for name in _KEPT.split(","))
        rows = self.database.query(
            f"SELECT {columns} FROM journal JOIN parcel ON parcel.sequence = journal.sequence "  # noqa: S608
            "WHERE parcel.parcel = %s ORDER BY journal.sequence",
            (parcel,),
        )
        return tuple(_record(row) for row in rows)

    def find(
        self,
        *,
        after: int = 0,
        limit: int = 100,
        state: str | None = None,
        destination: str | None = None,
        code: str | None = None,
    ) -> tuple[Record, ...]:
        """Entries after a sequence number, oldest first: a feed with ``sequence`` as its cursor."""
        sql = f"SELECT {_KEPT} FROM journal WHERE sequence > %s"  # noqa: S608 - constant columns
        values: list[Any] = [after]
        for name, value in (("state", state), ("destination", destination), ("code", code)):
            if value is not None:
                sql += f" AND {name} = %s"
                values.append(value)
        rows = self.database.query(f"{sql} ORDER BY sequence LIMIT %s", [*values, limit])
        return tuple(_record(row) for row in rows)

    def counts(self) -> dict[str, int]:
        """Number of entries by decision code."""
        rows = self.database.query(
            "SELECT code, COUNT(*) FROM journal GROUP BY code ORDER BY COUNT(*) DESC, code"
        )
        return {str(row[0]): int(row[1]) for row in rows}

    def verify(self) -> int | None:
        """The first sequence number whose digest does not fit, None when the whole journal does."""
        digest, expected, after = "", 0, 0
        while True:
            rows = self.database.query(
                f"SELECT {_COLUMNS} FROM journal WHERE sequence > %s ORDER BY sequence LIMIT 1000",  # noqa: S608
                (after,),
            )
            if not rows:
                return None
            for row in rows:
                expected += 1
                digest = _chain(digest, row[1:11], row[11:14])
                if row[0] != expected or row[15] != digest:
                    return int(row[0])
            after = rows[-1][0]

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_journal(url: str) -> Journal:
    """The journal at a URL; see ``open_database`` for what is refused."""
    return Journal(open_database(url))


def _again(entry: Entry, hashed: str, receipt: Receipt) -> Outcome:
    if hashed != entry.request_hash:
        return _used(entry.request)
    return Receipt(
        sequence=receipt.sequence,
        declaration=receipt.declaration,
        version=receipt.version,
        answer=receipt.answer,
        repeated=True,
    )


def _used(request: str) -> RequestConflictError:
    return RequestConflictError(
        f"Request {request!r} was used before with other content: use a new request id."
    )


def _conflict(entry: Entry, current: int) -> StoreError:
    if current == 0:
        return NotFoundError(f"There is no declaration {entry.declaration!r} to amend.")
    if entry.follows == 0:
        return VersionConflictError(
            f"Declaration {entry.declaration!r} is already filed (version {current}): amend it, or file under "
            "another id."
        )
    return VersionConflictError(
        f"Declaration {entry.declaration!r} is at version {current}, not {entry.follows}: read it again."
    )


def _row(sequence: int, version: int, digest: str, entry: Entry) -> tuple[Any, ...]:
    return (sequence, *_said(entry, version), entry.source, entry.body, entry.answer,
            entry.recorded_at.isoformat(), digest)  # fmt: skip


def _said(entry: Entry, version: int) -> tuple[Any, ...]:
    return (
        entry.sender,
        entry.request,
        entry.request_hash,
        entry.kind,
        entry.declaration,
        version,
        entry.destination,
        entry.code,
        entry.state,
        entry.form,
    )


def _digest(before: str, entry: Entry, version: int) -> str:
    return _chain(before, _said(entry, version), (entry.source, entry.body, entry.answer))


def _chain(before: str, said: Sequence[Any], contents: Sequence[bytes]) -> str:
    """SHA-256 over the digest before, the plain columns and the hashes of the contents."""
    hashed = hashlib.sha256(before.encode())
    for value in said:
        text = str(value).encode()
        hashed.update(len(text).to_bytes(4, "big") + text)
    for content in contents:
        hashed.update(hashlib.sha256(content).digest())
    return hashed.hexdigest()


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
        source=bytes(row[10]),
        body=bytes(row[11]),
        answer=bytes(row[12]),
        recorded_at=row[13],
    )


def _by_sender(entries: Sequence[Entry], name: str) -> Iterator[tuple[str, list[str]]]:
    """One element of the entries, sender by sender, as both stores index it, and not too many at a time."""
    senders: dict[str, dict[str, None]] = {}
    for entry in entries:
        senders.setdefault(entry.sender, {})[getattr(entry, name)] = None
    for sender, values in senders.items():
        for start in range(0, len(values), _CHUNK):
            yield sender, [*values][start : start + _CHUNK]
