"""How do many knock at once while one thread owns the node? Messages that gathered are taken in one group, other work in turn.

A node is not for several threads at once. ``Intake`` opens it in its own thread; ``submit`` hands over a message and gives a
future that is done once its group is on disk; ``run`` hands over any other work. Waiting is bounded, by count and by bytes:
beyond that a caller is refused at once. What fails, fails those who asked; the thread goes on.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Final, Generic, TypeVar

from pratique.errors import StoreError

MAX_GROUP: Final = 200
"""Messages in one group at most."""
MAX_WAITING: Final = 2_000
"""Messages and works waiting at most."""
MAX_BYTES: Final = 67_108_864
"""Bytes of waiting messages at most."""

Node = TypeVar("Node")
Answer = TypeVar("Answer")
Given = TypeVar("Given")
_Message = tuple[bytes, "Future[Answer]"]
_Work = tuple[Callable[[Node], Any], "Future[Any]"]


class Intake(Generic[Node, Answer]):
    """One thread over one node, which it opens, owns and closes.

    ``receive`` takes a group of messages in one commit and gives an answer for each, in their order.
    """

    def __init__(
        self,
        open: Callable[[], Node],
        receive: Callable[[Node, Sequence[bytes]], Sequence[Answer]],
        close: Callable[[Node], None] = lambda _node: None,
    ) -> None:
        self._open, self._receive, self._close_node = open, receive, close
        self._messages: deque[_Message[Answer]] = deque()
        self._works: deque[_Work[Node]] = deque()
        self._bytes = 0
        self._going = True
        self._changed = threading.Condition()
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._live, name="pratique-node", daemon=True)
        self._thread.start()
        self._started.result()

    @property
    def is_alive(self) -> bool:
        """Whether the thread is there to take anything."""
        return self._going and self._thread.is_alive()

    def submit(self, message: bytes) -> Future[Answer]:
        """Hand over a message; the future gives its answer once it is on disk, or a ``StoreError``."""
        future: Future[Answer] = Future()
        with self._changed:
            if self._is_full(len(message)):
                future.set_exception(_full())
            else:
                self._bytes += len(message)
                self._messages.append((message, future))
                self._changed.notify()
        return future

    def run(self, work: Callable[[Node], Given]) -> Future[Given]:
        """Hand over other work with the node; the future gives what it gives, or raises what it raises."""
        future: Future[Given] = Future()
        with self._changed:
            if self._is_full(0):
                future.set_exception(_full())
            else:
                self._works.append((work, future))
                self._changed.notify()
        return future

    def close(self) -> None:
        """Do what is waiting, then stop."""
        with self._changed:
            self._going = False
            self._changed.notify()
        self._thread.join()

    def _is_full(self, size: int) -> bool:
        waiting = len(self._messages) + len(self._works)
        return not self._going or waiting >= MAX_WAITING or self._bytes + size > MAX_BYTES

    def _live(self) -> None:
        try:
            node = self._open()
        except Exception as error:
            self._going = False
            self._started.set_exception(error)
            return
        self._started.set_result(None)
        while True:
            group, works = self._gather()
            if not group and not works:
                break
            self._take(node, group)
            for work, future in works:
                _do(work, node, future)
        self._close_node(node)

    def _gather(self) -> tuple[list[_Message[Answer]], list[_Work[Node]]]:
        """What waits, up to a group; nothing once it is closed and all is done."""
        with self._changed:
            while self._going and not self._messages and not self._works:
                self._changed.wait()
            count = min(len(self._messages), MAX_GROUP)
            group = [self._messages.popleft() for _ in range(count)]
            self._bytes -= sum(len(message) for message, _ in group)
            works = list(self._works)
            self._works.clear()
        return group, works

    def _take(self, node: Node, group: list[_Message[Answer]]) -> None:
        if not group:
            return
        try:
            answers = self._receive(node, [message for message, _ in group])
            pairs = list(zip(group, answers, strict=True))
        except Exception as error:
            # Whatever it was: nobody may be told that these are kept.
            for _, future in group:
                future.set_exception(_as_store_error(error))
            return
        for (_, future), answer in pairs:
            future.set_result(answer)


def _do(work: Callable[[Any], Any], node: Any, future: Future[Any]) -> None:
    try:
        given = work(node)
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(given)


def _as_store_error(error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    failure = StoreError(f"Nothing of this group was kept ({type(error).__name__}).")
    failure.__cause__ = error
    return failure


def _full() -> StoreError:
    return StoreError("Too much is waiting already: try again later.")
