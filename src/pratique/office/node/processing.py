"""What does a received message lead to? Its handler, once, in the transaction that says so; then receipts and answers go out.

Messages are taken in the order they came, and on one consignment of one sender in the sender's order: what is parked waits. A
handler that finds errors changes nothing: its transaction is undone, and the message is rejected with all of them.
"""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag

from pratique.errors import (
    ExchangeError,
    Fault,
    MessageError,
    NotFoundError,
    PolicyError,
    StoreError,
)
from pratique.exchange import seal
from pratique.exchange.canonical import canonical
from pratique.office.evidence import RECEIPT as RECEIPT_TYPE
from pratique.office.evidence import Receipt, Stage
from pratique.office.node import RECEIPT, Draft, Incoming, Node, Reply
from pratique.office.node.delivering import take_receipt
from pratique.office.node.receiving import incoming
from pratique.office.node.sending import enqueue
from pratique.office.receipts import logged
from pratique.policy.roles import shipped_digest
from pratique.store.mail import InboxRow

UNREADABLE: Final = "pratique-unreadable/1"
"""The entry of the log for a message that can no longer be read: erased, or its agreement ended."""


class _FoundError(Exception):
    """A handler found errors; carries its reply out of the transaction that is undone."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply


def process(node: Node, *, now: datetime, limit: int = 100) -> int:
    """Do what accepted messages ask for, each in a transaction of its own; how many were done. Raises ``StoreError``."""
    rows = node.mail.in_state("accepted", limit)
    for row in rows:
        try:
            _process(node, row, now)
        except node.database.errors as error:
            raise StoreError(f"Message {row.id} could not be processed: {error}") from error
    return len(rows)


def _process(node: Node, row: InboxRow, now: datetime) -> None:
    try:
        message = incoming(node, row)
    except (ExchangeError, PolicyError, NotFoundError, InvalidTag):
        entry = {"type": UNREADABLE, "content": {"message": row.digest}}
        with node.database.writing():
            node.mail.set_state(row.number, "rejected")
            node.log.append([canonical(entry)])
        return
    try:
        with node.database.writing():
            reply = _handled(node, message, now)
            if reply.errors:
                raise _FoundError(reply)
            node.mail.set_state(row.number, "done")
            _tell(node, message, "validated", reply, now)
            _send_all(node, reply, now)
    except _FoundError as found:
        with node.database.writing():
            node.mail.set_state(row.number, "rejected")
            _tell(node, message, "rejected", found.reply, now)


def _send_all(node: Node, reply: Reply, now: datetime) -> None:
    """Put what follows into the outbox; what may not be sent is an error of the message it follows from."""
    try:
        for draft in reply.messages:
            enqueue(node, draft, now=now)
    except (ExchangeError, PolicyError) as error:
        fault = Fault(pointer="", message=f"No answer could be sent: {error.code}.")
        raise _FoundError(Reply(errors=(fault,))) from error


def _handled(node: Node, message: Incoming, now: datetime) -> Reply:
    if message.header.type == RECEIPT:
        return take_receipt(node, message.sender, message.elements, now=now)
    handler = node.handlers.get(message.header.type)
    if handler is None:
        fault = Fault(pointer="", message=f"{message.header.type} is not dealt with here.")
        return Reply(errors=(fault,))
    try:
        return handler(node, message, now)
    except MessageError as error:
        return Reply(errors=error.faults)


def _tell(node: Node, message: Incoming, stage: Stage, reply: Reply, now: datetime) -> None:
    """Log the receipt of this stage and put it into the outbox; a receipt gets none."""
    if message.header.type == RECEIPT:
        return
    header = message.header
    answer: dict[str, Any] = dict(reply.answer)
    if reply.errors:
        answer["errors"] = [each.pointer for each in reply.errors]
    receipt = logged(
        Receipt(
            stage=stage,
            message=message.digest,
            message_id=header.id,
            agreement=header.agreement,
            purpose=header.purpose,
            policy=shipped_digest(),
            at=now,
            answer=answer,
        ),
        node.log,
    )
    sealed = seal.seal(msgspec.to_builtins(receipt), RECEIPT_TYPE, node.sealing_key())
    errors = [msgspec.to_builtins(each) for each in reply.errors]
    with contextlib.suppress(
        ExchangeError, PolicyError
    ):  # the agreement ended: it stays in the log
        enqueue(
            node,
            Draft(
                to=(message.sender,),
                type=RECEIPT,
                agreement=header.agreement,
                purpose=header.purpose,
                consignment=header.consignment,
                lane=header.lane,
                elements={"receipt": sealed, "errors": errors},
                priority=header.priority,
                reply_to=header.id,
            ),
            now=now,
        )
