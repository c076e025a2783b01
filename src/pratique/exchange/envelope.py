"""Who sends what to whom, for which purpose, in which order? One message in its envelope: a signed header, an encrypted body.

On the wire two lines of ASCII: the header as a compact JWS, and the body as a JWE for the recipients. The header stands in
clear; it names sender and recipients, agreement and purpose, the place in the order, and the SHA-256 of body and content. The
body holds a signed text (``disclosure``) with the elements of the recipients' view, a supplement where there is one, and a salt,
so that nobody guesses a content from its hash. The body is bound to id, sender and recipients: nobody can send it on as their own.

``seal`` makes one. ``read`` takes it apart and believes nothing; ``verify`` gives the header once its signature fits; ``open``
gives the content. Source: docs/protocol/envelope.md; RFC 7515 (JWS), RFC 7516 (JWE), RFC 9562 (UUIDv7).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

import msgspec

from pratique.errors import DisclosureError, EncryptionError, SealError
from pratique.exchange import base64url, jwe, jws, plain_json
from pratique.exchange.canonical import canonical
from pratique.exchange.checkpoint import SKEW
from pratique.exchange.jwk import OpeningKey, RecipientKey, SigningKey, VerifyingKey
from pratique.exchange.randomness import Randomness, draw
from pratique.model.agreement import Lane

TYPE: Final = "pratique-envelope/1"
CONTENT_TYPE: Final = "pratique-content/1"
MAX_BYTES: Final = 8_388_608
"""Largest envelope, in bytes."""
MAX_HEADER: Final = 16_384
MAX_LIFE: Final = timedelta(days=400)
"""Longest time between the making of an envelope and its end."""
UNDERSTOOD: Final = frozenset[str]()
"""Further members of a header, beyond version 1, that this reader understands."""
_MAX_CONTENT: Final = 6_291_456
_SALT_BYTES: Final = 16
_UUID7: Final = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"^[\x21-\x7e]+$")]
"""A name without blanks: of a party, an agreement, a consignment."""
MaybeLine = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[\x21-\x7e]*$")]
Digest = Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")]
"""SHA-256 in hexadecimal, or nothing."""
MessageId = Annotated[str, msgspec.Meta(pattern=_UUID7)]
MaybeId = Annotated[str, msgspec.Meta(pattern=f"^({_UUID7[1:-1]})?$")]
MessageType = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z-]{1,39}$")]
Priority = Literal["A", "B", "C"]


class Addressee(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One recipient, and the place in what it gets from this sender on this consignment: a number from 1 on, and the
    SHA-256 of the envelope before (empty for the first).
    """

    party: Line
    sequence: Annotated[int, msgspec.Meta(ge=1)]
    previous: Digest = ""


class LogState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the sender's log was when it sent: the number of its entries, and their root in base64url."""

    size: Annotated[int, msgspec.Meta(ge=0)]
    root: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Header(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"from_": "from"}
):
    """What stands in clear. ``must`` names members a reader has to understand; others it does not know are passed over."""

    version: Literal[1] = 1
    id: MessageId
    from_: Line
    to: Annotated[tuple[Addressee, ...], msgspec.Meta(min_length=1, max_length=jwe.MAX_RECIPIENTS)]
    type: MessageType
    agreement: Line
    purpose: Line
    consignment: Line
    lane: Lane
    priority: Priority = "B"
    created: datetime
    not_after: datetime
    reply_to: MaybeId = ""
    correlation: MaybeLine = ""
    checkpoint: LogState | None = None
    must: Annotated[tuple[str, ...], msgspec.Meta(max_length=16)] = ()
    content: Digest = ""
    body: Digest = ""

    def addressed(self, party: str) -> Addressee:
        """The place this recipient has. Raises ``SealError`` when it is not addressed."""
        for each in self.to:
            if each.party == party:
                return each
        raise SealError("not-for-us", f"Not addressed to {party}.", "header/to")


class Content(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What the recipients read: the originator's signed text with their view's disclosures, and a supplement to it."""

    presented: str
    supplement: str = ""

    def __repr__(self) -> str:
        return "Content(•••)"


class Unverified(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope taken apart, of which nothing is believed yet; ``kid`` is the key it says it was signed with."""

    token: str
    body: str
    kid: str
    digest: str

    def __repr__(self) -> str:
        return f"Unverified({self.digest[:12]})"


def new_id(now: datetime, randomness: Randomness) -> str:
    """A UUIDv7: it sorts by the moment it was made (RFC 9562, 5.7)."""
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    value = milliseconds << 80 | int.from_bytes(draw(randomness, 10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def seal(
    header: Header,
    content: Content,
    key: SigningKey,
    *,
    kid: str,
    recipients: Mapping[str, RecipientKey],
    randomness: Randomness,
) -> bytes:
    """The envelope; ``content`` and ``body`` of the header are reckoned here. Raises ``ExchangeError``.

    ``recipients`` are the keys, by name, of all whom the header addresses.
    """
    plain = canonical(
        {
            **msgspec.to_builtins(content),
            "salt": base64url.encode(draw(randomness, _SALT_BYTES)),
        }
    )
    if len(plain) > _MAX_CONTENT:
        raise EncryptionError(
            "too-large", f"Beyond {_MAX_CONTENT} bytes: send it in parts.", "content"
        )
    body = jwe.encrypt(plain, recipients, type=CONTENT_TYPE, context=_context(header))
    whole = msgspec.structs.replace(header, content=digest(plain), body=digest(body.encode()))
    payload = canonical(msgspec.to_builtins(whole))
    _sound(_converted(plain_json.read_object(payload, MAX_HEADER, "header")))
    return f"{jws.sign(payload, key, kid=kid, type=TYPE)}\n{body}".encode()


def read(data: bytes) -> Unverified:
    """An envelope taken apart. Raises ``SealError`` for bytes that are none."""
    if len(data) > MAX_BYTES:
        raise SealError("too-large", f"An envelope has at most {MAX_BYTES} bytes.", "envelope")
    if not data.isascii() or data.count(b"\n") != 1 or b"\r" in data:
        raise SealError("shape", "Not two lines of ASCII: header and body.", "envelope")
    token, body = data.decode().split("\n")
    kid = jws.header_of(token).get("kid", "")
    return Unverified(token=token, body=body, kid=kid, digest=digest(data))


def verify(envelope: Unverified, key: VerifyingKey, *, now: datetime) -> Header:
    """The header, once the signature by ``key`` fits it and its moments hold. Raises ``SealError``.

    Whose key it is, and that it is the sender's, is for the caller to look up in the directory.
    """
    header = claimed(envelope, key)
    if header.created > now + SKEW:
        raise SealError(
            "future", "Made in the future: one of the two clocks is off.", "header/created"
        )
    if header.not_after <= now:
        raise SealError(
            "expired", "Its time is over: send it anew under a new id.", "header/not_after"
        )
    return header


def claimed(envelope: Unverified, key: VerifyingKey) -> Header:
    """The header once its signature fits, whatever the moment: for evidence. Raises ``SealError``."""
    signed = jws.verify(envelope.token, {envelope.kid: key}, type=TYPE)
    header = _sound(_converted(plain_json.read_object(signed.payload, MAX_HEADER, "header")))
    if not header.content or not hmac.compare_digest(header.body, digest(envelope.body.encode())):
        raise SealError("other-body", "The body is not the one that was signed.", "body")
    return header


def signed_header(token: str) -> Header:
    """The header in the first line of an envelope that was verified when it came. Raises ``SealError``."""
    payload = base64url.decode(token.split(".")[1], "header") if token.count(".") == 2 else b""
    return _sound(_converted(plain_json.read_object(payload, MAX_HEADER, "header")))


def open(envelope: Unverified, header: Header, keys: Mapping[str, OpeningKey]) -> Content:
    """The content for whoever has one of ``keys``, by name; of a header that was verified. Raises ``ExchangeError``."""
    plain = _opened(envelope.body, keys, _context(header))
    if not hmac.compare_digest(header.content, digest(plain)):
        raise SealError("other-content", "The content is not the one that was signed.", "content")
    values = plain_json.read_object(plain, _MAX_CONTENT, "content", DisclosureError)
    salt = values.pop("salt", None)
    if not isinstance(salt, str) or len(base64url.decode(salt, "content/salt")) != _SALT_BYTES:
        raise SealError("shape", f"No salt of {_SALT_BYTES} bytes.", "content/salt")
    try:
        return msgspec.convert(values, Content)
    except msgspec.ValidationError as problem:
        raise SealError("shape", f"Not a content: {problem}.", "content") from problem


def digest(data: bytes) -> str:
    """The name of exact bytes: SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _opened(body: str, keys: Mapping[str, OpeningKey], context: bytes) -> bytes:
    """The plaintext, by the one of our keys it was encrypted for."""
    for kid, key in keys.items():
        try:
            return jwe.decrypt(body, kid, key, type=CONTENT_TYPE, context=context)
        except EncryptionError as problem:
            if problem.code != "not-for-us":
                raise
    raise EncryptionError("not-for-us", "Encrypted for none of our keys.", "body/recipients")


def _context(header: Header) -> bytes:
    """What binds a body to its envelope: id, sender and recipients."""
    return canonical(
        {"from": header.from_, "id": header.id, "to": [each.party for each in header.to]}
    )


def _converted(plain: dict[str, Any]) -> Header:
    try:
        return msgspec.convert(plain, Header)
    except msgspec.ValidationError as problem:
        raise SealError(
            "shape", f"Not the header of an envelope: {problem}.", "header"
        ) from problem


def _sound(header: Header) -> Header:
    """The header, when it does not contradict itself. Raises ``SealError``."""
    unknown = set(header.must) - UNDERSTOOD - {each.encode_name for each in _FIELDS}
    if unknown:
        raise SealError(
            "not-understood",
            f"{min(unknown)[:40]!r} must be understood, and is not.",
            "header/must",
        )
    parties = [each.party for each in header.to]
    if len(set(parties)) != len(parties) or header.from_ in parties:
        raise SealError("shape", "A recipient twice, or the sender itself.", "header/to")
    for each in header.to:
        if (each.sequence == 1) is not (each.previous == ""):
            raise SealError(
                "order", "The first has nothing before it, all others have.", "header/to"
            )
    for moment in (header.created, header.not_after):
        if moment.utcoffset() != timedelta(0):
            raise SealError("shape", "A moment is not in UTC.", "header/created")
    if not timedelta(0) < header.not_after - header.created <= MAX_LIFE:
        raise SealError("shape", f"It ends within {MAX_LIFE.days} days.", "header/not_after")
    if not re.fullmatch(r"[A-Z]{2}", header.lane.from_) or not re.fullmatch(
        r"[A-Z]{2}", header.lane.to
    ):
        raise SealError("shape", "A lane goes from country to country.", "header/lane")
    return header


_FIELDS: Final = msgspec.structs.fields(Header)
