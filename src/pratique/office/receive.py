"""A declaration comes in, is changed, or withdrawn: the use cases that keep something.

The same request sent twice changes nothing and gets the same answer. Nothing is acknowledged before it is on
disk.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from datetime import datetime

import msgspec

from pratique import messages
from pratique.errors import RequestConflictError
from pratique.model.declaration import Declaration, SchemeNumber
from pratique.model.outcomes import Decision, Reason
from pratique.office.desk import Desk, walk
from pratique.store import Entry, EntryKind, Receipt


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender gets: where the declaration is kept, in which version, and the decision on it."""

    sequence: int
    declaration: str
    version: int
    repeated: bool
    decision: Decision


def receive(
    data: bytes,
    desk: Desk,
    *,
    sender: str,
    now: datetime,
    request: str | None = None,
    form: str | None = None,
) -> Acknowledgement:
    """File a declaration: read, assessed, checked, decided, kept.

    ``request`` is the sender's id for this sending; without one the content is its own id. Raises
    ``MessageError`` when it cannot be read, ``StoreError`` when it cannot be kept.
    """
    name = form or messages.detect(data)
    declaration = messages.parse(data, name)
    return _acknowledge(
        file_declaration(declaration, data, name, desk, sender=sender, now=now, request=request)
    )


def file_declaration(
    declaration: Declaration,
    source: bytes,
    form: str,
    desk: Desk,
    *,
    sender: str,
    now: datetime,
    request: str | None = None,
    follows: int = 0,
    kind: EntryKind = "filing",
) -> Future[Receipt]:
    """Decide on a declaration and hand it to the writer; the future is done once it is on disk."""
    decision = walk(declaration, desk, now=now, version=follows + 1)
    return desk.writer.submit(
        _entry(declaration, decision, source, form, sender, now, request, follows, kind)
    )


def amend(
    data: bytes,
    desk: Desk,
    *,
    sender: str,
    follows: int,
    now: datetime,
    request: str | None = None,
    form: str | None = None,
) -> Acknowledgement:
    """Replace version ``follows`` of a declaration by a new one; the old stays in the journal.

    Raises ``VersionConflictError`` when another amendment came first, and refuses another scheme number once
    the parcel was released.
    """
    name = form or messages.detect(data)
    declaration = messages.parse(data, name)
    journal = desk.journal()
    try:
        before = journal.latest(declaration.id, sender)
    finally:
        journal.close()
    old = msgspec.json.decode(before.body, type=Declaration)
    if before.state in ("RELEASED", "DELIVERED") and _numbers(old) != _numbers(declaration):
        raise RequestConflictError(
            f"{declaration.id} is released: its scheme number cannot change any more (INV7)."
        )
    return _acknowledge(
        file_declaration(
            declaration,
            data,
            name,
            desk,
            sender=sender,
            now=now,
            request=request,
            follows=follows,
            kind="amendment",
        )
    )


def invalidate(
    declaration_id: str,
    desk: Desk,
    *,
    sender: str,
    because: str,
    now: datetime,
    request: str | None = None,
) -> Acknowledgement:
    """Withdraw a declaration: kept as its last version, with the reason."""
    journal = desk.journal()
    try:
        record = journal.latest(declaration_id, sender)
    finally:
        journal.close()
    declaration = msgspec.json.decode(record.body, type=Declaration)
    decision = Decision(
        declaration=declaration_id,
        version=record.version + 1,
        code="RETURNED",
        state="CANCELLED",
        decided_at=now,
        reasons=(Reason(text=f"Withdrawn by its sender: {because}", rule="office/invalidate"),),
    )
    entry = _entry(
        declaration,
        decision,
        because.encode(),
        "text",
        sender,
        now,
        request or f"invalidate {declaration_id}",
        record.version,
        "invalidation",
    )
    return _acknowledge(desk.writer.submit(entry))


def _numbers(declaration: Declaration) -> tuple[SchemeNumber, ...]:
    return declaration.schemes


def _entry(
    declaration: Declaration,
    decision: Decision,
    source: bytes,
    form: str,
    sender: str,
    now: datetime,
    request: str | None,
    follows: int,
    kind: EntryKind,
) -> Entry:
    hashed = hashlib.sha256(source).hexdigest()
    return Entry(
        sender=sender,
        request=request or f"{kind} {declaration.id} {hashed}",
        request_hash=hashed,
        kind=kind,
        declaration=declaration.id,
        follows=follows,
        destination=declaration.destination,
        code=decision.code,
        state=decision.state,
        form=form,
        source=source,
        body=msgspec.json.encode(declaration),
        answer=msgspec.json.encode(decision),
        recorded_at=now,
        parcels=tuple(each.id for each in declaration.consignment.parcels),
    )


def _acknowledge(future: Future[Receipt]) -> Acknowledgement:
    receipt = future.result()
    return Acknowledgement(
        sequence=receipt.sequence,
        declaration=receipt.declaration,
        version=receipt.version,
        repeated=receipt.repeated,
        decision=msgspec.json.decode(receipt.answer, type=Decision),
    )
