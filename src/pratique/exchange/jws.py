"""Who signed exactly these bytes? JSON Web Signatures, in the compact form, and their strict reading.

Bytes and a key to a token; a token, keys by name and the algorithms the caller allows back to the bytes. The algorithm
must be allowed, and be that of the key named: a header alone decides nothing. A header holds ``alg``, ``kid``, ``typ``
and ``cty``; one that brings a key, an address of one, or asks for extensions is refused, as is what RFC 7515 does not
write. A co-signature is a second, detached token over the bytes of the first, by a key of another kind (ML-DSA-65).

Sources: RFC 7515 (JWS; appendix F, detached), RFC 7518, 3.4 (ES256), RFC 8037 and RFC 9864 (Ed25519), RFC 8725 (best practice),
FIPS 204 (ML-DSA).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from pratique.errors import SealError
from pratique.exchange import base64url, plain_json
from pratique.exchange.jwk import SigningKey, VerifyingKey, algorithm_of

ALGORITHMS: Final = ("Ed25519", "ES256")
"""What tokens are signed with, the usual one first."""
COSIGNS: Final = "ML-DSA-65"
MAX_PAYLOAD: Final = 4_194_304
"""Largest payload, in bytes."""
MAX_HEADER: Final = 1024
_MOST_SIGNATURE: Final = 4096
_MEMBERS: Final = frozenset({"alg", "kid", "typ", "cty"})
_Key = TypeVar("_Key")
_KEYS_IN_HEADER: Final = frozenset({"jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"})


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified token says: the bytes signed, and by which key and algorithm."""

    payload: bytes
    kid: str
    alg: str
    type: str

    def __repr__(self) -> str:
        return f"Signed({len(self.payload)} bytes, a {self.type or 'token'}, by {self.kid})"


class _Registry(jws.JWSRegistry):
    """The library's bounds, wide enough for what this module lets pass."""

    max_header_length = MAX_HEADER * 2
    max_payload_length = MAX_PAYLOAD * 2
    max_signature_length = _MOST_SIGNATURE * 2


_REGISTRIES: Final = {alg: _Registry(algorithms=[alg]) for alg in ALGORITHMS}


def sign(payload: bytes, key: SigningKey, *, kid: str, type: str = "") -> str:
    """A token over exactly these bytes, naming the key ``kid`` and the kind of document. Raises ``SealError``."""
    if len(payload) > MAX_PAYLOAD:
        raise SealError(
            "too-large", f"Has more than {MAX_PAYLOAD} bytes: sign its digest.", "payload"
        )
    alg = algorithm_of(key)
    header = _header(alg, kid, type)
    if isinstance(key, Ed25519PrivateKey):  # the library would take out a key that a token keeps
        signed = f"{base64url.encode(_json(header))}.{base64url.encode(payload)}"
        return f"{signed}.{base64url.encode(key.sign(signed.encode()))}"
    return jws.serialize_compact(header, payload, _engine(key), registry=_REGISTRIES[alg])


def verify(
    token: str,
    keys: Mapping[str, VerifyingKey],
    *,
    algorithms: Collection[str] = ALGORITHMS,
    type: str = "",
) -> Signed:
    """The bytes of a token of that type, once its signature is verified. Raises ``SealError``.

    ``keys`` by the name a header calls them; the name of a header without ``kid`` is the empty text.
    """
    header, payload, _ = _parts(token)
    alg, kid = _choose(header, algorithms, type)
    key = _named(keys, kid)
    if alg not in ALGORITHMS or algorithm_of(key) != alg:
        raise SealError("algorithm", f"The key {kid!r} does not sign with {alg}.", "header/alg")
    try:
        jws.deserialize_compact(token, _engine(key), registry=_REGISTRIES[alg])
    except (JoseError, ValueError) as problem:
        raise _forged() from problem
    return Signed(payload=payload, kid=kid, alg=alg, type=type)


def cosign(token: str, key: MLDSA65PrivateKey, *, kid: str) -> str:
    """A detached co-signature over a whole token. Raises ``SealError`` where ML-DSA is not to be had."""
    header = base64url.encode(_json(_header(COSIGNS, kid, "")))
    signature = key.sign(f"{header}.{base64url.encode(token.encode())}".encode())
    return f"{header}..{base64url.encode(signature)}"


def verify_cosignature(token: str, cosignature: str, keys: Mapping[str, MLDSA65PublicKey]) -> str:
    """The name of the key that co-signed ``token``. Raises ``SealError``."""
    header, payload, signature = _parts(cosignature)
    if payload:
        raise SealError(
            "shape", "A co-signature carries no payload: it is over the token.", "payload"
        )
    _, kid = _choose(header, (COSIGNS,), "")
    head = cosignature.partition(".")[0]
    try:
        _named(keys, kid).verify(signature, f"{head}.{base64url.encode(token.encode())}".encode())
    except InvalidSignature as problem:
        raise _forged() from problem
    return kid


def header_of(token: str) -> dict[str, Any]:
    """The header of a token nobody has verified yet, to look up the keys of its signer. Raises ``SealError``."""
    return _parts(token)[0]


def payload_of(token: str) -> bytes:
    """The bytes of a token nobody has verified yet, to find out whom to ask. Raises ``SealError``."""
    return _parts(token)[1]


def _parts(token: str) -> tuple[dict[str, Any], bytes, bytes]:
    """Header, payload and signature, each written in the one way there is."""
    if not isinstance(token, str) or len(token) > MAX_PAYLOAD * 2:
        raise SealError("shape", "No compact signature, or one too large to read.", "token")
    parts = token.split(".")
    if len(parts) != 3 or not parts[0] or not parts[2]:
        raise SealError(
            "shape", "Not three parts with points between: header, payload, signature.", "token"
        )
    if len(parts[0]) > MAX_HEADER * 2 or len(parts[2]) > _MOST_SIGNATURE * 2:
        raise SealError("too-large", "A header or signature of that size signs nothing.", "token")
    names = ("header", "payload", "signature")
    head, payload, signature = map(base64url.decode, parts, names)
    if len(payload) > MAX_PAYLOAD:
        raise SealError("too-large", f"Has more than {MAX_PAYLOAD} bytes.", "payload")
    header = plain_json.read_object(head, MAX_HEADER, "header")
    _refuse_members(header)
    return header, payload, signature


def _refuse_members(header: dict[str, Any]) -> None:
    brought = _KEYS_IN_HEADER & set(header)
    if brought:
        raise SealError(
            "header-key",
            "Brings its own key or an address of one: keys come from the directory alone.",
            f"header/{min(brought)}",
        )
    more = set(header) - _MEMBERS
    if more:
        raise SealError(
            "header",
            f"Only {', '.join(sorted(_MEMBERS))} are read here.",
            f"header/{min(more)[:40]}",
        )
    for name, value in header.items():
        if not isinstance(value, str) or not value:
            raise SealError("header", "Is no text, or empty.", f"header/{name}")


def _choose(header: dict[str, Any], algorithms: Collection[str], type: str) -> tuple[str, str]:
    """(algorithm, key name) of a header whose algorithm is allowed and whose type is the one asked for."""
    alg = header.get("alg", "")
    if alg not in algorithms:
        raise SealError(
            "algorithm", f"{alg[:24]!r} is not allowed; {', '.join(algorithms)} is.", "header/alg"
        )
    found = header.get("typ", "")
    if found != type:
        raise SealError("type", f"This is a {found[:40]!r}, not a {type!r}.", "header/typ")
    return alg, header.get("kid", "")


def _named(keys: Mapping[str, _Key], kid: str) -> _Key:
    if kid not in keys:
        raise SealError(
            "other-key", f"No key {kid[:64]!r} is known: get the signer's public key.", "header/kid"
        )
    return keys[kid]


def _header(alg: str, kid: str, type: str) -> dict[str, str]:
    """The header of a new token; what our reader would refuse is not signed."""
    written = {"alg": alg, "kid": kid, "typ": type}
    header = {name: value for name, value in written.items() if value}
    plain_json.read_object(_json(header), MAX_HEADER, "header")
    return header


def _json(header: dict[str, str]) -> bytes:
    return json.dumps(header, separators=(",", ":")).encode()


def _engine(key: SigningKey | VerifyingKey) -> OKPKey | ECKey:
    if isinstance(key, Ed25519PrivateKey | Ed25519PublicKey):
        return OKPKey.import_key(key)
    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        return ECKey.import_key(key)
    raise SealError("key", "Tokens are signed with Ed25519 or P-256.", "key")


def _forged() -> SealError:
    return SealError(
        "forged",
        "The signature does not fit: the bytes were altered, or never signed by this key.",
        "signature",
    )
