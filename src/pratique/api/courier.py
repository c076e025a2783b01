"""Who carries what is due? Rounds of a courier: checkpoint, witnesses, accepted messages, deliveries, and feeds to fetch.

It asks the node what is to be done, in the node's one thread, carries it over the network in threads of its own, and tells the
node what came of it. When to try again, and whom not to try for a while, is the node's affair. Clock and waiting are given.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Final, TypeVar

from pratique.api import media
from pratique.api.client import Client
from pratique.api.hosted import Answer, Due, Hosted, NodeThread
from pratique.errors import ExchangeError, PratiqueError
from pratique.exchange import checkpoint, note
from pratique.exchange.http_message import Request, Response
from pratique.exchange.note import COSIGNER
from pratique.exchange.partners import Partner, Partners

PULL_EVERY: Final = timedelta(seconds=30)
IDLE_SECONDS: Final = 0.5
"""How long to wait after a round in which there was nothing to do."""
MAX_DUE: Final = 400
"""Deliveries in one round at most."""
MAX_PROCESSED: Final = 200
_AT_ONCE: Final = 4
_MAX_BYTES: Final = media.MAX_BODY // 2
_FINAL: Final = frozenset({200, 202, 400, 403, 409, 422})
"""Statuses of answers that are handed to the sender; with any other the message waits for the next time."""
_ACCEPTED: Final = 200
_OLD_SIZE: Final = 409
_log = logging.getLogger("pratique.courier")
Given = TypeVar("Given")


class Courier:
    """The courier of one node. Not for several threads at once."""

    def __init__(self, thread: NodeThread, client: Client, now: Callable[[], datetime]) -> None:
        self._thread, self._client, self._now = thread, client, now
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="pratique-courier")
        self._witnessed: dict[str, tuple[int, str]] = {}
        self._pulled: datetime | None = None

    def run(self, is_over: Callable[[], bool], wait: Callable[[float], object]) -> None:
        """Rounds until it is over; ``wait`` passes the time when there is nothing to do."""
        while not is_over():
            if not self.round():
                wait(IDLE_SECONDS)

    def close(self) -> None:
        """Let go of threads and connections."""
        self._pool.shutdown(cancel_futures=True)
        self._client.close()

    def round(self) -> int:
        """One round; gives how many things were done. What fails is left for the next, and hinders nothing else."""
        now = self._now()
        self._safely("checkpoint", lambda: self._node(lambda node: _checkpoint(node, now)))
        done = self._safely(
            "process", lambda: self._node(lambda node: node.process(now, MAX_PROCESSED))
        )
        partners = self._safely("directory", lambda: self._node(lambda node: node.partners(now)))
        if partners is None:
            return done or 0
        delivered = self._safely("deliver", lambda: self._deliver_due(partners, now)) or 0
        pulled = self._safely("pull", lambda: self._pull_all(partners, now)) or 0
        self._safely("witness", lambda: self._meet_witnesses(partners))
        return (done or 0) + delivered + pulled

    # Deliveries

    def _deliver_due(self, partners: Partners, now: datetime) -> int:
        due = sorted(self._node(lambda node: node.due(now, MAX_DUE)), key=lambda each: each.partner)
        groups = [list(group) for _, group in groupby(due, key=lambda each: each.partner)]
        batches = [list(_batches(group)) for group in groups]
        list(self._pool.map(lambda each: self._deliver(partners, each), batches))
        return len(due)

    def _deliver(self, partners: Partners, batches: Sequence[Sequence[Due]]) -> None:
        """The batches for one partner, one after the other; the rest waits once it does not answer."""
        reached = True
        for batch in batches:
            answers: Sequence[Answer | None] = [None] * len(batch)
            if reached:
                answers = self._answers(partners, batch)
                reached = any(each is not None for each in answers)
            self._tell(batch, answers)

    def _answers(self, partners: Partners, batch: Sequence[Due]) -> Sequence[Answer | None]:
        envelopes = [each.envelope for each in batch]
        alone = len(batch) == 1
        kind = media.ENVELOPE if alone else media.ENVELOPES
        body = envelopes[0] if alone else media.join(envelopes)
        try:
            response = self._client.ask(partners, batch[0].partner, _post("/messages", body, kind))
            if alone or response.status != _ACCEPTED:
                return [Answer(status=response.status, body=response.body)] * len(batch)
            return media.read_answers(response.body, len(batch))
        except ExchangeError as problem:
            _log.warning("%s does not answer: %s", batch[0].partner, problem.code)
            return [None] * len(batch)

    def _tell(self, batch: Sequence[Due], answers: Sequence[Answer | None]) -> None:
        now = self._now()

        def tell(node: Hosted) -> None:
            for due, answer in zip(batch, answers, strict=True):
                node.answered(due, answer, now)

        self._node(tell)

    # Feeds of partners that cannot reach us

    def _pull_all(self, partners: Partners, now: datetime) -> int:
        if self._pulled is not None and now < self._pulled + PULL_EVERY:
            return 0
        self._pulled = now
        return sum(self.pull(partners, each.id) for each in self._node(lambda node: node.lookout()))

    def pull(self, partners: Partners, id: str) -> int:
        """Fetch what waits for us at a partner, and hand in the receipts; gives how many messages came."""
        count, after = 0, ""
        try:
            while page := media.read_feed(self._client.ask(partners, id, _page(after)).body):
                waiting = [self._thread.submit(each.envelope) for each in page]
                answers = [each.result() for each in waiting]
                told = [each.body for each in answers if each.status in _FINAL]
                if told:
                    body = media.write_receipts(told)
                    self._client.ask(partners, id, _post("/receipts", body, media.JSON))
                count, after = count + len(page), page[-1].cursor
        except ExchangeError as problem:
            _log.warning("the feed of %s is not to be had: %s", id, problem.code)
        return count

    # Witnesses

    def _meet_witnesses(self, partners: Partners) -> None:
        own, text = self._node(lambda node: (node.party, node.log.last_cosigned().text))
        for partner in partners.by_id.values():
            size, shown = self._witnessed.get(partner.id, (0, ""))
            if partner.id != own and shown != text and partner.address and _cosigns(partner):
                self._safely("witness", partial(self._meet, partners, partner, size))

    def _meet(self, partners: Partners, witness: Partner, size: int) -> None:
        """Show a partner the last checkpoint, from the size it cosigned before, and keep its cosignature."""
        response, submitted = self._show(partners, witness, size)
        if response.status == _OLD_SIZE:
            size = checkpoint.whole(response.body.decode("ascii", "replace").strip(), "The size")
            response, submitted = self._show(partners, witness, size)
        if response.status != _ACCEPTED:
            raise ExchangeError("witness", f"{witness.id} answered {response.status}.", witness.id)
        keys = [note.read_vkey(each) for each in witness.log]
        lines = response.body.decode("utf-8", "replace")
        self._node(lambda node: node.log.keep_cosignatures(submitted.note, lines, keys))
        seen = checkpoint.parse(submitted.note.text)
        self._witnessed[witness.id] = (seen.size, submitted.note.text)

    def _show(
        self, partners: Partners, witness: Partner, size: int
    ) -> tuple[Response, checkpoint.Submission]:
        submitted = self._node(lambda node: node.log.submission(size))
        asked = _post("/log/witness", str(submitted).encode(), media.TEXT)
        return self._client.ask(partners, witness.id, asked), submitted

    # The node

    def _node(self, work: Callable[[Hosted], Given]) -> Given:
        return self._thread.run(work).result()

    def _safely(self, what: str, work: Callable[[], Given]) -> Given | None:
        try:
            return work()
        except PratiqueError as error:
            # Its kind alone: what it says may hold what somebody sent.
            _log.error("%s failed: %s %s", what, type(error).__name__, getattr(error, "code", ""))
            return None


def _checkpoint(node: Hosted, now: datetime) -> None:
    if node.log.is_due(now):
        node.log.checkpoint(now)


def _batches(due: Sequence[Due]) -> Iterator[list[Due]]:
    """What is due to one partner in bodies of a size that is taken."""
    batch: list[Due] = []
    size = 0
    for each in due:
        size += len(each.envelope) + 2
        if batch and (len(batch) == media.MAX_BATCH or size > _MAX_BYTES):
            yield batch
            batch, size = [], len(each.envelope) + 2
        batch.append(each)
    if batch:
        yield batch


def _cosigns(partner: Partner) -> bool:
    return any(note.read_vkey(each).kind == COSIGNER for each in partner.log)


def _post(path: str, body: bytes, kind: str) -> Request:
    return Request(
        method="POST",
        authority="",
        path=f"{media.PREFIX}{path}",
        fields=(("content-type", kind),),
        body=body,
    )


def _page(after: str) -> Request:
    query = f"after={after}&limit={media.MAX_BATCH}"
    return Request(method="GET", authority="", path=f"{media.PREFIX}/messages", query=query)
