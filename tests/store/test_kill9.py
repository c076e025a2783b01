"""The quick version of the kill -9 run; `make soak` runs fifty rounds on each database."""

import pytest

from soak.kill9 import run


@pytest.mark.parametrize(("store", "rounds"), [("sqlite", 3), ("postgresql", 2)])
def test_nothing_acknowledged_is_lost_when_killed(store: str, rounds: int, cluster) -> None:
    answer = run(store, rounds, seed=3, hasty=False)
    assert answer["acknowledged"] > 100
    assert (answer["lost"], answer["changed"], answer["doubled"]) == (0, 0, 0)
    assert answer["digests"] == "fit"


def test_acknowledging_before_the_commit_is_caught() -> None:
    answer = run("sqlite", 4, seed=3, hasty=True)
    assert answer["lost"]
