"""A WCO declaration as a plain tree: XML in, XML out, nothing but names, text and attributes.

The tree is what survives in ``extension`` for elements the model has no place for. Element order is that of
the schema (WCO Data Model 3.6, DEC-DMS:2), kept beside this module as data. Comments, processing instructions
and hints where a schema lies (``xsi:schemaLocation``) say nothing of the goods: they go on reading, and so do
the prefixes of namespaces; all else comes back.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

import msgspec
from lxml import etree

from pratique.messages.strict import hazard, refuse
from pratique.messages.strict_xml import HINTS, read_root, split_tag

DEC: Final = "urn:wco:datamodel:WCO:DEC-DMS:2"
META: Final = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
MAX_ATTRIBUTES: Final = 32
"""Of one element; reading very many takes time by their square."""
MAX_XML_DEPTH: Final = 12
"""The schema goes seven deep; a tree of twelve still fits into JSON of the depth allowed."""
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_INCLUDE: Final = ("http://www.w3.org/2001/XInclude", "http://www.w3.org/2003/XInclude")
_FORM: Final = re.compile(r"(an|a|n)(\.\.)?([0-9]*)(?:,([0-9]+))?")
_DIGITS: Final = re.compile(r"[0-9]*\Z")
_LETTERS: Final = re.compile(r"[A-Za-z]*\Z")


class Tree(msgspec.Struct, omit_defaults=True):
    """One element: its name (with its namespace in braces when it is not the one expected), text, attributes and children.

    ``taken`` says that the model holds its text; the text then stays only where it was written in a way the
    model does not keep, as 007 for 7.
    """

    name: str
    text: str = ""
    attributes: dict[str, str] = {}
    children: list[Tree] = []
    taken: bool = False

    def child(self, name: str) -> Tree | None:
        """The first child of that name."""
        return next((each for each in self.children if each.name == name), None)

    def every(self, name: str) -> list[Tree]:
        """All children of that name, in order."""
        return [each for each in self.children if each.name == name]

    def at(self, path: tuple[str, ...]) -> Tree | None:
        """The first element at ``path`` below this one."""
        found: Tree | None = self
        for step in path:
            found = found.child(step) if found is not None else None
        return found

    def every_at(self, path: tuple[str, ...]) -> list[Tree]:
        """All elements of the last name of ``path`` in the first element at the rest of it."""
        above = self.at(path[:-1])
        return above.every(path[-1]) if above is not None else []


Envelope = list[Tree]
"""What stands beside a declaration in its envelope."""


def read_elements(data: bytes) -> list[etree._Element]:
    """The declarations in an XML text, as elements.

    Raises ``MessageError``: what ``read_root`` refuses, or no WCO declaration inside.
    """
    root = read_root(data)
    declarations = list(_outermost(root))
    if not declarations:
        raise refuse(
            "not-a-declaration",
            f"The XML holds no WCO declaration; its root is {split_tag(root.tag)[1]}.",
            hint="Send a Declaration of the namespace " + DEC,
        )
    return declarations


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    """Declarations that do not stand inside another: those are part of it."""
    waiting = [element]
    while waiting:
        each = waiting.pop()
        if each.tag == f"{{{DEC}}}Declaration":
            yield each
        else:
            waiting.extend(reversed(each))


def tree_of(element: etree._Element) -> Tree:
    """A declaration as a tree. Raises ``MessageError`` for what the tree could not give back, or should not."""
    return _tree(element, DEC, "", 1)


def envelope_of(declaration: etree._Element) -> Envelope:
    """What stands beside a declaration in its envelope; what lies around that is of the sender's system alone."""
    around = declaration.getparent()
    if around is None or around.tag != f"{{{META}}}MetaData":
        return []
    return [
        _tree(each, META, "/MetaData", 2) for each in around if each.tag != f"{{{DEC}}}Declaration"
    ]


def _tree(element: etree._Element, home: str, above: str, depth: int) -> Tree:
    namespace, name = split_tag(element.tag)
    where = f"{above}/{name}"
    text = element.text or ""
    if len(element):
        if "".join([text, *(each.tail or "" for each in element)]).strip():
            raise refuse(
                "mixed-text",
                f"{name} holds text between its elements.",
                where,
                "Put the text into an element of its own.",
            )
        text = ""
    if len(element.attrib) > MAX_ATTRIBUTES:
        raise refuse(
            "too-large",
            f"{name} has {len(element.attrib)} attributes; the limit is {MAX_ATTRIBUTES}.",
            where,
            "No declaration needs that; check what made it.",
        )
    attributes = {key: value for key, value in element.attrib.items() if key not in HINTS}
    for value in (text, *attributes.values()):
        found = hazard(value)
        if found:
            raise refuse(
                "unsafe-value",
                f"{name} holds the character {found}, which can hide what is read.",
                where,
                "Remove it.",
            )
    _refuse_strange(element.tag, attributes, where, depth)
    own = name if namespace == home else element.tag
    return Tree(own, text, attributes, [_tree(each, home, where, depth + 1) for each in element])


def _refuse_strange(tag: str, attributes: dict[str, str], where: str, depth: int) -> None:
    """Refuse what would mean something else to another reader of the same XML."""
    namespace, name = split_tag(tag)
    if depth > MAX_XML_DEPTH:
        raise refuse(
            "too-deep",
            f"Elements nest deeper than {MAX_XML_DEPTH}.",
            where,
            "No declaration needs that; check what made it.",
        )
    if namespace in _INCLUDE:
        raise refuse(
            "include",
            "The XML asks for another file to be included.",
            where,
            "Send the declaration whole.",
        )
    spaces = (namespace, *(split_tag(key)[0] for key in attributes))
    if not namespace or any(brace in each for each in spaces for brace in "{}"):
        raise refuse(
            "namespace",
            f"{name} has no namespace, or one with braces.",
            where,
            f"Give it the namespace {DEC}.",
        )
    if f"{{{_XSI}}}type" in attributes:
        raise refuse("type", f"{name} changes its type (xsi:type).", where, "Remove the attribute.")


def write_document(tree: Tree, envelope: Envelope) -> bytes:
    """The declaration as XML; inside its envelope when it came in one. Raises ``MessageError``."""
    try:
        element = _element(tree, DEC, {None: DEC})
        if envelope:
            outer = etree.Element(f"{{{META}}}MetaData", nsmap={"md": META, None: DEC})
            outer.extend([_element(each, META) for each in envelope])
            outer.append(element)
            element = outer
        written: bytes = etree.tostring(element, xml_declaration=True, encoding="UTF-8")
    except ValueError as error:
        raise refuse(
            "unsafe-value", f"The declaration cannot be written as XML: {error}"
        ) from error
    return written


def _element(tree: Tree, home: str, nsmap: Any = None) -> etree._Element:
    if tree.name.startswith("{}"):
        raise ValueError(f"{tree.name} has no namespace")
    if len(tree.attributes) > MAX_ATTRIBUTES:
        raise ValueError(f"{tree.name} has more than {MAX_ATTRIBUTES} attributes")
    tag = tree.name if tree.name.startswith("{") else f"{{{home}}}{tree.name}"
    element = etree.Element(tag, tree.attributes, nsmap=nsmap)
    element.text = tree.text or None
    for child in tree.children:
        element.append(_element(child, home))
    return element


@functools.cache
def _order() -> dict[str, Any]:
    source = resources.files("pratique.messages").joinpath("wco_order.json")
    found: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return found


def fits(text: str, path: tuple[str, ...]) -> bool:
    """Whether the schema has an element at ``path`` below the declaration that can hold ``text``."""
    form: Any = _order()
    for step in path:
        form = form.get(step) if isinstance(form, dict) else None
    if not isinstance(form, str) or not text.strip():
        return False
    match = _FORM.fullmatch(form)
    if match is None:
        return text in form.split("|")
    kind, dots, size, places = match.groups()
    if places:
        whole, _, decimals = text.lstrip("-").partition(".")
        return len(whole + decimals) <= int(size) and len(decimals) <= int(places)
    alone = {"n": _DIGITS, "a": _LETTERS}.get(kind)
    long = not size or (len(text) <= int(size) if dots else len(text) == int(size))
    return long and (alone is None or alone.match(text) is not None)


def place(tree: Tree, path: tuple[str, ...], child: Tree) -> Tree:
    """Put ``child`` where the schema wants it in ``tree``, which lies at ``path`` below the declaration."""
    order: Any = _order()
    for step in path:
        order = order.get(step, {}) if isinstance(order, dict) else {}
    rank = {name: number for number, name in enumerate(order)}
    own = rank.get(child.name, len(rank))
    at = len(tree.children)
    while at and rank.get(tree.children[at - 1].name, -1) > own:
        at -= 1
    tree.children.insert(at, child)
    return child
