"""How does the outbox empty? What is due, what a partner fetches, and what its answers mean.

A message is tried until its time is over: nothing is dropped before, and what ends otherwise (refused, expired, given up) stays for
an operator to see and to send anew. A receipt counts when it is the partner's own, sealed, and over the exact bytes sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pratique.errors import ExchangeError, Fault, MessageError, NotFoundError, SealError, UsageError
from pratique.exchange import seal
from pratique.exchange.canonical import canonical
from pratique.exchange.retry import Breaker, wait
from pratique.messages import strict
from pratique.office.evidence import RECEIPT as RECEIPT_TYPE
from pratique.office.evidence import Receipt
from pratique.office.node import Node, Reply
from pratique.office.node.receiving import REFUSAL
from pratique.store.mail import OutboxRow, written


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be delivered: its place in the outbox, to which partner, under which id, its exact bytes."""

    number: int
    partner: str
    id: str
    envelope: bytes


def due(node: Node, now: datetime, limit: int = 100) -> list[Due]:
    """What is to be delivered now to partners that are reached by push and are not left alone; what is over expires."""
    for row in node.mail.over(now, limit):
        _set(node, row, now, state="expired", said="Its time was over before it was delivered.")
    partners = node.partners(now).by_id
    reached = [
        party
        for party in node.mail.recipients_due(now)
        if party in partners
        and partners[party].reach == "push"
        and breaker(node, party).allows(now)
    ]
    return [_due(node, row) for row in node.mail.due(now, reached, limit)]


def answered(
    node: Node, partner: str, id: str, status: int | None, body: bytes, *, now: datetime
) -> str:
    """Take what came of a delivery (no status: no answer); gives the state the message is in now.

    What is told of a message that is no longer waiting changes nothing. Raises ``NotFoundError``.
    """
    row = node.mail.sent_to(id, partner)
    if row is None:
        raise NotFoundError(f"No message {id} to {partner} is in the outbox.")
    if row.state != "waiting":
        return row.state
    with node.database.writing():
        _keep_breaker(node, partner, reached=status is not None and status < 500, now=now)
        said = "no answer"
        if status is not None:
            try:
                return _settled(node, row, body, now)
            except (SealError, MessageError) as error:
                said = f"{status}: {error}"[:400]
        tries = row.tries + 1
        row = msgspec.structs.replace(
            row, tries=tries, next_at=written(now + wait(tries, node.randomness)), said=said
        )
        node.mail.set_outbox(row)
    return "waiting"


def feed(node: Node, party: str, after: int, limit: int, *, now: datetime) -> list[Due]:
    """What waits for a party that fetches, behind a number of the outbox; what is over is left out."""
    return [_due(node, row) for row in node.mail.waiting_for(party, after, limit, now)]


def take_receipts(node: Node, party: str, receipts: Sequence[bytes], *, now: datetime) -> None:
    """Take receipts and refusals that a party hands in for what it was given. Raises ``ExchangeError``, ``MessageError``."""
    for data in receipts:
        with node.database.writing():
            told = _told(node, party, strict.load(data), now)
            row = node.mail.sent_as(told[0], party)
            if row is None:
                raise SealError("other-message", "For no message this node sent there.", "receipt")
            if row.state == "waiting":
                _settle(node, row, told, data, now)


def take_receipt(node: Node, sender: str, elements: Mapping[str, Any], *, now: datetime) -> Reply:
    """A later receipt (validated, rejected, decision) that came as a message: logged, and its stage noted."""
    try:
        digest, stage, _ = _told(node, sender, elements.get("receipt"), now)
    except ExchangeError as error:
        return Reply(errors=(Fault(pointer="/receipt", message=str(error)),))
    row = node.mail.sent_as(digest, sender)
    if row is None:
        return Reply(errors=(Fault(pointer="/receipt", message="For no message this node sent."),))
    _log(node, digest, stage, sender)
    errors = elements.get("errors") or []
    said = f"{stage}: {canonical(errors).decode()}"[:2000] if errors else stage
    node.mail.set_outbox(msgspec.structs.replace(row, said=said))
    return Reply()


def resend(node: Node, number: int, *, now: datetime) -> OutboxRow:
    """Try a message again now that an operator asks. Raises ``NotFoundError``, ``UsageError`` once it is delivered or over."""
    row = _row(node, number)
    if row.state == "delivered":
        raise UsageError(f"Message {number} is delivered: its receipt is here.")
    if node.mail.outgoing(row.id).not_after <= written(now):
        raise UsageError(f"The time of message {number} is over: send it anew, under a new id.")
    with node.database.writing():
        return _set(node, row, now, state="waiting", said="sent again by an operator")


def give_up(node: Node, number: int, because: str, *, now: datetime) -> OutboxRow:
    """Try a message no more. Raises ``NotFoundError``, ``UsageError`` once it is delivered."""
    row = _row(node, number)
    if row.state == "delivered":
        raise UsageError(f"Message {number} is delivered: there is nothing to give up.")
    with node.database.writing():
        return _set(node, row, now, state="given-up", said=because[:400])


def breaker(node: Node, partner: str) -> Breaker:
    """How deliveries to a partner went."""
    failures, until = node.mail.breaker(partner)
    return Breaker(failures=failures, until=datetime.fromisoformat(until) if until else None)


def _due(node: Node, row: OutboxRow) -> Due:
    envelope = node.mail.outgoing(row.id).envelope
    return Due(number=row.number, partner=row.recipient, id=row.id, envelope=envelope)


def _settled(node: Node, row: OutboxRow, body: bytes, now: datetime) -> str:
    """The state after an answer that holds. Raises ``SealError``, ``MessageError`` for one that does not."""
    told = _told(node, row.recipient, strict.load(body), now)
    if told[0] != node.mail.outgoing(row.id).digest:
        raise SealError("other-message", "A receipt for another message.", "receipt")
    return _settle(node, row, told, body, now)


def _settle(
    node: Node, row: OutboxRow, told: tuple[str, str, str], body: bytes, now: datetime
) -> str:
    digest, stage, said = told
    state = "refused" if stage == "refused" else "delivered"
    _log(node, digest, stage, row.recipient)
    node.mail.set_outbox(
        msgspec.structs.replace(
            row, state=state, tries=row.tries + 1, said=said[:400], receipt=body
        )
    )
    return state


def _told(node: Node, party: str, document: Any, now: datetime) -> tuple[str, str, str]:
    """(digest of the envelope, stage, words) of a receipt or refusal that the party sealed. Raises ``SealError``."""
    sealed = document.get("seal") if isinstance(document, dict) else None
    is_refusal = isinstance(sealed, dict) and sealed.get("type") == REFUSAL
    known = REFUSAL if is_refusal else RECEIPT_TYPE
    _, found = seal.unverified(document, known)
    owner, key = node.partners(now).key(found.key_id, now)
    if owner != party or not isinstance(key, Ed25519PublicKey):
        raise SealError("other-key", f"Sealed by {owner}, not by {party}.", "receipt")
    content = seal.unseal(document, known, key)
    if known == REFUSAL:
        words = {name: content.get(name) for name in ("envelope", "code", "message")}
        if not all(isinstance(each, str) for each in words.values()):
            raise SealError("shape", "This is no refusal.", "receipt")
        return str(words["envelope"]), "refused", str(words["message"])
    try:
        receipt = msgspec.convert(content, Receipt)
    except msgspec.ValidationError as error:
        raise SealError("shape", f"This is no receipt: {error}.", "receipt") from error
    return receipt.message, receipt.stage, receipt.stage


def _log(node: Node, digest: str, stage: str, party: str) -> None:
    """That a receipt was given to us, in our own log as well."""
    content = {"by": party, "message": digest, "stage": stage}
    node.log.append([canonical({"content": content, "type": "pratique-receipt-held/1"})])


def _keep_breaker(node: Node, partner: str, *, reached: bool, now: datetime) -> None:
    after = breaker(node, partner).after(reached=reached, now=now)
    node.mail.set_breaker(partner, after.failures, written(after.until) if after.until else "")


def _row(node: Node, number: int) -> OutboxRow:
    row = node.mail.row(number)
    if row is not None:
        return row
    raise NotFoundError(f"The outbox has no message {number}: see `pratique node outbox`.")


def _set(node: Node, row: OutboxRow, now: datetime, *, state: str, said: str) -> OutboxRow:
    changed = msgspec.structs.replace(row, state=state, said=said, next_at=written(now))
    node.mail.set_outbox(changed)
    return changed
