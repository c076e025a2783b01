"""How is a declaration written as WCO XML? What the model has goes back into the tree it came from, or a new one."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from pratique.messages.strict import refuse
from pratique.messages.wco_parts import (
    COMMUNICATION,
    EQUIPMENT,
    TWO_DIGITS,
    Kept,
    Path,
    classification_of,
    ioss_parties,
    procedures_of,
    seals_of,
    split_path,
)
from pratique.messages.wco_places import (
    CODE,
    DECLARATION,
    DECLARATION_SERIES,
    GOODS_ITEM,
    IOSS_ROLE,
    ITEM,
    ITEM_SERIES,
    NUMBERED,
    PARTIES,
    PARTY,
    SHIPMENT,
    TEXT,
    Place,
    Series,
)
from pratique.messages.wco_tree import Tree, fits, place, write_document
from pratique.model.declaration import Declaration, GoodsItem, Party, party

_LINE_END: Final = re.compile(r"\s*[\r\n]\s*")


class Writer:
    """Puts what the model has back into the tree it came from, or into a new one."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        kept = declaration.extension.get("wco")
        self.known = kept is not None
        try:
            self.kept = msgspec.convert(kept, Kept) if self.known else Kept(Tree("Declaration"))
        except msgspec.ValidationError as error:
            raise refuse("extension", f"The kept WCO elements cannot be read: {error}") from error
        self.tree = self.kept.tree
        if self.tree.name != "Declaration":
            raise refuse("extension", "The kept WCO elements are no declaration.")

    def document(self) -> bytes:
        declaration = self.declaration
        for each in DECLARATION:
            self.put(self.value(each), each, self.tree, ())
        function = self.tree.child("FunctionCode")
        if function.taken if function is not None else not self.known:
            self.put("9", Place("", ("FunctionCode",), CODE), self.tree, ())
        for series in DECLARATION_SERIES:
            self.series(series, _get(declaration, series.name) or (), self.tree, ())
        self.parties()
        self.schemes()
        self.seals()
        if self.kept.implied.get("items") != "none" or declaration.consignment.items != (
            GoodsItem(),
        ):
            self.items()
        _drop_holes(self.tree)
        return write_document(self.tree, self.kept.envelope)

    def value(self, place: Place) -> Any:
        """The value of the declaration for a place, without what was only implied, with a type for new XML."""
        value = _get(self.declaration, place.name)
        if place.name in self.kept.implied and value == self.kept.implied[place.name]:
            return None
        if place.name == "type" and not self.known:
            return value or ("IMA" if self.declaration.direction == "import" else "EXA")
        return value

    def put(self, value: Any, target: Place, tree: Tree, base: Path) -> None:
        """A value into the element it was taken from, or into a new one at its place in the schema."""
        if value in (None, ""):
            return
        path, attribute = split_path(target.path)
        leaf = tree.at(path)
        if attribute:
            if leaf is not None:
                leaf.attributes[attribute] = value
            return
        text, attributes = target.kind.write(value)
        if leaf is not None and leaf.text and target.kind.read(leaf) == msgspec.to_builtins(value):
            leaf.taken = False
            return
        if leaf is None:
            text = _LINE_END.sub(" ", text)
            place_in_schema = (*base, *(step for step in path if not step.startswith("{")))
            if not fits(text, place_in_schema):
                return
            leaf = self.reach(tree, path, base)
        elif leaf.children:
            return
        elif leaf.taken:
            attributes.pop(
                "unitCode", None
            )  # the unit it came with, said or customary, is still right
        leaf.text, leaf.taken = text, False
        leaf.attributes.update(attributes)

    def reach(self, tree: Tree, path: Path, base: Path) -> Tree:
        """The element at a path, made where it is missing."""
        for depth, step in enumerate(path):
            child = tree.child(step)
            if child is None:
                child = place(tree, (*base, *path[:depth]), Tree(step, attributes={}, children=[]))
            tree = child
        return tree

    def series(self, series: Series, entries: tuple[Any, ...], tree: Tree, base: Path) -> None:
        """Entries of a list into the elements they came from and into new ones; the rest of those go."""
        below = (*base, *series.path)
        holders = [each for each in tree.every_at(series.path) if _holds(each)]
        for surplus in holders[len(entries) :]:
            above = tree.at(series.path[:-1])
            if above is not None:
                above.children = [each for each in above.children if each is not surplus]
        for index, entry in enumerate(entries[: series.most]):
            if index >= len(holders) and not self.can_be(series, entry, below):
                continue
            holder = holders[index] if index < len(holders) else self.add(tree, series.path, base)
            for each in series.places:
                self.put(_get(entry, each.name), each, holder, below)
            if series.name == "documents":
                self.document_type(entry.type, holder, below)
            if not holder.text and all(c.name == "SequenceNumeric" for c in holder.children):
                above = self.reach(tree, series.path[:-1], base)
                above.children = [each for each in above.children if each is not holder]

    def can_be(self, series: Series, entry: Any, below: Path) -> bool:
        """Whether the schema can hold what no entry of a series can lack."""
        if series.name == "documents":
            return fits(entry.type[1:], (*below, "TypeCode"))
        needed = next((each for each in series.places if each.name == series.needs), None)
        if needed is None or needed.path[-1].startswith("@"):
            return True
        return fits(needed.kind.write(_get(entry, needed.name))[0], (*below, *needed.path))

    def add(self, tree: Tree, path: Path, base: Path) -> Tree:
        """A further element at the end of those at a path, with its sequence number where it needs one."""
        above = self.reach(tree, path[:-1], base)
        number = len(above.every(path[-1])) + 1
        made = place(above, (*base, *path[:-1]), Tree(path[-1], attributes={}, children=[]))
        if path[-1] in NUMBERED:
            made.children.append(Tree("SequenceNumeric", str(number)))
        return made

    def document_type(self, code: str, holder: Tree, below: Path) -> None:
        category, kind = holder.child("CategoryCode"), holder.child("TypeCode")
        codes = [each for each in (category, kind) if each is not None and each.taken]
        if "".join(each.text for each in codes) == code:
            for each in codes:
                each.taken = False
            return
        for each in codes:
            each.text = ""
        split = 1 if category is not None or kind is None else 0
        self.put(code[:split], Place("", ("CategoryCode",), CODE), holder, below)
        self.put(code[split:], Place("", ("TypeCode",), CODE), holder, below)

    def parties(self) -> None:
        for path, role in PARTIES:
            found = party(self.declaration, role)
            if found is None:
                continue
            for each in PARTY:
                self.put(_get(found, each.name), _below(path, each), self.tree, ())
            number = next((each.number for each in found.ids if each.kind == "EORI"), None)
            self.put(number, Place("", (*path, "ID"), CODE), self.tree, ())
            self.communication(found, path)

    def communication(self, found: Party, path: Path) -> None:
        """A party has one number to talk to: the one it came with, or else the telephone."""
        way = self.tree.at((*path, "Communication", "TypeCode"))
        for name, code in COMMUNICATION:
            value = getattr(found, name)
            if value and (way is None or way.text == code):
                at = (*path, "Communication")
                self.put(value, Place("", (*at, "ID"), TEXT), self.tree, ())
                place = (*at, "ID")
                if self.tree.at(place) is not None:
                    self.put(code, Place("", (*at, "TypeCode"), CODE), self.tree, ())
                    return

    def schemes(self) -> None:
        numbers = [each.number for each in self.declaration.schemes if each.kind == "IOSS"]
        holders = [each for each in ioss_parties(self.tree) if _holds(each)]
        path = (SHIPMENT, "DomesticDutyTaxParty")
        for index, number in enumerate(numbers):
            holder = holders[index] if index < len(holders) else self.add(self.tree, path, ())
            self.put(number, Place("", ("ID",), CODE), holder, path)
            self.put(IOSS_ROLE, Place("", ("RoleCode",), CODE), holder, path)

    def seals(self) -> None:
        transport = self.declaration.consignment.transport
        numbers = transport.seals if transport is not None else ()
        holders = [each for each in seals_of(self.tree) if _holds(each)]
        for index, number in enumerate(numbers):
            if index < len(holders):
                holder = holders[index]
            else:
                if self.tree.at(EQUIPMENT) is None:
                    self.add(self.tree, EQUIPMENT, ())
                holder = self.add(self.tree, (*EQUIPMENT, "Seal"), ())
            self.put(number, Place("", ("ID",), TEXT), holder, (*EQUIPMENT, "Seal"))

    def items(self) -> None:
        path = (SHIPMENT, ITEM)
        trees, items = self.tree.every_at(path), self.declaration.consignment.items
        if not self.known or len(items) != len(trees):
            count = Place("", ("GoodsItemQuantity",), CODE)
            self.put(str(len(items)), count, self.tree, ())
        shipment = self.reach(self.tree, (SHIPMENT,), ())
        gone = {id(each) for each in trees[len(items) :]}
        shipment.children = [each for each in shipment.children if id(each) not in gone]
        for index, item in enumerate(items):
            tree = trees[index] if index < len(trees) else self.add(self.tree, path, ())
            self.item(item, tree, path)

    def item(self, item: GoodsItem, tree: Tree, base: Path) -> None:
        new = tree.child("Origin") is None
        for each in GOODS_ITEM:
            self.put(_get(item, each.name), each, tree, base)
        if item.origin and not item.origin_type and new:
            self.put("1", Place("", ("Origin", "TypeCode"), CODE), tree, base)
        for series in ITEM_SERIES:
            self.series(series, _get(item, series.name), tree, base)
        self.classification(item, tree, base)
        self.procedures(item, tree, base)

    def classification(self, item: GoodsItem, tree: Tree, base: Path) -> None:
        if not item.hs_code:
            return
        path = ("Commodity", "Classification")
        holder = classification_of(tree)
        if holder is None:
            holder = self.add(tree, path, base)
            self.put("TSP", Place("", ("IdentificationTypeCode",), CODE), holder, (*base, *path))
        self.put(item.hs_code, Place("", ("ID",), CODE), holder, (*base, *path))

    def procedures(self, item: GoodsItem, tree: Tree, base: Path) -> None:
        path = ("GovernmentProcedure",)
        below = (*base, *path)
        main, others = procedures_of(tree)
        if item.previous_procedure or main is not None or TWO_DIGITS.match(item.procedure):
            main = main or self.add(tree, path, base)
            self.put(item.procedure, Place("", ("CurrentCode",), CODE), main, below)
            self.put(item.previous_procedure, Place("", ("PreviousCode",), CODE), main, below)
        holders = [each for each in others if _holds(each)]
        for index, code in enumerate(item.additional_procedures):
            if main is None and TWO_DIGITS.match(code):
                continue  # it would be read as the procedure itself
            holder = holders[index] if index < len(holders) else self.add(tree, path, base)
            self.put(code, Place("", ("CurrentCode",), CODE), holder, below)


def _below(path: Path, place: Place) -> Place:
    return place._replace(path=(*path, *place.path))


def _get(value: Any, name: str) -> Any:
    """An element by its dotted name; None when a noun on the way is missing, the value itself for no name."""
    for step in name.split(".") if name else ():
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
        emptied = full and not child.children and not child.text and not child.attributes
        if not child.taken and not emptied:
            kept.append(child)
    tree.children = kept
