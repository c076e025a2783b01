"""The vault on both databases: sealed, audited or not told, erased for good, held when held."""

import shutil
import sqlite3
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pratique.errors import NotFoundError, StoreError
from pratique.store import open_database
from pratique.store.data_keys import DataKeys
from pratique.store.vault import Field, Reader, Vault

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
WRAPPING = bytes(range(32))
BY = Reader(reader="officer 7", party="customs-aa", role="customs_officer", purpose="clearance")
CANARY = "CANARY Zoe Example-Buyer"


def fields(marker: str = CANARY) -> list[Field]:
    return [
        Field(
            field=f"parties/1/{name}",
            paths=(f"parties.consignee.{name}",),
            privacy="personal",
            text=f"{marker} {name}",
        )
        for name in ("name", "phone", "email", "address/line")
    ]


@pytest.fixture
def keys(tmp_path: Path) -> DataKeys:
    return DataKeys(tmp_path / "keys/keys.db", WRAPPING)


@pytest.fixture
def vault(store_url: str, keys: DataKeys) -> Vault:
    return Vault(open_database(store_url), keys)


def sealed(vault: Vault, consignment: str = "EX-1", until: date = date(2027, 5, 25)) -> None:
    vault.seal(
        consignment,
        fields(f"{CANARY} {consignment}"),
        holder="post-aa",
        purposes=["clearance"],
        keep_until=until,
        now=NOW,
    )


def bytes_below(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_was_sealed_is_read_and_who_read_it_is_on_record(vault) -> None:
    sealed(vault)
    told = vault.read("EX-1", ["parties/1/name", "parties/9/name"], BY, now=NOW)
    assert told == {"parties/1/name": f"{CANARY} EX-1 name"}
    (row,) = vault.reads("EX-1")
    assert (row.reader, row.purpose, row.fields, row.privacy) == (
        "officer 7",
        "clearance",
        "parties/1/name",
        "personal",
    )
    assert CANARY not in repr(row)
    assert vault.given("EX-1") == ("post-aa", ("clearance",))


def test_every_read_is_on_record_in_order(vault) -> None:
    sealed(vault)
    sealed(vault, "EX-2")
    for index in range(6):
        vault.read(f"EX-{index % 2 + 1}", ["parties/1/phone"], BY, now=NOW)
    assert [row.sequence for row in vault.reads("EX-1")] == [1, 3, 5]


class Broken:
    """A database on which one thing fails, as when a disk does."""

    def __init__(self, database, breaks: str) -> None:
        self._database, self._breaks = database, breaks

    def __getattr__(self, name):
        return getattr(self._database, name)

    def insert(self, sql, rows):
        if self._breaks == "insert" and "read_audit" in sql:
            raise self._database.errors[0]("the disk is full")
        self._database.insert(sql, rows)

    @contextmanager
    def writing(self):
        with self._database.writing():
            yield
            if self._breaks == "commit":
                raise self._database.errors[0]("the commit failed")


@pytest.mark.parametrize("breaks", ["insert", "commit"])
def test_without_the_row_of_audit_there_are_no_data(vault, breaks) -> None:
    """P3: the audit write is killed, before it or at its commit; nothing is told, and nothing is on record."""
    sealed(vault)
    broken = Vault(Broken(vault.database, breaks), vault.keys)
    told = None
    with pytest.raises(StoreError, match="could not be written"):
        told = broken.read("EX-1", ["parties/1/name"], BY, now=NOW)
    assert told is None
    assert vault.reads("EX-1") == ()
    assert vault.read("EX-1", ["parties/1/name"], BY, now=NOW)


def test_the_audit_is_append_only(vault) -> None:
    sealed(vault)
    vault.read("EX-1", ["parties/1/name"], BY, now=NOW)
    for sql in (
        "DELETE FROM read_audit RETURNING 1",
        "UPDATE read_audit SET reader = 'x' RETURNING 1",
    ):
        with pytest.raises(vault.database.errors, match="append-only"):
            vault.database.query(sql)
    assert vault.reads("EX-1")[0].reader == "officer 7"


def test_a_value_moved_altered_or_under_another_key_is_not_told(vault, tmp_path) -> None:
    sealed(vault)
    sealed(vault, "EX-2")
    move = (
        "UPDATE vault_element SET sealed = (SELECT sealed FROM vault_element WHERE consignment = %s AND field = %s) "
        "WHERE consignment = %s AND field = %s RETURNING 1"
    )
    vault.database.query(move, ("EX-1", "parties/1/phone", "EX-1", "parties/1/name"))
    vault.database.query(move, ("EX-1", "parties/1/email", "EX-2", "parties/1/email"))
    for consignment, field in (("EX-1", "parties/1/name"), ("EX-2", "parties/1/email")):
        with pytest.raises(StoreError, match="altered, moved"):
            vault.read(consignment, [field], BY, now=NOW)
        assert vault.reads(consignment) == ()
    other = Vault(vault.database, DataKeys(tmp_path / "keys/keys.db", bytes(32)))
    with pytest.raises(StoreError, match="does not open"):
        other.read("EX-1", ["parties/1/email"], BY, now=NOW)


def test_a_consignment_is_sealed_once_and_an_attempt_cut_short_is_made_good(vault) -> None:
    vault.keys.new("EX-1")
    sealed(vault)
    assert vault.read("EX-1", ["parties/1/name"], BY, now=NOW)
    with pytest.raises(StoreError, match="sealed already"):
        sealed(vault)
    assert vault.read("EX-1", ["parties/1/name"], BY, now=NOW)


def test_what_is_due_and_not_held_is_erased_and_the_report_names_nobody(vault) -> None:
    sealed(vault, "EX-1", date(2026, 11, 24))
    sealed(vault, "EX-2", date(2026, 11, 25))
    sealed(vault, "EX-3", date(2026, 11, 26))
    vault.hold("EX-2", because="appeal 12/2026", by="court of Examplia (invented)", now=NOW)
    assert vault.due(NOW.date()) == ("EX-1",)
    erasure = vault.erase(["EX-1", "EX-2", "EX-9"], now=NOW)
    assert (erasure.consignments, erasure.elements, erasure.held) == (1, {"personal": 4}, ("EX-2",))
    with pytest.raises(NotFoundError, match="erased"):
        vault.read("EX-1", ["parties/1/name"], BY, now=NOW)
    assert vault.read("EX-2", ["parties/1/name"], BY, now=NOW)
    vault.lift("EX-2")
    assert vault.due(NOW.date()) == ("EX-2",)
    assert vault.erase(["EX-1", "EX-2"], now=NOW).consignments == 1
    with pytest.raises(NotFoundError):
        vault.hold("EX-2", because="too late", by="x", now=NOW)


def test_keys_gone_and_the_machine_stopped_is_made_good_by_the_same_call(vault) -> None:
    sealed(vault)
    broken = Vault(Broken(vault.database, "commit"), vault.keys)
    with pytest.raises(StoreError):
        broken.erase(["EX-1"], now=NOW)
    with pytest.raises(NotFoundError):
        vault.read("EX-1", ["parties/1/name"], BY, now=NOW)
    assert vault.erase(["EX-1"], now=NOW).consignments == 1


def test_nothing_of_a_person_lies_in_the_files(tmp_path: Path) -> None:
    """P2: 200 consignments; database, WAL, keys and a backup made before the erasure are searched byte by byte."""
    folder = tmp_path / "store"
    keys = DataKeys(folder / "keys.db", WRAPPING)
    vault = Vault(open_database(f"sqlite:///{folder / 'store.db'}"), keys)
    names = [f"EX-{index:03}" for index in range(200)]
    for name in names:
        sealed(vault, name, date(2026, 11, 25))
    assert vault.read(names[0], ["parties/1/name"], BY, now=NOW)
    wrapped = dict(
        sqlite3.connect(folder / "keys.db").execute("SELECT consignment, wrapped FROM data_key")
    )
    opened = {name: keys.of(name) for name in names}
    assert (folder / "store.db-wal").stat().st_size > 0
    backup = tmp_path / "backup"
    backup.mkdir()
    for name in ("store.db", "store.db-wal"):
        shutil.copy(folder / name, backup / name)
    before = bytes_below(folder)
    assert sum(each in before for each in wrapped.values()) == 200
    assert CANARY.encode() not in before

    erased = names[:150]
    assert vault.erase(erased, now=NOW).elements == {"personal": 600}
    after, kept = bytes_below(folder), bytes_below(backup)
    for found in (after, kept):
        assert CANARY.encode() not in found
        assert not any(opened[name] in found for name in names)
    assert sum(wrapped[name] in after for name in erased) == 0
    assert sum(wrapped[name] in after for name in names[150:]) == 50
    assert not any(each in kept for each in wrapped.values())

    restored = Vault(open_database(f"sqlite:///{backup / 'store.db'}"), keys)
    for name in erased:
        with pytest.raises(NotFoundError):
            restored.read(name, ["parties/1/name"], BY, now=NOW)
    assert restored.read(names[199], ["parties/1/name"], BY, now=NOW)


def test_nothing_of_a_person_lies_in_the_files_of_postgresql(cluster, tmp_path: Path) -> None:
    """P2: tables, write-ahead log and all; what was written plainly beside it is found by the same search."""
    vault = Vault(open_database(cluster.new_database()), DataKeys(tmp_path / "keys.db", WRAPPING))
    names = [f"EX-{index:02}" for index in range(20)]
    for name in names:
        marker = f"HIDDEN {name}"
        vault.seal(
            name,
            fields(marker),
            holder="post-aa",
            purposes=["clearance"],
            keep_until=NOW.date(),
            now=NOW,
        )
    vault.database.script(
        "CREATE TABLE plain (text TEXT); INSERT INTO plain VALUES ('SEEN EX-00');"
    )
    vault.erase(names, now=NOW)
    vault.database.script("CHECKPOINT")
    found = bytes_below(cluster.data)
    assert b"SEEN EX-00" in found
    assert b"HIDDEN EX-" not in found


def test_a_sealed_value_opens_with_no_key_that_is_left(vault) -> None:
    """Every key that is left, and the key-encryption key itself, tried on every sealed value of the erased."""
    for name in ("EX-1", "EX-2", "EX-3"):
        sealed(vault, name)
    vault.erase(["EX-1"], now=NOW)
    rows = vault.database.query(
        "SELECT field, sealed FROM vault_element WHERE consignment = %s", ("EX-1",)
    )
    assert len(rows) == 4
    for key in (vault.keys.of("EX-2"), vault.keys.of("EX-3"), WRAPPING):
        for field, value in rows:
            with pytest.raises(InvalidTag):
                AESGCM(key).decrypt(bytes(value)[:12], bytes(value)[12:], f"4:EX-1{field}".encode())


def test_equal_values_are_not_seen_to_be_equal(vault) -> None:
    same = [Field(field=name, paths=(), privacy="personal", text=CANARY) for name in ("a", "b")]
    vault.seal("EX-1", same, holder="post-aa", purposes=[], keep_until=NOW.date(), now=NOW)
    vault.seal("EX-2", same, holder="post-aa", purposes=[], keep_until=NOW.date(), now=NOW)
    values = [bytes(row[0]) for row in vault.database.query("SELECT sealed FROM vault_element")]
    assert len({value[12:] for value in values}) == len(values) == 4


def test_the_key_file_is_its_owners_alone_and_the_wrapping_key_has_its_length(tmp_path) -> None:
    DataKeys(tmp_path / "keys.db", WRAPPING)
    assert (tmp_path / "keys.db").stat().st_mode & 0o077 == 0
    with pytest.raises(StoreError, match="31 bytes"):
        DataKeys(tmp_path / "other.db", bytes(31))
    assert not (tmp_path / "other.db").exists()
    (tmp_path / "no.db").write_bytes(b"this is no database at all, whatever its name says" * 100)
    with pytest.raises(StoreError, match="Cannot open the keys"):
        DataKeys(tmp_path / "no.db", WRAPPING)
