"""The Harmonized System alone, to be filled in: every subheading, with a rate that says it is not entered yet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Final

from pratique.errors import UsageError
from pratique.jurisdictions.tariffs import IN_WORDS, Row, Told

NAME: Final = "hs"
ABOUT: Final = "the Harmonized System (hscode, description): a tariff to be filled in"


def read(content: bytes, told: Told) -> Iterator[Row]:
    """A row for every subheading of six digits."""
    try:
        reader = csv.DictReader(content.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise UsageError(f"The file is not UTF-8, at byte {error.start}.") from error
    if not {"hscode", "description"} <= set(reader.fieldnames or ()):
        raise UsageError("The file needs the columns hscode and description.")
    for row in reader:
        code = (row["hscode"] or "").strip()
        if len(code) == 6 and code.isdigit():
            yield Row(
                hs=code,
                rate=f"{IN_WORDS}not entered yet: {row['description']}",
                since=told.since,
                source=told.source or "Harmonized System",
                url=told.url,
            )
