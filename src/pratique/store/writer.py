"""How do many write at once and none is lost? One thread commits what has gathered since its last commit.

A caller's future is done only after its group is on disk. When the store fails, the callers of that group get
the error and the thread goes on with the next.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from pratique.errors import StoreError
from pratique.store.entry import Entry, Receipt
from pratique.store.journal import Journal

MAX_GROUP: Final = 500
"""Entries in one commit at most."""
MAX_WAITING: Final = 10_000
"""Entries waiting at most; beyond that ``submit`` refuses at once, or waits when asked to."""

_Waiting = tuple[Entry, "Future[Receipt]"]


class Writer:
    """Group commit over one journal, which it opens in its own thread and owns until ``close``."""

    def __init__(self, open_journal: Callable[[], Journal]) -> None:
        self._open = open_journal
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(MAX_WAITING)
        self._started: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="pratique-writer", daemon=True)
        self._thread.start()
        self._started.result()

    def submit(self, entry: Entry, *, wait: bool = False) -> Future[Receipt]:
        """Keep an entry; the future gives its receipt once it is on disk, or a ``StoreError``.

        When too many are waiting the entry is refused, or with ``wait`` handed over once there is room.
        """
        future: Future[Receipt] = Future()
        try:
            self._waiting.put((entry, future), block=wait)
        except queue.Full:
            future.set_exception(
                StoreError(f"{MAX_WAITING} entries are waiting already: try again later.")
            )
        return future

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            journal = self._open()
        except Exception as error:
            self._started.set_exception(error)
            return
        self._started.set_result(None)
        going = True
        while going:
            group, going = self._gather()
            if group:
                self._commit(journal, group)
        journal.close()

    def _gather(self) -> tuple[list[_Waiting], bool]:
        """The first that waits, and everything that came while the last commit ran."""
        first = self._waiting.get()
        group: list[_Waiting] = []
        going = first is not None
        if first is not None:
            group.append(first)
        while going and len(group) < MAX_GROUP:
            try:
                waiting = self._waiting.get_nowait()
            except queue.Empty:
                break
            if waiting is None:
                going = False
            else:
                group.append(waiting)
        return group, going

    def _commit(self, journal: Journal, group: list[_Waiting]) -> None:
        try:
            outcomes = journal.record([entry for entry, _ in group])
        except Exception as error:
            # Whatever it was: nobody may be told that these are kept.
            failure = error if isinstance(error, StoreError) else StoreError(str(error))
            for _, future in group:
                future.set_exception(failure)
            return
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, StoreError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
