"""What does a declaration look like as plain values? Its JSON Schema, read from the model, and all it is held to.

Every form that reads into plain values (objects, lists, text) ends here: one definition decodes, validates and
documents. Faults are told all at once, each with its JSON Pointer.
"""

from __future__ import annotations

import functools
import re
from itertools import islice
from typing import Any, Final, TypeVar

import jsonschema_rs
import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.strict import MAX_FAULTS, escape
from pratique.model.declaration import Declaration
from pratique.model.element import Noun

_Noun = TypeVar("_Noun", bound=Noun)

AMOUNT: Final = r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?"
"""Plain decimal text in the one way it can be written: no leading zeros, no exponent, no sign but minus."""
AMOUNT_PATTERN: Final = f"^{AMOUNT}$"
_MOMENT_PATTERN: Final = r"^[^.]*(\.[0-9]{1,6}([^0-9].*)?)?$"
"""No more decimals of a second than are kept."""


def declaration_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the declaration, exported from the model; amounts are decimal text."""
    return schema_of(Declaration)


@functools.cache
def schema_of(noun: type[Noun]) -> dict[str, Any]:
    """JSON Schema 2020-12 of any noun that is sent on its own."""
    _, components = msgspec.json.schema_components([noun], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://pratique.example/schema/{_name(noun)}.json",
        "title": noun.__name__,
        "description": (noun.__doc__ or "").partition("\n")[0],
        "$ref": f"#/$defs/{noun.__name__}",
        "$defs": components,
    }
    _tighten(schema)
    return schema


def _name(noun: type[Noun]) -> str:
    """What a noun is called on the command line: declaration, order, payment, logistics, postal-item."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", noun.__name__.removesuffix("Record")).lower()


def _tighten(schema: Any) -> None:
    """Decimals get their exact pattern, and an element that is absent is left out rather than null."""
    if isinstance(schema, dict):
        choices = schema.get("anyOf", [])
        kept = [each for each in choices if each != {"type": "null"}]
        if len(kept) == 1 and len(choices) == 2:
            del schema["anyOf"]
            schema.update({**kept[0], **schema})
            if schema.get("default", "") is None:
                del schema["default"]
        if schema.get("format") == "decimal":
            schema["pattern"] = AMOUNT_PATTERN
        if schema.get("format") == "date-time":
            schema["pattern"] = _MOMENT_PATTERN
        for value in schema.values():
            _tighten(value)
    elif isinstance(schema, list):
        for value in schema:
            _tighten(value)


@functools.cache
def _validator(noun: type[Noun]) -> Any:
    return jsonschema_rs.Draft202012Validator(schema_of(noun), validate_formats=True)


def declaration_of(document: Any) -> Declaration:
    """Plain values as a declaration. Raises ``MessageError`` with every fault found."""
    return noun_of(document, Declaration)


def noun_of(document: Any, noun: type[_Noun]) -> _Noun:
    """Plain values as a noun that is sent on its own. Raises ``MessageError`` with every fault found."""
    errors = islice(_validator(noun).iter_errors(document), MAX_FAULTS)
    faults = [_fault(error, f"See `pratique schema {_name(noun)}`.") for error in errors]
    if faults:
        raise MessageError(
            "invalid", f"{len(faults)} element(s) are not as they should be.", faults
        )
    try:
        return msgspec.convert(document, noun, strict=True, str_keys=True)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        pointer = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
        fault = Fault(pointer=pointer, message=text, hint=f"See `pratique schema {_name(noun)}`.")
        raise MessageError("invalid", text, (fault,)) from error


def _fault(error: Any, see: str) -> Fault:
    """What the schema says is wrong, in our words: no pattern, and no long value said again."""
    pointer = "".join(f"/{escape(str(step))}" for step in error.instance_path)
    message, hint = _told(str(error.schema_path[-1]), error.kind, error.instance, see)
    return Fault(pointer=pointer, message=message or str(error.message)[:200], hint=hint)


def _told(broken: str, kind: Any, value: Any, see: str) -> tuple[str, str]:
    if broken == "required":
        return f"{kind.property} is needed.", "Add the element."
    if broken in ("maxLength", "maxItems"):
        of = "characters" if broken == "maxLength" else "entries"
        return f"Has {len(value)} {of}; {kind.limit} are the most.", "Shorten it."
    if broken in ("minLength", "minItems"):
        return f"Is too short: at least {kind.limit} needed.", "Fill it in, or leave it out."
    shown = repr(value if not isinstance(value, str) or len(value) <= 40 else f"{value[:40]}…")
    if broken == "type":
        hint = f'Amounts and quantities are text, as "12.50". {see}'
        return f"{shown[:60]} is not of type {' or '.join(map(str, kind.types))}.", hint
    if broken == "pattern" and kind.pattern == AMOUNT_PATTERN:
        return (
            f"{shown} is no plain decimal number of up to 16 digits, six of them decimals.",
            'Write amounts as plain decimal text, as "12.50".',
        )
    if broken in ("pattern", "format"):
        return (
            f"{shown} is no moment or day as they are written here.",
            "Write moments with their offset and at most six decimals of a second, as 2026-07-01T12:00:00Z, "
            "and days as 2026-07-01.",
        )
    return "", see
