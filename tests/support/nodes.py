"""Two nodes that speak over TLS on this machine: certificates, directory, a node in memory with a real log, and its server."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pratique.api.asking import House
from pratique.api.client import Client
from pratique.api.hosted import Answer, Due, NodeThread, Waiting
from pratique.api.routes import application
from pratique.api.server import server
from pratique.api.tls import client_context, fingerprint, server_context
from pratique.errors import SealError
from pratique.exchange.partners import Partner, Partners, public_key
from pratique.office.intake import Intake
from pratique.office.log import NodeLog
from pratique.store.database import open_database
from tests.support.keys import ed25519, seed

NOW = datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DAY = timedelta(days=1)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class Counter:
    """Bytes nobody saw before, in this test."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return seed(f"{self.name} {self.count}")[:size]


class MemoryNode:
    """A node whose inbox and outbox are lists; its log is a real one.

    It accepts what begins with ``ok``, refuses the rest, and fails as told by ``fails``.
    """

    def __init__(self, party: str, directory: list[Partner], url: str) -> None:
        self.party = party
        self.directory = directory
        self.expires = NOW + DAY
        self.log = NodeLog(open_database(url), f"{party}.example/log", ed25519(f"log {party}"))
        self.inbox: list[bytes] = []
        self.groups: list[int] = []
        self.outbox: dict[str, list[bytes]] = {}
        self.waiting: dict[str, list[bytes]] = {}
        self.told: list[tuple[str, Answer | None]] = []
        self.receipts: list[tuple[str, bytes]] = []
        self.fails: Exception | None = None
        self.refusal = ""
        self.pulls_from: list[str] = []

    def partners(self, now: datetime) -> Partners:
        if now >= self.expires:
            raise SealError("directory-stale", "The directory has expired.", "directory")
        return Partners(tuple(self.directory))

    def why_refuse(self, now: datetime) -> str:
        return self.refusal

    def receive(self, messages: Sequence[bytes], now: datetime) -> list[Answer]:
        if self.fails:
            raise self.fails
        self.groups.append(len(messages))
        answers = []
        for each in messages:
            if each not in self.inbox and each.startswith(b"ok"):
                self.inbox.append(each)
            status = 202 if each.startswith(b"ok") else 422
            answers.append(Answer(status=status, body=b'{"to":"%s"}' % each[:20].hex().encode()))
        return answers

    def feed(self, party: str, after: str, limit: int, now: datetime) -> list[Waiting]:
        start = int(after or 0)
        listed = self.waiting.get(party, [])[start : start + limit]
        return [
            Waiting(cursor=str(start + number), envelope=each)
            for number, each in enumerate(listed, 1)
        ]

    def take_receipts(self, party: str, receipts: Sequence[bytes], now: datetime) -> None:
        self.receipts.extend((party, each) for each in receipts)

    def process(self, now: datetime, limit: int) -> int:
        return 0

    def due(self, now: datetime, limit: int) -> list[Due]:
        return [
            Due(partner=partner, id=f"{partner} {number}", envelope=each)
            for partner, listed in self.outbox.items()
            for number, each in enumerate(listed)
        ][:limit]

    def answered(self, due: Due, answer: Answer | None, now: datetime) -> None:
        self.told.append((due.id, answer))
        if answer is not None and answer.status == 202:
            self.outbox[due.partner].remove(due.envelope)

    def lookout(self) -> list[Partner]:
        return [each for each in self.directory if each.id in self.pulls_from]


class Running:
    """A node that listens: its entry, its thread, its files, and a client in its name."""

    def __init__(self, party: str, folder: Path, directory: list[Partner], clock: Clock) -> None:
        self.party, self.folder, self.clock = party, folder / party, clock
        self.folder.mkdir()
        self.key = ed25519(f"http {party}")
        self.certificate, self.tls_key = certificate(self.folder, party)
        self.port = free_port()
        self.node = MemoryNode(party, directory, f"sqlite:///{self.folder / 'node.db'}")
        self.thread: NodeThread = Intake(
            lambda: self.node, lambda node, messages: node.receive(messages, clock())
        )
        self.entry = Partner(
            id=party,
            name=party,
            place="aa",
            role="post_of_origin",
            keys=(public_key(self.key.public_key(), "sig", NOW - DAY, NOW + 30 * DAY),),
            reach="push",
            address=f"https://127.0.0.1:{self.port}",
            log=tuple(each.vkey for each in self.node.log.keys),
            certificates=(fingerprint(der(self.certificate)),),
        )
        directory.append(self.entry)

    def client(self, *, private: bool = True, seconds: float = 5.0) -> Client:
        context = client_context(self.certificate, self.tls_key)
        return Client(
            self.key,
            context,
            self.clock,
            Counter(f"{self.party} {id(context)}"),
            private_addresses=private,
            seconds=seconds,
        )

    @contextmanager
    def listening(
        self, clients: Path | None = None, *, max_body: int = 100_000, body_seconds: float = 0.5
    ) -> Iterator[None]:
        house = House(
            authority=f"127.0.0.1:{self.port}",
            key=self.key,
            card=self.entry,
            now=self.clock,
            max_body=max_body,
            body_seconds=body_seconds,
        )
        context = server_context(self.certificate, self.tls_key, clients)
        running = server(application(self.thread, house), "127.0.0.1", self.port, context)
        thread = threading.Thread(target=running.run, daemon=True)
        thread.start()
        wait_until(lambda: running.started)
        try:
            yield
        finally:
            running.should_exit = True
            running.force_exit = True
            thread.join(10)


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came about")


def free_port() -> int:
    with socket.socket() as plain:
        plain.bind(("127.0.0.1", 0))
        return int(plain.getsockname()[1])


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that vouches for itself, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "tls.pem", folder / "tls.key"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def der(path: Path) -> bytes:
    read = x509.load_pem_x509_certificate(path.read_bytes())
    return read.public_bytes(serialization.Encoding.DER)
