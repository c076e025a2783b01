"""Each of the 26 hard cases of parcels' law has a test that carries its number."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]


def test_every_hard_case_has_a_test_named_after_it() -> None:
    found = {
        int(number)
        for path in TESTS.rglob("test_*.py")
        for number in re.findall(
            r"^def test_hard_case_(\d+)_", path.read_text("utf-8"), re.MULTILINE
        )
    }
    assert found == set(range(1, 27))
