"""Is anything acknowledged ever lost? Kill -9 during load, again and again, and compare.

    python soak/kill9.py --store sqlite --rounds 50
    python soak/kill9.py --store postgresql --rounds 50
    python soak/kill9.py --store sqlite --rounds 5 --acknowledge-before-commit     # must be caught

A client keeps its own record of what the service acknowledged. The service is killed at random moments; with
PostgreSQL every second kill hits a database process instead, so that the server goes through crash recovery.
Unacknowledged sendings are sent again, as a client would. At the end the journal must hold every acknowledged
filing once, unchanged, at the acknowledged place.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from pratique.errors import StoreError  # noqa: E402
from pratique.store import Entry, Journal, Receipt, Writer, open_database, open_journal  # noqa: E402

IN_FLIGHT = 64


class HastyJournal(Journal):
    """The deliberate mistake: each group is acknowledged at once and committed only when the next one comes."""

    promised: Sequence[Entry] = ()

    def record(self, entries: Sequence[Entry]) -> list[Receipt | StoreError]:
        if self.promised:
            super().record(self.promised)
        self.promised = entries
        last = self._end()[0]
        return [
            Receipt(sequence=last + n, declaration=each.declaration, version=1, answer=each.answer)
            for n, each in enumerate(entries, start=1)
        ]


def entry(name: str, body: str) -> Entry:
    content = body.encode()
    return Entry(
        sender="client",
        request=name,
        request_hash=hashlib.sha256(content).hexdigest(),
        kind="filing",
        declaration=name,
        follows=0,
        destination="AA",
        code="RELEASED",
        state="RELEASED",
        form="aed",
        source=content,
        body=content,
        answer=content,
        recorded_at=datetime.now(UTC),
    )


def serve(url: str, hasty: bool) -> None:
    """The service: filings on standard input, acknowledgements on standard output, after the commit."""
    writer = Writer(lambda: HastyJournal(open_database(url)) if hasty else open_journal(url))
    lock = threading.Lock()

    def acknowledge(name: str, future: Future[Receipt]) -> None:
        error = future.exception()
        line = {"name": name, "error": str(error)} if error else {
            "name": name,
            "sequence": future.result().sequence,
        }  # fmt: skip
        with lock:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()

    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        name, body = json.loads(line)
        writer.submit(entry(name, body)).add_done_callback(lambda f, n=name: acknowledge(n, f))
    writer.close()


class Client:
    """Sends filings and remembers what was acknowledged."""

    def __init__(self, url: str, seed: int, hasty: bool) -> None:
        self.url, self.hasty = url, hasty
        self.chance = random.Random(seed)
        self.next = 0
        self.pending: dict[str, str] = {}
        self.acknowledged: dict[str, tuple[str, int]] = {}
        self.contradictions = 0
        self.recoveries: list[float] = []

    def round(self, kill: object) -> None:
        started = time.monotonic()
        service = subprocess.Popen(
            [sys.executable, __file__, "--serve", self.url, *(["--hasty"] if self.hasty else [])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert service.stdin and service.stdout
        ready = threading.Event()
        room = threading.Semaphore(IN_FLIGHT)
        first: list[float] = []

        def listen() -> None:
            assert service.stdout
            for line in service.stdout:
                try:
                    said = json.loads(line)
                except json.JSONDecodeError:
                    break
                if "ready" in said:
                    ready.set()
                    continue
                room.release()
                if "sequence" in said:
                    if not first:
                        first.append(time.monotonic())
                    self.note(said["name"], said["sequence"])
            ready.set()
            room.release(IN_FLIGHT)

        listener = threading.Thread(target=listen)
        listener.start()
        ready.wait(40)
        killer = threading.Timer(0.05 + self.chance.random() * 0.35, kill, (service,))  # type: ignore[arg-type]
        killer.start()
        again = list(self.pending.items())
        try:
            while service.poll() is None and killer.is_alive():
                room.acquire()
                if again:
                    name, body = again.pop()
                else:
                    self.next += 1
                    name, body = f"N{self.next:08d}", f"{self.next} {self.chance.random()}"
                    self.pending[name] = body
                service.stdin.write(json.dumps([name, body]) + "\n")
                service.stdin.flush()
        except (BrokenPipeError, OSError):
            pass
        killer.join()
        time.sleep(0.02)
        service.kill()
        service.wait()
        listener.join()
        if first:
            self.recoveries.append(first[0] - started)

    def note(self, name: str, sequence: int) -> None:
        body = self.pending.pop(name, None)
        if body is not None:
            self.acknowledged[name] = (body, sequence)
        elif self.acknowledged.get(name, ("", sequence))[1] != sequence:
            self.contradictions += 1

    def verdict(self) -> dict[str, object]:
        journal = open_journal(self.url)
        kept: dict[str, list[tuple[str, int]]] = {}
        after = 0
        while page := journal.find(after=after, limit=5000):
            for each in page:
                kept.setdefault(each.request, []).append((each.body.decode(), each.sequence))
            after = page[-1].sequence
        lost = sum(name not in kept for name in self.acknowledged)
        changed = sum(
            name in kept and kept[name][0] != what for name, what in self.acknowledged.items()
        )
        doubled = sum(len(each) > 1 for each in kept.values())
        times = sorted(self.recoveries)
        return {
            "acknowledged": len(self.acknowledged),
            "kept": sum(len(each) for each in kept.values()),
            "lost": lost,
            "changed": changed + self.contradictions,
            "doubled": doubled,
            "digests": "fit" if journal.verify() is None else "broken",
            "first_acknowledgement_after_start_s": {
                "median": round(times[len(times) // 2], 2) if times else None,
                "most": round(times[-1], 2) if times else None,
            },
        }


def kill_service(service: subprocess.Popen[str]) -> None:
    service.send_signal(signal.SIGKILL)


def run(store: str, rounds: int, seed: int, hasty: bool) -> dict[str, object]:
    """All rounds, then the comparison."""
    from tests.support.postgres import Cluster  # noqa: PLC0415 - only where it is wanted

    started = time.monotonic()
    cluster = Cluster() if store == "postgresql" else None
    killed_backends = 0
    with tempfile.TemporaryDirectory(prefix="kill9-") as folder:
        url = cluster.new_database() if cluster else f"sqlite:///{folder}/store.db"
        client = Client(url, seed, hasty)
        try:
            for number in range(rounds):
                if cluster and number % 2:

                    def kill(service: subprocess.Popen[str]) -> None:
                        nonlocal killed_backends
                        for process in cluster.backends()[:1]:
                            os.kill(process, signal.SIGKILL)
                            killed_backends += 1
                        time.sleep(0.3)
                        kill_service(service)

                    client.round(kill)
                else:
                    client.round(kill_service)
            answer = client.verdict()
        finally:
            if cluster:
                cluster.stop()
    return {
        "store": store,
        "rounds": rounds,
        "database_processes_killed": killed_backends,
        "seed": seed,
        "acknowledge_before_commit": hasty,
        **answer,
        "seconds": round(time.monotonic() - started, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--acknowledge-before-commit", action="store_true")
    parser.add_argument("--serve", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--hasty", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve, args.hasty)
        return 0
    answer = run(args.store, args.rounds, args.seed, args.acknowledge_before_commit)
    print(json.dumps(answer, indent=2))
    harmed = bool(answer["lost"] or answer["changed"] or answer["doubled"])
    if args.acknowledge_before_commit:
        harmed = bool(answer["lost"])
        print(
            "The deliberate mistake was caught."
            if harmed
            else "The deliberate mistake was NOT caught."
        )
        return 0 if harmed else 1
    return 1 if harmed or not answer["acknowledged"] else 0


if __name__ == "__main__":
    sys.exit(main())
