"""Bytes to declarations and back: nothing lost, nothing half-applied, everything wrong told at once."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique import messages
from pratique.errors import MessageError
from pratique.messages import aed_json, csv_manifest, declaration_schema
from pratique.messages.schema import AMOUNT_PATTERN
from pratique.model.declaration import (
    Address,
    Consignment,
    Declaration,
    GoodsItem,
    Order,
    Parcel,
    Party,
    SchemeNumber,
    Transport,
)
from pratique.model.money import Money

WORDS = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp")
    ),
    min_size=1,
    max_size=30,
)
PLAIN = st.from_regex(r"[A-Za-z][A-Za-z0-9 ]{0,20}[A-Za-z0-9]", fullmatch=True)
AMOUNTS = st.decimals(0, 10**9, places=2)
MONEY = st.builds(Money, AMOUNTS, st.sampled_from(["EUR", "USD", "GBP", "XTS"]))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda each: each.replace(microsecond=0, tzinfo=UTC)
)


def declarations(words: st.SearchStrategy[str]) -> st.SearchStrategy[Declaration]:
    items = st.builds(
        GoodsItem,
        description=words,
        hs_code=st.none() | st.sampled_from(["610910", "42029200"]),
        origin=st.none() | st.sampled_from(["CN", "US"]),
        quantity=st.integers(1, 99).map(Decimal),
        net_mass_kg=st.none() | st.decimals(0, 30, places=3),
        price=MONEY,
        duty_rate=st.none() | st.just(Decimal("0.12")),
    )
    return st.builds(
        Declaration,
        id=st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True),
        destination=st.sampled_from(["AA", "DE", "GB"]),
        dispatch_country=st.none() | st.sampled_from(["CN", "HK"]),
        channel=st.sampled_from(["post", "express", "cargo"]),
        flow=st.sampled_from(["b2c", "b2b", "c2c"]),
        lodged_at=st.none() | MOMENTS,
        schemes=st.just(()) | st.just((SchemeNumber(kind="IOSS", number="IM3720000224"),)),
        parties=st.tuples(
            st.builds(
                Party,
                roles=st.just(("seller",)),
                name=words,
                address=st.just(Address(country="CN")),
            ),
            st.builds(
                Party,
                roles=st.just(("consignee",)),
                name=words,
                address=st.builds(Address, line=words, city=words, country=st.just("DE")),
            ),
        ),
        consignment=st.builds(
            Consignment,
            items=st.lists(items, min_size=1, max_size=4).map(tuple),
            parcels=st.just(()) | st.just((Parcel(id="LX473124829CN"),)),
            freight=st.none() | MONEY,
            transport=st.none()
            | st.builds(Transport, house_waybill=st.just("H1"), arrives_at=MOMENTS),
        ),
        order=st.none() | st.builds(Order, number=st.just("O-1")),
    )


@settings(max_examples=150, deadline=None)
@given(declarations(WORDS))
def test_aed_reads_what_it_writes(declaration: Declaration) -> None:
    assert messages.parse(messages.write(declaration, "aed"), "aed") == declaration


@settings(max_examples=150, deadline=None)
@given(declarations(PLAIN))
def test_a_manifest_reads_what_it_writes(declaration: Declaration) -> None:
    assert messages.parse(messages.write(declaration, "csv"), "csv") == declaration
    assert messages.losses(declaration, "csv") == ()


@settings(max_examples=100, deadline=None)
@given(declarations(PLAIN))
def test_wco_keeps_what_it_has_a_place_for(declaration: Declaration) -> None:
    found = messages.parse(messages.write(declaration, "wco"), "wco")
    assert (found.id, found.destination) == (declaration.id, declaration.destination)
    for ours, theirs in zip(declaration.consignment.items, found.consignment.items, strict=True):
        assert (ours.description, ours.hs_code, ours.origin, ours.price, ours.net_mass_kg) == (
            theirs.description, theirs.hs_code, theirs.origin, theirs.price, theirs.net_mass_kg,
        )  # fmt: skip
    assert messages.parse(messages.write(found, "wco"), "wco") == found


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


def test_good_lines_go_on_and_bad_ones_come_back() -> None:
    data = b"\n".join(
        [changed(), b"{", changed(id="A2"), b"", changed(destination=5), changed(id="A3")]
    )
    rows = list(messages.read(data))
    assert [row.number for row in rows] == [1, 2, 3, 5, 6]
    assert [row.declaration.id if row.declaration else None for row in rows] == [
        "A1",
        None,
        "A2",
        None,
        "A3",
    ]


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
    assert "/payment/reference" in {each.pointer for each in messages.losses(declaration, "csv")}
    assert messages.losses(declaration, "aed") == ()


def test_formulae_are_neither_read_nor_written() -> None:
    declaration = msgspec.structs.replace(messages.parse(changed()), id="=1+1")
    with pytest.raises(MessageError, match="cannot be written safely"):
        csv_manifest.write(declaration)


def test_one_declaration_over_several_lines_is_one_row() -> None:
    (row,) = messages.read(json.dumps(GOOD, indent=2).encode())
    assert row.declaration is not None
