"""An independent OAuth library (Authlib) as client and as reader of tokens, against our endpoint."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import msgspec
import pytest
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6750.errors import InsufficientScopeError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oauth2.rfc9068 import JWTBearerTokenValidator
from joserfc.jwk import ECKey, KeySet, OKPKey

from pratique.exchange.partners import public_key
from pratique.office.clients import register
from pratique.office.token_endpoint import key_set, metadata
from pratique.store import open_database
from pratique.store.clients import ClientRows
from tests.support.clients import ISSUER, ask, client
from tests.support.keys import ed25519, p256

ES256_ISSUER = msgspec.structs.replace(ISSUER, key=p256("issuer"))
ENGINES = {
    "Ed25519": (ed25519("authlib"), OKPKey),
    "ES256": (p256("authlib"), ECKey),
}


def moment() -> datetime:
    """The moment it is: Authlib reads the clock itself."""
    return datetime.now(UTC)


@pytest.fixture(params=ENGINES)
def asked(request, tmp_path) -> tuple[bytes, ClientRows]:
    """(form as Authlib writes it, clients) with a key of each kind."""
    key, engine = ENGINES[request.param]
    now = moment()
    rows = ClientRows(open_database(f"sqlite:///{tmp_path}/store.db"))
    days = now - timedelta(days=1), now + timedelta(days=1)
    register(client(keys=(public_key(key.public_key(), "sig", *days),)), rows, now=now)
    kid = engine.import_key(key).thumbprint()
    method = PrivateKeyJWT(
        ISSUER.endpoint,
        alg=request.param,
        headers={"kid": kid, "typ": "JWT"},
        claims={"exp": int(now.timestamp()) + 120},
    )
    auth = ClientAuth("scanner-1", engine.import_key(key), "private_key_jwt")
    _, _, body = method(
        auth, "POST", ISSUER.endpoint, {}, "grant_type=client_credentials&scope=read"
    )
    return body.encode(), rows


class _Validator(JWTBearerTokenValidator):
    """Authlib's reader as it comes; it takes ES256 and not Ed25519 by that name."""

    def get_jwks(self):
        return KeySet.import_key_set(key_set(ES256_ISSUER))


def test_its_request_gets_a_token_that_its_reader_accepts(asked) -> None:
    body, rows = asked
    assert set(parse_qs(body.decode())) == {
        "grant_type", "scope", "client_assertion", "client_assertion_type",
    }  # fmt: skip
    status, told, reply = ask(rows, body, now=moment(), issuer=ES256_ISSUER)
    assert status == 200, reply.because
    reader = _Validator(ISSUER.audience.issuer, ISSUER.audience.service)
    claims = reader.authenticate_token(told["access_token"])
    reader.validate_token(claims, ["read"], request=None)
    assert (claims["client_id"], claims["scope"]) == ("scanner-1", "read")
    assert claims["cnf"]["x5t#S256"]
    assert claims.header["typ"] == "at+jwt"
    with pytest.raises(InsufficientScopeError):
        reader.validate_token(claims, ["file"], request=None)


def test_its_request_is_good_once(asked) -> None:
    body, rows = asked
    assert ask(rows, body, now=moment())[0] == 200
    assert ask(rows, body, now=moment())[0] == 401


def test_its_reader_accepts_our_metadata() -> None:
    """All but one line: RFC 8414 requires response types, and wants lists of none left out; here is the empty list."""
    told = AuthorizationServerMetadata(metadata(ISSUER, "https://node.example/oauth/keys"))
    assert told.pop("response_types_supported") == []
    told["response_types_supported"] = ["none"]
    told.validate()
