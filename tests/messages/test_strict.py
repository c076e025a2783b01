"""What may stand in a text and what may not: hidden characters, numbers, depth, each with its place."""

import json

import pytest

from pratique.errors import MessageError
from pratique.messages.strict import MAX_DEPTH, hazard, load


@pytest.mark.parametrize(
    "text",
    [
        "cotton T-shirt, size L",
        "first line\nsecond line\tand a tab",
        "می\u200cخواهم",  # Persian: the joiner keeps two letters apart
        "CD\u200cها",  # a Latin word with a Persian ending
        "क्\u200dष",  # Hindi
        "ภาษา\u200bไทย",  # Thai: a place where a line may break
        "❤\ufe0f 👨\u200d👩\u200d👧 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3 ©\ufe0f",
        "葛\U000e0100城市",  # a variant of an ideograph, as in names
        "שלום עולם",
        "مرحبا",
        "Đặng Thị Hoa, Straße 5, кружка, 礼物",
        "\ue000 of private use and \ufffd of lost text",
    ],
)
def test_honest_text_passes_in_every_script(text: str) -> None:
    assert hazard(text) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("gi\u200bft", "U+200B"),
        ("gi\u200dft", "U+200D"),
        ("61\u200c0910", "U+200C"),
        ("می\u200c\u200c\u200cخ", "U+200C"),
        ("gi\u00adft", "U+00AD"),
        ("gi\ufe0fft", "U+FE0F"),
        ("6\ufe0f1", "U+FE0F"),
        ("\ufe0f", "U+FE0F"),
        ("a\U000e0100", "U+E0100"),
        ("\U0001f3f4\U000e0067", "U+E0067"),
        ("a\u0085b", "U+0085"),
        ("a\u2028b", "U+2028"),
        ("a\x0bb", "U+000B"),
        ("\u202eabc", "U+202E"),
        ("abc\u200f", "U+200F"),
        ("\ud800", "U+D800"),
        ("\uffff", "U+FFFF"),
    ],
)
def test_what_hides_or_reorders_is_named(text: str, named: str) -> None:
    assert hazard(text) == named


def test_every_fault_of_a_json_text_is_told_with_its_place() -> None:
    data = b'{"a":1.5,"b":[1,NaN],"c":{"d":1,"d":2},"e":"\\u202e","f":12345678901234567,"g~/":-0}'
    with pytest.raises(MessageError) as refused:
        load(data)
    assert [(each.pointer, each.message) for each in refused.value.faults] == [
        ("/a", "1.5 is written as a number with decimals."),
        ("/b/1", "NaN is not a number a declaration can hold."),
        ("/c/d", "The key 'd' stands twice in one object."),
        ("/e", "Holds the character U+202E, which can hide or reorder what is read."),
        ("/f", "A number of 17 digits; 16 are the most an amount can have."),
        ("/g~0~1", "-0 is not a number a declaration can hold."),
    ]


def test_plain_json_is_read_as_it_stands() -> None:
    value = {"a": [1, -2, 0, True, None, "x"], "brackets": "[[{" * 40, "escaped": '\\"'}
    assert load(json.dumps(value).encode()) == value


def test_depth_is_allowed_to_its_limit() -> None:
    assert load(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(MessageError, match="deeper than 32 at character 33"):
        load(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
