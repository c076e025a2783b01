"""A node of this house behind the doorway: its own thread, real envelopes, receipts that the sender takes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pratique.api.hosted import Answer, Hosted, NodeThread
from pratique.api.node_host import NodeHost
from pratique.errors import ExchangeError
from pratique.office.intake import Intake
from pratique.office.node import Incoming, Node, Reply
from pratique.office.node.sending import send
from tests.support.exchange import NOW, draft, node


def test_messages_pass_between_two_nodes_in_threads_of_their_own(
    store_url: str, tmp_path: Path
) -> None:
    seen: list[Incoming] = []

    def take(on: Node, message: Incoming, now: datetime) -> Reply:
        seen.append(message)
        return Reply()

    def customs() -> Hosted:
        return NodeHost(node("customs-qn", store_url, tmp_path, {"declaration": take}))

    def receive(host: Hosted, messages: object) -> list[Answer]:
        return list(host.receive(messages, NOW))  # type: ignore[arg-type]

    thread: NodeThread = Intake(customs, receive)
    post = NodeHost(node("post-aa", f"sqlite:///{tmp_path / 'post.db'}", tmp_path, {}))
    for name in ("EX-1", "EX-2", "EX-3"):
        send(post.node, draft(consignment=name), now=NOW)
    found = post.due(NOW, 100)
    answers = [each.result(30) for each in [thread.submit(each.envelope) for each in found]]
    for each, answer in zip(found, answers, strict=True):
        post.answered(each, answer, NOW)
    assert [row.state for row in post.node.mail.outbox()] == ["delivered"] * 3
    assert thread.run(lambda host: host.process(NOW, 100)).result(30) == 3
    back = thread.run(lambda host: host.feed("post-aa", "", 2, NOW)).result(30)
    assert [each.header.consignment for each in seen] == ["EX-1", "EX-2", "EX-3"]
    told = post.receive([each.envelope for each in back], NOW)
    thread.run(
        lambda host: host.take_receipts("post-aa", [each.body for each in told], NOW)
    ).result(30)
    rest = thread.run(lambda host: host.feed("post-aa", back[-1].cursor, 9, NOW)).result(30)
    assert (len(back), len(rest)) == (2, 1)
    thread.close()


def test_a_cursor_nobody_gave_is_refused(tmp_path: Path) -> None:
    host = NodeHost(node("post-aa", f"sqlite:///{tmp_path / 'post.db'}", tmp_path, {}))
    for cursor in ("-1", "x", "٣", "9" * 30):
        with pytest.raises(ExchangeError):
            host.feed("customs-qn", cursor, 9, NOW)
    assert host.lookout() == () and host.why_refuse(NOW) == ""
