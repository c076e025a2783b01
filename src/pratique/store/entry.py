"""What the journal keeps: entries given to it, and the receipts it gives back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from pratique.errors import StoreError

EntryKind = Literal["filing", "amendment", "invalidation"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to keep for ever. ``sender`` and ``request`` name it; the same again changes nothing.

    ``follows`` is the version it builds on, 0 for a first filing. ``source`` is what came, in ``form``;
    ``body`` the canonical declaration; ``answer`` the decision, both as JSON.
    """

    sender: str
    request: str
    request_hash: str
    kind: EntryKind
    declaration: str
    follows: int
    destination: str
    code: str
    state: str
    form: str
    source: bytes
    body: bytes
    answer: bytes
    recorded_at: datetime
    parcels: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof that an entry is kept: its place in the journal. ``repeated``: it was there already."""

    sequence: int
    declaration: str
    version: int
    answer: bytes
    repeated: bool = False


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as the journal holds it."""

    sequence: int
    sender: str
    request: str
    kind: EntryKind
    declaration: str
    version: int
    destination: str
    code: str
    state: str
    form: str
    source: bytes
    body: bytes
    answer: bytes
    recorded_at: str


Outcome = Receipt | StoreError
