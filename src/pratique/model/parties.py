"""Who takes part? Parties with the roles they play in one transaction, and the numbers they are known by."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pratique.model.element import Noun, element

Role = Literal[
    "seller",
    "marketplace",
    "payment_provider",
    "buyer",
    "consignor",
    "consignee",
    "exporter",
    "importer",
    "declarant",
    "agent",
    "submitter",
    "carrier",
    "post_of_origin",
    "post_of_destination",
    "intermediary",
    "warehouse",
    "payer",
    "surety",
    "manufacturer",
    "responsible_person",
    "authorisation_holder",
    "customs_office",
    "agency",
]
"""What a party does in this transaction (WCO: role per transaction, not per company)."""

ROLE_IDS: Final[dict[Role, tuple[str, str]]] = {
    "agent": ("R003", "R004"),
    "buyer": ("R009", "R010"),
    "carrier": ("R011", "R012"),
    "consignee": ("R014", "R015"),
    "consignor": ("R020", "R021"),
    "exporter": ("R031", "R032"),
    "importer": ("R037", "R038"),
    "seller": ("R050", "R051"),
    "surety": ("R054", "R055"),
    "submitter": ("R058", "R059"),
    "payer": ("R120", "R121"),
    "declarant": ("R124", "R123"),
    "authorisation_holder": ("", "R144"),
}
"""WCO ids of the name and of the number of a party, by its role; the other roles have none (WCO DM 3.6)."""


class Address(Noun, frozen=True, kw_only=True):
    """Where a party or place is. Source: WCO class 04A Address."""

    line: Annotated[
        str, element("Street, number, PO box", wco="239", privacy="personal", max_length=210)
    ] = ""
    city: Annotated[str, element("City", wco="241", privacy="personal", max_length=70)] = ""
    region: Annotated[
        str, element("Region or state", wco="243", privacy="personal", max_length=35)
    ] = ""
    region_code: Annotated[
        str, element("Region or state, coded", wco="244", privacy="personal", max_length=9)
    ] = ""
    postcode: Annotated[str, element("Postcode", wco="245", privacy="personal", max_length=17)] = ""
    country: (
        Annotated[
            str,
            element(
                "Country of the address", wco="242", privacy="public", min_length=2, max_length=2
            ),
        ]
        | None
    ) = None


class PartyId(Noun, frozen=True, kw_only=True):
    """A number a party is known by, and the register that issued it."""

    kind: Annotated[
        str,
        element(
            "Register: EORI, VAT, ABN, ARN, GST, PCCC, AEO, TIN, PSEUDONYM (known to the marketplace alone) "
            "or another",
            privacy="fiscal",
            min_length=1,
            max_length=17,
        ),
    ]
    number: Annotated[
        str,
        element(
            "Number in that register; its WCO id depends on the role",
            privacy="personal",
            min_length=1,
            max_length=35,
        ),
    ]


class Party(Noun, frozen=True, kw_only=True):
    """A person or firm and the roles it plays in this transaction."""

    roles: Annotated[
        tuple[Role, ...],
        element(
            "Roles in this transaction",
            wco="R005",
            privacy="commercial",
            min_length=1,
            max_length=23,
        ),
    ]
    name: Annotated[
        str,
        element("Name; its WCO id depends on the role", privacy="personal", max_length=140),
    ] = ""
    ids: Annotated[
        tuple[PartyId, ...],
        element("Numbers the party is known by", privacy="fiscal", max_length=99),
    ] = ()
    address: Annotated[Address | None, element("Address", wco="04A", privacy="personal")] = None
    contact: Annotated[
        str, element("Contact person", wco="246", privacy="personal", max_length=70)
    ] = ""
    email: Annotated[str, element("E-mail", wco="240", privacy="personal", max_length=256)] = ""
    phone: Annotated[str, element("Telephone", wco="240", privacy="personal", max_length=50)] = ""
    type: Annotated[
        Literal["person", "company"] | None,
        element("Natural person or company", privacy="commercial"),
    ] = None


class Authorisation(Noun, frozen=True, kw_only=True):
    """An authorisation relied on, and who holds it. Source: WCO class 17C AuthorisationHolder."""

    type: Annotated[
        str,
        element(
            "Type of authorisation", wco="R145", min_length=1, max_length=17, privacy="commercial"
        ),
    ]
    holder: Annotated[
        str, element("Number of the holder", wco="R144", privacy="fiscal", max_length=35)
    ] = ""


class TrustedTrader(Noun, frozen=True, kw_only=True):
    """An authorised economic operator under mutual recognition. Source: WCO class 16C."""

    number: Annotated[
        str,
        element("Number of the AEO", wco="R143", privacy="fiscal", min_length=1, max_length=35),
    ]
    role: Annotated[
        str,
        element("Role in the supply chain, coded", wco="R005", max_length=3, privacy="commercial"),
    ] = ""
