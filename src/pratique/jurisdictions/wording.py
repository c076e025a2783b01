"""What is wrong with this table or line, in words for whoever wrote it? A reader's complaint in, a sentence out.

The readers of TOML and of structures speak to programmers ("Expected str, got decimal at $.value"). Whoever
writes law is told the key, what stands there, and what to write instead.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import Any, Final

import msgspec
from msgspec import inspect

_STEP: Final = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_UNKNOWN: Final = re.compile(r"Object contains unknown field '(.*)'")
_MISSING: Final = re.compile(r"Object missing required field '(.*)'")
_ENUM: Final = re.compile(r"Invalid enum value (.*)")
_WRONG_TYPE: Final = re.compile(r"Expected '(.*)', got '(.*)'")
_AT: Final = re.compile(r" \(at line (\d+), column \d+\)")
_CURLY: Final = re.compile(r"[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb]")
_SHOULD: Final = (
    ("str", "is text: put it between quotes, as {key} = \"…\""),
    ("array", "is a list: put it between square brackets, as {key} = [\"…\"]"),
    ("object", "is a table: write its keys between braces, as {key} = {{ … }}, or under a heading of their own"),
    ("bool", "is true or false, without quotes"),
    ("int", "is a whole number, without quotes"),
    ("decimal", "is a number, without quotes"),
    ("date", "is a day: write it as 2024-07-01, without quotes"),
)  # fmt: skip
_HINTS: Final = (
    (_CURLY, "Quotes must be straight ones, \" or ': a word processor has bent these."),
    (re.compile(r"=\s*[\d.,]+\s*%"), "A rate stands between quotes, as \"10%\"."),
    (re.compile(r"=\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"), "A day is written 2024-07-01, year first."),
    (re.compile(r"=\s*\d{4}[./-]\d{1,2}[./-]\d{1,2}"), "A day is written 2024-07-01, with two digits each for month and day."),
    (re.compile(r"=\s*[A-Z]{3}\s*\d"), "An amount stands between quotes, as \"XTS 40\"."),
    (re.compile(r"=\s*\d+,\d"), "A decimal point is a point, not a comma."),
    (re.compile(r"^[^=#\[]+$"), "A line is name = value; a remark begins with #."),
    (re.compile(r"=\s*[A-Za-z]"), "Text stands between quotes."),
    (re.compile(r"=\s*(\"[^\"]*\"|'[^']*')\s*[^\s#]"), "Text that has quotes in it stands between quotes of the other kind, as 'direction == \"import\"'."),
    (re.compile(r"=\s*[\"'][^\"']*$"), "The text is not closed: put the same quote at its end."),
)  # fmt: skip


def of_toml(error: tomllib.TOMLDecodeError | UnicodeDecodeError, content: bytes) -> str:
    """Why a file is not TOML: the line, the line itself, and what is mostly wrong with such a line."""
    if isinstance(error, UnicodeDecodeError):
        line = content[: error.start].count(b"\n") + 1
        return f"cannot be read: line {line} is not UTF-8. Save the file as UTF-8 text."
    at = _AT.search(str(error))
    if at is None:
        return f"cannot be read: {error}. Correct it there."
    lines = content.decode("utf-8").split("\n")
    number = int(at[1])
    text = lines[number - 1].strip() if number <= len(lines) else ""
    hints = (words for shape, words in _HINTS if shape.search(text))
    hint = next(hints, f"{_AT.sub('', str(error))}. Correct it there.")
    return (
        f"cannot be read: line {number} is {text!r}. {hint}"
        if text
        else f"cannot be read: {error}. Correct it there."
    )


def of_table(error: msgspec.ValidationError, kind: type[Any]) -> str:
    """Why a table is not what it should be, read as ``kind``: the key, what stands there, what to write."""
    what, _, path = str(error).replace("`", "'").partition(" - at ")
    steps = _STEP.findall(path.rstrip("'"))
    shape = inspect.type_info(kind)
    for name, number in steps:
        shape = _below(shape, name, bool(number))
    key = next((name for name, _ in reversed(steps) if name), "key")
    place = "".join(f".{name}" if name else _number(n) for name, n in steps).removeprefix(".")
    here = f"{place} " if place else ""
    if found := _UNKNOWN.match(what):
        inside = f" in {place}" if place else ""
        return f"no key is called {found[1]!r}{inside}. {_keys(found[1], shape)}"
    if found := _MISSING.match(what):
        if found[1] == "source":
            return f"{here}has no source. Say which act, article or page it rests on."
        example = _EXAMPLES.get(found[1], '"…"')
        return f"{here}has no {found[1]!r}. Add {found[1]} = {example}."
    if found := _ENUM.match(what):
        return f"{here}{found[1]} is not one of {', '.join(_choices(shape))}."
    if "date" in what and "Invalid" in what:
        return f"{here}is no day. Write it as 2024-07-01, year first, without quotes."
    if found := _WRONG_TYPE.match(what):
        kinds = found[1].split(" | ")
        for each, words in _SHOULD:
            if each in kinds:
                return f"{here}{words.format(key=key)}."
    return f"{here}{what}."


def _number(index: str) -> str:
    return "" if index == "..." else f" number {int(index) + 1}"


_EXAMPLES: Final = {
    "from": "2024-07-01",
    "on": "2024-07-01",
    "round": '"half_up 0.01", "down 1" or "none"',
    "kind": '"duty", "tax" or "fee"',
    "moment": '"sale" or "border"',
    "conversion_step": "0.0001",
    "charges": '["…"]',
    "regimes": '["…"]',
    "codes": '["…"]',
    "lines": '["hs=…,value=…"]',
    "expect": "{ … }",
}


def _keys(given: str, shape: inspect.Type) -> str:
    if not isinstance(shape, inspect.StructType):
        return "Take it out."
    keys = [field.encode_name for field in shape.fields]
    near = difflib.get_close_matches(given, keys, n=1, cutoff=0.75)
    return f"Did you mean {near[0]!r}?" if near else f"Its keys are {', '.join(keys)}."


def _choices(shape: inspect.Type) -> list[str]:
    if isinstance(shape, inspect.UnionType):
        return [each for one in shape.types for each in _choices(one)]
    if isinstance(shape, inspect.LiteralType):
        return [str(each) for each in shape.values]
    return []


def _below(shape: inspect.Type, name: str, in_list: bool) -> inspect.Type:
    """The part of a shape that a step of a path leads to."""
    if isinstance(shape, inspect.UnionType):
        found = (_below(each, name, in_list) for each in shape.types)
        return next((each for each in found if not isinstance(each, inspect.AnyType)), shape)
    if in_list and isinstance(shape, inspect.VarTupleType | inspect.ListType):
        return shape.item_type
    if isinstance(shape, inspect.DictType):
        return shape.value_type
    if isinstance(shape, inspect.StructType):
        types = {field.encode_name: field.type for field in shape.fields}
        return types.get(name, inspect.AnyType())
    return inspect.AnyType()
