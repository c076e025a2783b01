"""How does a message come in? Verified whole, kept with its receipt in one commit, and only then answered.

Everything is refused that is not by a partner's key, for us, in time, under an agreement that binds, within our view, and at its
place in the order. A refusal is signed where the sender is known, and is in the log; nothing else of it is kept. The same message
again gets the same receipt; the same id with other content is refused and logged as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pratique.errors import ExchangeError, PolicyError, StoreError
from pratique.exchange import disclosure, envelope, jws, seal
from pratique.exchange.canonical import canonical
from pratique.exchange.envelope import Content, Header, Unverified
from pratique.exchange.randomness import draw
from pratique.office.evidence import RECEIPT as RECEIPT_TYPE
from pratique.office.evidence import Receipt
from pratique.office.log import Gathered
from pratique.office.node import RECEIPT, SHARED, Incoming, Node
from pratique.office.node.shown import beyond, every_phase
from pratique.office.receipts import gathered
from pratique.policy.agreements import may_flow
from pratique.policy.roles import shipped_digest
from pratique.store.mail import InboxRow, written

REFUSAL: Final = "pratique-refusal/1"
_STATUS: Final = {
    "unknown-key": 401,
    "unknown-partner": 401,
    "forged": 401,
    "key-not-in-force": 401,
    "sender": 401,
    "agreement": 403,
    "flow": 403,
    "beyond-view": 403,
    "order": 409,
    "reused-id": 422,
    "too-large": 413,
    "directory-stale": 503,
}
_NONCE: Final = 12


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the sender is told: a status as HTTP counts, and a sealed receipt or refusal; ``code`` says which refusal."""

    status: int
    body: bytes
    code: str = ""


class _Refused(msgspec.Struct, frozen=True, kw_only=True):
    """A message that may not be kept, and why; ``sender`` is empty while nobody is known to have sent it."""

    sender: str
    digest: str
    error: ExchangeError | PolicyError


def receive(node: Node, messages: Sequence[bytes], *, now: datetime) -> list[Answer]:
    """Take messages in one commit; an answer for each, in their order. Raises ``StoreError``: then none is acknowledged."""
    refuse = node.log.why_refuse(now)
    if refuse:
        raise StoreError(refuse)
    read = [_read(node, data, now) for data in messages]
    names = [_key_name(each[0]) for each in read if not isinstance(each, _Refused)]
    keys = node.data_keys.obtain(names)
    try:
        with node.database.writing():
            entries = Gathered(node.log)
            kept = [_keep(node, each, keys, entries, now) for each in read]
            entries.append()
    except node.database.errors as error:
        raise StoreError(f"{len(messages)} messages could not be kept: {error}") from error
    return [_answer(node, each) for each in kept]


def contents(node: Node, row: InboxRow) -> Content:
    """The content of a message that was kept. Raises ``NotFoundError`` once its key is destroyed, ``StoreError``."""
    key = node.data_keys.of(f"inbox/{row.digest}")
    opened = AESGCM(key).decrypt(row.content[:_NONCE], row.content[_NONCE:], row.digest.encode())
    return msgspec.json.decode(opened, type=Content)


def incoming(node: Node, row: InboxRow) -> Incoming:
    """A message that was kept, its elements verified again, as of the moment it came. Raises ``ExchangeError``."""
    at = datetime.fromisoformat(row.received_at)
    return _incoming(node, envelope.signed_header(row.header), row.digest, contents(node, row), at)


def _read(
    node: Node, data: bytes, now: datetime
) -> tuple[Incoming, Unverified, Content] | _Refused:
    """A message verified in all that can be told without the store."""
    sender, digest = "", envelope.digest(data)
    try:
        read = envelope.read(data)
        partners = node.partners(now)
        owner, key = partners.key(read.kid, now)
        header = envelope.verify(read, key, now=now)
        if header.from_ != owner:
            raise ExchangeError(
                "sender", f"Signed by {owner}, not by {header.from_[:60]}.", "header/from"
            )
        sender = owner
        header.addressed(node.party)
        _flows(node, header, now)
        content = envelope.open(read, header, node.keys.opening)
        return _incoming(node, header, digest, content, now), read, content
    except (ExchangeError, PolicyError) as error:
        return _Refused(sender=sender, digest=digest, error=error)


def _flows(node: Node, header: Header, now: datetime) -> None:
    """Refuse what no agreement lets come. Raises ``PolicyError``."""
    standing = node.standing(header.agreement, now.date())
    if not standing.binds:
        raise PolicyError("agreement", f"{header.agreement} does not bind: it is {standing.state}.")
    agreement = standing.agreement
    type = agreement.messages[0] if header.type == RECEIPT else header.type
    flow = may_flow(
        agreement, header.from_, node.party, type, header.purpose, header.lane, now.date()
    )
    if not flow.allowed:
        raise PolicyError("flow", f"Under {flow.rule}: {flow.because}.")


def _incoming(node: Node, header: Header, digest: str, content: Content, now: datetime) -> Incoming:
    """The elements, verified as their originator's and held to what we may be shown."""
    kid = jws.header_of(content.presented.partition("~")[0]).get("kid", "")
    originator, key = node.partners(now).key(kid, now)
    disclosed = disclosure.verify(content.presented, {kid: key}, type=header.type, now=now)
    if header.type in SHARED:
        agreement = node.standing(header.agreement, now.date()).agreement
        allowed = every_phase(
            node.views, agreement, node.party, header.purpose, header.lane, now.date()
        )
        more = beyond(disclosed.elements, allowed)
        if more:
            raise ExchangeError(
                "beyond-view", f"{len(more)} elements we may not see: show fewer.", more[0]
            )
    return Incoming(
        sender=header.from_,
        header=header,
        digest=digest,
        originator=originator,
        elements=disclosed.elements,
        supplement=content.supplement,
    )


def _keep(
    node: Node,
    read: tuple[Incoming, Unverified, Content] | _Refused,
    keys: Mapping[str, bytes],
    entries: Gathered,
    now: datetime,
) -> Receipt | _Refused:
    """The receipt of a message kept in the transaction under way, or of one kept before; or why it is refused."""
    refused = read if isinstance(read, _Refused) else _obstacle(node, read[0])
    if refused is not None:
        _log_refusal(entries, refused, now)
        return refused
    assert not isinstance(read, _Refused)
    message, unverified, content = read
    known = node.mail.received(message.sender, message.header.id)
    if known is not None:
        return msgspec.json.decode(known.receipt, type=Receipt)
    header = message.header
    place = header.addressed(node.party)
    receipt = gathered(_receipt(message, now), entries)
    node.mail.keep(
        InboxRow(
            number=node.mail.next_number(),
            sender=message.sender,
            id=header.id,
            digest=message.digest,
            type=header.type,
            consignment=header.consignment,
            sequence=place.sequence,
            previous=place.previous,
            state="accepted" if _is_next(node, message) else "parked",
            received_at=written(now),
            header=unverified.token,
            receipt=msgspec.json.encode(receipt),
            content=_sealed(node, message, content, keys[_key_name(message)]),
        )
    )
    _unpark(node, message)
    return receipt


def _obstacle(node: Node, message: Incoming) -> _Refused | None:
    """Why the store speaks against a message: its id was used for another, its place is taken, or does not follow."""
    header, place = message.header, message.header.addressed(node.party)
    known = node.mail.received(message.sender, header.id)
    if known is not None and known.digest == message.digest:
        return None
    if known is not None:
        return _refused(
            message, "reused-id", "This id was used before, for another content.", "header/id"
        )
    if node.mail.at(message.sender, header.consignment, place.sequence) is not None:
        return _refused(
            message, "order", f"Number {place.sequence} was given to another.", "header/to"
        )
    neighbours = (
        (
            node.mail.at(message.sender, header.consignment, place.sequence - 1),
            place.previous,
            True,
        ),
        (
            node.mail.at(message.sender, header.consignment, place.sequence + 1),
            message.digest,
            False,
        ),
    )
    for row, digest, before in neighbours:
        if row is not None and (row.digest if before else row.previous) != digest:
            return _refused(message, "order", "It does not fit what stands beside it.", "header/to")
    return None


def _refused(message: Incoming, code: str, because: str, where: str) -> _Refused:
    return _Refused(
        sender=message.sender, digest=message.digest, error=ExchangeError(code, because, where)
    )


def _is_next(node: Node, message: Incoming) -> bool:
    place = message.header.addressed(node.party)
    if place.sequence == 1:
        return True
    before = node.mail.at(message.sender, message.header.consignment, place.sequence - 1)
    return before is not None and before.state != "parked"


def _unpark(node: Node, message: Incoming) -> None:
    """Let what waited for this message go on, if nothing before it is missing any more."""
    consignment, sequence = (
        message.header.consignment,
        message.header.addressed(node.party).sequence,
    )
    row = node.mail.at(message.sender, consignment, sequence)
    while row is not None and row.state != "parked":
        sequence += 1
        row = node.mail.at(message.sender, consignment, sequence)
        if row is not None and row.state == "parked":
            node.mail.accept(row.number)
            row = msgspec.structs.replace(row, state="accepted")


def _receipt(message: Incoming, now: datetime) -> Receipt:
    header = message.header
    return Receipt(
        stage="received",
        message=message.digest,
        message_id=header.id,
        agreement=header.agreement,
        purpose=header.purpose,
        policy=shipped_digest(),
        at=now,
    )


def _sealed(node: Node, message: Incoming, content: Content, key: bytes) -> bytes:
    """The content under a key of its own, bound to the message."""
    nonce = draw(node.randomness, _NONCE)
    return nonce + AESGCM(key).encrypt(nonce, msgspec.json.encode(content), message.digest.encode())


def _key_name(message: Incoming) -> str:
    """The name of a message's key: that of its bytes, so that another under its id never meets it."""
    return f"inbox/{message.digest}"


def _log_refusal(entries: Gathered, refused: _Refused, now: datetime) -> None:
    if refused.sender:
        entries.entries.append(canonical({"content": _refusal(refused, now), "type": REFUSAL}))


def _refusal(refused: _Refused, now: datetime) -> dict[str, Any]:
    """Code and envelope; the words of the error stay out of the log, for they may tell what was sent."""
    return {
        "code": refused.error.code,
        "envelope": refused.digest,
        "sender": refused.sender,
        "at": now.isoformat(),
    }


def _answer(node: Node, kept: Receipt | _Refused) -> Answer:
    """What the sender is told; signed now that it is on disk."""
    if isinstance(kept, Receipt):
        sealed = seal.seal(msgspec.to_builtins(kept), RECEIPT_TYPE, node.sealing_key())
        return Answer(status=200, body=canonical(sealed))
    error = kept.error
    said = {
        "code": error.code,
        "where": getattr(error, "where", ""),
        "message": str(error),
        "envelope": kept.digest,
    }
    if kept.sender:
        said = seal.seal(said, REFUSAL, node.sealing_key())
    return Answer(status=_STATUS.get(error.code, 400), body=canonical(said), code=error.code)
