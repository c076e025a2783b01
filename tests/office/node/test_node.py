"""Two nodes exchange: what arrives, what is refused, what is told back, and that everything happens once."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pratique.errors import Fault, NotFoundError, PolicyError, SealError, StoreError, UsageError
from pratique.exchange import envelope
from pratique.exchange.partners import Partners
from pratique.office import agreements, log_audit
from pratique.office.agreements import Standing
from pratique.office.node import Draft, Incoming, Node, Reply
from pratique.office.node.delivering import Due, answered, due, feed, give_up, resend, take_receipts
from pratique.office.node.processing import process
from pratique.office.node.receiving import Answer, receive
from pratique.office.node.sending import send
from tests.support.exchange import (
    ELEMENTS,
    LANE,
    NOW,
    PARTIES,
    draft,
    node,
    partner,
    signing,
    standing,
)


class Pair:
    """A post that sends and customs that receives; what customs' handler was given."""

    def __init__(self, url: str, folder: Path) -> None:
        self.seen: list[Incoming] = []
        self.reply = Reply()
        self.now = NOW
        self.post = node(
            "post-aa", f"sqlite:///{folder / 'post.db'}", folder, {"decision": self._take}
        )
        self.customs = node("customs-qn", url, folder, {"declaration": self._take})

    def _take(self, on: Node, message: Incoming, now: datetime) -> Reply:
        self.seen.append(message)
        return self.reply if on is self.customs else Reply()

    def bytes_of(self, **changed: Any) -> bytes:
        """A message sent by the post, as its envelope."""
        (sent,) = send(self.post, draft(**changed), now=self.now)
        return self.post.mail.outgoing(sent.id).envelope

    def ask(self, data: bytes) -> Answer:
        (answer,) = receive(self.customs, [data], now=self.now)
        return answer

    def round(self) -> None:
        """Everything due between the two goes once, and is processed."""
        for sender, receiver in ((self.post, self.customs), (self.customs, self.post)):
            for each in due(sender, self.now):
                (answer,) = receive(receiver, [each.envelope], now=self.now)
                answered(sender, each.partner, each.id, answer.status, answer.body, now=self.now)
            process(receiver, now=self.now)


@pytest.fixture
def pair(store_url: str, tmp_path: Path) -> Pair:
    return Pair(store_url, tmp_path)


def states(on: Node) -> list[str]:
    return [row.state for row in reversed(on.mail.outbox())]


def test_a_message_arrives_by_view_once_and_its_receipts_come_back(pair: Pair) -> None:
    send(pair.post, draft(), now=NOW)
    pair.round()
    pair.round()
    (seen,) = pair.seen
    assert (seen.sender, seen.originator) == ("post-aa", "post-aa")
    assert seen.elements["parties"][1]["name"] == "Example Buyer"
    assert states(pair.post) == ["delivered"] and states(pair.customs) == ["delivered"]
    assert pair.post.mail.outbox()[0].said == "validated"
    for each in (pair.post, pair.customs):
        each.log.checkpoint(NOW + timedelta(minutes=1))
        assert log_audit.audit(each.log) is None


def test_an_element_outside_the_view_does_not_leave(pair: Pair) -> None:
    more = {**ELEMENTS, "payment": {"reference": "PAY-CANARY-1"}}
    send(pair.post, draft(elements=more), now=NOW)
    pair.round()
    assert "PAY-CANARY-1" not in json.dumps(pair.seen[0].elements)


def test_the_same_message_again_gets_the_same_receipt_and_has_no_further_effect(pair: Pair) -> None:
    data = pair.bytes_of()
    first, second = receive(pair.customs, [data, data], now=NOW)
    assert first == second == pair.ask(data) and first.status == 200
    process(pair.customs, now=NOW)
    process(pair.customs, now=NOW)
    assert len(pair.seen) == 1


def test_an_id_used_for_another_content_is_refused_and_logged(pair: Pair, tmp_path: Path) -> None:
    data = pair.bytes_of()
    assert pair.ask(data).status == 200
    twin = node("post-aa", f"sqlite:///{tmp_path / 'twin.db'}", tmp_path, {})
    (sent,) = send(twin, draft(correlation="other"), now=NOW)
    size = pair.customs.log.size()
    answer = pair.ask(twin.mail.outgoing(sent.id).envelope)
    assert (answer.status, answer.code) == (422, "reused-id")
    assert pair.customs.log.size() == size + 1


def test_what_comes_too_early_waits_for_what_is_before_it(pair: Pair) -> None:
    made = [pair.bytes_of(correlation=f"n{n}") for n in range(4)]
    for index in (2, 1, 3):
        assert pair.ask(made[index]).status == 200
    assert process(pair.customs, now=NOW) == 0
    pair.ask(made[0])
    process(pair.customs, now=NOW)
    assert [each.header.correlation for each in pair.seen] == ["n0", "n1", "n2", "n3"]


def test_errors_of_a_handler_reject_the_message_and_are_all_told(pair: Pair) -> None:
    faults = (
        Fault(pointer="/id", message="Not known."),
        Fault(pointer="/value", message="Missing."),
    )
    pair.reply = Reply(errors=faults)
    send(pair.post, draft(), now=NOW)
    pair.round()
    pair.round()
    said = pair.post.mail.outbox()[0].said
    assert said.startswith("rejected") and "Not known." in said and "Missing." in said
    assert pair.customs.mail.of_consignment("EX123456785AA")[0].state == "rejected"


def test_an_answer_comes_back_as_a_message(pair: Pair) -> None:
    decision = Draft(
        to=("post-aa",), type="decision", agreement="DSA-7/1", purpose="clearance",
        consignment="EX123456785AA", lane=LANE, elements={"code": "RFI"},
    )  # fmt: skip
    pair.reply = Reply(messages=(decision,))
    send(pair.post, draft(), now=NOW)
    pair.round()
    assert [each.header.type for each in pair.seen] == ["declaration", "decision"]
    assert pair.seen[1].elements == {"code": "RFI"}


def test_an_agreement_that_ended_meanwhile_stops_no_message_behind(pair: Pair) -> None:
    for name in ("EX-1", "EX-2"):
        pair.ask(pair.bytes_of(consignment=name))
    bound = pair.customs.standing
    calls: list[str] = []

    def ends(name: str, on: date) -> Standing:
        calls.append(name)
        return standing(on=date(2030, 1, 1)) if len(calls) == 2 else bound(name, on)

    pair.customs.standing = ends
    assert process(pair.customs, now=NOW) == 2
    assert len(pair.seen) == 2 and pair.customs.mail.in_state("accepted", 9) == []
    assert states(pair.customs) == ["waiting"]


def test_an_answer_that_may_not_be_sent_rejects_what_it_follows_from(pair: Pair) -> None:
    pair.reply = Reply(messages=(draft(to=("mallory",)),))
    pair.ask(pair.bytes_of())
    process(pair.customs, now=NOW)
    assert [row.state for row in pair.customs.mail.in_state("rejected", 9)] == ["rejected"]


def test_a_partner_that_is_away_is_tried_again_and_nothing_is_lost(pair: Pair) -> None:
    send(pair.post, draft(), now=NOW)
    now = NOW
    while now < NOW + timedelta(hours=72):
        for each in due(pair.post, now):
            assert answered(pair.post, each.partner, each.id, None, b"", now=now) == "waiting"
        now += timedelta(minutes=20)
    assert pair.post.mail.outbox()[0].tries > 40
    pair.now = now + timedelta(hours=1)
    for each in (pair.post, pair.customs):
        each.log.checkpoint(pair.now)
    pair.round()
    assert states(pair.post) == ["delivered"] and len(pair.seen) == 1


def test_a_partner_that_fails_is_left_alone_for_a_while(pair: Pair) -> None:
    send(pair.post, draft(), now=NOW)
    now = NOW
    for _ in range(5):
        now += timedelta(hours=1)
        (each,) = due(pair.post, now)
        answered(pair.post, each.partner, each.id, 503, b"", now=now)
    send(pair.post, draft(consignment="EX-OTHER"), now=now)
    assert due(pair.post, now) == []
    assert len(due(pair.post, now + timedelta(hours=2))) == 2


def test_what_is_over_is_a_dead_letter_an_operator_sees(pair: Pair) -> None:
    send(pair.post, draft(life=timedelta(hours=1)), now=NOW)
    send(pair.post, draft(consignment="EX-OTHER"), now=NOW)
    late = NOW + timedelta(hours=2)
    (kept,) = due(pair.post, late)
    assert states(pair.post) == ["expired", "waiting"]
    with pytest.raises(UsageError):
        resend(pair.post, 1, now=late)
    assert give_up(pair.post, kept.number, "partner closed", now=late).state == "given-up"
    assert resend(pair.post, kept.number, now=late).state == "waiting"
    with pytest.raises(NotFoundError):
        resend(pair.post, 99, now=late)


def test_what_waits_for_one_who_fetches_or_is_left_alone_holds_up_nobody_else(pair: Pair) -> None:
    (sent,) = send(pair.post, draft(), now=NOW)
    made = pair.post.mail.outgoing(sent.id)
    for number in range(3):
        other = msgspec.structs.replace(made, id=f"{number}", digest=f"{number}", priority="A")
        pair.post.mail.post(other, [("mallory", number + 1)], NOW)
    entries = (partner("post-aa"), partner("customs-qn"), partner("mallory", reach="pull"))
    pair.post.partners = lambda at: Partners(entries)
    assert [each.id for each in due(pair.post, NOW, 2)] == [sent.id]
    everybody = Partners((*entries[:2], partner("mallory")))
    pair.post.partners = lambda at: everybody
    assert [each.partner for each in due(pair.post, NOW, 2)] == ["mallory", "mallory"]
    pair.post.mail.set_breaker("mallory", 9, "2026-11-25T13:00:00.000000Z")
    assert [each.id for each in due(pair.post, NOW, 2)] == [sent.id]


def test_what_is_told_of_a_message_nobody_sent_is_refused(pair: Pair) -> None:
    with pytest.raises(NotFoundError):
        answered(pair.post, "customs-qn", "no-such-id", 200, b"", now=NOW)


def test_a_refusal_ends_the_tries_and_is_told(pair: Pair) -> None:
    data = pair.bytes_of()
    strict = standing(messages='["amendment"]')
    pair.customs.standing = lambda name, on: strict
    (each,) = due(pair.post, NOW)
    answer = pair.ask(data)
    assert (answer.status, answer.code) == (403, "flow")
    assert (
        answered(pair.post, each.partner, each.id, answer.status, answer.body, now=NOW) == "refused"
    )
    assert "declaration" in pair.post.mail.outbox()[0].said


def test_an_answer_nobody_signed_or_for_another_message_counts_for_nothing(pair: Pair) -> None:
    first, other = pair.bytes_of(), pair.bytes_of(consignment="EX-OTHER")
    answer = pair.ask(other)
    each = next(each for each in due(pair.post, NOW) if each.envelope == first)
    forged = answer.body.replace(b'"received"', b'"decision"')
    for body in (b"", b"{}", b"ok", b'{"seal": 1}', b'{"seal": {"type": 3}}', forged, answer.body):
        assert answered(pair.post, each.partner, each.id, 200, body, now=NOW) == "waiting"


def test_a_partner_behind_a_wall_fetches_and_hands_in_receipts(pair: Pair) -> None:
    for name in ("EX-1", "EX-2", "EX-3"):
        send(pair.post, draft(consignment=name), now=NOW)
    first = feed(pair.post, "customs-qn", 0, 2, now=NOW)
    rest = feed(pair.post, "customs-qn", first[-1].number, 2, now=NOW)
    assert [len(first), len(rest)] == [2, 1] and feed(pair.post, "mallory", 0, 9, now=NOW) == []
    told = receive(pair.customs, [each.envelope for each in (*first, *rest)], now=NOW)
    take_receipts(pair.post, "customs-qn", [each.body for each in told], now=NOW)
    assert set(states(pair.post)) == {"delivered"}
    with pytest.raises(SealError):
        take_receipts(pair.post, "mallory", [told[0].body], now=NOW)


def test_recipients_with_other_views_get_other_envelopes(tmp_path: Path) -> None:
    pair = Pair(f"sqlite:///{tmp_path / 'customs.db'}", tmp_path)
    (sent,) = send(pair.post, draft(), now=NOW)
    shown = pair.post.mail.outgoing(sent.id).elements.split()
    assert "consignment.items.description" in shown and "payment.reference" not in shown


@pytest.mark.parametrize(
    "wrong", [{"purpose": "statistics"}, {"type": "referral"}, {"to": ("mallory",)}, {"lane": msgspec.structs.replace(LANE, to="ZZ")}]
)  # fmt: skip
def test_what_no_agreement_allows_is_not_sent(pair: Pair, wrong: dict[str, Any]) -> None:
    with pytest.raises(PolicyError):
        send(pair.post, draft(**wrong), now=NOW)
    assert pair.post.mail.outbox() == []


def test_nothing_flows_under_an_agreement_that_was_ended(pair: Pair) -> None:
    data = pair.bytes_of()
    bound = standing()
    end = agreements.revoke(
        bound.agreement, "post-aa", signing("post-aa"), from_day=NOW.date(), because="closed"
    )
    ended = standing(revocations=(agreements.written(end),))
    pair.customs.standing = lambda name, on: ended
    assert pair.ask(data).code == "agreement"
    pair.post.standing = lambda name, on: ended
    with pytest.raises(PolicyError):
        pair.bytes_of()


def _stranger(pair: Pair, folder: Path) -> bytes:
    """An envelope by a party that is in the directory and in no agreement."""
    everybody = {**PARTIES, "mallory": ("AA", "carrier")}
    bound = standing()
    parties = tuple(
        msgspec.structs.replace(each, id="mallory") if each.id == "post-aa" else each
        for each in bound.agreement.parties
    )
    alone = Standing(
        agreement=msgspec.structs.replace(bound.agreement, parties=parties),
        signed=tuple(everybody), unsigned=(), state="in force",
    )  # fmt: skip
    url = f"sqlite:///{folder / 'mallory.db'}"
    other = node("mallory", url, folder, {}, agreed=lambda name, on: alone)
    (sent,) = send(other, draft(), now=NOW)
    return other.mail.outgoing(sent.id).envelope


def test_every_hostile_message_is_refused_and_leaves_no_row(pair: Pair, tmp_path: Path) -> None:
    good = pair.bytes_of()
    token, body = good.split(b"\n")
    other = pair.bytes_of(consignment="EX-OTHER")
    unknown = Partners((partner("customs-qn"),))
    cases: dict[str, tuple[bytes, str]] = {
        "nothing": (b"", "shape"),
        "noise": (b"\xff" * 100, "shape"),
        "body of another": (token + b"\n" + other.split(b"\n")[1], "other-body"),
        "signature cut": (token[:-2] + b"\n" + body, "forged"),
        "no agreement": (_stranger(pair, tmp_path), "flow"),
        "oversized": (good + b"x" * envelope.MAX_BYTES, "too-large"),
    }
    for name, (data, code) in cases.items():
        assert pair.ask(data).code == code, name
    known = pair.customs.partners
    pair.customs.partners = lambda at: unknown
    assert pair.ask(good).code == "unknown-key"
    pair.customs.partners = known
    pair.now = NOW + timedelta(days=15)
    pair.customs.log.checkpoint(pair.now)
    assert pair.ask(good).code == "expired"
    assert (
        pair.customs.mail.in_state("accepted", 9) == pair.customs.mail.in_state("parked", 9) == []
    )


def test_with_a_stale_directory_or_without_evidence_nothing_is_accepted(pair: Pair) -> None:
    data = pair.bytes_of()

    def stale(at: datetime) -> Partners:
        raise SealError("directory-stale", "Expired: fetch a new one.")

    known = pair.customs.partners
    pair.customs.partners = stale
    assert pair.ask(data).status == 503
    pair.customs.partners = known
    pair.now = NOW + timedelta(hours=5)
    with pytest.raises(StoreError):
        pair.ask(data)
    pair.customs.log.checkpoint(pair.now)
    assert pair.ask(data).status == 200


def test_after_its_key_is_destroyed_a_message_can_no_longer_be_read(pair: Pair) -> None:
    pair.ask(pair.bytes_of())
    (row,) = pair.customs.mail.in_state("accepted", 9)
    pair.customs.data_keys.destroy([f"inbox/{row.digest}"])
    process(pair.customs, now=NOW)
    assert pair.seen == [] and pair.customs.mail.in_state("rejected", 9)[0].id == row.id
    assert log_audit.audit(pair.customs.log) is None


def test_what_is_stored_of_a_message_shows_nothing_of_it(tmp_path: Path) -> None:
    pair = Pair(f"sqlite:///{tmp_path / 'customs.db'}", tmp_path)
    send(pair.post, draft(), now=NOW)
    pair.round()
    for path in tmp_path.iterdir():
        assert b"Example Buyer" not in path.read_bytes(), path


def test_a_due_message_of_a_partner_that_fetches_is_not_pushed(pair: Pair) -> None:
    pulls = Partners((partner("post-aa"), partner("customs-qn", reach="pull", address="")))
    send(pair.post, draft(), now=NOW)
    pair.post.partners = lambda at: pulls
    assert due(pair.post, NOW) == []
    assert isinstance(feed(pair.post, "customs-qn", 0, 9, now=NOW)[0], Due)


def test_days_before_the_agreement_begins_nothing_flows(pair: Pair) -> None:
    pair.post.standing = lambda name, on: standing(on=date(2025, 1, 1))
    with pytest.raises(PolicyError):
        pair.bytes_of()
