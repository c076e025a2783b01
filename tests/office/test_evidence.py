"""Bundles of evidence: what holds is told, and nothing forged proves anything."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from pratique.errors import MessageError, SealError
from pratique.exchange import merkle, seal
from pratique.exchange.canonical import canonical
from pratique.exchange.note import COSIGNER, LOG, Signer
from pratique.office import evidence, receipts
from pratique.office.evidence import Witnessing, read_trust, verify_bundle
from tests.support.evidence import LATER, NOW, Bundles, attack


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    return Bundles(tmp_path_factory.mktemp("nodes"), how_many=40, seed=11)


def test_a_bundle_tells_who_sent_what_when_and_under_what(bundles: Bundles) -> None:
    found = bundles.verify(bundles.bundles[0])
    assert (found.sender, found.type) == ("post-a", "example-declaration/1")
    assert found.content == {"id": "M0", "what": "3 cotton shirts", "value": "0.50"}
    told = found.receipts[0]
    assert (told.by, told.receipt.stage, told.receipt.at) == ("customs-b", "received", NOW)
    assert (told.receipt.agreement, told.receipt.policy) == ("AG-1/2", "views/2026-07-01")
    assert told.receipt.log == "customs-b.example/log"
    assert {each.party for each in told.witnesses} <= {"post-a", "carrier-c"}
    assert told.witnesses


def test_every_bundle_holds(bundles: Bundles) -> None:
    for data in bundles.bundles:
        found = bundles.verify(data)
        assert all(each.witnesses and not each.strangers for each in found.receipts)
        assert not bundles.is_false(found, found)


def test_nothing_forged_is_accepted(bundles: Bundles) -> None:
    refused, harmless, accepted = attack(bundles, per_bundle=15)
    assert accepted == []
    assert sum(refused.values()) > 500
    assert sum(harmless.values()) < 100  # blanks, the order of members, a witness fewer


def test_a_verifier_that_forgets_a_check_is_found_out(
    bundles: Bundles, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the proof of inclusion, receipts that are in no log are accepted, and counted."""
    monkeypatch.setattr(merkle, "verify_inclusion", lambda *given: None)
    accepted = attack(bundles, per_bundle=15)[2]
    assert "another_receipt_of_the_receiver" in {name for name, _ in accepted}


def test_the_judge_of_forgeries_sees_one(bundles: Bundles) -> None:
    """The control: a bundle on another message proves something else, and is told so."""
    one, other = (bundles.verify(data) for data in bundles.bundles[:2])
    (told, *rest) = one.receipts
    assert bundles.is_false(one, other)
    for wrong in (
        {"by": "carrier-c"},
        {"size": told.size + 1},
        {"later_size": 1},
        {"witnesses": (*told.witnesses, Witnessing("post-z", NOW))},
        {"receipt": msgspec.structs.replace(told.receipt, stage="rejected")},
    ):
        forged = msgspec.structs.replace(told, **wrong)
        assert bundles.is_false(one, msgspec.structs.replace(one, receipts=(forged, *rest)))
    weaker = msgspec.structs.replace(told, witnesses=())
    assert not bundles.is_false(one, msgspec.structs.replace(one, receipts=(weaker,)))


def changed(bundles: Bundles, **parts: object) -> bytes:
    return json.dumps({**json.loads(bundles.bundles[0]), **parts}).encode()


def refused(code: str, data: bytes, bundles: Bundles, **given: object) -> None:
    with pytest.raises(SealError) as told:
        verify_bundle(data, bundles.trust, **{"now": LATER, **given})
    assert told.value.code == code


def test_witnesses_are_asked_for_by_number(bundles: Bundles) -> None:
    refused("witnesses", bundles.bundles[0], bundles, witnesses=3)
    only_ab = bundles.trusting(bundles.a, bundles.b)
    for data in bundles.bundles:
        try:
            found = verify_bundle(data, only_ab, now=LATER)
        except SealError as error:
            assert error.code == "witnesses"
            found = verify_bundle(data, only_ab, now=LATER, witnesses=0)
        told = found.receipts[0]
        assert all(each.party == "post-a" for each in told.witnesses)


def test_a_log_is_no_witness_of_itself(bundles: Bundles) -> None:
    node = bundles.b
    message = bundles.a.send(999)
    now = bundles.tomorrow()
    (sealed,) = node.receive(message, 999, now, 1)
    node.checkpoint(now, [])
    proven = receipts.proven(sealed, node.log, cosigned=0)
    own = node.cosigner.sign(json_text(proven.proof), now)
    data = receipts.bundle(
        message, [msgspec.structs.replace(proven, proof=proven.proof + str(own))]
    )
    refused("witnesses", data, bundles)
    assert bundles.trust.party(node.cosigner.verifier) == "customs-b"
    assert verify_bundle(data, bundles.trust, now=LATER, witnesses=0).receipts[0].witnesses == ()


def json_text(proof: str) -> str:
    """The three lines of the checkpoint in a proof."""
    return "\n".join(proof.split("\n\n")[1].split("\n")) + "\n"


def test_a_sender_cannot_give_itself_a_receipt(bundles: Bundles) -> None:
    message = bundles.b.send(5)
    now = bundles.tomorrow()
    sealed = bundles.b.receive(message, 5, now, 1)
    bundles.b.checkpoint(now, [bundles.a])
    proofs = [receipts.proven(each, bundles.b.log) for each in sealed]
    refused("self", receipts.bundle(message, proofs), bundles)


def test_a_receipt_is_no_message_and_a_message_no_receipt(bundles: Bundles) -> None:
    made = json.loads(bundles.bundles[0])
    receipt = json.dumps(made["receipts"][0]["receipt"])
    refused("type", changed(bundles, message=receipt), bundles)
    made["receipts"][0]["receipt"] = json.loads(made["message"])
    refused("type", json.dumps(made).encode(), bundles)


def test_moments_must_be_possible(bundles: Bundles) -> None:
    refused("moment", bundles.bundles[0], bundles, now=NOW - timedelta(days=1))
    node, message = bundles.b, bundles.a.send(77)
    tomorrow = bundles.tomorrow()
    (sealed,) = node.receive(message, 77, tomorrow + timedelta(hours=5), 1)
    node.checkpoint(tomorrow, [bundles.a])  # witnessed five hours before it says it was received
    data = receipts.bundle(message, [receipts.proven(sealed, node.log)])
    refused("moment", data, bundles)


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("shape", {"format": "pratique-evidence/2"}),
        ("shape", {"receipts": []}),
        ("shape", {"receipts": {}}),
        ("shape", {"extra": 1}),
        ("shape", {"message": 1}),
        ("unknown-key", {"message": "{}"}),
        ("unknown-key", {"message": "[]"}),
        ("unknown-key", {"message": '{"content":{},"seal":{"key_id":[],"type":"x"}}'}),
    ],
)
def test_another_shape_is_refused(bundles: Bundles, code: str, parts: dict) -> None:
    refused(code, changed(bundles, **parts), bundles)


@pytest.mark.parametrize(
    "parts",
    [
        {"at": "0001-01-01T00:00:00+10:00"},
        {"at": "2026-07-01T12:00:00"},
        {"at": "2026-07-01T14:00:00+02:00"},
        {"message_id": "M1\nWitness    post-z, 2026-07-01 12:00 UTC"},
        {"agreement": "x" * 201},
        {"policy": "a\tb"},
        {"stage": "lost"},
        {"index": "7"},
        {"extra": "x"},
    ],
)
def test_a_partner_cannot_seal_a_receipt_that_misleads(bundles: Bundles, parts: dict) -> None:
    made = json.loads(bundles.bundles[0])
    content = {**made["receipts"][0]["receipt"]["content"], **parts}
    made["receipts"][0]["receipt"] = seal.seal(content, evidence.RECEIPT, bundles.b.key)
    refused("shape", json.dumps(made).encode(), bundles)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_moments_at_the_ends_of_the_calendar_break_nothing(bundles: Bundles, at: str) -> None:
    """Logged and proved as any other: the receiver's word for a moment no clock shows."""
    message = bundles.a.send(66)
    with bundles.b.log.database.writing():
        placed = receipts.logged(
            evidence.Receipt(
                stage="received", message=evidence.digest(message), message_id="M66", agreement="AG-1/2",
                purpose="customs-clearance", policy="p", at=datetime.fromisoformat(at),
            ),
            bundles.b.log,
        )  # fmt: skip
    bundles.b.checkpoint(bundles.tomorrow(), [bundles.a])
    proven = receipts.proven(receipts.signed(placed, bundles.b.key), bundles.b.log)
    data = receipts.bundle(message, [proven])
    if at.startswith("9999"):
        refused("moment", data, bundles)
    else:
        assert bundles.verify(data).receipts[0].receipt.at.year == 1


def test_a_type_of_two_lines_is_refused(bundles: Bundles) -> None:
    content = {"id": "M1"}
    message = canonical(seal.seal(content, "a\nSent       by post-z", bundles.a.key)).decode()
    refused("shape", changed(bundles, message=message), bundles)


def test_one_receipt_stands_once(bundles: Bundles) -> None:
    made = json.loads(bundles.bundles[0])
    refused("twice", changed(bundles, receipts=made["receipts"] * 2), bundles)
    refused("shape", changed(bundles, receipts=made["receipts"][:1] * 17), bundles)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b"[1.5]", b'{"format":"a","format":"b"}', b"x" * 2_000_000]
)
def test_what_is_no_strict_json_is_refused(bundles: Bundles, data: bytes) -> None:
    with pytest.raises(MessageError):
        bundles.verify(data)


def test_doubled_members_inside_the_message_are_refused(bundles: Bundles) -> None:
    message = json.loads(bundles.bundles[0])["message"]
    doubled = message.replace('"content":', '"content":{},"content":', 1)
    with pytest.raises(MessageError, match="duplicate-key"):
        bundles.verify(changed(bundles, message=doubled))


def files(bundles: Bundles) -> list[tuple[str, str, bytes]]:
    key = bundles.a.key
    lines = Signer("a.example/log", LOG, key).verifier.vkey
    return [("a", "seal.pem", seal.public_pem(key.public_key())), ("a", "log.vkey", lines.encode())]


def test_no_key_and_no_name_stands_for_two_parties(bundles: Bundles) -> None:
    good = files(bundles)
    assert len(read_trust(good).notes) == 1
    for name, data in (
        ("seal.pem", good[0][2]),
        ("log.vkey", Signer("b.example", COSIGNER, bundles.a.key).verifier.vkey.encode()),
        ("log.vkey", Signer("a.example/log", LOG, bundles.b.key).verifier.vkey.encode()),
    ):
        with pytest.raises(SealError, match="both have"):
            read_trust([*good, ("b", name, data)])


def test_a_folder_without_keys_or_with_private_ones_is_refused(bundles: Bundles) -> None:
    good = files(bundles)
    for wrong in ([], good[:1], good[1:], [("a", "x.pem", seal.private_pem(bundles.a.key)), *good],
                  [*good, ("a", "x.vkey", "ä".encode())], [*good, ("a", "x.vkey", b"nonsense")]):  # fmt: skip
        with pytest.raises(SealError):
            read_trust(wrong)


def test_the_log_must_be_the_receivers_own(bundles: Bundles, tmp_path: Path) -> None:
    """A partner signs a receipt that stands, word for word, in somebody else's log."""
    message, now = bundles.a.send(88), bundles.tomorrow()
    receipt = evidence.Receipt(
        stage="received", message=evidence.digest(message), message_id="M88", agreement="AG-1/2",
        purpose="customs-clearance", policy="p", at=now,
    )  # fmt: skip
    with bundles.b.log.database.writing():
        placed = receipts.logged(receipt, bundles.b.log)
    bundles.b.checkpoint(now, [bundles.a])
    proven = receipts.proven(receipts.signed(placed, bundles.c.key), bundles.b.log)
    refused("origin", receipts.bundle(message, [proven]), bundles)
