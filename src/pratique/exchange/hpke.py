"""Who alone can read this, and still in twenty years? Encryption for personal data that is kept long.

One content key (AES-256-GCM), wrapped for each recipient by HPKE with the hybrid key encapsulation MLKEM768-X25519: whoever
records the text now must later break both. Everything but the ciphertexts is bound: profile, kind of document, context and the
names of all recipients, so that none can be added, taken away or renamed. The JSON is our own, since JOSE has no published
form for HPKE yet; its parts are standard.

The text is canonical JSON with ``profile``, ``type``, ``context`` (base64url), ``recipients`` (``kid``, ``key``), ``iv`` and
``ciphertext`` (with its tag). Sources: RFC 9180 (HPKE), FIPS 203 (ML-KEM), the IETF's draft-ietf-hpke-pq (MLKEM768-X25519).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from pratique.errors import EncryptionError
from pratique.exchange import base64url, plain_json
from pratique.exchange.canonical import canonical
from pratique.exchange.randomness import Randomness, draw

PROFILE: Final = "HPKE-MLKEM768-X25519-HKDF-SHA256-AES256GCM"
MAX_PLAINTEXT: Final = 6_291_456
MAX_RECIPIENTS: Final = 64
MAX_CONTEXT: Final = 16_384
PUBLIC_BYTES: Final = 1184 + 32
"""An ML-KEM-768 encapsulation key, then an X25519 public key."""
PRIVATE_BYTES: Final = 64 + 32
"""The seed of an ML-KEM-768 key (d, z of FIPS 203), then an X25519 private key."""
_KEY_BYTES: Final = 32
_IV_BYTES: Final = 12
_WRAPPED_BYTES: Final = 1120 + _KEY_BYTES + 16
_INFO: Final = b"pratique content key"
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class HybridKey(msgspec.Struct, frozen=True):
    """A private key of both kinds; whoever has one half alone opens nothing."""

    mlkem: MLKEM768PrivateKey
    x25519: X25519PrivateKey

    def __repr__(self) -> str:
        return "HybridKey(…)"


class _Recipient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kid: str
    key: str


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    profile: str
    type: str
    context: str
    recipients: list[_Recipient]
    iv: str
    ciphertext: str


def read_private(data: bytes) -> HybridKey:
    """A private key from its 96 bytes. Raises ``EncryptionError``."""
    if len(data) != PRIVATE_BYTES:
        raise EncryptionError("key", f"A hybrid private key has {PRIVATE_BYTES} bytes.", "key")
    return HybridKey(
        MLKEM768PrivateKey.from_seed_bytes(data[:64]),
        X25519PrivateKey.from_private_bytes(data[64:]),
    )


def public_bytes(key: HybridKey) -> bytes:
    """The public half as partners are given it, 1216 bytes."""
    return key.mlkem.public_key().public_bytes_raw() + key.x25519.public_key().public_bytes_raw()


def encrypt(
    plaintext: bytes,
    recipients: Mapping[str, bytes],
    *,
    type: str,
    randomness: Randomness,
    context: bytes = b"",
) -> str:
    """A text only the recipients, public keys by name, can read. Raises ``EncryptionError``."""
    if not 0 < len(recipients) <= MAX_RECIPIENTS or "" in recipients:
        raise EncryptionError(
            "recipients", f"1 to {MAX_RECIPIENTS}, each with a name.", "recipients"
        )
    if len(plaintext) > MAX_PLAINTEXT or len(context) > MAX_CONTEXT:
        raise EncryptionError(
            "too-large", f"Content beyond {MAX_PLAINTEXT} bytes: send it in parts."
        )
    keys = {kid: _public(data) for kid, data in recipients.items()}
    head = _head(type, base64url.encode(context), list(keys))
    content_key, iv = draw(randomness, _KEY_BYTES), draw(randomness, _IV_BYTES)
    entries = [
        {
            "kid": kid,
            "key": base64url.encode(_SUITE.encrypt(content_key, key, info=_info(head, kid))),
        }
        for kid, key in keys.items()
    ]
    ciphertext = AESGCM(content_key).encrypt(iv, plaintext, head)
    return canonical(
        {
            "profile": PROFILE,
            "type": type,
            "context": base64url.encode(context),
            "recipients": entries,
            "iv": base64url.encode(iv),
            "ciphertext": base64url.encode(ciphertext),
        }
    ).decode()


def decrypt(text: str, kid: str, key: HybridKey, *, type: str, context: bytes = b"") -> bytes:
    """The content of a text of that type and context, for the recipient ``kid``. Raises ``EncryptionError``."""
    message = _read(text)
    if message.type != type or message.context != base64url.encode(context):
        raise EncryptionError(
            "context", "Encrypted as another kind, or for another context.", "text"
        )
    names = [each.kid for each in message.recipients]
    if names.count(kid) != 1:
        raise EncryptionError(
            "not-for-us", f"{names.count(kid)} of the recipients are {kid[:64]!r}.", "recipients"
        )
    head = _head(type, message.context, names)
    wrapped = _bytes(message.recipients[names.index(kid)].key, "key", _WRAPPED_BYTES)
    iv = _bytes(message.iv, "iv", _IV_BYTES)
    ciphertext = base64url.decode(message.ciphertext, "ciphertext", EncryptionError)
    both = MLKEM768X25519PrivateKey(key.mlkem, key.x25519)
    try:
        content_key = _SUITE.decrypt(wrapped, both, info=_info(head, kid))
        return AESGCM(content_key).decrypt(iv, ciphertext, head)
    except (InvalidTag, ValueError) as problem:
        raise EncryptionError(
            "closed", "It does not open: altered, or encrypted for another key."
        ) from problem


def _read(text: str) -> _Message:
    plain: dict[str, Any] = plain_json.read_object(text, 2 * MAX_PLAINTEXT, "text", EncryptionError)
    if plain.get("profile") != PROFILE:
        raise EncryptionError("algorithm", f"{PROFILE} alone is accepted.", "profile")
    try:
        message = msgspec.convert(plain, _Message)
    except msgspec.ValidationError as problem:
        raise EncryptionError("shape", f"Not of the form: {problem}.", "text") from problem
    if not 0 < len(message.recipients) <= MAX_RECIPIENTS:
        raise EncryptionError("recipients", f"1 to {MAX_RECIPIENTS} of them.", "recipients")
    return message


def _head(type: str, context: str, names: list[str]) -> bytes:
    """What is bound to content and to every wrapped key."""
    return canonical({"profile": PROFILE, "type": type, "context": context, "recipients": names})


def _info(head: bytes, kid: str) -> bytes:
    return _INFO + b"\0" + kid.encode() + b"\0" + head


def _public(data: bytes) -> MLKEM768X25519PublicKey:
    if len(data) == PUBLIC_BYTES:
        try:
            return MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(data[:1184]),
                X25519PublicKey.from_public_bytes(data[1184:]),
            )
        except ValueError:
            pass
    raise EncryptionError(
        "key", f"A hybrid public key has {PUBLIC_BYTES} good bytes.", "recipients"
    )


def _bytes(text: str, where: str, size: int) -> bytes:
    data = base64url.decode(text, where, EncryptionError)
    if len(data) != size:
        raise EncryptionError("shape", f"Not {size} bytes.", where)
    return data
