"""Messages of ICS2: every shipped schema has a valid instance, and what our decisions give rise to is valid."""

from __future__ import annotations

import filecmp
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pratique import cli
from pratique.errors import Fault, MessageError, UsageError
from pratique.messages import ics2
from pratique.messages.ics2.example import shortest
from pratique.messages.ics2.schema import NAMESPACE, _folder, validator
from pratique.model.declaration import (
    Consignment,
    Declaration,
    GoodsItem,
    Parcel,
    Party,
    PartyId,
    Transport,
)
from pratique.model.outcomes import Decision, DecisionCode, Reason

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ENVELOPE = ics2.Envelope(
    sender="NA.EXAMPLE",
    recipient="CR",
    message_id="3f0c",
    at=NOW,
    member_state="DE",
    office="DE004851",
)
CODES = ics2.Codes(  # values for these tests alone: those of the lists are agreed between partners
    requests={"RFI": "T1", "RFA": "T2", "RFS": "T3"},
    transport_document="T740",
    category="T",
    analysis="T",
    error="T1",
    function="1",
    control={"RELEASED": "1", "SEIZED": "2", "DENIED": "3"},
)
DECLARATION = Declaration(
    id="EX-1",
    mrn="26DE0000000000001X",
    destination="DE",
    parties=(Party(roles=("declarant",), ids=(PartyId(kind="EORI", number="DE123456789012345"),)),),
    consignment=Consignment(
        items=(GoodsItem(description="cotton T-shirt"),),
        parcels=(Parcel(id="RA473124829DE"),),
        transport=Transport(mode="4", arrives_at=NOW),
    ),
)
SENT = {
    "INVALID": ["IE3N99", "IE4N99"],
    "RFI": ["IE4Q04"],
    "RFA": ["IE4Q04"],
    "RFS": ["IE4Q05"],
    "DNL": ["IE4S02"],
    "ASSESSED": ["IE4S02"],
    "RELEASED": ["IE4S02"],
    "CONTROL": ["IE4N09", "IE4N11"],
}
replace = msgspec.structs.replace


def decision(code: str, *reasons: Reason) -> Decision:
    return Decision(
        declaration="EX-1",
        version=1,
        code=code,
        state="FILED",
        decided_at=NOW,
        reasons=reasons or (Reason(text="Because.", rule="C010", pointer="/consignment/items/0"),),
    )


def test_there_are_twenty_schemas_and_each_compiles() -> None:
    assert len(ics2.names()) == 20
    assert all(validator(name) is not None for name in ics2.names())


def test_the_schemas_are_the_published_ones(samples: Path) -> None:
    published = samples / "ics2-cr/BusinessObjects/ICS/Common/V2"
    for path in _folder().glob("*.xsd"):
        assert filecmp.cmp(path, published / path.name, shallow=False)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", ics2.names())
def test_an_instance_made_from_the_schema_alone_is_valid(name: str, full: bool) -> None:
    data = ics2.example(name, full=full)
    assert validator(name).validate(etree.fromstring(data))
    assert ics2.faults(name, data) == ()


@pytest.mark.parametrize("name", ics2.names())
def test_an_instance_with_an_element_too_many_is_not(name: str) -> None:
    root = etree.fromstring(ics2.example(name))
    etree.SubElement(root, f"{{{NAMESPACE}}}surplus")
    assert ics2.faults(name, etree.tostring(root))


@pytest.mark.parametrize("code", SENT)
def test_every_decision_the_interface_has_a_message_for_gives_valid_ones(code: str) -> None:
    sent = ics2.messages_of(decision(code), DECLARATION, ENVELOPE, CODES)
    assert [each.name for each in sent] == SENT[code]
    for each in sent:
        assert ics2.faults(each.name, each.data) == ()


@pytest.mark.parametrize("code", sorted(set(get_args(DecisionCode)) - set(SENT)))
def test_a_decision_without_a_message_is_refused_in_words(code: str) -> None:
    with pytest.raises(MessageError, match=code) as refused:
        ics2.messages_of(decision(code), DECLARATION, ENVELOPE, CODES)
    assert refused.value.code == "no-message"


@pytest.mark.parametrize("code", SENT)
def test_a_code_that_was_not_agreed_is_refused_and_never_guessed(code: str) -> None:
    if code == "CONTROL":
        return  # names no code list
    with pytest.raises(MessageError, match="CL7") as refused:
        ics2.messages_of(decision(code), DECLARATION, ENVELOPE, ics2.Codes())
    assert refused.value.code == "no-code"


def test_a_do_not_load_names_the_receptacle_or_the_parcel() -> None:
    (sent,) = ics2.messages_of(decision("DNL"), DECLARATION, ENVELOPE, CODES)
    assert b"RA473124829DE" in sent.data
    bag = replace(
        DECLARATION.consignment, transport=Transport(receptacle="DEFRAACNPEKAAUN60001001000123")
    )
    (sent,) = ics2.messages_of(
        decision("DNL"), replace(DECLARATION, consignment=bag), ENVELOPE, CODES
    )
    assert b"DEFRAACNPEKAAUN60001001000123" in sent.data
    nothing = replace(DECLARATION, consignment=replace(bag, transport=None, parcels=()))
    with pytest.raises(MessageError) as refused:
        ics2.messages_of(decision("DNL"), nothing, ENVELOPE, CODES)
    assert refused.value.code == "lacking"


def test_a_control_without_an_mrn_is_refused() -> None:
    with pytest.raises(MessageError, match="MRN"):
        ics2.messages_of(decision("CONTROL"), replace(DECLARATION, mrn=""), ENVELOPE, CODES)


def test_arrival_and_control_result_are_valid() -> None:
    sent = ics2.arrival(DECLARATION, ENVELOPE, registered=NOW - timedelta(hours=9))
    assert (sent.name, ics2.faults(sent.name, sent.data)) == ("IE4N07", ())
    for code in CODES.control:
        sent = ics2.control_result(DECLARATION, code, ENVELOPE, CODES, ended=NOW, reason="Seen.")
        assert (sent.name, ics2.faults(sent.name, sent.data)) == ("IE4S03", ())
    with pytest.raises(MessageError):
        ics2.arrival(
            replace(DECLARATION, consignment=replace(DECLARATION.consignment, transport=None)),
            ENVELOPE,
            registered=NOW,
        )


def test_every_fault_of_an_unreadable_message_is_told_with_its_place() -> None:
    error = MessageError(
        "invalid", "two", [Fault(pointer="/id", message="one"), Fault(pointer="", message="two")]
    )
    for sent in ics2.errors(error, ENVELOPE, CODES, "EX-1"):
        assert ics2.faults(sent.name, sent.data) == ()
        assert sent.data.count(b"<error>") == 2
        assert b"<messageElementPath>/id<" in sent.data


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Cf", "Zl", "Zp", "Co")),
    min_size=1,
    max_size=600,
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(SENT)), st.lists(TEXTS, min_size=1, max_size=4))
def test_whatever_the_reasons_say_messages_are_valid_or_refused_with_a_typed_error(
    code: str, texts: list[str]
) -> None:
    reasons = [Reason(text=f"{text}\n", rule="C010", pointer=f"/{text}") for text in texts]
    try:
        sent = ics2.messages_of(decision(code, *reasons), DECLARATION, ENVELOPE, CODES)
    except MessageError as error:
        assert error.code == "unsafe-value"
        return
    assert all(ics2.faults(each.name, each.data) == () for each in sent)


HOSTILE = {
    "doctype": b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    "laughs": b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
    "no XML": b"{}",
    "cut": ics2.example("IE4N07")[:-9],
    "deep": b"<a>" * 400 + b"</a>" * 400,
    "huge": b"<a>" + b"a" * 1_100_000 + b"</a>",
    "UTF-16": "<a/>".encode("utf-16"),
    "zipped": b"PK\x03\x04",
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_refused_with_a_typed_error(name: str) -> None:
    with pytest.raises(MessageError):
        ics2.faults("IE4N07", HOSTILE[name])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (".{1,35}", "A"),
        ("[0-9]{2}", "11"),
        ("[A-Z]{2}.{0,298}", "AA"),
        (r"\d{4}-\d\d", "1111-11"),
        ("[0,1]{1}", "1"),
    ],
)
def test_the_shortest_text_of_a_pattern(pattern: str, text: str) -> None:
    assert shortest(pattern) == text


def test_the_command_writes_a_message_for_a_test_bench(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["generate", "--form", "ics2", "--message", "IE4N07"]) == 0
    assert ics2.faults("IE4N07", capsys.readouterr().out.strip().encode()) == ()
    out = tmp_path / "IE4S02.xml"
    assert (
        cli.main(["generate", "--form", "ics2", "--message", "IE4S02", "--full", "-o", str(out)])
        == 0
    )
    assert ics2.faults("IE4S02", out.read_bytes()) == ()
    assert cli.main(["generate", "--form", "ics2", "--message", "all"]) == 0
    assert capsys.readouterr().out.split() == list(ics2.names())
    assert cli.main(["generate", "--form", "ics2"]) == cli.USAGE
    assert cli.main(["generate", "--form", "ics2", "--message", "IE9X99"]) == cli.USAGE
    assert cli.main(["generate", "--full"]) == cli.USAGE
    with pytest.raises(UsageError):
        ics2.example("../ctypes")
