"""A private PostgreSQL cluster for the tests: made from installed binaries in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

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

    def command(self, program: str, *arguments: str) -> list[str]:
        plain = [str(self.binaries / program), *arguments]
        if self.user is None:
            return plain
        return ["setpriv", f"--reuid={self.user}", f"--regid={pwd.getpwnam(self.user).pw_gid}",
                "--clear-groups", *plain]  # fmt: skip

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self.command(program, *arguments),
            capture_output=True,
            cwd=self.folder,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise NoPostgresError(f"{program} failed: {done.stderr.decode()[-400:]}")

    def start(self) -> None:
        options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=on",
                   "-c", "max_connections=50", "-c", "shared_buffers=32MB")  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command("postgres", "-D", str(self.data), *options),
                stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
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
        done = subprocess.run(
            ["ps", "--ppid", str(self.process.pid), "-o", "pid=,args="],
            capture_output=True,
            check=False,
        )
        return [
            int(line.split()[0])
            for line in done.stdout.decode().splitlines()
            if "pratique" in line.split(None, 1)[1]
        ]

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
