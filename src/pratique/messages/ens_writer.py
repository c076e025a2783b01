"""How is a declaration written as an entry summary declaration? Into the tree it came from, or a new one.

What the schema has no place for, or would refuse, is left out. What a message must have and no declaration says (who
sends it, when it was made) is not made up: a message from another form is complete only when that is added.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from lxml import etree

from pratique.messages.ens_places import (
    DECLARATION,
    DECLARATION_SERIES,
    GOODS_ITEM,
    ITEM,
    ITEM_SERIES,
    PARTIES,
)
from pratique.messages.ens_reader import FUNCTIONS, Kept, kept_of
from pratique.messages.ens_schema import misfit
from pratique.messages.ens_tree import NAMESPACE, Limits, schema
from pratique.messages.strict import refuse
from pratique.messages.wco_places import COUNT, TEXT, Place, Series
from pratique.messages.wco_tree import Tree
from pratique.model.declaration import Declaration, GoodsItem, party

_NUMBER: Final = Place("", ("IteNumGDS7",), COUNT)
_ITEMS: Final = Place("", ("HEAHEA", "TotNumOfIteHEA305"), COUNT)
_TYPE: Final = Place("", ("MesTypMES20",), TEXT)


class Writer:
    """Puts what the model has back into the tree it came from, or into a new one."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        kept = declaration.extension.get("ens")
        self.known = kept is not None
        changes = declaration.function == FUNCTIONS["CC313A"] and bool(declaration.mrn)
        new = Kept(Tree("CC313A" if changes else "CC315A"))
        self.kept = kept_of(kept) if self.known else new
        self.tree = self.kept.tree
        self.limits = schema(self.tree.name)

    def document(self) -> bytes:
        """The message as XML. Raises ``MessageError`` when what was kept cannot be written."""
        if not self.known:
            self.put(self.tree.name, _TYPE, self.tree, self.limits)
        for each in DECLARATION:
            value = _get(self.declaration, each.name)
            if value != self.kept.implied.get(each.name):
                self.put(value, each, self.tree, self.limits)
        for series in DECLARATION_SERIES:
            self.series(series, _get(self.declaration, series.name) or (), self.tree, self.limits)
        self.parties()
        self.items()
        _drop_holes(self.tree)
        return _xml(self.tree)

    def parties(self) -> None:
        for name, role, places in PARTIES:
            found = party(self.declaration, role)
            if found is None:
                self.tree.children = [
                    each for each in self.tree.children if each.name != name or not _holds(each)
                ]
                continue
            eori = next((each.number for each in found.ids if each.kind == "EORI"), None)
            for each in places:
                value = eori if each.name == "EORI" else _get(found, each.name)
                self.put(value, each._replace(path=(name, *each.path)), self.tree, self.limits)

    def items(self) -> None:
        trees, items = self.tree.every(ITEM), self.declaration.consignment.items
        limits = self.limits.parts[ITEM]
        for extra in trees[len(items) :]:
            self.tree.children = [each for each in self.tree.children if each is not extra]
        counted = len(items) == len(trees)
        if not counted:
            self.put(len(items), _ITEMS, self.tree, self.limits)
        for index, item in enumerate(items):
            if index < len(trees):
                tree = trees[index]
            elif self.known and not trees and item == GoodsItem():
                continue
            else:
                tree = insert(self.tree, Tree(ITEM), self.limits)
            if not counted:
                self.put(index + 1, _NUMBER, tree, limits)
            self.item(item, tree, limits)

    def item(self, item: GoodsItem, tree: Tree, limits: Limits) -> None:
        for each in GOODS_ITEM:
            self.put(_get(item, each.name), each, tree, limits)
        for series in ITEM_SERIES:
            self.series(series, _get(item, series.name), tree, limits)

    def series(self, series: Series, entries: Any, tree: Tree, limits: Limits) -> None:
        """Entries of a list into the elements they came from; further ones at their place in the schema."""
        name = series.path[0]
        holders = [each for each in tree.every(name) if _holds(each)]
        for extra in holders[len(entries) :]:
            tree.children = [each for each in tree.children if each is not extra]
        for index, entry in enumerate(entries):
            holder = holders[index] if index < len(holders) else insert(tree, Tree(name), limits)
            for each in series.places:
                value = _get(entry, each.name) if each.name else entry
                self.put(value, each, holder, limits.parts[name])

    def put(self, value: Any, place: Place, tree: Tree, limits: Limits) -> None:
        """A value into the element it was taken from, or into a new one where the schema has a place that fits it."""
        if value in (None, ""):
            return
        text, _ = place.kind.write(value)
        leaf = tree.at(place.path)
        if leaf is not None and leaf.text and place.kind.read(leaf) == msgspec.to_builtins(value):
            leaf.taken = False
            return
        form: Limits | None = limits
        for step in place.path:
            form = form.parts.get(step) if form is not None else None
        if form is None or misfit(text, form):
            return
        for step in place.path:
            below = tree.child(step)
            tree, limits = below or insert(tree, Tree(step), limits), limits.parts[step]
        tree.text, tree.taken = text, False


def insert(tree: Tree, child: Tree, limits: Limits) -> Tree:
    """Put ``child`` where the schema wants it in ``tree``, behind those of its name."""
    rank = {name: number for number, name in enumerate(limits.parts)}
    own = rank.get(child.name, len(rank))
    at = len(tree.children)
    while at and rank.get(tree.children[at - 1].name, -1) > own:
        at -= 1
    tree.children.insert(at, child)
    return child


def _get(value: Any, name: str) -> Any:
    """An element by its dotted name; None when a noun on the way is missing."""
    for step in name.split("."):
        value = getattr(value, step) if value is not None else None
    return value


def _holds(tree: Tree) -> bool:
    """Whether the model holds anything of an element."""
    return tree.taken or any(_holds(each) for each in tree.children)


def _drop_holes(tree: Tree) -> None:
    """Elements the model no longer holds are gone from the message too, and those that held nothing else."""
    kept = []
    for child in tree.children:
        full = bool(child.children)
        _drop_holes(child)
        if not child.taken and not (full and not child.children):
            kept.append(child)
    tree.children = kept


def _xml(tree: Tree) -> bytes:
    space = NAMESPACE + tree.name
    root = etree.Element(f"{{{space}}}{tree.name}", nsmap={"ie": space})
    try:
        for each in tree.children:
            root.append(_element(each))
        written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    except ValueError as error:
        raise refuse(
            "unsafe-value", f"The declaration cannot be written as XML: {error}"
        ) from error
    return written


def _element(tree: Tree) -> etree._Element:
    element = etree.Element(tree.name)
    element.text = tree.text or None
    for child in tree.children:
        element.append(_element(child))
    return element
