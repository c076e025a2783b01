"""Bundles that are carried: what comes out is what was packed, and nothing else does."""

import base64
import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import carried, jws
from pratique.exchange.carried import Bundle, Item, pack, unpack
from pratique.exchange.jwk import SigningKey, thumbprint
from pratique.exchange.partners import Partner, Partners, public_key
from tests.support.keys import ed25519, p256

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
AA, BB = ed25519("carried post-aa"), p256("carried customs-bb")


def partner(id: str, key: SigningKey, days: int = 90) -> Partner:
    held = public_key(key.public_key(), "sig", NOW - DAY, NOW + days * DAY)
    return Partner(id=id, name=id, place="aa", role="post_of_origin", keys=(held,), reach="file")


PARTNERS = Partners((partner("post-aa", AA), partner("customs-bb", BB)))
BUNDLE = Bundle(
    sender="post-aa",
    recipient="customs-bb",
    made=NOW,
    items=(Item("envelope", b"a.b.c\nd.e"), Item("receipt", b"{}\n\n"), Item("envelope", b"\n\n")),
)
PACKED = pack(BUNDLE, AA)


def code_of(data: bytes, *, recipient: str = "customs-bb", now: datetime = NOW) -> str:
    with pytest.raises(SealError) as caught:
        unpack(data, PARTNERS, recipient=recipient, now=now)
    return caught.value.code


def test_what_was_packed_comes_out_as_it_was() -> None:
    assert unpack(PACKED, PARTNERS, recipient="customs-bb", now=NOW + 59 * DAY) == BUNDLE
    back = msgspec.structs.replace(BUNDLE, sender="customs-bb", recipient="post-aa")
    assert unpack(pack(back, BB), PARTNERS, recipient="post-aa", now=NOW) == back


def test_it_is_for_one_recipient_by_its_sender_and_in_its_time() -> None:
    assert code_of(PACKED, recipient="post-aa") == "recipient"
    assert code_of(PACKED, now=NOW + 61 * DAY) == "made"
    assert code_of(PACKED, now=NOW - timedelta(minutes=6)) == "made"
    assert code_of(PACKED, now=NOW + 91 * DAY) == "key-not-in-force"
    assert code_of(pack(BUNDLE, BB)) == "sender"
    assert code_of(pack(BUNDLE, ed25519("stranger"))) == "unknown-key"


def test_documents_taken_out_added_or_put_in_another_order_are_noticed() -> None:
    line, _, below = PACKED.partition(b"\n\n")
    first, rest = below[:9], below[11:]
    assert code_of(line + b"\n\n" + rest) == "altered"
    assert code_of(PACKED + b"x\n\n") == "altered"
    assert code_of(PACKED[:-1]) == "altered"
    assert code_of(line + b"\n\n" + rest + first + b"\n\n") == "altered"


def test_a_list_of_another_shape_is_refused() -> None:
    def listed(**change: object) -> bytes:
        token = PACKED.partition(b"\n\n")[0].decode()
        part = token.split(".")[1]
        payload = json.loads(base64.urlsafe_b64decode(part + "=="))
        told = json.dumps({**payload, **change}).encode()
        signed = jws.sign(told, AA, kid=thumbprint(AA.public_key()), type=carried.TYPE)
        return PACKED.replace(token.encode(), signed.encode())

    assert unpack(listed(), PARTNERS, recipient="customs-bb", now=NOW) == BUNDLE
    for change in (
        {"version": 2},
        {"items": []},
        {"items": [{"kind": "other", "bytes": 1, "sha256": "0" * 64}]},
        {"items": [{"kind": "envelope", "bytes": 0, "sha256": "0" * 64}]},
        {"items": [{"kind": "envelope", "bytes": -1, "sha256": "0" * 64}]},
        {"made": "2026-11-25"},
        {"made": "2026-11-25T12:00:00"},
        {"more": 1},
    ):
        assert code_of(listed(**change)) == "shape"


def test_another_signed_document_is_no_bundle() -> None:
    token = jws.sign(b"{}", AA, kid=thumbprint(AA.public_key()), type="pratique-envelope/1")
    assert code_of(token.encode() + b"\n\n") == "type"
    assert code_of(b"") == "bundle"
    assert code_of(b"x\n\n") == "shape"


def test_nothing_and_too_much_are_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SealError, match="1 to"):
        pack(msgspec.structs.replace(BUNDLE, items=()), AA)
    monkeypatch.setattr(carried, "MAX_BYTES", 300)
    with pytest.raises(SealError, match="too-large"):
        pack(BUNDLE, AA)
    assert code_of(PACKED) == "too-large"


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PACKED) - 1))
    changed = bytearray(PACKED)
    changed[at] ^= data.draw(st.integers(1, 255))
    code_of(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["envelope", "receipt"]), st.binary(min_size=1, max_size=50)),
        min_size=1,
        max_size=20,
    )
)
def test_any_documents_come_out_as_they_were(items: list[tuple[carried.Kind, bytes]]) -> None:
    bundle = msgspec.structs.replace(BUNDLE, items=tuple(Item(*each) for each in items))
    assert unpack(pack(bundle, AA), PARTNERS, recipient="customs-bb", now=NOW) == bundle


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_typed_error(data: bytes) -> None:
    code_of(data)
