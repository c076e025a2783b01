"""What does it say? Bytes in any known form, to declarations and back.

A form is a module of this room that offers what ``Form`` lists; a new one is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import BinaryIO, Final, Protocol, cast

from pratique.errors import Fault, MessageError
from pratique.messages.row import Row
from pratique.messages.schema import declaration_schema
from pratique.messages.strict import refuse, refuse_packed
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding

_START_BYTES: Final = 4096


class Form(Protocol):
    """What a module of this room offers to be a form."""

    FORM: str
    """Its name."""
    MEDIA_TYPE: str

    def begins(self, start: bytes) -> bool:
        """Whether a file that starts so is meant to be of this form, however bad the rest of it."""

    def parse(self, data: bytes) -> Declaration:
        """The one declaration in ``data``. Raises ``MessageError`` with every fault found."""

    def read(self, data: bytes) -> Iterator[Row]:
        """Every declaration in ``data`` as a row."""

    def pieces(self, source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
        """A file as texts that can each be read on its own, with the number of rows before each."""

    def write(self, declaration: Declaration) -> bytes:
        """The declaration in this form."""

    def losses(self, declaration: Declaration) -> tuple[Fault, ...]:
        """What this form cannot carry of the declaration."""


def _modules() -> Iterator[ModuleType]:
    for name in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        yield importlib.import_module(f"{__name__}.{name}")


FORMS: Final[dict[str, Form]] = {
    module.FORM: cast(Form, module) for module in _modules() if hasattr(module, "FORM")
}
"""The forms, by name."""


def detect(data: bytes) -> str:
    """The form bytes are in, judged by their beginning. Raises ``MessageError`` when it is none."""
    refuse_packed(data)
    start = data[:_START_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    for name, form in FORMS.items():
        if form.begins(start):
            return name
    raise refuse(
        "unknown-form",
        "This is no form that is known here.",
        hint="Known are " + ", ".join(FORMS) + "; name one to be told what is wrong.",
    )


def parse(data: bytes, form: str | None = None) -> Declaration:
    """The one declaration in ``data``. Raises ``MessageError`` with every fault found."""
    return _form(form or detect(data)).parse(data)


def read(data: bytes, form: str | None = None) -> Iterator[Row]:
    """Every declaration in ``data``; what cannot be read comes as a row with its error, the rest goes on."""
    try:
        found = _form(form or detect(data))
    except MessageError as error:
        return iter([Row(1, data[:65_536], error=error)])
    return found.read(data)


def pieces(source: BinaryIO, form: str, size: int) -> Iterator[tuple[bytes, int]]:
    """A file as texts that can each be read on its own, of about ``size`` bytes where the form can be cut, with the
    number of rows before each.
    """
    return _form(form).pieces(source, size)


def write(declaration: Declaration, form: str) -> bytes:
    """The declaration in ``form``."""
    return _form(form).write(declaration)


def losses(declaration: Declaration, form: str) -> tuple[Fault, ...]:
    """What ``form`` cannot carry of the declaration."""
    return _form(form).losses(declaration)


def unplaced(declaration: Declaration) -> tuple[Fault, ...]:
    """What a message said and the model has no place for; it stays in the extension, in the form it came in."""
    own = (getattr(FORMS.get(name), "unplaced", None) for name in declaration.extension)
    return tuple(fault for each in own if each is not None for fault in each(declaration))


def findings(data: bytes, form: str | None = None) -> tuple[Finding, ...] | None:
    """What those who receive such a message would refuse in it; None when its form has no rules of its own.

    Raises ``MessageError`` when the message cannot be looked at.
    """
    own = getattr(_form(form or detect(data)), "findings", None)
    return own(data) if own is not None else None


def _form(name: str) -> Form:
    form = FORMS.get(name)
    if form is None:
        raise refuse(
            "unknown-form", f"There is no form {name!r}.", hint="Known are " + ", ".join(FORMS)
        )
    return form


__all__ = [
    "FORMS",
    "Form",
    "Row",
    "declaration_schema",
    "detect",
    "findings",
    "losses",
    "parse",
    "pieces",
    "read",
    "unplaced",
    "write",
]
