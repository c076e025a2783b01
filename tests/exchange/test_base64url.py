"""One text for the same bytes, and no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import DisclosureError, SealError
from pratique.exchange import base64url


@given(st.binary(max_size=200))
def test_what_is_written_reads_back(data: bytes) -> None:
    assert base64url.decode(base64url.encode(data), "part") == data


@given(st.text(max_size=12) | st.text("AQgw-_+/= \n.", max_size=12))
def test_no_two_texts_stand_for_the_same_bytes(text: str) -> None:
    try:
        data = base64url.decode(text, "part")
    except SealError:
        return
    assert base64url.encode(data) == text


# RFC 4648, 10 in the alphabet of section 5, and a text with both letters that differ.
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"\xfb\xff", "-_8"),
    ],
)
def test_published_examples(data: bytes, text: str) -> None:
    assert base64url.encode(data) == text
    assert base64url.decode(text, "part") == data


@pytest.mark.parametrize(
    "text", ["Zg==", "Zh", "Z", "Zg\n", " Zg", "+/8", "Zg.", "é", "\ud800", "Zm9\0"]
)
def test_other_ways_of_writing_are_refused_at_their_place(text: str) -> None:
    with pytest.raises(DisclosureError, match="base64url: part: "):
        base64url.decode(text, "part", DisclosureError)
