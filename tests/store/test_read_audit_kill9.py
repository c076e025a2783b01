"""The quick version of the kill -9 run on the read audit; `make soak` runs a hundred rounds."""

from soak.read_audit import run


def test_what_was_told_is_on_record_when_killed() -> None:
    found = run(4, before_commit=False, seed=3)
    assert found["told"] >= 4
    assert found["told_without_a_row"] == 0


def test_telling_before_the_commit_is_caught() -> None:
    assert run(4, before_commit=True, seed=3)["told_without_a_row"]
