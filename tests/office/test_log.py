"""The log of a node on both databases: durable with what it tells of, provable, and no change goes unseen."""

import shutil
import threading
from pathlib import Path

import pytest

from pratique.errors import NotFoundError, SealError, StoreError
from pratique.exchange import checkpoint, merkle, note, tiles
from pratique.office import log_audit
from pratique.office.log import NodeLog
from pratique.office.log_audit import WrongRow, audit
from tests.support.tamper import (
    MINUTE,
    NOW,
    ORIGIN,
    TABLES,
    WITNESS_B,
    WITNESS_C,
    A,
    B,
    C,
    cosigned,
    entries,
    loosened,
    opened,
    rewritten,
    unseen_changes,
    witnessed_log,
)


def test_the_log_is_the_tree_of_its_entries_however_it_was_filled(store_url: str) -> None:
    log, tree = opened(store_url), merkle.Tree()
    at = 0
    for many in (1, 2, 0, 252, 1, 1, 300, 511):
        assert log.record(entries(at, at + many)) == range(at, at + many)
        for entry in entries(at, at + many):
            tree.append(entry)
        at += many
        assert log.root(at) == (tree.range.root() if at else merkle.EMPTY_ROOT)
    assert log.size() == at
    for size in (1, 255, 256, 257, 512, at):
        assert log.root(size) == merkle.root(size, tree.hash_of)
        assert log.consistency(size, at) == merkle.prove_consistency(size, at, tree.hash_of)
    assert audit(log) is None


def test_entries_are_kept_with_what_they_tell_of_or_not_at_all(store_url: str) -> None:
    log = opened(store_url)
    log.record(entries(0, 300))
    with pytest.raises(ZeroDivisionError), log.database.writing():
        log.append(entries(300, 600))
        raise ZeroDivisionError
    assert log.size() == 300
    with pytest.raises(SealError, match="too long"):
        log.record([b"good", b"x" * 65_536])
    assert log.size() == 300
    assert audit(log) is None


def test_several_writers_make_one_log(store_url: str) -> None:
    opened(store_url)
    got: list[range] = []

    def write(number: int) -> None:
        log = opened(store_url)
        got.extend(log.record(entries(0, 37, b" of %d" % number)) for _ in range(5))
        log.database.close()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    log = opened(store_url)
    assert sorted(index for each in got for index in each) == list(range(4 * 5 * 37))
    assert audit(log) is None


def test_the_log_cannot_be_rewritten_by_the_way(store_url: str) -> None:
    log = opened(store_url)
    log.record(entries(0, 3))
    for statement in ("UPDATE log_entry SET leaf = %s", "DELETE FROM log_entry WHERE leaf <> %s"):
        with pytest.raises(Exception, match="append-only"):
            log.database.insert(statement, [(b"x",)])


def test_tiles_are_what_the_specification_asks_for(store_url: str) -> None:
    log = opened(store_url)
    log.record(entries(0, 600))
    files = {each.path: log.tile(each) for each in tiles.tiles(600)}
    assert {path: len(data) // 32 for path, data in files.items() if "entries" not in path} == {
        "tile/0/000": 256, "tile/0/001": 256, "tile/0/002.p/88": 88, "tile/1/000.p/2": 2,
    }  # fmt: skip
    packed = [
        each for path, data in files.items() if "entries" in path for each in tiles.unpack(data)
    ]
    assert packed == entries(0, 600)
    level = [files["tile/0/000"][at : at + 32] for at in range(0, 8192, 32)]
    assert tiles.root_of(level) == files["tile/1/000.p/2"][:32]
    assert level[7] == merkle.leaf_hash(b"entry 7")
    for wrong in (tiles.Tile(0, 2), tiles.Tile(0, 2, 89), tiles.Tile(2, 0, 1), tiles.Tile(0, 9, 1)):
        with pytest.raises(NotFoundError):
            log.tile(wrong)


def test_proofs_are_made_when_a_checkpoint_holds_them(store_url: str) -> None:
    log = opened(store_url)
    log.record(entries(0, 700))
    with pytest.raises(NotFoundError):
        log.prove(5)
    log.checkpoint(NOW)
    log.record(entries(700, 800))
    for index in (0, 255, 256, 699):
        proof = checkpoint.read_proof(str(log.prove(index)))
        seen = proof.verify(b"entry %d" % index, log.keys)
        assert seen.checkpoint.size == 700
    with pytest.raises(NotFoundError):
        log.prove(700)
    with pytest.raises(NotFoundError, match="1 cosignatures"):
        log.prove(5, cosigned=1)


def test_checkpoints_are_due_by_time_and_by_number(store_url: str) -> None:
    log = opened(store_url)
    assert log.is_due(NOW)
    assert "ever made" in log.why_refuse(NOW)
    log.checkpoint(NOW)
    assert not log.is_due(NOW + 5 * MINUTE)
    assert log.is_due(NOW + 60 * MINUTE)
    log.record([b"x"])
    assert not log.is_due(NOW + MINUTE / 2)
    assert log.is_due(NOW + MINUTE)
    log.record([b"x"] * 10_000)
    assert log.is_due(NOW)
    assert log.why_refuse(NOW + 240 * MINUTE) == ""
    assert "could be proved" in log.why_refuse(NOW + 241 * MINUTE)
    with pytest.raises(StoreError, match="clock"):
        log.checkpoint(NOW - 60 * MINUTE)


def test_partners_cosign_one_another(store_url: str, tmp_path: Path) -> None:
    log = opened(store_url)
    b, c = (
        opened(f"sqlite:///{tmp_path}/{name}.db", name, key) for name, key in (("b", B), ("c", C))
    )
    for step in range(1, 4):
        log.record(entries(step * 300, step * 300 + 300))
        log.checkpoint(NOW + step * MINUTE)
        cosigned(log, b, WITNESS_B, NOW + step * MINUTE)
        cosigned(log, b, WITNESS_B, NOW + step * MINUTE)  # asking again changes nothing
    cosigned(log, c, WITNESS_C, NOW + 4 * MINUTE)
    keys = (*log.keys, WITNESS_B.verifier, WITNESS_C.verifier)
    seen = log.prove(5, cosigned=2).verify(entries(300, 900)[5], keys)
    assert {each.verifier.name for each in seen.cosignatures()} == {
        ORIGIN, WITNESS_B.name, WITNESS_C.name,
    }  # fmt: skip
    assert audit(log, [WITNESS_B.verifier, WITNESS_C.verifier]) is None
    assert audit(b, [*log.keys, WITNESS_B.verifier]) is None
    assert b.witnessed_size(ORIGIN) == 900
    wrong = audit(log, [WITNESS_B.verifier])
    assert wrong is not None and wrong.table == "log_cosignature"
    last = log.submission(0).note
    with pytest.raises(SealError, match="does not fit"):
        log.keep_cosignatures(last, str(WITNESS_B.sign("other\n", NOW)), [WITNESS_B.verifier])
    with pytest.raises(NotFoundError, match="no such checkpoint"):
        other = note.Note(last.text.replace("900", "901"), last.lines)
        line = str(WITNESS_B.sign(other.text, NOW))
        log.keep_cosignatures(other, line, [WITNESS_B.verifier])


def test_an_answer_that_comes_late_is_kept_with_its_own_checkpoint(
    store_url: str, tmp_path: Path
) -> None:
    log = opened(store_url)
    log.record(entries(0, 5))
    log.checkpoint(NOW)
    asked = log.submission(0)
    log.record(entries(5, 9))
    log.checkpoint(NOW + MINUTE)
    for moment in (NOW, NOW + MINUTE):  # the second changes nothing: one key counts once
        line = str(WITNESS_B.sign(asked.note.text, moment))
        assert log.keep_cosignatures(asked.note, line, [WITNESS_B.verifier]) == 1
    assert log.rows.every_cosignature() == [(0, str(WITNESS_B.sign(asked.note.text, NOW)))]
    assert checkpoint.parse(log.prove(2, cosigned=1).note.text).size == 5
    with pytest.raises(NotFoundError):
        log.prove(7, cosigned=1)


def test_a_new_key_takes_over_a_log(store_url: str, tmp_path: Path) -> None:
    old, b = opened(store_url), opened(f"sqlite:///{tmp_path}/b.db", "node-b.example/log", B)
    old.record(entries(0, 300))
    old.checkpoint(NOW)
    cosigned(old, b, WITNESS_B, NOW)
    new = NodeLog(old.database, ORIGIN, C, earlier=[A.public_key()])
    new.record(entries(300, 310))
    new.checkpoint(NOW + MINUTE)
    cosigned(new, b, WITNESS_B, NOW + MINUTE)
    assert audit(new, [WITNESS_B.verifier]) is None
    assert new.prove(305).verify(b"entry 305", new.keys[:2]).checkpoint.size == 310
    with pytest.raises(SealError, match="Nobody trusted"):
        opened(store_url).last()  # the old key alone knows nothing of the new


def test_every_changed_bit_is_seen(tmp_path: Path) -> None:
    assert unseen_changes(tmp_path, how_many=25, seed=1) == []


def test_an_audit_that_forgets_a_table_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: changed bits the audit does not look at are counted."""
    monkeypatch.setattr(log_audit, "_wrong_entries", lambda log: None)
    assert {table for table, *_ in unseen_changes(tmp_path, how_many=25, seed=1)} >= {"log_entry"}


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_row_is_named(tmp_path: Path, table: str) -> None:
    log, keys = witnessed_log(tmp_path)
    raw = loosened(log)
    first = raw.execute(f"SELECT MIN(rowid) FROM {table}").fetchone()[0]
    raw.execute(f"DELETE FROM {table} WHERE rowid = ?", (first,))
    found = audit(log, keys)
    if table in ("log_cosignature", "log_witnessed"):
        assert (
            found is None
        )  # what others signed is theirs to show: it adds to the evidence, and proves no order
    else:
        assert found is not None and found.table == table


def test_the_first_wrong_row_is_named(tmp_path: Path) -> None:
    log, keys = witnessed_log(tmp_path)
    raw = loosened(log)
    raw.execute("UPDATE log_entry SET entry = 'x' WHERE number IN (37, 12, 400)")
    assert audit(log, keys) == WrongRow("log_entry", "12", "does not have the hash kept with it")


@pytest.mark.parametrize("last", [1, 2, 100, 256, 300, 529])
def test_the_last_entries_rewritten_are_found_by_a_kept_checkpoint(
    tmp_path: Path, last: int
) -> None:
    log, keys = witnessed_log(tmp_path)
    kept = checkpoint.verify(str(log.prove(0).note), (*log.keys, WITNESS_B.verifier)).checkpoint
    assert log.holds(kept)
    rewritten(log, last).checkpoint(NOW + 9 * MINUTE)
    assert audit(log, keys) is None  # by itself it looks sound
    assert not log.holds(kept)
    b = opened(f"sqlite:///{tmp_path}/b.db", "node-b.example/log", B)
    with pytest.raises(SealError, match="does not continue") as told:
        b.witness(log.submission(530), log.keys, WITNESS_B, NOW)
    assert told.value.code == "split-view"


def test_a_log_that_was_changed_signs_nothing_more(tmp_path: Path) -> None:
    log, _ = witnessed_log(tmp_path)
    raw = loosened(log)
    raw.execute("UPDATE log_entry SET leaf = ? WHERE number = 529", (bytes(32),))
    with pytest.raises(StoreError, match="no longer fits its own checkpoint"):
        log.checkpoint(NOW + 9 * MINUTE)


def test_a_split_view_is_found_at_the_next_exchange_of_witnesses(tmp_path: Path) -> None:
    """A node tells B one story and C another, each sound by itself."""
    log = opened(f"sqlite:///{tmp_path}/a.db")
    log.record(entries(0, 20))
    log.database.close()
    shutil.copy(tmp_path / "a.db", tmp_path / "forked.db")
    to_b, to_c = opened(f"sqlite:///{tmp_path}/a.db"), opened(f"sqlite:///{tmp_path}/forked.db")
    b, c = (
        opened(f"sqlite:///{tmp_path}/{name}.db", name, key) for name, key in (("b", B), ("c", C))
    )
    for each, witness, signer, mark in ((to_b, b, WITNESS_B, b" b"), (to_c, c, WITNESS_C, b" c")):
        each.record(entries(20, 30, mark))
        each.checkpoint(NOW)
        cosigned(each, witness, signer, NOW)
    # The next exchange of either node with the other's witness:
    for each, witness, signer in ((to_b, c, WITNESS_C), (to_c, b, WITNESS_B)):
        with pytest.raises(SealError) as told:
            cosigned(each, witness, signer, NOW)
        assert told.value.code == "split-view"
    to_b.record(entries(30, 40))
    to_b.checkpoint(NOW + MINUTE)
    with pytest.raises(SealError) as told:
        cosigned(to_b, c, WITNESS_C, NOW)
    assert told.value.code == "split-view"
    # Or the witnesses compare what they cosigned, the node asked for nothing:
    kept = [each.rows.witnessed(ORIGIN) for each in (b, c)]
    seen = [checkpoint.verify(each.note, log.keys).checkpoint for each in kept if each]
    with pytest.raises(SealError) as told:
        checkpoint.continues(*seen, ())
    assert told.value.code == "split-view"
