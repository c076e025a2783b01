"""What does this WCO declaration say? XML of the WCO Data Model 3.6 as used by the United Kingdom.

Elements the model has are taken into it; the rest stays, in place, in ``extension["wco"]``. Writing puts both
together again, so that reading and writing lose nothing, and a changed element shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.row import Row
from pratique.messages.strict import refuse
from pratique.messages.wco_tree import Envelope, Tree, place, read_documents, write_document
from pratique.model.declaration import (
    Address,
    Consignment,
    Declaration,
    Document,
    GoodsItem,
    Party,
    PartyId,
    Role,
    SchemeNumber,
    Transport,
)
from pratique.model.money import Money

FORM: Final = "wco"
MEDIA_TYPE: Final = "application/xml"
_DECIMAL: Final = re.compile(r"-?\d{1,16}(\.\d{1,6})?\Z")
_PARTIES: Final[tuple[tuple[tuple[str, ...], Role], ...]] = (
    (("Declarant",), "declarant"),
    (("Agent",), "agent"),
    (("Exporter",), "exporter"),
    (("GoodsShipment", "Buyer"), "buyer"),
    (("GoodsShipment", "Consignee"), "consignee"),
    (("GoodsShipment", "Consignor"), "consignor"),
    (("GoodsShipment", "Importer"), "importer"),
    (("GoodsShipment", "Payer"), "payer"),
    (("GoodsShipment", "Seller"), "seller"),
)
_IOSS_ROLE: Final = "FR5"
"""EU role code of the vendor under the import one-stop shop (data element 13 16)."""


def begins(start: bytes) -> bool:
    """Whether a file that starts so is XML."""
    return start.startswith(b"<")


def parse(data: bytes) -> Declaration:
    """The one declaration in an XML text. Raises ``MessageError``."""
    documents = read_documents(data)
    if len(documents) > 1:
        raise refuse(
            "several",
            f"The XML holds {len(documents)} declarations.",
            hint="Read it as a file of declarations.",
        )
    return _declaration(*documents[0])


def _declaration(tree: Tree, envelope: Envelope) -> Declaration:
    declaration = _Reader(tree, envelope).declaration()
    try:
        return msgspec.convert(
            msgspec.to_builtins(declaration, str_keys=True), Declaration, str_keys=True
        )
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        raise refuse("invalid", text, path.rstrip("`").replace(".", "/")) from error


def write(declaration: Declaration) -> bytes:
    """The declaration as XML, valid against the schema in the order of its elements."""
    return _Writer(declaration).document()


def read(data: bytes) -> Iterator[Row]:
    """Every declaration of an XML text as a row."""
    try:
        documents = read_documents(data)
    except MessageError as error:
        yield Row(1, data, error=error)
        return
    for number, (tree, envelope) in enumerate(documents, start=1):
        try:
            yield Row(number, data, _declaration(tree, envelope))
        except MessageError as error:
            yield Row(number, data, error=error)


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration."""
    lost = []
    goods = declaration.consignment
    for pointer, value in (
        ("/order", declaration.order),
        ("/payment", declaration.payment),
        ("/consignment/insurance", goods.insurance),
        ("/consignment/discount", goods.discount),
        ("/consignment/fees", goods.fees),
        ("/consignment/parcels", goods.parcels),
        ("/documents", declaration.documents),
        ("/lodged_at", declaration.lodged_at),
    ):
        if value:
            lost.append(Fault(pointer=pointer, message="The WCO form has no place for it."))
    for index, item in enumerate(goods.items):
        for name in ("listing", "unit_price", "intrinsic_value", "duty_rate", "customs_value"):
            if getattr(item, name) is not None:
                lost.append(
                    Fault(
                        pointer=f"/consignment/items/{index}/{name}",
                        message="The WCO form has no place for it.",
                    )
                )
    for scheme in declaration.schemes:
        if scheme.kind != "IOSS":
            lost.append(Fault(pointer="/schemes", message=f"No role is mapped for {scheme.kind}."))
    for index, party in enumerate(declaration.parties):
        if not any(role in party.roles for _, role in _PARTIES):
            lost.append(Fault(pointer=f"/parties/{index}", message="No element for these roles."))
    return tuple(lost)


class _Reader:
    """Takes what the model has out of a tree."""

    def __init__(self, tree: Tree, envelope: Envelope) -> None:
        self.tree = tree
        self.envelope = envelope
        self.implied: dict[str, str] = {}

    def declaration(self) -> Declaration:
        type_code = self.take(self.tree, "TypeCode") or ""
        destination = self.take(self.tree, "GoodsShipment", "Destination", "CountryCode")
        reference = self.take(self.tree, "FunctionalReferenceID")
        if destination is None:
            country = next((t for n, t in self.envelope if n == "ResponsibleCountryCode"), "")
            destination = self.implied["destination"] = country or "ZZ"
        if reference is None:
            reference = self.implied["id"] = "none"
        consignment = self.consignment()
        parties = tuple(self.parties())
        schemes = tuple(self.schemes())
        direction: Any = "export" if type_code.startswith("EX") else "import"
        dispatch = self.take(self.tree, "GoodsShipment", "ExportCountry", "ID")
        kept: dict[str, Any] = {"tree": msgspec.to_builtins(self.tree)}
        if self.envelope:
            kept["envelope"] = self.envelope
        if self.implied:
            kept["implied"] = self.implied
        return Declaration(
            id=reference,
            destination=destination,
            dispatch_country=dispatch,
            channel=self.channel(consignment.transport),
            direction=direction,
            type=type_code,
            schemes=schemes,
            parties=parties,
            consignment=consignment,
            extension={"wco": kept},
        )

    def channel(self, transport: Transport | None) -> Any:
        """Mode 5 is mail; anything else that comes on a full declaration is cargo."""
        return "post" if transport is not None and transport.mode == "5" else "cargo"

    def consignment(self) -> Consignment:
        tree = self.tree
        shipment = tree.child("GoodsShipment")
        items = shipment.every("GovernmentAgencyGoodsItem") if shipment is not None else []
        if not items:
            self.implied["items"] = "none"
        mode = self.take(tree, "BorderTransportMeans", "ModeCode")
        nationality = self.take(tree, "BorderTransportMeans", "RegistrationNationalityCode")
        transport = None
        if mode is not None or nationality is not None:
            transport = Transport(mode=mode or "", nationality=nationality or "")
        packages = self.take(tree, "TotalPackageQuantity", matches=re.compile(r"\d{1,8}\Z"))
        return Consignment(
            items=tuple(self.item(each) for each in items) or (GoodsItem(),),
            ucr=self.take(tree, "GoodsShipment", "UCR", "TraderAssignedReferenceID") or "",
            freight=self.money(tree, "GoodsShipment", "CustomsValuation", "FreightChargeAmount"),
            gross_mass_kg=self.decimal(tree, "TotalGrossMassMeasure"),
            packages=int(packages) if packages is not None else None,
            incoterm=self.take(tree, "GoodsShipment", "TradeTerms", "ConditionCode") or "",
            nature_of_transaction=self.take(tree, "GoodsShipment", "TransactionNatureCode") or "",
            transport=transport,
        )

    def item(self, tree: Tree) -> GoodsItem:
        procedures = tree.every("GovernmentProcedure")
        main = next((p for p in procedures if p.child("PreviousCode") is not None), None)
        return GoodsItem(
            description=self.take(tree, "Commodity", "Description") or "",
            hs_code=self.take(
                tree, "Commodity", "Classification", "ID", matches=re.compile(r"\d{4,14}\Z")
            ),
            origin=self.take(tree, "Origin", "CountryCode", matches=re.compile(r"[A-Z]{2}\Z")),
            net_mass_kg=self.decimal(tree, "Commodity", "GoodsMeasure", "NetNetWeightMeasure"),
            gross_mass_kg=self.decimal(tree, "Commodity", "GoodsMeasure", "GrossMassMeasure"),
            price=self.money(tree, "Commodity", "InvoiceLine", "ItemChargeAmount"),
            statistical_value=self.money(tree, "StatisticalValueAmount"),
            procedure=(self.take(main, "CurrentCode") or "") if main is not None else "",
            previous_procedure=(self.take(main, "PreviousCode") or "") if main is not None else "",
            additional_procedures=tuple(
                code
                for each in procedures
                if each is not main
                for code in [self.take(each, "CurrentCode")]
                if code is not None
            ),
            documents=tuple(self.document(each) for each in tree.every("AdditionalDocument")),
            dangerous_goods=self.take(tree, "Commodity", "DangerousGoods", "UNDGID") or "",
        )

    def document(self, tree: Tree) -> Document:
        category = self.take(tree, "CategoryCode") or ""
        type_code = self.take(tree, "TypeCode") or ""
        return Document(
            type=f"{category}{type_code}" or "none",
            number=self.take(tree, "ID") or "",
            name=self.take(tree, "Name", limit=35) or "",
        )

    def parties(self) -> Iterator[Party]:
        for path, role in _PARTIES:
            tree = _find(self.tree, path)
            if tree is not None:
                yield self.party(tree, role)

    def party(self, tree: Tree, role: Role) -> Party:
        number = self.take(tree, "ID")
        address = tree.child("Address")
        return Party(
            roles=(role,),
            name=self.take(tree, "Name") or "",
            ids=(PartyId(kind="EORI", number=number),) if number is not None else (),
            address=None
            if address is None
            else Address(
                line=self.take(address, "Line") or "",
                city=self.take(address, "CityName") or "",
                postcode=self.take(address, "PostcodeID") or "",
                country=self.take(address, "CountryCode", matches=re.compile(r"[A-Z]{2}\Z")),
            ),
        )

    def schemes(self) -> Iterator[SchemeNumber]:
        shipment = self.tree.child("GoodsShipment")
        for each in shipment.every("DomesticDutyTaxParty") if shipment is not None else []:
            role = each.child("RoleCode")
            if role is not None and role.text == _IOSS_ROLE:
                number = self.take(each, "ID")
                if number is not None:
                    yield SchemeNumber(kind="IOSS", number=number)

    def take(
        self, tree: Tree, *path: str, matches: re.Pattern[str] | None = None, limit: int = 512
    ) -> str | None:
        """Text at ``path``, taken out of the tree; None when absent, empty or not of the form wanted."""
        leaf = _find(tree, path)
        if leaf is None or leaf.children or leaf.taken:
            return None
        text = leaf.text
        if not text or text != text.strip() or len(text) > limit:
            return None
        if matches is not None and not matches.match(text):
            return None
        leaf.text, leaf.taken = "", True
        return text

    def decimal(self, tree: Tree, *path: str) -> Decimal | None:
        text = self.take(tree, *path, matches=_DECIMAL)
        return Decimal(text) if text is not None else None

    def money(self, tree: Tree, *path: str) -> Money | None:
        leaf = _find(tree, path)
        currency = leaf.attributes.get("currencyID", "") if leaf is not None else ""
        if len(currency) != 3:
            return None
        text = self.take(tree, *path, matches=_DECIMAL)
        if text is None or leaf is None:
            return None
        del leaf.attributes["currencyID"]
        return Money(Decimal(text), currency)


def _find(tree: Tree, path: tuple[str, ...]) -> Tree | None:
    found: Tree | None = tree
    for step in path:
        found = found.child(step) if found is not None else None
    return found


class _Writer:
    """Puts what the model has back into the tree it came from, or into a new one."""

    def __init__(self, declaration: Declaration) -> None:
        self.declaration = declaration
        kept = declaration.extension.get("wco", {})
        self.envelope: Envelope = kept.get("envelope", [])
        self.implied: dict[str, str] = kept.get("implied", {})
        self.known = bool(kept)
        try:
            self.tree = msgspec.convert(kept["tree"], Tree) if kept else Tree("Declaration")
        except (msgspec.ValidationError, KeyError) as error:
            raise refuse("extension", f"The kept WCO elements cannot be read: {error}") from error

    def document(self) -> bytes:
        declaration, goods, tree = self.declaration, self.declaration.consignment, self.tree
        if tree.child("FunctionCode") is None:
            place(tree, (), Tree("FunctionCode", "9"))
        self.put(declaration.id, "FunctionalReferenceID", implied=self.implied.get("id"))
        self.put(declaration.type or self.default_type(), "TypeCode")
        if not self.known:
            self.put(str(len(goods.items)), "GoodsItemQuantity")
        self.put(
            declaration.destination,
            "GoodsShipment",
            "Destination",
            "CountryCode",
            implied=self.implied.get("destination"),
        )
        self.put(declaration.dispatch_country, "GoodsShipment", "ExportCountry", "ID")
        self.put(_text(goods.packages), "TotalPackageQuantity")
        self.put(_text(goods.gross_mass_kg), "TotalGrossMassMeasure", unit="KGM")
        if goods.transport is not None:
            self.put(goods.transport.mode, "BorderTransportMeans", "ModeCode")
            self.put(
                goods.transport.nationality, "BorderTransportMeans", "RegistrationNationalityCode"
            )
        self.put(goods.ucr, "GoodsShipment", "UCR", "TraderAssignedReferenceID")
        self.money(goods.freight, "GoodsShipment", "CustomsValuation", "FreightChargeAmount")
        self.put(goods.incoterm, "GoodsShipment", "TradeTerms", "ConditionCode")
        self.put(goods.nature_of_transaction, "GoodsShipment", "TransactionNatureCode")
        self.parties()
        self.schemes()
        if "items" not in self.implied:
            self.items()
        _drop_holes(self.tree)
        return write_document(self.tree, self.envelope)

    def default_type(self) -> str:
        """A declaration that never was XML: standard import or export declaration, lodged on arrival."""
        if self.known:
            return ""
        return "IMA" if self.declaration.direction == "import" else "EXA"

    def put(
        self,
        text: str | None,
        *path: str,
        within: Tree | None = None,
        base: tuple[str, ...] = (),
        implied: str | None = None,
        unit: str = "",
        attributes: dict[str, str] | None = None,
    ) -> None:
        """Text into the hole it was taken from, or into a new element at its place in the schema."""
        if not text or text == implied:
            return
        tree = within if within is not None else self.tree
        for depth, step in enumerate(path):
            child = _hole(tree, step) if depth == len(path) - 1 else tree.child(step)
            if child is None:
                child = place(tree, (*base, *path[:depth]), Tree(step))
                if depth == len(path) - 1 and unit:
                    child.attributes["unitCode"] = unit
            tree = child
        tree.text, tree.taken = text, False
        if attributes:
            tree.attributes = {**attributes, **tree.attributes}

    def money(
        self,
        money: Money | None,
        *path: str,
        within: Tree | None = None,
        base: tuple[str, ...] = (),
    ) -> None:
        if money is not None:
            self.put(
                format(money.amount, "f"),
                *path,
                within=within,
                base=base,
                attributes={"currencyID": money.currency},
            )

    def parties(self) -> None:
        for path, role in _PARTIES:
            party = next((p for p in self.declaration.parties if role in p.roles), None)
            if party is None:
                continue
            tree = self.tree
            for depth, step in enumerate(path):
                tree = tree.child(step) or place(tree, path[:depth], Tree(step))
            self.put(party.name, "Name", within=tree, base=path)
            self.put(party.ids[0].number if party.ids else "", "ID", within=tree, base=path)
            if party.address is not None:
                address = party.address
                for text, name in (
                    (address.line, "Line"),
                    (address.city, "CityName"),
                    (address.postcode, "PostcodeID"),
                    (address.country, "CountryCode"),
                ):
                    self.put(text, "Address", name, within=tree, base=path)

    def schemes(self) -> None:
        numbers = [each.number for each in self.declaration.schemes if each.kind == "IOSS"]
        shipment = self.tree.child("GoodsShipment")
        holes = [
            each
            for each in (shipment.every("DomesticDutyTaxParty") if shipment else [])
            if (hole := each.child("ID")) is not None and hole.taken
        ]
        for number, hole in zip(numbers, holes, strict=False):
            self.put(number, "ID", within=hole, base=("GoodsShipment", "DomesticDutyTaxParty"))
        for number in numbers[len(holes) :]:
            parent = shipment or place(self.tree, (), Tree("GoodsShipment"))
            place(
                parent,
                ("GoodsShipment",),
                Tree(
                    "DomesticDutyTaxParty",
                    children=[Tree("ID", number), Tree("RoleCode", _IOSS_ROLE)],
                ),
            )

    def items(self) -> None:
        shipment = self.tree.child("GoodsShipment") or place(self.tree, (), Tree("GoodsShipment"))
        trees = shipment.every("GovernmentAgencyGoodsItem")
        base = ("GoodsShipment", "GovernmentAgencyGoodsItem")
        items = self.declaration.consignment.items
        for surplus in trees[len(items) :]:
            shipment.children.remove(surplus)
        for index, item in enumerate(items):
            if index < len(trees):
                tree = trees[index]
            else:
                tree = place(shipment, ("GoodsShipment",), Tree(base[1]))
                tree.children.append(Tree("SequenceNumeric", str(index + 1)))
            self.item(item, tree, base)

    def item(self, item: GoodsItem, tree: Tree, base: tuple[str, ...]) -> None:
        def put(text: str | None, *path: str, **more: Any) -> None:
            self.put(text, *path, within=tree, base=base, **more)

        put(item.description, "Commodity", "Description")
        classified = tree.child("Commodity")
        put(item.hs_code, "Commodity", "Classification", "ID")
        if item.hs_code and (classified is None or classified.child("Classification") is None):
            put("TSP", "Commodity", "Classification", "IdentificationTypeCode")
        put(_text(item.gross_mass_kg), "Commodity", "GoodsMeasure", "GrossMassMeasure", unit="KGM")
        put(_text(item.net_mass_kg), "Commodity", "GoodsMeasure", "NetNetWeightMeasure", unit="KGM")
        self.money(
            item.price, "Commodity", "InvoiceLine", "ItemChargeAmount", within=tree, base=base
        )
        self.money(item.statistical_value, "StatisticalValueAmount", within=tree, base=base)
        put(item.dangerous_goods, "Commodity", "DangerousGoods", "UNDGID")
        self.origin(item, tree, put)
        self.procedures(item, tree, base)
        self.documents(item, tree, base)

    def origin(self, item: GoodsItem, tree: Tree, put: Callable[..., None]) -> None:
        new = tree.child("Origin") is None
        put(item.origin, "Origin", "CountryCode")
        if item.origin and new:
            put("1", "Origin", "TypeCode")

    def procedures(self, item: GoodsItem, tree: Tree, base: tuple[str, ...]) -> None:
        below = (*base, "GovernmentProcedure")
        trees = tree.every("GovernmentProcedure")
        main = next((p for p in trees if p.child("PreviousCode") is not None), None)
        if item.procedure or item.previous_procedure:
            main = main or place(tree, base, Tree("GovernmentProcedure"))
            self.put(item.procedure, "CurrentCode", within=main, base=below)
            self.put(item.previous_procedure, "PreviousCode", within=main, base=below)
        others = [each for each in trees if each is not main and _hole(each, "CurrentCode")]
        codes = item.additional_procedures
        for code, other in zip(codes, others, strict=False):
            self.put(code, "CurrentCode", within=other, base=below)
        for code in codes[len(others) :]:
            place(tree, base, Tree("GovernmentProcedure", children=[Tree("CurrentCode", code)]))

    def documents(self, item: GoodsItem, tree: Tree, base: tuple[str, ...]) -> None:
        below = (*base, "AdditionalDocument")
        trees = tree.every("AdditionalDocument")
        for index, document in enumerate(item.documents):
            holder = (
                trees[index]
                if index < len(trees)
                else place(tree, base, Tree("AdditionalDocument"))
            )
            if document.type != "none":
                new = holder.child("CategoryCode") is None and holder.child("TypeCode") is None
                split = 1 if new or _hole(holder, "CategoryCode") is not None else 0
                self.put(document.type[:split], "CategoryCode", within=holder, base=below)
                self.put(document.type[split:], "TypeCode", within=holder, base=below)
            self.put(document.number, "ID", within=holder, base=below)
            self.put(document.name, "Name", within=holder, base=below)


def _hole(tree: Tree, name: str) -> Tree | None:
    """The first child of that name whose text the model holds."""
    return next((each for each in tree.children if each.name == name and each.taken), None)


def _drop_holes(tree: Tree) -> None:
    """Elements the model no longer holds are gone from the message too."""
    tree.children = [each for each in tree.children if not each.taken]
    for child in tree.children:
        _drop_holes(child)


def _text(value: Decimal | int | None) -> str:
    return "" if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)
