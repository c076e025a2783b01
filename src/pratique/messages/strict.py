"""Is this text safe to read? One strict entry for everything that comes as text, and for JSON in particular.

Two parsers that read the same bytes differently are how values are smuggled: duplicate keys, NaN, numbers
beyond any amount, lone surrogates, invisible and direction-changing characters are refused, each with the
place and what to do. Sources: RFC 8259 (JSON), Unicode TR 36 and TR 39 (security of text).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from pratique.errors import Fault, MessageError

MAX_BYTES: Final = 1_048_576
"""Largest single declaration, in bytes."""
MAX_DEPTH: Final = 32
MAX_FAULTS: Final = 100

_NEVER: Final = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, of which tab and line ends are text
    "\xad\u034f\u180e\u2060-\u206f\ufeff"  # nothing to see: soft hyphen, joiners, invisible operators
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters that show as blank
    "\u061c\u200e\u200f\u202a-\u202e"  # changes of reading direction
    "\u2028\u2029\ufff9-\ufffb"  # separators and annotations of other systems
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"  # controls and tags beyond the first plane
)
_JOINERS: Final = "\u200b\u200c\u200d"
_SELECTORS: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SUSPECT: Final = re.compile(f"[{_NEVER}{_JOINERS}{_SELECTORS}]")
_NEEDS_JOINERS: Final = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1c4f\ua8e0-\ua8ff"
    "\ua980-\ua9df\uaa60-\uaa7f\uabc0-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
    "\u2190-\u2bff\U0001f000-\U0001faff]"
)
"""Scripts from Arabic to Javanese, in which joiners and breaks shape words, and the signs emoji are made of."""
_IDEOGRAPH: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_INTEGER: Final = re.compile(r"(?:0|-?[1-9][0-9]{0,15})\Z")
_MARK: Final = re.compile(r'\\.|["\[\]{}]', re.DOTALL)
_PACKED: Final = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def hazard(text: str) -> str:
    """The first character of ``text`` that no honest declaration holds, named; empty when there is none.

    Control characters, characters without a shape, and those that change reading direction can make a person
    see something else than the machine reads. Joiners pass beside a letter of a script that needs them, as in
    Persian or Hindi, or inside an emoji; variants of a character pass behind one that has variants.
    """
    for match in _SUSPECT.finditer(text):
        if not _in_place(text, match.start()):
            return f"U+{ord(match.group()):04X}"
    return ""


def _in_place(text: str, at: int) -> bool:
    character, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if character in _JOINERS:
        return bool(_NEEDS_JOINERS.match(before) or _NEEDS_JOINERS.match(after))
    if "\ufe00" <= character <= "\ufe0f":
        keycap = after == "\u20e3" and before.isascii()
        return (
            bool(before)
            and (keycap or before > "\u0590" or before in "©®")
            and not ("\ufe00" <= before <= "\ufe0f")
        )
    return "\U000e0100" <= character <= "\U000e01ef" and bool(_IDEOGRAPH.match(before))


def refuse(code: str, message: str, pointer: str = "", hint: str = "") -> MessageError:
    """A ``MessageError`` with one fault."""
    return MessageError(code, message, (Fault(pointer=pointer, message=message, hint=hint),))


def refuse_packed(data: bytes) -> None:
    """Raise ``MessageError`` for bytes that are no UTF-8 text at all: compressed, or two and four bytes a character."""
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
            "encoding",
            f"Byte {error.start + 1} of the message is not UTF-8.",
            hint="Save the file as UTF-8.",
        ) from error


def load(data: bytes) -> Any:
    """Plain values of one JSON text; raises ``MessageError`` on anything two parsers could read differently."""
    text = decode_text(data)
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_Refused,
            parse_int=_integer,
            parse_constant=_Refused,
        )
    except json.JSONDecodeError as error:
        raise refuse(
            "not-json",
            f"{error.msg} at line {error.lineno}, column {error.colno}.",
            hint="Check that the file is whole and is JSON.",
        ) from error
    found = list(islice(_unsafe(value, ""), MAX_FAULTS))
    if found:
        code, first = found[0]
        raise MessageError(code, first.message, [fault for _, fault in found])
    return value


class _Refused(str):
    """A number as it stood that no declaration can hold as a number."""

    __slots__ = ()

    def fault(self, pointer: str) -> Fault:
        shown = _short(self)
        if len(self) > 16 and self.strip("-").isdigit():
            said = f"A number of {len(self)} digits; 16 are the most an amount can have."
        elif self[-1:].isdigit() and not self.isdigit() and self != "-0":
            said = f"{shown} is written as a number with decimals."
        else:
            said = f"{shown} is not a number a declaration can hold."
        return Fault(
            pointer=pointer,
            message=said,
            hint='Write amounts as text, as "12.50": no reader rounds it.',
        )


class _Doubled(dict[str, Any]):
    """An object in which keys stand more than once; ``twice`` names them."""

    __slots__ = ("twice",)
    twice: list[str]


def _object(found: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(found)
    if len(plain) == len(found):
        return plain
    doubled = _Doubled(plain)
    doubled.twice = [key for key, count in Counter(key for key, _ in found).items() if count > 1]
    return doubled


def _integer(text: str) -> Any:
    return int(text) if _INTEGER.match(text) else _Refused(text)


def _check_depth(text: str) -> None:
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
                raise refuse(
                    "too-deep",
                    f"The message nests deeper than {MAX_DEPTH} at character {mark.start() + 1}.",
                    hint="No declaration needs that; check what made it.",
                )
        elif character in "]}":
            depth -= 1


def _unsafe(value: Any, pointer: str) -> Iterator[tuple[str, Fault]]:
    """What in plain values two readers could take differently, with the code of each."""
    if isinstance(value, _Refused):
        yield "number", value.fault(pointer)
    elif isinstance(value, str):
        name = hazard(value)
        if name:
            said = f"Holds the character {name}, which can hide or reorder what is read."
            yield "unsafe-value", Fault(pointer=pointer, message=said, hint="Remove it.")
    elif isinstance(value, dict):
        if isinstance(value, _Doubled):
            for key in value.twice:
                if not hazard(key):
                    yield "duplicate-key", _twice(key, pointer)
        for key, inner in value.items():
            name = hazard(key)
            if name:
                said = f"A key holds the character {name}."
                yield "unsafe-value", Fault(pointer=pointer, message=said, hint="Remove it.")
            else:
                yield from _unsafe(inner, f"{pointer}/{escape(key)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unsafe(inner, f"{pointer}/{index}")


def _twice(key: str, pointer: str) -> Fault:
    return Fault(
        pointer=f"{pointer}/{escape(key)}",
        message=f"The key {_short(key)!r} stands twice in one object.",
        hint="Keep one of them: two readers could take different values.",
    )


def escape(key: str) -> str:
    """A key as one step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape(step: str) -> str:
    """One step of a JSON Pointer as the key it names."""
    return step.replace("~1", "/").replace("~0", "~")


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}…"
