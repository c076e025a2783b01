"""Does any broken copy of a cargo report or of an answer do anything but be read or be refused?

    python soak/edifact.py --runs 1000000 --seed 5

Prints one JSON object: how many were read and refused, the slowest in milliseconds, the memory at its most. Any error
but ours ends it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from pratique import messages
from pratique.errors import MessageError
from pratique.messages.edifact import cusres
from pratique.office.desk import Desk, walk

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PUT = [b"'", b"+", b":", b"?", b"\xff", b"\n", b"9" * 40, b"UNT", b"LOC+28+FR'"]


def broken(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.randrange(1, 4)):
        at, act = chance.randrange(len(data) or 1), chance.randrange(5)
        if act == 0:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif act == 1:
            del data[at : at + chance.randrange(1, 9)]
        elif act == 2:
            data[at:at] = chance.choice(PUT)
        elif act == 3:
            del data[at:]
        else:
            from_ = chance.randrange(len(data) or 1)
            data[at : at + 4] = data[from_ : from_ + chance.randrange(20)]
    return bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    declaration = messages.parse(
        (Path(__file__).parent.parent / "examples/shirt.json").read_bytes()
    )
    response = cusres.response_of(walk(declaration, Desk(), now=NOW), declaration)
    answer = cusres.write((response,), sender="S", recipient="R", reference="1", at=NOW)
    readers = ((messages.parse, messages.write(declaration, "cuscar")), (cusres.read, answer))
    chance, counts, slowest = random.Random(args.seed), {"read": 0, "refused": 0}, 0.0
    started = time.monotonic()
    for run in range(args.runs):
        reader, good = readers[run % 2]
        data, began = broken(good, chance), time.monotonic()
        try:
            reader(data)
            counts["read"] += 1
        except MessageError as error:
            assert error.faults
            counts["refused"] += 1
        slowest = max(slowest, time.monotonic() - began)
    print(json.dumps({
        **counts, "seed": args.seed, "seconds": round(time.monotonic() - started), "slowest_ms": round(slowest * 1000),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
