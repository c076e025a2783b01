"""Is this text safe to read as JSON? One strict entry for everything that comes as JSON.

Two parsers that read the same bytes differently are how values are smuggled: duplicate keys, NaN, numbers
beyond any amount, lone surrogates, invisible and direction-changing characters are refused, each with the
place and what to do.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pratique.errors import Fault, MessageError

MAX_BYTES: Final = 1_048_576
"""Largest single declaration, in bytes."""
MAX_DEPTH: Final = 32
MAX_FAULTS: Final = 100

_HAZARD: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_NUMBER: Final = re.compile(r"-?\d{1,16}\Z")


def hazard(text: str) -> str:
    """The first character of ``text`` that no honest declaration holds, named; empty when there is none.

    Control characters, and characters that change reading direction (Unicode TR 36), can make a person see
    something else than the machine reads.
    """
    match = _HAZARD.search(text)
    return f"U+{ord(match.group()):04X}" if match else ""


def refuse(code: str, message: str, pointer: str = "", hint: str = "") -> MessageError:
    """A ``MessageError`` with one fault."""
    return MessageError(code, message, (Fault(pointer=pointer, message=message, hint=hint),))


_PACKED: Final = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def refuse_packed(data: bytes) -> None:
    """Raise ``MessageError`` for bytes that are no text anyone reads here: compressed, or of two and four bytes a character."""
    if data.startswith(_PACKED):
        raise refuse(
            "compressed", "This is a compressed file.", hint="Unpack it and send what is inside."
        )
    if data.startswith(_WIDE) or b"\x00" in data[:4]:
        raise refuse("encoding", "The file is in UTF-16 or UTF-32.", hint="Save it as plain UTF-8.")


def decode_text(data: bytes, limit: int = MAX_BYTES) -> str:
    """UTF-8 text of a message, within ``limit`` bytes and without a byte order mark."""
    if len(data) > limit:
        raise refuse(
            "too-large",
            f"The message has {len(data)} bytes; the limit is {limit}.",
            hint="Send one declaration at a time, or a file of lines.",
        )
    refuse_packed(data)
    if data.startswith(b"\xef\xbb\xbf"):
        raise refuse(
            "encoding", "The message starts with a byte order mark.", hint="Save it as plain UTF-8."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(
            "encoding", f"Byte {error.start} is not UTF-8.", hint="Save the file as UTF-8."
        ) from error


def load(data: bytes) -> Any:
    """Plain values of one JSON text; raises ``MessageError`` on anything two parsers could read differently."""
    text = decode_text(data)
    _check_depth(text)
    duplicates: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = dict(found)
        if len(keys) != len(found):
            seen: set[str] = set()
            for key, _ in found:
                if key in seen:
                    duplicates.append(key)
                seen.add(key)
        return keys

    try:
        value = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_float=_Inexact,
            parse_int=_integer,
            parse_constant=_constant,
        )
    except _NumberRefusedError as error:
        raise refuse("number", str(error), hint='Write amounts as text, as "12.50".') from error
    except json.JSONDecodeError as error:
        raise refuse(
            "not-json",
            f"{error.msg} at line {error.lineno}, column {error.colno}.",
            hint="Check that the file is whole and is JSON.",
        ) from error
    except RecursionError as error:
        raise refuse("too-deep", f"The message nests deeper than {MAX_DEPTH}.") from error
    if duplicates:
        raise refuse(
            "duplicate-key",
            f"The key {_short(duplicates[0])!r} stands twice in one object.",
            hint="Keep one of them: two readers could take different values.",
        )
    faults: list[Fault] = []
    _walk(value, "", faults)
    if faults:
        raise MessageError("unsafe-value", faults[0].message, faults)
    return value


class _NumberRefusedError(ValueError):
    """A number no declaration can hold."""


class _Inexact(str):
    """A number written with a point or exponent, kept as it stood."""

    __slots__ = ()


def _integer(text: str) -> int:
    if not _NUMBER.match(text):
        raise _NumberRefusedError(
            f"A number of {len(text)} digits; 16 are the most an amount can have."
        )
    return int(text)


def _constant(text: str) -> Any:
    raise _NumberRefusedError(f"{text} is not a number a declaration can hold.")


def _check_depth(text: str) -> None:
    """Refuse deep nesting before any recursive reader sees it; brackets inside text count too, harmlessly."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = deepest = 0
    inside = escaped = False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAX_DEPTH:
                raise refuse("too-deep", f"The message nests deeper than {MAX_DEPTH}.")
        elif character in "]}":
            depth -= 1


def _walk(value: Any, pointer: str, faults: list[Fault]) -> None:
    if len(faults) >= MAX_FAULTS:
        return
    if isinstance(value, _Inexact):
        faults.append(
            Fault(
                pointer=pointer,
                message=f"{_short(value)} is written as a number with decimals.",
                hint=f'Write it as text, "{_short(value)}", so that no reader rounds it.',
            )
        )
    elif isinstance(value, str):
        name = hazard(value)
        if name:
            faults.append(
                Fault(
                    pointer=pointer,
                    message=f"Holds the character {name}, which can hide or reorder what is read.",
                    hint="Remove it.",
                )
            )
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = hazard(key)
            if name:
                faults.append(
                    Fault(
                        pointer=pointer,
                        message=f"A key holds the character {name}.",
                        hint="Remove it.",
                    )
                )
            _walk(inner, f"{pointer}/{escape(key)}", faults)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _walk(inner, f"{pointer}/{index}", faults)


def escape(key: str) -> str:
    """A key as one step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """One step of a JSON Pointer as the key it names."""
    return step.replace("~1", "/").replace("~0", "~")


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}…"
