"""Every benchmark, one after the other, each its figures as JSON beside its bar.

python benchmarks/run.py            (make bench)
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
EACH = (
    "one_parcel",
    "columnar",
    "assess_files",
    "durable_receive",
    "law",
    "simulate",
    "classify",
    "exchange_crypto",
    "log",
    "views",
    "vault",
)
BAR_HELP_SECONDS = 0.3


def help_time() -> dict[str, object]:
    """Best of several starts of `pratique --help`."""
    times = []
    for _ in range(7):
        started = time.monotonic()
        command = [str(Path(sys.executable).parent / "pratique"), "--help"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.monotonic() - started)
    return {
        "question": "seconds of `pratique --help`, best of 7",
        "seconds": round(min(times), 3),
        "bar_seconds": BAR_HELP_SECONDS,
    }


def main() -> None:
    """Run and print."""
    told: dict[str, object] = {
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "date": datetime.now(UTC).date().isoformat(),
        "help": help_time(),
    }
    for name in EACH:
        ran = subprocess.run(
            [sys.executable, HERE / f"{name}.py"], check=True, capture_output=True, text=True
        )
        told[name] = json.loads(ran.stdout)
        print(f"{name} done", file=sys.stderr)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
