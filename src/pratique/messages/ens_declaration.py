"""What does this entry summary declaration say? XML of the Import Control System: IE315 (CC315A), amended by IE313 (CC313A).

Elements the model has are taken into it (``ens_places`` says which); the rest stays, in place, in ``extension["ens"]``.
Writing puts both together again, so that reading and writing lose nothing, and a changed element shows. Comments,
processing instructions, schema hints and the blanks the schema folds go. A message that breaks rules is read all the
same: ``findings`` tells which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from pratique.errors import Fault, MessageError
from pratique.messages.ens_reader import Reader, held_apart, kept_of
from pratique.messages.ens_rules import broken
from pratique.messages.ens_schema import misfits
from pratique.messages.ens_tree import read_message
from pratique.messages.ens_writer import Writer
from pratique.messages.kept import lost
from pratique.messages.row import Row
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding

FORM: Final = "ens"
MEDIA_TYPE: Final = "application/xml"
_ROOT: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?CC31[35]A[\s>/]")
_SCHEMA: Final = "ICS schemas CC315A and CC313A, v11.2"


def begins(start: bytes) -> bool:
    """Whether a file that starts so is XML with a root of this form, perhaps behind comments.

    The WCO form takes any other XML; forms are asked in the order of their names.
    """
    return start.startswith(b"<") and _ROOT.search(start) is not None


def parse(data: bytes) -> Declaration:
    """The one declaration in an XML text. Raises ``MessageError``."""
    return Reader(read_message(data)).declaration()


def read(data: bytes) -> Iterator[Row]:
    """The declaration of an XML text as a row."""
    try:
        yield Row(1, data, parse(data))
    except MessageError as error:
        yield Row(1, data, error=error)


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """The file as one piece: XML cannot be cut."""
    yield source.read(), 0


def write(declaration: Declaration) -> bytes:
    """The declaration as XML, in the order of the schema; ``losses`` names what has no place in it."""
    return Writer(declaration).document()


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        again = parse(write(declaration))
    except MessageError as error:
        return error.faults
    return lost(declaration, again, "The ENS form has no place for it.")


def unplaced(declaration: Declaration) -> tuple[Fault, ...]:
    """What came in this form and the model has no place for: each element that stays in the extension."""
    kept = declaration.extension.get("ens")
    if kept is None:
        return ()
    return tuple(
        Fault(pointer=location, message="The declaration has no place for it.")
        for location in held_apart(kept_of(kept).tree)
    )


def findings(data: bytes) -> tuple[Finding, ...]:
    """What customs would refuse in a message: departures from the schema, then the rules it breaks, by number.

    Each points to the element at fault (XPath). Raises ``MessageError`` when there is no such message.
    """
    root = read_message(data)
    form = (
        Finding(
            rule="schema",
            family="accuracy",
            severity="invalid",
            pointer=each.pointer,
            message=each.message,
            hint=each.hint,
            source=_SCHEMA,
        )
        for each in misfits(root)
    )
    return (*form, *sorted(broken(root), key=lambda each: int(each.rule)))
