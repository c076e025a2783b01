"""A declaration comes in, is changed, or withdrawn: the use cases that keep something.

The same request sent again changes nothing and gets the answer it got first, whatever came after. What the
parcel's life does not allow is refused (``clearance.lifecycle``). Nothing is acknowledged before it is on disk.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Future
from contextlib import closing
from datetime import datetime

import msgspec

from pratique import messages
from pratique.clearance import lifecycle
from pratique.errors import UsageError, VersionConflictError
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Decision, Reason
from pratique.office.desk import Desk, walk
from pratique.office.find import standing
from pratique.store import Entry, EntryKind, Receipt


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender gets: where the declaration is kept, in which version, and the decision on it.

    ``repeated`` says that the request was answered before; all else is then as it was the first time.
    """

    sequence: int
    declaration: str
    version: int
    repeated: bool
    decision: Decision


class Filed(msgspec.Struct, frozen=True):
    """A decision on its way to disk."""

    decision: Decision
    kept: Future[Receipt]

    def acknowledged(self) -> Acknowledgement:
        """What the sender is told, once the journal has it. Raises ``StoreError`` when it cannot be kept."""
        receipt = self.kept.result()
        return _repeated(receipt) if receipt.repeated else _told(receipt, self.decision)


class Sending(msgspec.Struct, frozen=True, kw_only=True):
    """What came in: bytes in a form, from whom, when, and under which request id of theirs (None: none)."""

    sender: str
    source: bytes
    form: str
    now: datetime
    request: str | None = None


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
    sending = Sending(sender=sender, source=data, form=name, now=now, request=request)
    return file_declaration(declaration, sending, desk).acknowledged()


def file_declaration(
    declaration: Declaration, sending: Sending, desk: Desk, *, patiently: bool = False
) -> Filed:
    """Decide on a first filing and hand it to the writer.

    ``patiently`` waits while too much is waiting to be written; otherwise that is a ``StoreError``.
    """
    decision = walk(declaration, desk, now=sending.now)
    entry = _entry(declaration, decision, sending, "filing", _hash(sending.source))
    return Filed(decision, desk.writer.submit(entry, wait=patiently))


def amend(
    data: bytes,
    desk: Desk,
    *,
    sender: str,
    now: datetime,
    follows: int | None = None,
    request: str | None = None,
    form: str | None = None,
) -> Acknowledgement:
    """Replace version ``follows`` of a declaration, None for the latest; the old one stays in the journal.

    Without ``request`` the content and the version it follows are its id; what is the latest version already
    changes nothing. Raises ``NotFoundError`` when there is nothing to amend, ``TransitionError`` when the
    parcel's life does not allow it (withdrawn, denied, another scheme number after release ...) and
    ``VersionConflictError`` when another amendment came first.
    """
    name = form or messages.detect(data)
    declaration = messages.parse(data, name)
    hashed = _hash(data)
    with closing(desk.journal()) as journal:
        records = journal.versions(declaration.id, sender)
        latest = records[-1]
        if request is None and follows is None and latest.source == data:
            request = latest.request
        request = request or f"amendment {declaration.id} {follows or latest.version} {hashed}"
        answered = journal.answered(sender, request, hashed)
    if answered is not None:
        return _repeated(answered)
    life = lifecycle.amend(standing(records, now), scheme=lifecycle.scheme_of(declaration))
    if follows not in (None, latest.version):
        raise VersionConflictError(
            f"Declaration {declaration.id!r} is at version {latest.version}, not {follows}: read it again."
        )
    sending = Sending(sender=sender, source=data, form=name, now=now, request=request)
    return _keep(
        declaration, walk(declaration, desk, now=now, life=life), sending, "amendment", hashed, desk
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
    """Withdraw a declaration: kept as its last version, with the reason.

    Before departure it is cancelled; once the goods were sent back and exported it is invalidated. Raises
    ``NotFoundError``, and ``TransitionError`` when the parcel's life does not allow it.
    """
    if not because.strip():
        raise UsageError("A declaration is withdrawn for a reason: give one.")
    hashed = _hash(f"{declaration_id}\n{because}".encode())
    request = request or f"invalidation {declaration_id} {hashed}"
    with closing(desk.journal()) as journal:
        records = journal.versions(declaration_id, sender)
        answered = journal.answered(sender, request, hashed)
    if answered is not None:
        return _repeated(answered)
    life = lifecycle.withdraw(standing(records, now))
    decision = Decision(
        declaration=declaration_id,
        version=life.version,
        code="RETURNED",
        state=life.state,
        decided_at=now,
        reasons=(
            Reason(
                text=f"Withdrawn by its sender: {because}",
                rule="office/invalidate",
                source="Revised Kyoto Convention, General Annex, 3.29; UCC art. 174",
            ),
        ),
    )
    declaration = msgspec.json.decode(records[-1].body, type=Declaration)
    sending = Sending(sender=sender, source=because.encode(), form="text", now=now, request=request)
    return _keep(declaration, decision, sending, "invalidation", hashed, desk)


def _repeated(receipt: Receipt) -> Acknowledgement:
    """What the sender was told the first time."""
    return _told(receipt, msgspec.json.decode(receipt.answer, type=Decision))


def _told(receipt: Receipt, decision: Decision) -> Acknowledgement:
    return Acknowledgement(
        sequence=receipt.sequence,
        declaration=receipt.declaration,
        version=receipt.version,
        repeated=receipt.repeated,
        decision=decision,
    )


def _keep(
    declaration: Declaration,
    decision: Decision,
    sending: Sending,
    kind: EntryKind,
    hashed: str,
    desk: Desk,
) -> Acknowledgement:
    entry = _entry(declaration, decision, sending, kind, hashed)
    return Filed(decision, desk.writer.submit(entry)).acknowledged()


def _entry(
    declaration: Declaration, decision: Decision, sending: Sending, kind: EntryKind, hashed: str
) -> Entry:
    return Entry(
        sender=sending.sender,
        request=sending.request or f"{kind} {declaration.id} {hashed}",
        request_hash=hashed,
        kind=kind,
        declaration=declaration.id,
        follows=decision.version - 1,
        destination=declaration.destination,
        code=decision.code,
        state=decision.state,
        form=sending.form,
        source=sending.source,
        body=msgspec.json.encode(declaration),
        answer=msgspec.json.encode(decision),
        recorded_at=sending.now,
        parcels=tuple(each.id for each in declaration.consignment.parcels),
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
