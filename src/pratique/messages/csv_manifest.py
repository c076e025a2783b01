"""What does this manifest say? A CSV a marketplace or carrier can export: one row a goods item.

Rows that follow each other with the same ``declaration_id`` form one declaration; what they say of the whole
declaration must agree. The header names the columns, in any order; ``COLUMNS`` lists them. UTF-8, comma,
semicolon or tab between fields, decimal point, no formulae.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.row import Row
from pratique.messages.strict import decode_text, hazard, refuse
from pratique.model.declaration import Declaration

FORM: Final = "csv"
MEDIA_TYPE: Final = "text/csv"
MAX_FILE: Final = 1_073_741_824
MAX_LINE: Final = 65_536
MAX_ITEMS: Final = 999
_DECIMAL: Final = re.compile(r"-?\d{1,16}(\.\d{1,6})?\Z")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

DECLARATION_COLUMNS: Final = {
    "declaration_id": "/id",
    "destination": "/destination",
    "dispatch_country": "/dispatch_country",
    "channel": "/channel",
    "flow": "/flow",
    "dataset": "/dataset",
    "scheme": "/schemes/0/kind",
    "scheme_number": "/schemes/0/number",
    "order_number": "/order/number",
    "parcel_id": "/consignment/parcels/0/id",
    "gross_mass_kg": "/consignment/gross_mass_kg",
    "freight": "/consignment/freight/amount",
    "freight_currency": "/consignment/freight/currency",
    "insurance": "/consignment/insurance/amount",
    "insurance_currency": "/consignment/insurance/currency",
    "seller_name": "/parties/0/name",
    "seller_country": "/parties/0/address/country",
    "consignee_name": "/parties/1/name",
    "consignee_line": "/parties/1/address/line",
    "consignee_city": "/parties/1/address/city",
    "consignee_postcode": "/parties/1/address/postcode",
    "consignee_country": "/parties/1/address/country",
    "house_waybill": "/consignment/transport/house_waybill",
    "master_waybill": "/consignment/transport/master_waybill",
    "departs_at": "/consignment/transport/departs_at",
    "arrives_at": "/consignment/transport/arrives_at",
    "lodged_at": "/lodged_at",
}
"""Columns that say something of the whole declaration, and the element each fills."""
ITEM_COLUMNS: Final = {
    "description": "/description",
    "hs_code": "/hs_code",
    "origin": "/origin",
    "quantity": "/quantity",
    "net_mass_kg": "/net_mass_kg",
    "price": "/price/amount",
    "currency": "/price/currency",
    "duty_rate": "/duty_rate",
    "listing_url": "/listing/url",
    "gtin": "/listing/gtin",
}
"""Columns of each goods item, and the element each fills."""
COLUMNS: Final = (*DECLARATION_COLUMNS, *ITEM_COLUMNS)
_REQUIRED: Final = ("declaration_id", "destination", "description", "price", "currency")
_DECIMALS: Final = frozenset(
    {"gross_mass_kg", "freight", "insurance", "quantity", "net_mass_kg", "price", "duty_rate"}
)
_ROLES: Final = {"0": "seller", "1": "consignee"}


def begins(start: bytes) -> bool:
    """Whether a file that starts so has the header of a manifest."""
    header = start.split(b"\n", 1)[0].lower()
    return b"declaration_id" in [name.strip(b' "\r') for name in re.split(rb"[,;\t]", header)]


def parse(data: bytes) -> Declaration:
    """The one declaration of a manifest. Raises ``MessageError`` when there is none, or more."""
    rows = list(read(data))
    for row in rows:
        if row.error is not None:
            raise row.error
    if len(rows) != 1 or rows[0].declaration is None:
        raise refuse(
            "not-one", f"The manifest holds {len(rows)} declarations.", hint="Read it as a file."
        )
    return rows[0].declaration


def read(data: bytes) -> Iterator[Row]:
    """Every declaration of a manifest as a row; the row's number is its first line in the file."""
    try:
        text = decode_text(data.removeprefix(b"\xef\xbb\xbf"), MAX_FILE)
        header, lines = _header(text)
    except MessageError as error:
        yield Row(1, data[:MAX_LINE], error=error)
        return
    group: list[tuple[int, str, dict[str, str]]] = []
    for number, line, fields in lines:
        if isinstance(fields, MessageError):
            yield Row(number, line.encode(), error=fields)
            continue
        cells = dict(zip(header, fields, strict=True))
        if group and group[0][2]["declaration_id"] != cells["declaration_id"]:
            yield _row(group)
            group = []
        group.append((number, line, cells))
    if group:
        yield _row(group)


_Lines = Iterator[tuple[int, str, list[str] | MessageError]]


def _header(text: str) -> tuple[list[str], _Lines]:
    first, _, rest = text.partition("\n")
    first = first.rstrip("\r")
    if len(first) > MAX_LINE:
        raise refuse("too-wide", "The first line is too long to be a header.")
    delimiter = max(",;\t", key=first.count)
    header = [name.strip().strip('"').lower() for name in first.split(delimiter)]
    missing = [name for name in _REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    twice = {name for name in header if header.count(name) > 1}
    if missing or unknown or twice:
        faults = [
            *(Fault(pointer=f"line 1, {n}", message="This column is needed.") for n in missing),
            *(
                Fault(
                    pointer=f"line 1, {name[:40]}",
                    message="This column is not known.",
                    hint="Known are " + ", ".join(COLUMNS),
                )
                for name in unknown[:20]
            ),
            *(
                Fault(pointer=f"line 1, {n}", message="This column stands twice.")
                for n in sorted(twice)
            ),
        ]
        raise MessageError("header", "The header is not that of a manifest.", faults)
    return header, _lines(rest, len(header), delimiter)


def _lines(text: str, width: int, delimiter: str) -> _Lines:
    """Lines of a manifest, split strictly; a field cannot hold a line break."""
    for number, raw in enumerate(io.StringIO(text, newline=""), start=2):
        line = raw.rstrip("\r\n")
        if line.strip():
            yield number, line, _split(number, line, width, delimiter)


def _split(number: int, line: str, width: int, delimiter: str) -> list[str] | MessageError:
    where = f"line {number}"
    if len(line) > MAX_LINE:
        return refuse(
            "too-long", f"The line has {len(line)} characters; the limit is {MAX_LINE}.", where
        )
    found = hazard(line.replace("\t", ""))
    if found:
        return refuse("unsafe-value", f"Holds the character {found}.", where, "Remove it.")
    if line.count('"') % 2:
        return refuse(
            "quotes",
            "A quotation mark is not closed on its line.",
            where,
            "Keep each row on one line.",
        )
    if '"' in line and _stray_quote(line, delimiter):
        return refuse(
            "quotes",
            "A quotation mark stands inside a field.",
            where,
            "Double it inside quotation marks.",
        )
    try:
        fields = next(csv.reader([line], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration) as error:
        return refuse(
            "quotes", f"The line cannot be split: {error}.", where, "Check its quotation marks."
        )
    if len(fields) != width:
        return refuse(
            "columns",
            f"The line has {len(fields)} fields; the header has {width}.",
            where,
            "Put a field that holds the separator in quotation marks.",
        )
    return fields


def _stray_quote(line: str, delimiter: str) -> bool:
    """Whether a quotation mark neither opens nor closes a field; doubled ones are text."""
    edged = delimiter + line.replace('""', "") + delimiter
    return any(
        character == '"' and edged[at - 1] != delimiter and edged[at + 1] != delimiter
        for at, character in enumerate(edged)
    )


def _row(group: list[tuple[int, str, dict[str, str]]]) -> Row:
    number = group[0][0]
    source = "\n".join(line for _, line, _ in group).encode()
    faults = list(_disagreements(group))
    document: dict[str, Any] = {}
    for index, (line, _, cells) in enumerate(group):
        for name, text in cells.items():
            text = text.strip()
            if not text or (name in DECLARATION_COLUMNS and index > 0):
                continue
            fault = _cell_fault(name, text)
            if fault is not None:
                faults.append(
                    Fault(pointer=f"line {line}, {name}", message=fault[0], hint=fault[1])
                )
                continue
            pointer = (
                DECLARATION_COLUMNS.get(name) or f"/consignment/items/{index}{ITEM_COLUMNS[name]}"
            )
            _put(document, pointer, text)
        items = document.setdefault("consignment", {}).setdefault("items", {})
        items.setdefault(str(index), {})
    if len(group) > MAX_ITEMS:
        faults.append(
            Fault(pointer=f"line {number}", message=f"More than {MAX_ITEMS} goods items.")
        )
    if faults:
        return Row(number, source, error=MessageError("invalid", faults[0].message, faults))
    try:
        return Row(number, source, msgspec.convert(_listed(document), Declaration, strict=False))
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        return Row(
            number,
            source,
            error=refuse(
                "invalid",
                text,
                f"line {number}, {path.rstrip('`')}",
                "See the guide to the manifest.",
            ),
        )


def _disagreements(group: list[tuple[int, str, dict[str, str]]]) -> Iterator[Fault]:
    first = group[0][2]
    for line, _, cells in group[1:]:
        for name in DECLARATION_COLUMNS:
            if cells.get(name, "").strip() not in ("", first.get(name, "").strip()):
                yield Fault(
                    pointer=f"line {line}, {name}",
                    message=f"Differs from line {group[0][0]} of the same declaration.",
                    hint="Say it once, or the same on every row.",
                )


def _cell_fault(name: str, text: str) -> tuple[str, str] | None:
    if name in _DECIMALS:
        if _DECIMAL.match(text):
            return None
        hint = "Write a decimal point." if "," in text else 'Write plain digits, as "12.50".'
        return f"{text[:24]!r} is not a plain decimal number.", hint
    if text.startswith(_FORMULA):
        return (
            f"Starts with {text[0]!r}: a spreadsheet would run it as a formula.",
            "Remove the sign.",
        )
    return None


def _put(document: dict[str, Any], pointer: str, value: str) -> None:
    steps = pointer.split("/")[1:]
    for step in steps[:-1]:
        document = document.setdefault(step, {})
    document[steps[-1]] = value


def _listed(document: dict[str, Any]) -> dict[str, Any]:
    """Numbered parts as lists, parties with their roles."""
    goods = document["consignment"]
    goods["items"] = list(goods["items"].values())
    if "parcels" in goods:
        goods["parcels"] = list(goods["parcels"].values())
    if "schemes" in document:
        document["schemes"] = list(document["schemes"].values())
    if "parties" in document:
        document["parties"] = [
            {"roles": [_ROLES[number]], **party}
            for number, party in sorted(document["parties"].items())
        ]
    return document


def write(declaration: Declaration) -> bytes:
    """The declaration as rows under a header. Raises ``MessageError`` for text a spreadsheet would run."""
    return write_many([declaration])


def write_many(declarations: list[Declaration]) -> bytes:
    """Declarations as one manifest."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for declaration in declarations:
        plain = msgspec.to_builtins(declaration, str_keys=True)
        parties = {role: p for p in reversed(plain.get("parties", ())) for role in p["roles"]}
        plain["parties"] = [parties.get("seller", {}), parties.get("consignee", {})]
        for item in plain["consignment"]["items"]:
            cells = [_get(plain, pointer) for pointer in DECLARATION_COLUMNS.values()]
            cells += [_get(item, pointer) for pointer in ITEM_COLUMNS.values()]
            for name, text in zip(COLUMNS, cells, strict=True):
                if text and _cell_fault(name, text) is not None:
                    raise refuse(
                        "unsafe-value", f"{name} cannot be written safely: {text[:24]!r}.", name
                    )
                if "\n" in text or "\r" in text:
                    raise refuse("unsafe-value", f"{name} holds a line break.", name)
            writer.writerow(cells)
    return out.getvalue().encode()


def _get(value: Any, pointer: str) -> str:
    for step in pointer.split("/")[1:]:
        if isinstance(value, (list, tuple)):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    if value is None:
        return ""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What a manifest cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        kept = msgspec.to_builtins(parse(write(declaration)), str_keys=True)
    except MessageError as error:
        return error.faults
    before = msgspec.to_builtins(declaration, str_keys=True)
    return tuple(
        Fault(pointer=pointer, message="A manifest has no column for it.")
        for pointer in _pointers(before)
        if not _pointer_kept(kept, pointer)
    )


def _pointers(value: Any, pointer: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _pointers(inner, f"{pointer}/{key}")
    elif isinstance(value, (list, tuple)):
        for index, inner in enumerate(value):
            yield from _pointers(inner, f"{pointer}/{index}")
    elif value not in (None, ""):
        yield pointer


def _pointer_kept(kept: Any, pointer: str) -> bool:
    return pointer.startswith("/parties/") or _get(kept, pointer) != ""
