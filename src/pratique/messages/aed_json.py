"""What does this AED JSON say? The canonical profile: one JSON object a declaration, amounts as text.

Fast path: decode straight into the model, write it again, and compare. What we would have written ourselves
holds no second key, no odd number and no hidden character, so it needs no second look. Everything else goes
the slow way: strictly parsed, unknown elements set aside, and all faults told at once. A file is one
declaration, or one a line (NDJSON).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.row import Row
from pratique.messages.schema import declaration_of
from pratique.messages.strict import MAX_BYTES, escape, hazard, load, refuse, unescape
from pratique.model.declaration import Declaration

FORM: Final = "aed"
MEDIA_TYPE: Final = "application/vnd.pratique.aed+json"
UNKNOWN: Final = "aed"
"""Key of ``extension`` under which elements the model does not know are kept, by JSON Pointer."""
MAX_UNKNOWN: Final = 200

_decoder: Final = msgspec.json.Decoder(Declaration)
_encoder: Final = msgspec.json.Encoder()
_HIDING: Final = re.compile(rb"\\[ubf]")
_OTHER: Final = re.compile(rb'\{\s*"postal_item"')
_NEXT_LINE: Final = re.compile(rb'\n\{"')


def begins(start: bytes) -> bool:
    """Whether a file that starts so is JSON, and says itself to be of no other form."""
    return start.startswith((b"{", b"[")) and not _OTHER.match(start)


def parse(data: bytes) -> Declaration:
    """The declaration in one JSON text. Raises ``MessageError`` with every fault found."""
    if len(data) <= MAX_BYTES and _plain(data):
        try:
            declaration = _decoder.decode(data)
            if _encoder.encode(declaration) == data.strip():
                return declaration
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass  # the slow way says what is wrong
    return _parse_slowly(data)


def _plain(data: bytes) -> bool:
    """Whether the bytes say what they show: no escape or character that hides something, no free-form part."""
    if b'"extension"' in data or b"\x7f" in data:
        return False
    if b"\\" in data and _HIDING.search(data):
        return False
    return data.isascii() or not hazard(data.decode("utf-8", "replace"))


def _parse_slowly(data: bytes) -> Declaration:
    document = load(data)
    if not isinstance(document, dict):
        raise refuse(
            "not-a-declaration",
            "A declaration is a JSON object.",
            hint="Write one object a line (NDJSON) to send several; see `pratique schema declaration`.",
        )
    extension = document.get("extension")
    if isinstance(extension, dict) and UNKNOWN in extension:
        raise refuse(
            "extension",
            f"extension/{UNKNOWN} is where elements the model does not know are kept; a message cannot hold it.",
            f"/extension/{UNKNOWN}",
            "Put each element where it belongs.",
        )
    unknown: dict[str, Any] = {}
    _set_aside(document, Declaration, "", unknown)
    if len(unknown) > MAX_UNKNOWN:
        raise refuse(
            "too-many-unknown",
            f"{len(unknown)} elements are not in the model; the limit is {MAX_UNKNOWN}.",
            hint="Check that this is an AED declaration.",
        )
    declaration = declaration_of(document)
    if not unknown:
        return declaration
    kept = {**declaration.extension, UNKNOWN: unknown}
    return msgspec.structs.replace(declaration, extension=kept)


def write(declaration: Declaration) -> bytes:
    """The declaration in its canonical form; elements set aside on reading are back where they stood.

    What was set aside in a part that is no longer there goes with it. Raises ``MessageError`` when what is
    kept was not set aside by reading.
    """
    unknown = declaration.extension.get(UNKNOWN)
    if unknown is None:
        return _encoder.encode(declaration)
    if not isinstance(unknown, dict) or not all(str(each).startswith("/") for each in unknown):
        raise refuse("extension", "What is kept of unknown elements is not by JSON Pointer.")
    rest = {key: value for key, value in declaration.extension.items() if key != UNKNOWN}
    document = json.loads(_encoder.encode(msgspec.structs.replace(declaration, extension=rest)))
    for pointer, value in unknown.items():
        _put_back(document, pointer, value)
    return msgspec.json.encode(document)


def read(data: bytes) -> Iterator[Row]:
    """Every declaration of an NDJSON text as a row, or the one of a JSON text written over several lines."""
    if _is_one(data):
        yield _row(1, data.strip())
        return
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield _row(number, line.rstrip(b"\r"))


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """Whole lines of an NDJSON file, about ``size`` bytes at a time, with the number of lines before them."""
    lines = 0
    while piece := source.read(size):
        if len(piece) == size:
            piece += source.readline(MAX_BYTES)
        yield piece, lines
        lines += piece.count(b"\n")


def _is_one(data: bytes) -> bool:
    """Whether the whole text is meant as one JSON value, be it broken."""
    first = data[: MAX_BYTES + 1].lstrip().partition(b"\n")[0].rstrip()
    if not first or first.endswith(b"}"):
        return False
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return _NEXT_LINE.search(data) is None
    return True


def _row(number: int, line: bytes) -> Row:
    try:
        return Row(number, line, parse(line))
    except MessageError as error:
        return Row(number, line, error=error)


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: nothing."""
    return ()


def _set_aside(value: Any, kind: Any, pointer: str, unknown: dict[str, Any]) -> None:
    """Move what the model does not know out of ``value``, by JSON Pointer."""
    fields = _fields(kind)
    if fields is not None and isinstance(value, dict):
        for key in [key for key, inner in value.items() if inner is None and key in fields]:
            del value[key]
        for key in [key for key in value if key not in fields]:
            unknown[f"{pointer}/{escape(key)}"] = value.pop(key)
        for key, inner in value.items():
            _set_aside(inner, fields[key], f"{pointer}/{escape(key)}", unknown)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _set_aside(inner, kind, f"{pointer}/{index}", unknown)


def _put_back(document: Any, pointer: str, value: Any) -> None:
    """Put an element that was set aside where it stood; never one that the model has a place for."""
    *steps, last = [unescape(step) for step in pointer.split("/")[1:]]
    kind: Any = Declaration
    for step in steps:
        if isinstance(document, list):
            document = (
                document[int(step)] if step.isdecimal() and int(step) < len(document) else None
            )
        elif isinstance(document, dict):
            kind = (_fields(kind) or {}).get(step)
            document = document.get(step)
    fields = _fields(kind)
    if isinstance(document, dict) and fields is not None and last not in fields:
        document[last] = value


@functools.cache
def _fields(kind: Any) -> dict[str, Any] | None:
    """Fields of a structure and the structure each leads to (None for a plain value)."""
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return None
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return {field.encode_name: _structure(field.type) for field in info.fields}


def _structure(kind: Any) -> Any:
    if isinstance(kind, msgspec.inspect.StructType):
        return kind.cls
    inner = [
        getattr(kind, name)
        for name in ("type", "item_type")
        if getattr(kind, name, None) is not None
    ]
    inner.extend(getattr(kind, "types", ()))
    for each in inner:
        found = _structure(each)
        if found is not None:
            return found
    return None
