"""Which key is this, for which algorithm, and what is it called? Public keys as JSON Web Keys, read strictly.

Signatures: Ed25519, P-256, ML-DSA-65. Encryption: X25519, P-256. A key says its algorithm by its own kind, never the
message: ``algorithm_of`` is what no header can talk out of. Sources: RFC 7517 and 7518 (JWK), RFC 8037 (OKP), RFC 7638
(thumbprint); key type AKP and ML-DSA as in the IETF's "ML-DSA for JOSE and COSE" (draft-ietf-cose-dilithium).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from pratique.errors import SealError
from pratique.exchange import base64url
from pratique.exchange.canonical import canonical

SigningKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey
VerifyingKey = Ed25519PublicKey | ec.EllipticCurvePublicKey
RecipientKey = X25519PublicKey | ec.EllipticCurvePublicKey
OpeningKey = X25519PrivateKey | ec.EllipticCurvePrivateKey
PublicKey = VerifyingKey | RecipientKey | MLDSA65PublicKey
AnyKey = PublicKey | SigningKey | OpeningKey | MLDSA65PrivateKey

SIGNS: Final = ("Ed25519", "ES256", "ML-DSA-65")
"""Algorithms a key here may be for when it signs; fully specified names (RFC 9864)."""
ENCRYPTS: Final = "ECDH-ES+A256KW"
MAX_KEYS: Final = 64
_COORDINATE: Final = 32
_FIELD: Final = 2**255 - 19
_EIGHTH: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL: Final = frozenset({0, 1, _FIELD - 1, _EIGHTH, _FIELD - _EIGHTH})
"""The y of every point of order 1, 2, 4 or 8 on Curve25519 in Edwards form."""
_OPERATIONS: Final = {"sig": {"verify"}, "enc": {"deriveKey", "deriveBits"}}


def algorithm_of(key: AnyKey) -> str:
    """The one algorithm a key signs or is encrypted for; ``ES256`` for P-256, which may do both. Raises ``SealError``."""
    if isinstance(key, Ed25519PublicKey | Ed25519PrivateKey):
        return "Ed25519"
    if isinstance(key, MLDSA65PublicKey | MLDSA65PrivateKey):
        return "ML-DSA-65"
    if isinstance(key, X25519PublicKey | X25519PrivateKey):
        return ENCRYPTS
    if isinstance(key, ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey) and isinstance(
        key.curve, ec.SECP256R1
    ):
        return "ES256"
    raise SealError("key", "Neither Ed25519, P-256, ML-DSA-65 nor X25519: make one of these.")


def refuse_small_order(key: Ed25519PublicKey) -> None:
    """Raise ``SealError`` for a key whose owner could deny: a signature by it can fit several messages.

    Source: K. Chalkias and others, "Taming the many EdDSAs" (2020).
    """
    y = int.from_bytes(key.public_bytes_raw(), "little") & (2**255 - 1)
    if y % _FIELD in _SMALL:
        raise SealError("key", "A weak Ed25519 key: its signatures fit several messages.", "key")


def write_public(key: PublicKey) -> dict[str, str]:
    """A public key as a JWK with the members its thumbprint needs, and no others."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        algorithm_of(key)
        point = key.public_numbers()
        x, y = (number.to_bytes(_COORDINATE, "big") for number in (point.x, point.y))
        return {
            "crv": "P-256",
            "kty": "EC",
            "x": base64url.encode(x),
            "y": base64url.encode(y),
        }
    raw = base64url.encode(key.public_bytes_raw())
    if isinstance(key, MLDSA65PublicKey):
        return {"alg": "ML-DSA-65", "kty": "AKP", "pub": raw}
    curve = "Ed25519" if isinstance(key, Ed25519PublicKey) else "X25519"
    return {"crv": curve, "kty": "OKP", "x": raw}


def thumbprint(key: PublicKey) -> str:
    """The name of a key that anybody can derive from it: RFC 7638, SHA-256, base64url."""
    return base64url.encode(hashlib.sha256(canonical(write_public(key))).digest())


def read_public(jwk: Mapping[str, Any], use: str) -> PublicKey:
    """The public key of a JWK meant for ``use``, ``sig`` or ``enc``. Raises ``SealError``.

    Private members, another ``use``, ``key_ops`` or ``alg`` than the key's own, points off the curve: refused.
    """
    secret = {"d", "k", "p", "q", "priv"} & set(jwk)
    if secret:
        raise SealError("key", f"A private key ({min(secret)}): it stays with its owner.", "jwk")
    key = _key(jwk)
    own = algorithm_of(key)
    _agree(jwk, use, own)
    for_signing = own in SIGNS
    if (use == "sig") is not for_signing and own != "ES256":
        raise SealError("key", f"A key of {own} is of no use for {use!r}.", "jwk")
    return key


def read_set(jwks: Mapping[str, Any], use: str) -> dict[str, PublicKey]:
    """Keys of a JWK set by their ``kid``. Raises ``SealError`` for the set when any one of them is no good."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or not 0 < len(keys) <= MAX_KEYS:
        raise SealError("key", f"No list of 1 to {MAX_KEYS} keys.", "jwks")
    found: dict[str, PublicKey] = {}
    for jwk in keys:
        kid = jwk.get("kid") if isinstance(jwk, dict) else None
        if not isinstance(kid, str) or not kid or kid in found:
            raise SealError("key", "Each key needs a `kid` of its own.", "jwks")
        found[kid] = read_public(jwk, use)
    return found


def _key(jwk: Mapping[str, Any]) -> PublicKey:
    kind = (jwk.get("kty"), jwk.get("crv"))
    try:
        if kind == ("OKP", "Ed25519"):
            signer = Ed25519PublicKey.from_public_bytes(_member(jwk, "x", _COORDINATE))
            refuse_small_order(signer)
            return signer
        if kind == ("OKP", "X25519"):
            return X25519PublicKey.from_public_bytes(_member(jwk, "x", _COORDINATE))
        if kind == ("EC", "P-256"):
            x, y = (int.from_bytes(_member(jwk, name, _COORDINATE), "big") for name in "xy")
            return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        if kind == ("AKP", None) and jwk.get("alg") == "ML-DSA-65":
            return MLDSA65PublicKey.from_public_bytes(_member(jwk, "pub", 1952))
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise SealError("key", f"No key of its kind: {problem}.", "jwk") from problem
    raise SealError(
        "key", "Neither Ed25519, X25519, P-256 nor ML-DSA-65: ask for one of these.", "jwk"
    )


def _agree(jwk: Mapping[str, Any], use: str, own: str) -> None:
    """Refuse a JWK that says it is for something else than ``use``."""
    allowed = {ENCRYPTS} if use == "enc" else {own}
    operations = jwk.get("key_ops", ["verify"] if use == "sig" else ["deriveKey"])
    if jwk.get("use", use) != use or jwk.get("alg", min(allowed)) not in allowed:
        raise SealError("key", f"Meant for another use or algorithm than {use!r}.", "jwk")
    if not isinstance(operations, list) or not _OPERATIONS[use] & {
        each for each in operations if isinstance(each, str)
    }:
        raise SealError("key", f"Its `key_ops` do not allow {use!r}.", "jwk")


def _member(jwk: Mapping[str, Any], name: str, size: int) -> bytes:
    text = jwk.get(name)
    data = base64url.decode(text, f"jwk/{name}") if isinstance(text, str) else b""
    if len(data) != size:
        raise SealError("key", f"Not {size} bytes in base64url.", f"jwk/{name}")
    return data
