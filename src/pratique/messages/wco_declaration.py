"""What does this WCO declaration say? XML of the WCO Data Model 3.6 as used by the United Kingdom.

Elements the model has are taken into it (``wco_places`` says which); the rest stays, in place, in
``extension["wco"]``. Writing puts both together again, so that reading and writing lose nothing, and a changed
element shows. Comments and processing instructions are no part of a declaration and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import msgspec
from lxml import etree

from pratique.errors import Fault, MessageError
from pratique.messages.kept import lost
from pratique.messages.row import Row
from pratique.messages.schema import declaration_of
from pratique.messages.strict import refuse
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
from pratique.messages.wco_tree import (
    Envelope,
    Tree,
    envelope_of,
    fits,
    place,
    read_elements,
    tree_of,
    write_document,
)
from pratique.model.declaration import Declaration, GoodsItem, Party, party

FORM: Final = "wco"
MEDIA_TYPE: Final = "application/xml"
_EQUIPMENT: Final = (SHIPMENT, "Consignment", "TransportEquipment")
_COMMUNICATION: Final = (("phone", "TE"), ("email", "EM"))
"""Elements of a party and the type of communication they are (UN/EDIFACT 3155)."""
_TWO_DIGITS: Final = re.compile(r"[0-9]{2}\Z")
_LINE_END: Final = re.compile(r"\s*[\r\n]\s*")

Path = tuple[str, ...]


class _Kept(msgspec.Struct, omit_defaults=True):
    """What of the XML the model does not hold; ``implied`` says which elements of the model it did not have."""

    tree: Tree
    envelope: Envelope = []
    implied: dict[str, str] = {}


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
    return _Reader(tree_of(element), envelope_of(element)).declaration()


def write(declaration: Declaration) -> bytes:
    """The declaration as XML, valid against the schema in the order of its elements.

    What the schema has no place for, or that is longer than it allows, is left out (``losses`` names it), and
    line ends become blanks. Raises ``MessageError`` when what is kept of former XML is none.
    """
    return _Writer(declaration).document()


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """The file as one piece: XML cannot be cut."""
    yield source.read(), 0


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        again = parse(write(declaration))
    except MessageError as error:
        return error.faults
    return lost(declaration, again, "The WCO form has no place for it.")


class _Reader:
    """Takes what the model has out of a tree, as plain values, and remembers where each stood."""

    def __init__(self, tree: Tree, envelope: Envelope) -> None:
        self.tree = tree
        self.envelope = envelope
        self.implied: dict[str, str] = {}
        self.where: dict[str, str] = {}

    def declaration(self) -> Declaration:
        found = self.part(DECLARATION, self.tree, "", "/Declaration")
        for series in DECLARATION_SERIES:
            _put(found, series.name, self.series(series, self.tree, "", "/Declaration"))
        self.imply(found)
        goods = found.setdefault("consignment", {})
        goods["items"] = list(self.items())
        transport = goods.get("transport", {})
        _put(transport, "seals", list(self.seals()))
        if transport:
            goods["transport"] = transport
        found["parties"] = list(self.parties())
        found["schemes"] = list(self.schemes())
        found["direction"] = "export" if found.get("type", "").startswith("EX") else "import"
        found["channel"] = "post" if transport.get("mode") == "5" else "cargo"
        try:
            declaration = declaration_of(found)
        except MessageError as error:
            faults = [self.placed(each) for each in error.faults]
            raise MessageError(error.code, faults[0].message, faults) from error
        kept = msgspec.to_builtins(_Kept(self.tree, self.envelope, self.implied))
        return msgspec.structs.replace(declaration, extension={"wco": kept})

    def imply(self, found: dict[str, Any]) -> None:
        """What every declaration has and this XML does not say."""
        if "destination" not in found:
            country = next(
                (e.text for e in self.envelope if e.name == "ResponsibleCountryCode"), ""
            )
            found["destination"] = self.implied["destination"] = country or "ZZ"
        if "id" not in found:
            found["id"] = self.implied["id"] = "none"

    def items(self) -> Iterator[dict[str, Any]]:
        shipment = self.tree.child(SHIPMENT)
        trees = shipment.every(ITEM) if shipment is not None else []
        for index, each in enumerate(trees):
            yield self.item(
                each, f"/consignment/items/{index}", f"/Declaration/{SHIPMENT}/{ITEM}[{index + 1}]"
            )
        if not trees:
            self.implied["items"] = "none"
            yield {}

    def item(self, tree: Tree, pointer: str, where: str) -> dict[str, Any]:
        found = self.part(GOODS_ITEM, tree, pointer, where)
        for series in ITEM_SERIES:
            _put(found, series.name, self.series(series, tree, pointer, where))
        commodity = _classification(tree)
        code = self.take(Place("hs_code", ("ID",), CODE), commodity) if commodity else None
        if code is not None:
            found["hs_code"] = code
            self.where[f"{pointer}/hs_code"] = f"{where}/Commodity/Classification/ID"
        found |= self.procedures(tree, pointer, where)
        return found

    def procedures(self, tree: Tree, pointer: str, where: str) -> dict[str, Any]:
        """The codes of the procedures; their texts stay, for they tell the main one from the others."""
        main, others = _procedures(tree)
        texts = {
            id(leaf): leaf.text
            for each in tree.every("GovernmentProcedure")
            for leaf in each.children
        }
        found: dict[str, Any] = {}
        if main is not None:
            places = (
                Place("procedure", ("CurrentCode",), CODE),
                Place("previous_procedure", ("PreviousCode",), CODE),
            )
            found = self.part(places, main, pointer, f"{where}/GovernmentProcedure")
        codes = [self.take(Place("", ("CurrentCode",), CODE), each) for each in others]
        found["additional_procedures"] = [code for code in codes if code is not None]
        for each in tree.every("GovernmentProcedure"):
            for leaf in each.children:
                leaf.text = texts[id(leaf)]
        return found

    def parties(self) -> Iterator[dict[str, Any]]:
        index = 0
        for path, role in PARTIES:
            tree = self.tree.at(path)
            if tree is None:
                continue
            pointer, where = f"/parties/{index}", "/".join(("/Declaration", *path))
            found = self.part(PARTY, tree, pointer, where)
            number = self.take(Place("", ("ID",), CODE), tree)
            if number is not None:
                found["ids"] = [{"kind": "EORI", "number": number}]
                self.where[f"{pointer}/ids"] = f"{where}/ID"
            way = tree.at(("Communication", "TypeCode"))
            for name, code in _COMMUNICATION:
                if way is not None and way.text == code:
                    talk = Place(name, ("Communication", "ID"), TEXT)
                    found |= self.part((talk,), tree, pointer, where)
            if found:
                yield {"roles": [role], **found}
                index += 1

    def schemes(self) -> Iterator[dict[str, str]]:
        for each in _ioss(self.tree):
            number = self.take(Place("", ("ID",), CODE), each)
            if number is not None:
                yield {"kind": "IOSS", "number": number}

    def seals(self) -> Iterator[str]:
        for seal in _seals(self.tree):
            number = self.take(Place("", ("ID",), TEXT), seal)
            if number is not None:
                yield number

    def part(
        self, places: tuple[Place, ...], tree: Tree, pointer: str, where: str
    ) -> dict[str, Any]:
        """What the places find in one part."""
        found: dict[str, Any] = {}
        for each in places:
            value = self.take(each, tree)
            if value is not None:
                _put(found, each.name, value)
                at = f"{pointer}/{each.name.replace('.', '/')}".removesuffix("/")
                self.where[at] = "/".join((where, *each.path))
        return found

    def series(self, series: Series, tree: Tree, pointer: str, where: str) -> list[Any]:
        """Entries of a list; an element without what every entry needs stays where it is."""
        entries: list[Any] = []
        above = f"{pointer}/{series.name.replace('.', '/')}"
        for number, each in enumerate(_every(tree, series.path), start=1):
            if not _has_what_it_needs(each, series):
                continue
            at = f"{'/'.join((where, *series.path))}[{number}]"
            entry: Any = self.part(series.places, each, f"{above}/{len(entries)}", at)
            if series.name == "documents":
                entry["type"] = _document_type(each)
            if entry:
                entries.append(entry.get("", entry))
        return entries

    def take(self, place: Place, tree: Tree) -> Any:
        """The value at a place, taken out of the tree; None when there is none to take."""
        path, attribute = _split(place.path)
        leaf = tree.at(path)
        if leaf is None or leaf.children:
            return None
        if attribute:
            return leaf.attributes.pop(attribute, None)
        if leaf.taken or not leaf.text.strip():
            return None
        value = place.kind.read(leaf)
        if value is not None:
            leaf.taken = True
            if leaf.text == (value["amount"] if isinstance(value, dict) else str(value)):
                leaf.text = ""
        return value

    def placed(self, fault: Fault) -> Fault:
        """A fault of the declaration at the element that said so."""
        pointer = fault.pointer
        while pointer and pointer not in self.where:
            pointer = pointer.rpartition("/")[0]
        return msgspec.structs.replace(fault, pointer=self.where.get(pointer) or fault.pointer)


def _put(found: dict[str, Any], name: str, value: Any) -> None:
    if value in (None, []):
        return
    *steps, last = name.split(".")
    for step in steps:
        found = found.setdefault(step, {})
    found[last] = value


def _split(path: Path) -> tuple[Path, str]:
    """A path without the attribute it may lead to, and the name of that."""
    if path and path[-1].startswith("@"):
        return path[:-1], path[-1][1:]
    return path, ""


def _every(tree: Tree, path: Path) -> list[Tree]:
    above = tree.at(path[:-1])
    return above.every(path[-1]) if above is not None else []


def _has_what_it_needs(tree: Tree, series: Series) -> bool:
    if series.name == "documents":
        return bool(_document_codes(tree))
    needed = next((each for each in series.places if each.name == series.needs), None)
    if needed is None:
        return True
    path, attribute = _split(needed.path)
    leaf = tree.at(path)
    return leaf is not None and bool(leaf.attributes.get(attribute) if attribute else leaf.text)


def _document_codes(tree: Tree) -> list[Tree]:
    """Category and type of a document: together they are what the model calls its type, as N and 935."""
    both = [tree.child(name) for name in ("CategoryCode", "TypeCode")]
    return [each for each in both if each is not None and each.text]


def _document_type(tree: Tree) -> str:
    codes = _document_codes(tree)
    for each in codes:
        each.taken = True
    return "".join(each.text for each in codes)


def _classification(item: Tree) -> Tree | None:
    """The element with the tariff code: that of type TSP, or the only one when none says its type."""
    every = _every(item, ("Commodity", "Classification"))
    kinds = [each.child("IdentificationTypeCode") for each in every]
    for each, kind in zip(every, kinds, strict=True):
        if kind is not None and kind.text == "TSP":
            return each
    return every[0] if len(every) == 1 and kinds[0] is None else None


def _procedures(item: Tree) -> tuple[Tree | None, list[Tree]]:
    """The element of the procedure asked for, and those of further codes.

    The first names the procedure before too, or is of two digits; further codes have three characters.
    Source: Commission Delegated Regulation (EU) 2015/2446, Annex B, data elements 11 09 and 11 10.
    """
    every = item.every("GovernmentProcedure")
    named = [each for each in every if each.child("PreviousCode") is not None]
    main = next(iter(named), None) or next((each for each in every if _is_procedure(each)), None)
    return main, [each for each in every if each is not main]


def _is_procedure(tree: Tree) -> bool:
    code = tree.child("CurrentCode")
    return code is not None and _TWO_DIGITS.match(code.text.strip()) is not None


def _ioss(tree: Tree) -> list[Tree]:
    return [
        each
        for each in _every(tree, (SHIPMENT, "DomesticDutyTaxParty"))
        if (role := each.child("RoleCode")) is not None and role.text == IOSS_ROLE
    ]


def _seals(tree: Tree) -> list[Tree]:
    return [seal for each in _every(tree, _EQUIPMENT) for seal in each.every("Seal")]


class _Writer:
    """Puts what the model has back into the tree it came from, or into a new one."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        kept = declaration.extension.get("wco")
        self.known = kept is not None
        try:
            self.kept = msgspec.convert(kept, _Kept) if self.known else _Kept(Tree("Declaration"))
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
        path, attribute = _split(target.path)
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
        holders = [each for each in _every(tree, series.path) if _holds(each)]
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
        for name, code in _COMMUNICATION:
            value = getattr(found, name)
            if value and (way is None or way.text == code):
                at = (*path, "Communication")
                self.put(value, Place("", (*at, "ID"), TEXT), self.tree, ())
                if self.tree.at((*at, "ID")) is not None:
                    self.put(code, Place("", (*at, "TypeCode"), CODE), self.tree, ())
                    return

    def schemes(self) -> None:
        numbers = [each.number for each in self.declaration.schemes if each.kind == "IOSS"]
        holders = [each for each in _ioss(self.tree) if _holds(each)]
        path = (SHIPMENT, "DomesticDutyTaxParty")
        for index, number in enumerate(numbers):
            holder = holders[index] if index < len(holders) else self.add(self.tree, path, ())
            self.put(number, Place("", ("ID",), CODE), holder, path)
            self.put(IOSS_ROLE, Place("", ("RoleCode",), CODE), holder, path)

    def seals(self) -> None:
        transport = self.declaration.consignment.transport
        numbers = transport.seals if transport is not None else ()
        holders = [each for each in _seals(self.tree) if _holds(each)]
        for index, number in enumerate(numbers):
            if index < len(holders):
                holder = holders[index]
            else:
                if self.tree.at(_EQUIPMENT) is None:
                    self.add(self.tree, _EQUIPMENT, ())
                holder = self.add(self.tree, (*_EQUIPMENT, "Seal"), ())
            self.put(number, Place("", ("ID",), TEXT), holder, (*_EQUIPMENT, "Seal"))

    def items(self) -> None:
        path = (SHIPMENT, ITEM)
        trees, items = _every(self.tree, path), self.declaration.consignment.items
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
        holder = _classification(tree)
        if holder is None:
            holder = self.add(tree, path, base)
            self.put("TSP", Place("", ("IdentificationTypeCode",), CODE), holder, (*base, *path))
        self.put(item.hs_code, Place("", ("ID",), CODE), holder, (*base, *path))

    def procedures(self, item: GoodsItem, tree: Tree, base: Path) -> None:
        path = ("GovernmentProcedure",)
        below = (*base, *path)
        main, others = _procedures(tree)
        if item.previous_procedure or main is not None or _TWO_DIGITS.match(item.procedure):
            main = main or self.add(tree, path, base)
            self.put(item.procedure, Place("", ("CurrentCode",), CODE), main, below)
            self.put(item.previous_procedure, Place("", ("PreviousCode",), CODE), main, below)
        holders = [each for each in others if _holds(each)]
        for index, code in enumerate(item.additional_procedures):
            if main is None and _TWO_DIGITS.match(code):
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
