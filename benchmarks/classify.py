"""How many descriptions a second are classified, one core, and how long does the first wait?

python benchmarks/classify.py
"""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

from pratique.classification import candidates, contradicts
from pratique.classification.knowledge import knowledge

SENTENCES = Path(__file__).parent.parent / "tests/classification/sentences.csv"
ROUNDS = 20
BAR_PER_SECOND, BAR_START_SECONDS = 500, 1.0


def measure() -> dict[str, object]:
    """CPU time over English sentences, and over those of all seven languages."""
    started = time.process_time()
    knowledge()
    ready = time.process_time() - started
    with SENTENCES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    english = [row["en"] for row in rows]
    every = [text for row in rows for name, text in row.items() if name != "hs6"]
    candidates(every[-1])
    return {
        "question": "descriptions a second, five candidates with reasons, one core",
        "start_seconds": round(ready, 3),
        "bar_start_seconds": BAR_START_SECONDS,
        "per_second": _rate(english * ROUNDS),
        "bar_per_second": BAR_PER_SECOND,
        "per_second_in_seven_languages": _rate(every * (ROUNDS // 4)),
        "contradictions_per_second": _compared(rows * ROUNDS),
    }


def _rate(texts: list[str]) -> int:
    started = time.process_time()
    for text in texts:
        candidates(text)
    return round(len(texts) / (time.process_time() - started))


def _compared(rows: list[dict[str, str]]) -> int:
    started = time.process_time()
    for row in rows:
        contradicts(row["en"], row["hs6"])
    return round(len(rows) / (time.process_time() - started))


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
