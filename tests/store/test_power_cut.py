"""The quick version of the power cuts; the long one is `soak/power_cut.py --cuts 10000`."""

from soak.power_cut import run


def test_nothing_acknowledged_is_lost_or_corrupt_when_the_power_is_cut() -> None:
    answer = run(150, seed=3)
    assert answer["acknowledged_commits"] > 200
    assert (answer["lost"], answer["corrupt"]) == (0, 0)


def test_committing_without_synchronising_is_caught() -> None:
    assert run(150, seed=3, synchronous="NORMAL")["lost"]
    assert run(150, seed=3, synchronous="OFF")["corrupt"]
