"""Clients, an issuer and forms, for tests of tokens. Moments and randomness are fixed; hostile tokens are made by hand."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from pratique.exchange import client_assertion, jwk
from pratique.exchange.access_token import Audience
from pratique.exchange.clients import Client
from pratique.exchange.partners import public_key
from pratique.office.token_endpoint import ASSERTION_TYPE, FORM_TYPE, Issuer, token_endpoint
from tests.support.jose import b64
from tests.support.keys import ed25519

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TLS = hashlib.sha256(b"certificate of scanner-1").hexdigest()
ISSUER = Issuer(
    audience=Audience(issuer="https://node.example", service="https://node.example/v1"),
    endpoint="https://node.example/oauth/token",
    key=ed25519("issuer"),
)
KEYS = {jwk.thumbprint(ISSUER.key.public_key()): ISSUER.key.public_key()}
_numbers: Iterator[int] = itertools.count()


def randomness(size: int) -> bytes:
    """Bytes nobody had before in this process, the same in every run."""
    return hashlib.shake_256(f"draw {next(_numbers)}".encode()).digest(size)


def client(**changed) -> Client:
    key = public_key(
        ed25519("scanner-1").public_key(), "sig", NOW - timedelta(days=1), NOW + timedelta(days=30)
    )
    whole = {
        "id": "scanner-1",
        "tenant": "customs-aa",
        "roles": ("customs_officer", "auditor"),
        "scopes": ("read", "ask"),
        "keys": (key,),
        "certificates": (TLS,),
    }
    return Client(**{**whole, **changed})


def assertion(id: str = "scanner-1", *, key=None, audience: str = ISSUER.endpoint, now=NOW) -> str:
    return client_assertion.make(id, audience, key or ed25519(id), randomness=randomness, now=now)


def claims(**changed) -> dict:
    """The claims of a good assertion, some of them changed; None leaves one out."""
    second = int(NOW.timestamp())
    whole = {
        "iss": "scanner-1",
        "sub": "scanner-1",
        "aud": ISSUER.endpoint,
        "iat": second,
        "exp": second + 60,
        "jti": randomness(8).hex(),
    }
    return {name: value for name, value in {**whole, **changed}.items() if value is not None}


def written(header: dict, said: dict | bytes, key=None) -> str:
    """A token written by hand, signed by an Ed25519 key or by none."""
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    head = f"{b64(json.dumps(header).encode())}.{b64(body)}"
    return f"{head}.{b64(key.sign(head.encode())) if key else ''}"


def signed(said: dict, name: str = "scanner-1", **header) -> str:
    """An assertion of a client written by hand, by its own key."""
    key = ed25519(name)
    kid = jwk.thumbprint(key.public_key())
    return written({"alg": "Ed25519", "kid": kid, "typ": "JWT", **header}, said, key)


def form(token: str, **more: str) -> bytes:
    fields = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": token,
        **more,
    }
    return urlencode(fields).encode()


def ask(rows, sent: bytes, *, certificate=TLS, now=NOW, content_type=FORM_TYPE, issuer=ISSUER):
    """(status, body as plain values, reply) of the token endpoint."""
    reply = token_endpoint(
        sent, content_type, issuer, rows, certificate=certificate, randomness=randomness, now=now
    )
    return reply.status, json.loads(reply.body), reply


def token_of(rows, id: str = "scanner-1", *, certificate: str = TLS, now=NOW, **more: str) -> str:
    status, body, reply = ask(
        rows, form(assertion(id, now=now), **more), certificate=certificate, now=now
    )
    assert status == 200, reply.because
    return body["access_token"]
