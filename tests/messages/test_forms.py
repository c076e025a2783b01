"""Bytes to declarations and back: nothing lost, nothing half-applied, everything wrong told at once."""

import json

import pytest

from pratique import messages
from pratique.errors import MessageError
from pratique.messages import aed_json, declaration_schema
from pratique.messages.schema import AMOUNT_PATTERN

GOOD = {
    "id": "A1",
    "destination": "DE",
    "consignment": {
        "items": [
            {"description": "cotton T-shirt", "price": {"amount": "12.50", "currency": "EUR"}}
        ]
    },
}


def changed(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}).encode()


def item(**changes: object) -> bytes:
    return changed(consignment={"items": [{**GOOD["consignment"]["items"][0], **changes}]})


def test_every_form_offers_what_a_form_must() -> None:
    offered = {*vars(messages.Form), *messages.Form.__annotations__}
    for form in messages.FORMS.values():
        assert {name for name in offered if not name.startswith("_")} <= set(dir(form))


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b'{"id":"A"}', "aed"),
        (b" \n[", "aed"),
        (b"<?xml version='1.0'?>", "wco"),
        (b"\xef\xbb\xbf<Declaration/>", "wco"),
        (b"UNA:+.? '", "cuscar"),
        (b"\r\nUNB+UNOW:4", "cuscar"),
        (b'{"postal_item":"pratique-1"}', "postal"),
        (b'{\n  "postal_item": 1}', "postal"),
        (b'{"id":"A","postal_item":1}', "aed"),
        (b"declaration_id,price\n", "csv"),
        (b'\xef\xbb\xbf"Declaration_ID";price\r\n', "csv"),
        (b"price\tdeclaration_id\r\n", "csv"),
    ],
)
def test_the_form_is_told_by_the_first_bytes(start: bytes, form: str) -> None:
    assert messages.detect(start) == form
    assert (
        sum(
            each.begins(start.removeprefix(b"\xef\xbb\xbf").lstrip())
            for each in messages.FORMS.values()
        )
        == 1
    )


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"", "unknown-form"),
        (b"%PDF-1.7", "unknown-form"),
        (b"my_declaration_id,price\n", "unknown-form"),
        (b"PK\x03\x04", "compressed"),
        (b"\x1f\x8b\x08", "compressed"),
        ('{"id":"A"}'.encode("utf-16"), "encoding"),
        ('{"id":"A"}'.encode("utf-16-be"), "encoding"),
        ('{"id":"A"}'.encode("utf-32"), "encoding"),
    ],
)
def test_what_is_no_form_is_refused_in_words(start: bytes, code: str) -> None:
    with pytest.raises(MessageError) as refused:
        messages.detect(start)
    assert refused.value.code == code
    assert refused.value.faults[0].hint


def test_both_ways_of_reading_agree() -> None:
    fast = aed_json.parse(messages.write(messages.parse(changed()), "aed"))
    assert fast == aed_json.parse(json.dumps(GOOD, indent=3).encode())


def test_unknown_elements_survive_where_they_stood() -> None:
    data = item(colour="red", price={"amount": "1", "currency": "EUR", "vat": {"included": True}})
    read = messages.parse(data)
    assert read.extension["aed"]["/consignment/items/0/colour"] == "red"
    written = json.loads(messages.write(read, "aed"))
    assert written["consignment"]["items"][0]["colour"] == "red"
    assert written["consignment"]["items"][0]["price"]["vat"] == {"included": True}
    assert messages.parse(json.dumps(written).encode()) == read


def test_all_faults_are_told_at_once_with_pointers() -> None:
    data = json.dumps(
        {
            "id": "",
            "destination": "GERMANY",
            "flow": "gift",
            "consignment": {"items": [{"quantity": "1e5"}, {"origin": "X"}]},
        }
    ).encode()
    with pytest.raises(MessageError) as refused:
        messages.parse(data)
    assert {fault.pointer for fault in refused.value.faults} == {
        "/id", "/destination", "/flow", "/consignment/items/0/quantity", "/consignment/items/1/origin",
    }  # fmt: skip


def test_rows_of_one_declaration_must_agree() -> None:
    data = (
        b"declaration_id,destination,description,price,currency\n"
        b"A,DE,shirt of cotton,5,EUR\nA,FR,sock of wool,5,EUR\nB,DE,hat of felt,5,EUR\n"
    )
    first, second = messages.read(data)
    assert first.error is not None
    assert first.error.faults[0].pointer == "line 3, destination"
    assert second.declaration is not None


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_manifests_come_with_any_usual_separator(separator: str) -> None:
    text = "declaration_id,destination,description,price,currency\nA,DE,shirt,5,EUR\n"
    (row,) = messages.read(b"\xef\xbb\xbf" + text.replace(",", separator).encode(), "csv")
    assert row.declaration is not None


def test_the_schema_is_exported_from_the_model() -> None:
    schema = declaration_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    money = schema["$defs"]["Money"]["properties"]["amount"]
    assert money["pattern"] == AMOUNT_PATTERN
    description = schema["$defs"]["GoodsItem"]["properties"]["description"]
    assert (description["x-wco-id"], description["x-privacy"]) == ("137", "commercial")


def test_money_is_written_as_text_and_never_as_a_number() -> None:
    assert b'"amount":"12.50"' in messages.write(messages.parse(changed()), "aed")


def test_what_a_form_cannot_carry_is_told() -> None:
    declaration = messages.parse(changed(order={"number": "O-1"}, payment={"reference": "P-1"}))
    assert {each.pointer for each in messages.losses(declaration, "wco")} >= {"/order", "/payment"}
    assert "/payment" in {each.pointer for each in messages.losses(declaration, "csv")}
    assert messages.losses(declaration, "aed") == ()
