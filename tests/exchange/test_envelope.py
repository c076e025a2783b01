"""An envelope: what its recipients get, and everything that is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import EncryptionError, ExchangeError, SealError
from pratique.exchange import base64url, envelope, jwe, jws
from pratique.exchange.canonical import canonical
from pratique.exchange.envelope import Addressee, Content, Header
from pratique.model.agreement import Lane

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SENDER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
OPENERS = {
    name: X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n, name in enumerate("abc", 1)
}
RECIPIENTS = {name: key.public_key() for name, key in OPENERS.items()}
CONTENT = Content(presented="x.y.z~", supplement="")


def randomness(size: int) -> bytes:
    return bytes(range(size))


def header(**changed: Any) -> Header:
    made = Header(
        id=envelope.new_id(NOW, randomness),
        from_="post-aa",
        to=(Addressee(party="customs-qn", sequence=1),),
        type="declaration",
        agreement="DSA-7/1",
        purpose="clearance",
        consignment="EX123456785AA",
        lane=Lane(from_="AA", to="QN", channel="post"),
        created=NOW,
        not_after=NOW + timedelta(days=3),
    )
    return msgspec.structs.replace(made, **changed)


def sealed(content: Content = CONTENT, **changed: Any) -> bytes:
    return envelope.seal(
        header(**changed), content, SENDER, kid="k", recipients=RECIPIENTS, randomness=randomness
    )


def verified(data: bytes, now: datetime = NOW) -> Header:
    return envelope.verify(envelope.read(data), SENDER.public_key(), now=now)


def resigned(data: bytes, **members: Any) -> bytes:
    """The envelope with members of its header changed, signed by its own sender."""
    token, body = data.decode().split("\n")
    plain = json.loads(base64url.decode(token.split(".")[1], "payload")) | members
    return f"{jws.sign(canonical(plain), SENDER, kid='k', type=envelope.TYPE)}\n{body}".encode()


def test_each_recipient_reads_what_was_sent() -> None:
    data = sealed()
    read = envelope.read(data)
    head = verified(data)
    assert head.addressed("customs-qn").sequence == 1 and read.kid == "k"
    for name, key in OPENERS.items():
        assert envelope.open(read, head, {name: key}) == CONTENT


def test_the_header_says_nothing_of_the_content_that_could_be_guessed() -> None:
    one = envelope.seal(
        header(), CONTENT, SENDER, kid="k", recipients=RECIPIENTS, randomness=randomness
    )
    two = envelope.seal(
        header(), CONTENT, SENDER, kid="k", recipients=RECIPIENTS, randomness=lambda n: b"\7" * n
    )
    assert verified(one).content != verified(two).content


def test_ids_sort_by_the_moment_they_were_made() -> None:
    ids = [envelope.new_id(NOW + timedelta(milliseconds=n), randomness) for n in range(300)]
    assert ids == sorted(ids) and ids[0][14] == "7"


def test_another_key_does_not_verify() -> None:
    with pytest.raises(SealError, match="forged"):
        envelope.verify(envelope.read(sealed()), OTHER.public_key(), now=NOW)


def test_a_body_under_another_header_is_refused() -> None:
    first, second = (
        sealed(),
        sealed(consignment="EX999999999AA", id=envelope.new_id(NOW, lambda n: b"\1" * n)),
    )
    swapped = first.split(b"\n")[0] + b"\n" + second.split(b"\n")[1]
    with pytest.raises(SealError, match="other-body"):
        verified(swapped)


def test_a_body_of_somebody_else_cannot_be_sent_on_as_ones_own() -> None:
    data = resigned(sealed(), **{"from": "mallory"})
    with pytest.raises(EncryptionError, match="context"):
        envelope.open(envelope.read(data), verified(data), OPENERS)


def test_a_body_for_others_does_not_open() -> None:
    stranger = {"z": X25519PrivateKey.from_private_bytes(b"\x09" * 32)}
    with pytest.raises(EncryptionError, match="not-for-us"):
        envelope.open(envelope.read(sealed()), verified(sealed()), stranger)


def test_a_content_other_than_signed_is_refused() -> None:
    plain = canonical({"presented": "other~", "salt": base64url.encode(bytes(16))})
    context = canonical({"from": "post-aa", "id": header().id, "to": ["customs-qn"]})
    body = jwe.encrypt(plain, RECIPIENTS, type=envelope.CONTENT_TYPE, context=context)
    token = sealed().split(b"\n")[0].decode()
    data = resigned(f"{token}\n{body}".encode(), body=envelope.digest(body.encode()))
    with pytest.raises(SealError, match="other-content"):
        envelope.open(envelope.read(data), verified(data), OPENERS)


def test_time_is_kept_to() -> None:
    data = sealed()
    with pytest.raises(SealError, match="expired"):
        verified(data, NOW + timedelta(days=3))
    with pytest.raises(SealError, match="future"):
        verified(data, NOW - timedelta(hours=1))
    key = SENDER.public_key()
    assert envelope.claimed(envelope.read(data), key).created == NOW  # as evidence it stays


def test_one_who_is_not_addressed_is_told_so() -> None:
    with pytest.raises(SealError, match="not-for-us"):
        verified(sealed()).addressed("carrier-zz")


def test_a_member_nobody_knows_is_passed_over_unless_it_must_be_understood() -> None:
    assert verified(resigned(sealed(), colour="blue")).id == header().id
    with pytest.raises(SealError, match="not-understood"):
        verified(resigned(sealed(), colour="blue", must=["colour"]))


@pytest.mark.parametrize(
    "members",
    [
        {"version": 2},
        {"version": "1"},
        {"id": "01234567-89ab-4def-8123-456789abcdef"},
        {"from": ""},
        {"from": "post aa"},
        {"from": "customs-qn"},
        {"to": []},
        {"to": [{"party": "a", "sequence": 1}] * 2},
        {"to": [{"party": "a", "sequence": 0}]},
        {"to": [{"party": "a", "sequence": 2}]},
        {"to": [{"party": "a", "sequence": 1, "previous": "0" * 64}]},
        {"to": [{"party": "a", "sequence": 1, "more": 1}]},
        {"to": [{"party": f"p{n}", "sequence": 1} for n in range(65)]},
        {"type": "Declaration"},
        {"type": "../x"},
        {"agreement": "DSA-7\n/1"},
        {"lane": {"from": "*", "to": "QN", "channel": "post"}},
        {"lane": {"from": "AA", "to": "QN", "channel": "rocket"}},
        {"created": "yesterday"},
        {"created": "2026-11-25T12:00:00+01:00"},
        {"created": "2026-11-25T12:00:00"},
        {"not_after": "2026-11-25T11:00:00Z"},
        {"not_after": "2036-11-25T11:00:00Z"},
        {"priority": "Z"},
        {"reply_to": "x"},
        {"content": ""},
        {"body": "0" * 64},
        {"checkpoint": {"size": -1, "root": "A" * 43}},
        {"consignment": "x" * 121},
    ],
    ids=str,
)
def test_a_header_signed_but_wrong_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(SealError):
        verified(resigned(sealed(), **members))


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"a\nb\nc", b"a\r\nb", "é\nb".encode(), b"x" * 9_000_000]
)
def test_bytes_that_are_no_envelope_are_refused(data: bytes) -> None:
    with pytest.raises(SealError):
        envelope.read(data)


def test_what_its_own_reader_would_refuse_is_not_sealed() -> None:
    for wrong in ({"from_": "customs-qn"}, {"must": ("colour",)}, {"not_after": NOW}):
        with pytest.raises(SealError):
            sealed(**wrong)


def test_an_envelope_tells_nothing_of_its_content_when_printed() -> None:
    assert "x.y.z" not in repr(CONTENT) + repr(envelope.read(sealed()))


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 1 << 20), bit=st.integers(0, 7))
def test_no_bit_of_an_envelope_can_be_changed(at: int, bit: int) -> None:
    data = bytearray(sealed())
    data[at % len(data)] ^= 1 << bit
    with pytest.raises(ExchangeError):
        changed = envelope.read(bytes(data))
        head = envelope.verify(changed, SENDER.public_key(), now=NOW)
        envelope.open(changed, head, OPENERS)
