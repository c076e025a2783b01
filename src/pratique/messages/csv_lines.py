"""How is a manifest cut into lines and fields? Strictly: a line is a row, and a field cannot hold a line break.

Lines are decoded one by one, so that one in another encoding leaves the rest. Source: RFC 4180.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.strict import MAX_FAULTS, hazard, refuse, refuse_packed

MAX_FILE: Final = 1_073_741_824
MAX_LINE: Final = 65_536
KEY: Final = "declaration_id"
"""The column that says to which declaration a row belongs."""


class Line(msgspec.Struct, frozen=True):
    """A line of the file: its fields by column, or what is wrong with it; ``key`` is its declaration if known."""

    number: int
    source: bytes
    key: str | None
    cells: dict[str, str] = {}
    error: MessageError | None = None


class Header(msgspec.Struct, frozen=True):
    """Names of the columns, what stands between them, and where the lines after the first begin."""

    names: list[str]
    delimiter: str
    end: int


def read_header(data: bytes, known: tuple[str, ...], needed: tuple[str, ...]) -> Header:
    """The first line of a manifest. Raises ``MessageError`` when its columns are not as they should be."""
    if len(data) > MAX_FILE:
        raise refuse(
            "too-large",
            f"The file has {len(data)} bytes; the limit is {MAX_FILE}.",
            hint="Split it.",
        )
    refuse_packed(data)
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    end = data.find(b"\n", begin)
    end = len(data) if end < 0 else end
    if end - begin > MAX_LINE:
        raise refuse(
            "too-wide",
            "The first line is too long to be a header.",
            "line 1",
            "Check that lines end with line feeds and that this is a manifest.",
        )
    try:
        first = data[begin:end].decode().removesuffix("\r")
    except UnicodeDecodeError as error:
        raise refuse(
            "encoding", "The header is not UTF-8.", "line 1", "Save the file as UTF-8."
        ) from error
    if "\r" in first:
        raise refuse(
            "line-ends",
            "Lines end with carriage returns alone.",
            "line 1",
            "Save the file as CSV UTF-8, whose lines end with line feeds.",
        )
    delimiter = max(",;\t", key=first.count)
    names = [name.strip().strip('"').lower() for name in first.split(delimiter)]
    faults = list(islice(_faults(names, known, needed), MAX_FAULTS))
    if faults:
        raise MessageError("header", "The header is not that of a manifest.", faults)
    return Header(names, delimiter, end + 1)


def _faults(names: list[str], known: tuple[str, ...], needed: tuple[str, ...]) -> Iterator[Fault]:
    counts = Counter(names)
    for name in needed:
        if name not in counts:
            yield Fault(
                pointer=f"line 1, {name}", message="This column is needed.", hint="Add the column."
            )
    told = "Known are " + ", ".join(known)
    for name, count in counts.items():
        if name not in known:
            shown = repr(name[:40])[1:-1]
            yield Fault(pointer=f"line 1, {shown}", message="This column is not known.", hint=told)
        elif count > 1:
            yield Fault(
                pointer=f"line 1, {name}", message="This column stands twice.", hint="Keep one."
            )


def _pieces(data: bytes, header: Header) -> Iterator[tuple[int, bytes]]:
    """Lines after the header with their numbers, one at a time and never longer than what can be shown of them."""
    start, number = header.end, 1
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        piece = data[start : min(end, start + 4 * MAX_LINE + 2)]
        if piece.strip():
            yield number, piece.removesuffix(b"\r")
        start = end + 1


def lines_of(data: bytes, header: Header) -> Iterator[Line]:
    """Every line after the header, one at a time."""
    for number, piece in _pieces(data, header):
        where = f"line {number}"
        try:
            cut = len(piece) > 4 * MAX_LINE  # perhaps inside a character; too long in any case
            text = piece.decode("utf-8", "replace" if cut else "strict")
        except UnicodeDecodeError as error:
            text = piece.decode("utf-8", "replace")
            told = f"Byte {error.start + 1} of the line is not UTF-8."
            refused = refuse("encoding", told, where, "Save the file as UTF-8.")
            yield Line(number, piece, _key(text, header), error=refused)
            continue
        split = _split(text, header, where)
        if isinstance(split, MessageError):
            yield Line(number, piece, _key(text, header), error=split)
        else:
            cells = dict(zip(header.names, split, strict=True))
            yield Line(number, piece, cells[KEY].strip(), cells)


def _key(text: str, header: Header) -> str | None:
    """To which declaration a line belongs that cannot be split as it should; None when even that is unsure."""
    at = header.names.index(KEY)
    fields = _unquoted(text, header.delimiter) if '"' in text else None
    if fields is None:
        fields = text.split(header.delimiter)
        if any('"' in each for each in fields[:at]):
            return None
    return fields[at].strip().strip('"').strip() or None if at < len(fields) else None


def standing_apart(data: bytes, header: Header) -> set[str]:
    """Declarations whose rows do not stand together: the first could be taken for all of it."""
    seen: set[str] = set()
    apart: set[str] = set()
    last = None
    for _, piece in _pieces(data, header):
        key = _key(piece.decode("utf-8", "replace"), header)
        if key is not None and key != last:
            (apart if key in seen else seen).add(key)
            last = key
    return apart


def _split(text: str, header: Header, where: str) -> list[str] | MessageError:
    if len(text) > MAX_LINE:
        return refuse(
            "too-long",
            f"The line has more than {MAX_LINE} characters.",
            where,
            "Check that its line ends and quotation marks are right.",
        )
    found = hazard(text) or ("U+000D" if "\r" in text else "")
    if found:
        return refuse(
            "unsafe-value",
            f"Holds the character {found}, which can hide or reorder what is read.",
            where,
            "Remove it.",
        )
    if '"' not in text:
        fields: list[str] | None = text.split(header.delimiter)
    else:
        fields = _unquoted(text, header.delimiter)
    if fields is None:
        return refuse(
            "quotes",
            "A quotation mark is not closed on its line, or stands inside a field.",
            where,
            "Keep each row on one line; put the field in quotation marks and double those inside.",
        )
    if len(fields) != len(header.names):
        return refuse(
            "columns",
            f"The line has {len(fields)} fields; the header has {len(header.names)}.",
            where,
            "Put a field that holds the separator in quotation marks.",
        )
    return fields


@functools.cache
def _field(delimiter: str) -> re.Pattern[str]:
    between = re.escape(delimiter)
    return re.compile(f'(?:"((?:[^"]|"")*+)"|([^"{between}]*+))({between}|\\Z)')


def _unquoted(text: str, delimiter: str) -> list[str] | None:
    """Fields of a line in which some stand in quotation marks; None when a mark stands where it cannot."""
    fields, at, pattern = [], 0, _field(delimiter)
    while True:
        match = pattern.match(text, at)
        if match is None:
            return None
        quoted, plain, end = match.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if not end:
            return fields
