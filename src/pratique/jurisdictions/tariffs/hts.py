"""The Harmonized Tariff Schedule of the United States, as its commission publishes it: CSV or JSON.

The general rates; the special rates of the agreements with single countries or fixed groups, on claim of preference; and
the rates of column 2. Programs whose countries change (the GSP, AGOA, the CBI and the like) are not read: give their rate
with the goods.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from pratique.errors import UsageError
from pratique.jurisdictions.tariffs import Row, Told

NAME: Final = "us-hts"
ABOUT: Final = "Harmonized Tariff Schedule of the United States, CSV or JSON"
_PROGRAMS: Final = {
    "AU": ("AU",), "BH": ("BH",), "CL": ("CL",), "CO": ("CO",), "IL": ("IL",), "JO": ("JO",), "JP": ("JP",),
    "KR": ("KR",), "MA": ("MA",), "OM": ("OM",), "PA": ("PA",), "PE": ("PE",), "SG": ("SG",), "S": ("CA", "MX"),
    "S+": ("CA", "MX"), "P": ("CR", "DO", "GT", "HN", "NI", "SV"), "P+": ("CR", "DO", "GT", "HN", "NI", "SV"),
}  # fmt: skip
"""Countries of the agreements, by the symbols of General Note 3(c)(i)."""
_COLUMN_2: Final = ("BY", "CU", "KP", "RU")
"""General Note 3(b); Belarus and Russia since 9 April 2022."""
_SPECIAL: Final = re.compile(r"(?P<rate>[^()]+)\((?P<programs>[^()]*)\)")
_NAMES: Final = {
    "HTS Number": "htsno",
    "General Rate of Duty": "general",
    "Special Rate of Duty": "special",
    "Column 2 Rate of Duty": "other",
}


def read(content: bytes, told: Told) -> Iterator[Row]:
    """The rates of one edition; lines without a general rate take that of the line above them in the schedule."""
    source = told.source or "Harmonized Tariff Schedule of the United States"
    url = told.url or "https://hts.usitc.gov"
    for line in _lines(content):
        code = line.get("htsno", "").replace(".", "").strip()
        general = " ".join(line.get("general", "").split())
        if not general:
            continue
        if not code.isdigit():
            raise UsageError(f"A rate without a number of the schedule: {general[:60]}")

        def row(
            rate: str, column: str, origins: tuple[str, ...] = (), *, claimed: bool = False
        ) -> Row:
            return Row(
                hs=code,  # noqa: B023 - called within the turn
                rate=rate,
                since=told.since,
                origins=origins,
                preference=claimed,
                source=f"{source}, {column}",
                url=url,
            )

        yield row(general, "general rate")
        for rate, origins in special_rates(line.get("special", "")):
            yield row(rate, "special rate", origins, claimed=True)
        column_2 = " ".join(line.get("other", "").split())
        if column_2 and column_2 != general:
            yield row(column_2, "column 2", _COLUMN_2)


def special_rates(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Rates of the column of special rates, each with the countries it is for."""
    taken: set[str] = set()
    rate = ""
    for found in _SPECIAL.finditer(" ".join(text.split())):
        rate = found["rate"].strip() or rate
        programs = re.split(r"[,\s]+", found["programs"])
        countries = {each for program in programs for each in _PROGRAMS.get(program, ())} - taken
        if countries and rate:
            taken |= countries
            yield rate, tuple(sorted(countries))


def _lines(content: bytes) -> Iterator[dict[str, str]]:
    start = content.lstrip()[:1]
    if start == b"[":
        try:
            rows = msgspec.json.decode(content, type=list[dict[str, Any]])
        except msgspec.DecodeError as error:
            raise UsageError(f"The schedule is not the JSON it seems to be: {error}") from error
        for row in rows:
            yield {key: row[key] for key in _NAMES.values() if isinstance(row.get(key), str)}
        return
    try:
        reader = csv.DictReader(content.decode("utf-8-sig").splitlines(keepends=True))
    except UnicodeDecodeError as error:
        raise UsageError(f"The schedule is not UTF-8, at byte {error.start}.") from error
    missing = [name for name in _NAMES if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"The schedule has no column {', '.join(missing)}.")
    for each in reader:
        yield {key: each[name] or "" for name, key in _NAMES.items()}
