"""An assertion proves which client it is, to whom it is meant for, for minutes; whatever else is refused."""

import hmac
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import ExchangeError, SealError
from pratique.exchange import client_assertion, jwk
from pratique.exchange.partners import public_key
from tests.support.clients import ISSUER, NOW, assertion, claims, client, signed, written
from tests.support.jose import b64
from tests.support.keys import ed25519, p256

SECOND = int(NOW.timestamp())
AUDIENCES = (ISSUER.audience.issuer, ISSUER.endpoint)


def read(token: str, now=NOW, **changed):
    return client_assertion.verify(token, client(**changed), audiences=AUDIENCES, now=now)


def test_a_good_one_says_its_client_and_until_when_to_remember_it() -> None:
    found = read(assertion())
    assert found.client == "scanner-1"
    assert found.until == NOW + timedelta(seconds=90)
    assert len(found.id) >= 16


def test_each_one_made_has_an_id_of_its_own() -> None:
    assert read(assertion()).id != read(assertion()).id


@pytest.mark.parametrize("typ", ["JWT", "client-authentication+jwt", None])
def test_types_in_use_are_read(typ) -> None:
    kid = jwk.thumbprint(ed25519("scanner-1").public_key())
    header = {"alg": "Ed25519", "kid": kid, **({"typ": typ} if typ else {})}
    assert read(written(header, claims(), ed25519("scanner-1")))


@pytest.mark.parametrize("aud", [ISSUER.audience.issuer, ISSUER.endpoint, [ISSUER.endpoint]])
def test_it_is_meant_for_the_issuer_or_its_endpoint(aud) -> None:
    assert read(signed(claims(aud=aud)))


def test_a_p256_key_serves_as_well() -> None:
    key = public_key(p256("scanner-1").public_key(), "sig", NOW, NOW + timedelta(days=1))
    token = client_assertion.make(
        "scanner-1", ISSUER.endpoint, p256("scanner-1"), randomness=lambda n: b"r" * n, now=NOW
    )
    assert read(token, keys=(key,))


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"exp": SECOND - 31}, "expired"),
        ({"exp": SECOND - 30}, "expired"),
        ({"exp": None}, "claim"),
        ({"exp": 1e99}, "json"),
        ({"exp": float(SECOND + 60)}, "json"),
        ({"exp": str(SECOND + 60)}, "claim"),
        ({"exp": True}, "claim"),
        ({"exp": 2**53 - 1}, "lasts-too-long"),
        ({"exp": SECOND + 10_000}, "lasts-too-long"),
        ({"exp": SECOND + 301}, "lasts-too-long"),
        ({"exp": SECOND + 331, "iat": None}, "lasts-too-long"),
        ({"exp": SECOND + 400, "iat": SECOND + 200}, "not-yet"),
        ({"iat": 0}, "lasts-too-long"),
        ({"iat": SECOND + 31}, "not-yet"),
        ({"iat": -5}, "claim"),
        ({"nbf": SECOND + 31}, "not-yet"),
        ({"aud": "https://node.example/oauth/token/"}, "audience"),
        ({"aud": [ISSUER.endpoint, "https://other.example"]}, "claim"),
        ({"aud": []}, "claim"),
        ({"aud": None}, "claim"),
        ({"iss": "scanner-2"}, "other-client"),
        ({"sub": "scanner-2"}, "other-client"),
        ({"sub": None}, "claim"),
        ({"iss": "a\x00"}, "claim"),
        ({"iss": None}, "claim"),
        ({"jti": None}, "claim"),
        ({"jti": ""}, "claim"),
        ({"jti": "a b"}, "claim"),
        ({"jti": "\x00"}, "claim"),
        ({"jti": "j" * 257}, "claim"),
        ({"jti": 7}, "claim"),
        ({"more": "x" * 2048}, "too-large"),
    ],
)
def test_claims_that_do_not_hold_are_refused(said, code) -> None:
    with pytest.raises(SealError) as refused:
        read(signed(claims(**said)))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "said", [{"exp": SECOND + 300}, {"exp": SECOND + 330, "iat": None}, {"exp": SECOND - 29}]
)
def test_clocks_may_be_half_a_minute_apart(said) -> None:
    assert read(signed(claims(**said)))


def test_a_claim_that_stands_twice_is_refused() -> None:
    text = json.dumps(claims()).replace('"iss"', '"iss": "scanner-2", "iss"').encode()
    with pytest.raises(SealError, match="twice"):
        read(written({"alg": "Ed25519", "kid": "any"}, text, ed25519("scanner-1")))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "algorithm"),
        ({"alg": "HS256"}, "algorithm"),
        ({"alg": "EdDSA"}, "algorithm"),
        ({"alg": "RS256"}, "algorithm"),
        ({"alg": "ES256"}, "algorithm"),
        ({"typ": "at+jwt"}, "type"),
        ({"kid": "another"}, "other-key"),
        ({"jku": "https://evil.example/keys"}, "header-key"),
        ({"x5u": "https://evil.example/cert"}, "header-key"),
        ({"jwk": {"kty": "OKP"}}, "header-key"),
        ({"crit": ["exp"]}, "header"),
        ({"b64": False}, "header"),
    ],
)
def test_a_header_chooses_neither_key_nor_algorithm(header, code) -> None:
    with pytest.raises(SealError) as refused:
        read(signed(claims(), **header))
    assert refused.value.code == code


def test_a_public_key_is_no_shared_secret() -> None:
    public = ed25519("scanner-1").public_key()
    kid = jwk.thumbprint(public)
    head = f"{b64(json.dumps({'alg': 'HS256', 'kid': kid}).encode())}.{b64(json.dumps(claims()).encode())}"
    token = f"{head}.{b64(hmac.digest(public.public_bytes_raw(), head.encode(), 'sha256'))}"
    with pytest.raises(SealError, match="algorithm"):
        read(token)


def test_without_a_signature_it_is_nothing() -> None:
    whole = signed(claims())
    for token in (whole.rpartition(".")[0] + ".", whole.rpartition(".")[0], "..", "", "a.b.c"):
        with pytest.raises(SealError):
            read(token)


def test_the_key_of_another_client_does_not_serve() -> None:
    other = ed25519("scanner-2")
    with pytest.raises(SealError, match="other-key"):
        read(assertion(key=other))
    kid = jwk.thumbprint(ed25519("scanner-1").public_key())
    with pytest.raises(SealError, match="forged"):
        read(written({"alg": "Ed25519", "kid": kid}, claims(), other))


def test_a_key_that_no_longer_holds_or_a_revoked_client_does_not_serve() -> None:
    late = NOW + timedelta(days=30)
    with pytest.raises(SealError, match="other-key"):
        read(assertion(now=late), now=late)
    with pytest.raises(SealError, match="other-key"):
        read(assertion(), revoked=True)


def test_one_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(SealError, match="too-large"):
        client_assertion.claimed("a." * 3000)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_letter_changed_is_refused(data) -> None:
    token = signed(claims(jti="fixed"))
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=300))
    if token[at] != letter:
        with pytest.raises(ExchangeError):
            read(token[:at] + letter + token[at + 1 :])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_refused_with_our_own_error(text) -> None:
    with pytest.raises(ExchangeError):
        client_assertion.claimed(text)
