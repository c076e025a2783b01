"""How fast does `pratique assess` turn whole files into decisions, and does memory stay flat?

    python benchmarks/assess_files.py            two worker processes; wall and CPU time of the whole command

Memory is what the command and its workers hold together (proportional set size, looked at while it runs).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from pratique.model.arrow import to_arrow
from pratique.office.generate import generate
from pratique.office.sample_rates import sample_evidence

SEED, DAY = 7, date(2026, 7, 1)
SMALL = 10_000
LARGE = {"ndjson": 1_000_000, "parquet": 4_000_000}  # so that start-up is a small part of each
BLOCK = 50_000
WORKERS = 2
BAR_NDJSON, BAR_PARQUET, BAR_MB = 40_000, 600_000, 600


def write_files(folder: Path) -> None:
    """One invented block of parcels, repeated: NDJSON and Parquet, small and large."""
    declarations = [d for d, _ in generate(SEED, BLOCK, on=DAY, fault_share=0.05)]
    lines = b"".join(msgspec.json.encode(d) + b"\n" for d in declarations)
    first = b"".join(msgspec.json.encode(d) + b"\n" for d in declarations[:SMALL])
    (folder / "small.ndjson").write_bytes(first)
    with (folder / "large.ndjson").open("wb") as out:
        for _ in range(LARGE["ndjson"] // BLOCK):
            out.write(lines)
    rows = pa.Table.from_batches([to_arrow(declarations)])
    pq.write_table(rows.slice(0, SMALL), folder / "small.parquet")
    with pq.ParquetWriter(folder / "large.parquet", rows.schema) as writer:
        for _ in range(LARGE["parquet"] // BLOCK):
            writer.write_table(rows)


def held(root: int) -> int:
    """Bytes held by a process and its children together."""
    total = 0
    for process in [root, *children(root)]:
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total * 1024


def children(process: int) -> list[int]:
    """Process numbers below a process."""
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [each for child in found for each in (int(child), *children(int(child)))]


def run(source: Path, out: Path) -> dict[str, float]:
    """One command: declarations a second of wall and of CPU time, and the most memory held."""
    large = source.stem == "large"
    count = LARGE[source.suffix[1:]] if large else SMALL
    rates = [f"--fx={r.currency}/{r.home}={r.rate}" for r in sample_evidence().rates]
    command = [str(Path(sys.executable).parent / "pratique"), "assess", str(source), "-o", str(out)]
    command += ["--on", DAY.isoformat(), "--workers", str(WORKERS), *rates]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    most = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.5 if large else 0.05):
            most = max(most, held(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    process.wait()
    seconds = time.monotonic() - started
    done.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "declarations": count,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used, 2),
        "per_second": round(count / seconds),
        "per_cpu_second": round(count / used),
        "most_megabytes": round(most / 1e6),
        "bytes_in": source.stat().st_size,
        "bytes_out": out.stat().st_size,
    }


def measure() -> dict[str, object]:
    """All four commands."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder)
        found = {}
        for form in ("ndjson", "parquet"):
            for size in ("small", "large"):
                found[f"{form} {size}"] = run(folder / f"{size}.{form}", folder / f"out.{form}")
        return {
            "question": "files to decisions, two workers: a second, and memory",
            "seed": SEED,
            "workers": WORKERS,
            "bar_ndjson_per_second": BAR_NDJSON,
            "bar_parquet_per_second": BAR_PARQUET,
            "bar_megabytes": BAR_MB,
            **found,
        }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
