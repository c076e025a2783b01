"""Does the description say what the goods are? Words that say nothing are met with a hint how to say it better.

The words lie beside this module, each with its kind: generic (gift, goods), head (parts, which says nothing
behind other words either), object and material (bag, steel: telling together, not alone), quality (colour, size,
wearer) and filler. Sources: EU ICS2 stop words; unacceptable descriptions of Canada (PACT) and the United States.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from datetime import datetime
from importlib import resources
from typing import Final, NamedTuple

from pratique.checks.rule import Fault, rule, word_rule
from pratique.model.declaration import Declaration

_EDGES: Final = " \t.,;:!?'\"()[]{}*#-_/\\+&|<>0123456789"
_BETWEEN: Final = re.compile(r"[\s,/;_|]+|(?<=[a-z])-(?=[a-z])")
_CODE: Final = re.compile(r"(?=.*[0-9]{2})(?=.*[a-z])[a-z0-9.-]{4,}\Z|hs-?code")
_NO_VOWEL: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]+\Z")
_KNOWN_SHORT: Final = frozenset("tv dvd cd lp pcb gps ssd hdd pvc vr cctv".split())
_FEW: Final = 3
_BETTER: Final = {
    "generic": "say what it is and what it is for",
    "head": "say which they are and what they are for: brake pads for bicycles",
    "object": "say what it is made of and for: leather handbag, empty glass bottles",
    "material": "say what is made of it: steel kitchen knife",
    "quality": "say what it is, not only its colour, size or wearer: red cotton T-shirt",
    "short": "say what it is in whole words",
    "": "say what it is",
}
"""What to do about a description of nothing but words of one kind; the word's own hint comes first."""


class _Word(NamedTuple):
    kind: str
    better: str


@functools.cache
def _words() -> dict[str, _Word]:
    text = resources.files("pratique.checks").joinpath("words.csv").read_text("utf-8")
    return {
        row["word"]: _Word(row["kind"], row["better"]) for row in csv.DictReader(text.splitlines())
    }


@functools.lru_cache(maxsize=65_536)
def hint_for(description: str) -> str | None:
    """How to say a vague description better; None when it says what the goods are.

    A description is vague when nothing remains without fillers and article numbers, or only words that do not
    tell: generic ones, qualities, materials without an object or objects without more; and when a few words
    end in one such as parts. Judged by words alone: what is in no list counts as telling.
    """
    folded = " ".join(description.casefold().split())
    if not folded:
        return None
    words = _words()
    whole = words.get(folded.strip(_EDGES))
    if whole is not None and whole.better:
        return whole.better
    telling = _telling(folded)
    if not telling:
        return _BETTER[""]
    known = [words[each] for each in telling if each in words]
    if len(known) == len(telling):
        kinds = {each.kind for each in known}
        if "object" in kinds and kinds & {"material", "quality"}:
            return None
        better = next((each.better for each in known if each.better), "")
        return better or _BETTER[known[-1].kind]
    last = words.get(telling[-1])
    if last is not None and last.kind == "head" and len(telling) <= _FEW and "," not in folded:
        return last.better or _BETTER["head"]
    return _BETTER["short"] if len(telling) == 1 and _is_abbreviation(telling[0]) else None


def _is_abbreviation(word: str) -> bool:
    return (
        word.isascii()
        and word not in _KNOWN_SHORT
        and (len(word) < 3 or _NO_VOWEL.match(word) is not None)
    )


def _telling(folded: str) -> list[str]:
    """Words of a description without fillers, numbers and article numbers."""
    words, found = _words(), []
    for raw in _BETWEEN.split(folded):
        word = raw.strip(_EDGES)
        if word and not _CODE.match(raw.strip("()[].,;:*#'\"")):
            known = words.get(word)
            if known is None or known.kind != "filler":
                found.append(word)
    return found


@functools.lru_cache(maxsize=65_536)
def is_code(description: str) -> bool:
    """Whether a description is only a number, such as an HS code or an article number."""
    words = description.split()
    return bool(words) and all(any(c.isdigit() for c in word) for word in words)


@word_rule(
    "C401",
    "accuracy",
    "amend",
    "EU ICS2 stop words; Canada PACT unacceptable descriptions; WCO data quality",
    at="description",
)
def description_is_telling(description: str | None) -> str | None:
    """The description is too vague to tell what the goods are.

    Name the thing, what it is made of and what it is for.
    """
    better = hint_for(description or "")
    return None if better is None or description is None else f"{description[:60]!r}; {better}"


@word_rule(
    "C402", "accuracy", "amend", "EU ICS2: a code is no description of goods", at="description"
)
def description_is_words(description: str | None) -> str | None:
    """The description is a number, not words."""
    return repr(description[:60]) if description and is_code(description) else None


@word_rule(
    "C403",
    "accuracy",
    "amend",
    "WCO data-quality standard (2022): accuracy of data as sent",
    at="description",
)
def description_is_whole(description: str | None) -> str | None:
    """The description lost characters on its way.

    Send it again as UTF-8.
    """
    lost = description and ("\ufffd" in description or "???" in description)
    return repr(description[:60]) if description and lost else None


_CYRILLIC_OR_GREEK: Final = "\u0400-\u04ff\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf"
_MIXED: Final = re.compile(f"[A-Za-z][{_CYRILLIC_OR_GREEK}]|[{_CYRILLIC_OR_GREEK}][A-Za-z]")
"""Latin letters beside Cyrillic ones, or beside Greek ones that look like Latin."""


@rule("C404", "accuracy", "note", "Unicode TR 39: mixed-script confusables")
def words_are_of_one_script(declaration: Declaration, now: datetime) -> Iterator[Fault]:
    """A word mixes letters of two scripts that look alike.

    A person reads one word, a machine another: write it in the letters of one language.
    """
    for index, item in enumerate(declaration.consignment.items):
        if not item.description.isascii() and _MIXED.search(item.description):
            yield f"/consignment/items/{index}/description", repr(item.description[:60])
    for index, each in enumerate(declaration.parties):
        if not each.name.isascii() and _MIXED.search(each.name):
            yield f"/parties/{index}/name", ""
