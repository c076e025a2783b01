"""Keys of a node overlap when they change: what signs, what opens, what verifies the log, at each moment."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from pratique.errors import SealError, UsageError
from pratique.exchange import hpke, note
from pratique.exchange.partner_entry import refuse_unsound
from pratique.office.node_keys import (
    KeyEntry,
    KeyUse,
    Ring,
    entry,
    keys_at,
    log_lines,
    partner_keys,
    read_ring,
    write_ring,
)
from tests.support.directories import DAY, HOUR, NOW, partner
from tests.support.keys import ed25519, seed, x25519

OVERLAP = 14 * DAY


def made(use: KeyUse, name: str, begin: datetime = NOW - DAY) -> tuple[KeyEntry, Any]:
    key: Any = x25519(name) if use == "enc" else ed25519(name)
    if use == "hybrid":
        key = hpke.read_private(seed(f"{name} d") + seed(f"{name} z") + seed(name))
    return entry(use, key, begin), key


USED: tuple[KeyUse, ...] = ("sig", "enc", "log", "hybrid")
FIRST = [made(use, f"{use} 1") for use in USED]
RING = Ring(tuple(each for each, _ in FIRST))
PRIVATE = {each.kid: key for each, key in FIRST}


def rotated(use: KeyUse, begin: datetime = NOW + 2 * DAY) -> tuple[Ring, dict[str, Any], KeyEntry]:
    new, key = made(use, f"{use} 2", begin)
    return RING.with_new(new, OVERLAP), {**PRIVATE, new.kid: key}, new


def test_a_ring_gives_what_a_node_signs_opens_and_logs_with() -> None:
    keys = keys_at(RING, PRIVATE, NOW)
    assert keys.kid == RING.keys[0].kid
    assert keys.signing is PRIVATE[keys.kid]
    assert list(keys.opening) == [RING.keys[1].kid]
    assert keys.log is PRIVATE[RING.keys[2].kid]
    assert keys.earlier_log == ()
    assert "ed25519" not in repr(keys).lower()


def test_a_new_signing_key_is_used_once_it_began_and_clocks_had_their_five_minutes() -> None:
    ring, private, new = rotated("sig")
    began = NOW + 2 * DAY
    moments = (NOW, began, began + timedelta(minutes=4), began + timedelta(minutes=5))
    used = [keys_at(ring, private, at).kid == new.kid for at in moments]
    assert used == [False, False, False, True]


def test_old_and_new_hold_together_for_the_overlap_and_no_longer() -> None:
    ring, _, new = rotated("sig")
    old = ring.keys[0]
    began = NOW + 2 * DAY
    assert old.holds(began + OVERLAP - HOUR)
    assert new.holds(began)
    assert not old.holds(began + OVERLAP)
    assert [each.use for each in partner_keys(ring)] == ["sig", "enc", "sig"]


def test_only_keys_of_the_same_use_end() -> None:
    ring, _, _ = rotated("sig")
    assert ring.keys[1:4] == RING.keys[1:4]


def test_it_opens_with_every_key_that_is_not_destroyed() -> None:
    ring, private, new = rotated("enc")
    late = NOW + 30 * DAY
    old = ring.keys[1].kid
    assert set(keys_at(ring, private, late).opening) == {old, new.kid}
    gone = ring.destroyed(old, late)
    assert set(keys_at(gone, private, late).opening) == {new.kid}
    assert len(partner_keys(gone)) == 2


def test_the_log_is_verified_by_all_its_keys() -> None:
    ring, private, new = rotated("log")
    late = NOW + 3 * DAY
    keys = keys_at(ring, private, late)
    assert keys.log is private[new.kid]
    (earlier,) = keys.earlier_log
    assert earlier.public_bytes_raw() == ed25519("log 1").public_key().public_bytes_raw()
    lines = [note.read_vkey(each) for each in log_lines(ring, "post-aa/log")]
    assert [each.kind for each in lines] == [note.LOG, note.COSIGNER] * 2
    assert {each.name for each in lines} == {"post-aa/log"}


def test_a_card_made_of_a_ring_is_sound() -> None:
    ring, _, _ = rotated("enc")
    card = partner("post-aa", keys=partner_keys(ring), log=log_lines(ring, "post-aa/log"))
    refuse_unsound((card,))


def test_a_retired_key_ends_at_once_and_stays_known() -> None:
    ring, private, new = rotated("sig", NOW - HOUR)
    after = ring.retired(ring.keys[0].kid, NOW)
    assert after.keys[0].state(NOW) == "ended"
    assert after.keys[0].holds(NOW - timedelta(seconds=2))
    assert keys_at(after, private, NOW).kid == new.kid
    assert len([each for each in partner_keys(after) if each.use == "sig"]) == 2


def test_a_key_may_be_retired_before_it_began() -> None:
    ring, _, new = rotated("sig")
    after = ring.retired(new.kid, NOW)
    assert after.find(new.kid).state(NOW) == "ended"
    refuse_unsound((partner("post-aa", keys=partner_keys(after)),))


def test_the_only_key_of_its_use_is_not_retired() -> None:
    for each in RING.keys:
        with pytest.raises(UsageError, match="only key of its use"):
            RING.retired(each.kid, NOW)


def test_a_key_that_holds_is_not_destroyed() -> None:
    for each in RING.keys:
        with pytest.raises(UsageError, match="retire it first"):
            RING.destroyed(each.kid, NOW)


def test_without_a_key_that_holds_nothing_is_signed() -> None:
    with pytest.raises(SealError, match="no-key"):
        keys_at(RING, PRIVATE, NOW + 1000 * DAY)


def test_a_key_is_found_by_how_its_name_begins() -> None:
    kid = RING.keys[0].kid
    assert RING.find(kid[:10]).kid == kid
    for wrong in ("", "no such key"):
        with pytest.raises(UsageError):
            RING.find(wrong)


def test_a_ring_reads_back() -> None:
    ring, _, _ = rotated("hybrid")
    assert read_ring(write_ring(ring)) == ring


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"keys":[{}]}',
        write_ring(RING).replace(b"2026-06-30T12:00:00Z", b"2026-06-30T12:00:00"),
        msgspec.json.encode(Ring((msgspec.structs.replace(RING.keys[0], kid="other"),))),
    ],
)
def test_what_is_no_ring_is_refused(data: bytes) -> None:
    with pytest.raises(SealError):
        read_ring(data)
