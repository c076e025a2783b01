"""Does the description say what the goods are? Words that say nothing are met with a hint how to say it better."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Final

from pratique.checks.rule import Fault, rule
from pratique.model.declaration import Declaration

_FILLERS: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "the",
        "of",
        "for",
        "with",
        "in",
        "no",
        "new",
        "used",
        "commercial",
        "value",
        "private",
        "personal",
        "gift",
        "only",
        "pcs",
        "pc",
        "piece",
        "pieces",
        "set",
        "sets",
        "lot",
        "pack",
        "x",
        "not",
        "resale",
        "de",
        "la",
        "le",
        "les",
        "des",
        "y",
        "para",
        "per",
        "und",
        "für",
        "mit",
        "von",
        "e",
        "do",
        "da",
    ]
)
_EDGES: Final = " \t.,;:!?'\"()[]{}*#-_/\\+&|<>0123456789"


@functools.cache
def _stop_words() -> dict[str, str]:
    text = resources.files("pratique.checks").joinpath("vague.csv").read_text("utf-8")
    return {row["word"]: row["better"] for row in csv.DictReader(text.splitlines())}


@functools.lru_cache(maxsize=65_536)
def hint_for(description: str) -> str | None:
    """How to say a vague description better; None when it says what the goods are.

    A description is vague when, leaving out fillers and numbers, nothing remains but stop-words.
    """
    folded = " ".join(description.casefold().split())
    stop_words = _stop_words()
    whole = stop_words.get(folded.strip(_EDGES))
    if whole is not None:
        return whole
    words = [word.strip(_EDGES) for word in folded.replace("/", " ").replace(",", " ").split()]
    telling = [word for word in words if word and (word not in _FILLERS or word in stop_words)]
    if not telling:
        return "say what it is" if folded else None
    if all(word in stop_words for word in telling):
        return stop_words[telling[0]]
    if len(telling) == 1 and len(telling[0]) < 3 and telling[0].isascii():
        return "say what it is in whole words"
    return None


@functools.lru_cache(maxsize=65_536)
def is_code(description: str) -> bool:
    """Whether a description is only a number, such as an HS code or an article number."""
    words = description.split()
    return bool(words) and all(any(c.isdigit() for c in word) for word in words)


@rule(
    "C401",
    "accuracy",
    "amend",
    "EU ICS2 stop words; Canada PACT unacceptable descriptions; WCO data quality",
)
def description_is_telling(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The description is too vague to tell what the goods are.

    Name the thing, what it is made of and what it is for.
    """
    for index, item in enumerate(declaration.consignment.items):
        if item.description:
            better = hint_for(item.description)
            if better is not None:
                yield (
                    f"/consignment/items/{index}/description",
                    f"{item.description[:60]!r}; {better}",
                )


@rule("C402", "accuracy", "amend", "EU ICS2: a code is no description of goods")
def description_is_words(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """The description is a number, not words."""
    for index, item in enumerate(declaration.consignment.items):
        if item.description and is_code(item.description):
            yield f"/consignment/items/{index}/description", repr(item.description[:60])
