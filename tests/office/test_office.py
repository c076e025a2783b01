"""Use cases from bytes to kept decisions, on both stores."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from pratique.errors import (
    MessageError,
    NotFoundError,
    RequestConflictError,
    TransitionError,
    UsageError,
    VersionConflictError,
)
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Decision
from pratique.office.desk import Desk, walk
from pratique.office.find import history
from pratique.office.generate import FAULTS, generate
from pratique.office.quote import QuoteLine, QuoteRequest, quote
from pratique.office.receive import Acknowledgement, amend, invalidate, receive
from tests.support.parcels import EVIDENCE

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def aed(**changes: object) -> bytes:
    document = {
        "id": "A1", "destination": "DE", "dispatch_country": "CN",
        "schemes": [{"kind": "IOSS", "number": "IM3720000224"}],
        "parties": [
            {"roles": ["seller"], "name": "Example Seller"},
            {"roles": ["consignee"], "name": "Example Buyer",
             "address": {"line": "1 Example Street", "city": "Sampleton", "country": "DE"}},
        ],
        "consignment": {
            "items": [{"description": "cotton T-shirt", "hs_code": "610910", "origin": "CN",
                       "net_mass_kg": "0.2", "price": {"amount": "40.00", "currency": "EUR"}}],
            "parcels": [{"id": "LX473124829CN"}],
        },
        **changes,
    }  # fmt: skip
    return json.dumps(document).encode()


@pytest.fixture
def desk(store_url: str):
    found = Desk(evidence=EVIDENCE, store=store_url)
    yield found
    found.close()


def test_a_parcel_walks_from_bytes_to_a_kept_decision(desk: Desk) -> None:
    answer = receive(aed(), desk, sender="post", now=NOW)
    assert (answer.version, answer.repeated) == (1, False)
    assert answer.decision.code == "ASSESSED"
    assert answer.decision.assessment is not None
    assert answer.decision.assessment.regime == "ioss"
    assert answer.decision.assessment.total("duty") == Decimal("3.00")
    (kept,) = history(desk, "LX473124829CN")
    assert kept.decision == answer.decision
    assert all(reason.rule for reason in kept.decision.reasons)


def test_the_same_sending_twice_changes_nothing(desk: Desk) -> None:
    first = receive(aed(), desk, sender="post", now=NOW, request="R1")
    again = receive(aed(), desk, sender="post", now=NOW, request="R1")
    assert again.repeated
    assert (again.sequence, again.decision) == (first.sequence, first.decision)
    with pytest.raises(RequestConflictError):
        receive(aed(flow="b2b"), desk, sender="post", now=NOW, request="R1")
    assert len(history(desk, "A1")) == 1


def test_amendments_keep_every_version_and_show_the_difference(desk: Desk) -> None:
    receive(aed(), desk, sender="post", now=NOW)
    changed = json.loads(aed())
    changed["consignment"]["items"][0]["price"]["amount"] = "45.00"
    answer = amend(json.dumps(changed).encode(), desk, sender="post", follows=1, now=NOW)
    assert answer.version == 2
    with pytest.raises(VersionConflictError):
        amend(aed(flow="b2b"), desk, sender="post", follows=1, now=NOW)
    first, second = history(desk, "A1")
    assert first.changes == ()
    (change,) = second.changes
    assert (change.pointer, change.before, change.after) == (
        "/consignment/items/0/price/amount", "40.00", "45.00",
    )  # fmt: skip


def test_a_withdrawn_declaration_stays_in_the_journal(desk: Desk) -> None:
    receive(aed(), desk, sender="post", now=NOW)
    answer = invalidate("A1", desk, sender="post", because="sent twice by mistake", now=NOW)
    assert (answer.version, answer.decision.state) == (2, "CANCELLED")
    assert [each.kind for each in history(desk, "A1")] == ["filing", "invalidation"]


def priced(amount: str, **changes: object) -> bytes:
    """The sample declaration at another price."""
    document = json.loads(aed(**changes))
    document["consignment"]["items"][0]["price"]["amount"] = amount
    return json.dumps(document).encode()


def free(**changes: object) -> bytes:
    """A declaration for which nothing is due at the border: tax was collected at sale."""
    return priced(
        "40.00", destination="GB", schemes=[{"kind": "GBVAT", "number": "GB999999973"}], **changes
    )


def said(answer: Acknowledgement) -> bytes:
    """An acknowledgement as bytes, whether or not it was given before."""
    return msgspec.json.encode(msgspec.structs.replace(answer, repeated=False))


def test_a_request_sent_again_is_answered_as_the_first_time_whatever_came_after(desk: Desk) -> None:
    later = NOW + timedelta(days=3)
    named = [
        lambda now: receive(aed(), desk, sender="post", now=now, request="R1"),
        lambda now: amend(priced("45.00"), desk, sender="post", follows=1, now=now, request="R2"),
        lambda now: amend(priced("46.00"), desk, sender="post", now=now, request="R3"),
        lambda now: amend(priced("45.00"), desk, sender="post", now=now, request="R4"),
        lambda now: invalidate("A1", desk, sender="post", because="sold out", now=now, request="R5"),
    ]  # fmt: skip
    first = [send(NOW) for send in named]
    assert [(each.version, each.repeated) for each in first] == [(n, False) for n in range(1, 6)]
    kept = [record.answer for record in desk.journal().versions("A1")]
    again = [send(later) for send in named]
    assert all(each.repeated for each in again)
    assert [said(each) for each in again] == [said(each) for each in first]
    assert [msgspec.json.encode(each.decision) for each in again] == kept
    assert len(history(desk, "A1")) == 5


def test_without_a_request_id_the_content_and_what_it_follows_are_its_id(desk: Desk) -> None:
    receive(aed(), desk, sender="post", now=NOW)
    first = amend(priced("45.00"), desk, sender="post", follows=1, now=NOW)
    same = amend(priced("45.00"), desk, sender="post", now=NOW)
    assert (same.repeated, said(same)) == (True, said(first))
    amend(priced("46.00"), desk, sender="post", follows=2, now=NOW)
    back = amend(priced("45.00"), desk, sender="post", follows=3, now=NOW)
    assert (back.version, back.repeated) == (4, False)
    assert said(amend(priced("45.00"), desk, sender="post", follows=1, now=NOW)) == said(first)
    withdrawn = invalidate("A1", desk, sender="post", because="sold out", now=NOW)
    again = invalidate("A1", desk, sender="post", because="sold out", now=NOW)
    assert (again.repeated, said(again)) == (True, said(withdrawn))
    assert len(history(desk, "A1")) == 5


def test_a_request_id_is_for_one_content_only(desk: Desk) -> None:
    receive(aed(), desk, sender="post", now=NOW, request="R1")
    receive(aed(id="A2"), desk, sender="post", now=NOW)
    with pytest.raises(RequestConflictError):
        amend(priced("45.00"), desk, sender="post", now=NOW, request="R1")
    invalidate("A1", desk, sender="post", because="sold out", now=NOW, request="R2")
    for declaration, because in (("A1", "lost"), ("A2", "sold out")):
        with pytest.raises(RequestConflictError):
            invalidate(declaration, desk, sender="post", because=because, now=NOW, request="R2")
    assert invalidate("A2", desk, sender="post", because="sold out", now=NOW).version == 2


def test_what_was_withdrawn_is_neither_amended_nor_withdrawn_again(desk: Desk) -> None:
    receive(aed(), desk, sender="post", now=NOW)
    with pytest.raises(UsageError, match="reason"):
        invalidate("A1", desk, sender="post", because=" ", now=NOW)
    invalidate("A1", desk, sender="post", because="sold out", now=NOW)
    with pytest.raises(TransitionError, match="nothing may happen to it any more"):
        amend(priced("45.00"), desk, sender="post", follows=2, now=NOW)
    with pytest.raises(TransitionError, match="CANCELLED"):
        invalidate("A1", desk, sender="post", because="another reason", now=NOW)
    with pytest.raises(VersionConflictError, match="another id"):
        receive(priced("45.00"), desk, sender="post", now=NOW)
    assert len(history(desk, "A1")) == 2


def test_a_parcel_that_left_is_sent_back_and_not_withdrawn(desk: Desk) -> None:
    goods = json.loads(free())["consignment"]
    goods["transport"] = {"departs_at": (NOW + timedelta(hours=5)).isoformat()}
    receive(free(consignment=goods), desk, sender="post", now=NOW)
    with pytest.raises(TransitionError, match=r"it has left.*allowed are .*open_return"):
        invalidate("A1", desk, sender="post", because="sold out", now=NOW + timedelta(hours=6))
    assert "open_return" in history(desk, "A1", now=NOW + timedelta(hours=6))[0].may
    assert invalidate("A1", desk, sender="post", because="sold out", now=NOW).version == 2


def test_the_scheme_number_is_fixed_once_released_whatever_came_after(desk: Desk) -> None:
    assert receive(free(), desk, sender="post", now=NOW).decision.state == "RELEASED"
    other = [{"kind": "GBVAT", "number": "GB888888883"}]
    with pytest.raises(TransitionError, match="fixed once released"):
        amend(aed(destination="GB", schemes=other), desk, sender="post", now=NOW)
    vague = json.loads(free())
    vague["consignment"]["items"][0]["description"] = "gift"
    reopened = amend(json.dumps(vague).encode(), desk, sender="post", now=NOW)
    assert reopened.decision.state != "RELEASED"
    assert reopened.decision.reasons[-1].rule == "clearance/release_reopened"
    with pytest.raises(TransitionError, match="fixed once released"):
        amend(aed(destination="GB", schemes=other), desk, sender="post", now=NOW)
    assert amend(free(), desk, sender="post", now=NOW).decision.state == "RELEASED"


def test_a_parcels_history_holds_all_versions_of_every_declaration_that_names_it(
    desk: Desk,
) -> None:
    receive(aed(), desk, sender="post", now=NOW)
    other = json.loads(aed())["consignment"] | {"parcels": [{"id": "LX473124815CN"}]}
    amend(aed(consignment=other), desk, sender="post", now=NOW)
    versions = history(desk, "LX473124829CN", now=NOW)
    assert [(each.version, each.may is None) for each in versions] == [(1, True), (2, False)]


def test_what_cannot_be_read_is_not_kept(desk: Desk) -> None:
    with pytest.raises(MessageError):
        receive(b'{"id":1}', desk, sender="post", now=NOW)
    with pytest.raises(NotFoundError):
        history(desk, "A1")
    with pytest.raises(NotFoundError):
        amend(aed(), desk, sender="post", follows=1, now=NOW)


def test_goods_that_leave_need_a_human_and_the_reason_says_why(desk: Desk) -> None:
    answer = receive(aed(direction="export"), desk, sender="post", now=NOW)
    assert answer.decision.code == "MANUAL"
    assert "no law of export" in answer.decision.reasons[0].text


def test_a_destination_without_law_needs_a_human(desk: Desk) -> None:
    answer = receive(aed(destination="FJ"), desk, sender="post", now=NOW)
    assert answer.decision.code == "MANUAL"
    assert "No law is loaded for FJ" in answer.decision.reasons[0].text


def test_generated_parcels_are_the_same_for_the_same_seed() -> None:
    first, again = (
        [msgspec.json.encode(d) for d, _ in generate(5, 50, on=date(2026, 7, 1))] for _ in range(2)
    )
    assert first == again
    assert first != [msgspec.json.encode(d) for d, _ in generate(6, 50, on=date(2026, 7, 1))]


def test_every_kind_of_planted_fault_is_found_by_its_check() -> None:
    desk = Desk(evidence=EVIDENCE)
    from_kind: dict[str, list[bool]] = {}
    for declaration, faults in generate(5, 900, on=date(2026, 7, 1), fault_share=0.6):
        for fault in faults:
            decision = _decide(declaration, desk)
            hit = any(each.pointer.startswith(fault.pointer) for each in decision.findings)
            from_kind.setdefault(fault.kind, []).append(hit)
    assert set(from_kind) == set(FAULTS)
    assert all(all(hits) for hits in from_kind.values()), {
        k: sum(v) / len(v) for k, v in from_kind.items()
    }


def test_sound_generated_parcels_have_no_serious_findings() -> None:
    desk = Desk(evidence=EVIDENCE)
    for declaration, _ in generate(5, 300, on=date(2026, 7, 1), fault_share=0):
        serious = [each for each in _decide(declaration, desk).findings if each.severity != "note"]
        assert serious == [], declaration


def _decide(declaration: Declaration, desk: Desk) -> Decision:
    return walk(declaration, desk, now=datetime(2026, 7, 1, 23, 59, tzinfo=UTC), trace=False)


def test_a_quote_says_what_does_not_go_together() -> None:
    request = QuoteRequest(
        destination="GB",
        dispatch_country="CN",
        on=date(2025, 3, 1),
        currency="GBP",
        lines=(QuoteLine(value=Decimal(20), hs="610910", what="cotton T-shirt"),),
        flow="c2c",
        scheme_number=True,
    )
    told = {each.about for each in quote(request, Desk()).cautions}
    assert "C604" in told
    apart = msgspec.structs.replace(request, subdivision="ENG", postcode="BT1 1AA")
    with pytest.raises(UsageError, match="NIR"):
        quote(apart, Desk())
