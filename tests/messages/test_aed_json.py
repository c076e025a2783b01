"""AED JSON: two ways of reading that agree, unknown elements kept in place, files of lines."""

import json

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique import messages
from pratique.errors import MessageError
from pratique.messages import aed_json
from tests.support.declarations import declarations

ITEM = {"description": "cotton T-shirt", "price": {"amount": "12.50", "currency": "EUR"}}
GOOD = {"id": "A1", "destination": "DE", "consignment": {"items": [ITEM]}}


def text_of(**changes: object) -> bytes:
    return json.dumps({**GOOD, **changes}, separators=(",", ":"), ensure_ascii=False).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(declarations(), st.integers(0), st.binary(max_size=3), st.integers(0, 3))
def test_what_the_fast_way_takes_the_slow_way_takes_alike(
    declaration, at: int, put: bytes, cut: int
) -> None:
    data = messages.write(declaration, "aed")
    at %= len(data)
    for each in (data, data[:at] + put + data[at + cut :]):
        try:
            found = aed_json.parse(each)
        except MessageError:
            continue
        assert aed_json._parse_slowly(each) == found


@pytest.mark.parametrize(
    "extension",
    [{"x": 1.5}, {"x": 123456789012345678}, {"x": [[]]}, {"x": "\u202e"}],
)
def test_free_parts_are_read_strictly_too(extension: object) -> None:
    deep = extension if extension != {"x": [[]]} else {"x": json.loads("[" * 40 + "]" * 40)}
    with pytest.raises(MessageError):
        messages.parse(text_of(extension=deep))


def test_free_parts_survive() -> None:
    extension = {"shop": {"id": 7, "tags": ["a", None, True]}}
    data = text_of(extension=extension)
    assert messages.parse(data).extension == extension
    assert messages.write(messages.parse(data), "aed") == data


def test_set_aside_elements_cannot_be_sent_nor_fill_places_of_the_model() -> None:
    with pytest.raises(MessageError, match="a message cannot hold it"):
        messages.parse(text_of(extension={"aed": {"/payment/reference": "P"}}))
    declaration = msgspec.structs.replace(
        messages.parse(text_of()),
        extension={
            "aed": {
                "/payment/reference": "P",
                "/dispatch_country": "CN",
                "/consignment/items/9/colour": "red",
                "/consignment/items/x/colour": "red",
                "/order/x": 1,
                "/colour": "red",
            }
        },
    )
    written = json.loads(messages.write(declaration, "aed"))
    assert written == {**GOOD, "colour": "red"}


@pytest.mark.parametrize("kept", [5, [], {"no pointer": 1}])
def test_kept_parts_of_another_shape_are_refused_in_words(kept: object) -> None:
    odd = msgspec.structs.replace(messages.parse(text_of()), extension={"aed": kept})
    with pytest.raises(MessageError, match="not by JSON Pointer"):
        messages.write(odd, "aed")


def test_lines_end_as_on_any_system_and_each_goes_its_own_way() -> None:
    lines = [text_of(), b"{", text_of(id="A2"), b"", text_of(destination=5)]
    for end in (b"\n", b"\r\n"):
        rows = list(messages.read(end.join(lines)))
        assert [row.number for row in rows] == [1, 2, 3, 5]
        assert [bool(row.declaration) for row in rows] == [True, False, True, False]
        assert rows[0].source == lines[0]


def test_a_broken_text_over_many_lines_is_one_error() -> None:
    whole = json.dumps(GOOD, indent=2).encode()
    (row,) = messages.read(whole)
    assert row.declaration is not None
    for broken in (whole[:-4], whole.replace(b'"A1",', b'"A1"'), b"[\n" + whole + b"\n]"):
        (row,) = messages.read(broken)
        assert row.error is not None


def test_a_broken_first_line_leaves_the_others() -> None:
    rows = list(messages.read(b'{"id":"A0"\n' + text_of() + b"\n" + text_of(id="A2")))
    assert [bool(row.declaration) for row in rows] == [False, True, True]


def test_numbers_keep_their_form() -> None:
    for amount in ("12.50", "12.5", "0.000001", "-0.00", "1234567890123456"):
        item = {**ITEM, "price": {"amount": amount, "currency": "EUR"}}
        data = text_of(consignment={"items": [item]})
        assert messages.write(messages.parse(data), "aed") == data
