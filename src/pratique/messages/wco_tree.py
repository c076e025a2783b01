"""A WCO declaration as a plain tree: XML in, XML out, nothing but names, text and attributes.

The tree is what survives in ``extension`` for elements the model has no place for. Element order is that of
the schema (WCO Data Model 3.6, DEC-DMS:2), kept beside this module as data.
"""

from __future__ import annotations

import functools
import json
import re
from importlib import resources
from typing import Any, Final

import msgspec
from lxml import etree

from pratique.messages.strict import decode_text, hazard, refuse

DEC: Final = "urn:wco:datamodel:WCO:DEC-DMS:2"
META: Final = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
MAX_ELEMENTS: Final = 50_000
_ENCODING: Final = re.compile(r"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FORBIDDEN: Final = re.compile(r"<!\s*(doctype|entity|element|attlist|notation)", re.IGNORECASE)


class Tree(msgspec.Struct, omit_defaults=True):
    """One element: its name (with its namespace in braces when it is not the declaration's), text, attributes and children. ``taken`` says that the model holds its text."""

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


Envelope = list[list[str]]
"""Fields of the envelope around a declaration: name and text."""


def read_documents(data: bytes) -> list[tuple[Tree, Envelope]]:
    """The declarations in an XML text, each with its envelope.

    Raises ``MessageError``: not XML, document types and entities (never needed, often an attack), another
    encoding than UTF-8, or no WCO declaration inside.
    """
    text = decode_text(data)
    stated = _ENCODING.match(text)
    if stated and stated.group(1).lower() not in ("utf-8", "utf8", "us-ascii"):
        raise refuse("encoding", f"The XML says it is {stated.group(1)}.", hint="Save it as UTF-8.")
    if _FORBIDDEN.search(text):
        raise refuse(
            "doctype",
            "The XML holds a document type or entity declaration.",
            hint="Remove it: a declaration needs none.",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse(
            "not-xml", f"{error}", hint="Check that the file is whole and is XML."
        ) from error
    declarations = list(root.iter(f"{{{DEC}}}Declaration"))
    if not declarations:
        raise refuse(
            "not-a-declaration",
            f"The XML holds no WCO declaration; its root is {etree.QName(root).localname}.",
            hint="Send a Declaration of the namespace " + DEC,
        )
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise refuse("too-large", f"The document has more than {MAX_ELEMENTS} elements.")
    return [(_tree(each), _envelope(each)) for each in declarations]


def _envelope(declaration: etree._Element) -> Envelope:
    around = declaration.getparent()
    if around is None or around.tag != f"{{{META}}}MetaData":
        return []
    return [
        [etree.QName(each).localname, each.text or ""]
        for each in around
        if each is not declaration and not len(each)
    ]


def _tree(element: etree._Element) -> Tree:
    name = etree.QName(element)
    text = (element.text or "").strip() if len(element) else element.text or ""
    attributes = {
        key: value for key, value in element.attrib.items() if not key.startswith(f"{{{XSI}}}")
    }
    for value in (text, *attributes.values()):
        found = hazard(value)
        if found:
            raise refuse(
                "unsafe-value",
                f"{name.localname} holds the character {found}, which can hide what is read.",
                hint="Remove it.",
            )
    own = name.localname if name.namespace == DEC else name.text
    return Tree(own, text, attributes, [_tree(each) for each in element])


def write_document(tree: Tree, envelope: Envelope) -> bytes:
    """The declaration as XML; inside its envelope when it came in one."""
    element = _element(tree, {None: DEC})
    if envelope:
        outer = etree.Element(f"{{{META}}}MetaData", nsmap={"md": META, None: DEC})
        for name, text in envelope:
            etree.SubElement(outer, f"{{{META}}}{name}").text = text
        outer.append(element)
        element = outer
    written: bytes = etree.tostring(element, xml_declaration=True, encoding="UTF-8")
    return written


def _element(tree: Tree, nsmap: Any = None) -> etree._Element:
    tag = tree.name if tree.name.startswith("{") else f"{{{DEC}}}{tree.name}"
    element = etree.Element(tag, tree.attributes, nsmap=nsmap)
    element.text = tree.text or None
    for child in tree.children:
        element.append(_element(child))
    return element


@functools.cache
def _order() -> dict[str, Any]:
    source = resources.files("pratique.messages").joinpath("wco_order.json")
    found: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return found


def place(tree: Tree, path: tuple[str, ...], child: Tree) -> Tree:
    """Put ``child`` where the schema wants it in ``tree``, which lies at ``path`` below the declaration."""
    order: Any = _order()
    for step in path:
        order = order.get(step, {})
    rank = {name: number for number, name in enumerate(order)}
    own = rank.get(child.name, len(rank))
    at = len(tree.children)
    while at and rank.get(tree.children[at - 1].name, -1) > own:
        at -= 1
    tree.children.insert(at, child)
    return child
