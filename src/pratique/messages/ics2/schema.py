"""What does a schema of ICS2 ask for? Its elements in order, and its simple values, read from the XSD files shipped.

The schemas use few means: sequences, one-of choices, attributes, and restricted simple types. What they do not use is
not read here; a test holds that every shipped schema is understood.
"""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec
from lxml import etree

NAMESPACE: Final = "urn:wco:datamodel:eu:ics2:2"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_SHARED: Final = ("ctypes", "stypes", "htypes")


class Part(msgspec.Struct, frozen=True):
    """One element or attribute of a type: how often it stands (``most`` None: without end), and its own type."""

    name: str
    type: str
    least: int
    most: int | None
    attribute: bool = False
    code_list: str = ""


class Structure(msgspec.Struct, frozen=True):
    """A type with parts, in order; of a choice one part stands."""

    parts: tuple[Part, ...]
    choice: bool = False


class Simple(msgspec.Struct, frozen=True):
    """A type of text: the XML Schema type it restricts, and how."""

    base: str
    patterns: tuple[str, ...] = ()
    max_length: int | None = None


def _folder() -> Path:
    return Path(str(resources.files("pratique.messages.ics2").joinpath("schemas")))


@functools.cache
def names() -> tuple[str, ...]:
    """Every message there is a schema of, by name."""
    return tuple(sorted(each.stem for each in _folder().glob("IE*.xsd")))


@functools.cache
def validator(name: str) -> etree.XMLSchema:
    """The schema of a message, compiled."""
    return etree.XMLSchema(etree.parse(str(_folder() / f"{name}.xsd")))


@functools.cache
def root_of(name: str) -> Part:
    """The root element of a message."""
    (found,) = etree.parse(str(_folder() / f"{name}.xsd")).getroot().findall(f"{_XS}element")
    return _part(found)


@functools.cache
def type_of(name: str, message: str) -> Structure | Simple:
    """A type by name, as the schema of ``message`` has it; types of XML Schema itself are simple."""
    if name.startswith("xs:") or not name:
        return Simple(base=name or "xs:anyType")
    found = _types(message).get(name) if message else None
    node = found if found is not None else _types("")[name]
    if node.tag == f"{_XS}simpleType":
        return _simple(node)
    attributes = tuple(_part(each, attribute=True) for each in node.findall(f"{_XS}attribute"))
    choice, sequence = node.find(f"{_XS}choice"), node.find(f"{_XS}sequence")
    inner = choice if choice is not None else sequence
    elements = (
        () if inner is None else tuple(_part(each) for each in inner.findall(f"{_XS}element"))
    )
    return Structure(parts=(*attributes, *elements), choice=choice is not None)


@functools.cache
def _types(message: str) -> dict[str, Any]:
    """Type definitions of a message's own file, or of the shared files for the empty name."""
    files = (message,) if message else _SHARED
    return {
        each.get("name", ""): each
        for file in files
        for each in etree.parse(str(_folder() / f"{file}.xsd")).getroot()
        if each.tag in (f"{_XS}complexType", f"{_XS}simpleType")
    }


def _part(node: Any, *, attribute: bool = False) -> Part:
    lists = [each.text or "" for each in node.iter("{*}ICS2CLMS")]
    if attribute:
        least, most = int(node.get("use") == "required"), "1"
    else:
        least, most = int(node.get("minOccurs", "1")), node.get("maxOccurs", "1")
    return Part(
        name=node.get("name"),
        type=node.get("type", ""),
        least=least,
        most=None if most == "unbounded" else int(most),
        attribute=attribute,
        code_list=lists[0] if lists else "",
    )


def _simple(node: Any) -> Simple:
    restriction = node.find(f"{_XS}restriction")
    longest = restriction.find(f"{_XS}maxLength")
    return Simple(
        base=restriction.get("base"),
        patterns=tuple(each.get("value") for each in restriction.findall(f"{_XS}pattern")),
        max_length=int(longest.get("value")) if longest is not None else None,
    )
