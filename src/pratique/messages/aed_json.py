"""What does this AED JSON say? The canonical profile: one JSON object a declaration, amounts as text.

Fast path: decode straight into the model, write it again, and compare. What we would have written ourselves
holds no second key, no odd number and no hidden character, so it needs no second look. Everything else goes
the slow way: strictly parsed, unknown elements set aside, and all faults told at once.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from typing import Any, Final

import jsonschema_rs
import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.row import Row
from pratique.messages.schema import AMOUNT_PATTERN, declaration_schema
from pratique.messages.strict import MAX_BYTES, MAX_FAULTS, escape, hazard, load, refuse, unescape
from pratique.model.declaration import Declaration

FORM: Final = "aed"
MEDIA_TYPE: Final = "application/vnd.pratique.aed+json"
UNKNOWN: Final = "aed"
"""Key of ``extension`` under which elements the model does not know are kept, by JSON Pointer."""
MAX_UNKNOWN: Final = 200

_decoder: Final = msgspec.json.Decoder(Declaration)
_encoder: Final = msgspec.json.Encoder()


def begins(start: bytes) -> bool:
    """Whether a file that starts so is JSON."""
    return start.startswith((b"{", b"["))


def parse(data: bytes) -> Declaration:
    """The declaration in one JSON text. Raises ``MessageError`` with every fault found."""
    try:
        declaration = _decoder.decode(data)
        if len(data) <= MAX_BYTES and _plain(data) and _encoder.encode(declaration) == data.strip():
            return declaration
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        pass
    return _parse_slowly(data)


def write(declaration: Declaration) -> bytes:
    """The declaration in its canonical form; elements set aside on reading are back where they stood."""
    unknown = declaration.extension.get(UNKNOWN)
    if not unknown:
        return _encoder.encode(declaration)
    rest = {key: value for key, value in declaration.extension.items() if key != UNKNOWN}
    plain = msgspec.to_builtins(msgspec.structs.replace(declaration, extension=rest), str_keys=True)
    document = json.loads(_encoder.encode(plain))
    for pointer, value in unknown.items():
        _put(document, pointer, value)
    return msgspec.json.encode(document)


def read(data: bytes) -> Iterator[Row]:
    """Every declaration of an NDJSON text as a row, or the one of a JSON text written over several lines."""
    first = data.lstrip()[:MAX_BYTES].partition(b"\n")[0].rstrip()
    if not first.endswith(b"}") and len(data) <= MAX_BYTES and _is_one(data):
        yield _row(1, data.strip())
        return
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            yield _row(number, line)


def _is_one(data: bytes) -> bool:
    """Whether the whole text is one JSON value, whatever it says."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _row(number: int, line: bytes) -> Row:
    try:
        return Row(number, line, parse(line))
    except MessageError as error:
        return Row(number, line, error=error)


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: nothing."""
    return ()


@functools.cache
def _validator() -> Any:
    return jsonschema_rs.Draft202012Validator(declaration_schema())


def _plain(data: bytes) -> bool:
    """No escape or multi-byte character that could hide a control: then the bytes say what they show."""
    if b"\\u" in data or b"\x7f" in data:
        return False
    return data.isascii() or not hazard(data.decode("utf-8", "replace"))


def _parse_slowly(data: bytes) -> Declaration:
    document = load(data)
    if not isinstance(document, dict):
        raise refuse(
            "not-a-declaration",
            "A declaration is a JSON object.",
            hint="See `pratique schema declaration`.",
        )
    unknown: dict[str, Any] = {}
    _set_aside(document, Declaration, "", unknown)
    if len(unknown) > MAX_UNKNOWN:
        raise refuse(
            "too-many-unknown",
            f"{len(unknown)} elements are not in the model; the limit is {MAX_UNKNOWN}.",
            hint="Check that this is an AED declaration.",
        )
    if unknown:
        extension = document.setdefault("extension", {})
        if isinstance(extension, dict):
            extension[UNKNOWN] = {**extension.get(UNKNOWN, {}), **unknown}
    faults = [_fault(error) for error in _first(_validator().iter_errors(document))]
    if faults:
        raise MessageError(
            "invalid", f"{len(faults)} element(s) are not as they should be.", faults
        )
    try:
        return msgspec.convert(document, Declaration, strict=True, str_keys=True)
    except msgspec.ValidationError as error:
        raise _in_words(error) from error


def _first(errors: Any) -> Iterator[Any]:
    for count, error in enumerate(errors):
        if count >= MAX_FAULTS:
            return
        yield error


def _fault(error: Any) -> Fault:
    pointer = "".join(f"/{escape(str(step))}" for step in error.instance_path)
    message = str(error.message)
    if len(message) > 200:
        message = f"{message[:200]}…"
    return Fault(pointer=pointer, message=message, hint=_hint(message))


def _hint(message: str) -> str:
    if AMOUNT_PATTERN in message:
        return 'Write amounts as plain decimal text, as "12.50".'
    if "required" in message:
        return "Add the element."
    if "is not of type" in message:
        return 'Amounts and quantities are text, as "12.50"; see `pratique schema declaration`.'
    return "See `pratique schema declaration`."


def _in_words(error: msgspec.ValidationError) -> MessageError:
    text, _, path = str(error).partition(" - at `$")
    pointer = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
    return refuse("invalid", text, pointer, "See `pratique schema declaration`.")


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


def _put(document: Any, pointer: str, value: Any) -> None:
    steps = [unescape(step) for step in pointer.split("/")[1:]]
    for step in steps[:-1]:
        if isinstance(document, list):
            if int(step) >= len(document):
                return
            document = document[int(step)]
        else:
            document = document.setdefault(step, {})
    if isinstance(document, dict):
        document.setdefault(steps[-1], value)
