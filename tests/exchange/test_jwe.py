"""Encryption for several recipients: a second reading both ways, and every way of cheating known here."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import EncryptionError
from pratique.exchange import jwe
from tests.support import jose
from tests.support.keys import p256, seed, x25519

POST, CUSTOMS, CARRIER = x25519("post"), p256("customs"), x25519("carrier")
RECIPIENTS = {
    "post": POST.public_key(), "customs": CUSTOMS.public_key(), "carrier": CARRIER.public_key(),
}  # fmt: skip
CONTENT = "advance electronic data, žluťoučký 𝄞".encode()
TYPE, CONTEXT = "envelope+jwe", b'{"id":"1"}'
TEXT = jwe.encrypt(CONTENT, RECIPIENTS, type=TYPE, context=CONTEXT)


def opened(text: str, kid: str = "post", key: Any = POST, **how: Any) -> bytes:
    return jwe.decrypt(text, kid, key, **{"type": TYPE, "context": CONTEXT, **how})


@pytest.mark.parametrize(
    ("kid", "key"), [("post", POST), ("customs", CUSTOMS), ("carrier", CARRIER)]
)
def test_every_recipient_opens_the_one_ciphertext(kid: str, key: Any) -> None:
    assert opened(TEXT, kid, key) == CONTENT
    message = json.loads(TEXT)
    assert len(message["recipients"]) == 3
    assert isinstance(message["ciphertext"], str)


def test_a_second_reading_opens_what_we_encrypt() -> None:
    assert jose.decrypt(json.loads(TEXT), "carrier", CARRIER) == CONTENT


def by_hand(protected: dict[str, Any] | None = None, context: bytes = CONTEXT) -> dict[str, Any]:
    """A message from the second reading, every number fixed."""
    own = x25519("ephemeral")
    shared = {"post": (jose.epk(own.public_key()), own.exchange(POST.public_key()))}
    return jose.encrypt(
        CONTENT, shared, content_key=seed("content"), iv=seed("iv")[:12],
        protected=protected or {"enc": "A256GCM", "typ": TYPE}, context=context,
    )  # fmt: skip


def test_we_open_what_a_second_writing_encrypts() -> None:
    assert opened(json.dumps(by_hand())) == CONTENT
    assert opened(json.dumps(by_hand(context=b"")), context=b"") == CONTENT


def test_no_one_else_opens_it_and_the_error_says_no_more() -> None:
    for kid, key, code in (
        ("post", CARRIER, "closed"),
        ("carrier", POST, "closed"),
        ("stranger", POST, "not-for-us"),
        ("customs", POST, "key"),
        ("post", CUSTOMS, "key"),
    ):
        with pytest.raises(EncryptionError) as refused:
            opened(TEXT, kid, key)
        assert refused.value.code == code


def changed(**parts: Any) -> str:
    message = {**json.loads(TEXT), **parts}
    return json.dumps({name: value for name, value in message.items() if value is not None})


def with_header(**parts: Any) -> str:
    """The first recipient's header changed; ``None`` takes a member away."""
    message = json.loads(TEXT)
    header = {**message["recipients"][0]["header"], **parts}
    message["recipients"][0]["header"] = {k: v for k, v in header.items() if v is not None}
    return json.dumps(message)


def with_protected(header: Any, blanks: bool = False) -> str:
    """Another protected header, everything else right for it."""
    message = by_hand(header)
    if blanks:
        message["protected"] = jose.b64(json.dumps(header).encode())
    return json.dumps(message)


FIRST = json.loads(TEXT)["recipients"][0]
EPK = FIRST["header"]["epk"]
LOW_ORDER = jose.b64(bytes(32))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (with_protected({"enc": "A256GCM", "typ": TYPE, "zip": "DEF"}), "compressed"),
        (with_header(zip="DEF"), "compressed"),
        (with_protected({"enc": "A128GCM", "typ": TYPE}), "algorithm"),
        (with_protected({"enc": "A256CBC-HS512", "typ": TYPE}), "algorithm"),
        (with_protected({"typ": TYPE}), "algorithm"),
        (with_protected({"enc": "A256GCM", "typ": "receipt"}), "type"),
        (with_protected({"enc": "A256GCM"}), "type"),
        (with_protected({"enc": "A256GCM", "typ": TYPE, "crit": ["exp"]}), "header"),
        (with_protected({"enc": "A256GCM", "typ": TYPE, "jku": "https://evil.example"}), "header"),
        (with_protected({"enc": "A256GCM", "typ": TYPE}, blanks=True), "header-form"),
        (with_protected({"enc": "A256GCM", "typ": 1}), "header"),
        (with_protected({"enc": "A256GCM", "typ": TYPE, "alg": "ECDH-ES+A256KW"}), "shape"),
        (with_header(alg="ECDH-ES"), "algorithm"),
        (with_header(alg="ECDH-ES+A128KW"), "algorithm"),
        (with_header(alg="dir"), "algorithm"),
        (with_header(alg="RSA1_5"), "algorithm"),
        (with_header(alg="none"), "algorithm"),
        (with_header(alg=None), "algorithm"),
        (with_header(kid=None), "not-for-us"),
        (with_header(kid="customs"), "not-for-us"),
        (with_header(jwk=EPK), "header"),
        (with_header(jku="https://evil.example"), "header"),
        (with_header(apu="QQ"), "header"),
        (with_header(epk=None), "shape"),
        (with_header(epk="x"), "shape"),
        (with_header(epk={**EPK, "d": "AA"}), "shape"),
        (with_header(epk={**EPK, "crv": "X448"}), "key"),
        (with_header(epk={**EPK, "crv": "Ed25519"}), "key"),
        (with_header(epk={**EPK, "x": LOW_ORDER}), "closed"),
        (with_header(epk={**EPK, "x": EPK["x"] + "="}), "key"),
        (changed(recipients=[]), "recipients"),
        (changed(recipients="x"), "recipients"),
        (changed(recipients=[FIRST, FIRST]), "not-for-us"),
        (changed(recipients=[FIRST] * 65), "recipients"),
        (changed(recipients=[{**FIRST, "more": 1}]), "shape"),
        (changed(recipients=["x"]), "shape"),
        (changed(recipients=[{"header": FIRST["header"]}]), "shape"),
        (changed(recipients=[{**FIRST, "encrypted_key": jose.b64(bytes(32))}]), "shape"),
        (changed(recipients=[{**FIRST, "encrypted_key": jose.b64(bytes(40))}]), "closed"),
        (changed(unprotected={"alg": "ECDH-ES+A256KW"}), "shape"),
        (changed(header=FIRST["header"], encrypted_key=FIRST["encrypted_key"]), "shape"),
        (changed(recipients=None, **FIRST), "shape"),
        (changed(aad=None), "context"),
        (changed(aad=jose.b64(b"other")), "context"),
        (changed(tag=jose.b64(bytes(16))), "closed"),
        (changed(tag=jose.b64(bytes(12))), "shape"),
        (changed(tag=json.loads(TEXT)["tag"] + "=="), "base64url"),
        (changed(iv=jose.b64(bytes(12))), "closed"),
        (changed(iv=jose.b64(bytes(16))), "shape"),
        (changed(iv=""), "shape"),
        (changed(iv=None), "shape"),
        (changed(ciphertext=""), "closed"),
        (changed(ciphertext="AAA A"), "base64url"),
        (changed(ciphertext=1), "shape"),
        (changed(protected=""), "shape"),
        (TEXT.replace('"iv"', '"iv":"AAAA","iv"', 1), "json"),
        (TEXT[:-1], "json"),
        ("[]", "json"),
        ("", "json"),
        ("a.b.c.d.e", "json"),
    ],
)
def test_what_cheats_is_refused_by_one_typed_error(text: str, code: str) -> None:
    with pytest.raises(EncryptionError) as refused:
        opened(text)
    assert refused.value.code == code


def test_what_must_not_be_made_is_not_made() -> None:
    for recipients in (
        {},
        {"": POST.public_key()},
        {str(each): POST.public_key() for each in range(65)},
    ):
        with pytest.raises(EncryptionError):
            jwe.encrypt(CONTENT, recipients)
    for content, context in (
        (bytes(jwe.MAX_PLAINTEXT + 1), b""),
        (b"", bytes(jwe.MAX_CONTEXT + 1)),
    ):
        with pytest.raises(EncryptionError, match="too-large"):
            jwe.encrypt(content, RECIPIENTS, context=context)
    for odd in ("a" * 20_000, "\ud800"):
        with pytest.raises(EncryptionError):
            jwe.encrypt(CONTENT, {odd: POST.public_key()})
        with pytest.raises(EncryptionError):
            jwe.encrypt(CONTENT, RECIPIENTS, type=odd)
    with pytest.raises(EncryptionError, match="P-256"):
        jwe.encrypt(CONTENT, {"a": ec.generate_private_key(ec.SECP384R1()).public_key()})


def test_nothing_at_all_goes_through() -> None:
    assert jwe.decrypt(jwe.encrypt(b"", {"a": POST.public_key()}), "a", POST) == b""


def test_the_largest_content_goes_through() -> None:
    content = bytes(jwe.MAX_PLAINTEXT)
    assert jwe.decrypt(jwe.encrypt(content, {"a": POST.public_key()}), "a", POST) == content


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_letter_replaced_is_refused_or_no_part_of_what_is_ours(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TEXT) - 1))
    letter = data.draw(st.sampled_from('ABab09-_"{},:=\n é'))
    mutated = TEXT[:at] + letter + TEXT[at + 1 :]
    try:
        found = opened(mutated)
    except EncryptionError:
        return
    assert found == CONTENT
    ours, theirs = json.loads(TEXT), json.loads(mutated)
    ours["recipients"], theirs["recipients"] = ours["recipients"][:1], theirs["recipients"][:1]
    assert ours == theirs  # another recipient's entry, which the signature inside does not need


MEMBERS = [
    "protected",
    "recipients",
    "iv",
    "ciphertext",
    "tag",
    "aad",
    "header",
    "epk",
    "encrypted_key",
]


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner)
        ),
    )
)
def test_any_json_is_refused_by_our_error_alone(value: Any) -> None:
    with pytest.raises(EncryptionError):
        opened(json.dumps(value))
