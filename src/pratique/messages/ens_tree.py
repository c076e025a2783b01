"""An entry summary declaration as nodes that know where they stand, and the elements its schema has.

A location is an XPath from the root with the place of each element among those of its name, as customs print it in
their answers: ``/ie:CC315A[1]/GOOITEGDS[2]/PACGS2[1]``. Source of the elements: ICS schemas CC315A and CC313A, v11.2.
"""

from __future__ import annotations

import csv
import functools
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from importlib import resources
from typing import Any, Final

from lxml import etree

from pratique.messages.strict import hazard, refuse
from pratique.messages.strict_xml import HINTS, read_root, split_tag

NAMESPACE: Final = "http://ics.dgtaxud.ec/"
MESSAGES: Final = ("CC315A", "CC313A")
"""The declaration (IE315) and its amendment (IE313)."""
_MAX_DEPTH: Final = 12
_BLANKS: Final = re.compile(r"[ \t\r\n]+")


class Limits:
    """What the schema says of one element: how often it stands, and the text or the elements it holds."""

    __slots__ = (
        "blanks", "decimals", "digits", "least", "max_length", "meaning", "min_length", "most", "parts",
        "patterns", "values",
    )  # fmt: skip

    def __init__(self, row: dict[str, str]) -> None:
        self.least = int(row["least"])
        self.most = int(row["most"]) if row["most"] else None
        self.blanks = row["blanks"]
        self.patterns = tuple(re.compile(each) for each in row["patterns"].split("\t") if each)
        self.min_length = int(row["min_length"] or 0)
        self.max_length = int(row["max_length"]) if row["max_length"] else None
        self.digits = int(row["digits"]) if row["digits"] else None
        self.decimals = int(row["decimals"]) if row["decimals"] else None
        self.values = frozenset(row["values"].split())
        self.meaning = row["meaning"]
        self.parts: dict[str, Limits] = {}
        """The elements it may hold, in schema order."""


class Node:
    """One element: its name, its text with blanks as the schema reads them, and the elements below it, by name."""

    __slots__ = ("limits", "location", "memo", "name", "order", "parts", "strays", "text")

    def __init__(self, name: str, text: str, location: str, limits: Limits | None) -> None:
        self.name = name
        self.text = text
        self.location = location
        self.limits = limits
        self.memo: dict[object, Any] = {}
        """Of a message: what was found for the whole of it already."""
        self.order: list[Node] = []
        self.parts: dict[str, list[Node]] = {}
        self.strays: tuple[str, ...] = ()
        """What of XML stands here that the schema never has: attributes, a namespace, text between elements."""

    def every(self, path: tuple[str, ...]) -> list[Node]:
        """All nodes at a path below this one, in their order."""
        found = [self]
        for step in path:
            found = [child for each in found for child in each.parts.get(step, ())]
        return found

    def below(self) -> Iterator[Node]:
        """The node itself and all below it."""
        yield self
        for each in self.order:
            yield from each.below()


@functools.cache
def schema(message: str) -> Limits:
    """The elements of one of the messages."""
    source = resources.files("pratique.messages").joinpath("ens_elements.csv")
    root = Limits(
        dict.fromkeys("blanks patterns min_length max_length digits decimals values".split(), "")
        | {"least": "1", "most": "1", "meaning": "Entry summary declaration"}
    )
    for row in csv.DictReader(source.read_text("utf-8").splitlines()):
        if row["message"] in ("", message):
            above, *rest = reversed(row["path"].split("/"))
            parent = root
            for step in reversed(rest):
                parent = parent.parts[step]
            parent.parts[above] = Limits(row)
    return root


def read_message(data: bytes) -> Node:
    """The one message in an XML text. Raises ``MessageError`` when it is unsafe, or no IE315 or IE313."""
    root = read_root(data)
    name = split_tag(root.tag)[1]
    if name not in MESSAGES or root.tag != f"{{{NAMESPACE}{name}}}{name}":
        raise refuse(
            "not-a-declaration",
            f"The XML holds no entry summary declaration; its root is {name}.",
            hint=f"Send CC315A or CC313A of the namespaces {NAMESPACE}CC315A and {NAMESPACE}CC313A.",
        )
    return _node(root, name, f"/ie:{name}[1]", schema(name), 1)


def _node(
    element: etree._Element, name: str, location: str, limits: Limits | None, depth: int
) -> Node:
    if depth > _MAX_DEPTH:
        raise refuse("too-deep", f"{name} lies {depth} elements deep.", location, "Check the file.")
    text = element.text or ""
    if len(element) and not text.strip():
        text = ""
    found = hazard(text)
    if found:
        raise refuse(
            "unsafe-value",
            f"{name} holds the character {found}, which can hide what is read.",
            location,
            "Remove it.",
        )
    kept = limits is not None and limits.blanks == "keep"
    node = Node(name, text if kept else _BLANKS.sub(" ", text).strip(), location, limits)
    node.strays = tuple(_strays(element, depth))
    counts: Counter[str] = Counter()
    for child in element:
        own = split_tag(child.tag)[1]
        counts[own] += 1
        below = limits.parts.get(own) if limits is not None else None
        made = _node(child, own, f"{location}/{own}[{counts[own]}]", below, depth + 1)
        node.order.append(made)
        node.parts.setdefault(own, []).append(made)
    return node


def _strays(element: etree._Element, depth: int) -> Iterator[str]:
    names = [key for key in element.attrib if key not in HINTS]
    if names:
        yield f"the attribute {split_tag(names[0])[1]}"
    if depth > 1 and split_tag(element.tag)[0]:
        yield "a namespace"
    if len(element) and "".join([element.text or "", *(e.tail or "" for e in element)]).strip():
        yield "text between its elements"


def as_number(text: str) -> Decimal | None:
    """A number as the rules compare it: digits and a point, perhaps a minus; None for anything else."""
    return Decimal(text) if re.fullmatch(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", text) else None
