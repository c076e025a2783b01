"""Who signed this, and is it unaltered? Keys, signatures over canonical bytes, and their strict reading.

A sealed document has two members: ``content``, any plain values, and ``seal`` with ``alg``, ``key_id``, ``type`` and
``signature``. Signed are the canonical bytes (``canonical``) of the document without its signature, so that neither
algorithm, key nor type can be changed beside the content. Keys are PEM files, as OpenSSL reads and writes them.

Sources: RFC 8032 (Ed25519), RFC 8037 and RFC 7638 (key as JWK, its thumbprint), RFC 8785 (canonical form),
RFC 4648, 5 (base64url, here without padding and without spare bits).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import SealError
from pratique.exchange import base64url, jwk
from pratique.exchange.canonical import canonical

ALGORITHM: Final = "Ed25519"
"""The one algorithm accepted; its fully specified name (RFC 9864)."""
_SIGNATURE_BYTES: Final = 64
_MOST_KEY_BYTES: Final = 4096


class Seal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands beside the content: algorithm, key, kind of document, and the signature in base64url."""

    alg: str
    key_id: str
    type: str
    signature: str


class _Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    content: dict[str, Any]
    seal: Seal


def new_key() -> Ed25519PrivateKey:
    """A key nobody had before."""
    return Ed25519PrivateKey.generate()


def private_pem(key: Ed25519PrivateKey) -> bytes:
    """A private key as its file holds it (PKCS #8, not encrypted)."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def public_pem(key: Ed25519PublicKey) -> bytes:
    """A public key as its file holds it."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def read_private(data: bytes, name: str) -> Ed25519PrivateKey:
    """The private key in a PEM file. Raises ``SealError``."""
    if len(data) <= _MOST_KEY_BYTES:
        try:
            key = serialization.load_pem_private_key(data, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            pass
        else:
            if isinstance(key, Ed25519PrivateKey):
                return key
    raise SealError(
        "key",
        f"{name} holds no unencrypted private Ed25519 key: make one with `pratique keys new`.",
    )


def read_public(data: bytes, name: str) -> Ed25519PublicKey:
    """The public key in a PEM file. Raises ``SealError``."""
    if b"PRIVATE KEY" in data:
        raise SealError(
            "key", f"{name} is a private key: it stays with its owner; give public.pem."
        )
    if len(data) <= _MOST_KEY_BYTES:
        try:
            key = serialization.load_pem_public_key(data)
        except (ValueError, UnsupportedAlgorithm):
            pass
        else:
            if isinstance(key, Ed25519PublicKey):
                jwk.refuse_small_order(key)
                return key
    raise SealError("key", f"{name} holds no public Ed25519 key: ask the signer for public.pem.")


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key that anybody can derive from it: its RFC 7638 thumbprint (SHA-256, base64url)."""
    return jwk.thumbprint(key)


def seal(content: dict[str, Any], type: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    """``content`` as a sealed document of that type. Raises ``SealError`` for what has no canonical form."""
    head = {"alg": ALGORITHM, "key_id": key_id(key.public_key()), "type": type}
    signature = key.sign(canonical({"content": content, "seal": head}))
    return {"content": content, "seal": {**head, "signature": base64url.encode(signature)}}


def unseal(document: Any, type: str, key: Ed25519PublicKey) -> dict[str, Any]:
    """The content of a document of that type, once its signature by ``key`` is verified. Raises ``SealError``."""
    content, found = unverified(document, type)
    own = key_id(key)
    if found.key_id != own:
        raise SealError(
            "other-key",
            f"It names the key {found.key_id}; the key given is {own}: get the signer's public key.",
        )
    head = {"alg": found.alg, "key_id": found.key_id, "type": found.type}
    try:
        key.verify(_signature(found.signature), canonical({"content": content, "seal": head}))
    except InvalidSignature as error:
        raise SealError(
            "forged",
            "The signature does not fit the content: it was altered, or never signed by this key.",
        ) from error
    return content


def unverified(document: Any, type: str) -> tuple[dict[str, Any], Seal]:
    """Content and seal of a document of that type, its signature not looked at. Raises ``SealError``."""
    try:
        found = msgspec.convert(document, _Document)
    except msgspec.ValidationError as error:
        raise SealError("shape", f"This is no sealed document: {error}.") from error
    if found.seal.alg != ALGORITHM:
        raise SealError(
            "algorithm", f"Signed with {found.seal.alg[:24]!r}; {ALGORITHM} alone is accepted."
        )
    if found.seal.type != type:
        raise SealError("type", f"This is a {found.seal.type[:40]!r}, not a {type!r}.")
    return found.content, found.seal


def _signature(text: str) -> bytes:
    """A signature's bytes: 64 of them, written in the one way there is."""
    try:
        data = base64url.decode(text, "signature")
    except SealError:
        data = b""
    if len(data) != _SIGNATURE_BYTES:
        raise SealError("signature", "The signature is not 64 bytes in base64url without padding.")
    return data
