"""Which tariff codes may these descriptions mean? One text, or a whole file of them; a person chooses.

A file is CSV with a column ``description``, or ``title`` with ``category`` and ``attributes`` (a JSON object) as market
places have them; or JSON lines with the same names. Spreadsheets read text that begins with = as a formula: what is
written is quoted by an apostrophe there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from pratique.classification import (
    SURE,
    Candidate,
    Contradiction,
    candidates,
    contradicts,
    listing_text,
)
from pratique.errors import Fault, MessageError, UsageError
from pratique.model.codelists import is_hs

COLUMNS: Final = ("row", "rank", "hs6", "confidence", "sure", "title", "reasons", "description")
MOST_BYTES: Final = 256_000_000
MOST_LETTERS: Final = 65_536
_HEADING: Final = 4
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a file of descriptions: its number, from 1, and its words."""

    row: int
    text: str


class Classified(msgspec.Struct, frozen=True, kw_only=True):
    """Words, and the candidates for them; ``sure`` when the first may be recommended.

    ``contradicted`` is what speaks against the code that was declared, None when nothing does or none was given.
    """

    text: str
    sure: bool
    candidates: tuple[Candidate, ...]
    contradicted: Contradiction | None = None


def classify(text: str, *, top: int = 5, declared: str | None = None) -> Classified:
    """The candidates for one description, the likeliest first, and whether it contradicts a declared code.

    Raises ``UsageError`` when what is declared is no code of the Harmonized System.
    """
    if declared is not None and not (len(declared) >= _HEADING and is_hs(declared)):
        raise UsageError(
            f"{declared!r} is no code of the Harmonized System of 2022: write four digits or more, as 610910."
        )
    found = candidates(text, top=top)
    return Classified(
        text=text,
        sure=bool(found) and found[0].confidence >= SURE,
        candidates=found,
        contradicted=contradicts(text, declared) if declared is not None else None,
    )


def read_descriptions(data: bytes) -> Iterator[Described]:
    """The descriptions of a CSV file or of JSON lines. Raises ``MessageError`` naming the row."""
    if len(data) > MOST_BYTES:
        raise _refused(
            "too-large", "", f"The file has {len(data)} bytes.", f"At most {MOST_BYTES}: split it."
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            "encoding", "", f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8."
        ) from error
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
    for number, row in rows:
        yield Described(row=number, text=_words(row, number))


def written(rows: Iterable[tuple[Described, Classified]]) -> Iterator[str]:
    """The answer as lines of CSV, one for each candidate, best first; a row without any has one line, rank 0."""
    yield _line(COLUMNS)
    for row, answer in rows:
        if not answer.candidates:
            yield _line((row.row, 0, "", "", "no", "", "no word of it is known", row.text))
        for rank, each in enumerate(answer.candidates, 1):
            sure = "yes" if rank == 1 and answer.sure else "no"
            yield _line(
                (row.row, rank, each.hs6, each.confidence, sure, each.title, "; ".join(each.reasons), row.text)
            )  # fmt: skip


def _json_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line, type=dict[str, Any])
            except (msgspec.DecodeError, RecursionError) as error:
                raise _refused(
                    "json",
                    f"line {number}",
                    f"Not a JSON object: {error}",
                    "Write one object a line.",
                ) from error


def _csv_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        names = [name.strip().lower() for name in next(lines, [])]
        if not {"description", "title"} & set(names):
            shown = ", ".join(names[:8]) or "nothing"
            raise _refused("columns", "line 1", f"No column is named description or title, but {shown}.",
                           "Name the columns in the first line.")  # fmt: skip
        for number, cells in enumerate(lines, 1):
            if any(cells):
                yield number, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise _refused(
            "csv", f"line {lines.line_num}", str(error), "Quote fields as RFC 4180 has it."
        ) from error


def _words(row: dict[str, Any], number: int) -> str:
    told = row.get("description")
    if not told:
        told = listing_text(
            str(row.get("title") or ""), str(row.get("category") or ""), _attributes(row, number)
        )
    text = str(told)
    if len(text) > MOST_LETTERS:
        raise _refused(
            "too-long",
            f"row {number}",
            f"{len(text)} letters describe one thing.",
            f"At most {MOST_LETTERS}.",
        )
    return text


def _attributes(row: dict[str, Any], number: int) -> dict[str, Any]:
    held = row.get("attributes")
    if isinstance(held, dict) or not held:
        return held or {}
    try:
        return msgspec.json.decode(str(held), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise _refused("attributes", f"row {number}", f"The attributes are not a JSON object: {error}",
                       'Write them as {"Material": "cotton"}.') from error  # fmt: skip


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([_plain(str(cell)) for cell in cells])
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _refused(code: str, where: str, message: str, hint: str) -> MessageError:
    shown = f"{where}: {message}" if where else message
    return MessageError(
        code, f"{shown} {hint}", (Fault(pointer=where, message=message, hint=hint),)
    )
