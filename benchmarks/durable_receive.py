"""How many declarations a second are received so that none is lost, and how long does a caller wait?

    python benchmarks/durable_receive.py [--store URL]        32 callers, one process, embedded store, group commit

Each caller sends one declaration after another and waits for its acknowledgement: read, assessed with trace,
checked, decided, and on disk (SQLite in WAL mode with synchronous=FULL). The callers are tasks of one event loop, as
in a server; the writer is a thread of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from pratique import messages
from pratique.office.desk import Desk
from pratique.office.generate import generate
from pratique.office.receive import Sending, file_declaration, receive
from pratique.office.sample_rates import sample_evidence

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

        async def call() -> None:
            for line in work:
                before = time.perf_counter()
                declaration = messages.parse(line, "aed")
                sending = Sending(sender="benchmark", source=line, form="aed", now=now)
                filed = file_declaration(declaration, sending, desk)
                await asyncio.wrap_future(filed.kept)
                filed.acknowledged()
                waits.append(time.perf_counter() - before)

        async def all_calls() -> None:
            await asyncio.gather(*(call() for _ in range(CALLERS)))

        for line in lines[:64]:
            receive(line, desk, sender="warm", now=now, form="aed")
        gc.freeze()
        begun, used = time.monotonic(), time.process_time()
        asyncio.run(all_calls())
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
