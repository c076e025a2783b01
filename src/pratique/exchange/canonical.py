"""Which bytes stand for these values? One way of writing them, the same for every writer.

Plain values (text, whole numbers, true, false, null, lists, objects with text keys) to the bytes of RFC 8785, the
JSON Canonicalization Scheme: no blanks, keys in the order of their UTF-16 code units, the shortest escapes, UTF-8.
Numbers with decimals are refused: amounts are text here, and no two languages need agree how to print a float.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from typing import Any, Final

from pratique.errors import SealError

LARGEST: Final = 2**53 - 1
"""The largest whole number every reader of JSON holds exactly (RFC 8785, 3.2.2.3; RFC 7493, 2.2)."""
MAX_DEPTH: Final = 64
_HALF: Final = re.compile("[\ud800-\udfff]")


def canonical(value: Any) -> bytes:
    """The canonical bytes of plain values. Raises ``SealError`` for what has none, with its place."""
    pieces: list[str] = []
    _write(value, "", 0, pieces)
    return "".join(pieces).encode()


def _write(value: Any, pointer: str, depth: int, pieces: list[str]) -> None:
    if depth > MAX_DEPTH:
        raise SealError("too-deep", f"Nests deeper than {MAX_DEPTH}; no signed value needs that.")
    if isinstance(value, str):
        pieces.append(_text(value, pointer))
    elif value is None:
        pieces.append("null")
    elif isinstance(value, bool):
        pieces.append("true" if value else "false")
    elif isinstance(value, int):
        pieces.append(_whole(value, pointer))
    elif isinstance(value, (list, tuple)):
        between = "["
        for index, inner in enumerate(value):
            pieces.append(between)
            _write(inner, f"{pointer}/{index}", depth + 1, pieces)
            between = ","
        pieces.append("]" if value else "[]")
    elif isinstance(value, dict):
        between = "{"
        for key in sorted(value, key=lambda key: _units(key, pointer)):
            pieces.append(f"{between}{_text(key, pointer)}:")
            _write(value[key], f"{pointer}/{step(key)}", depth + 1, pieces)
            between = ","
        pieces.append("}" if value else "{}")
    else:
        raise SealError(
            "no-canonical-form",
            f'{pointer or "The value"} is a {type(value).__name__}: write amounts as text, as "12.50".',
        )


def _units(key: Any, pointer: str) -> bytes:
    """A key as the numbers it is sorted by: UTF-16 code units, most significant byte first."""
    if not isinstance(key, str):
        raise SealError("no-canonical-form", f"{pointer or 'The value'} has a key that is no text.")
    _refuse_halves(key, pointer)
    return key.encode("utf-16-be")


def _text(text: str, pointer: str) -> str:
    _refuse_halves(text, pointer)
    return encode_basestring(text)


def _refuse_halves(text: str, pointer: str) -> None:
    if not text.isascii() and _HALF.search(text):
        raise SealError(
            "no-canonical-form", f"{pointer or 'The value'} holds half a character (a surrogate)."
        )


def _whole(number: int, pointer: str) -> str:
    if abs(number) > LARGEST:
        raise SealError(
            "no-canonical-form",
            f"{pointer or 'The value'} is beyond {LARGEST}, which not every reader holds: write it as text.",
        )
    return str(number)


def step(key: str) -> str:
    """A key as one step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
