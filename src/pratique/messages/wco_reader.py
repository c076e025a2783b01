"""What does a WCO tree say? The elements the model has are taken out of it, as plain values, and each place is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.schema import declaration_of
from pratique.messages.wco_parts import (
    COMMUNICATION,
    Kept,
    classification_of,
    document_codes,
    has_what_it_needs,
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
    ITEM,
    ITEM_SERIES,
    PARTIES,
    PARTY,
    SHIPMENT,
    TEXT,
    Place,
    Series,
)
from pratique.messages.wco_tree import Envelope, Tree
from pratique.model.declaration import Declaration


class Reader:
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
        kept = msgspec.to_builtins(Kept(self.tree, self.envelope, self.implied))
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
        commodity = classification_of(tree)
        code = self.take(Place("hs_code", ("ID",), CODE), commodity) if commodity else None
        if code is not None:
            found["hs_code"] = code
            self.where[f"{pointer}/hs_code"] = f"{where}/Commodity/Classification/ID"
        found |= self.procedures(tree, pointer, where)
        return found

    def procedures(self, tree: Tree, pointer: str, where: str) -> dict[str, Any]:
        """The codes of the procedures; their texts stay, for they tell the main one from the others."""
        main, others = procedures_of(tree)
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
            for name, code in COMMUNICATION:
                if way is not None and way.text == code:
                    talk = Place(name, ("Communication", "ID"), TEXT)
                    found |= self.part((talk,), tree, pointer, where)
            if found:
                yield {"roles": [role], **found}
                index += 1

    def schemes(self) -> Iterator[dict[str, str]]:
        for each in ioss_parties(self.tree):
            number = self.take(Place("", ("ID",), CODE), each)
            if number is not None:
                yield {"kind": "IOSS", "number": number}

    def seals(self) -> Iterator[str]:
        for seal in seals_of(self.tree):
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
        for number, each in enumerate(tree.every_at(series.path), start=1):
            if not has_what_it_needs(each, series):
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
        path, attribute = split_path(place.path)
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


def _document_type(tree: Tree) -> str:
    codes = document_codes(tree)
    for each in codes:
        each.taken = True
    return "".join(each.text for each in codes)
