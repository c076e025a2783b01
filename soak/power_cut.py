"""Is anything acknowledged lost when the power goes? Cut it, over and over, on a simulated disk.

    python soak/power_cut.py --cuts 10000
    python soak/power_cut.py --cuts 2000 --synchronous NORMAL    # must lose
    python soak/power_cut.py --cuts 2000 --synchronous OFF       # must corrupt
    python soak/power_cut.py --cuts 2000 --data-keys

SQLite writes through a file system layer that remembers what was not yet synchronised. At the cut, before a random
operation, the disk keeps either all but a suffix of those writes (the last one torn) or a random subset of their
sectors; then the store's own code opens what is left. The journal and the log are written in one transaction each.

What the model lacks: a disk that lies about synchronising, sectors that go bad, renames (SQLite makes none), and a
folder entry lost after its file was synchronised (SQLite synchronises the folder with a new file's first sync).
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.errors import NotFoundError, StoreError
from pratique.office.log import NodeLog
from pratique.office.log_audit import audit
from pratique.store import Entry, Journal, open_journal
from pratique.store.data_keys import SETTINGS as KEY_SETTINGS
from pratique.store.data_keys import TABLE as KEY_TABLE
from pratique.store.data_keys import DataKeys
from pratique.store.database import SQLITE_SETTINGS, SqliteDatabase

SECTOR = 512
CUTS_IN_A_LIFE = 10
NOW = datetime(2026, 11, 25, tzinfo=UTC)
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
WRAPPING_KEY = bytes(range(32))


class PowerCutError(Exception):
    """The power is gone."""


class Disk:
    """What is on the disk for good, and what was written since: ``unsynced`` in the order of writing."""

    def __init__(self, folder: Path, cut_at: int) -> None:
        self.durable = {path.name: bytearray(path.read_bytes()) for path in folder.iterdir()
                        if not path.name.endswith("-shm")}  # fmt: skip
        self.unsynced: list[tuple[str, str, int, bytes]] = []
        self.left = cut_at
        self.is_off = False

    def operation(self) -> None:
        if self.is_off:
            return
        self.left -= 1
        if self.left < 0:
            raise PowerCutError

    def apply(self, name: str, kind: str, at: int, data: bytes) -> None:
        if kind == "delete":
            self.durable.pop(name, None)
            return
        content = self.durable.setdefault(name, bytearray())
        if kind == "truncate":
            del content[at:]
        content.extend(bytes(max(0, at - len(content))))
        if kind == "write":
            content[at : at + len(data)] = data

    def synchronise(self, name: str) -> None:
        rest = []
        for each in self.unsynced:
            if each[0] == name and each[1] != "delete":
                self.apply(*each)
            else:
                rest.append(each)
        self.unsynced = rest

    def cut(self, mode: str, chance: random.Random) -> None:
        """Settle what of the unsynchronised survives."""
        if mode == "suffix":
            kept = chance.randint(0, len(self.unsynced))
            for each in self.unsynced[:kept]:
                self.apply(*each)
            if kept < len(self.unsynced) and self.unsynced[kept][1] == "write":
                name, kind, at, data = self.unsynced[kept]
                torn = chance.randint(0, len(data) // SECTOR) * SECTOR
                self.apply(name, kind, at, data[:torn])
            return
        share = chance.random()
        for name, kind, at, data in self.unsynced:
            if kind != "write":
                if chance.random() < share:
                    self.apply(name, kind, at, data)
                continue
            begin = 0
            while begin < len(data):
                end = min(len(data), begin + SECTOR - (at + begin) % SECTOR)
                if chance.random() < share:
                    self.apply(name, kind, at + begin, data[begin:end])
                begin = end

    def leave(self, folder: Path) -> None:
        """Write what is left as files."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in self.durable.items():
            (folder / name).write_bytes(content)


class CutFiles(apsw.VFS):
    """SQLite's way to its files, by the disk that is plugged in now."""

    disk: Disk

    def __init__(self) -> None:
        super().__init__("power-cut", base="")

    def xOpen(self, name: Any, flags: list[int]) -> CutFile:  # noqa: N802
        return CutFile(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.disk.operation()
        super().xDelete(name, sync)
        change = (Path(name).name, "delete", 0, b"")
        if self.disk.is_off:
            return
        if sync:
            self.disk.synchronise(change[0])
            self.disk.apply(*change)
        else:
            self.disk.unsynced.append(change)


class CutFile(apsw.VFSFile):
    """One file: everything is done, and remembered until it is synchronised."""

    def __init__(self, files: CutFiles, name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.name = Path(path).name if path else ""
        self.files, self.disk = files, files.disk
        super().__init__("", name, flags)

    def remember(self, kind: str, at: int, data: bytes) -> None:
        self.disk.operation()
        if self.name:
            self.disk.unsynced.append((self.name, kind, at, data))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.remember("write", offset, bytes(data))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.remember("truncate", size, b"")
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.operation()
        if not self.disk.is_off:
            self.disk.synchronise(self.name)


class CutDatabase(SqliteDatabase):
    """The store's own SQLite, over files whose power can be cut."""

    errors = (apsw.Error,)

    def __init__(self, path: Path, settings: tuple[str, ...]) -> None:
        self.connection: Any = apsw.Connection(str(path), vfs="power-cut")
        for setting in settings:
            self.connection.execute(f"PRAGMA {setting}").fetchall()


class CutKeys(DataKeys):
    """The store's own data keys, over files whose power can be cut."""

    def __init__(self, database: CutDatabase) -> None:
        self._wrapping_key = WRAPPING_KEY
        self._connection = database.connection
        self._writing = database.writing


def entry(name: str, body: bytes) -> Entry:
    return Entry(
        sender="client", request=name, request_hash=hashlib.sha256(body).hexdigest(), kind="filing",
        declaration=name, follows=0, destination="AA", code="RELEASED", state="RELEASED", form="aed",
        source=body, body=body, answer=body, recorded_at=NOW, parcels=(name,),
    )  # fmt: skip


class JournalWork:
    """Filings and log entries, several in one transaction; what was acknowledged is remembered."""

    file = "store.db"

    def __init__(self, level: str, chance: random.Random) -> None:
        self.settings = (*SQLITE_SETTINGS, f"synchronous={level}")
        self.chance = chance
        self.acknowledged: dict[str, tuple[int, bytes]] = {}
        self.promised = 0
        self.named = 0

    def begin(self, folder: Path) -> None:
        open_journal(f"sqlite:///{folder / self.file}").close()

    def work(self, database: CutDatabase) -> None:
        database.query(f"PRAGMA wal_autocheckpoint={self.chance.choice((4, 12, 1000))}")
        journal, log = Journal(database), NodeLog(database, "node.example", LOG_KEY)
        while True:
            group = []
            for _ in range(self.chance.randint(1, 4)):
                self.named += 1
                group.append(
                    entry(f"N{self.named}", self.chance.randbytes(self.chance.randint(20, 2000)))
                )
            with database.writing():
                receipts = journal.add(group)
                log.append([each.body for each in group])
            for each, receipt in zip(group, receipts, strict=True):
                assert not isinstance(receipt, StoreError)
                self.acknowledged[each.request] = (receipt.sequence, each.body)
            self.promised += 1
            if self.chance.random() < 0.1:
                log.checkpoint(NOW)

    def harm(self, folder: Path) -> tuple[int, str]:
        """How many acknowledged are not there as they were, and what is corrupt."""
        journal = open_journal(f"sqlite:///{folder / self.file}")
        database = journal.database
        try:
            if (said := database.query("PRAGMA integrity_check")[0][0]) != "ok":
                return 0, f"integrity_check: {said}"
            kept = database.query("SELECT request, sequence, body FROM journal ORDER BY sequence")
            log = NodeLog(database, "node.example", LOG_KEY)
            logged = [row.entry for row in log.rows.every_entry()]
            if journal.verify() is not None or logged != [bytes(row[2]) for row in kept]:
                return 0, "the journal and the log do not fit"
            if (wrong := audit(log)) is not None:
                return 0, f"log audit: {wrong}"
        finally:
            journal.close()
        there = {row[0]: (row[1], bytes(row[2])) for row in kept}
        return sum(there.get(name) != what for name, what in self.acknowledged.items()), ""

    def forgive(self, folder: Path) -> None:
        """What a control lost once is not counted again."""
        with sqlite3.connect(folder / self.file) as connection:
            rows = connection.execute("SELECT request, sequence, body FROM journal").fetchall()
        connection.close()
        self.acknowledged = {row[0]: (row[1], row[2]) for row in rows}


class KeyWork:
    """Keys made and destroyed; what was acknowledged is remembered."""

    file = "data-keys.db"

    def __init__(self, level: str, chance: random.Random) -> None:
        self.settings = (*KEY_SETTINGS, f"synchronous={level}")
        self.chance = chance
        self.keys: dict[str, bytes] = {}
        self.destroyed: set[str] = set()
        self.promised = 0
        self.named = 0

    def begin(self, folder: Path) -> None:
        DataKeys(folder / self.file, WRAPPING_KEY).close()

    def work(self, database: CutDatabase) -> None:
        database.connection.execute(KEY_TABLE)
        keys = CutKeys(database)
        while True:
            if self.keys and self.chance.random() < 0.4:
                name = self.chance.choice(list(self.keys))
                key = self.keys.pop(name)  # under way: either outcome is right
                keys.destroy([name])
                self.destroyed.add(name)
                assert key
            else:
                self.named += 1
                self.keys[f"C{self.named}"] = keys.new(f"C{self.named}")
            self.promised += 1

    def harm(self, folder: Path) -> tuple[int, str]:
        keys = DataKeys(folder / self.file, WRAPPING_KEY)
        try:
            said = keys._connection.execute("PRAGMA integrity_check").fetchone()[0]
            if said != "ok":
                return 0, f"integrity_check: {said}"
            lost = sum(key_of(keys, name) != key for name, key in self.keys.items())
            return lost + sum(key_of(keys, name) is not None for name in self.destroyed), ""
        finally:
            keys.close()

    def forgive(self, folder: Path) -> None:
        self.keys.clear()
        self.destroyed.clear()


def key_of(keys: DataKeys, name: str) -> bytes | None:
    try:
        return keys.of(name)
    except NotFoundError:
        return None


def life(work: JournalWork | KeyWork, cuts: int, chance: random.Random, files: CutFiles,
         place: Path, found: collections.Counter[str]) -> None:  # fmt: skip
    """One store from its first entry through some cuts; it ends early once it is corrupt."""
    disk_folder, copy = place / "disk", place / "copy"
    shutil.rmtree(disk_folder, ignore_errors=True)
    disk_folder.mkdir()
    work.begin(disk_folder)
    for _ in range(cuts):
        mode = chance.choice(("suffix", "subset"))
        disk = files.disk = Disk(disk_folder, chance.randint(1, 240))
        database = None
        try:
            database = CutDatabase(disk_folder / work.file, work.settings)
            work.work(database)
        except (PowerCutError, apsw.Error):
            if disk.left >= 0:  # a database the last cut made unreadable, not the cut
                found["corrupt"] += 1
                return
        disk.cut(mode, chance)
        disk.is_off = True
        if database is not None:
            database.connection.close(True)
        disk.leave(disk_folder)
        disk.leave(copy)
        found["cuts"] += 1
        found[mode] += 1
        try:
            lost, corrupt = work.harm(copy)
        except (StoreError, sqlite3.Error) as error:
            lost, corrupt = 0, str(error)
        if corrupt:
            found["corrupt"] += 1
            return
        found["lost"] += lost
        if lost:
            found["cuts_that_lost"] += 1
            work.forgive(copy)


def run(cuts: int, seed: int, synchronous: str = "FULL", data_keys: bool = False) -> dict[str, Any]:
    """So many cuts; what was promised, and what of it was lost or corrupt."""
    started = time.monotonic()
    chance = random.Random(seed)
    found: collections.Counter[str] = collections.Counter(lost=0, corrupt=0, cuts_that_lost=0)
    files = CutFiles()
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        while found["cuts"] < cuts:
            kind = KeyWork if data_keys else JournalWork
            work = kind(synchronous, chance)
            life(work, min(CUTS_IN_A_LIFE, cuts - found["cuts"]), chance, files, Path(folder), found)  # fmt: skip
            found["promised"] += work.promised
    return {
        "store": "data keys" if data_keys else "journal and log",
        "synchronous": synchronous,
        "seed": seed,
        "cuts": found["cuts"],
        "lost_suffix": found["suffix"],
        "lost_subset": found["subset"],
        "acknowledged_commits": found["promised"],
        "lost": found["lost"],
        "cuts_that_lost": found["cuts_that_lost"],
        "corrupt": found["corrupt"],
        "seconds": round(time.monotonic() - started, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cuts", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--synchronous", choices=("OFF", "NORMAL", "FULL", "EXTRA"))
    parser.add_argument("--data-keys", action="store_true")
    args = parser.parse_args()
    usual = "EXTRA" if args.data_keys else "FULL"
    level = args.synchronous or usual
    answer = run(args.cuts, args.seed, level, args.data_keys)
    print(json.dumps(answer, indent=2))
    if level in ("OFF", "NORMAL"):
        caught = bool(answer["corrupt"] if level == "OFF" else answer["lost"])
        print(f"synchronous={level} was {'caught' if caught else 'NOT caught'}.")
        return 0 if caught else 1
    return 1 if answer["lost"] or answer["corrupt"] else 0


if __name__ == "__main__":
    sys.exit(main())
