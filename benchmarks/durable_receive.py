"""How many declarations a second are received so that none is lost, and how long does a caller wait?

    python benchmarks/durable_receive.py [--store URL]        32 callers, one process, embedded store, group commit

Each caller sends one declaration after another and waits for its acknowledgement: read, assessed with trace,
checked, decided, and on disk (SQLite in WAL mode with synchronous=FULL).
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from pratique.cli.demo import sample_evidence
from pratique.office.desk import Desk
from pratique.office.generate import generate
from pratique.office.receive import receive

COUNT, SEED, CALLERS, DAY = 16_000, 7, 32, date(2026, 7, 1)
BAR_PER_SECOND, BAR_P99_MS = 2000, 40.0


def measure(store: str | None = None) -> dict[str, object]:
    """Acknowledged a second, and the 99th percentile of what callers wait."""
    lines = [msgspec.json.encode(d) for d, _ in generate(SEED, COUNT, on=DAY)]
    now = datetime(2026, 7, 1, 23, 59, tzinfo=UTC)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        desk = Desk(evidence=sample_evidence(), store=store or f"sqlite:///{folder}/journal.db")
        waits: list[float] = []
        work = iter(lines)
        lock = threading.Lock()

        def call() -> None:
            while True:
                with lock:
                    line = next(work, None)
                if line is None:
                    return
                before = time.perf_counter()
                receive(line, desk, sender="benchmark", now=now, form="aed")
                waits.append(time.perf_counter() - before)

        for line in lines[:64]:
            receive(line, desk, sender="warm", now=now, form="aed")
        gc.freeze()
        callers = [threading.Thread(target=call) for _ in range(CALLERS)]
        begun, used = time.monotonic(), time.process_time()
        for each in callers:
            each.start()
        for each in callers:
            each.join()
        seconds, used = time.monotonic() - begun, time.process_time() - used
        journal = desk.journal()
        kept = sum(journal.counts().values())
        journal.close()
        desk.close()
    waits.sort()
    assert kept == COUNT + 64
    return {
        "question": "acknowledged a second, one process, 32 callers, on disk before the answer",
        "acknowledged": COUNT,
        "callers": CALLERS,
        "store": (store or "sqlite").split(":")[0],
        "seed": SEED,
        "per_second": round(COUNT / seconds),
        "bar_per_second": BAR_PER_SECOND,
        "cpu_seconds": round(used, 2),
        "median_ms": round(waits[COUNT // 2] * 1000, 1),
        "p99_ms": round(waits[int(COUNT * 0.99)] * 1000, 1),
        "bar_p99_ms": BAR_P99_MS,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="another store, as postgresql://…")
    print(json.dumps(measure(parser.parse_args().store), indent=1))
