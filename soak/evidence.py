"""Does any forged bundle prove anything, and does any changed bit of a log go unseen?

    python soak/evidence.py --bundles 1000 --forgeries 20 --bytes 1000 --seed 1

Bundles on invented exchanges are forged in every way of tests/support/evidence.py; a forgery is accepted falsely when the
verifier tells of anything that did not happen. Then every single bit of so many random stored bytes of a log is changed,
one by one, and the log audited each time. Exit code 1 when either finds something.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.evidence import Bundles, attack  # noqa: E402
from tests.support.tamper import unseen_changes  # noqa: E402


def forgeries(how_many: int, each: int, seed: int) -> dict[str, object]:
    """S6: what became of the forgeries, by way."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bundles = Bundles(Path(folder), how_many, seed)
        refused, harmless, accepted = attack(bundles, each)
    return {
        "bundles": how_many,
        "forgeries": how_many * each,
        "refused": sum(refused.values()),
        "true_all_the_same": sum(harmless.values()),
        "falsely_accepted": len(accepted),
        "refused_by_way": dict(sorted(refused.items())),
        "true_by_way": dict(sorted(harmless.items())),
        "seed": seed,
        "seconds": round(time.monotonic() - begun, 1),
    }


def changes(how_many: int, seed: int) -> dict[str, object]:
    """S5: single changed bits of a log that its audit does not see."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        unseen = unseen_changes(Path(folder), how_many, seed)
    return {
        "bytes": how_many,
        "changed_bits": how_many * 8,
        "unseen": len(unseen),
        "seed": seed,
        "seconds": round(time.monotonic() - begun, 1),
    }


def main() -> int:
    """Run and print; 1 when anything forged or changed went through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundles", type=int, default=1000)
    parser.add_argument("--forgeries", type=int, default=20, help="of each bundle")
    parser.add_argument("--bytes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    forged = forgeries(asked.bundles, asked.forgeries, asked.seed)
    changed = changes(asked.bytes, asked.seed)
    print(json.dumps({"forged": forged, "changed": changed}, indent=1))
    return 1 if forged["falsely_accepted"] or changed["unseen"] else 0


if __name__ == "__main__":
    sys.exit(main())
