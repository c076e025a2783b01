"""Which messages go out, which came in, and how far is each? Rows of outbox and inbox, written inside the caller's transaction.

``outgoing`` has an envelope as it was sealed, ``outbox`` one row for each of its recipients, ``inbox`` what came; ``breaker`` how
deliveries to a partner went. Rows only: what they mean is for ``office/node``. Moments are written in UTC, so that they sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from pratique.store.database import Database


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope of this node; ``elements`` are the paths of the view it shows."""

    id: str
    type: str
    agreement: str
    purpose: str
    consignment: str
    priority: str
    created_at: str
    not_after: str
    digest: str
    elements: str
    envelope: bytes


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope on its way to one recipient. ``state``: waiting, delivered, refused, expired or given-up."""

    number: int
    id: str
    recipient: str
    consignment: str
    sequence: int
    priority: str
    state: str
    tries: int
    next_at: str
    said: str
    receipt: bytes


class InboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message that came. ``state``: parked (one before it is missing), accepted, done or rejected.

    ``header`` is the sender's signed header as it came (a compact JWS); ``receipt`` the content of ours, as logged; ``content`` is sealed.
    """

    number: int
    sender: str
    id: str
    digest: str
    type: str
    consignment: str
    sequence: int
    previous: str
    state: str
    received_at: str
    header: str
    receipt: bytes
    content: bytes


_OUTGOING: Final = tuple(Outgoing.__struct_fields__)
_OUTBOX: Final = tuple(OutboxRow.__struct_fields__)
_INBOX: Final = tuple(InboxRow.__struct_fields__)


def written(moment: datetime) -> str:
    """A moment as it stands in a row: UTC, to the microsecond, so that text sorts as time."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Mail:
    """Outbox and inbox in one database. Not for several threads at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # Outbox

    def last_sent(self, recipient: str, consignment: str) -> tuple[int, str]:
        """Number and digest of the last envelope to that recipient on that consignment; (0, "") when none."""
        rows = self.database.query(
            "SELECT outbox.sequence, outgoing.digest FROM outbox JOIN outgoing ON outgoing.id = outbox.id "
            "WHERE outbox.recipient = %s AND outbox.consignment = %s ORDER BY outbox.sequence DESC LIMIT 1",
            (recipient, consignment),
        )
        return (int(rows[0][0]), rows[0][1]) if rows else (0, "")

    def post(
        self, outgoing: Outgoing, recipients: Sequence[tuple[str, int]], now: datetime
    ) -> None:
        """Add an envelope, and a row for each recipient with its number in the order."""
        self._insert("outgoing", _OUTGOING, [outgoing])
        number = self._next("outbox")
        rows = [
            OutboxRow(
                number=number + place,
                id=outgoing.id,
                recipient=party,
                consignment=outgoing.consignment,
                sequence=sequence,
                priority=outgoing.priority,
                state="waiting",
                tries=0,
                next_at=written(now),
                said="",
                receipt=b"",
            )
            for place, (party, sequence) in enumerate(recipients)
        ]
        self._insert("outbox", _OUTBOX, rows)

    def over(self, now: datetime, limit: int) -> list[OutboxRow]:
        """Rows that wait although the time of their envelope is over."""
        return self._outbox(
            "state = 'waiting' AND id IN (SELECT id FROM outgoing WHERE not_after <= %s) "
            "ORDER BY number LIMIT %s",
            (written(now), limit),
        )

    def recipients_due(self, now: datetime) -> list[str]:
        """Recipients for whom something is to be tried now."""
        rows = self.database.query(
            "SELECT DISTINCT recipient FROM outbox WHERE state = 'waiting' AND next_at <= %s "
            "ORDER BY recipient",
            (written(now),),
        )
        return [row[0] for row in rows]

    def due(self, now: datetime, recipients: Sequence[str], limit: int) -> list[OutboxRow]:
        """Rows to be tried now for these recipients, the most urgent first, then in their order."""
        if not recipients:
            return []
        marks = ", ".join(["%s"] * len(recipients))
        return self._outbox(
            f"state = 'waiting' AND next_at <= %s AND recipient IN ({marks}) "
            "ORDER BY priority, number LIMIT %s",
            (written(now), *recipients, limit),
        )

    def waiting_for(self, recipient: str, after: int, limit: int, now: datetime) -> list[OutboxRow]:
        """What waits for a recipient behind a number and is not over, in its order."""
        return self._outbox(
            "recipient = %s AND state = 'waiting' AND number > %s "
            "AND id IN (SELECT id FROM outgoing WHERE not_after > %s) ORDER BY number LIMIT %s",
            (recipient, after, written(now), limit),
        )

    def sent_to(self, id: str, recipient: str) -> OutboxRow | None:
        """The row of an envelope by its id, for one recipient."""
        rows = self._outbox("id = %s AND recipient = %s", (id, recipient))
        return rows[0] if rows else None

    def outbox(self, state: str = "", limit: int = 1000) -> list[OutboxRow]:
        """Rows of a state, or all, the newest first."""
        if state:
            return self._outbox("state = %s ORDER BY number DESC LIMIT %s", (state, limit))
        return self._outbox("number >= 0 ORDER BY number DESC LIMIT %s", (limit,))

    def row(self, number: int) -> OutboxRow | None:
        """The row of that number."""
        rows = self._outbox("number = %s", (number,))
        return rows[0] if rows else None

    def sent_as(self, digest: str, recipient: str) -> OutboxRow | None:
        """The row of an envelope by its digest, for one recipient."""
        rows = self._outbox(
            "recipient = %s AND id = (SELECT id FROM outgoing WHERE digest = %s)",
            (recipient, digest),
        )
        return rows[0] if rows else None

    def outgoing(self, id: str) -> Outgoing:
        """An envelope of this node."""
        columns = ", ".join(_OUTGOING)
        (row,) = self.database.query(f"SELECT {columns} FROM outgoing WHERE id = %s", (id,))  # noqa: S608
        return Outgoing(**dict(zip(_OUTGOING, (*row[:-1], bytes(row[-1])), strict=True)))

    def set_outbox(self, row: OutboxRow) -> None:
        """A row as it is now: state, tries, next moment, what was said, receipt."""
        self.database.insert(
            "UPDATE outbox SET state = %s, tries = %s, next_at = %s, said = %s, receipt = %s WHERE number = %s",
            [(row.state, row.tries, row.next_at, row.said, row.receipt, row.number)],
        )

    # Inbox

    def received(self, sender: str, id: str) -> InboxRow | None:
        """What came from a sender under an id."""
        rows = self._inbox("sender = %s AND id = %s", (sender, id))
        return rows[0] if rows else None

    def at(self, sender: str, consignment: str, sequence: int) -> InboxRow | None:
        """What came at a place in the order."""
        rows = self._inbox(
            "sender = %s AND consignment = %s AND sequence = %s", (sender, consignment, sequence)
        )
        return rows[0] if rows else None

    def in_state(self, state: str, limit: int) -> list[InboxRow]:
        """Messages of a state in the order they were accepted."""
        return self._inbox("state = %s ORDER BY number LIMIT %s", (state, limit))

    def of_consignment(self, consignment: str) -> list[InboxRow]:
        """What came on a consignment, by sender and in order."""
        return self._inbox("consignment = %s ORDER BY sender, sequence", (consignment,))

    def keep(self, row: InboxRow) -> None:
        """Add a message."""
        self._insert("inbox", _INBOX, [row])

    def next_number(self) -> int:
        """The number the next message gets."""
        return self._next("inbox")

    def accept(self, number: int) -> None:
        """Let a parked message go on: it is taken from now on behind all that was accepted before."""
        self.database.insert(
            "UPDATE inbox SET state = 'accepted', number = %s WHERE number = %s",
            [(self.next_number(), number)],
        )

    def set_state(self, number: int, state: str) -> None:
        """A message's state as it is now."""
        self.database.insert("UPDATE inbox SET state = %s WHERE number = %s", [(state, number)])

    # Breakers

    def breaker(self, partner: str) -> tuple[int, str]:
        """Failures in a row, and until when it is left alone."""
        rows = self.database.query(
            "SELECT failures, until FROM breaker WHERE partner = %s", (partner,)
        )
        return (int(rows[0][0]), rows[0][1]) if rows else (0, "")

    def set_breaker(self, partner: str, failures: int, until: str) -> None:
        """How deliveries to a partner went."""
        self.database.insert(
            "INSERT INTO breaker (partner, failures, until) VALUES (%s, %s, %s) "
            "ON CONFLICT (partner) DO UPDATE SET failures = excluded.failures, until = excluded.until",
            [(partner, failures, until)],
        )

    def _outbox(self, where: str, values: Sequence[Any]) -> list[OutboxRow]:
        columns = ", ".join(_OUTBOX)
        rows = self.database.query(f"SELECT {columns} FROM outbox WHERE {where}", values)  # noqa: S608
        return [
            OutboxRow(**dict(zip(_OUTBOX, (*row[:-1], bytes(row[-1])), strict=True)))
            for row in rows
        ]

    def _inbox(self, where: str, values: Sequence[Any]) -> list[InboxRow]:
        columns = ", ".join(_INBOX)
        rows = self.database.query(f"SELECT {columns} FROM inbox WHERE {where}", values)  # noqa: S608
        return [
            InboxRow(**dict(zip(_INBOX, (*row[:-2], bytes(row[-2]), bytes(row[-1])), strict=True)))
            for row in rows
        ]

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[msgspec.Struct]) -> None:
        marks = ", ".join(["%s"] * len(columns))
        self.database.insert(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
            [msgspec.structs.astuple(row) for row in rows],
        )

    def _next(self, table: str) -> int:
        (row,) = self.database.query(f"SELECT MAX(number) FROM {table}")  # noqa: S608
        return 1 if row[0] is None else int(row[0]) + 1
