"""Which partner asks, and is that the answer? Signatures on the HTTP requests and responses between nodes.

Every request is signed over its method, authority, path, query and the digest of its body, for a short time and with a
nonce; every response over its status, kind, digest and the signature of the request it answers. The key is one of the
directory, the algorithm is that of the key. What is exchanged is signed and encrypted by itself: this tells who is at the
door, and keeps strangers and replays out.

Sources: RFC 9421 (HTTP Message Signatures; 3.3 algorithms, 2.4 binding a response to its request), RFC 9530.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import http_sf
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from pratique.errors import ExchangeError, SealError
from pratique.exchange import base64url
from pratique.exchange.checkpoint import SKEW
from pratique.exchange.http_message import (
    Component,
    Message,
    Request,
    Response,
    content_digest,
    dictionary,
    field,
    inner_list,
    signature_base,
)
from pratique.exchange.jwk import SigningKey, VerifyingKey, algorithm_of, thumbprint
from pratique.exchange.partners import Partners
from pratique.exchange.randomness import Randomness, draw

LABEL: Final = "pratique"
"""The name of our signature among others, and its ``tag``."""
ALGORITHMS: Final = {"Ed25519": "ed25519", "ES256": "ecdsa-p256-sha256"}
"""How RFC 9421 calls the algorithm of a key."""
LASTS: Final = timedelta(minutes=2)
"""How long a request may be under way."""
LONGEST: Final = timedelta(minutes=5)
"""The longest life of a request that is accepted."""
NONCE_BYTES: Final = 16
_HALF: Final = 32
_FIELDS: Final = ("signature-input", "signature")
_REQUEST: Final[tuple[Component, ...]] = tuple(
    (name, {}) for name in ("@method", "@authority", "@path", "@query", "content-digest")
)
_TYPE: Final[Component] = ("content-type", {})
_RESPONSE: Final[tuple[Component, ...]] = (
    ("@status", {}),
    ("content-digest", {}),
    _TYPE,
    ("signature", {"req": True, "key": LABEL}),
)
_PARAMETERS: Final = {
    "created": int, "expires": int, "nonce": str, "keyid": str, "alg": str, "tag": str,
}  # fmt: skip


class Asker(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed a request: party, key, nonce, and until when the nonce must be remembered."""

    party: str
    kid: str
    nonce: str
    until: datetime


Remember = Callable[[Asker, datetime], bool]
"""Whether this nonce is new at a moment; from then on it no longer is."""


class Nonces:
    """The nonces seen, until their requests can no longer pass; bounded. Not for several threads at once."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._until: dict[tuple[str, str], datetime] = {}

    def __call__(self, asker: Asker, now: datetime) -> bool:
        """See ``Remember``. Raises ``ExchangeError`` when there is no room for another."""
        name = (asker.kid, asker.nonce)
        if self._until.get(name, now) > now:
            return False
        if len(self._until) >= self._most:
            self._until = {each: until for each, until in self._until.items() if until > now}
        if len(self._until) >= self._most:
            raise ExchangeError("busy", "Too many requests in a short time: try again later.")
        self._until[name] = asker.until
        return True


def sign_request(
    request: Request, key: SigningKey, *, now: datetime, randomness: Randomness
) -> Request:
    """The request with its digest and signature. Raises ``ExchangeError`` for what cannot be signed."""
    parameters = {
        "created": int(now.timestamp()),
        "expires": int((now + LASTS).timestamp()),
        "nonce": base64url.encode(draw(randomness, NONCE_BYTES)),
        **_names(key),
    }
    digest = ("content-digest", content_digest(request.body))
    with_digest = msgspec.structs.replace(request, fields=(*request.fields, digest))
    signed = _sign(with_digest, _covered(request), parameters, key, None)
    return msgspec.structs.replace(with_digest, fields=(*with_digest.fields, *signed))


def verify_request(
    request: Request, partners: Partners, *, now: datetime, is_new: Remember
) -> Asker:
    """Who signed this request. Raises ``ExchangeError``.

    Codes: ``unsigned``, ``http-signature``, ``http-field``, ``not-covered``, ``content-digest``, ``created``, ``expired``,
    ``algorithm``, ``forged``, ``replayed``, ``busy``, and those of ``Partners.key``. Only the nonce of a request whose
    signature holds is remembered.
    """
    components, parameters, signature = _ours(request, set(_PARAMETERS))
    _check_covered(components, _covered(request))
    _check_digest(request)
    until = _check_time(parameters, now)
    party, key = partners.key(parameters["keyid"], now)
    _check_algorithm(parameters, key)
    _verify(key, signature, signature_base(request, components, parameters))
    asker = Asker(party=party, kid=parameters["keyid"], nonce=parameters["nonce"], until=until)
    if not is_new(asker, now):
        raise ExchangeError("replayed", "This request was here before: sign it anew.", "nonce")
    return asker


def sign_response(
    response: Response, request: Request, key: SigningKey, *, now: datetime
) -> Response:
    """The response with its digest and a signature bound to that of the request."""
    parameters = {"created": int(now.timestamp()), **_names(key)}
    digest = ("content-digest", content_digest(response.body))
    with_digest = msgspec.structs.replace(response, fields=(*response.fields, digest))
    signed = _sign(with_digest, _RESPONSE, parameters, key, request)
    return msgspec.structs.replace(with_digest, fields=(*with_digest.fields, *signed))


def verify_response(
    response: Response, request: Request, keys: Mapping[str, VerifyingKey], *, now: datetime
) -> str:
    """The name of the key that signed this response to that request. Raises ``ExchangeError``, codes as above."""
    components, parameters, signature = _ours(response, {"created", "keyid", "alg", "tag"})
    _check_covered(components, _RESPONSE)
    _check_digest(response)
    if abs(_moment(parameters["created"], "created") - now) > SKEW + LONGEST:
        raise ExchangeError("created", "The answer was not signed now.", "created")
    kid: str = parameters["keyid"]
    if kid not in keys:
        raise SealError("other-key", f"{kid[:64]!r} is no key of the partner asked.", "keyid")
    _check_algorithm(parameters, keys[kid])
    _verify(keys[kid], signature, signature_base(response, components, parameters, request))
    return kid


def _covered(request: Request) -> tuple[Component, ...]:
    return _REQUEST if field(request, _TYPE[0]) is None else (*_REQUEST, _TYPE)


def _names(key: SigningKey) -> dict[str, str]:
    return {
        "keyid": thumbprint(key.public_key()),
        "alg": ALGORITHMS[algorithm_of(key)],
        "tag": LABEL,
    }


def _sign(
    message: Message,
    components: tuple[Component, ...],
    parameters: dict[str, Any],
    key: SigningKey,
    request: Request | None,
) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two fields of a signature."""
    base = signature_base(message, components, parameters, request)
    signature = http_sf.ser({LABEL: (_raw(key, base), {})})
    return (
        ("signature-input", f"{LABEL}={inner_list(components, parameters)}"),
        ("signature", signature),
    )


def _ours(message: Message, named: set[str]) -> tuple[list[Component], dict[str, Any], bytes]:
    """Components, parameters and signature under our label, with exactly the parameters named."""
    told = dictionary(message, "signature-input").get(LABEL)
    given = dictionary(message, "signature").get(LABEL)
    if told is None or given is None:
        raise ExchangeError("unsigned", f"It has no signature {LABEL!r}: sign it.", "signature")
    if not isinstance(told, tuple) or not isinstance(told[0], list) or not isinstance(given, tuple):
        raise ExchangeError(
            "http-signature", "No list of components, or no signature.", "signature-input"
        )
    components, parameters = told
    if set(parameters) != named or any(
        type(value) is not _PARAMETERS[name] for name, value in parameters.items()
    ):
        raise ExchangeError(
            "http-signature",
            f"Its parameters must be {', '.join(sorted(named))}.",
            "signature-input",
        )
    written = (f"{LABEL}={inner_list(components, parameters)}", http_sf.ser({LABEL: given}))
    if any(
        text not in (field(message, name) or "")
        for name, text in zip(_FIELDS, written, strict=True)
    ):
        raise ExchangeError("http-signature", "Not written in the one way there is.", "signature")
    if not isinstance(given[0], bytes) or parameters["tag"] != LABEL:
        raise ExchangeError(
            "http-signature", f"No bytes, or its tag is not {LABEL!r}.", "signature"
        )
    return components, parameters, given[0]


def _check_covered(components: list[Component], wanted: tuple[Component, ...]) -> None:
    """Everything we ask for is covered; more may be."""
    missing = [http_sf.ser(each) for each in wanted if each not in components]
    if missing:
        raise ExchangeError(
            "not-covered", f"The signature leaves out {', '.join(missing)}.", "signature-input"
        )


def _check_digest(message: Message) -> None:
    if field(message, "content-digest") != content_digest(message.body):
        raise ExchangeError(
            "content-digest", "The body is not the one that was signed.", "content-digest"
        )


def _check_time(parameters: dict[str, Any], now: datetime) -> datetime:
    """Until when the request may come. Raises ``ExchangeError`` for one that is too early, too late or lasts too long."""
    created = _moment(parameters["created"], "created")
    expires = _moment(parameters["expires"], "expires")
    if created > now + SKEW or not created < expires <= created + LONGEST:
        raise ExchangeError(
            "created", "Signed in the future, or for too long: set your clock.", "created"
        )
    if now > expires + SKEW:
        raise ExchangeError(
            "expired", f"It was good until {expires:%H:%M:%S} UTC: sign it anew.", "expires"
        )
    return expires + SKEW


def _moment(seconds: int, where: str) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as problem:
        raise ExchangeError("http-signature", "No moment of this age.", where) from problem


def _check_algorithm(parameters: dict[str, Any], key: VerifyingKey) -> None:
    if parameters["alg"] != ALGORITHMS[algorithm_of(key)]:
        raise ExchangeError("algorithm", "The key does not sign with that algorithm.", "alg")


def _raw(key: SigningKey, base: bytes) -> bytes:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(base, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return key.sign(base)


def _verify(key: VerifyingKey, signature: bytes, base: bytes) -> None:
    try:
        if len(signature) != 2 * _HALF:
            raise InvalidSignature
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, base)
        else:
            r, s = (int.from_bytes(each, "big") for each in (signature[:_HALF], signature[_HALF:]))
            key.verify(encode_dss_signature(r, s), base, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as problem:
        raise ExchangeError(
            "forged", "The signature does not fit the message.", "signature"
        ) from problem
