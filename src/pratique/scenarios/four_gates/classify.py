"""Which HS heading do words tell? The scenario's own table of words; a better classifier takes its place.

A ``Classifier`` takes the texts of a line and gives a code of four or six digits, or none with the reason: it never
guesses. The table finds the longest words it knows, in the title first, then in the description.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Final

import msgspec

from pratique.scenarios.four_gates.rules import shipped
from pratique.scenarios.four_gates.words import Keywords


class Texts(msgspec.Struct, frozen=True):
    """What a shop says of a product."""

    category: str
    title: str
    description: str


class Classification(msgspec.Struct, frozen=True):
    """A code, empty when none can be told; the reason code for it, and what it rests on."""

    hs_code: str
    reason: str
    inputs: dict[str, str]


Classifier = Callable[[Texts], Classification]
"""The seam: ``assess_day`` is given one."""
_MOST_TEXTS: Final = 50_000


class TableOfWords:
    """A classifier from a table of words and codes (``headings.csv``)."""

    def __init__(self, table: bytes | None = None) -> None:
        rows = csv.DictReader((table or shipped("headings.csv")).decode().splitlines())
        self._codes = {row["words"]: row["hs_code"] for row in rows}
        self._keywords = Keywords(self._codes)
        self._known: dict[Texts, Classification] = {}

    def __call__(self, texts: Texts) -> Classification:
        """The code of the longest words found."""
        found = self._known.get(texts)
        if found is None:
            if len(self._known) >= _MOST_TEXTS:
                self._known.clear()
            found = self._known[texts] = self._look(texts)
        return found

    def _look(self, texts: Texts) -> Classification:
        for field, text in (("product_title", texts.title), ("description", texts.description)):
            found = list(self._keywords.find(text))
            longest = max((each.length for each in found), default=0)
            best = {self._codes[each.keyword]: each for each in found if each.length == longest}
            if len(best) == 1:
                ((code, words),) = best.items()
                reason = "G2-KEYWORD" if len(code) == 6 else "G2-HEADING"
                return Classification(code, reason, {"field": field, "words": words.words})
            if best:
                told = ", ".join(sorted(f"{each.words} {code}" for code, each in best.items()))
                return Classification("", "G2-AMBIGUOUS", {"field": field, "words": told})
        return Classification("", "G2-INSUFFICIENT", {"product_title": texts.title, "description": texts.description})  # fmt: skip
