"""One way of writing values: the rules of RFC 8785, each on an example derived from its text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange.canonical import LARGEST, canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"b": 1, "a": [True, False, None, ""]}, '{"a":[true,false,null,""],"b":1}'),
        ({}, "{}"),
        ([], "[]"),
        (0, "0"),
        (-LARGEST, "-9007199254740991"),
        # seven characters have a short escape, of which the solidus does not need one
        ('"\\/\b\f\n\r\t', r'"\"\\/\b\f\n\r\t"'),
        # every other control is \u and four small digits; DEL and what follows stands as it is
        ("\x00\x0b\x1f\x7f\x80\u2028", '"\\u0000\\u000b\\u001f\x7f\x80\u2028"'),
        ("€ é e\u0301 𝄞", '"€ é e\u0301 𝄞"'),  # nothing is normalised
        # code units: U+1D11E begins with 0xD834 and so goes before U+FB33, whose code point is smaller
        ({"\ufb33": 1, "\U0001d11e": 2, "\u20ac": 3}, '{"\u20ac":3,"\U0001d11e":2,"\ufb33":1}'),
        ({"10": 1, "9": 2, "é": 3, "z": 4, "": 5, "Z": 6}, '{"":5,"10":1,"9":2,"Z":6,"z":4,"é":3}'),
        ({"a": {"d": [{"c": 1, "b": 2}]}}, '{"a":{"d":[{"b":2,"c":1}]}}'),
    ],
)  # fmt: skip
def test_values_are_written_as_the_standard_says(value: object, written: str) -> None:
    assert canonical(value) == written.encode()


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"amount": 1.5}, "/amount is a float"),
        ([float("nan")], "/0 is a float"),
        (LARGEST + 1, "beyond 9007199254740991"),
        ({"a": ["\ud834"]}, "/a/0 holds half a character"),
        ({"\udd1e": 1}, "half a character"),
        ({1: 2}, "a key that is no text"),
        ({"a": b"bytes"}, "/a is a bytes"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: object, where: str) -> None:
    with pytest.raises(SealError, match="no-canonical-form") as refused:
        canonical(value)
    assert where in str(refused.value)


def test_endless_nesting_is_refused() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(SealError, match="too-deep"):
        canonical(value)


@given(VALUES)
def test_what_is_written_reads_back_and_is_written_the_same_again(value: object) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(TEXT, st.integers(0, 9), max_size=8), st.randoms())
def test_the_order_of_keys_changes_nothing(value: dict[str, int], chance) -> None:
    keys = list(value)
    chance.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)
