"""A token says what its issuer gave, to whom it was given, for minutes, over the certificate it is bound to."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import ExchangeError, SealError
from pratique.exchange import access_token, jwk
from pratique.exchange.access_token import Audience
from tests.support.clients import ISSUER, KEYS, NOW, TLS, assertion, client, randomness, written
from tests.support.jose import unb64
from tests.support.keys import ed25519

SECOND = int(NOW.timestamp())
KID = next(iter(KEYS))


def issued(certificate: str = TLS, scopes=("read",), now=NOW, **changed) -> str:
    return access_token.issue(
        client(**changed), scopes, ISSUER.audience, ISSUER.key,
        certificate=certificate, randomness=randomness, now=now,
    )  # fmt: skip


def read(token: str, certificate: str = TLS, now=NOW, audience: Audience = ISSUER.audience):
    return access_token.verify(token, KEYS, audience, certificate=certificate, now=now)


def said(token: str) -> dict:
    return json.loads(unb64(token.split(".")[1]))


def forged(header=None, key=ISSUER.key, **changed) -> str:
    """A token by the issuer's own key with claims of its own; None leaves one out."""
    whole = {**said(issued()), **changed}
    left = {name: value for name, value in whole.items() if value is not None}
    return written({"alg": "Ed25519", "kid": KID, "typ": "at+jwt", **(header or {})}, left, key)


def test_a_token_says_client_tenant_roles_and_scopes() -> None:
    found = read(issued())
    assert (found.client, found.tenant) == ("scanner-1", "customs-aa")
    assert (found.roles, found.scopes) == (("customs_officer", "auditor"), ("read",))
    assert found.expires_at == NOW + timedelta(minutes=5)
    assert found.certificate == TLS


def test_it_has_the_claims_of_rfc_9068_and_the_confirmation_of_rfc_8705() -> None:
    token = issued()
    assert json.loads(unb64(token.split(".")[0])) == {"alg": "Ed25519", "kid": KID, "typ": "at+jwt"}
    assert {"iss", "exp", "aud", "sub", "client_id", "iat", "jti", "scope"} <= set(said(token))
    assert unb64(said(token)["cnf"]["x5t#S256"]).hex() == TLS


def test_the_same_token_over_another_certificate_or_none_serves_nothing() -> None:
    for other in ("", "00" * 32, TLS.upper()):
        with pytest.raises(SealError) as refused:
            read(issued(), certificate=other)
        assert refused.value.code == "other-certificate"


def test_one_bound_to_no_certificate_serves_over_any() -> None:
    assert read(issued(certificate=""), certificate=TLS).certificate == ""


@pytest.mark.parametrize("scopes", [(), ("file",), ("read", "file")])
def test_no_scope_is_issued_that_was_not_given(scopes) -> None:
    with pytest.raises(SealError, match="scope"):
        issued(scopes=scopes)
    with pytest.raises(SealError, match="scope"):
        issued(revoked=True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "https://other.example"}, "audience"),
        ({"aud": "https://other.example"}, "audience"),
        ({"aud": [ISSUER.audience.service]}, "claim"),
        ({"exp": SECOND - 30}, "expired"),
        ({"exp": SECOND + 10_000}, "lasts-too-long"),
        ({"exp": 2**53 - 1}, "lasts-too-long"),
        ({"iat": SECOND + 31, "exp": SECOND + 60}, "not-yet"),
        ({"iat": SECOND - 10_000}, "lasts-too-long"),
        ({"sub": "scanner-2"}, "other-client"),
        ({"client_id": None}, "claim"),
        ({"tenant": None}, "claim"),
        ({"jti": None}, "claim"),
        ({"iat": None}, "claim"),
        ({"roles": "auditor"}, "claim"),
        ({"scope": None}, "claim"),
        ({"cnf": {"jkt": "x"}}, "claim"),
        ({"cnf": None, "act": {"sub": "x"}}, "claim"),
        ({"cnf": {"x5t#S256": "AA=="}}, "base64url"),
        ({"header": {"typ": "JWT"}}, "type"),
        ({"header": {"typ": ""}}, "header"),
        ({"header": {"alg": "none"}}, "algorithm"),
        ({"header": {"alg": "HS256"}}, "algorithm"),
        ({"header": {"kid": "x"}}, "other-key"),
        ({"header": {"jwk": {}}}, "header-key"),
        ({"key": ed25519("scanner-1")}, "forged"),
        ({"key": None}, "shape"),
    ],
)
def test_what_is_not_as_issued_is_refused(changed, code) -> None:
    assert read(forged())
    with pytest.raises(ExchangeError) as refused:
        read(forged(**changed))
    assert refused.value.code == code


def test_an_assertion_is_no_token_and_a_token_no_assertion() -> None:
    keys = {
        **KEYS,
        jwk.thumbprint(ed25519("scanner-1").public_key()): ed25519("scanner-1").public_key(),
    }
    with pytest.raises(SealError, match="type"):
        access_token.verify(assertion(), keys, ISSUER.audience, certificate=TLS, now=NOW)


def test_it_is_over_after_five_minutes_and_half_a_minute_for_the_clocks() -> None:
    token = issued()
    assert read(token, now=NOW + timedelta(seconds=329))
    with pytest.raises(SealError, match="expired"):
        read(token, now=NOW + timedelta(seconds=330))


def test_one_too_large_is_refused() -> None:
    with pytest.raises(SealError, match="too-large"):
        read("a" * 4097)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_letter_changed_is_refused(data) -> None:
    token = issued()
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=300))
    if token[at] != letter:
        with pytest.raises(ExchangeError):
            read(token[:at] + letter + token[at + 1 :])
