"""What does a node have at hand, and what passes through it? The nouns of the exchange between parties.

A message goes ``sending`` → outbox → ``delivering`` → a partner's ``receiving`` → inbox → ``processing``; receipts come back.
Clock, network and files stay with the doors. See docs/decisions/0015-node.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.errors import Fault, SealError
from pratique.exchange import base64url, checkpoint, note
from pratique.exchange.envelope import Header, LogState, Priority
from pratique.exchange.partners import Partners
from pratique.exchange.randomness import Randomness
from pratique.model.agreement import Lane
from pratique.office.agreements import Standing
from pratique.office.log import NodeLog
from pratique.office.node_keys import NodeKeys
from pratique.policy.views import Views
from pratique.store.data_keys import DataKeys
from pratique.store.database import Database
from pratique.store.mail import Mail

RECEIPT: Final = "receipt"
"""The type of messages that carry a receipt back; every agreement allows them, and they get no further stage."""
SHARED: Final = frozenset({"declaration", "amendment"})
"""Types whose elements are those of the catalogue: shown by view, element by element."""
LIFE: Final = timedelta(days=14)
"""How long a message is tried unless it says otherwise."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be sent: to whom, of which type, under which agreement, for which purpose, and its elements.

    ``state`` is that of the parcel's life; with purpose and lane it decides what each recipient's view shows.
    """

    to: tuple[str, ...]
    type: str
    agreement: str
    purpose: str
    consignment: str
    lane: Lane
    elements: dict[str, Any]
    state: str = "FILED"
    priority: Priority = "B"
    life: timedelta = LIFE
    reply_to: str = ""
    correlation: str = ""

    def __repr__(self) -> str:
        return f"Draft({self.type} on {self.consignment} to {', '.join(self.to)})"


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was received: who sent it, its header, who signed its elements first, and the elements shown."""

    sender: str
    header: Header
    digest: str
    originator: str
    elements: dict[str, Any]
    supplement: str = ""

    def __repr__(self) -> str:
        return f"Incoming({self.header.type} {self.header.id} from {self.sender})"


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a message: everything wrong with it, and messages that follow from it.

    ``answer`` goes into the receipt and the log, which forget nothing: codes and pointers, no element of the message.
    """

    errors: tuple[Fault, ...] = ()
    messages: tuple[Draft, ...] = ()
    answer: dict[str, Any] = {}


class Node:
    """One party's node over one database. Not for several threads at once.

    ``standing`` gives how an agreement (``DSA-7/1``) stands on a day and raises ``PolicyError`` for one nobody knows;
    ``partners`` those of the directories that hold at a moment. ``handlers`` do, by type of message, what it asks for,
    inside the transaction that says so.
    """

    def __init__(
        self,
        party: str,
        keys: NodeKeys,
        *,
        partners: Callable[[datetime], Partners],
        standing: Callable[[str, date], Standing],
        database: Database,
        data_keys: DataKeys,
        randomness: Randomness,
        handlers: Mapping[str, Handler],
    ) -> None:
        self.party, self.keys = party, keys
        self.partners, self.standing = partners, standing
        self.database, self.data_keys = database, data_keys
        self.randomness, self.handlers = randomness, handlers
        self.mail = Mail(database)
        self.log = NodeLog(database, f"{party}/log", keys.log, keys.earlier_log)
        self.views = Views()

    def sealing_key(self) -> Ed25519PrivateKey:
        """The key that seals receipts. Raises ``SealError`` when the node signs with another kind."""
        if not isinstance(self.keys.signing, Ed25519PrivateKey):
            raise SealError("key", "Receipts are sealed with Ed25519: give the node such a key.")
        return self.keys.signing

    def log_state(self) -> LogState | None:
        """How far the log was at its last checkpoint, for the header of what is sent."""
        row = self.log.rows.last_checkpoint()
        if row is None:
            return None
        last = checkpoint.parse(note.read(row.note).text)
        return LogState(size=last.size, root=base64url.encode(last.root))


Handler = Callable[[Node, Incoming, datetime], Reply]
