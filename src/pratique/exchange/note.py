"""Who signed this text? Signed notes, which people and other programs read as they stand.

A note is text, an empty line, and one line per signature: an em dash, the name of the key, and in base64 four bytes
that tell which key it is, followed by the signature. Two kinds of Ed25519 key sign here: that of a log, over the text
itself, and that of a cosigner, over the text and the moment at which it saw it.

Signatures of keys nobody here knows are passed over; one signature of a known key that does not hold condemns the note.

Sources: C2SP signed-note and tlog-cosignature (https://c2sp.org), RFC 8032 (Ed25519), RFC 4648, 4 (base64).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import SealError

LOG: Final = 0x01
"""The kind of key that signs a note's text."""
COSIGNER: Final = 0x04
"""The kind of key that signs a note's text and a moment."""
MAX_BYTES: Final = 65_536
MAX_SIGNATURES: Final = 64
MAX_NAME: Final = 255
_ID_BYTES, _KEY_BYTES, _TIME_BYTES, _SIGNATURE_BYTES = 4, 32, 8, 64
_SIZES: Final = {LOG: _SIGNATURE_BYTES, COSIGNER: _TIME_BYTES + _SIGNATURE_BYTES}
_DASH: Final = "\u2014 "
_NEVER: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_LAST_SECOND: Final = 253_402_300_799  # 9999-12-31T23:59:59Z


class Verifier(msgspec.Struct, frozen=True):
    """A public key with the name it signs under and what it signs for: ``LOG`` or ``COSIGNER``."""

    name: str
    kind: int
    key: Ed25519PublicKey

    @property
    def id(self) -> bytes:
        """The four bytes that tell name, kind and key."""
        told = f"{self.name}\n".encode() + bytes([self.kind]) + self._raw()
        return hashlib.sha256(told).digest()[:_ID_BYTES]

    @property
    def vkey(self) -> str:
        """The key as one line of text, for other programs too."""
        shown = base64.b64encode(bytes([self.kind]) + self._raw()).decode()
        return f"{self.name}+{self.id.hex()}+{shown}"

    def _raw(self) -> bytes:
        return self.key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


class Signer(msgspec.Struct, frozen=True):
    """A private key with the name it signs under and what it signs for."""

    name: str
    kind: int
    key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """Its public side."""
        return Verifier(self.name, self.kind, self.key.public_key())

    def sign(self, text: str, at: datetime) -> SignatureLine:
        """A signature over a text; a log's says nothing of the moment."""
        _check_name(self.name)
        if self.kind == LOG:
            return SignatureLine(self.name, self.verifier.id, self.key.sign(text.encode()))
        seconds = int(at.timestamp())
        told = seconds.to_bytes(_TIME_BYTES, "big")
        signature = self.key.sign(_cosigned(text, seconds))
        return SignatureLine(self.name, self.verifier.id, told + signature)


class SignatureLine(msgspec.Struct, frozen=True):
    """One signature as it stands below a note: name, four bytes of key id, the signature."""

    name: str
    id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.id + self.signature).decode()}\n"


class Note(msgspec.Struct, frozen=True):
    """A text, its last line ended, and the signatures below it, none of them looked at."""

    text: str
    lines: tuple[SignatureLine, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(map(str, self.lines))}"

    def signed_by(self, *lines: SignatureLine) -> Note:
        """The same note with further signatures; one that is there already is not doubled."""
        return Note(self.text, tuple(dict.fromkeys((*self.lines, *lines))))


class Signed(msgspec.Struct, frozen=True):
    """A signature that holds: whose it is, and the moment a cosigner vouches for."""

    verifier: Verifier
    at: datetime | None


def read(text: str) -> Note:
    """A note, its signatures not looked at. Raises ``SealError``."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise _refused(f"is longer than {MAX_BYTES} bytes")
    if _NEVER.search(text):
        raise _refused("holds a control character or half a character")
    body, gap, below = text.rpartition("\n\n")
    if not gap or not below.endswith("\n") or not body:
        raise _refused("has no text, an empty line and signatures below it, each line ended")
    lines = below[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _refused(f"has more than {MAX_SIGNATURES} signatures")
    return Note(f"{body}\n", tuple(read_line(line) for line in lines))


def read_line(line: str) -> SignatureLine:
    """One signature line, its end left away. Raises ``SealError``."""
    name, _, shown = line.removeprefix(_DASH).partition(" ")
    data = from_base64(shown, "A signature line")
    if not line.startswith(_DASH) or len(data) <= _ID_BYTES:
        raise _refused("has a line below it that is no signature")
    _check_name(name)
    return SignatureLine(name, data[:_ID_BYTES], data[_ID_BYTES:])


def verify(note: Note, verifiers: Iterable[Verifier]) -> tuple[Signed, ...]:
    """The signatures of these keys, each key once, in the order they stand.

    Raises ``SealError`` when a signature of one of them does not hold, or none of them signed.
    """
    known = {(each.name, each.id): each for each in verifiers}
    found: dict[tuple[str, bytes], Signed] = {}
    for line in note.lines:
        key = (line.name, line.id)
        if key in known:
            found.setdefault(key, _holds(note.text, line, known[key]))
    if not found:
        names = ", ".join(dict.fromkeys(line.name for line in note.lines))
        raise SealError("unknown-key", f"Nobody trusted here signed the note; it names {names}.")
    return tuple(found.values())


def read_vkey(text: str) -> Verifier:
    """A public key from its one line. Raises ``SealError``."""
    name, _, rest = text.partition("+")
    shown_id, _, shown = rest.partition("+")
    data = from_base64(shown, "A verifier key")
    if len(data) != 1 + _KEY_BYTES or data[0] not in _SIZES:
        raise SealError(
            "key", f"{text[:80]!r} is no Ed25519 key of a log (type 1) or a cosigner (type 4)."
        )
    _check_name(name)
    found = Verifier(name, data[0], Ed25519PublicKey.from_public_bytes(data[1:]))
    if found.id.hex() != shown_id:
        raise SealError(
            "key", f"The key of {name} has the id {found.id.hex()}, not {shown_id[:16]!r}."
        )
    return found


def from_base64(text: str, what: str) -> bytes:
    """Bytes from base64 written in the one way there is: padded, without spare bits. Raises ``SealError``."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or base64.b64encode(data).decode() != text:
        raise SealError("base64", f"{what} holds something that is not plain base64.")
    return data


def _holds(text: str, line: SignatureLine, verifier: Verifier) -> Signed:
    """What a signature of a known key vouches for. Raises ``SealError`` when it does not hold."""
    if len(line.signature) != _SIZES[verifier.kind]:
        raise SealError("signature", f"The signature of {line.name} has another length.")
    seconds, message, at = 0, text.encode(), None
    if verifier.kind == COSIGNER:
        seconds = int.from_bytes(line.signature[:_TIME_BYTES], "big")
        if seconds > _LAST_SECOND:
            raise SealError("signature", f"The signature of {line.name} is of no moment.")
        message, at = _cosigned(text, seconds), datetime.fromtimestamp(seconds, UTC)
    try:
        verifier.key.verify(line.signature[-_SIGNATURE_BYTES:], message)
    except InvalidSignature as error:
        raise SealError(
            "forged", f"The signature of {line.name} does not fit: the note was altered."
        ) from error
    return Signed(verifier, at)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _check_name(name: str) -> None:
    if (
        not name
        or len(name) > MAX_NAME
        or "+" in name
        or any(each.isspace() or each < " " for each in name)
    ):
        raise _refused(f"names a key {name[:40]!r}: names have neither blanks nor plus signs")


def _refused(what: str) -> SealError:
    return SealError("note", f"The signed note {what}.")
