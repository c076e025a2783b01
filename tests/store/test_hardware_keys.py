"""A key that stays in a token signs like any other, and cannot be taken out. Against SoftHSM."""

import copy
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from pratique.errors import StoreError
from pratique.exchange import jwk, jws, note, seal
from pratique.store.hardware_keys import Token, TokenKey
from tests.support.softhsm import LABEL, PIN


@pytest.fixture
def token(token_module: str) -> Iterator[Token]:
    opened = Token(token_module, LABEL, PIN)
    yield opened
    for label in ("one", "two"):
        opened.destroy(label)
    opened.close()


@pytest.fixture
def key(token: Token) -> TokenKey:
    return token.new("one")


def test_it_signs_what_its_public_key_verifies(key: TokenKey) -> None:
    for message in (b"", b"one", bytes(5000)):
        key.public_key().verify(key.sign(message), message)
    with pytest.raises(InvalidSignature):
        key.public_key().verify(key.sign(b"one"), b"other")


def test_it_seals_signs_tokens_and_notes_unchanged(key: TokenKey) -> None:
    public = key.public_key()
    name = jwk.thumbprint(public)
    token = jws.sign(b"some bytes", key, kid=name, type="test")
    assert jws.verify(token, {name: public}, type="test").payload == b"some bytes"
    assert seal.unseal(seal.seal({"a": "b"}, "test/1", key), "test/1", public) == {"a": "b"}
    for kind in (note.LOG, note.COSIGNER):
        signer = note.Signer("node/log", kind, key)
        line = signer.sign("text\n", datetime(2026, 7, 1, tzinfo=UTC))
        assert note.verify(note.Note("text\n", (line,)), [signer.verifier])


def test_it_is_found_again_by_its_label(token: Token, key: TokenKey) -> None:
    again = token.key("one")
    assert again.public_key().public_bytes_raw() == key.public_key().public_bytes_raw()
    again.public_key().verify(again.sign(b"x"), b"x")


def test_it_cannot_be_taken_out(key: TokenKey) -> None:
    with pytest.raises(StoreError, match="stays in its token"):
        seal.private_pem(key)
    with pytest.raises(StoreError, match="stays in its token"):
        key.private_bytes_raw()
    with pytest.raises(StoreError, match="stays in its token"):
        key.private_bytes(
            serialization.Encoding.Raw,
            serialization.PrivateFormat.Raw,
            serialization.NoEncryption(),
        )
    assert copy.copy(key) is key
    assert copy.deepcopy(key) is key
    assert repr(key) == "TokenKey(…)"


def test_a_label_is_used_once(token: Token, key: TokenKey) -> None:
    with pytest.raises(StoreError, match="already"):
        token.new("one")


def test_a_destroyed_key_is_gone(token: Token, key: TokenKey) -> None:
    token.destroy("one")
    with pytest.raises(StoreError, match="0 keys 'one'"):
        token.key("one")
    with pytest.raises(StoreError, match="does not sign"):
        key.sign(b"x")


def test_what_is_wrong_with_a_token_is_said(token_module: str) -> None:
    """In a process of its own: one that is logged in already is not asked for the PIN again."""
    for module, label, pin in (
        (token_module, LABEL, "0000"),
        (token_module, "no such token", PIN),
        ("/nowhere/module.so", LABEL, PIN),
    ):
        script = (
            f"from pratique.store.hardware_keys import Token; Token({module!r}, {label!r}, {pin!r})"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
        assert "StoreError: Cannot open the token" in done.stderr
        assert pin not in done.stderr.splitlines()[-1]


def test_a_token_may_be_opened_twice(token: Token, token_module: str, key: TokenKey) -> None:
    again = Token(token_module, LABEL, PIN)
    key.public_key().verify(again.key("one").sign(b"x"), b"x")
    again.close()
    key.public_key().verify(key.sign(b"x"), b"x")


def test_several_threads_may_ask(key: TokenKey) -> None:
    failed: list[Exception] = []

    def sign() -> None:
        try:
            for number in range(25):
                message = b"%d" % number
                key.public_key().verify(key.sign(message), message)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=sign) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed
