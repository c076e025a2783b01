"""The declaration has a place for what sellers, carriers, posts and customs speak of, each with its WCO id."""

from typing import get_args

import msgspec
import pytest

from pratique.model import declaration
from pratique.model.declaration import ROLE_IDS, Declaration, Role
from pratique.model.element import Noun, elements
from tests.support.declarations import NOUNS

POSTAL = (
    "006 009 017 023 062 063 103 108 112 117 126 131 135 137 141 142 144 145 164 239 240 241 242 245 253 367 "
    "D005 D006 D028 D014 R015 R020 R037 R038 T008 T020"
)
"""The 36 elements the WCO Data Model marks for postal use."""
CARGO_AND_DECLARATION = (
    "016 064 090 098 099 107 109 111 113 115 116 120 129 114 118 122 130 146 159 161 166 165 225 226 246 465 501 "
    "506 D015 D016 D018 D019 D026 L009 L010 L016 L017 R003 R004 R009 R010 R011 R012 R014 R021 R031 R032 R050 R051 "
    "R058 R059 R119 R120 R121 R123 R124 R143 R144 R145 T005 T006 T014 T022"
)
BY_PLACE = {
    "006": "the place of an item in the list",
    "253": "a phone and an e-mail are two elements",
}


def ids() -> set[str]:
    found = {name for pair in ROLE_IDS.values() for name in pair}
    for noun in NOUNS:
        for each in elements(noun):
            found.update(each.wco.split())
    return found


@pytest.mark.parametrize("wanted", [POSTAL, CARGO_AND_DECLARATION], ids=["postal", "other"])
def test_every_wco_element_of_the_set_has_a_place(wanted: str) -> None:
    assert set(wanted.split()) - ids() - set(BY_PLACE) == set()


@pytest.mark.parametrize(
    "path",
    [
        "order/lines/product",
        "payment/provider",
        "returned_goods/parcel",
        "mrn",
        "id",
        "consignment/ucr",
        "consignment/items/listing/url",
        "consignment/items/listing/merchant_product_id",
        "consignment/items/listing/manufacturer_product_id",
        "consignment/items/valuation_method",
        "consignment/items/supplementary/unit",
        "consignment/nature_of_transaction",
        "consignment/parcels/seals",
        "consignment/transport/receptacle",
        "consignment/transport/dispatch",
        "consignment/transport/origin_office",
        "consignment/transport/destination_office",
        "consignment/transport/containers",
        "trusted_traders/number",
        "authorisations/holder",
        "statements/code",
    ],
)
def test_what_has_no_wco_id_or_is_easily_forgotten_has_a_place(path: str) -> None:
    noun = Declaration
    for step in path.split("/"):
        field = next(each for each in msgspec.structs.fields(noun) if each.name == step)
        noun = next((each for each in nouns_in(field.type)), noun)


def nouns_in(kind: object) -> list[type[Noun]]:
    if isinstance(kind, type) and issubclass(kind, Noun):
        return [kind]
    return [found for each in get_args(kind) for found in nouns_in(each)]


@pytest.mark.parametrize(
    "role",
    ["seller", "marketplace", "payment_provider", "buyer", "consignor", "consignee", "exporter", "importer",
     "declarant", "agent", "carrier", "post_of_origin", "post_of_destination", "warehouse", "payer",
     "intermediary", "customs_office", "agency"],
)  # fmt: skip
def test_every_part_in_the_chain_is_a_role(role: str) -> None:
    assert role in get_args(Role)


def test_roles_with_wco_ids_are_roles() -> None:
    assert set(ROLE_IDS) <= set(get_args(Role))


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_what_was_added_is_optional(noun: type[Noun]) -> None:
    needed = {each.name for each in msgspec.structs.fields(noun) if each.required}
    assert needed == {
        "Declaration": {"id", "destination", "consignment"},
        "Consignment": {"items"},
        "Parcel": {"id"},
        "PartyId": {"kind", "number"},
        "SchemeNumber": {"kind", "number"},
        "Party": {"roles"},
        "Document": {"type"},
        "PreviousDocument": {"type"},
        "Authorisation": {"type"},
        "TrustedTrader": {"number"},
        "Adjustment": {"type"},
        "CurrencyExchange": {"currency"},
        "Measure": {"value", "unit"},
        "Order": {"number"},
        "Payment": {"reference"},
        "Fee": {"name", "amount"},
        "Money": {"amount", "currency"},
    }.get(noun.__name__, set())


def test_moments_need_their_offset_from_utc() -> None:
    with pytest.raises(msgspec.ValidationError, match="timezone"):
        msgspec.convert(
            {"id": "A", "destination": "DE", "lodged_at": "2026-07-01T12:00:00", "consignment": {"items": [{}]}},
            Declaration,
        )  # fmt: skip


def test_numbers_of_persons_are_masked_when_shown() -> None:
    shown = repr(declaration.PartyId(kind="PCCC", number="P123456789012"))
    assert "P1234" not in shown
