"""Does this program get a token? The token endpoint: a form in, an answer of HTTP out; and what it says of itself.

One grant (client credentials), one way to authenticate (an assertion signed with the client's key), one use of each. What is
wrong with the form is told as RFC 6749 has it, in fixed words: who is refused learns neither which clients there are, nor what
of an assertion was wrong. The door is told more, for its log. Sources: RFC 6749 (3.2, 4.4, 5), RFC 7523, 2.2, RFC 8705, 3,
RFC 8414 (metadata).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from pratique.errors import NotFoundError, SealError
from pratique.exchange import access_token, client_assertion, jwk, jws
from pratique.exchange.access_token import Audience
from pratique.exchange.clients import Client
from pratique.exchange.jwk import SigningKey
from pratique.exchange.randomness import Randomness
from pratique.office.clients import find
from pratique.policy.access import shipped_access
from pratique.store.clients import ClientRows

FORM_TYPE: Final = "application/x-www-form-urlencoded"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT: Final = "client_credentials"
MOST_BYTES: Final = 8192
_MOST_FIELDS: Final = 16
_HEADERS: Final = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
}


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues: the audience of its tokens, the address of its token endpoint, the key it signs with."""

    audience: Audience
    endpoint: str
    key: SigningKey


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Status, headers and body for the asker; client and reason (no secret, no personal data) for the door's log."""

    status: int
    headers: dict[str, str]
    body: bytes
    client: str = ""
    because: str = ""


class _RefusedError(Exception):
    """An answer of RFC 6749, 5.2: error, words for the asker, status; the reason for the log."""

    def __init__(self, error: str, said: str, because: str = "", status: int = 400) -> None:
        super().__init__(said)
        self.error, self.said, self.status = error, said, status
        self.because = because or said


def token_endpoint(
    form: bytes,
    content_type: str,
    issuer: Issuer,
    clients: ClientRows,
    *,
    certificate: str,
    randomness: Randomness,
    now: datetime,
) -> Reply:
    """The answer to a request for a token over TLS with that client certificate (SHA-256, hexadecimal; or empty).

    Raises ``StoreError`` when the store cannot keep that the assertion was used: then there is no token.
    """
    named = ""
    try:
        fields = _fields(form, content_type)
        named = _claimed(fields)
        client = _authenticated(fields, named, issuer, clients, now)
        bound = _certificate(client, certificate)
        scopes = _scopes(fields, client)
    except _RefusedError as refused:
        return _refusal(refused, named)
    token = access_token.issue(
        client, scopes, issuer.audience, issuer.key,
        certificate=bound, randomness=randomness, now=now,
    )  # fmt: skip
    answer = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(access_token.LIFE.total_seconds()),
        "scope": " ".join(scopes),
    }
    return Reply(
        status=200, headers=dict(_HEADERS), body=msgspec.json.encode(answer), client=client.id
    )


def metadata(issuer: Issuer, keys_at: str) -> dict[str, Any]:
    """What the issuer says of itself at ``/.well-known/oauth-authorization-server``; its keys are at ``keys_at``."""
    return {
        "issuer": issuer.audience.issuer,
        "token_endpoint": issuer.endpoint,
        "jwks_uri": keys_at,
        "scopes_supported": list(shipped_access().acts),
        "response_types_supported": [],
        "grant_types_supported": [GRANT],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(jws.ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": True,
    }


def key_set(issuer: Issuer) -> dict[str, Any]:
    """The public key tokens are signed with, as a JSON Web Key Set."""
    public = issuer.key.public_key()
    named = {"kid": jwk.thumbprint(public), "use": "sig", "alg": jwk.algorithm_of(public)}
    return {"keys": [{**jwk.write_public(public), **named}]}


def _fields(form: bytes, content_type: str) -> dict[str, str]:
    """The form's fields, each given once; an empty one counts as not given."""
    if content_type.partition(";")[0].strip().lower() != FORM_TYPE:
        raise _RefusedError("invalid_request", f"Send a form: {FORM_TYPE}.")
    if len(form) > MOST_BYTES:
        raise _RefusedError("invalid_request", f"The form has more than {MOST_BYTES} bytes.")
    try:
        pairs = parse_qsl(
            form.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as problem:
        raise _RefusedError("invalid_request", "This is no form.") from problem
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _RefusedError("invalid_request", "A parameter is given twice.")
    return {name: value for name, value in fields.items() if value}


def _claimed(fields: dict[str, str]) -> str:
    """The client a form names, once all that must stand in it does."""
    if fields.get("grant_type", GRANT) != GRANT:
        raise _RefusedError("unsupported_grant_type", f"Only {GRANT} is granted.")
    if "grant_type" not in fields:
        raise _RefusedError("invalid_request", "grant_type is missing.")
    if "client_secret" in fields:
        raise _RefusedError("invalid_request", "Send an assertion and no secret.")
    if fields.get("client_assertion_type") != ASSERTION_TYPE:
        raise _unknown("no assertion, or one of another type")
    try:
        named = client_assertion.claimed(fields.get("client_assertion", ""))
    except SealError as problem:
        raise _unknown(str(problem)) from problem
    if fields.get("client_id", named) != named:
        raise _unknown("client_id is not that of the assertion")
    return named


def _authenticated(
    fields: dict[str, str], named: str, issuer: Issuer, rows: ClientRows, now: datetime
) -> Client:
    """The registered client, once its assertion is verified and was not used before."""
    try:
        client = find(named, rows).client
        used = client_assertion.verify(
            fields["client_assertion"],
            client,
            audiences=(issuer.audience.issuer, issuer.endpoint),
            now=now,
        )
    except (SealError, NotFoundError) as problem:
        raise _unknown(str(problem)) from problem
    use = rows.use(client.id, used.id, until=used.until, now=now)
    if use == "used":
        raise _unknown("the assertion was used before")
    if use == "too many":
        raise _RefusedError(
            "temporarily_unavailable", "Too many tokens asked for: wait.", status=429
        )
    return client


def _certificate(client: Client, shown: str) -> str:
    """The certificate its tokens are bound to: one of those it is registered with, or none when it has none."""
    if client.certificates and shown not in client.certificates:
        raise _unknown("the TLS certificate shown is not the client's")
    return shown if client.certificates else ""


def _scopes(fields: dict[str, str], client: Client) -> tuple[str, ...]:
    """The scopes asked for, all of them the client's; all it has when it asks for none."""
    asked = tuple(dict.fromkeys(fields["scope"].split(" "))) if "scope" in fields else ()
    if set(asked) - set(client.scopes):
        raise _RefusedError("invalid_scope", "A scope asked for was never given.")
    return asked or client.scopes


def _unknown(because: str) -> _RefusedError:
    return _RefusedError("invalid_client", "Authentication failed.", because, 401)


def _refusal(refused: _RefusedError, client: str) -> Reply:
    told = {"error": refused.error, "error_description": refused.said}
    return Reply(
        status=refused.status,
        headers=dict(_HEADERS),
        body=msgspec.json.encode(told),
        client=client,
        because="".join(each if each.isprintable() else "?" for each in refused.because),
    )
