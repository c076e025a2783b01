"""Where does an element of the declaration stand in an entry summary declaration? One table, read both ways.

What the tables do not name stays in the tree: a notify party, parties and containers of single items, numbers of pieces,
moments (their zone is not said), languages, the conveyance reference. Source: ICS schemas CC315A and CC313A, v11.2.
"""

from __future__ import annotations

from typing import Any, Final

from pratique.messages.wco_places import CODE, COUNT, NUMBER, TEXT, Kind, Place, Series
from pratique.messages.wco_tree import Tree
from pratique.model.declaration import Role

ITEM: Final = "GOOITEGDS"


def _no_longer_than(most: int) -> Kind:
    def read(tree: Tree) -> Any:
        return tree.text if len(tree.text) <= most else None

    return Kind(read, TEXT.write)


DECLARATION: Final = (
    Place("id", ("HEAHEA", "RefNumHEA4"), TEXT),
    Place("mrn", ("HEAHEA", "DocNumHEA5"), TEXT),
    Place("circumstance", ("HEAHEA", "SpeCirIndHEA1"), CODE),
    Place("offices.declaration", ("CUSOFFLON", "RefNumCOL1"), TEXT),
    Place("consignment.gross_mass_kg", ("HEAHEA", "TotGroMasHEA307"), NUMBER),
    Place("consignment.packages", ("HEAHEA", "TotNumOfPacHEA306"), COUNT),
    Place("consignment.ucr", ("HEAHEA", "ComRefNumHEA"), _no_longer_than(35)),
    Place("consignment.transport.mode", ("HEAHEA", "TraModAtBorHEA76"), _no_longer_than(1)),
    Place("consignment.transport.conveyance", ("HEAHEA", "IdeOfMeaOfTraCroHEA85"), TEXT),
    Place("consignment.transport.nationality", ("HEAHEA", "NatOfMeaOfTraCroHEA87"), CODE),
    Place("consignment.transport.charges_payment", ("HEAHEA", "TraChaMetOfPayHEA1"), CODE),
    Place("consignment.transport.place_of_loading_name", ("HEAHEA", "PlaLoaGOOITE334"), TEXT),
    Place("consignment.transport.place_of_arrival", ("HEAHEA", "PlaUnlGOOITE334"), TEXT),
)
DECLARATION_SERIES: Final = (
    Series(
        "consignment.transport.seals",
        ("SEAID529",),
        (Place("", ("SeaIdSEAID530",), TEXT),),
        most=999,
    ),
    Series("consignment.transport.routing", ("ITI",), (Place("", ("CouOfRouCodITI1",), CODE),)),
)
GOODS_ITEM: Final = (
    Place("description", ("GooDesGDS23",), TEXT),
    Place("gross_mass_kg", ("GroMasGDS46",), NUMBER),
    Place("dangerous_goods", ("UNDanGooCodGDI1",), TEXT),
    Place("hs_code", ("COMCODGODITM", "ComNomCMD1"), CODE),
)
ITEM_SERIES: Final = (
    Series(
        "documents",
        ("PRODOCDC2",),
        (Place("type", ("DocTypDC21",), CODE), Place("number", ("DocRefDC23",), TEXT)),
        "type",
    ),
    Series("statements", ("SPEMENMT2",), (Place("code", ("AddInfCodMT23",), CODE),), "code"),
    Series(
        "packaging",
        ("PACGS2",),
        (
            Place("type", ("KinOfPacGS23",), CODE),
            Place("count", ("NumOfPacGS24",), COUNT),
            Place("marks", ("MarNumOfPacGSL21",), TEXT),
        ),
        "type",
    ),
)


def _party(names: str) -> tuple[Place, ...]:
    ways = ("name", "address.line", "address.postcode", "address.city", "address.country", "EORI")
    return tuple(Place(way, (name,), TEXT) for way, name in zip(ways, names.split(), strict=True))


PARTIES: Final[tuple[tuple[str, Role, tuple[Place, ...]], ...]] = (
    ("TRACONCO1", "consignor", _party("NamCO17 StrAndNumCO122 PosCodCO123 CitCO124 CouCO125 TINCO159")),
    ("TRACONCE1", "consignee", _party("NamCE17 StrAndNumCE122 PosCodCE123 CitCE124 CouCE125 TINCE159")),
    ("TRAREP", "agent", _party("NamTRE1 StrAndNumTRE1 PosCodTRE1 CitTRE1 CouCodTRE1 TINTRE1")),
    ("PERLODSUMDEC", "declarant", _party("NamPLD1 StrAndNumPLD1 PosCodPLD1 CitPLD1 CouCodPLD1 TINPLD1")),
    ("TRACARENT601", "carrier", _party("NamTRACARENT604 StrNumTRACARENT607 PstCodTRACARENT606 CtyTRACARENT603 "
                                       "CouCodTRACARENT605 TINTRACARENT602")),
)  # fmt: skip
"""Parties of the whole declaration: element, role, and where each of their elements stands below it."""
OFFICE_OF_ENTRY: Final = ("CUSOFFFENT730", "RefNumCUSOFFFENT731")
"""The first two letters of its code are the country the goods enter."""
