"""A tariff written by hand or exported from any system: CSV with the columns hs and rate, and more where they are known."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Final

from pratique.errors import UsageError
from pratique.jurisdictions.tariffs import COLUMNS, Row, Told

NAME: Final = "csv"
ABOUT: Final = "any tariff: CSV with hs and rate; from, until, origins, preference, source, url"


def read(content: bytes, told: Told) -> Iterator[Row]:
    """The rows of the file; what a row does not say is as told for the whole."""
    try:
        reader = csv.DictReader(content.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise UsageError(f"The tariff is not UTF-8, at byte {error.start}.") from error
    unknown = [name for name in reader.fieldnames or () if name not in COLUMNS]
    if unknown or not {"hs", "rate"} <= set(reader.fieldnames or ()):
        raise UsageError(
            f"Name the columns hs and rate, and of {', '.join(COLUMNS[2:])} what you have."
        )
    for number, row in enumerate(reader, start=2):
        hs = (row["hs"] or "").replace(".", "").replace(" ", "")
        rate = (row["rate"] or "").strip()
        if not (hs.isascii() and hs.isdigit() and 2 <= len(hs) <= 14) or not rate:
            raise UsageError(
                f"Line {number}: an hs of 2 to 14 digits and a rate, not {hs!r} and {rate!r}."
            )
        source = row.get("source") or told.source
        if not source:
            raise UsageError(f"Line {number}: no source. Give it in the row, or --source for all.")
        try:
            since = date.fromisoformat(row["from"]) if row.get("from") else told.since
            until = date.fromisoformat(row["until"]) if row.get("until") else None
        except ValueError as error:
            raise UsageError(f"Line {number}: {error}; days are written 2026-07-01.") from error
        yield Row(
            hs=hs,
            rate=rate,
            since=since,
            until=until,
            origins=tuple((row.get("origins") or "").split()),
            preference=(row.get("preference") or "").strip().lower() == "yes",
            source=source,
            url=row.get("url") or told.url,
        )
