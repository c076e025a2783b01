"""A postal item: the fields of CN 22 and CN 23 become a declaration and come back; its number is verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique import messages
from pratique.errors import MessageError
from pratique.messages.postal_item import (
    Content,
    Correspondent,
    PostalItem,
    declaration_of_postal,
    postal_item,
    postal_of,
)
from pratique.model.codelists import countries
from pratique.model.s10 import check_digit, is_s10, s10

GUIDE = Path(__file__).parent.parent.parent / "docs/guides/postal-items.md"
ITEM: dict[str, Any] = {
    "postal_item": "pratique-1",
    "reference": "EX-9",
    "number": "RA473124829DE",
    "sender": {"name": "Example Sender", "business": "Example Shop", "street": "1 Example Road", "postcode": "10115", "city": "Exampleville", "country": "DE", "phone": "+49 0", "email": "shop@example.org", "reference": {"kind": "EORI", "number": "DE1"}},
    "addressee": {"name": "Example Buyer", "street": "1 Sample Street", "city": "Sampleton", "country": "NO", "reference": {"kind": "VAT", "number": "1"}},
    "category": "gift",
    "explanation": "birthday",
    "contents": [
        {"description": "cotton T-shirt", "quantity": "2", "net_mass_kg": "0.36", "value": {"amount": "24.00", "currency": "EUR"}, "hs_code": "610910", "origin": "CN"},
        {"description": "wooden toy car"},
    ],
    "gross_mass_kg": "0.42",
    "postal_charges": {"amount": "3.50", "currency": "EUR"},
    "comments": "none",
    "licences": ["L-1"],
    "certificates": ["C-1", "C-2"],
    "invoice": "I-1",
    "origin_office": "DEFRAA",
    "receptacle": "DEFRAANOOSLAAUN60001001000123",
    "dispatch": "D-1",
}  # fmt: skip


def data(**changes: Any) -> bytes:
    return json.dumps(
        {key: each for key, each in {**ITEM, **changes}.items() if each is not None}
    ).encode()


def test_every_field_of_the_form_has_its_place_and_comes_back() -> None:
    declaration = messages.parse(data())
    assert json.loads(messages.write(declaration, "postal")) == ITEM
    assert messages.losses(declaration, "postal") == ()
    assert (declaration.id, declaration.destination, declaration.dispatch_country) == (
        "EX-9",
        "NO",
        "DE",
    )
    assert (declaration.channel, declaration.flow) == ("post", "c2c")
    assert declaration.parties[0].contact == "Example Sender"
    filled = {name for name in PostalItem.__struct_fields__ if name in ITEM}
    assert filled == set(PostalItem.__struct_fields__)


def test_the_check_digit_is_that_of_the_published_example() -> None:
    assert check_digit("47312482") == "9"
    assert s10("RA", 47312482, "DE") == "RA473124829DE"
    assert check_digit("00000000") == "5"  # 11 becomes 5
    assert check_digit("00000004") == "5"
    assert {check_digit(f"{serial:08d}") for serial in range(200)} == set("0123456789")


@given(
    st.integers(0, 99_999_999),
    st.sampled_from(sorted(countries())),
    st.integers(2, 10),
    st.integers(1, 9),
)
def test_any_single_wrong_digit_is_noticed_but_where_two_rests_share_a_digit(
    serial: int, country: str, at: int, add: int
) -> None:
    number = s10("RA", serial, country)
    assert is_s10(number)
    wrong = number[:at] + str((int(number[at]) + add) % 10) + number[at + 1 :]
    # 10 gives 0 and 11 gives 5: rests that share a check digit with another cannot be told apart.
    assert is_s10(wrong) is (check_digit(wrong[2:10]) == wrong[10])
    if at == 10:
        assert not is_s10(wrong)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("RA473124820DE", "9 is right"),
        ("RA473124829QQ", None),
        ("RA473124829ZY", "no such country"),
        ("ra473124829de", "no S10 number"),
        ("R\u0410473124829D", "no S10 number"),
        ("LX47312482", "no S10 number"),
    ],
)
def test_a_number_that_is_none_is_refused_with_what_is_right(number: str, told: str | None) -> None:
    if told is None:
        assert (
            messages.parse(data(number=number)).consignment.parcels[0].id == number
        )  # user-assigned
        return
    with pytest.raises(MessageError, match=told) as refused:
        messages.parse(data(number=number))
    assert refused.value.code == "s10"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"number": None, "reference": None}, "/number"),
        ({"addressee": {"name": "X"}}, "/addressee/country"),
        ({"sender": {"business": "Shop", "name": "x" * 71}}, "/sender/name"),
        ({"contents": []}, "/contents"),
        ({"category": "present"}, "/category"),
        ({"colour": "red"}, ""),
        ({"postal_item": "pratique-2"}, "/postal_item"),
        ({"gross_mass_kg": 0.42}, "/gross_mass_kg"),
    ],
)
def test_what_the_form_does_not_allow_is_told_with_its_place(
    changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(MessageError) as refused:
        messages.parse(data(**changes))
    assert pointer in {each.pointer for each in refused.value.faults}
    assert all(each.hint for each in refused.value.faults)


def test_an_item_without_a_number_is_known_by_its_reference_and_the_other_way_round() -> None:
    assert messages.parse(data(number=None)).consignment.parcels == ()
    assert messages.parse(data(reference=None)).id == "RA473124829DE"


def test_a_file_holds_one_item_a_line_or_one_over_several() -> None:
    second = data(reference="EX-10")
    rows = list(messages.read(data() + b"\n\n" + second + b"\n"))
    assert [(row.number, row.declaration.id if row.declaration else row.error) for row in rows] == [
        (1, "EX-9"),
        (3, "EX-10"),
    ]
    (row,) = messages.read(json.dumps(ITEM, indent=2).encode())
    assert row.declaration == messages.parse(data())
    broken = list(messages.read(data() + b'\n{"postal_item":1}\n' + second))
    assert [row.error is None for row in broken] == [True, False, True]


def test_a_post_maps_its_own_message_through_the_structure() -> None:
    """The hook of the guide: fill the structure, and everything behind it is the usual walk."""
    mapped = PostalItem(
        number="RA473124829DE",
        addressee=Correspondent(country="NO"),
        contents=(Content(description="cotton T-shirt"),),
    )
    declaration = declaration_of_postal(mapped)
    assert postal_of(declaration) == msgspec.structs.replace(mapped, reference="RA473124829DE")


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(ITEM)),
        st.none() | st.text(max_size=5) | st.integers(-3, 3) | st.just({}) | st.just([]),
        max_size=4,
    )
)
def test_whatever_stands_in_a_field_is_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        found = messages.parse(data(**changes), "postal")
    except MessageError as error:
        assert error.faults
        return
    assert messages.parse(messages.write(found, "postal"), "postal") == found


def test_the_guide_shows_what_is_read() -> None:
    block = GUIDE.read_text("utf-8").split("```json\n")[1].split("```")[0]
    assert postal_item(block.encode()).number == "RA473124829DE"
    assert set(json.loads(block)) == set(PostalItem.__struct_fields__)
