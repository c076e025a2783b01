"""What does this manifest say? A CSV a marketplace or carrier can export: one row a goods item.

Rows that follow each other with the same ``declaration_id`` form one declaration; what they say of the whole
declaration must agree. A row that cannot be read takes its declaration with it, and no other: nothing is
half-applied. The header names the columns, in any order; ``COLUMNS`` lists them. UTF-8, comma, semicolon or
tab between fields, decimal point, no formulae; blanks around a field do not count. Source: RFC 4180.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.csv_lines import (
    MAX_LINE,
    Line,
    lines_of,
    read_header,
    standing_apart,
)
from pratique.messages.kept import lost
from pratique.messages.row import Row
from pratique.messages.schema import AMOUNT, declaration_of
from pratique.messages.strict import MAX_FAULTS, hazard, refuse
from pratique.model.declaration import Declaration, Party, party

FORM: Final = "csv"
MEDIA_TYPE: Final = "text/csv"
MAX_ITEMS: Final = 999
_is_amount: Final = re.compile(AMOUNT).fullmatch
_is_moment: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
).fullmatch
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the start of a formula, in either width (OWASP: CSV injection)."""

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
    "other_duty_rate": "/other_duty_rate",
    "listing_url": "/listing/url",
    "gtin": "/listing/gtin",
}
"""Columns of each goods item, and the element each fills."""
COLUMNS: Final = (*DECLARATION_COLUMNS, *ITEM_COLUMNS)
_STEPS: Final = {
    name: pointer.split("/")[1:]
    for name, pointer in {**DECLARATION_COLUMNS, **ITEM_COLUMNS}.items()
}
_REQUIRED: Final = ("declaration_id", "destination", "description", "price", "currency")
_TOGETHER: Final = (
    ("price", "currency"),
    ("freight", "freight_currency"),
    ("insurance", "insurance_currency"),
    ("scheme", "scheme_number"),
)
"""Columns of which neither can stand alone."""
_DECIMALS: Final = frozenset(
    {
        "gross_mass_kg",
        "freight",
        "insurance",
        "quantity",
        "net_mass_kg",
        "price",
        "duty_rate",
        "other_duty_rate",
    }
)
_MOMENTS: Final = frozenset({"departs_at", "arrives_at", "lodged_at"})
_ROLES: Final = ("seller", "consignee")


def begins(start: bytes) -> bool:
    """Whether a file that starts so has the header of a manifest."""
    header = start.split(b"\n", 1)[0].lower()
    return b"declaration_id" in [name.strip(b' "\r') for name in re.split(rb"[,;\t]", header)]


def parse(data: bytes) -> Declaration:
    """The one declaration of a manifest. Raises ``MessageError`` when there is none, or more."""
    rows = list(itertools.islice(read(data), 2))
    for row in rows:
        if row.error is not None:
            raise row.error
    if len(rows) != 1 or rows[0].declaration is None:
        told = "no declaration" if not rows else "more than one declaration"
        raise refuse("not-one", f"The manifest holds {told}.", hint="Read it as a file.")
    return rows[0].declaration


def read(data: bytes) -> Iterator[Row]:
    """Every declaration of a manifest as a row; the row's number is its first line in the file."""
    try:
        header = read_header(data, COLUMNS, _REQUIRED)
    except MessageError as error:
        yield Row(1, data[:MAX_LINE], error=error)
        return
    apart = standing_apart(data, header)
    group: list[Line] = []
    doubtful = False
    for line in lines_of(data, header):
        if group and line.key is not None and line.key != group[0].key:
            yield _row(group, doubtful, apart)
            doubtful = any(each.key is None for each in group)
            group = []
        if len(group) <= MAX_ITEMS:
            group.append(line)
    if group:
        yield _row(group, doubtful, apart)


def _row(group: list[Line], doubtful: bool, apart: set[str]) -> Row:
    number = group[0].number
    source = b"\n".join([line.source for line in group])
    if len(group) == 1 and group[0].error is not None:
        return Row(number, source, error=group[0].error)
    faults = list(itertools.islice(_faults(group, doubtful, apart), MAX_FAULTS))
    if faults:
        errors = [line.error for line in group if line.error is not None]
        code = errors[0].code if errors else "invalid"
        return Row(number, source, error=MessageError(code, faults[0].message, faults))
    document = _document(group)
    try:
        return Row(number, source, msgspec.convert(document, Declaration))
    except msgspec.ValidationError:
        return _refused(document, group, source)


def _refused(document: dict[str, Any], group: list[Line], source: bytes) -> Row:
    """All that is wrong with a declaration whose fields are sound one by one."""
    number = group[0].number
    try:
        return Row(number, source, declaration_of(document))
    except MessageError as error:
        faults = [_placed(fault, group) for fault in error.faults]
        return Row(number, source, error=MessageError(error.code, faults[0].message, faults))


def _faults(group: list[Line], doubtful: bool, apart: set[str]) -> Iterator[Fault]:
    first = group[0]
    for line in group:
        if line.error is not None:
            yield from line.error.faults
    if doubtful:
        yield Fault(
            pointer=f"line {first.number}",
            message="A line before this cannot be read and may belong to this declaration.",
            hint="Put that line right and send both again.",
        )
    if first.key in apart:
        yield Fault(
            pointer=f"line {first.number}, declaration_id",
            message="Rows of this declaration stand apart.",
            hint="Put the rows of one declaration one after the other.",
        )
    if len(group) > MAX_ITEMS:
        yield Fault(
            pointer=f"line {first.number}",
            message=f"More than {MAX_ITEMS} goods items.",
            hint="Split the declaration.",
        )
    for line in group:
        if line.error is None:
            yield from _cell_faults(line, first)


def _cell_faults(line: Line, first: Line) -> Iterator[Fault]:
    """What is wrong with the fields of a line; what it says of the whole declaration is said by ``first``."""
    cells = {name: text.strip() for name, text in line.cells.items()}
    for name, text in cells.items():
        pointer = f"line {line.number}, {name}"
        if name in DECLARATION_COLUMNS and line is not first:
            if first.error is None and text not in ("", first.cells[name].strip()):
                yield Fault(
                    pointer=pointer,
                    message=f"Differs from line {first.number} of the same declaration.",
                    hint="Say it once, or the same on every row.",
                )
            continue
        told = _told(name, text)
        if told is not None:
            yield Fault(pointer=pointer, message=told[0], hint=told[1])
    for one, other in _TOGETHER:
        there = bool(cells.get(one))
        if there != bool(cells.get(other)) and (line is first or one in ITEM_COLUMNS):
            absent = other if there else one
            yield Fault(
                pointer=f"line {line.number}, {absent}",
                message=f"{one} and {other} stand together or not at all.",
                hint=f"Give {absent}.",
            )


def _told(name: str, text: str) -> tuple[str, str] | None:
    """What is wrong with one field on its own, and what to do."""
    if not text:
        if name in ("declaration_id", "destination"):
            return "This is needed.", "Fill it in."
        return None
    if name in _DECIMALS:
        if _is_amount(text):
            return None
        hint = "Write a decimal point." if "," in text else 'Write plain digits, as "12.50".'
        return f"{text[:24]!r} is not a plain decimal number.", hint
    if name in _MOMENTS and not _is_moment(text):
        return (
            f"{text[:40]!r} is no moment with its offset.",
            "Write it as 2026-07-01T12:00:00Z.",
        )
    if text.startswith(_FORMULA):
        return (
            f"Starts with {text[0]!r}: a spreadsheet would run it as a formula.",
            f"Remove the sign or put a word before it: {text.lstrip(''.join(_FORMULA) + ' ')[:40]!r}.",
        )
    return None


def _document(group: list[Line]) -> dict[str, Any]:
    """The lines as plain values, in the shape of the declaration."""
    items: list[dict[str, Any]] = [{} for _ in group]
    document: dict[str, Any] = {"parties": {}, "consignment": {"items": items}}
    for item, line in zip(items, group, strict=True):
        for name, cell in line.cells.items():
            text = cell.strip()
            if text and name in ITEM_COLUMNS:
                _put(item, _STEPS[name], text)
            elif text and line is group[0]:
                _put(document, _STEPS[name], text)
    goods = document["consignment"]
    for holder, name in ((goods, "parcels"), (document, "schemes")):
        if name in holder:
            holder[name] = list(holder[name].values())
    document["parties"] = [
        {"roles": [_ROLES[int(number)]], **found}
        for number, found in sorted(document["parties"].items())
    ]
    return document


def _put(document: dict[str, Any], steps: list[str], value: str) -> None:
    for step in steps[:-1]:
        document = document.setdefault(step, {})
    document[steps[-1]] = value


def _placed(fault: Fault, group: list[Line]) -> Fault:
    """A fault of the declaration at the line and column that said so."""
    line, columns = group[0], DECLARATION_COLUMNS
    pointer = fault.pointer
    item = re.match(r"/consignment/items/([0-9]+)(/.*)", pointer)
    if item:
        line, columns, pointer = group[int(item[1])], ITEM_COLUMNS, item[2]
    named = [name for name, each in columns.items() if each == pointer and line.cells.get(name)]
    if pointer.startswith("/parties/"):
        tail = pointer.split("/", 3)[-1]
        named = [
            name
            for name, each in columns.items()
            if each.startswith("/parties/")
            and each.split("/", 3)[-1] == tail
            and line.cells.get(name)
        ]
    where = " or ".join(named) or pointer
    return msgspec.structs.replace(fault, pointer=f"line {line.number}, {where}")


def pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """The file as one piece: whether the rows of a declaration stand together shows only in the whole."""
    yield source.read(), 0


def write(declaration: Declaration) -> bytes:
    """The declaration as rows under a header. Raises ``MessageError`` for text a spreadsheet would run."""
    return write_many([declaration])


def write_many(declarations: list[Declaration]) -> bytes:
    """Declarations as one manifest."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for declaration in declarations:
        both = tuple(
            party(declaration, role) or Party(roles=(role,)) for role in ("seller", "consignee")
        )
        whole = msgspec.structs.replace(declaration, parties=both)
        for item in declaration.consignment.items:
            cells = {name: _get(whole, pointer) for name, pointer in DECLARATION_COLUMNS.items()}
            cells |= {name: _get(item, pointer) for name, pointer in ITEM_COLUMNS.items()}
            for name, text in cells.items():
                _refuse_unsafe(name, text)
            writer.writerow([cells[name] for name in COLUMNS])
    return out.getvalue().encode()


def _refuse_unsafe(name: str, text: str) -> None:
    told = _told(name, text.strip())
    if told is not None:
        raise refuse("unsafe-value", f"{name} cannot be written safely: {told[0]}", name, told[1])
    if hazard(text) or "\n" in text or "\r" in text:
        raise refuse(
            "unsafe-value",
            f"{name} cannot be written safely: it holds a line end or a hidden character.",
            name,
            "Remove it.",
        )


def _get(value: Any, pointer: str) -> str:
    for step in pointer.split("/")[1:]:
        if isinstance(value, tuple):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = getattr(value, step, None)
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(msgspec.to_builtins(value)) if isinstance(value, date) else str(value)


def losses(declaration: Declaration) -> tuple[Fault, ...]:
    """What a manifest cannot carry of a declaration: elements that are gone after writing and reading."""
    try:
        again = parse(write(declaration))
    except MessageError as error:
        return error.faults
    return lost(declaration, again, "A manifest has no column for it.")
