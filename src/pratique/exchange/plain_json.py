"""What plain values does this JSON hold? Read so that no two readers take it differently.

Bytes or text in; text, whole numbers, true, false, null, lists and objects out. Refused are doubled keys, numbers with
decimals or beyond 2^53 - 1, NaN and Infinity, half characters, and what is too large or too deep. Sources: RFC 8259; RFC 7493
(I-JSON).
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pratique.errors import ExchangeError, SealError
from pratique.exchange.canonical import LARGEST

MAX_DEPTH: Final = 32
_MARK: Final = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
_HALF: Final = re.compile("[\ud800-\udfff]")
_MOST_DIGITS: Final = 17


class _RefusedError(Exception):
    """A value no plain JSON holds; says which."""


def read(data: bytes | str, limit: int, where: str, error: type[ExchangeError] = SealError) -> Any:
    """Plain values of one JSON text of at most ``limit`` bytes. Raises ``error``, naming ``where``."""
    if len(data) > limit:
        raise error("too-large", f"Has more than {limit} bytes: send less in one.", where)
    try:
        text = data.decode() if isinstance(data, bytes) else data
        _refuse_depth(text)
        value = _DECODER.decode(text)
        if "\\u" in text or not text.isascii():
            _refuse_halves(value)
    except (_RefusedError, UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise error(
            "json", f"Not JSON that every reader takes alike: {problem}.", where
        ) from problem
    return value


def read_object(
    data: bytes | str, limit: int, where: str, error: type[ExchangeError] = SealError
) -> dict[str, Any]:
    """As ``read``, for an object and nothing else."""
    value = read(data, limit, where, error)
    if not isinstance(value, dict):
        raise error("json", f"A {type(value).__name__}, where an object is expected.", where)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) != len(pairs):
        raise _RefusedError("a key stands twice in one object")
    return plain


def _refuse_number(text: str) -> Any:
    raise _RefusedError(f"the number {text[:24]}; write amounts as text")


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS or abs(int(text)) > LARGEST or text == "-0":
        _refuse_number(text)
    return int(text)


def _refuse_depth(text: str) -> None:
    """Refuse deep nesting before any recursive reader sees it."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    inside = False
    for mark in _MARK.finditer(text):
        character = mark.group()
        if character == '"':
            inside = not inside
        elif inside:
            continue
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _RefusedError(f"it nests deeper than {MAX_DEPTH}")
        elif character in "]}":
            depth -= 1


def _refuse_halves(value: Any) -> None:
    if isinstance(value, str):
        if not value.isascii() and _HALF.search(value):
            raise _RefusedError("half a character (a surrogate)")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_halves(key)
            _refuse_halves(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_halves(inner)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_refuse_number,
    parse_int=_whole,
    parse_constant=_refuse_number,
)
