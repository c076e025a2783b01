"""What does this door ask of a node? Its words, and the values that cross the doorway.

A ``Hosted`` is opened and used in one thread alone, that of ``office.intake``; the door hands it the moment each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from pratique.exchange.partners import Partner, Partners
from pratique.office.intake import Intake
from pratique.office.log import NodeLog


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a node says to one message: a status as HTTP counts, and a sealed receipt or refusal."""

    status: int
    body: bytes


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits for its recipient, and the cursor to go on behind it."""

    cursor: str
    envelope: bytes


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be delivered now: to which partner, under which id, its exact bytes."""

    partner: str
    id: str
    envelope: bytes


class Hosted(Protocol):
    """A node as this door uses it. Raises ``StoreError`` when the store fails, ``ExchangeError`` for what partners send."""

    @property
    def party(self) -> str:
        """Whose node it is."""

    @property
    def log(self) -> NodeLog:
        """Its log."""

    def partners(self, now: datetime) -> Partners:
        """Those it exchanges with, by the directories that hold. Raises ``SealError`` once none does."""

    def why_refuse(self, now: datetime) -> str:
        """Why it may not accept anything now; empty when it may."""

    def receive(self, messages: Sequence[bytes], now: datetime) -> Sequence[Answer]:
        """Take messages in one commit; an answer for each, in their order."""

    def feed(self, party: str, after: str, limit: int, now: datetime) -> Sequence[Waiting]:
        """What waits for a party behind a cursor (empty: from the start)."""

    def take_receipts(self, party: str, receipts: Sequence[bytes], now: datetime) -> None:
        """Receipts and refusals that a party hands in for what it was given."""

    def process(self, now: datetime, limit: int) -> int:
        """Do what accepted messages ask for; how many were done."""

    def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """Messages to be delivered now."""

    def answered(self, due: Due, answer: Answer | None, now: datetime) -> None:
        """What came of a delivery; None when no answer came that can be relied on."""

    def lookout(self) -> Sequence[Partner]:
        """The partners whose feed it fetches, because they cannot reach it."""


NodeThread = Intake[Hosted, Answer]
"""The one thread that owns a node."""
