"""What may the holder of this token do, for whom, until when? Access tokens, issued and verified.

A client and scopes to a token; a token, the issuer's keys and the certificate shown to what it says. A token is bound to the
TLS certificate of the client it was given to: in other hands it serves nothing. It lasts minutes. ``typ`` is ``at+jwt``, so
that no other signed token of the node, or of a client, passes for one.

Sources: RFC 9068 (claims and type), RFC 8705, 3.1 (``cnf`` with ``x5t#S256``), RFC 7800 (``cnf``), RFC 8725.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from pratique.errors import SealError
from pratique.exchange import base64url, claims, jwk, jws
from pratique.exchange.clients import Client
from pratique.exchange.jwk import SigningKey, VerifyingKey
from pratique.exchange.randomness import Randomness, draw

TYPE: Final = "at+jwt"
LIFE: Final = timedelta(minutes=5)
MOST_BYTES: Final = 4096
_ID_BYTES: Final = 16


class AccessToken(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified token says. ``certificate`` is the SHA-256 (hexadecimal) it is bound to, empty for none."""

    id: str
    client: str
    tenant: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    expires_at: datetime
    certificate: str = ""


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues tokens (its address, as in its metadata), and for which service they are."""

    issuer: str
    service: str


class _Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    certificate: str = msgspec.field(name="x5t#S256")


class _Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    iss: str
    aud: str
    sub: str
    client_id: str
    tenant: str
    roles: tuple[str, ...]
    scope: str
    iat: int
    exp: int
    jti: str
    cnf: _Bound | msgspec.UnsetType = msgspec.UNSET


def issue(
    client: Client,
    scopes: tuple[str, ...],
    audience: Audience,
    key: SigningKey,
    *,
    certificate: str = "",
    randomness: Randomness,
    now: datetime,
) -> str:
    """A token for a client within its scopes, bound to the certificate it shows. Raises ``SealError``."""
    if client.revoked or not scopes or set(scopes) - set(client.scopes):
        raise SealError("scope", "Was never given, or the client is revoked.", "scope")
    begins = int(now.timestamp())
    bound = _Bound(base64url.encode(bytes.fromhex(certificate))) if certificate else msgspec.UNSET
    said = _Claims(
        iss=audience.issuer,
        aud=audience.service,
        sub=client.id,
        client_id=client.id,
        tenant=client.tenant,
        roles=client.roles,
        scope=" ".join(scopes),
        iat=begins,
        exp=begins + int(LIFE.total_seconds()),
        jti=base64url.encode(draw(randomness, _ID_BYTES)),
        cnf=bound,
    )
    kid = jwk.thumbprint(key.public_key())
    return jws.sign(msgspec.json.encode(said), key, kid=kid, type=TYPE)


def verify(
    token: str,
    keys: Mapping[str, VerifyingKey],
    audience: Audience,
    *,
    certificate: str,
    now: datetime,
) -> AccessToken:
    """What a token of that issuer for that service says, shown over TLS with that certificate. Raises ``SealError``.

    ``certificate`` is the SHA-256 (hexadecimal) of the one shown, empty when there is none.
    """
    if len(token) > MOST_BYTES:
        raise SealError("too-large", f"Has more than {MOST_BYTES} characters.", "token")
    plain = claims.read(jws.verify(token, keys, type=TYPE).payload)
    try:
        said = msgspec.convert(plain, _Claims)
    except msgspec.ValidationError as problem:
        raise SealError("claim", f"No access token: {problem}.", "claims") from problem
    if (said.iss, said.aud) != (audience.issuer, audience.service):
        raise SealError("audience", "Is of another issuer, or for another service.", "claims/aud")
    if said.sub != said.client_id:
        raise SealError("other-client", "Speaks of another client.", "claims/sub")
    claims.refuse_out_of_time(plain, now, LIFE)
    return AccessToken(
        id=said.jti,
        client=said.client_id,
        tenant=said.tenant,
        roles=said.roles,
        scopes=tuple(said.scope.split(" ")),
        expires_at=datetime.fromtimestamp(said.exp, UTC),
        certificate=_certificate(said, certificate),
    )


def _certificate(said: _Claims, shown: str) -> str:
    """The certificate a token is bound to, when it is the one shown."""
    if said.cnf is msgspec.UNSET:
        return ""
    bound = base64url.decode(said.cnf.certificate, "claims/cnf").hex()
    if bound != shown:
        raise SealError(
            "other-certificate", "Is bound to a certificate that is not shown.", "claims/cnf"
        )
    return bound
