"""How long does a simulation over ten million parcels take, in how much memory?

    python benchmarks/simulate.py

The parcels are an invented block, repeated, for the 27 member states; duty up to EUR 150 relieved, against duty from the
first euro. Two worker processes; memory as in ``assess_files.py``.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from assess_files import held
from columnar import members

from pratique.model.arrow import to_arrow
from pratique.office.generate import generate
from pratique.office.sample_rates import sample_evidence

ROOT = Path(__file__).parent.parent
SEED, DAY, PARCELS, BLOCK, WORKERS = 7, date(2026, 6, 30), 10_000_000, 100_000, 2
BAR_SECONDS = 60


def measure() -> dict[str, object]:
    """One simulation, the whole command."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "parcels.parquet"
        places = members()
        block = pa.Table.from_batches(
            [
                to_arrow(
                    d for d, _ in generate(SEED, BLOCK, on=DAY, destinations=places, fault_share=0)
                )
            ]
        )
        with pq.ParquetWriter(file, block.schema) as writer:
            for _ in range(PARCELS // BLOCK):
                writer.write_table(block)
        rates = [f"--fx={r.currency}/{r.home}={r.rate}" for r in sample_evidence().rates]
        command = [str(Path(sys.executable).parent / "pratique"), "simulate"]
        command += [str(ROOT / "examples/patches/eu-relief-0.toml"), "--parcels", str(file)]
        command += ["--on", DAY.isoformat(), "--workers", str(WORKERS), "--json", *rates]
        environment = {**os.environ, "PRATIQUE_LAW": str(ROOT / "examples/tariff")}
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
        most = 0
        done = threading.Event()

        def watch() -> None:
            nonlocal most
            while not done.wait(0.5):
                most = max(most, held(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        told, _ = process.communicate()
        seconds = time.monotonic() - started
        done.set()
        watcher.join()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        found = json.loads(told)
        (euro,) = [each for each in found["by_currency"] if each["currency"] == "EUR"]
        return {
            "question": "seconds of a simulation over ten million parcels, two workers",
            "parcels": found["parcels"],
            "destinations": len(places),
            "seconds": round(seconds, 1),
            "bar_seconds": BAR_SECONDS,
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
            "per_second": round(found["parcels"] / seconds),
            "most_megabytes": round(most / 1e6),
            "touched_in_euro": euro["touched"],
            "more_in_euro": euro["difference"],
        }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
