"""What does it say? Bytes in any known form, to declarations and back.

A form is a module of this room that offers ``FORM``, ``parse``, ``read``, ``write`` and ``losses``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, BinaryIO

from pratique.errors import Fault, MessageError
from pratique.messages import aed_json, csv_manifest, wco_declaration
from pratique.messages.aed_json import declaration_schema
from pratique.messages.row import Row
from pratique.messages.strict import refuse
from pratique.model.declaration import Declaration

FORMS: dict[str, Any] = {
    module.FORM: module
    for module in vars().copy().values()
    if isinstance(module, ModuleType) and hasattr(module, "FORM")
}
"""The forms, by name."""


def detect(data: bytes) -> str:
    """The form bytes are in, judged by their beginning. Raises ``MessageError`` when it is none."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{", b"[")):
        return aed_json.FORM
    if start.startswith(b"<"):
        return wco_declaration.FORM
    if b"declaration_id" in start.split(b"\n", 1)[0].lower():
        return csv_manifest.FORM
    raise refuse(
        "unknown-form",
        "This is no form that is known here.",
        hint="Known are " + ", ".join(FORMS) + "; name one to be told what is wrong.",
    )


def parse(data: bytes, form: str | None = None) -> Declaration:
    """The one declaration in ``data``. Raises ``MessageError`` with every fault found."""
    declaration: Declaration = _form(form or detect(data)).parse(data)
    return declaration


def read(data: bytes, form: str | None = None) -> Iterator[Row]:
    """Every declaration in ``data``; what cannot be read comes as a row with its error, the rest goes on."""
    try:
        module = _form(form or detect(data))
    except MessageError as error:
        return iter([Row(1, data[:65_536], error=error)])
    rows: Iterator[Row] = module.read(data)
    return rows


def pieces(source: BinaryIO, form: str, size: int) -> Iterator[tuple[bytes, int]]:
    """A file cut into texts of about ``size`` bytes that can each be read on its own, with the rows before each."""
    cut = getattr(_form(form), "pieces", None)
    if cut is None:
        return iter([(source.read(), 0)])
    found: Iterator[tuple[bytes, int]] = cut(source, size)
    return found


def write(declaration: Declaration, form: str) -> bytes:
    """The declaration in ``form``."""
    written: bytes = _form(form).write(declaration)
    return written


def losses(declaration: Declaration, form: str) -> tuple[Fault, ...]:
    """What ``form`` cannot carry of the declaration."""
    lost: tuple[Fault, ...] = _form(form).losses(declaration)
    return lost


def _form(name: str) -> Any:
    module = FORMS.get(name)
    if module is None:
        raise refuse(
            "unknown-form", f"There is no form {name!r}.", hint="Known are " + ", ".join(FORMS)
        )
    return module


__all__ = [
    "FORMS",
    "Row",
    "declaration_schema",
    "detect",
    "losses",
    "parse",
    "pieces",
    "read",
    "write",
]
