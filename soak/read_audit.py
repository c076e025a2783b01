"""Is every personal datum that was told on record, when the process that tells is killed? (P3)

python soak/read_audit.py --rounds 100
python soak/read_audit.py --rounds 10 --tell-before-commit     the negative control: it must find some

A process reads from the vault without end and writes the number of each read once it was told; it is killed with
SIGKILL at a seeded moment. Then each number it wrote must have its row of audit.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from pratique.store import open_database
from pratique.store.data_keys import DataKeys
from pratique.store.vault import Field, Reader, Vault

NOW = datetime(2026, 11, 25, tzinfo=UTC)
FIELD = "parties/1/name"


def vault(folder: Path) -> Vault:
    return Vault(
        open_database(f"sqlite:///{folder / 'store.db'}"), DataKeys(folder / "keys.db", bytes(32))
    )


def tell(folder: Path, *, before_commit: bool) -> None:
    """Read without end; write the number of each read once it was told."""
    opened = vault(folder)
    first = len(opened.reads("EX-1"))
    for number in range(first, sys.maxsize):
        by = Reader(reader=f"{first}/{number}", party="a", role="carrier", purpose="delivery")
        if before_commit:
            print(by.reader, flush=True)
            time.sleep(0.002)
        told = opened.read("EX-1", [FIELD], by, now=NOW)
        assert told == {FIELD: "Example Buyer"}
        if not before_commit:
            print(by.reader, flush=True)


def run(rounds: int, *, before_commit: bool, seed: int = 7) -> dict[str, object]:
    """Kill the teller so many times; how many reads were told, and how many of them are not on record."""
    chance = random.Random(seed)
    told: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = Field(field=FIELD, paths=(), privacy="personal", text="Example Buyer")
        vault(folder).seal(
            "EX-1", [text], holder="a", purposes=[], keep_until=date(2027, 1, 1), now=NOW
        )
        command = [sys.executable, __file__, "--teller", name]
        command += ["--tell-before-commit"] if before_commit else []
        for _ in range(rounds):
            teller = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            assert teller.stdout is not None
            told.append(teller.stdout.readline().strip())
            time.sleep(chance.uniform(0.0, 0.1))
            teller.send_signal(signal.SIGKILL)
            told += [line.strip() for line in teller.stdout if line.endswith("\n")]
            teller.wait()
        recorded = {row.reader for row in vault(folder).reads("EX-1")}
    return {
        "question": "personal data told without a row of audit, under kill -9",
        "rounds": rounds,
        "seed": seed,
        "told": len(told),
        "recorded": len(recorded),
        "told_without_a_row": len(set(told) - recorded),
        "told_before_commit": before_commit,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--tell-before-commit", action="store_true")
    parser.add_argument("--teller", type=Path)
    args = parser.parse_args()
    if args.teller:
        tell(args.teller, before_commit=args.tell_before_commit)
    found = run(args.rounds, before_commit=args.tell_before_commit)
    print(json.dumps(found, indent=1))
    return int(bool(found["told_without_a_row"]) != args.tell_before_commit)


if __name__ == "__main__":
    sys.exit(main())
