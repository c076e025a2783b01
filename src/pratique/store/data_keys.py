"""Which key opens the personal data of this consignment? One key each, in a small database of its own.

A data key is kept wrapped by the key-encryption key of the house, which is given and never stored. Destroying the row
destroys every copy of the data, backups of the main database included: they never held a key. The file overwrites what
it deletes, and truncates its rollback journal at each commit, so that no destroyed key is left in either.

A backup of this file keeps the keys that were in it: keep none longer than data may outlive their erasure.
Source: RFC 3394 (AES key wrap); SQLite documentation, secure_delete and journal_mode.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)

from pratique.errors import NotFoundError, StoreError

KEY_BYTES: Final = 32
SETTINGS: Final = ("journal_mode=TRUNCATE", "synchronous=EXTRA", "secure_delete=ON")
"""What the connection is set to: nothing destroyed stays, and a commit is on disk before it returns."""
TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS data_key (consignment TEXT PRIMARY KEY, wrapped BLOB NOT NULL)"
)
"""The one table."""
BUSY_SECONDS: Final = 4.0
"""How long it waits for another process that writes."""


class DataKeys:
    """The keys of one house. Not for several threads at once."""

    def __init__(self, path: Path, wrapping_key: bytes) -> None:
        if len(wrapping_key) != KEY_BYTES:
            raise StoreError(f"The key-encryption key has {len(wrapping_key)} bytes, not 32.")
        self._wrapping_key = wrapping_key
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
            for setting in SETTINGS:
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute(TABLE)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"Cannot open the keys in {path}: {error}.") from error

    def new(self, consignment: str) -> bytes:
        """A key nobody had before, kept in place of any the consignment had. Raises ``StoreError``."""
        key = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
        wrapped = aes_key_wrap(self._wrapping_key, key)
        with self._writing():
            self._connection.execute(
                "INSERT OR REPLACE INTO data_key (consignment, wrapped) VALUES (?, ?)",
                (consignment, wrapped),
            )
        return key

    def obtain(self, names: Iterable[str]) -> dict[str, bytes]:
        """A key for each name in one commit: the one it has, or a new one. Raises ``StoreError``."""
        wanted = tuple(dict.fromkeys(names))
        if wanted:
            made = [
                (name, aes_key_wrap(self._wrapping_key, AESGCM.generate_key(KEY_BYTES * 8)))
                for name in wanted
            ]
            with self._writing():
                self._connection.executemany(
                    "INSERT OR IGNORE INTO data_key (consignment, wrapped) VALUES (?, ?)", made
                )
        return {name: self.of(name) for name in wanted}

    def of(self, consignment: str) -> bytes:
        """The key of a consignment. Raises ``NotFoundError`` once it is destroyed, ``StoreError``."""
        try:
            row = self._connection.execute(
                "SELECT wrapped FROM data_key WHERE consignment = ?", (consignment,)
            ).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"Cannot read the keys: {error}.") from error
        if row is None:
            raise NotFoundError(f"There is no key for {consignment}: its personal data are erased.")
        try:
            return aes_key_unwrap(self._wrapping_key, row[0])
        except InvalidUnwrap as error:
            raise StoreError(
                "The key-encryption key does not open these keys: use that of this house."
            ) from error

    def destroy(self, consignments: Iterable[str]) -> None:
        """Destroy keys, durably before it returns; one that is not there is none. Raises ``StoreError``."""
        with self._writing():
            self._connection.executemany(
                "DELETE FROM data_key WHERE consignment = ?", [(each,) for each in consignments]
            )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                yield
        except sqlite3.Error as error:
            raise StoreError(f"Cannot write the keys: {error}.") from error
