"""Which element of a WCO tree is meant, where a path alone does not say? What reader and writer both look for."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from pratique.messages.wco_places import IOSS_ROLE, SHIPMENT, Series
from pratique.messages.wco_tree import Envelope, Tree

Path = tuple[str, ...]

EQUIPMENT: Final = (SHIPMENT, "Consignment", "TransportEquipment")
COMMUNICATION: Final = (("phone", "TE"), ("email", "EM"))
"""Elements of a party and the type of communication they are (UN/EDIFACT 3155)."""
TWO_DIGITS: Final = re.compile(r"[0-9]{2}\Z")
"""The code of a procedure asked for."""


class Kept(msgspec.Struct, omit_defaults=True):
    """What of the XML the model does not hold; ``implied`` says which elements of the model it did not have."""

    tree: Tree
    envelope: Envelope = []
    implied: dict[str, str] = {}


def split_path(path: Path) -> tuple[Path, str]:
    """A path without the attribute it may lead to, and the name of that."""
    if path and path[-1].startswith("@"):
        return path[:-1], path[-1][1:]
    return path, ""


def has_what_it_needs(tree: Tree, series: Series) -> bool:
    """Whether an element has what no entry of its list can lack."""
    if series.name == "documents":
        return bool(document_codes(tree))
    needed = next((each for each in series.places if each.name == series.needs), None)
    if needed is None:
        return True
    path, attribute = split_path(needed.path)
    leaf = tree.at(path)
    return leaf is not None and bool(leaf.attributes.get(attribute) if attribute else leaf.text)


def document_codes(tree: Tree) -> list[Tree]:
    """Category and type of a document: together they are what the model calls its type, as N and 935."""
    both = [tree.child(name) for name in ("CategoryCode", "TypeCode")]
    return [each for each in both if each is not None and each.text]


def classification_of(item: Tree) -> Tree | None:
    """The element with the tariff code: that of type TSP, or the only one when none says its type."""
    every = item.every_at(("Commodity", "Classification"))
    kinds = [each.child("IdentificationTypeCode") for each in every]
    for each, kind in zip(every, kinds, strict=True):
        if kind is not None and kind.text == "TSP":
            return each
    return every[0] if len(every) == 1 and kinds[0] is None else None


def procedures_of(item: Tree) -> tuple[Tree | None, list[Tree]]:
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
    return code is not None and TWO_DIGITS.match(code.text.strip()) is not None


def ioss_parties(tree: Tree) -> list[Tree]:
    """Parties that are vendors under the import one-stop shop."""
    return [
        each
        for each in tree.every_at((SHIPMENT, "DomesticDutyTaxParty"))
        if (role := each.child("RoleCode")) is not None and role.text == IOSS_ROLE
    ]


def seals_of(tree: Tree) -> list[Tree]:
    """Seals of all containers, in their order."""
    return [seal for each in tree.every_at(EQUIPMENT) for seal in each.every("Seal")]
