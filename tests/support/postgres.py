"""A private PostgreSQL cluster for the tests: made from installed binaries in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg


class NoPostgresError(Exception):
    """PostgreSQL cannot be run here; the message says why and what to do."""


def binaries() -> Path:
    """Folder of initdb and postgres."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    found = shutil.which("initdb")
    if found:
        real = Path(found).resolve().parent
        if (real / "postgres").exists():
            return real
    raise NoPostgresError("no PostgreSQL server is installed: apt-get install postgresql")


def processes() -> Iterator[tuple[int, int, str]]:
    """Every process as (id, id of its parent, title), read from /proc: not every machine has `ps`."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state = (folder / "stat").read_text()
                title = (
                    (folder / "cmdline")
                    .read_bytes()
                    .replace(b"\0", b" ")
                    .decode("utf-8", "replace")
                )
            except OSError:
                continue
            yield int(folder.name), int(state.rpartition(")")[2].split()[1]), title


class Cluster:
    """A running cluster, reached over a socket in its own folder; `crash` and `start` test recovery."""

    def __init__(self) -> None:
        self.binaries = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.user = None
        if os.geteuid() == 0:
            self.user = next(
                (n for n in ("postgres", "nobody") if any(n == p.pw_name for p in pwd.getpwall())),
                None,
            )
            if self.user is None:
                raise NoPostgresError(
                    "running as root and there is no unprivileged user to drop to"
                )
            shutil.chown(self.folder, self.user)
        self.data = self.folder / "data"
        self.process: subprocess.Popen[bytes] | None = None
        self.databases = 0
        self.run(
            "initdb",
            "-D",
            str(self.data),
            "-A",
            "trust",
            "-U",
            "pratique",
            "--no-sync",
            "-E",
            "UTF8",
        )
        self.start()

    def identity(self) -> dict[str, Any]:
        """Whom a server program runs as: PostgreSQL refuses to run as root."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            capture_output=True,
            cwd=self.folder,
            timeout=120,
            check=False,
            **self.identity(),
        )
        if done.returncode:
            raise NoPostgresError(f"{program} failed: {done.stderr.decode()[-400:]}")

    def start(self) -> None:
        options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=on",
                   "-c", "max_connections=50", "-c", "shared_buffers=32MB")  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.binaries / "postgres"), "-D", str(self.data), *options],
                stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **self.identity(),
            )  # fmt: skip
        give_up = time.monotonic() + 60
        while not (self.folder / ".s.PGSQL.5432").exists():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise NoPostgresError((self.folder / "log").read_text()[-400:])
            time.sleep(0.05)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://pratique@/{database}?host={self.folder}"

    def new_database(self) -> str:
        self.databases += 1
        name = f"test{self.databases}"
        give_up = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(self.url(), autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}")
                return self.url(name)
            except psycopg.OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    def backends(self) -> list[int]:
        """Process ids of the server's children that serve clients."""
        assert self.process is not None
        return [
            process
            for process, parent, title in processes()
            if parent == self.process.pid and "pratique" in title
        ]

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
