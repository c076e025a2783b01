"""The intake: groups, bounds, failures, and that it goes on."""

import threading
from collections.abc import Sequence

import pytest

from pratique.errors import NotFoundError, StoreError
from pratique.office import intake
from pratique.office.intake import Intake


class Memory:
    """A node that writes down its groups, and waits until it may."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.begun = threading.Event()
        self.groups: list[list[bytes]] = []
        self.threads: set[int] = set()
        self.closed = False

    def receive(self, messages: Sequence[bytes]) -> list[str]:
        self.begun.set()
        assert self.may.wait(10)
        self.threads.add(threading.get_ident())
        self.groups.append(list(messages))
        if b"poison" in messages:
            raise ValueError("poison")
        if b"short" in messages:
            return []
        return [message.decode() for message in messages]

    def shut(self) -> None:
        self.closed = True


def begun(node: Memory) -> Intake[Memory, str]:
    return Intake(lambda: node, Memory.receive, Memory.shut)


def test_what_gathers_during_a_commit_is_the_next_group_and_one_thread_does_all() -> None:
    node = Memory()
    taken = begun(node)
    first = taken.submit(b"0")
    assert node.begun.wait(10)
    others = [taken.submit(b"%d" % number) for number in range(1, 6)]
    seen = taken.run(lambda each: each.threads | {threading.get_ident()})
    node.may.set()
    assert [each.result(10) for each in (first, *others)] == ["0", "1", "2", "3", "4", "5"]
    assert node.groups == [[b"0"], [b"1", b"2", b"3", b"4", b"5"]]
    assert len(seen.result(10)) == 1
    taken.close()
    assert node.closed and not taken.is_alive


@pytest.mark.parametrize("bad", [b"poison", b"short"])
def test_a_group_that_fails_fails_as_a_whole_and_the_next_goes_on(bad: bytes) -> None:
    node = Memory()
    taken = begun(node)
    first = taken.submit(b"0")
    assert node.begun.wait(10)
    group = [taken.submit(message) for message in (b"1", bad)]
    node.may.set()
    assert first.result(10) == "0"
    for each in group:
        with pytest.raises(StoreError, match="Nothing of this group was kept"):
            each.result(10)
    assert taken.submit(b"2").result(10) == "2"
    taken.close()


def test_work_that_fails_raises_its_own_error() -> None:
    node = Memory()
    taken = begun(node)

    def fail(_: Memory) -> None:
        raise NotFoundError("not here")

    with pytest.raises(NotFoundError):
        taken.run(fail).result(10)
    assert taken.run(lambda _: 7).result(10) == 7
    taken.close()


def test_too_much_waiting_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_WAITING", 3)
    monkeypatch.setattr(intake, "MAX_BYTES", 10)
    node = Memory()
    taken = begun(node)
    first = taken.submit(b"0")
    assert node.begun.wait(10)
    with pytest.raises(StoreError, match="Too much"):
        taken.submit(b"x" * 11).result(0)
    kept = [taken.submit(b"1"), taken.submit(b"2"), taken.submit(b"3")]
    with pytest.raises(StoreError, match="Too much"):
        taken.submit(b"4").result(0)
    with pytest.raises(StoreError, match="Too much"):
        taken.run(lambda _: 0).result(0)
    node.may.set()
    assert [each.result(10) for each in (first, *kept)] == ["0", "1", "2", "3"]
    assert taken.submit(b"5").result(10) == "5"
    taken.close()


def test_closing_does_what_waits_and_then_takes_nothing() -> None:
    node = Memory()
    taken = begun(node)
    node.may.set()
    waiting = [taken.submit(b"%d" % number) for number in range(20)]
    taken.close()
    assert [each.result(0) for each in waiting] == [str(number) for number in range(20)]
    with pytest.raises(StoreError):
        taken.submit(b"late").result(0)


def test_a_node_that_cannot_be_opened_says_so() -> None:
    def fail() -> Memory:
        raise StoreError("no store")

    with pytest.raises(StoreError, match="no store"):
        Intake(fail, Memory.receive)
