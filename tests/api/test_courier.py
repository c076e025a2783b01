"""The courier on a moved clock: deliveries, what is not delivered, feeds, checkpoints and witnesses."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pratique.api import media
from pratique.api.courier import PULL_EVERY, Courier
from pratique.errors import StoreError
from pratique.exchange import checkpoint, note
from pratique.exchange.partners import Partner
from tests.support.nodes import Clock, Running


class Three:
    """``post-aa`` carries; ``customs-bb`` and ``carrier-cc`` listen when told to."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.directory = Clock(), list[Partner]()
        self.aa, self.bb, self.cc = (
            Running(party, folder, self.directory, self.clock)
            for party in ("post-aa", "customs-bb", "carrier-cc")
        )
        self.courier = Courier(self.aa.thread, self.aa.client(seconds=2), self.clock)

    def close(self) -> None:
        self.courier.close()
        for each in (self.aa, self.bb, self.cc):
            each.thread.close()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Three]:
    all = Three(tmp_path)
    yield all
    all.close()


def test_what_is_due_is_delivered_in_batches_and_told_to_the_node(three: Three) -> None:
    many = [b"ok %03d" % number for number in range(media.MAX_BATCH + 1)]
    three.aa.node.outbox = {"customs-bb": list(many), "carrier-cc": [b"ok one", b"no"]}
    with three.bb.listening(), three.cc.listening():
        assert three.courier.round() == len(many) + 2
        assert three.bb.node.inbox == many
        assert three.cc.node.inbox == [b"ok one"]
        told = dict(three.aa.node.told)
        assert {each.status for each in told.values() if each} == {202, 422}
        assert None not in told.values()
        assert three.aa.node.outbox == {"customs-bb": [], "carrier-cc": [b"no"]}


def test_a_partner_that_does_not_answer_is_told_as_such_and_hinders_no_other(three: Three) -> None:
    three.aa.node.outbox = {
        "customs-bb": [b"ok %03d" % number for number in range(media.MAX_BATCH + 1)],
        "carrier-cc": [b"ok"],
        "nobody": [b"ok"],
    }
    with three.cc.listening():
        three.courier.round()
    told = dict(three.aa.node.told)
    assert len(told) == media.MAX_BATCH + 3
    assert {id.split()[0] for id, answer in told.items() if answer is None} == {
        "customs-bb",
        "nobody",
    }
    assert three.cc.node.inbox == [b"ok"]


def test_what_failed_at_the_partner_is_delivered_once_it_works_again(three: Three) -> None:
    three.aa.node.outbox = {"customs-bb": [b"ok 1", b"ok 2"]}
    with three.bb.listening():
        three.bb.node.fails = StoreError("no store")
        three.courier.round()
        assert {answer.status for _, answer in three.aa.node.told if answer} == {503}
        three.bb.node.fails = None
        three.courier.round()
    assert three.bb.node.inbox == [b"ok 1", b"ok 2"]


def test_a_directory_that_expired_stops_deliveries_but_not_the_log(three: Three) -> None:
    three.aa.node.outbox = {"customs-bb": [b"ok"]}
    three.aa.node.expires = three.clock()
    with three.bb.listening():
        assert three.courier.round() == 0
    assert three.aa.node.told == []
    assert three.aa.node.log.last() is not None


def test_a_feed_is_fetched_in_its_time_and_its_receipts_are_handed_in(three: Three) -> None:
    three.aa.node.pulls_from = ["customs-bb"]
    three.bb.node.waiting["post-aa"] = [b"ok %03d" % number for number in range(150)] + [b"no"]
    with three.bb.listening():
        assert three.courier.round() == 151
        assert len(three.aa.node.inbox) == 150
        assert len(three.bb.node.receipts) == 151
        three.bb.node.waiting["post-aa"] = [b"ok later"]
        assert three.courier.round() == 0
        three.clock.at += PULL_EVERY
        assert three.courier.round() == 1
    assert three.aa.node.inbox[-1] == b"ok later"


def test_every_checkpoint_is_shown_to_the_partners_and_their_cosignatures_are_kept(
    three: Three,
) -> None:
    with ExitStack() as stack:
        for each in (three.bb, three.cc):
            stack.enter_context(each.listening())
        three.aa.node.log.record([b"one"])
        three.courier.round()
        assert cosigners(three) == {"customs-bb.example/log", "carrier-cc.example/log"}
        three.aa.node.log.record([b"two", b"three"])
        three.courier.round()
        assert three.bb.node.log.witnessed_size("post-aa.example/log") == 1
        three.clock.at += timedelta(minutes=1)
        three.courier.round()
        assert three.bb.node.log.witnessed_size("post-aa.example/log") == 3
        assert cosigners(three) == {"customs-bb.example/log", "carrier-cc.example/log"}
        # A courier that begins anew asks the witness how far it has come.
        three.aa.node.log.record([b"four"])
        three.clock.at += timedelta(minutes=1)
        fresh = Courier(three.aa.thread, three.aa.client(), three.clock)
        fresh.round()
        fresh.close()
        assert three.bb.node.log.witnessed_size("post-aa.example/log") == 4


def test_a_log_that_shows_two_stories_is_cosigned_for_one(three: Three, tmp_path: Path) -> None:
    with three.bb.listening():
        three.aa.node.log.record([b"one"])
        three.courier.round()
        (tmp_path / "other").mkdir()
        forked = Running("post-aa", tmp_path / "other", list[Partner](), three.clock)
        forked.node.directory = three.directory
        forked.node.log.record([b"another", b"story"])
        courier = Courier(forked.thread, three.aa.client(), three.clock)
        courier.round()
        courier.close()
        forked.thread.close()
        kept = three.bb.node.log.rows.witnessed("post-aa.example/log")
        assert kept is not None and kept.size == 1
        assert cosigners_of(str(forked.node.log.last_cosigned()), three) == set()


def test_a_partner_without_a_log_is_no_witness(three: Three) -> None:
    three.directory[1] = msgspec.structs.replace(three.bb.entry, log=())
    with three.bb.listening():
        three.courier.round()
    assert three.bb.node.log.witnessed_size("post-aa.example/log") == 0


def test_it_waits_when_there_is_nothing_to_do_and_stops_when_told(three: Three) -> None:
    waited: list[float] = []
    three.aa.node.outbox = {"customs-bb": [b"ok"]}
    with three.bb.listening():
        three.courier.run(lambda: len(waited) == 2, waited.append)
    assert len(waited) == 2
    assert three.bb.node.inbox == [b"ok"]


def cosigners(three: Three) -> set[str]:
    return cosigners_of(str(three.aa.node.log.last_cosigned()), three)


def cosigners_of(text: str, three: Three) -> set[str]:
    keys = [note.read_vkey(each) for partner in three.directory for each in partner.log]
    seen = checkpoint.verify(text, keys)
    names = {each.verifier.name for each in seen.cosignatures()}
    return names - {"post-aa.example/log"}
