"""How are names and words compared? Folded, word by word; a keyword is found as a whole word or its plural."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

_MOST_TEXTS: Final = 50_000
_HISS: Final = ("s", "x", "z", "ch", "sh")


@functools.lru_cache(_MOST_TEXTS)
def folded(text: str) -> str:
    """Letters, marks and digits in one case, one blank between words; what has no shape is dropped.

    Source: Unicode Standard, 3.13 and Annex 15 (NFKC, case folding).
    """
    spread = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(_kept(each) for each in spread).split())


@functools.lru_cache(4096)
def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LMN":
        return character
    return "" if category == "Cf" else " "


@functools.lru_cache(_MOST_TEXTS)
def loosened(name: str) -> str:
    """A folded name without accents, initials and order of its words: like names, not the same one."""
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(each for each in plain if not unicodedata.combining(each))
    words = bare.split()
    return " ".join(sorted(each for each in words if len(each) > 1) or sorted(words))


def plural_forms(word: str) -> set[str]:
    """A folded English word, its plural, and its singular when it is given in the plural."""
    forms = {word, f"{word}s"}
    if word.endswith(_HISS):
        forms.add(f"{word}es")
    if word.endswith("y"):
        forms.add(f"{word[:-1]}ies")
    if word.endswith("fe"):
        forms.add(f"{word[:-2]}ves")
    if word.endswith("s") and not word.endswith("ss"):
        forms.add(word[:-1])
    return forms


class Found(msgspec.Struct, frozen=True):
    """A keyword that was found: as it is listed, the words that matched, and how many they are."""

    keyword: str
    words: str
    length: int


class Keywords:
    """Keywords to be found in texts as whole words, the last of each in any number."""

    def __init__(self, keywords: Iterable[str], *, plurals: bool = True) -> None:
        self._of: dict[tuple[str, ...], str] = {}
        for keyword in keywords:
            *first, last = folded(keyword).split()
            for form in plural_forms(last) if plurals else {last}:
                self._of.setdefault((*first, form), keyword)
        self._lengths = sorted({len(each) for each in self._of})

    def find(self, text: str) -> Iterator[Found]:
        """Every keyword in a text, from its beginning on."""
        words = folded(text).split()
        for start in range(len(words)):
            for length in self._lengths:
                if start + length > len(words):
                    break
                found = tuple(words[start : start + length])
                keyword = self._of.get(found)
                if keyword is not None:
                    yield Found(keyword, " ".join(found), length)
