"""Are the numbers the numbers they claim to be? Forms and check digits of identifiers.

python-stdnum judges what it knows; the rest follows the standard named at each function.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

from stdnum import ean
from stdnum.au import abn
from stdnum.eu import oss
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.iso6346 import is_valid as is_container
from stdnum.nz import ird

from pratique.checks.rule import Fault, item_rule, rule
from pratique.model.codelists import is_country
from pratique.model.declaration import Declaration, GoodsItem
from pratique.model.s10 import is_s10 as is_s10
from pratique.model.s10 import looks_like_s10 as looks_like_s10


@functools.lru_cache(maxsize=4096)
def is_air_waybill(number: str) -> bool:
    """Whether a number is a master air waybill: 3-digit prefix, 7 digits, and these modulo 7.

    Source: IATA Resolution 600a.
    """
    digits = number.replace("-", "").replace(" ", "")
    if len(digits) != 11 or not digits.isdigit():
        return False
    return int(digits[3:10]) % 7 == int(digits[10])


def is_voec(number: str) -> bool:
    """Whether a number has the form of a Norwegian VOEC registration: seven digits beginning with 2."""
    return len(number) == 7 and number.isascii() and number.isdigit() and number[0] == "2"


def is_arn(number: str) -> bool:
    """Whether a number has the form of an Australian ARN (12 digits) or is a valid ABN (11 digits)."""
    if len(number) == 12 and number.isascii():
        return number.isdigit()
    return bool(abn.is_valid(number))


def is_personal_customs_code(number: str) -> bool:
    """Whether a number has the form of a Korean personal customs clearance code: P and 12 digits."""
    return len(number) == 13 and number[0] == "P" and number.isascii() and number[1:].isdigit()


def is_eori(number: str) -> bool:
    """Whether a number has the form of an EORI: a country and up to fifteen letters or digits.

    Source: Commission Delegated Regulation (EU) 2015/2446, Annex B, data element 3/1 and following.
    """
    return (
        3 <= len(number) <= 17
        and number.isascii()
        and number.isalnum()
        and number.isupper()
        and number[:2].isalpha()
        and is_country(number[:2])
    )


def is_mrn(number: str) -> bool:
    """Whether a number has the form of a movement reference number: year, country, 14 letters or digits."""
    return (
        len(number) == 18
        and number.isascii()
        and number[:2].isdigit()
        and is_country(number[2:4])
        and number[4:].isalnum()
        and number[4:].upper() == number[4:]
    )


def is_receptacle(number: str) -> bool:
    """Whether a number has the form of a UPU S9 receptacle identifier: 29 letters and digits.

    Two offices of six, category, subclass of two, year, dispatch, receptacle, flags and weight in digits.
    """
    return len(number) == 29 and number.isascii() and number.isalnum() and number[15:].isdigit()


def is_exchange_office(code: str) -> bool:
    """Whether a code has the form of an exchange office (IMPC code of UPU S34): a country and four letters."""
    return (
        len(code) == 6
        and code.isascii()
        and code.isalpha()
        and code.isupper()
        and is_country(code[:2])
    )


def _gst(number: str) -> bool:
    return 8 <= len(number) <= 15 and number.isascii() and number.replace("-", "").isalnum()


_SCHEMES: Final[dict[str, Callable[[str], bool]]] = {
    "IOSS": lambda number: number.startswith("IM") and bool(oss.is_valid(number)),
    "VOEC": is_voec,
    "ARN": is_arn,
    "ABN": lambda number: bool(abn.is_valid(number)),
    "GBVAT": lambda number: bool(gb_vat.is_valid(number)),
    "GST": _gst,
    "OVR": _gst,
    "NZGST": lambda number: bool(ird.is_valid(number)),
}
"""Form of each scheme's number, by the kind its law names."""
_IDS: Final[dict[str, Callable[[str], bool]]] = {
    "EORI": is_eori,
    "VAT": lambda number: bool(eu_vat.is_valid(number) or gb_vat.is_valid(number)),
    "ABN": lambda number: bool(abn.is_valid(number)),
    "ARN": is_arn,
    "PCCC": is_personal_customs_code,
    "GBVAT": lambda number: bool(gb_vat.is_valid(number)),
    "GST": _gst,
    "IOSS": _SCHEMES["IOSS"],
    "VOEC": is_voec,
    "NZGST": _SCHEMES["NZGST"],
}


@functools.lru_cache(maxsize=65_536)
def is_scheme_number(kind: str, number: str) -> bool:
    """Whether a number fits the scheme it is given for; True for schemes whose form is not known here."""
    check = _SCHEMES.get(kind)
    return check is None or check(number)


@functools.lru_cache(maxsize=65_536)
def is_party_number(kind: str, number: str) -> bool:
    """Whether a number fits the register it is given for; True for registers not known here."""
    check = _IDS.get(kind)
    return check is None or check(number)


@functools.lru_cache(maxsize=65_536)
def is_gtin(number: str) -> bool:
    """Whether a number is a GTIN of 8, 12, 13 or 14 digits with a right check digit. Source: GS1."""
    return bool(ean.is_valid(number))


@rule("C301", "accuracy", "amend", "UPU standard S10")
def parcel_numbers_check(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The check digit of the postal item number is wrong, or its country does not exist.

    Read it again from the label; a scanner makes fewer mistakes than a hand.
    """
    return [
        (f"/consignment/parcels/{index}/id", each.id)
        for index, each in enumerate(declaration.consignment.parcels)
        if looks_like_s10(each.id) and not is_s10(each.id)
    ]


@rule("C302", "accuracy", "amend", "IATA Resolution 600a")
def master_waybill_checks(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The master air waybill number has not eleven digits or its check digit is wrong."""
    transport = declaration.consignment.transport
    if transport is None or not transport.master_waybill or transport.mode not in ("", "4"):
        return ()
    if is_air_waybill(transport.master_waybill):
        return ()
    return [("/consignment/transport/master_waybill", transport.master_waybill)]


@rule("C303", "accuracy", "amend", "The register that issued the number (IOSS, VOEC, ARN, VAT ...)")
def scheme_numbers_check(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The registration number under which tax was collected at sale is not a number of that scheme.

    With a wrong number the tax may be asked for again at the border.
    """
    for index, each in enumerate(declaration.schemes):
        if not is_scheme_number(each.kind, each.number):
            yield f"/schemes/{index}/number", f"{each.kind} {each.number[:4]}…"


@rule("C304", "accuracy", "amend", "The register that issued the number (EORI, VAT, ABN, PCCC ...)")
def party_numbers_check(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The number of a party is not a number of the register it is given for."""
    for index, each in enumerate(declaration.parties):
        for position, number in enumerate(each.ids):
            if not is_party_number(number.kind, number.number):
                yield f"/parties/{index}/ids/{position}/number", number.kind


@item_rule(
    "C305",
    "accuracy",
    "note",
    "GS1 General Specifications: check digit of the GTIN",
    at="listing/gtin",
)
def product_numbers_check(item: GoodsItem) -> str | None:
    """The product number (GTIN) has a wrong length or check digit."""
    if item.listing is None or not item.listing.gtin or is_gtin(item.listing.gtin):
        return None
    return item.listing.gtin


@rule("C306", "accuracy", "note", "UPU standard S9")
def receptacle_number_checks(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The receptacle identifier has not the 29 characters of UPU S9."""
    transport = declaration.consignment.transport
    if transport is None or not transport.receptacle or is_receptacle(transport.receptacle):
        return ()
    return [("/consignment/transport/receptacle", transport.receptacle)]


@rule("C307", "accuracy", "note", "ISO 6346")
def container_numbers_check(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """A container number has a wrong check digit."""
    transport = declaration.consignment.transport
    if transport is None or not transport.containers:
        return ()
    return [
        (f"/consignment/transport/containers/{index}", number)
        for index, number in enumerate(transport.containers)
        if not is_container(number)
    ]


@rule("C308", "accuracy", "amend", "EU customs data model: movement reference number, an..18")
def movement_reference_checks(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The movement reference number has not two digits of the year, a country and 14 letters or digits."""
    mrn = declaration.mrn
    return [("/mrn", mrn)] if mrn and not is_mrn(mrn) else ()


@rule("C309", "accuracy", "note", "UPU standard S34")
def exchange_offices_check(declaration: Declaration, now: datetime) -> Iterable[Fault]:
    """The code of an exchange office has not a country and four letters."""
    transport = declaration.consignment.transport
    if transport is None:
        return ()
    both = (
        ("origin_office", transport.origin_office),
        ("destination_office", transport.destination_office),
    )
    return [
        (f"/consignment/transport/{name}", code)
        for name, code in both
        if code and not is_exchange_office(code)
    ]
