"""Is this program the client it says it is? Assertions signed with its own key, in place of a shared secret.

A token, the registered client and the names of whom it may be meant for, to the one use it is good for: id and end, which
the caller keeps so that it is good once. Header and algorithms are those of ``jws``: the key comes from the registration,
never from the token. Sources: RFC 7521 and RFC 7523, 3 (claims); RFC 8725, 3.11 (explicit types).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from pratique.errors import SealError
from pratique.exchange import base64url, claims, jwk, jws
from pratique.exchange.clients import Client, is_client_id, signing_keys
from pratique.exchange.jwk import SigningKey
from pratique.exchange.randomness import Randomness, draw

MOST_BYTES: Final = 4096
LONGEST: Final = timedelta(minutes=5)
TYPES: Final = ("client-authentication+jwt", "JWT", "")
"""Types an assertion may have in its header; an access token has none of them."""
_ID_BYTES: Final = 16


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified assertion was: of whom, by which id, until when the id must be remembered."""

    client: str
    id: str
    until: datetime


def claimed(token: str) -> str:
    """The client an unverified assertion names, to look it up. Raises ``SealError``."""
    if len(token) > MOST_BYTES:
        raise SealError("too-large", f"Has more than {MOST_BYTES} characters.", "assertion")
    jws.header_of(token)
    found = claims.text(_unverified(token), "iss")
    if not is_client_id(found):
        raise SealError("claim", "No id of a client.", "claims/iss")
    return found


def verify(token: str, client: Client, *, audiences: Collection[str], now: datetime) -> Assertion:
    """The use an assertion of that client is good for, when it is meant for one of ``audiences``. Raises ``SealError``."""
    if claimed(token) != client.id:
        raise SealError("other-client", "Is of another client.", "claims/iss")
    type = jws.header_of(token).get("typ", "")
    if type not in TYPES:
        raise SealError("type", f"This is a {type[:40]!r}, no assertion.", "header/typ")
    said = claims.read(jws.verify(token, signing_keys(client, now), type=type).payload)
    if claims.text(said, "sub") != client.id:
        raise SealError("other-client", "Speaks of another client.", "claims/sub")
    if _audience(said) not in audiences:
        raise SealError("audience", "Is meant for somebody else.", "claims/aud")
    claims.refuse_out_of_time(said, now, LONGEST)
    return Assertion(
        client=client.id,
        id=claims.text(said, "jti"),
        until=datetime.fromtimestamp(said["exp"], UTC) + claims.SKEW,
    )


def make(
    client: str, audience: str, key: SigningKey, *, randomness: Randomness, now: datetime
) -> str:
    """An assertion of a client for one token endpoint, good once, for one minute."""
    begins = int(now.timestamp())
    said = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "iat": begins,
        "exp": begins + 60,
        "jti": base64url.encode(draw(randomness, _ID_BYTES)),
    }
    kid = jwk.thumbprint(key.public_key())
    return jws.sign(msgspec.json.encode(said), key, kid=kid, type=TYPES[0])


def _unverified(token: str) -> dict[str, Any]:
    return claims.read(base64url.decode(token.split(".")[1], "payload"))


def _audience(said: dict[str, Any]) -> str:
    """The one audience: a token for several could be used by one of them against another."""
    found = said.get("aud")
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    return claims.text({"aud": found}, "aud")
