"""Encryption for long-lived data: both halves of the key are needed, and everything in clear is bound."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import EncryptionError
from pratique.exchange import base64url, hpke
from tests.exchange.test_disclosure import chance
from tests.support.keys import seed

LABEL = bytes.fromhex("5c2e2f2f5e5c")


def key(name: str) -> hpke.HybridKey:
    return hpke.read_private(seed(f"{name} d") + seed(f"{name} z") + seed(name))


POST, CUSTOMS = key("post"), key("customs")
PUBLIC = {"post": hpke.public_bytes(POST), "customs": hpke.public_bytes(CUSTOMS)}
CONTENT = "consignee: žluťoučký 𝄞".encode()
HOW: dict[str, Any] = {"type": "envelope", "context": b"header"}
TEXT = hpke.encrypt(CONTENT, PUBLIC, randomness=chance(), **HOW)


@pytest.mark.parametrize(("kid", "own"), [("post", POST), ("customs", CUSTOMS)])
def test_every_recipient_opens_the_one_ciphertext(kid: str, own: hpke.HybridKey) -> None:
    assert hpke.decrypt(TEXT, kid, own, **HOW) == CONTENT


def test_a_wrapped_key_is_1168_bytes() -> None:
    for each in json.loads(TEXT)["recipients"]:
        assert len(base64url.decode(each["key"], "key")) == 1120 + 32 + 16


def test_either_half_of_the_key_alone_opens_nothing() -> None:
    for half in (
        hpke.HybridKey(POST.mlkem, CUSTOMS.x25519),
        hpke.HybridKey(CUSTOMS.mlkem, POST.x25519),
    ):
        with pytest.raises(EncryptionError, match="closed"):
            hpke.decrypt(TEXT, "post", half, **HOW)


def test_the_hybrid_is_the_published_combination() -> None:
    """A second reading of the key encapsulation, from its parts: SHA3-256 over both secrets, the X25519 keys and a label.

    draft-connolly-cfrg-xwing-kem; then HPKE's base mode of RFC 9180, 5.1, from HKDF alone.
    """
    message = json.loads(TEXT)
    wrapped = base64url.decode(message["recipients"][0]["key"], "key")
    sent_mlkem, sent_x, sealed = wrapped[:1088], wrapped[1088:1120], wrapped[1120:]
    own_x = POST.x25519.public_key().public_bytes_raw()
    shared_x = POST.x25519.exchange(X25519PublicKey.from_public_bytes(sent_x))
    shared = hashlib.sha3_256(
        POST.mlkem.decapsulate(sent_mlkem) + shared_x + sent_x + own_x + LABEL
    ).digest()

    def extract(salt: bytes, label: bytes, ikm: bytes) -> bytes:
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")

    def expand(prk: bytes, label: bytes, info: bytes, size: int) -> bytes:
        labelled = size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
        return hmac.digest(prk, labelled + b"\x01", "sha256")[:size]

    suite = b"HPKE" + bytes.fromhex("647a00010002")
    head = json.dumps(
        {"context": message["context"], "profile": hpke.PROFILE, "recipients": ["post", "customs"],
         "type": "envelope"}, separators=(",", ":"),
    ).encode()  # fmt: skip
    info = b"pratique content key\0post\0" + head
    schedule = b"\0" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared, b"secret", b"")
    content_key = AESGCM(expand(secret, b"key", schedule, 32)).decrypt(
        expand(secret, b"base_nonce", schedule, 12), sealed, b""
    )
    iv = base64url.decode(message["iv"], "iv")
    sealed_content = base64url.decode(message["ciphertext"], "ciphertext")
    assert AESGCM(content_key).decrypt(iv, sealed_content, head) == CONTENT


def changed(**parts: Any) -> str:
    message = {**json.loads(TEXT), **parts}
    return json.dumps({name: value for name, value in message.items() if value is not None})


FIRST, SECOND = json.loads(TEXT)["recipients"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (changed(profile="HPKE-X25519"), "algorithm"),
        (changed(profile=None), "algorithm"),
        (changed(type="receipt"), "context"),
        (changed(context="AAAA"), "context"),
        (changed(context=None), "shape"),
        (changed(more=1), "shape"),
        (changed(recipients=[]), "recipients"),
        (changed(recipients=[FIRST] * 65), "recipients"),
        (changed(recipients=[SECOND]), "not-for-us"),
        (changed(recipients=[FIRST, FIRST]), "not-for-us"),
        (changed(recipients=[FIRST]), "closed"),
        (changed(recipients=[FIRST, {**SECOND, "kid": "other"}]), "closed"),
        (changed(recipients=[FIRST, SECOND, {**SECOND, "kid": "spy"}]), "closed"),
        (changed(recipients=[SECOND, FIRST]), "closed"),
        (changed(recipients=[{**FIRST, "key": SECOND["key"]}, SECOND]), "closed"),
        (changed(recipients=[{**FIRST, "key": "AAAA"}, SECOND]), "shape"),
        (changed(iv=base64url.encode(bytes(12))), "closed"),
        (changed(iv=base64url.encode(bytes(13))), "shape"),
        (changed(ciphertext=""), "closed"),
        (changed(ciphertext="A"), "base64url"),
        (changed(ciphertext=[1]), "shape"),
        ("[]", "json"),
        (TEXT[:-1], "json"),
    ],
)
def test_what_cheats_is_refused_by_one_typed_error(text: str, code: str) -> None:
    with pytest.raises(EncryptionError) as refused:
        hpke.decrypt(text, "post", POST, **HOW)
    assert refused.value.code == code


def test_what_must_not_be_made_is_not_made() -> None:
    for recipients in (
        {},
        {"": PUBLIC["post"]},
        {"a": b"short"},
        {"a": bytes([255]) * hpke.PUBLIC_BYTES},
    ):
        with pytest.raises(EncryptionError):
            hpke.encrypt(CONTENT, recipients, randomness=chance(), **HOW)
    with pytest.raises(EncryptionError, match="too-large"):
        hpke.encrypt(bytes(hpke.MAX_PLAINTEXT + 1), PUBLIC, randomness=chance(), **HOW)
    with pytest.raises(EncryptionError, match="96"):
        hpke.read_private(bytes(32))


def test_a_private_key_is_never_printed() -> None:
    own = hpke.HybridKey(MLKEM768PrivateKey.from_seed_bytes(bytes(64)), X25519PrivateKey.generate())
    assert repr(own) == str(own) == "HybridKey(…)"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_letter_replaced_of_what_is_ours_is_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(TEXT) - 1))
    letter = data.draw(st.sampled_from('ABab09-_"{},:=\n é'))
    mutated = TEXT[:at] + letter + TEXT[at + 1 :]
    if mutated == TEXT or SECOND["key"] not in mutated:
        return
    with pytest.raises(EncryptionError):
        hpke.decrypt(mutated, "post", POST, **HOW)
