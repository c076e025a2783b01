"""What does this file bring, for whom, and who packed it? Envelopes and receipts for a place without a link.

A bundle is one line, a signed list of what is in it, an empty line, and the documents one after the other, each followed by an
empty line. The list names sender, recipient, moment, and for each document its kind, length and SHA-256. The signature tells who
packed it and that nothing was taken out; each document is still verified by itself, as if it had come over the network.

Sources: docs/protocol/carried.md; RFC 7515 (the list is a JWS in compact form).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec

from pratique.errors import SealError
from pratique.exchange import jws, plain_json
from pratique.exchange.checkpoint import SKEW
from pratique.exchange.jwk import SigningKey, thumbprint
from pratique.exchange.partners import Partners

TYPE: Final = "pratique-carried/1"
MAX_ITEMS: Final = 10_000
MAX_BYTES: Final = 67_108_864
"""Bytes of a bundle at most."""
LONGEST: Final = timedelta(days=60)
"""How long a bundle may be under way."""
_BETWEEN: Final = b"\n\n"

Kind = Literal["envelope", "receipt"]


class Item(msgspec.Struct, frozen=True):
    """One document of a bundle: an envelope, or a receipt or refusal for one; its exact bytes."""

    kind: Kind
    data: bytes


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What one party packed for another at a moment."""

    sender: str
    recipient: str
    made: datetime
    items: tuple[Item, ...]


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: Kind
    bytes: Annotated[int, msgspec.Meta(gt=0, le=MAX_BYTES)]
    sha256: Annotated[str, msgspec.Meta(min_length=64, max_length=64)]


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    sender: str = msgspec.field(name="from")
    recipient: str = msgspec.field(name="to")
    made: Annotated[datetime, msgspec.Meta(tz=True)]
    items: Annotated[list[_Listed], msgspec.Meta(min_length=1, max_length=MAX_ITEMS)]


def pack(bundle: Bundle, key: SigningKey) -> bytes:
    """A bundle as a file, its list signed. Raises ``SealError`` for one with nothing or too much in it."""
    if not 0 < len(bundle.items) <= MAX_ITEMS:
        raise SealError(
            "bundle", f"A bundle has 1 to {MAX_ITEMS} documents: make several.", "items"
        )
    listed = {
        "version": 1,
        "from": bundle.sender,
        "to": bundle.recipient,
        "made": bundle.made.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "items": [
            {"kind": each.kind, "bytes": len(each.data), "sha256": _digest(each.data)}
            for each in bundle.items
        ],
    }
    payload = json.dumps(listed, separators=(",", ":")).encode()
    token = jws.sign(payload, key, kid=thumbprint(key.public_key()), type=TYPE)
    packed = _BETWEEN.join([token.encode(), *(each.data for each in bundle.items), b""])
    if len(packed) > MAX_BYTES:
        raise SealError("too-large", f"More than {MAX_BYTES} bytes: make several.", "items")
    return packed


def unpack(data: bytes, partners: Partners, *, recipient: str, now: datetime) -> Bundle:
    """What is in a bundle for ``recipient``, packed by a partner whose key holds now. Raises ``SealError``."""
    if len(data) > MAX_BYTES:
        raise SealError("too-large", f"More than {MAX_BYTES} bytes: ask for several.", "file")
    line, found, below = data.partition(_BETWEEN)
    if not found or not line.isascii():
        raise SealError(
            "bundle", "No bundle: it begins with a signed list and an empty line.", "file"
        )
    listed, sender = _list(line.decode(), partners, now)
    if listed.sender != sender:
        raise SealError("sender", f"Packed by {sender} in the name of another.", "list/from")
    if listed.recipient != recipient:
        raise SealError(
            "recipient", f"It is for {listed.recipient[:60]!r}, not for {recipient}.", "list/to"
        )
    if not -SKEW <= now - listed.made <= LONGEST:
        raise SealError(
            "made", "Packed in the future, or too long ago: ask for a new one.", "list/made"
        )
    items = tuple(_items(below, listed.items))
    return Bundle(sender=sender, recipient=recipient, made=listed.made, items=items)


def _list(token: str, partners: Partners, now: datetime) -> tuple[_List, str]:
    """The signed list, and the party whose key signed it."""
    kid = jws.header_of(token).get("kid", "")
    party, key = partners.key(kid, now)
    payload = jws.verify(token, {kid: key}, type=TYPE).payload
    plain: Any = plain_json.read_object(payload, jws.MAX_PAYLOAD, "list")
    try:
        return msgspec.convert(plain, _List), party
    except msgspec.ValidationError as error:
        raise SealError("shape", f"No list of a bundle: {error}.", "list") from error


def _items(below: bytes, listed: Sequence[_Listed]) -> Iterator[Item]:
    """The documents in the order of the list, which must be all there is."""
    at = 0
    for number, each in enumerate(listed):
        data = below[at : at + each.bytes]
        at += each.bytes
        if not hmac.compare_digest(_digest(data), each.sha256) or below[at : at + 2] != _BETWEEN:
            raise SealError("altered", "Not the document that was listed.", f"items/{number}")
        at += len(_BETWEEN)
        yield Item(each.kind, data)
    if at != len(below):
        raise SealError("altered", "More in the file than was listed.", "items")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
