"""JSON that two readers could take differently is refused; the rest is read as it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import plain_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_plain_values_are_read_as_they_are(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert plain_json.read(text.encode(), 10_000, "text") == value


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":1,"a":1}', b'{"a":1,"\\u0061":2}', b"1.5", b"1e3", b"1E400", b"-0", b"NaN", b"-Infinity",
        b"9007199254740992", b"1" * 5000, b'"\\ud800"', b'{"\\udfff":1}', b"[" * 40 + b"]" * 40,
        b"[" * 100_000, b"1 2", b"", b"\xef\xbb\xbf{}", b'"\xff"', b"{'a':1}", b"[1,]", b'"\n"', b"01",
    ],
)  # fmt: skip
def test_what_two_readers_could_take_differently_is_refused(text: bytes) -> None:
    with pytest.raises(SealError, match="json: here: "):
        plain_json.read(text, 1_000_000, "here")


def test_too_much_and_another_kind_are_refused() -> None:
    with pytest.raises(SealError, match="too-large"):
        plain_json.read(b"[0]", 2, "here")
    with pytest.raises(SealError, match="A list"):
        plain_json.read_object(b"[0]", 3, "here")
    assert plain_json.read('"[[[[' + "[" * 60 + '"', 99, "here") == "[[[[" + "[" * 60
