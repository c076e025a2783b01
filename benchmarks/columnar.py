"""How many declarations a second does the columnar evaluator assess under the whole EU law?

    python benchmarks/columnar.py

One core, CPU time, best of several; beside it, in the same process, the validated msgspec decode of the same
declarations. OpenFisca-core (AGPL, never imported here) runs the same arithmetic in its own environment: see
`openfisca_peer.py`; its figure is asked for by `run.py`.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from datetime import date

import msgspec

from pratique.assessment import assess_batch
from pratique.cli.demo import sample_evidence
from pratique.jurisdictions import shipped
from pratique.model.arrow import batch_from_arrow, to_arrow
from pratique.model.declaration import Declaration
from pratique.office.generate import generate

COUNT, SEED, ROUNDS = 100_000, 7, 5
BAR_PER_SECOND, BAR_DECODE = 1_000_000, 5.0
EU = (
    "AT", "BE", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PT",
    "SI", "SK", "BG", "PL", "SE",
)  # fmt: skip


def best(run: Callable[[], object]) -> float:
    """Least CPU seconds of several rounds."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def measure() -> dict[str, object]:
    """Rates from Arrow, and of the decode of the same declarations."""
    day = date(2026, 7, 1)
    declarations = [d for d, _ in generate(SEED, COUNT, on=day, destinations=EU, fault_share=0.0)]
    lines = [msgspec.json.encode(d) for d in declarations]
    arrow = to_arrow(declarations)
    del declarations
    law, evidence = shipped(), sample_evidence()
    decoder = msgspec.json.Decoder(Declaration)

    def assess() -> object:
        batch = batch_from_arrow(arrow)
        batch = msgspec.structs.replace(batch, on=None)
        return assess_batch(batch, law.law_in_force, on=day, evidence=evidence)

    def decode() -> None:
        for line in lines:
            decoder.decode(line)

    found = assess_batch(
        msgspec.structs.replace(batch_from_arrow(arrow), on=None),
        law.law_in_force,
        on=day,
        evidence=evidence,
    )
    columnar, decoding = best(assess), best(decode)
    return {
        "question": "declarations a second a core, columnar, whole EU law, from Arrow",
        "declarations": COUNT,
        "items": len(arrow.column("items").values),
        "destinations": len(EU),
        "seed": SEED,
        "answered_in_columns": round(1 - float(found.escalated.mean()), 4),
        "per_second": round(COUNT / columnar),
        "bar_per_second": BAR_PER_SECOND,
        "decode_per_second": round(COUNT / decoding),
        "bytes_per_declaration": round(sum(map(len, lines)) / COUNT),
        "times_decode": round(decoding / columnar, 2),
        "bar_times_decode": BAR_DECODE,
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
