"""What does this cargo report say? UN/EDIFACT CUSCAR, D.24A, one declaration for each house consignment.

A subset of the message: the segments below stand for elements of the model (``docs/guides/edifact.md`` has the table).
Nothing is dropped: what was read is written again, and a segment that does not come back has no place in the model,
so that the message is refused with that segment named. Header segments count for every consignment.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

from pratique.errors import Fault, MessageError
from pratique.messages.edifact.directory import Group, tree_of
from pratique.messages.edifact.syntax import (
    Element,
    Segment,
    interchange_of,
    write_interchange,
)
from pratique.messages.kept import lost
from pratique.messages.row import Row
from pratique.messages.schema import declaration_of
from pratique.messages.strict import MAX_FAULTS, refuse
from pratique.model.declaration import Declaration, GoodsItem, Party, Role
from pratique.model.money import Money

FORM: Final = "cuscar"
MEDIA_TYPE: Final = "application/EDIFACT"
MANIFEST: Final = "785"
"""Document name code of a cargo manifest (1001)."""
_ROLES: Final[dict[str, Role]] = {
    "CZ": "consignor",
    "CN": "consignee",
    "EX": "exporter",
    "IM": "importer",
    "SE": "seller",
    "BY": "buyer",
    "CA": "carrier",
    "DT": "declarant",
    "AG": "agent",
}
"""Roles by party function code (3035)."""
_QUALIFIERS: Final = {role: code for code, role in _ROLES.items()}
_NOBODY: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Moment of the interchange when the declaration states none: the syntax wants one, and a room has no clock."""
_MOMENTS: Final = {"304": "%Y%m%d%H%M%S", "303": "%Y%m%d%H%M", "203": "%Y%m%d%H%M"}
_TEXTS: Final = {"NAD": (3, 4), "FTX": (3,), "PCI": (1,)}
"""Elements that are one text over several components."""
_Plain = dict[str, Any]


def begins(start: bytes) -> bool:
    """Whether a file that starts so is EDIFACT."""
    return start.startswith((b"UNA", b"UNB"))


def parse(data: bytes) -> Declaration:
    """The one house consignment of an interchange. Raises ``MessageError``."""
    found = _consignments(data)
    if len(found) != 1:
        raise refuse(
            "several" if found else "empty",
            f"The interchange holds {len(found)} house consignments.",
            hint="Read it as a file of declarations.",
        )
    return _declaration(*found[0])


def read(data: bytes) -> Iterator[Row]:
    """Every house consignment of an interchange as a row; the source of one among several is its own interchange."""
    try:
        found = _consignments(data)
        if not found:
            raise refuse("empty", "The interchange holds no consignment.", hint="Check it.")
    except MessageError as error:
        yield Row(1, data[:65_536], error=error)
        return
    for number, (top, cni, house) in enumerate(found, start=1):
        try:
            declaration = _declaration(top, cni, house)
        except MessageError as error:
            yield Row(number, data[:65_536], error=error)
        else:
            yield Row(number, data if len(found) == 1 else _interchange(declaration), declaration)


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """The file as one piece: an interchange cannot be cut."""
    yield source.read(), 0


def write(declaration: Declaration) -> bytes:
    """The declaration as an interchange of one CUSCAR with one consignment.

    What the subset has no place for is left out (``losses`` names it). Raises ``MessageError`` when an element is
    longer than the directory allows, or has a code that is not in it.
    """
    written = _interchange(declaration)
    parse(written)
    return written


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What this form cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        again = parse(write(declaration))
    except MessageError as error:
        return error.faults
    return lost(declaration, again, "The subset of CUSCAR has no place for it.")


def _interchange(declaration: Declaration) -> bytes:
    return write_interchange(
        (("CUSCAR", tuple(_body(declaration))),),
        sender="PRATIQUE",
        recipient="CUSTOMS",
        reference="1",
        at=declaration.lodged_at.astimezone(UTC) if declaration.lodged_at else _NOBODY,
    )


def _consignments(data: bytes) -> list[tuple[Group, Group, Group]]:
    """Message, CNI group and house consignment of each; every message is held to the directory."""
    found: list[tuple[Group, Group, Group]] = []
    for message in interchange_of(data).messages:
        top = tree_of(message, "CUSCAR")
        found.extend((top, cni, house) for cni in top.all_of("SG7") for house in cni.all_of("SG8"))
    return found


def _declaration(top: Group, cni: Group, house: Group) -> Declaration:
    """One house consignment. Raises ``MessageError`` with every fault, or every segment that has no place."""
    declaration = declaration_of(_plain(top, cni, house))
    written = Counter(_canonical(each) for each in _body(declaration))
    homeless = []
    for segment in (*_header(top), *cni.every("CNI"), *cni.every("CNT"), *_all(house)):
        text = _canonical(segment)
        if written[text]:
            written[text] -= 1
        else:
            homeless.append(segment)
    if homeless:
        faults = [
            Fault(
                pointer=f"segment {each.number}",
                message=f"{each.tag}+{'+'.join(':'.join(e) for e in each.elements)[:60]} has no place in the model.",
                hint="Leave it out, or send the declaration in a form that has it; see docs/guides/edifact.md.",
            )
            for each in homeless[:MAX_FAULTS]
        ]
        raise MessageError("no-place", f"{len(homeless)} segment(s) have no place.", faults)
    return declaration


def _header(top: Group) -> Iterator[Segment]:
    """Segments of the message outside its consignments, but for UNH and UNT."""
    for tag, segments in top.segments.items():
        if tag not in ("UNH", "UNT"):
            yield from segments
    for name, groups in top.groups.items():
        if name != "SG7":
            for group in groups:
                yield from _all(group)


def _all(group: Group) -> Iterator[Segment]:
    for segments in group.segments.values():
        yield from segments
    for groups in group.groups.values():
        for inner in groups:
            yield from _all(inner)


def _canonical(segment: Segment) -> tuple[str, ...]:
    """A segment so that ways of writing the same are equal: moments, texts over several lines, sequence numbers."""
    elements = [list(each) for each in segment.elements]
    for place in _TEXTS.get(segment.tag, ()):
        if place < len(elements):
            elements[place] = [" ".join(each for each in elements[place] if each)]
    if segment.tag == "DTM":
        moment = _moment(segment)
        elements = [[segment.get(0), moment.isoformat() if moment else "?" + segment.get(0, 1)]]
    if segment.tag in ("GID", "CST", "CNI") and elements:
        elements[0] = [""]
    parts = [":".join(each).rstrip(":") for each in elements]
    while parts and not parts[-1]:
        parts.pop()
    return (segment.tag, *parts)


def _plain(top: Group, cni: Group, house: Group) -> _Plain:
    """The consignment as the plain values of a declaration; texts stay as they stand, the schema judges them."""
    head, moment = top.first("BGM"), _dated([*top.every("DTM")], "137")
    reference, transport = house.first("RFF"), _transport(top, house)
    moa = _amounts(house.every("MOA"))
    places = _places(house.every("LOC"))
    counts = {each.get(0): each for each in (*cni.every("CNT"), *house.every("CNT"))}
    waybill = cni.first("CNI")
    if waybill is not None and waybill.get(1):
        transport["house_waybill"] = waybill.get(1)
    name = reference.get(0, 1) if reference is not None and reference.get(0) == "ABE" else ""
    manifest = head.get(1) if head is not None and head.get(0) == MANIFEST else ""
    consignment: _Plain = {
        "items": [_item(each) for each in house.all_of("SG14")],
        "ucr": _referred(house, "UCN"),
        "freight": moa.get("64"),
        "insurance": moa.get("67"),
        "gross_mass_kg": _in_kilograms(counts.get("7")),
        "packages": _whole(counts["11"].get(0, 1)) if "11" in counts else None,
        "previous_documents": (
            [{"type": MANIFEST, "number": manifest}] if manifest and manifest != name else None
        ),
        "transport": transport,
    }
    parties = [_party(each) for each in (*top.all_of("SG2"), *house.all_of("SG11"))]
    plain: _Plain = _without_nothing(
        {
            "id": name or "",
            "destination": places.get("28", ""),
            "dispatch_country": places.get("113"),
            "channel": "post" if transport.get("mode") == "5" else "cargo",
            "function": head.get(2) if head is not None else None,
            "lodged_at": moment.isoformat() if moment else None,
            "parties": [each for each in parties if each],
            "consignment": consignment,
        },
        keep=("id", "destination"),
    )
    return plain


def _item(group: Group) -> _Plain:
    gid, quantity = group.first("GID"), group.all_of("SG16")
    number = quantity[0].first("QTY") if quantity else None
    goods, marks = group.first("FTX"), group.first("PCI")
    dangerous, status = group.first("DGS"), group.first("CST")
    masses = {each.get(1): each for each in group.every("MEA") if each.get(0) == "WT"}
    packaging: _Plain = {
        "count": _whole(gid.get(1)) if gid is not None and gid.get(1) else None,
        "type": gid.get(1, 1) if gid is not None else None,
        "marks": _joined(marks, 1) if marks is not None else None,
    }
    return {
        "description": _joined(goods, 3) if goods is not None and goods.get(0) == "AAA" else None,
        "hs_code": status.get(1) if status is not None else None,
        "origin": _places(group.every("LOC")).get("27"),
        "quantity": number.get(0, 1) if number is not None and number.get(0, 0) == "47" else None,
        "unit": number.get(0, 2) if number is not None and number.get(0, 2) != "C62" else None,
        "net_mass_kg": _in_kilograms(masses.get("AAA"), 2),
        "gross_mass_kg": _in_kilograms(masses.get("AAB"), 2),
        "packaging": [packaging]
        if any(each not in (None, "") for each in packaging.values())
        else None,
        "price": _amounts(group.every("MOA")).get("77"),
        "dangerous_goods": dangerous.get(2) if dangerous is not None else None,
    }


def _transport(top: Group, house: Group) -> _Plain:
    """Transport of the consignment, else that of the header."""
    groups = house.all_of("SG9") or top.all_of("SG4")
    if not groups:
        return {}
    group = groups[0]
    means = group.first("TDT")
    assert means is not None, "a group begins with its segment"
    places = _places(group.every("LOC"))
    moments = {code: _dated(group.every("DTM"), code) for code in ("133", "132")}
    return {
        "conveyance": means.get(1),
        "mode": means.get(2),
        "conveyance_name": means.get(7, 3),
        "nationality": means.get(7, 4),
        "place_of_loading": places.get("9"),
        "place_of_arrival": places.get("60"),
        "departs_at": moments["133"].isoformat() if moments["133"] else None,
        "arrives_at": moments["132"].isoformat() if moments["132"] else None,
        "master_waybill": _referred(house, "MWB"),
    }


def _party(group: Group) -> _Plain | None:
    nad = group.first("NAD")
    assert nad is not None, "a group begins with its segment"
    role = _ROLES.get(nad.get(0))
    if role is None:
        return None  # the segment has no place, and is named as such
    contacts = group.all_of("SG12") or group.all_of("SG3")
    contact = contacts[0] if contacts else None
    person = contact.first("CTA") if contact else None
    reached = {each.get(0, 1): each.get(0) for each in contact.every("COM")} if contact else {}
    number = {"kind": nad.get(1, 1) or "ID", "number": nad.get(1)}
    address = {
        "line": _joined(nad, 4),
        "city": nad.get(5),
        "region_code": nad.get(6),
        "region": nad.get(6, 3),
        "postcode": nad.get(7),
        "country": nad.get(8),
    }
    return {
        "roles": [role],
        "name": _joined(nad, 3),
        "ids": [number] if number["number"] else None,
        "address": address,
        "contact": person.get(1, 1) if person else None,
        "email": reached.get("EM"),
        "phone": reached.get("TE"),
    }


def _body(declaration: Declaration) -> Iterator[Segment]:
    """The segments between UNH and UNT, in the order of the message."""
    consignment, transport = declaration.consignment, declaration.consignment.transport
    manifest = next(
        (each.number for each in consignment.previous_documents if each.type == MANIFEST), ""
    )
    yield _segment("BGM", MANIFEST, manifest or declaration.id, declaration.function)
    if declaration.lodged_at is not None:
        yield _date("137", declaration.lodged_at)
    yield _segment("CNI", "1", transport.house_waybill if transport is not None else "")
    yield _segment("RFF", ("ABE", declaration.id))
    if consignment.gross_mass_kg is not None:
        yield _segment("CNT", ("7", str(consignment.gross_mass_kg), "KGM"))
    if consignment.packages is not None:
        yield _segment("CNT", ("11", str(consignment.packages)))
    yield from _money("64", consignment.freight)
    yield from _money("67", consignment.insurance)
    yield _segment("LOC", "28", declaration.destination)
    if declaration.dispatch_country:
        yield _segment("LOC", "113", declaration.dispatch_country)
    yield from _transport_segments(declaration)
    for party in declaration.parties:
        yield from _party_segments(party)
    for number, item in enumerate(consignment.items, start=1):
        yield from _item_segments(item, number)


def _transport_segments(declaration: Declaration) -> Iterator[Segment]:
    consignment, transport = declaration.consignment, declaration.consignment.transport
    if transport is None and not consignment.ucr:
        return
    if transport is None:
        yield _segment("TDT", "20")
    else:
        yield _segment(
            "TDT", "20", transport.conveyance, transport.mode, "", "", "", "",
            ("", "", "", transport.conveyance_name, transport.nationality),
        )  # fmt: skip
        if transport.place_of_loading:
            yield _segment("LOC", "9", transport.place_of_loading)
        if transport.place_of_arrival:
            yield _segment("LOC", "60", transport.place_of_arrival)
        if transport.departs_at is not None:
            yield _date("133", transport.departs_at)
        if transport.arrives_at is not None:
            yield _date("132", transport.arrives_at)
        if transport.master_waybill:
            yield _segment("RFF", ("MWB", transport.master_waybill))
    if consignment.ucr:
        yield _segment("RFF", ("UCN", consignment.ucr))


def _party_segments(party: Party) -> Iterator[Segment]:
    address = party.address
    number = party.ids[0] if party.ids else None
    for role in party.roles:
        if role not in _QUALIFIERS:
            continue
        yield _segment(
            "NAD",
            _QUALIFIERS[role],
            (number.number, number.kind) if number is not None else "",
            "",
            _lines(party.name, 70, 5),
            _lines(address.line, 256, 4) if address is not None else "",
            address.city if address is not None else "",
            (address.region_code, "", "", address.region) if address is not None else "",
            address.postcode if address is not None else "",
            (address.country or "") if address is not None else "",
        )
        if party.contact or party.email or party.phone:
            yield _segment("CTA", "IC", ("", party.contact))
            if party.email:
                yield _segment("COM", (party.email, "EM"))
            if party.phone:
                yield _segment("COM", (party.phone, "TE"))


def _item_segments(item: GoodsItem, number: int) -> Iterator[Segment]:
    packaging = item.packaging[0] if item.packaging else None
    count = str(packaging.count) if packaging is not None and packaging.count is not None else ""
    yield _segment("GID", str(number), (count, packaging.type if packaging is not None else ""))
    if item.description:
        yield _segment("FTX", "AAA", "", "", _lines(item.description, 512, 5))
    for code, mass in (("AAA", item.net_mass_kg), ("AAB", item.gross_mass_kg)):
        if mass is not None:
            yield _segment("MEA", "WT", code, ("KGM", str(mass)))
    yield from _money("77", item.price)
    if item.dangerous_goods:
        yield _segment("DGS", "", "", item.dangerous_goods)
    if packaging is not None and packaging.marks:
        yield _segment("PCI", "", _lines(packaging.marks, 35, 10))
    if item.hs_code:
        yield _segment("CST", str(number), item.hs_code)
    if item.origin:
        yield _segment("LOC", "27", item.origin)
    yield _segment("QTY", ("47", str(item.quantity), item.unit))


def _segment(tag: str, *elements: str | Element) -> Segment:
    return Segment(tag, tuple((each,) if isinstance(each, str) else each for each in elements))


def _money(code: str, amount: Money | None) -> Iterator[Segment]:
    if amount is not None:
        yield _segment("MOA", (code, str(amount.amount), amount.currency))


def _date(code: str, moment: datetime) -> Segment:
    return _segment("DTM", (code, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SUTC"), "304"))


def _lines(text: str, width: int, most: int) -> Element:
    """A text over several components, cut between words."""
    found = textwrap.wrap(text, width, break_on_hyphens=False) if len(text) > width else [text]
    return tuple(found[:most])


def _joined(segment: Segment, element: int) -> str:
    found = segment.elements[element] if element < len(segment.elements) else ()
    return " ".join(each for each in found if each)


def _moment(segment: Segment) -> datetime | None:
    """A moment of DTM in UTC, None when it is not one of the forms read (203, 303 and 304, the latter in UTC)."""
    form, text = segment.get(0, 2), segment.get(0, 1)
    if form not in _MOMENTS or (form != "203" and not text.endswith("UTC")):
        return None
    digits = text.removesuffix("UTC")
    if len(digits) != (14 if form == "304" else 12) or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return datetime.strptime(digits, _MOMENTS[form]).replace(tzinfo=UTC)
    except ValueError:
        return None


def _dated(segments: list[Segment], code: str) -> datetime | None:
    found = (_moment(each) for each in segments if each.get(0) == code)
    return next((each for each in found if each is not None), None)


def _amounts(segments: list[Segment]) -> dict[str, _Plain]:
    return {
        each.get(0): {"amount": each.get(0, 1), "currency": each.get(0, 2)} for each in segments
    }


def _places(segments: list[Segment]) -> dict[str, str]:
    return {each.get(0): each.get(1) for each in segments}


def _referred(house: Group, code: str) -> str | None:
    """A reference below the transport of a consignment."""
    for transport in house.all_of("SG9"):
        for group in transport.all_of("SG10"):
            found = group.first("RFF")
            if found is not None and found.get(0) == code:
                return found.get(0, 1)
    return None


def _in_kilograms(segment: Segment | None, element: int = 0) -> str | None:
    """A mass; of another unit it is not read, and its segment has no place."""
    if segment is None:
        return None
    unit, value = (2, 1) if element == 0 else (0, 1)
    return segment.get(element, value) if segment.get(element, unit) == "KGM" else None


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _without_nothing(value: Any, keep: tuple[str, ...] = ()) -> Any:
    """Plain values without what is not stated."""
    if isinstance(value, dict):
        inner = {key: _without_nothing(each) for key, each in value.items()}
        return {
            key: each
            for key, each in inner.items()
            if key in keep or each not in (None, "", {}, [])
        }
    if isinstance(value, list):
        return [_without_nothing(each) for each in value]
    return value
