"""What an authority signs is believed by its anchor alone, for its own partners, until it expires."""

import base64
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import directory, jwk, jws
from pratique.exchange.partner_entry import read_card
from pratique.exchange.partners import Partner, PartnerKey, public_key
from tests.support.directories import (
    DAY,
    HOUR,
    NOW,
    YEAR,
    anchor,
    document,
    encrypting,
    forced,
    ids,
    partner,
    signed,
    signing,
)
from tests.support.keys import ed25519, mldsa65, p256, x25519

TEXT = signed(document())
MINUTE = timedelta(minutes=1)


def refused(text: str | bytes, *, at: Any = NOW, trusted: Any = None) -> str:
    with pytest.raises(SealError) as told:
        directory.read(text, trusted or anchor(), at)
    return told.value.code


def test_it_reads_back_as_signed() -> None:
    held = directory.read(TEXT, anchor(), NOW)
    assert held.directory == document()
    assert ids(held.directory.partners) == ["post-aa", "customs-aa"]
    assert directory.read(f"{TEXT}\n".encode(), anchor(), NOW) == held
    assert directory.issuer_of(TEXT) == "authority-aa"


@pytest.mark.parametrize("bit", range(8))
def test_every_changed_bit_is_refused(bit: int) -> None:
    data = TEXT.encode()
    for place in range(len(data)):
        refused(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_is_cut_doubled_or_moved_is_refused(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(TEXT) - 1))
    end = data.draw(st.integers(begin + 1, len(TEXT)))
    for changed in (TEXT[:begin] + TEXT[end:], TEXT[:end] + TEXT[begin:]):
        if changed != TEXT:
            refused(changed)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300))
def test_hostile_bytes_are_refused(found: bytes | str) -> None:
    refused(found)
    for read in (directory.read_anchor, read_card):
        with pytest.raises(SealError):
            read(found.encode() if isinstance(found, str) else found)


def plain_with(**more: Any) -> dict[str, Any]:
    return {**msgspec.to_builtins(document()), **more}


def entry_with(**more: Any) -> dict[str, Any]:
    return plain_with(partners=[{**msgspec.to_builtins(partner("post-aa")), **more}])


def key_with(**more: Any) -> dict[str, Any]:
    return entry_with(keys=[{**msgspec.to_builtins(signing("post-aa")), **more}])


def as_jwk(key: Any) -> dict[str, str]:
    return dict(jwk.write_public(key.public_key()))


def raw_jwk(curve: str, raw: bytes) -> dict[str, str]:
    x = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return {"kty": "OKP", "crv": curve, "x": x}


ENTRIES = [
    ("shape", plain_with(more=1)),
    ("shape", plain_with(version="1")),
    ("shape", plain_with(version=0)),
    ("shape", plain_with(issued="2026-07-01T11:00:00")),
    ("shape", plain_with(partners={})),
    ("shape", entry_with(trusted=True)),
    ("shape", key_with(not_after="2027-01-01T00:00:00")),
    ("other-authority", plain_with(issuer="authority-bb")),
    ("directory", plain_with(expires="2026-07-08T11:00:01Z")),
    ("directory", plain_with(expires="2026-07-01T11:00:00Z")),
    ("directory-early", plain_with(issued="2026-07-01T12:05:01Z")),
    ("directory", entry_with(id="Post-AA")),
    ("directory", entry_with(id="post-aa\n")),
    ("directory", entry_with(id="../post")),
    ("directory", entry_with(name="Post \u202e of AA")),
    ("directory", entry_with(name=" ")),
    ("foreign-partner", entry_with(place="BB")),
    ("directory", entry_with(role="Operator!")),
    ("directory", entry_with(reach="push")),
    ("directory", entry_with(address="http://post.example")),
    ("directory", entry_with(address="https://user@post.example")),
    ("directory", entry_with(address="https://post.example/?a=b")),
    ("directory", entry_with(address="https://post.example:99999")),
    ("directory", entry_with(address="https://post.example\n.other")),
    ("directory", entry_with(certificates=["AB" * 32])),
    ("key", entry_with(log=["post-aa/log+00000000+AAAA"])),
    ("directory", entry_with(keys=[])),
    ("directory", entry_with(keys=[msgspec.to_builtins(signing("k"))] * 2)),
    ("directory", key_with(not_after="2026-06-01T00:00:00Z")),
    ("key", key_with(use="enc")),
    ("key", key_with(jwk=as_jwk(x25519("a")))),
    ("key", key_with(jwk={**as_jwk(ed25519("a")), "d": "AAAA"})),
    ("key", key_with(jwk={**as_jwk(ed25519("a")), "use": "enc"})),
    ("key", key_with(jwk=raw_jwk("Ed25519", bytes(32)))),
    ("key", key_with(use="enc", jwk=raw_jwk("X25519", bytes(32)))),
    ("key", key_with(use="enc", jwk=raw_jwk("X25519", b"\x01" + bytes(31)))),
    ("key", key_with(jwk={"kty": "oct", "k": "AAAA"})),
    ("key", key_with(jwk={})),
    ("directory", key_with(jwk=as_jwk(mldsa65("a")))),
]


@pytest.mark.parametrize(("code", "plain"), ENTRIES)
def test_what_an_authority_may_not_say_is_refused(code: str, plain: dict[str, Any]) -> None:
    assert refused(forced(plain)) in (code, "base64", "base64url")


def test_the_document_those_are_made_of_is_taken() -> None:
    for plain in (plain_with(), entry_with(), key_with()):
        directory.read(forced(plain), anchor(), NOW)


@pytest.mark.parametrize(
    "partners",
    [
        (partner("post-aa"), partner("post-aa", keys=(signing("x"),))),
        (partner("post-aa"), partner("other-aa", keys=(signing("post-aa"),))),
        (partner("post-aa"), partner("other-aa", keys=(signing("x"), encrypting("post-aa")))),
    ],
)
def test_an_id_or_key_stands_once(partners: tuple[Partner, ...]) -> None:
    found = msgspec.to_builtins(document(partners=partners))
    assert refused(forced(found)) == "directory"


def test_one_key_for_two_uses_is_refused() -> None:
    key = p256("both").public_key()
    keys = tuple(public_key(key, use, NOW - DAY, NOW + DAY) for use in ("sig", "enc"))
    found = document(partners=(partner("post-aa", keys=keys),))
    assert refused(forced(msgspec.to_builtins(found))) == "directory"


def test_its_own_authority_cannot_sign_what_none_would_read() -> None:
    with pytest.raises(SealError, match="foreign-partner"):
        signed(document(partners=(partner("post-bb", place="BB"),)))


def test_it_is_signed_by_a_key_of_the_anchor() -> None:
    assert refused(forced(plain_with(), ed25519("mallory"))) == "unknown-key"
    swapped = anchor(keys=(signing("mallory"),))
    assert refused(TEXT, trusted=swapped) == "unknown-key"


def test_another_kind_of_document_is_none() -> None:
    key = ed25519("authority-aa")
    other = jws.sign(
        msgspec.json.encode(document()),
        key,
        kid=jwk.thumbprint(key.public_key()),
        type="pratique-envelope/1",
    )
    assert refused(other) == "type"


def test_doubled_keys_and_great_numbers_are_refused() -> None:
    data = msgspec.json.encode(document())
    assert refused(forced(data.replace(b'"version":1', b'"version":1,"version":2'))) == "json"
    assert refused(forced(data.replace(b'"version":1', b'"version":1.0'))) == "json"
    assert refused(forced(data.replace(b'"version":1', b'"version":9007199254740992'))) == "json"


def test_it_expires_five_minutes_late_for_the_clocks() -> None:
    expires = NOW + DAY
    directory.read(TEXT, anchor(), expires + 5 * MINUTE - timedelta(seconds=1))
    assert refused(TEXT, at=expires + 5 * MINUTE) == "directory-stale"
    assert directory.read_expired(TEXT, anchor(), NOW + YEAR).directory.version == 1


def test_it_is_not_believed_longer_than_the_key_that_signed_it() -> None:
    ended = anchor(keys=(signing("authority-aa", end=NOW + HOUR), signing("next")))
    assert directory.read(TEXT, ended, NOW).until == NOW + HOUR
    assert refused(TEXT, trusted=ended, at=NOW + 2 * HOUR) == "directory-stale"
    later = anchor(keys=(signing("authority-aa", begin=NOW),))
    assert refused(TEXT, trusted=later) == "key-not-in-force"


def test_two_keys_of_the_authority_overlap() -> None:
    both = anchor(
        keys=(signing("authority-aa", end=NOW + DAY), signing("next", begin=NOW - 2 * HOUR))
    )
    directory.read(TEXT, both, NOW)
    after = signed(document(version=2), both, ed25519("next"))
    assert directory.read(after, both, NOW).directory.version == 2


def test_an_authority_may_sign_with_es256() -> None:
    key = p256("authority")
    own = anchor(keys=(public_key(key.public_key(), "sig", NOW - DAY, NOW + DAY),))
    assert directory.read(signed(document(), own, key), own, NOW).directory == document()


def anchor_with(**more: Any) -> bytes:
    return msgspec.json.encode({**msgspec.to_builtins(anchor()), **more})


@pytest.mark.parametrize(
    "data",
    [
        anchor_with(issuer="a b"),
        anchor_with(keys=[]),
        anchor_with(keys=[msgspec.to_builtins(signing("a"))] * 2),
        anchor_with(keys=[msgspec.to_builtins(encrypting("a"))]),
        anchor_with(keys=[msgspec.to_builtins(signing(str(n))) for n in range(5)]),
        anchor_with(places=[]),
        anchor_with(places=[], prefixes=[""]),
        anchor_with(more=1),
    ],
)
def test_an_anchor_that_says_too_little_or_too_much_is_none(data: bytes) -> None:
    with pytest.raises(SealError):
        directory.read_anchor(data)


def test_an_anchor_reads_back_and_its_fingerprint_tells_every_part() -> None:
    assert directory.read_anchor(anchor_with()) == anchor()
    others = (anchor(places=("BB",)), anchor("authority-ab"), anchor(keys=(signing("x"),)))
    prints = {each.fingerprint() for each in (anchor(), *others)}
    assert len(prints) == 4


def test_a_card_reads_back() -> None:
    card = partner("post-aa", reach="push", address="https://127.0.0.1:8443/node")
    assert read_card(msgspec.json.encode(card)) == card


moments = st.datetimes(timezones=st.just(NOW.tzinfo))


@settings(max_examples=200, deadline=None)
@given(moments, moments, moments)
def test_no_moment_breaks_the_reading(issued: Any, expires: Any, at: Any) -> None:
    found = plain_with(issued=issued.isoformat(), expires=expires.isoformat())
    at = min(max(at, NOW - 100 * YEAR), NOW + 100 * YEAR)
    try:
        held = directory.read(forced(found), anchor(), at)
    except SealError:
        return
    assert timedelta(0) < held.directory.expires - held.directory.issued <= timedelta(days=7)
    assert at < held.directory.expires + 5 * MINUTE


def test_a_window_holds_its_first_moment_and_not_its_last() -> None:
    key: PartnerKey = signing("a", begin=NOW, end=NOW + HOUR)
    assert [key.holds(at) for at in (NOW - MINUTE, NOW, NOW + HOUR)] == [False, True, False]
