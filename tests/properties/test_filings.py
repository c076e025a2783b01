"""Any order of filing, amending, withdrawing and sending again keeps what the journal promises."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pratique.clearance.lifecycle import scheme_of
from pratique.errors import (
    NotFoundError,
    PratiqueError,
    RequestConflictError,
    TransitionError,
    VersionConflictError,
)
from pratique.model.declaration import Declaration
from pratique.office.desk import Desk
from pratique.office.receive import Acknowledgement, amend, invalidate, receive
from pratique.store import Record
from tests.support.parcels import EVIDENCE

START = datetime(2026, 7, 1, tzinfo=UTC)
REFUSALS = (NotFoundError, RequestConflictError, TransitionError, VersionConflictError)
Send = Callable[[datetime], Acknowledgement]

names = st.sampled_from(["A", "B", "C", "D", "E", "F"])
senders = st.sampled_from(["post", "express"])
requests = st.sampled_from(["", "", "new", "new", "new", "R1", "R2"])
"""None, one never used before, or one that may have been."""
goods = st.fixed_dictionaries(
    {
        "description": st.sampled_from(["cotton T-shirt", "cotton T-shirt", "gift"]),
        "amount": st.sampled_from(["40.00", "60.00", "400.00"]),
        "scheme": st.sampled_from(["GB999999973", "GB999999973", "GB888888883", ""]),
        "dangerous": st.sampled_from(["", "", "", "3480"]),
        "departs": st.sampled_from([None, 4, 40]),
    }
)


def aed(name: str, what: dict[str, Any]) -> bytes:
    """A declaration of one parcel to the United Kingdom, as bytes."""
    item = {
        "description": what["description"], "hs_code": "610910", "origin": "CN", "net_mass_kg": "0.2",
        "price": {"amount": what["amount"], "currency": "GBP"}, "duty_rate": "0.12",
    }  # fmt: skip
    if what["dangerous"]:
        item["dangerous_goods"] = what["dangerous"]
    document = {
        "id": name, "destination": "GB", "dispatch_country": "CN",
        "schemes": [{"kind": "GBVAT", "number": what["scheme"]}] if what["scheme"] else [],
        "parties": [
            {"roles": ["seller"], "name": "Example Seller"},
            {"roles": ["consignee"], "name": "Example Buyer",
             "address": {"line": "1 Example Street", "city": "Sampleton", "country": "GB"}},
        ],
        "consignment": {"items": [item], "parcels": [{"id": "LX473124829CN"}], "transport": {"mode": "4"}},
    }  # fmt: skip
    if what["departs"] is not None:
        departs = START + timedelta(hours=what["departs"])
        document["consignment"]["transport"]["departs_at"] = departs.isoformat()  # type: ignore[index]
    return json.dumps(document).encode()


class Filings(RuleBasedStateMachine):
    """Two senders use the same ids for their declarations; an hour passes with every step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="filings-")
        self.desk = Desk(
            evidence=EVIDENCE, store=f"sqlite:///{Path(self.folder.name) / 'store.db'}"
        )
        self.journal = self.desk.journal()
        self.now = START
        self.answered: list[tuple[Send, bytes]] = []

    @initialize(what=goods)
    def begin(self, what: dict[str, Any]) -> None:
        self.file("A", "post", what, "")

    def teardown(self) -> None:
        self.journal.close()
        self.desk.close()
        self.folder.cleanup()

    def kept(self) -> tuple[Record, ...]:
        return self.journal.find(limit=1000)

    def send(self, sending: Send) -> None:
        """Send it: one more entry, an answer given before, or a refusal that keeps nothing."""
        self.now += timedelta(hours=1)
        before = self.kept()
        try:
            answer = sending(self.now)
        except PratiqueError as error:
            assert isinstance(error, REFUSALS), error
            assert self.kept() == before
            return
        after = self.kept()
        assert after[: len(before)] == before
        assert len(after) == len(before) + (not answer.repeated)
        self.answered.append((sending, said(answer)))

    def named(self, request: str) -> str | None:
        return f"N{len(self.answered)} {self.now}" if request == "new" else request or None

    @rule(name=names, sender=senders, what=goods, request=requests)
    def file(self, name: str, sender: str, what: dict[str, Any], request: str) -> None:
        data, request_id = aed(name, what), self.named(request)
        self.send(lambda now: receive(data, self.desk, sender=sender, now=now, request=request_id))

    @rule(
        which=st.integers(0, 9), what=goods, request=requests,
        follows=st.sampled_from(["latest", "latest", "latest", None, 1, 2]),
    )  # fmt: skip
    def amend(self, which: int, what: dict[str, Any], request: str, follows: Any) -> None:
        name, sender, version = self.one_of_mine(which)
        if follows == "latest":
            follows = version
        data, request_id = aed(name, what), self.named(request)
        answered = len(self.answered)
        self.send(
            lambda now: amend(
                data, self.desk, sender=sender, follows=follows, now=now, request=request_id
            )
        )
        if follows is None and request_id is None:
            # It means the latest version, whichever that is: sent again later it is another request.
            del self.answered[answered:]

    @rule(which=st.integers(0, 9), because=st.sampled_from(["sold", "lost"]), request=requests)
    def withdraw(self, which: int, because: str, request: str) -> None:
        name, sender, version = self.one_of_mine(which)
        if which % 3 and version < 3:
            return  # Most histories should grow longer first.
        request_id = self.named(request)
        self.send(
            lambda now: invalidate(
                name, self.desk, sender=sender, because=because, now=now, request=request_id
            )
        )

    def one_of_mine(self, which: int) -> tuple[str, str, int]:
        """Id, sender and version of something filed; now and then of something that is not, or no more."""
        latest = {(each.sender, each.declaration): each for each in self.kept()}
        live = [each for each in latest.values() if each.state != "CANCELLED"]
        if which and live:
            one = live[which % len(live)]
            return one.declaration, one.sender, one.version
        return "A", "post", 2

    @precondition(lambda self: self.answered)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """INV6: nothing changes, and the answer is the first one, byte for byte."""
        sending, first = data.draw(st.sampled_from(self.answered))
        before = self.kept()
        self.now += timedelta(hours=1)
        answer = sending(self.now)
        assert answer.repeated
        assert said(answer) == first
        assert self.kept() == before

    @invariant()
    def one_answer_for_each_request(self) -> None:
        named = [(each.sender, each.request) for each in self.kept()]
        assert len(named) == len(set(named))

    @invariant()
    def digests_fit(self) -> None:
        assert self.journal.verify() is None

    @invariant()
    def every_history_is_one_the_law_allows(self) -> None:
        histories: dict[tuple[str, str], list[Record]] = {}
        for each in self.kept():
            histories.setdefault((each.sender, each.declaration), []).append(each)
        for records in histories.values():
            assert [each.version for each in records] == list(range(1, len(records) + 1))
            assert [each.kind for each in records[:1]] == ["filing"]
            lawful(records)


def lawful(records: list[Record]) -> None:
    """One declaration's history: withdrawn once at the end, one scheme after release, no screening evaded."""
    schemes = [scheme_of(msgspec.json.decode(each.body, type=Declaration)) for each in records]
    states = [each.state for each in records]
    assert "CANCELLED" not in states[:-1]
    if "RELEASED" in states:
        first = states.index("RELEASED")
        assert set(schemes[first:]) == {schemes[first]}
    codes = [each.code for each in records]
    if "RFS" in codes:
        assert not {"ASSESSED", "RELEASED"} & set(codes[codes.index("RFS") :])


def said(answer: Acknowledgement) -> bytes:
    """An acknowledgement as bytes, whether or not it was given before."""
    return msgspec.json.encode(msgspec.structs.replace(answer, repeated=False))


TestFilings = Filings.TestCase
TestFilings.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
