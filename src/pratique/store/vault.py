"""Where are personal data kept, who read them, and how are they erased? Sealed element by element.

Each element is sealed with AES-256-GCM under the key of its consignment (``data_keys``), bound to consignment and field, so
that no value can be moved to another place. Erasing a consignment destroys its key. A read writes its row of audit in the
same transaction: without the row on disk, no data. A legal hold keeps from erasure until it is lifted.
Source: NIST SP 800-38D (AES-GCM); Regulation (EU) 2016/679, art. 5(1)(e), 17 and 30.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pratique.errors import NotFoundError, StoreError
from pratique.store.data_keys import DataKeys
from pratique.store.database import Database

_NONCE_BYTES: Final = 12


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One element of a consignment: where it stands (``parties/1/name``), its paths in the catalogue, class and text."""

    field: str
    paths: tuple[str, ...]
    privacy: str
    text: str

    def __repr__(self) -> str:
        return f"Field({self.field}, •••)"


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads, for which party, in which role, for which purpose, under which agreement, rule and policy."""

    reader: str
    party: str
    role: str
    purpose: str
    agreement: str = ""
    rule: str = ""
    policy: str = ""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the audit."""

    sequence: int
    read_at: str
    reader: str
    party: str
    role: str
    purpose: str
    consignment: str
    fields: str
    privacy: str
    agreement: str
    rule: str
    policy: str


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased: consignments and elements by class; what a hold kept; the digest names them without telling."""

    erased_at: datetime
    consignments: int
    elements: dict[str, int]
    held: tuple[str, ...]
    digest: str


class Vault:
    """Personal data in the main database, keys in their own. Not for several threads at once."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self.database = database
        self.keys = keys

    def seal(
        self,
        consignment: str,
        fields: Sequence[Field],
        *,
        holder: str,
        purposes: Sequence[str],
        keep_until: date,
        now: datetime,
    ) -> None:
        """Keep the elements of a new consignment, whose data they are, and what they were given for. Raises ``StoreError``, also when it is there already."""
        with self._writing():
            if self.database.query("SELECT 1 FROM vault WHERE consignment = %s", (consignment,)):
                raise StoreError(
                    f"{consignment} is sealed already: seal a new version under its own name."
                )
            # A key of an attempt that ended before its data were kept opens nothing, and is replaced.
            cipher = AESGCM(self.keys.new(consignment))
            self.database.insert(
                "INSERT INTO vault (consignment, holder, sealed_at, keep_until, purposes) "
                "VALUES (%s, %s, %s, %s, %s)",
                [
                    (
                        consignment,
                        holder,
                        now.isoformat(),
                        keep_until.isoformat(),
                        " ".join(purposes),
                    )
                ],
            )
            self.database.insert(
                "INSERT INTO vault_element (consignment, field, paths, privacy, sealed) "
                "VALUES (%s, %s, %s, %s, %s)",
                [
                    (
                        consignment,
                        each.field,
                        " ".join(each.paths),
                        each.privacy,
                        _sealed(cipher, consignment, each),
                    )
                    for each in fields
                ],
            )

    def fields(self, consignment: str) -> dict[str, tuple[str, ...]]:
        """Which fields there are, each with its paths in the catalogue: no value is opened."""
        rows = self._query(
            "SELECT field, paths FROM vault_element WHERE consignment = %s ORDER BY field",
            (consignment,),
        )
        return {field: tuple(paths.split()) for field, paths in rows}

    def given(self, consignment: str) -> tuple[str, tuple[str, ...]]:
        """The party whose data these are, and the purposes they were given for. Raises ``NotFoundError``."""
        rows = self._query(
            "SELECT holder, purposes FROM vault WHERE consignment = %s", (consignment,)
        )
        if not rows:
            raise NotFoundError(f"There are no personal data of {consignment}.")
        return rows[0][0], tuple(rows[0][1].split())

    def read(
        self, consignment: str, fields: Sequence[str], by: Reader, *, now: datetime
    ) -> dict[str, str]:
        """The values of these fields, once the row that says who read them is on disk.

        Fields that are not there are left out. Raises ``NotFoundError`` when the data are erased or were never there,
        ``StoreError`` when the row cannot be kept or a value was altered: then nothing is told.
        """
        wanted = set(fields)
        with self._writing():
            rows = self.database.query(
                "SELECT field, privacy, sealed FROM vault_element WHERE consignment = %s ORDER BY field",
                (consignment,),
            )
            rows = [row for row in rows if row[0] in wanted]
            cipher = AESGCM(self.keys.of(consignment))
            opened = {row[0]: _opened(cipher, consignment, row[0], bytes(row[2])) for row in rows}
            last = self.database.query("SELECT COALESCE(MAX(sequence), 0) FROM read_audit")[0][0]
            row = Read(
                sequence=last + 1,
                read_at=now.isoformat(),
                reader=by.reader,
                party=by.party,
                role=by.role,
                purpose=by.purpose,
                consignment=consignment,
                fields=" ".join(opened),
                privacy=" ".join(sorted({row[1] for row in rows})),
                agreement=by.agreement,
                rule=by.rule,
                policy=by.policy,
            )
            self.database.insert(_AUDIT, [msgspec.structs.astuple(row)])
        return opened

    def reads(self, consignment: str) -> tuple[Read, ...]:
        """Who read the data of a consignment, oldest first."""
        rows = self._query(
            f"SELECT {', '.join(_COLUMNS)} FROM read_audit WHERE consignment = %s ORDER BY sequence",  # noqa: S608
            (consignment,),
        )
        return tuple(msgspec.convert(dict(zip(_COLUMNS, row, strict=True)), Read) for row in rows)

    def hold(self, consignment: str, *, because: str, by: str, now: datetime) -> None:
        """Keep a consignment from erasure. Raises ``NotFoundError`` when there is nothing left to hold."""
        with self._writing():
            there = self.database.query(
                "SELECT 1 FROM vault WHERE consignment = %s AND shredded_at = ''", (consignment,)
            )
            if not there:
                raise NotFoundError(f"There are no personal data of {consignment} to hold.")
            self.database.query(
                "DELETE FROM vault_hold WHERE consignment = %s RETURNING 1", (consignment,)
            )
            self.database.insert(
                "INSERT INTO vault_hold (consignment, because, ordered_by, held_at) VALUES (%s, %s, %s, %s)",
                [(consignment, because, by, now.isoformat())],
            )

    def lift(self, consignment: str) -> None:
        """End a hold; nothing happens where there is none."""
        with self._writing():
            self.database.query(
                "DELETE FROM vault_hold WHERE consignment = %s RETURNING 1", (consignment,)
            )

    def due(self, on: date) -> tuple[str, ...]:
        """Consignments whose day has come and that nothing holds."""
        rows = self._query(
            "SELECT consignment FROM vault WHERE shredded_at = '' AND keep_until <= %s "
            "AND consignment NOT IN (SELECT consignment FROM vault_hold) ORDER BY consignment",
            (on.isoformat(),),
        )
        return tuple(row[0] for row in rows)

    def erase(self, consignments: Sequence[str], *, now: datetime) -> Erasure:
        """Destroy the keys of consignments, all but those held, and say what was erased.

        Keys go first: when the machine stops between, the data are gone and the same call says so again.
        """
        asked = set(consignments)
        with self._writing():
            held = {
                row[0] for row in self.database.query("SELECT consignment FROM vault_hold")
            } & asked
            rows = self.database.query(
                "SELECT v.consignment, e.privacy FROM vault v "
                "LEFT JOIN vault_element e ON e.consignment = v.consignment WHERE v.shredded_at = ''"
            )
            going = sorted({row[0] for row in rows} & asked - held)
            gone = set(going)
            self.keys.destroy(going)
            for each in going:
                self.database.query(
                    "UPDATE vault SET shredded_at = %s WHERE consignment = %s RETURNING 1",
                    (now.isoformat(), each),
                )
        return Erasure(
            erased_at=now,
            consignments=len(going),
            elements=dict(Counter(row[1] for row in rows if row[0] in gone and row[1])),
            held=tuple(sorted(held)),
            digest=hashlib.sha256("\n".join(going).encode()).hexdigest(),
        )

    def _query(self, sql: str, values: Sequence[object] = ()) -> list[tuple[str, ...]]:
        try:
            return self.database.query(sql, values)
        except self.database.errors as error:
            raise StoreError(f"The vault could not be read: {error}.") from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self.database.writing():
                yield
        except self.database.errors as error:
            raise StoreError(f"The vault could not be written: {error}.") from error


_COLUMNS: Final = Read.__struct_fields__
_AUDIT: Final = (
    f"INSERT INTO read_audit ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
)


def _bound(consignment: str, field: str) -> bytes:
    """What a sealed value is bound to."""
    return f"{len(consignment)}:{consignment}{field}".encode()


def _sealed(cipher: AESGCM, consignment: str, field: Field) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, field.text.encode(), _bound(consignment, field.field))


def _opened(cipher: AESGCM, consignment: str, field: str, sealed: bytes) -> str:
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return cipher.decrypt(nonce, body, _bound(consignment, field)).decode()
    except InvalidTag as error:
        raise StoreError(
            f"{field} of {consignment} was altered, moved, or sealed by another key."
        ) from error
