"""Is every row of the log as it was written? Read all again, reckon what each must be, name the first that is not.

The entries must give their hashes, those the roots of their tiles, and both the root of every checkpoint; every checkpoint
and cosignature must be signed as it stands. What a log proves to others, who keep its checkpoints, is more than an audit
by its own node can: whoever has the key and the rows can write another log that is sound by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest

import msgspec

from pratique.errors import SealError, StoreError
from pratique.exchange import checkpoint, merkle, note
from pratique.exchange.merkle import CompactRange
from pratique.exchange.note import Note, Verifier
from pratique.office.log import NodeLog, tile_roots
from pratique.store.log import Checkpointed, HashRow


class WrongRow(msgspec.Struct, frozen=True):
    """The first row of a log that does not fit: its table, its number there, and what is wrong."""

    table: str
    row: str
    what: str


def audit(log: NodeLog, keys: Iterable[Verifier] = ()) -> WrongRow | None:
    """Read every row again and reckon what it must be: the first that does not fit, None when all do.

    ``keys`` are those of the witnesses and of the logs witnessed, old ones too: a signature of nobody known is
    reported, for it may have been altered.
    """
    try:
        return _first_wrong(log, (*log.keys, *keys))
    except StoreError as error:
        return WrongRow("log", "", str(error))
    except log.database.errors as error:
        return WrongRow("log", "", f"cannot be read: {error}")


def _first_wrong(log: NodeLog, keys: Sequence[Verifier]) -> WrongRow | None:
    return (
        _wrong_entries(log)
        or _wrong_checkpoints(log)
        or _wrong_cosignatures(log, keys)
        or _wrong_witnessed(log, keys)
    )


def _wrong_entries(log: NodeLog) -> WrongRow | None:
    tree = CompactRange()
    roots: list[HashRow] = []
    for row in log.rows.every_entry():
        at = str(tree.size)
        if row.number != tree.size:
            return WrongRow("log_entry", at, f"is missing: the next is {row.number}")
        if row.leaf != merkle.leaf_hash(row.entry):
            return WrongRow("log_entry", at, "does not have the hash kept with it")
        roots.extend(tile_roots(tree.append(row.leaf)))
    roots.sort()
    kept = log.rows.every_hash()
    for expected, found in zip_longest(roots, kept):
        if expected != found:
            wrong = expected or found
            where = f"{wrong.level}/{wrong.number}" if wrong else ""
            return WrongRow("log_hash", where, "is not the root of its tile")
    return None


def _wrong_checkpoints(log: NodeLog) -> WrongRow | None:
    size = 0
    for expected, row in enumerate(log.rows.checkpoints()):
        if row.number != expected:
            return WrongRow(
                "log_checkpoint", str(expected), f"is missing: the next is {row.number}"
            )
        wrong = _wrong_checkpoint(log, row, size)
        if wrong:
            return WrongRow("log_checkpoint", str(row.number), wrong)
        size = checkpoint.parse(note.read(row.note).text).size
    return None


def _wrong_checkpoint(log: NodeLog, row: Checkpointed, before: int) -> str:
    try:
        seen = checkpoint.verify(row.note, log.keys)
    except SealError as error:
        return str(error)
    if len(seen.signatures) != len(log.signers) or len(seen.note.lines) != len(log.signers):
        return "does not have the two signatures of its log"
    if seen.checkpoint.origin != log.origin or seen.checkpoint.size < before:
        return "is of another log, or went back"
    if not log.holds(seen.checkpoint):
        return f"is not what the entries give at {seen.checkpoint.size}: they were changed since"
    return ""


def _wrong_cosignatures(log: NodeLog, keys: Sequence[Verifier]) -> WrongRow | None:
    texts = {row.number: note.read(row.note).text for row in log.rows.checkpoints()}
    for number, line in log.rows.every_cosignature():
        try:
            note.verify(Note(texts.get(number, ""), (note.read_line(line.rstrip("\n")),)), keys)
            wrong = "" if line.endswith("\n") else "is cut"
        except SealError as error:
            wrong = str(error)
        if wrong:
            return WrongRow("log_cosignature", str(number), wrong)
    return None


def _wrong_witnessed(log: NodeLog, keys: Sequence[Verifier]) -> WrongRow | None:
    for row in log.rows.every_witnessed():
        try:
            seen = checkpoint.verify(row.note, keys)
            at = seen.checkpoint
            fits = (at.origin, at.size) == (row.origin, row.size)
            all_known = len(seen.signatures) == len(seen.note.lines)
            wrong = "" if fits and all_known else "does not fit its note"
        except SealError as error:
            wrong = str(error)
        if wrong:
            return WrongRow("log_witnessed", f"{row.origin} {row.size}", wrong)
    return None
