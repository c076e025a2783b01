"""How is a whole file received? One filing after another, no more under way than the writer can take.

A bounded number of filings is between reading and disk; the next is read once the oldest is answered. So the
queue never refuses a file for its length, and memory stays flat whatever its size.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, Final

import msgspec

from pratique import messages
from pratique.errors import MessageError, StoreError
from pratique.messages import Row
from pratique.office.desk import Desk
from pratique.office.receive import Acknowledgement, Filed, Sending, file_declaration

UNDER_WAY: Final = 1000
"""Filings read and not yet answered, at most: two groups of the writer."""
BLOCK_BYTES: Final = 4_000_000
"""Lines are read in blocks of about this size."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row: its acknowledgement, or why it was not kept."""

    row: int
    acknowledgement: Acknowledgement | None = None
    error: MessageError | StoreError | None = None


def receive_file(
    source: BinaryIO,
    desk: Desk,
    *,
    sender: str,
    now: datetime,
    request: str | None = None,
    form: str | None = None,
) -> Iterator[Answer]:
    """File every declaration of a file and answer each, in its order; what cannot be kept stops no other.

    ``request`` and the number of the row are the id of each; without one the content is. NDJSON is read in
    blocks, other forms whole. Raises ``MessageError`` when the form is not known.
    """
    head = source.read(BLOCK_BYTES)
    name = form or messages.detect(head)
    rows = _lines(head, source) if name == "aed" else messages.read(head + source.read(), name)
    return receive_rows(rows, name, desk, sender=sender, now=now, request=request)


def receive_rows(
    rows: Iterable[Row],
    form: str,
    desk: Desk,
    *,
    sender: str,
    now: datetime,
    request: str | None = None,
) -> Iterator[Answer]:
    """File the declarations of these rows and answer each, in their order."""
    under_way: deque[tuple[int, Filed | MessageError]] = deque()
    for row in rows:
        if row.declaration is None:
            assert row.error is not None
            under_way.append((row.number, row.error))
        else:
            sending = Sending(
                sender=sender,
                source=row.source,
                form=form,
                now=now,
                request=f"{request} {row.number}" if request else None,
            )
            kept = file_declaration(row.declaration, sending, desk, patiently=True)
            under_way.append((row.number, kept))
        if len(under_way) >= UNDER_WAY:
            yield _answer(*under_way.popleft())
    while under_way:
        yield _answer(*under_way.popleft())


def _answer(row: int, kept: Filed | MessageError) -> Answer:
    if isinstance(kept, MessageError):
        return Answer(row=row, error=kept)
    try:
        return Answer(row=row, acknowledgement=kept.acknowledged())
    except StoreError as error:
        return Answer(row=row, error=error)


def _lines(block: bytes, source: BinaryIO) -> Iterator[Row]:
    """The rows of an NDJSON stream, block by block, numbered through."""
    before = 0
    while block:
        block += source.readline(BLOCK_BYTES)
        for row in messages.read(block, "aed"):
            yield Row(before + row.number, row.source, row.declaration, row.error)
        before += len(block.splitlines())
        block = source.read(BLOCK_BYTES)
