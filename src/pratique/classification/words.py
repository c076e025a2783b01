"""What of a description can be compared? Words, pairs of words, and pieces of words that outlive misspelling.

Text in, features out, each a short text that begins with the letter of its block: ``w`` whole words and pairs of
words, ``c`` pieces of three to five letters, ``s`` consonants alone (jewellery, jewelry), ``p`` the first and the last
word. The same features are reckoned when the knowledge is built and when it is asked.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Final

BLOCKS: Final = "wcsp"
_UNIT: Final = (
    "kg|gr|gm|g|mg|mcg|ml|cl|ltrs|ltr|litre|liter|l|floz|oz|lbs|lb|mm|cm|mtr|m|ft|inches|inch|in|w|v|mah|hz|gb|tb|k|"
    "pcs|pc|pk|pack|ct|yrs|yr|y|mths|months|ply|denier|s|x|a|th|ch"
)
_NUMBER: Final = re.compile(rf"(?<![a-z])\d+(?:[.,/x*-]\d+)*\s?(?:{_UNIT})?\b")
_LETTER: Final = re.compile(r"(?<![a-z0-9])([a-z])-(?=[a-z])|(?<![a-z])(t) (?=shirt)")
"""A letter that belongs to the word behind it: T-shirt, e-book, V-neck."""
_WORD: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_VOWEL: Final = re.compile("[aeiou]")
_TWICE: Final = re.compile(r"(.)\1+")
_NOISE: Final = re.compile(
    r"package size - (?:length|width|height) \(cm\)|measurement unit|hign-concerned chemical|package weight|each pack|"
    r"sold in|sell_by_\w+|mainland china|noenname_null|brand name|model number|certification|place of origin|"
    r"\borigin\b|\bcn\b|100000015|\bnone\b"
)
"""What a market place prints beside every listing."""
_STOP: Final = frozenset(
    "the of and or for with in to a an by from on at as is it its this that other than not nec excl incl including"
    " whether pack set new de la".split()
)
_SAME: Final = {
    "mens": "men",
    "womens": "women",
    "ladies": "women",
    "lady": "women",
    "gents": "men",
    "womans": "women",
    "tee": "tshirt",
}
_MOST_LETTERS: Final = 4_000
"""Longer descriptions are read to here: no parcel's goods take more words."""


def fold(text: str) -> str:
    """Small letters without accents."""
    text = unicodedata.normalize("NFKD", text[:_MOST_LETTERS].replace("ß", "ss")).lower()
    text = "".join(each for each in text if not unicodedata.combining(each))
    return text.replace("&", " and ").replace("_", " ").replace("\u2019", "'")


def stem(word: str) -> str:
    """The singular of an English word, roughly."""
    word = word.removesuffix("'s").replace("'", "")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words(text: str) -> list[str]:
    """The telling words of a description, folded and in the singular, as they come."""
    return _parts(text)[0]


def features(text: str) -> list[list[str]]:
    """The features of a description, those of each block of ``BLOCKS``, none twice."""
    told, measures = _parts(text)
    whole = [f"w:{each}" for each in told]
    whole += [f"w:{one} {two}" for one, two in itertools.pairwise(told)]
    whole += [f"w:{each}" for each in measures]
    pieces: list[str] = []
    consonants: list[str] = []
    for word in dict.fromkeys(told):
        pieces += _pieces("c", f"^{word}$", (3, 4, 5))
        if len(word) > 2 and word.isalpha():
            bones = _TWICE.sub(r"\1", word[0] + _VOWEL.sub("", word[1:]))
            consonants.append(f"s:{bones}")
            consonants += _pieces("s", f"^{bones}$", (3, 4))
    ends = [f"p:>{told[-1]}", f"p:<{told[0]}"] if told else []
    return [list(dict.fromkeys(block)) for block in (whole, pieces, consonants, ends)]


def _parts(text: str) -> tuple[list[str], list[str]]:
    text = _LETTER.sub(r"\1\2", _NOISE.sub(" ", fold(text)))
    measures: list[str] = []

    def keep(match: re.Match[str]) -> str:
        measures.append("#" + "".join(each for each in match[0] if "a" <= each <= "z"))
        return " "

    text = _NUMBER.sub(keep, text)
    told = (stem(each) for each in _WORD.findall(text))
    return [_SAME.get(each, each) for each in told if len(each) > 1 and each not in _STOP], measures


def _pieces(block: str, word: str, sizes: tuple[int, ...]) -> list[str]:
    return [f"{block}:{word[at : at + n]}" for n in sizes for at in range(len(word) - n + 1)]
