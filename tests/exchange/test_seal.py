"""Signatures: the published examples, and every way of cheating that is known here."""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import seal
from pratique.exchange.canonical import canonical

# RFC 8032, 7.1, test 1; the same key is that of RFC 8037, appendix A, whose A.3 has its thumbprint.
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
KEY = Ed25519PrivateKey.from_private_bytes(SECRET)
PUBLIC = KEY.public_key()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
KIND = "test/1"
CONTENT = {"amount": "12.50", "lines": [1, 2], "what": "žluťoučký 𝄞"}


def test_a_key_is_named_by_its_published_thumbprint() -> None:
    assert seal.key_id(PUBLIC) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_what_is_sealed_is_unsealed() -> None:
    document = seal.seal(CONTENT, KIND, KEY)
    assert seal.unseal(document, KIND, PUBLIC) == CONTENT
    assert document["seal"]["alg"] == "Ed25519"
    assert seal.seal(CONTENT, KIND, KEY) == document  # Ed25519 needs no chance


def test_the_order_of_keys_and_blanks_change_nothing() -> None:
    document = seal.seal(CONTENT, KIND, KEY)
    turned = {name: dict(reversed(part.items())) for name, part in reversed(document.items())}
    assert seal.unseal(json.loads(json.dumps(turned, indent=7)), KIND, PUBLIC) == CONTENT


def test_another_program_verifies_the_same_bytes(tmp_path: Path) -> None:
    document = seal.seal(CONTENT, KIND, KEY)
    signature = document["seal"].pop("signature")
    (tmp_path / "public.pem").write_bytes(seal.public_pem(PUBLIC))
    (tmp_path / "signed").write_bytes(canonical(document))
    (tmp_path / "signature").write_bytes(base64.urlsafe_b64decode(signature + "=="))
    told = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-in", "signed",
         "-sigfile", "signature"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Signature Verified Successfully" in told.stdout, told.stderr


def changed(**parts: object) -> dict[str, object]:
    document = seal.seal(CONTENT, KIND, KEY)
    document["seal"].update(parts)
    return document


SIGNATURE = seal.seal(CONTENT, KIND, KEY)["seal"]["signature"]
SPARE = SIGNATURE[:-1] + chr(ord(SIGNATURE[-1]) + 1)
"""The same 64 bytes, with a bit set that stands for nothing."""


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (None, "shape"),
        ([], "shape"),
        ({}, "shape"),
        ({"content": CONTENT}, "shape"),
        ({**seal.seal(CONTENT, KIND, KEY), "more": 1}, "shape"),
        (changed(jku="https://keys.example"), "shape"),
        (changed(signature=1), "shape"),
        (changed(alg="none"), "algorithm"),
        (changed(alg="HS256"), "algorithm"),
        (changed(alg="EdDSA"), "algorithm"),
        (changed(type="other/1"), "type"),
        (changed(key_id=seal.key_id(OTHER.public_key())), "other-key"),
        (seal.seal(CONTENT, KIND, OTHER), "other-key"),
        (changed(signature=""), "signature"),
        (changed(signature=SIGNATURE + "=="), "signature"),
        (changed(signature=SIGNATURE[:-2]), "signature"),
        (changed(signature=" " + SIGNATURE), "signature"),
        (changed(signature=SPARE), "signature"),
        (changed(signature="é" * 86), "signature"),
        (changed(signature="A" * 86), "forged"),
        ({**seal.seal(CONTENT, KIND, KEY), "content": {**CONTENT, "amount": "12.5"}}, "forged"),
        ({**seal.seal(CONTENT, KIND, KEY), "content": {**CONTENT, "lines": [2, 1]}}, "forged"),
        ({**seal.seal(CONTENT, KIND, KEY), "content": {**CONTENT, "lines": ["1", 2]}}, "forged"),
        ({**seal.seal(CONTENT, KIND, KEY), "content": {**CONTENT, "amount": 12.5}}, "no-canonical-form"),
    ],
)  # fmt: skip
def test_what_was_altered_is_refused_by_one_typed_error(document: object, code: str) -> None:
    with pytest.raises(SealError) as refused:
        seal.unseal(document, KIND, PUBLIC)
    assert refused.value.code == code


def test_a_document_of_one_type_never_passes_for_another() -> None:
    with pytest.raises(SealError, match="type"):
        seal.unseal(seal.seal(CONTENT, "other/1", KEY), KIND, PUBLIC)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"-----BEGIN PUBLIC KEY-----\n", b"\xff" * 100, b"x" * 100_000,
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        seal.private_pem(KEY),
    ],
)  # fmt: skip
def test_a_file_that_is_no_public_key_is_refused(data: bytes) -> None:
    with pytest.raises(SealError, match="key"):
        seal.read_public(data, "public.pem")


@pytest.mark.parametrize("data", [b"", seal.public_pem(PUBLIC), seal.private_pem(KEY)[:-40]])
def test_a_file_that_is_no_private_key_is_refused(data: bytes) -> None:
    with pytest.raises(SealError, match="keys new"):
        seal.read_private(data, "private.pem")


def test_keys_are_read_back_as_written() -> None:
    key = seal.new_key()
    again = seal.read_private(seal.private_pem(key), "private.pem")
    public = seal.read_public(seal.public_pem(again.public_key()), "public.pem")
    assert seal.unseal(seal.seal(CONTENT, KIND, key), KIND, public) == CONTENT


@settings(max_examples=200)
@given(st.integers(0), st.binary(min_size=1, max_size=1))
def test_no_byte_of_a_document_can_be_changed_unseen(at: int, byte: bytes) -> None:
    written = canonical(seal.seal(CONTENT, KIND, KEY))
    at %= len(written)
    other = written[:at] + byte + written[at + 1 :]
    try:
        document = json.loads(other)
    except ValueError:
        return
    if document == json.loads(written):
        return
    with pytest.raises(SealError):
        seal.unseal(document, KIND, PUBLIC)
