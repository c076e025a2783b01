"""How many published cases of entry summary declarations are answered exactly? Prints JSON, or the table by number.

    python soak/ens_rules.py [--table] [../shared/samples/hmrc-ens-rules]

A case is right when the set of error numbers and locations is the one published; where the schema is to refuse the
message (no numbers are published), when it is refused. Exit code 1 below the bars: 95 % of rule, 98 % of schema cases.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.ens_cases import RULES, SCHEMA, answer, cases, is_right  # noqa: E402


def halves(archive: Path, by_number: Counter[tuple[str, str]]) -> dict[str, object]:
    """Right and all, of each half; ``by_number`` counts errors expected, missed and made up."""
    counts = {"looked_at": [0, 0], "only_scored": [0, 0]}
    wrong = []
    for case in cases(archive):
        found = answer(case)
        right = is_right(case, found) if archive.name == RULES else bool(found & {("", "")}) == bool(case.expected)  # fmt: skip
        half = counts["looked_at" if case.looked_at else "only_scored"]
        half[0] += right
        half[1] += 1
        if not right:
            wrong.append(case.name)
        for number, _ in case.expected:
            by_number[number or "schema", "expected"] += 1
        if archive.name == RULES and ("", "") not in case.expected:
            for number, _ in case.expected - found:
                by_number[number, "missed"] += 1
            for number, _ in found - case.expected:
                by_number[number or "schema", "made up"] += 1
    return {**{name: f"{good} of {every}" for name, (good, every) in counts.items()},
            "share": round(sum(c[0] for c in counts.values()) / sum(c[1] for c in counts.values()), 4),
            "wrong": wrong}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT.parent / "shared/samples/hmrc-ens-rules")  # fmt: skip
    parser.add_argument("--table", action="store_true")
    args = parser.parse_args()
    started = time.perf_counter()
    by_number: Counter[tuple[str, str]] = Counter()
    rules = halves(args.folder / RULES, by_number)
    told = {
        "rule_cases": rules,
        "schema_cases": halves(args.folder / SCHEMA, Counter()),
        "seconds": round(time.perf_counter() - started, 1),
    }
    if args.table:
        print("| Number | expected | missed | made up |\n|---|---|---|---|")
        for number in sorted({number for number, _ in by_number}):
            columns = (by_number[number, name] for name in ("expected", "missed", "made up"))
            print(f"| {number} | {' | '.join(map(str, columns))} |")
    else:
        print(json.dumps(told, indent=1))
    schema = told["schema_cases"]
    return 0 if rules["share"] >= 0.95 and schema["share"] >= 0.98 else 1  # type: ignore[index, operator]


if __name__ == "__main__":
    sys.exit(main())
