"""Who alone can read this? One ciphertext for several recipients: JSON Web Encryption, general JSON form.

Bytes, the recipients' public keys by name and a context to a text; the text, one private key and the same context back to the
bytes. One content key (A256GCM), wrapped for each recipient by ECDH-ES+A256KW on X25519 or P-256. The context, the
envelope's clear header say, is authenticated and travels as ``aad``. Recipients' headers are not: who was addressed is for the
signature inside to say. Compression is refused (what is packed tells by its length), as are shared headers, keys or
addresses of keys, other algorithms, a recipient named twice, and what is not written in the one way.

Sources: RFC 7516 (JWE), RFC 7518, 4.6 and 5.3, RFC 8037, 3.2 (X25519), RFC 8725 (best practice).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from pratique.errors import EncryptionError, SealError
from pratique.exchange import base64url, jwk, plain_json
from pratique.exchange.jwk import ENCRYPTS, OpeningKey, RecipientKey

CONTENT: Final = "A256GCM"
MAX_PLAINTEXT: Final = 6_291_456
"""Largest content, in bytes: a signed text of the largest payload."""
MAX_RECIPIENTS: Final = 64
MAX_CONTEXT: Final = 16_384
_MAX_TEXT: Final = 2 * MAX_PLAINTEXT
_MOST_HEADER: Final = 1024
_SIZES: Final = {"iv": 12, "tag": 16, "encrypted_key": 40}
_MEMBERS: Final = frozenset({"protected", "recipients", "iv", "ciphertext", "tag"})
_PROTECTED: Final = frozenset({"enc", "typ", "cty", "alg", "kid", "epk"})
_RECIPIENT: Final = frozenset({"alg", "kid", "epk"})


class _Registry(jwe.JWERegistry):
    """The library's bounds, wide enough for what this module lets pass."""

    max_protected_header_length = 2 * _MOST_HEADER
    max_ciphertext_length = _MAX_TEXT
    max_aad_length = 2 * MAX_CONTEXT
    max_recipients = MAX_RECIPIENTS


_REGISTRY: Final = _Registry(algorithms=[ENCRYPTS, CONTENT])


def encrypt(
    plaintext: bytes,
    recipients: Mapping[str, RecipientKey],
    *,
    type: str = "",
    context: bytes = b"",
) -> str:
    """A text only the recipients, keys by name, can read. Raises ``EncryptionError``."""
    if not 0 < len(recipients) <= MAX_RECIPIENTS or "" in recipients:
        raise EncryptionError(
            "recipients", f"1 to {MAX_RECIPIENTS}, each with a name.", "recipients"
        )
    if len(plaintext) > MAX_PLAINTEXT or len(context) > MAX_CONTEXT:
        raise EncryptionError(
            "too-large", f"Content beyond {MAX_PLAINTEXT} bytes: send it in parts."
        )
    protected = {"enc": CONTENT, "typ": type} if type else {"enc": CONTENT}
    for part, limit in ((protected, _MOST_HEADER), ({"kids": list(recipients)}, MAX_CONTEXT)):
        plain_json.read_object(json.dumps(part), limit, "header", EncryptionError)
    message = jwe.GeneralJSONEncryption(protected, plaintext, aad=context or None)
    for kid, key in recipients.items():
        message.add_recipient({"alg": ENCRYPTS, "kid": kid}, _engine(key))
    written = jwe.encrypt_json(message, None, registry=_REGISTRY)
    return json.dumps(written, separators=(",", ":"))


def decrypt(text: str, kid: str, key: OpeningKey, *, type: str = "", context: bytes = b"") -> bytes:
    """The content of a text of that type and context, for the recipient ``kid``. Raises ``EncryptionError``."""
    message = plain_json.read_object(text, _MAX_TEXT, "text", EncryptionError)
    if not _MEMBERS <= set(message) <= _MEMBERS | {"aad"}:
        raise EncryptionError("shape", "Not the general JSON form, or a shared header.", "text")
    if base64url.decode(_text(message, "aad", ""), "aad", EncryptionError) != context:
        raise EncryptionError("context", "Encrypted for another context than this one.", "aad")
    protected = _protected(message, type)
    recipient = _recipient(message, protected, kid, key)
    for name, size in _SIZES.items():
        part = recipient if name == "encrypted_key" else message
        if len(base64url.decode(_text(part, name), name, EncryptionError)) != size:
            raise EncryptionError("shape", f"Not {size} bytes.", name)
    base64url.decode(_text(message, "ciphertext"), "ciphertext", EncryptionError)
    try:
        opened = jwe.decrypt_json(
            cast(jwe.GeneralJSONSerialization, {**message, "recipients": [recipient]}),
            _engine(key),
            registry=_REGISTRY,
        ).plaintext
    except (JoseError, InvalidTag, InvalidUnwrap, ValueError) as problem:
        raise _closed() from problem
    if opened is None:
        raise _closed()
    return opened


def _protected(message: dict[str, Any], type: str) -> dict[str, Any]:
    """The protected header, once it asks for nothing but what is done here."""
    written = _text(message, "protected")
    if len(written) > 2 * _MOST_HEADER:
        raise EncryptionError("too-large", "A header of that size.", "protected")
    data = base64url.decode(written, "protected", EncryptionError)
    header = plain_json.read_object(data, _MOST_HEADER, "protected", EncryptionError)
    _refuse_members(header, _PROTECTED, "protected")
    if json.dumps(header, separators=(",", ":")).encode() != data:
        raise EncryptionError("header-form", "Write it without blanks, in ASCII.", "protected")
    if header.get("enc") != CONTENT:
        raise EncryptionError("algorithm", f"{CONTENT} alone is accepted.", "protected/enc")
    if header.get("typ", "") != type:
        raise EncryptionError("type", f"This is not a {type!r}.", "protected/typ")
    return header


def _recipient(
    message: dict[str, Any], protected: dict[str, Any], kid: str, key: OpeningKey
) -> dict[str, Any]:
    """The one recipient called ``kid``, its header read as strictly as the protected one."""
    entries = message["recipients"]
    if not isinstance(entries, list) or not 0 < len(entries) <= MAX_RECIPIENTS:
        raise EncryptionError("recipients", f"1 to {MAX_RECIPIENTS} of them.", "recipients")
    mine = []
    for entry in entries:
        if not isinstance(entry, dict) or not set(entry) <= {"header", "encrypted_key"}:
            raise EncryptionError("shape", "Header and encrypted key, no more.", "recipients")
        header = entry.get("header", {})
        if not isinstance(header, dict) or set(header) & set(protected):
            raise EncryptionError("shape", "A header that repeats the protected one.", "recipients")
        _refuse_members(header, _RECIPIENT, "recipients")
        if {**protected, **header}.get("kid", "") == kid:
            mine.append(entry)
    if len(mine) != 1:
        raise EncryptionError(
            "not-for-us", f"{len(mine)} of the recipients are {kid[:64]!r}.", "recipients"
        )
    _agree({**protected, **mine[0].get("header", {})}, key)
    return mine[0]


def _agree(header: dict[str, Any], key: OpeningKey) -> None:
    """Refuse an algorithm that is not done here, and an ephemeral key of another kind than ours."""
    if header.get("alg") != ENCRYPTS:
        raise EncryptionError("algorithm", f"{ENCRYPTS} alone is accepted.", "recipients/alg")
    sent = header.get("epk")
    if not isinstance(sent, dict) or set(sent) - {"kty", "crv", "x", "y"}:
        raise EncryptionError("shape", "No ephemeral key, or more than one.", "recipients/epk")
    try:
        ephemeral = jwk.read_public(sent, "enc")
    except SealError as problem:
        raise EncryptionError(
            "key", f"No key to agree with: {problem}", "recipients/epk"
        ) from problem
    if isinstance(ephemeral, X25519PublicKey) is not isinstance(key, X25519PrivateKey):
        raise EncryptionError("key", "On another curve than our key.", "recipients/epk")


def _refuse_members(header: dict[str, Any], known: frozenset[str], where: str) -> None:
    more = set(header) - known
    if "zip" in more:
        raise EncryptionError("compressed", "Send it unpacked: lengths tell.", f"{where}/zip")
    if more:
        raise EncryptionError(
            "header", f"Only {', '.join(sorted(known))} are read here.", f"{where}/{min(more)[:40]}"
        )
    for name, value in header.items():
        if name != "epk" and (not isinstance(value, str) or not value):
            raise EncryptionError("header", "Is no text, or empty.", f"{where}/{name}")


def _text(part: dict[str, Any], name: str, missing: str | None = None) -> str:
    value = part.get(name, missing)
    if not isinstance(value, str) or (name in part and name != "ciphertext" and not value):
        raise EncryptionError("shape", "Is no text, or empty.", name)
    return value


def _engine(key: RecipientKey | OpeningKey) -> OKPKey | ECKey:
    if isinstance(key, X25519PublicKey | X25519PrivateKey):
        return OKPKey.import_key(key)
    if isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey) and isinstance(
        key.curve, ec.SECP256R1
    ):
        return ECKey.import_key(key)
    raise EncryptionError("key", "Contents are encrypted for X25519 or P-256.", "key")


def _closed() -> EncryptionError:
    return EncryptionError("closed", "It does not open: altered, or encrypted for another key.")
