"""A second reading of RFC 7516 and 7518, from primitives alone, with every number given: what the code under test is held to."""

import base64
import json
import struct
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def wrapping_key(shared: bytes) -> bytes:
    """NIST SP 800-56A single-step KDF as RFC 7518, 4.6.2 fills it for ECDH-ES+A256KW."""
    name = b"ECDH-ES+A256KW"
    info = struct.pack(">I", len(name)) + name + bytes(8) + struct.pack(">I", 256)
    round_one = hashes.Hash(hashes.SHA256())
    round_one.update(struct.pack(">I", 1) + shared + info)
    return round_one.finalize()


def epk(key: X25519PublicKey) -> dict[str, str]:
    return {"crv": "X25519", "kty": "OKP", "x": b64(key.public_bytes_raw())}


def encrypt(
    plaintext: bytes,
    recipients: Mapping[str, tuple[dict[str, str], bytes]],
    *,
    content_key: bytes,
    iv: bytes,
    protected: dict[str, Any],
    context: bytes,
) -> dict[str, Any]:
    """A general JSON encryption; ``recipients`` by name: the ephemeral key sent, the secret shared."""
    head = b64(json.dumps(protected, separators=(",", ":")).encode())
    bound = head + ("." + b64(context) if context else "")
    sealed = AESGCM(content_key).encrypt(iv, plaintext, bound.encode())
    return {
        "protected": head,
        "iv": b64(iv),
        "ciphertext": b64(sealed[:-16]),
        "tag": b64(sealed[-16:]),
        **({"aad": b64(context)} if context else {}),
        "recipients": [
            {
                "header": {"alg": "ECDH-ES+A256KW", "kid": kid, "epk": sent},
                "encrypted_key": b64(aes_key_wrap(wrapping_key(shared), content_key)),
            }
            for kid, (sent, shared) in recipients.items()
        ],
    }


def decrypt(message: dict[str, Any], kid: str, key: X25519PrivateKey) -> bytes:
    """The content, read without a check of anything but the cryptography."""
    (mine,) = [each for each in message["recipients"] if each["header"]["kid"] == kid]
    sent = X25519PublicKey.from_public_bytes(unb64(mine["header"]["epk"]["x"]))
    wrapped = unb64(mine["encrypted_key"])
    content_key = aes_key_unwrap(wrapping_key(key.exchange(sent)), wrapped)
    bound = message["protected"] + ("." + message["aad"] if "aad" in message else "")
    sealed = unb64(message["ciphertext"]) + unb64(message["tag"])
    return AESGCM(content_key).decrypt(unb64(message["iv"]), sealed, bound.encode())
