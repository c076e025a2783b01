"""HTTP signatures: the published example, who is let in, and everything that is not."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import ExchangeError
from pratique.exchange import http_signature
from pratique.exchange.http_message import (
    Request,
    Response,
    content_digest,
    signature_base,
)
from pratique.exchange.http_signature import (
    Nonces,
    sign_request,
    sign_response,
    verify_request,
    verify_response,
)
from pratique.exchange.jwk import SigningKey, thumbprint
from pratique.exchange.partners import Partner, Partners, public_key
from tests.support.keys import ed25519, p256

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POST_AA, CUSTOMS_BB, OLD = ed25519("http post-aa"), p256("http customs-bb"), ed25519("http old")


def partner(id: str, key: SigningKey, until: datetime = NOW + DAY) -> Partner:
    held = public_key(key.public_key(), "sig", NOW - 30 * DAY, until)
    return Partner(id=id, name=id, place="aa", role="post_of_origin", keys=(held,))


PARTNERS = Partners(
    (partner("post-aa", POST_AA), partner("customs-bb", CUSTOMS_BB), partner("old", OLD, NOW - DAY))
)
ASKED = Request(
    method="POST",
    authority="node.bb.example:8443",
    path="/node/v1/messages",
    query="after=7",
    fields=(("content-type", "application/pratique-envelope"),),
    body=b"two\nlines",
)


def signed(key: SigningKey = POST_AA, request: Request = ASKED, at: datetime = NOW) -> Request:
    return sign_request(request, key, now=at, randomness=lambda size: b"\x07" * size)


def code_of(request: Request, now: datetime = NOW) -> str:
    with pytest.raises(ExchangeError) as caught:
        verify_request(request, PARTNERS, now=now, is_new=Nonces())
    return caught.value.code


def test_the_example_of_the_standard_for_ed25519_holds() -> None:
    # RFC 9421, B.1.4 and B.2.6
    pem = b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF\n-----END PRIVATE KEY-----\n"
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, Ed25519PrivateKey)
    request = Request(
        method="POST",
        authority="example.com",
        path="/foo",
        query="param=Value&Pet=dog",
        fields=(
            ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
            ("content-type", "application/json"),
            ("content-length", "18"),
        ),
        body=b'{"hello": "world"}',
    )
    names = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    base = signature_base(
        request,
        [(name, {}) for name in names],
        {"created": 1618884473, "keyid": "test-key-ed25519"},
    )
    assert base.decode() == (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n'
        '"content-type": application/json\n"content-length": 18\n'
        '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    assert base64.b64encode(key.sign(base)).decode() == (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )


def test_the_digest_is_that_of_the_standard() -> None:
    # RFC 9530, appendix D
    body = b'{"hello": "world"}\n'
    assert content_digest(body) == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


@pytest.mark.parametrize(("key", "party"), [(POST_AA, "post-aa"), (CUSTOMS_BB, "customs-bb")])
def test_a_signed_request_tells_its_partner(key: SigningKey, party: str) -> None:
    asker = verify_request(signed(key), PARTNERS, now=NOW, is_new=Nonces())
    assert (asker.party, asker.kid) == (party, thumbprint(key.public_key()))


def test_the_same_request_again_is_a_replay_and_another_is_not() -> None:
    seen = Nonces()
    verify_request(signed(), PARTNERS, now=NOW, is_new=seen)
    with pytest.raises(ExchangeError, match="replayed"):
        verify_request(signed(), PARTNERS, now=NOW + timedelta(minutes=6), is_new=seen)
    other = sign_request(ASKED, POST_AA, now=NOW, randomness=lambda size: b"\x08" * size)
    verify_request(other, PARTNERS, now=NOW, is_new=seen)


def test_no_more_nonces_than_there_is_room_for_and_old_ones_make_room() -> None:
    seen = Nonces(most=2)
    for mark in (b"1", b"2"):
        request = sign_request(ASKED, POST_AA, now=NOW, randomness=lambda size, m=mark: m * size)
        verify_request(request, PARTNERS, now=NOW, is_new=seen)
    with pytest.raises(ExchangeError, match="busy"):
        verify_request(signed(), PARTNERS, now=NOW, is_new=seen)
    later = NOW + timedelta(hours=1)
    verify_request(signed(at=later), PARTNERS, now=later, is_new=seen)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": b"three\nlines"}, "content-digest"),
        ({"method": "PUT"}, "forged"),
        ({"authority": "node.cc.example:8443"}, "forged"),
        ({"path": "/node/v1/receipts"}, "forged"),
        ({"query": "after=8"}, "forged"),
        ({"fields": ()}, "unsigned"),
    ],
)
def test_what_was_signed_cannot_be_changed(change: dict[str, Any], code: str) -> None:
    assert code_of(msgspec.structs.replace(signed(), **change)) == code


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("content-type", "envelope", "envelopes", "forged"),
        ("signature-input", ' "@query"', "", "not-covered"),
        ("signature-input", ' "content-digest"', "", "not-covered"),
        ("signature-input", ' "content-type"', "", "not-covered"),
        ("signature-input", '"@query"', '"@query" "@query"', "http-signature"),
        ("signature-input", '"@query"', '"@query" "@target-uri"', "not-covered"),
        ("signature-input", '"@query"', '"@query" "content-type";bs', "http-signature"),
        ("signature-input", 'tag="pratique"', 'tag="other"', "http-signature"),
        ("signature-input", ';tag="pratique"', "", "http-signature"),
        ("signature-input", 'tag="pratique"', 'tag="pratique";more=1', "http-signature"),
        ("signature-input", 'alg="ed25519"', 'alg="hmac-sha256"', "algorithm"),
        ("signature-input", "created=1", "created=1.5;x=1", "http-signature"),
        ("signature-input", "pratique=(", "pratique=((", "http-field"),
        ("signature-input", "pratique=(", "other=(", "unsigned"),
        ("signature", "pratique=", "pratique=:AAAA:, pratique=", "http-field"),
        ("signature", "pratique=:", "pratique=:AAAA", "forged"),
    ],
)  # fmt: skip
def test_a_changed_field_is_refused(name: str, old: str, new: str, code: str) -> None:
    request = signed()
    assert old in dict(request.fields)[name]
    fields = tuple(
        (each, value.replace(old, new, 1) if each == name else value)
        for each, value in request.fields
    )
    assert code_of(msgspec.structs.replace(request, fields=fields)) == code


def test_strangers_keys_out_of_force_and_wrong_clocks_are_refused() -> None:
    assert code_of(signed(ed25519("stranger"))) == "unknown-key"
    assert code_of(signed(OLD)) == "key-not-in-force"
    assert code_of(signed(), NOW - timedelta(minutes=6)) == "created"
    assert code_of(signed(), NOW + timedelta(minutes=8)) == "expired"


def test_a_request_that_lasts_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_signature, "LASTS", timedelta(hours=1))
    assert code_of(signed()) == "created"


def test_an_answer_is_bound_to_its_request_and_to_the_partner_asked() -> None:
    request = signed()
    kind = (("content-type", "application/json"),)
    answer = sign_response(
        Response(status=202, fields=kind, body=b"{}"), request, CUSTOMS_BB, now=NOW
    )
    keys = PARTNERS.signing("customs-bb", NOW)
    assert verify_response(answer, request, keys, now=NOW) == thumbprint(CUSTOMS_BB.public_key())
    other = sign_request(ASKED, POST_AA, now=NOW, randomness=lambda size: b"\x09" * size)
    for asked, told, known, code in (
        (other, answer, keys, "forged"),
        (request, msgspec.structs.replace(answer, status=200), keys, "forged"),
        (request, msgspec.structs.replace(answer, body=b"[]"), keys, "content-digest"),
        (request, answer, PARTNERS.signing("post-aa", NOW), "other-key"),
        (request, Response(status=202, fields=kind, body=b"{}"), keys, "unsigned"),
    ):
        with pytest.raises(ExchangeError) as caught:
            verify_response(told, asked, known, now=NOW)
        assert caught.value.code == code


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["signature-input", "signature", "content-digest"]), st.text(max_size=80))
def test_any_other_field_gives_a_typed_error(name: str, value: str) -> None:
    fields = tuple((each, value if each == name else old) for each, old in signed().fields)
    with pytest.raises(ExchangeError):
        verify_request(
            msgspec.structs.replace(signed(), fields=fields), PARTNERS, now=NOW, is_new=Nonces()
        )


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_changed_letter_is_refused(data: st.DataObject) -> None:
    request = signed()
    name = data.draw(st.sampled_from(["signature-input", "signature", "content-digest"]))
    text = dict(request.fields)[name]
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    changed = text[:at] + letter + text[at + 1 :]
    if changed == text:
        return
    fields = tuple((each, changed if each == name else value) for each, value in request.fields)
    with pytest.raises(ExchangeError):
        verify_request(
            msgspec.structs.replace(request, fields=fields), PARTNERS, now=NOW, is_new=Nonces()
        )
