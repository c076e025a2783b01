"""How many parcels a second go one by one through parse, checks, law, assessment with trace, and decision?

python benchmarks/one_parcel.py            one core, CPU time, no store
"""

from __future__ import annotations

import gc
import json
import statistics
import time
from datetime import UTC, date, datetime

import msgspec

from pratique import messages
from pratique.office.desk import Desk, walk
from pratique.office.generate import generate
from pratique.office.sample_rates import sample_evidence

COUNT, SEED = 4000, 7
BAR_PER_SECOND, BAR_P99_MS = 5000, 1.0


def measure() -> dict[str, object]:
    """Rate and 99th percentile over generated parcels to the European Union and Great Britain."""
    day = date(2026, 7, 1)
    now = datetime(2026, 7, 1, 23, 59, tzinfo=UTC)
    places = ("DE", "FR", "IT", "ES", "NL", "IE", "GB")
    lines = [msgspec.json.encode(d) for d, _ in generate(SEED, COUNT, on=day, destinations=places)]
    desk = Desk(evidence=sample_evidence())
    for line in lines[:200]:
        walk(messages.parse(line, "aed"), desk, now=now)
    gc.collect()
    gc.freeze()
    times = []
    started = time.process_time()
    for line in lines:
        before = time.perf_counter()
        decision = walk(messages.parse(line, "aed"), desk, now=now, on=day)
        times.append(time.perf_counter() - before)
        assert decision.assessment is not None
        assert decision.assessment.trace
    seconds = time.process_time() - started
    times.sort()
    return {
        "question": "parcels a second a core, one by one, with trace",
        "parcels": COUNT,
        "seed": SEED,
        "per_second": round(COUNT / seconds),
        "bar_per_second": BAR_PER_SECOND,
        "median_ms": round(statistics.median(times) * 1000, 3),
        "p99_ms": round(times[int(COUNT * 0.99)] * 1000, 3),
        "bar_p99_ms": BAR_P99_MS,
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
