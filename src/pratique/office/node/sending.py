"""How does a message leave? Signed once, shown by view, sealed for its recipients, and kept before anyone is told.

Recipients with one view share an envelope; another view gets an envelope of its own over the same signed text. Envelope and
outbox rows are kept in one transaction with whatever else the caller writes.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from pratique.errors import PolicyError
from pratique.exchange import disclosure, envelope
from pratique.exchange.disclosure import Held
from pratique.exchange.envelope import Addressee, Content, Header
from pratique.model.agreement import Agreement
from pratique.office.node import RECEIPT, SHARED, Draft, Node
from pratique.office.node.shown import pointers, view_of
from pratique.policy.agreements import may_flow
from pratique.store.mail import Outgoing, written


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope in the outbox: its id and digest, and for whom it is."""

    id: str
    digest: str
    to: tuple[str, ...]


def send(node: Node, draft: Draft, *, now: datetime) -> tuple[Sent, ...]:
    """Put a message into the outbox in a transaction of its own. Raises as ``enqueue``."""
    with node.database.writing():
        return enqueue(node, draft, now=now)


def enqueue(node: Node, draft: Draft, *, now: datetime) -> tuple[Sent, ...]:
    """Put a message into the outbox inside the transaction under way.

    Raises ``PolicyError`` when the agreement does not allow it, ``SealError`` for a recipient without keys.
    """
    agreement = _bound(node, draft, now)
    held = disclosure.issue(
        draft.elements,
        node.keys.signing,
        kid=node.keys.kid,
        type=draft.type,
        randomness=node.randomness,
        disclosable=None if draft.type in SHARED else (),
    )
    groups: dict[frozenset[str], list[str]] = {}
    for party in draft.to:
        groups.setdefault(_view(node, draft, agreement, party, now), []).append(party)
    return tuple(
        _post(node, draft, held, view, tuple(parties), now) for view, parties in groups.items()
    )


def _bound(node: Node, draft: Draft, now: datetime) -> Agreement:
    """The agreement, when it binds and lets this message go to every recipient. Raises ``PolicyError``."""
    standing = node.standing(draft.agreement, now.date())
    if not standing.binds:
        raise PolicyError("agreement", f"{draft.agreement} does not bind: it is {standing.state}.")
    agreement = standing.agreement
    type = agreement.messages[0] if draft.type == RECEIPT else draft.type
    for party in draft.to:
        flow = may_flow(agreement, node.party, party, type, draft.purpose, draft.lane, now.date())
        if not flow.allowed:
            raise PolicyError("flow", f"To {party} under {flow.rule}: {flow.because}.")
    return agreement


def _view(
    node: Node, draft: Draft, agreement: Agreement, party: str, now: datetime
) -> frozenset[str]:
    """The elements of the catalogue this recipient sees; none where the message has none of them."""
    if draft.type not in SHARED:
        return frozenset()
    phase = node.views.policy.phase_of(draft.state)
    view = view_of(node.views, agreement, party, draft.purpose, draft.lane, phase, now.date())
    if not view.elements:
        raise PolicyError("view", f"{party} may see nothing of it: {view.because}.")
    return view.elements


def _post(
    node: Node,
    draft: Draft,
    held: Held,
    view: frozenset[str],
    parties: tuple[str, ...],
    now: datetime,
) -> Sent:
    partners = node.partners(now)
    before = [node.mail.last_sent(party, draft.consignment) for party in parties]
    header = Header(
        id=envelope.new_id(now, node.randomness),
        from_=node.party,
        to=tuple(
            Addressee(party=party, sequence=number + 1, previous=digest)
            for party, (number, digest) in zip(parties, before, strict=True)
        ),
        type=draft.type,
        agreement=draft.agreement,
        purpose=draft.purpose,
        consignment=draft.consignment,
        lane=draft.lane,
        priority=draft.priority,
        created=now,
        not_after=now + draft.life,
        reply_to=draft.reply_to,
        correlation=draft.correlation,
        checkpoint=node.log_state(),
    )
    data = envelope.seal(
        header,
        Content(presented=disclosure.present(held, pointers(draft.elements, view))),
        node.keys.signing,
        kid=node.keys.kid,
        recipients={
            kid: key for party in parties for kid, key in partners.encrypting(party, now).items()
        },
        randomness=node.randomness,
    )
    row = Outgoing(
        id=header.id,
        type=draft.type,
        agreement=draft.agreement,
        purpose=draft.purpose,
        consignment=draft.consignment,
        priority=draft.priority,
        created_at=written(now),
        not_after=written(header.not_after),
        digest=envelope.digest(data),
        elements=" ".join(sorted(view)),
        envelope=data,
    )
    places = [(each.party, each.sequence) for each in header.to]
    node.mail.post(row, places, now)
    return Sent(id=row.id, digest=row.digest, to=parties)
