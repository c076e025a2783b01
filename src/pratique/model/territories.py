"""Which part of a country does a postcode lie in, and whose law holds there?

For places whose customs or tax law is not that of the country in the address. The table is
``codes/territories.csv``: a country, the first and last beginning of the postcodes of a territory, the subdivision
they stand for (the part of its ISO 3166-2 code after the dash; three letters of our own where ISO has none), and the
place under whose law it comes when that is another than its country. The longest beginning that fits counts. A row
without postcodes is reached by its subdivision alone; ``MAIN`` is what lies in no such territory.
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
def law_elsewhere() -> dict[tuple[str, str], str]:
    """The place under whose law a subdivision of a country comes, where that is not its country."""
    return {(each.country, each.subdivision): each.law for each in territories() if each.law}


def law_place(destination: str, subdivision: str | None) -> str:
    """The place whose law holds for goods sent there: the destination, or that of its territory."""
    return law_elsewhere().get((destination, subdivision or ""), destination)


class _Postcodes(msgspec.Struct, frozen=True):
    """What the postcodes of territories begin with, longest first; whether with digits; how many all others have.

    0: what lies in none of them is not told.
    """

    of: dict[str, str]
    lengths: tuple[int, ...]
    numeric: bool
    digits: int


@functools.cache
def _postcodes(country: str) -> _Postcodes | None:
    rows = [each for each in territories() if each.country == country and each.first]
    if not rows:
        return None
    parts = [each for each in rows if each.subdivision != MAIN]
    of = {start: each.subdivision for each in parts for start in _beginnings(each)}
    lengths = tuple(sorted({len(start) for start in of}, reverse=True))
    digits = max((len(each.first) for each in rows if each.subdivision == MAIN), default=0)
    return _Postcodes(of, lengths, all(map(str.isdigit, of)), digits)


def _beginnings(row: Territory) -> list[str]:
    """Every beginning from the first to the last of a row, which differ in their digits alone."""
    if row.first == row.last:
        return [row.first]
    word = row.first.rstrip(string.digits)
    first, last = (int(each.removeprefix(word)) for each in (row.first, row.last))
    return [f"{word}{number:0{len(row.first) - len(word)}}" for number in range(first, last + 1)]


@functools.lru_cache(maxsize=65536)
def subdivision_of(country: str, postcode: str) -> str | None:
    """The subdivision a postcode stands for; None when the table has none for it, or it is no such postcode."""
    table = _postcodes(country)
    if table is None or len(postcode) > 20:
        return None
    code = postcode
    if not (code.isascii() and code.isdigit()):
        code = "".join(filter(str.isalnum, postcode.upper()))
        if table.numeric:  # the country may stand before the postcode, as in AX-22100 or D-78266
            code = code.lstrip(string.ascii_uppercase)
    for length in table.lengths:
        found = table.of.get(code[:length])
        if found is not None:
            return found
    start = code[: table.digits]
    is_one = len(start) == table.digits > 0 and start.isascii() and start.isdigit()
    return MAIN if is_one else None
