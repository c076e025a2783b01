"""Which part of a country does a postcode lie in, and whose law holds there?

For places whose customs or tax law is not that of the country in the address. The table is
``codes/territories.csv``: a country, the first and last beginning of the postcodes of a territory, the subdivision
they stand for (the part of its ISO 3166-2 code after the dash; three letters of our own where ISO has none), and the
place under whose law it comes when that is another than its country. The first row that fits counts. A row without
postcodes is reached by its subdivision alone; ``MAIN`` is what lies in no such territory.
"""

from __future__ import annotations

import csv
import functools
import string
from importlib import resources
from typing import Final

import msgspec

MAIN: Final = "MAIN"
"""Subdivision of a postcode that lies in none of its country's territories; no part of an ISO code is so long."""


class Territory(msgspec.Struct, frozen=True):
    """One row of the table."""

    country: str
    first: str
    last: str
    subdivision: str
    law: str
    name: str
    source: str
    url: str
    seen: str


@functools.cache
def territories() -> tuple[Territory, ...]:
    """Every row of the table, in its order."""
    path = resources.files("pratique.model").joinpath("codes", "territories.csv")
    rows = csv.reader(path.read_text("utf-8").splitlines())
    next(rows)
    return tuple(Territory(*row) for row in rows)


@functools.cache
def _of(country: str) -> tuple[Territory, ...]:
    return tuple(each for each in territories() if each.country == country and each.first)


@functools.cache
def law_elsewhere() -> dict[tuple[str, str], str]:
    """The place under whose law a subdivision of a country comes, where that is not its country."""
    return {(each.country, each.subdivision): each.law for each in territories() if each.law}


def law_place(destination: str, subdivision: str | None) -> str:
    """The place whose law holds for goods sent there: the destination, or that of its territory."""
    return law_elsewhere().get((destination, subdivision or ""), destination)


@functools.lru_cache(maxsize=65536)
def subdivision_of(country: str, postcode: str) -> str | None:
    """The subdivision a postcode stands for; None when the table has none for it, or it is no such postcode."""
    rows = _of(country)
    if not rows or len(postcode) > 20:
        return None
    code = "".join(filter(str.isalnum, postcode.upper()))
    if rows[
        0
    ].first.isdigit():  # the country may stand before the postcode, as in AX-22100 or D-78266
        code = code.lstrip(string.ascii_uppercase)
    return next((each.subdivision for each in rows if _fits(each, code)), None)


def _fits(row: Territory, code: str) -> bool:
    """Whether a postcode begins between the first and the last beginning of a territory."""
    start = code[: len(row.first)]
    alike = start.isascii() and start.isdigit() == row.first.isdigit()
    return alike and len(start) == len(row.first) and row.first <= start <= row.last
