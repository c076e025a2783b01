"""How does this door reach a node of this house? The doorway's words (``hosted``), done by ``office.node``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pratique.api.hosted import Answer, Due, Waiting
from pratique.errors import ExchangeError
from pratique.exchange.partners import Partner, Partners
from pratique.office.log import NodeLog
from pratique.office.node import Node, delivering, processing, receiving


class NodeHost:
    """A node as the door uses it; opened and used in the thread of ``Intake`` alone.

    ``fetches`` are the partners whose feed it asks for, because they cannot reach it.
    """

    def __init__(self, node: Node, fetches: Sequence[Partner] = ()) -> None:
        self.node = node
        self.fetches = tuple(fetches)

    @property
    def party(self) -> str:
        """Whose node it is."""
        return self.node.party

    @property
    def log(self) -> NodeLog:
        """Its log."""
        return self.node.log

    def partners(self, now: datetime) -> Partners:
        """Those it exchanges with. Raises ``SealError`` once no directory holds."""
        return self.node.partners(now)

    def why_refuse(self, now: datetime) -> str:
        """Why it may not accept anything now; empty when it may."""
        return self.node.log.why_refuse(now)

    def receive(self, messages: Sequence[bytes], now: datetime) -> Sequence[Answer]:
        """Take messages in one commit. Raises ``StoreError``: then none is acknowledged."""
        told = receiving.receive(self.node, messages, now=now)
        return [Answer(status=each.status, body=each.body) for each in told]

    def feed(self, party: str, after: str, limit: int, now: datetime) -> Sequence[Waiting]:
        """What waits for a party behind a cursor. Raises ``ExchangeError`` for a cursor that is none."""
        if after and not (after.isascii() and after.isdigit() and len(after) < 19):
            raise ExchangeError(
                "cursor", "Not a cursor this node gave: begin without one.", "after"
            )
        rows = delivering.feed(self.node, party, int(after or 0), limit, now=now)
        return [Waiting(cursor=str(each.number), envelope=each.envelope) for each in rows]

    def take_receipts(self, party: str, receipts: Sequence[bytes], now: datetime) -> None:
        """Receipts and refusals that a party hands in. Raises ``ExchangeError`` and ``MessageError``."""
        delivering.take_receipts(self.node, party, receipts, now=now)

    def process(self, now: datetime, limit: int) -> int:
        """Do what accepted messages ask for; how many were done."""
        return processing.process(self.node, now=now, limit=limit)

    def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """Messages to be delivered now."""
        found = delivering.due(self.node, now, limit)
        return [Due(partner=each.partner, id=each.id, envelope=each.envelope) for each in found]

    def answered(self, due: Due, answer: Answer | None, now: datetime) -> None:
        """What came of a delivery; None when no answer came that can be relied on."""
        status, body = (answer.status, answer.body) if answer else (None, b"")
        delivering.answered(self.node, due.partner, due.id, status, body, now=now)

    def lookout(self) -> Sequence[Partner]:
        """The partners whose feed it fetches."""
        return self.fetches
