"""What does a declaration look like as JSON? Its JSON Schema, read from the model.

Takes nothing, gives JSON Schema 2020-12: one definition decodes, validates and documents.
"""

from __future__ import annotations

import functools
from typing import Any, Final

import msgspec

from pratique.model.declaration import Declaration

AMOUNT_PATTERN: Final = r"^-?[0-9]{1,16}(\.[0-9]{1,6})?$"


@functools.cache
def declaration_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of the declaration, exported from the model; amounts are decimal text."""
    _, components = msgspec.json.schema_components([Declaration], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://pratique.example/schema/declaration.json",
        "title": "Declaration",
        "description": "One statement about one consignment, by one sender, in one version.",
        "$ref": "#/$defs/Declaration",
        "$defs": components,
    }
    _tighten(schema)
    return schema


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
        for value in schema.values():
            _tighten(value)
    elif isinstance(schema, list):
        for value in schema:
            _tighten(value)
