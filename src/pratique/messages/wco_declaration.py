"""What does this WCO declaration say? XML of the WCO Data Model 3.6 as used by the United Kingdom.

Elements the model has are taken into it (``wco_places`` says which); the rest stays, in place, in
``extension["wco"]``. Writing puts both together again, so that reading and writing lose nothing, and a changed
element shows. Comments and processing instructions are no part of a declaration and go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from lxml import etree

from pratique.errors import Fault, MessageError
from pratique.messages.kept import lost
from pratique.messages.row import Row
from pratique.messages.strict import refuse
from pratique.messages.wco_reader import Reader
from pratique.messages.wco_tree import envelope_of, read_elements, tree_of
from pratique.messages.wco_writer import Writer
from pratique.model.declaration import Declaration

FORM: Final = "wco"
MEDIA_TYPE: Final = "application/xml"


def begins(start: bytes) -> bool:
    """Whether a file that starts so is XML."""
    return start.startswith(b"<")


def parse(data: bytes) -> Declaration:
    """The one declaration in an XML text. Raises ``MessageError``."""
    elements = read_elements(data)
    if len(elements) > 1:
        raise refuse(
            "several",
            f"The XML holds {len(elements)} declarations.",
            hint="Read it as a file of declarations.",
        )
    return _declaration(elements[0])


def read(data: bytes) -> Iterator[Row]:
    """Every declaration of an XML text as a row; the source of one among several is its own element."""
    try:
        elements = read_elements(data)
    except MessageError as error:
        yield Row(1, data, error=error)
        return
    for number, each in enumerate(elements, start=1):
        source = data if len(elements) == 1 else etree.tostring(each, with_tail=False)
        try:
            yield Row(number, source, _declaration(each))
        except MessageError as error:
            yield Row(number, source, error=error)


def _declaration(element: etree._Element) -> Declaration:
    return Reader(tree_of(element), envelope_of(element)).declaration()


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """The file as one piece: XML cannot be cut."""
    yield source.read(), 0


def write(declaration: Declaration) -> bytes:
    """The declaration as XML, valid against the schema in the order of its elements.

    What the schema has no place for, or that is longer than it allows, is left out (``losses`` names it), and
    line ends become blanks. Raises ``MessageError`` when what is kept of former XML is none.
    """
    return Writer(declaration).document()


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        again = parse(write(declaration))
    except MessageError as error:
        return error.faults
    return lost(declaration, again, "The WCO form has no place for it.")
