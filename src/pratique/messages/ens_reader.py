"""What does an entry summary declaration say? What the model has is taken out of its tree, and each place is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.ens_places import (
    DECLARATION,
    DECLARATION_SERIES,
    GOODS_ITEM,
    ITEM,
    ITEM_SERIES,
    OFFICE_OF_ENTRY,
    PARTIES,
)
from pratique.messages.ens_tree import Node
from pratique.messages.schema import declaration_of
from pratique.messages.strict import refuse
from pratique.messages.wco_places import Place, Series
from pratique.messages.wco_tree import Tree
from pratique.model.declaration import Declaration

FUNCTIONS: Final = {"CC315A": "9", "CC313A": "4"}
"""Function of each message (UN/EDIFACT 1225): original, change."""


class Kept(msgspec.Struct, omit_defaults=True):
    """What of the message the model does not hold; ``implied`` says which of its elements the message did not have."""

    tree: Tree
    implied: dict[str, str] = {}


def kept_of(extension: Any) -> Kept:
    """What was kept of a message. Raises ``MessageError`` when it is no such thing."""
    try:
        kept = msgspec.convert(extension, Kept)
    except msgspec.ValidationError as error:
        raise refuse("extension", f"The kept ENS elements cannot be read: {error}") from error
    if kept.tree.name not in FUNCTIONS:
        raise refuse("extension", "The kept ENS elements are no entry summary declaration.")
    return kept


def held_apart(tree: Tree, location: str = "") -> Iterator[str]:
    """The location of each text the model does not hold, in document order."""
    if not location:
        location = f"/ie:{tree.name}[1]"
    if tree.text and not tree.taken:
        yield location
    counts: Counter[str] = Counter()
    for each in tree.children:
        counts[each.name] += 1
        yield from held_apart(each, f"{location}/{each.name}[{counts[each.name]}]")


class Reader:
    """Takes what the model has out of a message, as plain values, and remembers where each stood."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.tree = _tree(root)
        self.implied: dict[str, str] = {}
        self.where: dict[str, str] = {}

    def declaration(self) -> Declaration:
        """The declaration; raises ``MessageError`` with the location of each element the model cannot take."""
        top = self.root.location
        found = self.part(DECLARATION, self.tree, "", top)
        for series in DECLARATION_SERIES:
            put(found, series.name, self.series(series, self.tree, "", top))
        office = self.tree.at(OFFICE_OF_ENTRY)
        country = office.text[:2].upper() if office is not None else ""
        self.imply(found, "destination", country or "ZZ")
        self.imply(found, "id", "none")
        self.imply(found, "function", FUNCTIONS[self.tree.name])
        goods = found.setdefault("consignment", {})
        goods["items"] = list(self.items(top))
        found["parties"] = list(self.parties(top))
        found["channel"] = "post" if goods.get("transport", {}).get("mode") == "5" else "cargo"
        try:
            declaration = declaration_of(found)
        except MessageError as error:
            faults = [self.placed(each) for each in error.faults]
            raise MessageError(error.code, faults[0].message, faults) from error
        kept = msgspec.to_builtins(Kept(self.tree, self.implied))
        return msgspec.structs.replace(declaration, extension={"ens": kept})

    def imply(self, found: dict[str, Any], name: str, value: str) -> None:
        """An element every declaration has and this message does not say."""
        if name not in found:
            found[name] = self.implied[name] = value

    def items(self, top: str) -> Iterator[dict[str, Any]]:
        for index, tree in enumerate(self.tree.every(ITEM)):
            pointer, where = f"/consignment/items/{index}", f"{top}/{ITEM}[{index + 1}]"
            found = self.part(GOODS_ITEM, tree, pointer, where)
            for series in ITEM_SERIES:
                put(found, series.name, self.series(series, tree, pointer, where))
            yield found

    def parties(self, top: str) -> Iterator[dict[str, Any]]:
        index = 0
        for name, role, places in PARTIES:
            tree = self.tree.child(name)
            if tree is None:
                continue
            pointer = f"/parties/{index}"
            found = self.part(places, tree, pointer, f"{top}/{name}[1]")
            number = found.pop("EORI", None)
            if number is not None:
                found["ids"] = [{"kind": "EORI", "number": number}]
                self.where[f"{pointer}/ids"] = self.where.pop(f"{pointer}/EORI")
            if found:
                yield {"roles": [role], **found}
                index += 1

    def part(
        self, places: tuple[Place, ...], tree: Tree, pointer: str, where: str
    ) -> dict[str, Any]:
        """What the places find in one part."""
        found: dict[str, Any] = {}
        for each in places:
            value = take(each, tree)
            if value is not None:
                put(found, each.name, value)
                at = f"{pointer}/{each.name.replace('.', '/')}".removesuffix("/")
                self.where[at] = "/".join((where, *(f"{step}[1]" for step in each.path)))
        return found

    def series(self, series: Series, tree: Tree, pointer: str, where: str) -> list[Any]:
        """Entries of a list; an element without what every entry needs stays where it is, and so do too many."""
        entries: list[Any] = []
        above = f"{pointer}/{series.name.replace('.', '/')}"
        every = tree.every(series.path[0])
        for number, each in enumerate(every if len(every) <= series.most else (), start=1):
            if not has_what_it_needs(each, series):
                continue
            at = f"{where}/{series.path[0]}[{number}]"
            entry = self.part(series.places, each, f"{above}/{len(entries)}", at)
            if entry:
                entries.append(entry.get("", entry))
        return entries

    def placed(self, fault: Fault) -> Fault:
        """A fault of the declaration at the element that said so."""
        pointer = fault.pointer
        while pointer and pointer not in self.where:
            pointer = pointer.rpartition("/")[0]
        return msgspec.structs.replace(fault, pointer=self.where.get(pointer) or fault.pointer)


def take(place: Place, tree: Tree) -> Any:
    """The value at a place, taken out of the tree; None when there is none to take.

    A text written otherwise than the value would be, as 007 for 7, stays beside it.
    """
    leaf = tree.at(place.path)
    if leaf is None or leaf.children or leaf.taken or not leaf.text.strip():
        return None
    value = place.kind.read(leaf)
    if value is not None:
        leaf.taken = True
        if leaf.text == str(value):
            leaf.text = ""
    return value


def has_what_it_needs(tree: Tree, series: Series) -> bool:
    """Whether an element has what no entry of its list can lack."""
    needed = next((each for each in series.places if each.name == series.needs), None)
    leaf = tree.at(needed.path) if needed is not None else None
    return needed is None or (leaf is not None and bool(leaf.text))


def put(found: dict[str, Any], name: str, value: Any) -> None:
    """A value under its dotted name."""
    if value in (None, []):
        return
    *steps, last = name.split(".")
    for step in steps:
        found = found.setdefault(step, {})
    found[last] = value


def _tree(node: Node) -> Tree:
    if node.strays or (node.order and node.text):
        held = node.strays[0] if node.strays else "text between its elements"
        raise refuse(
            "stray",
            f"{node.name} holds {held}, which no such message has.",
            node.location,
            "Remove it.",
        )
    return Tree(node.name, node.text, {}, [_tree(each) for each in node.order])
