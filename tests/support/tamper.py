"""A log with rows in all its tables, an intruder who changes them, and what the audit does not see."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.exchange import checkpoint, note
from pratique.exchange.note import COSIGNER, Signer
from pratique.office.log import NodeLog
from pratique.office.log_audit import audit
from pratique.store import open_database

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
A, B, C = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
ORIGIN = "node-a.example/log"
WITNESS_B = Signer("node-b.example/witness", COSIGNER, B)
WITNESS_C = Signer("node-c.example/witness", COSIGNER, C)


def entries(begin: int, end: int, mark: bytes = b"") -> list[bytes]:
    return [b"entry %d" % number + mark for number in range(begin, end)]


def opened(url: str, origin: str = ORIGIN, key: Ed25519PrivateKey = A) -> NodeLog:
    return NodeLog(open_database(url), origin, key)


def cosigned(log: NodeLog, witness: NodeLog, signer: Signer, now: datetime) -> None:
    """One exchange with a witness: the checkpoint out, its cosignature back."""
    asked = str(log.submission(witness.witnessed_size(log.origin)))
    submitted = checkpoint.read_submission(asked)
    line = witness.witness(submitted, log.keys, signer, now)
    assert log.keep_cosignatures(submitted.note, line, [signer.verifier]) == 1


TABLES = {
    "log_entry": ("number", "entry", "leaf"),
    "log_hash": ("level", "number", "hash"),
    "log_checkpoint": ("number", "note"),
    "log_cosignature": ("checkpoint", "line"),
    "log_witnessed": ("origin", "size", "note"),
}


def witnessed_log(folder: Path) -> tuple[NodeLog, tuple[note.Verifier, ...]]:
    """A log of 530 entries in all its tables, and the keys to audit it with."""
    log = opened(f"sqlite:///{folder}/a.db")
    b = opened(f"sqlite:///{folder}/b.db", "node-b.example/log", B)
    for step in range(5):
        log.record(entries(step * 106, step * 106 + 106))
        log.checkpoint(NOW + step * MINUTE)
        cosigned(log, b, WITNESS_B, NOW + step * MINUTE)
        b.record(entries(0, 7))
        b.checkpoint(NOW + step * MINUTE)
        line = log.witness(
            b.submission(log.witnessed_size(b.origin)), b.keys, Signer(ORIGIN, COSIGNER, A), NOW
        )
        assert line
    return log, (*b.keys, WITNESS_B.verifier)


def loosened(log: NodeLog) -> sqlite3.Connection:
    """The database without what keeps its rows: an intruder with the file."""
    connection = log.database.connection
    for table in TABLES:
        connection.execute(f"DROP TRIGGER {table}_keeps_rows")
        connection.execute(f"DROP TRIGGER {table}_keeps_values")
    connection.execute("PRAGMA synchronous=OFF")
    return connection


def every_byte(raw: sqlite3.Connection) -> list[tuple[str, int, str, int]]:
    """Every stored byte of every table: table, row, column, place; whole numbers count as two bytes."""
    found = []
    for table, columns in TABLES.items():
        for rowid, *values in raw.execute(f"SELECT rowid, {', '.join(columns)} FROM {table}"):
            for column, value in zip(columns, values, strict=True):
                length = 2 if isinstance(value, int) else len(value)
                found += [(table, rowid, column, place) for place in range(length)]
    return found


def flipped(value: int | bytes, place: int, bit: int) -> int | bytes:
    if isinstance(value, int):
        return value ^ (1 << (place * 8 + bit))
    changed = bytearray(value)
    changed[place] ^= 1 << bit
    return bytes(changed)


def unseen_changes(folder: Path, how_many: int, seed: int) -> list[tuple]:
    """Every change of one bit in so many random stored bytes that the audit does not see."""
    log, keys = witnessed_log(folder)
    assert audit(log, keys) is None
    raw, unseen = loosened(log), []
    for table, rowid, column, place in random.Random(seed).sample(every_byte(raw), how_many):
        for bit in range(8):
            raw.execute("BEGIN")
            (value,) = raw.execute(
                f"SELECT {column} FROM {table} WHERE rowid = ?", (rowid,)
            ).fetchone()
            try:
                raw.execute(
                    f"UPDATE {table} SET {column} = ? WHERE rowid = ?",
                    (flipped(value, place, bit), rowid),
                )
            except sqlite3.IntegrityError:
                pass  # the database itself refuses it
            else:
                if audit(log, keys) is None:
                    unseen.append((table, rowid, column, place, bit))
            raw.execute("ROLLBACK")
    assert audit(log, keys) is None
    return unseen


def rewritten(log: NodeLog, last: int) -> NodeLog:
    """The last entries replaced by others, hashes and all, as its own administrator could with the key."""
    raw = loosened(log)
    begin = log.size() - last
    raw.execute("DELETE FROM log_entry WHERE number >= ?", (begin,))
    for level in (1, 2):
        raw.execute(
            "DELETE FROM log_hash WHERE level = ? AND number >= ?", (level, begin >> (8 * level))
        )
    raw.execute("DELETE FROM log_checkpoint")
    raw.execute("DELETE FROM log_cosignature")
    log.record(entries(begin, begin + last, b" rewritten"))
    return log
