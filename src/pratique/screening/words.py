"""Which of these phrases stand in this text? Whole words, case and accents folded, plurals allowed, any script.

A phrase is a row of words, each in all its forms; scripts that write no spaces are read sign by sign, so that a
phrase may stand anywhere in them. Of several phrases of one kind of goods the longest counts where it stands. A
phrase of ``unless`` lifts those it overlaps, and those in the same part of the text (parts end at commas, "and"
and the like): a phone case with a knife on it is no knife, but the knife in "phone case, knife" is one.

Follows UAX 15 for folding and, loosely, UAX 29 for words.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Literal, NamedTuple

from pratique.model.restrictions import Goods, Phrases

Strength = Literal["word", "hint", "lifted"]
"""the text names the thing · it may mean it · it names it in words that say it is something else."""

_SIGNS: Final = (
    "\u0e00-\u0e7f"  # Thai
    "\u3040-\u30ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff"  # Han
    "\uac00-\ud7af"  # Hangul
)
"""Scripts read sign by sign."""
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670]")
"""Accents, points and stretching that make no other word."""
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_PLAIN: Final = re.compile(r"[a-z0-9]+|[,;:+&/|\n\r\u2022]")
_ANY: Final = re.compile(f"[{_SIGNS}]|[^\\W_{_SIGNS}]+|[,;:+&/|\n\r\u2022\u3001\u3002\u00b7\u060c]")
_LETTERS: Final = str.maketrans("ىةک", "يهك")
_ENDS_PART: Final = frozenset(",;:+&/|\n\r\u2022\u3001\u3002\u00b7\u060c") | {"and", "und", "et"}
_SIGN: Final = re.compile(f"[{_SIGNS}]")


class Match(NamedTuple):
    """A kind of goods found in a text, how strongly, and the words that say so."""

    goods: str
    strength: Strength
    text: str


class _Phrase(NamedTuple):
    goods: str
    role: str
    words: tuple[frozenset[str], ...]


class _Found(NamedTuple):
    role: str
    start: int
    end: int


class Index:
    """The phrases of every kind of goods, by the forms of their first words."""

    def __init__(self, goods: Iterable[Goods]) -> None:
        self._first: dict[str, list[_Phrase]] = {}
        for kind in goods:
            for role, phrases in (
                ("word", kind.words),
                ("hint", kind.hints),
                ("unless", kind.unless),
            ):
                for phrase in _phrases(kind.name, role, phrases):
                    for form in phrase.words[0]:
                        self._first.setdefault(form, []).append(phrase)

    def matches(self, text: str) -> tuple[Match, ...]:
        """Every kind of goods the text names or may mean, in order of their names."""
        words, parts = split(text)
        found: dict[str, list[_Found]] = {}
        for start, word in enumerate(words):
            for phrase in self._first.get(word, ()):
                end = start + len(phrase.words)
                if end <= len(words) and all(
                    words[start + place] in forms for place, forms in enumerate(phrase.words)
                ):
                    found.setdefault(phrase.goods, []).append(_Found(phrase.role, start, end))
        told = (_strongest(name, each, words, parts) for name, each in sorted(found.items()))
        return tuple(match for match in told if match is not None)


def split(text: str) -> tuple[list[str], list[int]]:
    """Words of a text, folded, and for each the number of the part of the text it stands in."""
    tokens = _PLAIN.findall(text.lower()) if text.isascii() else _ANY.findall(folded(text))
    words: list[str] = []
    parts: list[int] = []
    part = 0
    for token in tokens:
        if token in _ENDS_PART:
            part += 1
            if not token.isalpha():
                continue
        words.append(token)
        parts.append(part)
    return words, parts


def folded(text: str) -> str:
    """Text without case, accents, width and marks nobody sees."""
    plain = unicodedata.normalize("NFKD", _UNSEEN.sub("", text).casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", plain)).translate(_LETTERS)


def _phrases(goods: str, role: str, by_language: Phrases) -> Iterable[_Phrase]:
    for language, phrases in by_language.items():
        for phrase in phrases:
            words, _ = split(phrase)
            yield _Phrase(goods, role, tuple(_forms(word, language) for word in words))


@functools.lru_cache(maxsize=16_384)
def _forms(word: str, language: str) -> frozenset[str]:
    return frozenset((word, *_FORMS.get(language, _as_it_is)(word)))


def _strongest(goods: str, found: list[_Found], words: list[str], parts: list[int]) -> Match | None:
    """What the phrases of one kind say together; None when only ``unless`` stands there."""
    whole = list(_uncovered(found))
    lifting = [each for each in whole if each.role == "unless"]
    # A longer phrase of ``unless`` may cover all that was meant: that too is lifted.
    named = [each for each in found if each.role != "unless"]
    if not named:
        return None
    meant = [each for each in whole if each.role != "unless"]
    standing = _not_lifted(meant, lifting, parts)
    if not standing:
        return Match(goods, "lifted", _shown(words, (meant or named)[0]))
    best = next((each for each in standing if each.role == "word"), standing[0])
    return Match(goods, "word" if best.role == "word" else "hint", _shown(words, best))


def _uncovered(found: list[_Found]) -> Iterator[_Found]:
    """Phrases that no longer one covers, in order; one pass, however often a word is repeated."""
    covered_to, start, furthest = 0, -1, 0
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if each.start != start:
            covered_to, start, furthest = max(covered_to, furthest), each.start, each.end
        if each.end > covered_to and each.end == furthest:
            yield each


def _not_lifted(meant: list[_Found], lifting: list[_Found], parts: list[int]) -> list[_Found]:
    """Phrases that share no part of the text with one that lifts."""
    lifted = {parts[place] for each in lifting for place in range(each.start, each.end)}
    return [
        each
        for each in meant
        if lifted.isdisjoint(range(parts[each.start], parts[each.end - 1] + 1))
    ]


def _shown(words: list[str], found: _Found) -> str:
    shown = words[found.start : found.end]
    return ("" if all(_SIGN.match(word) for word in shown) else " ").join(shown)


def _as_it_is(word: str) -> Iterable[str]:
    return ()


def _english(word: str) -> Iterable[str]:
    yield word + "s"
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        yield word + "es"
    if word.endswith("y"):
        yield word[:-1] + "ies"
    if word.endswith("fe"):
        yield word[:-2] + "ves"
    elif word.endswith("f"):
        yield word[:-1] + "ves"


def _french(word: str) -> Iterable[str]:
    yield word + "s"
    yield word + "e"
    yield word + "es"
    if word.endswith(("au", "eu")):
        yield word + "x"
    if word.endswith("al"):
        yield word[:-2] + "aux"


def _iberian(word: str) -> Iterable[str]:
    """Spanish and Portuguese."""
    yield word + "s"
    yield word + "es"
    if word.endswith("z"):
        yield word[:-1] + "ces"
    if word.endswith("ao"):
        yield from (word[:-2] + "oes", word[:-2] + "aes")
    if word.endswith("l"):
        yield word[:-1] + "is"
    if word.endswith("il"):
        yield word[:-1] + "s"
    if word.endswith("m"):
        yield word[:-1] + "ns"
    if word.endswith("o"):
        yield from (word[:-1] + "a", word[:-1] + "as")


def _italian(word: str) -> Iterable[str]:
    if word.endswith(("o", "e", "io")):
        yield word[:-1] + "i"
    if word.endswith("o"):
        yield from (word[:-1] + "a", word[:-1] + "e")
    if word.endswith("a"):
        yield from (word[:-1] + "e", word[:-1] + "he")


def _german(word: str) -> Iterable[str]:
    """German, Dutch and the Scandinavian languages: endings of plural and case."""
    for ending in ("e", "n", "en", "er", "ern", "es", "s", "r", "ar", "or", "em"):
        yield word + ending


def _turkish(word: str) -> Iterable[str]:
    for ending in ("lar", "ler", "lari", "leri", "si", "i", "u"):
        yield word + ending


_SLAVIC_ENDS: Final = "аяоеиыйьуюіїє"
_SLAVIC: Final = tuple(
    folded(ending)
    for ending in (
        " а я о е и ы й ь у ю і ой ей ом ем ов ев ів ам ям ами ями ах ях ого его ому ему ым им ых их"
        " ый ий ая яя ое ее ые ие ую юю ою ею ьи ії"
    ).split(" ")
)


def _russian(word: str) -> Iterable[str]:
    """Russian and Ukrainian: the endings of nouns and adjectives on the stem."""
    stem = word.rstrip(_SLAVIC_ENDS)
    if len(stem) >= 3:
        for ending in _SLAVIC:
            yield stem + ending


def _polish(word: str) -> Iterable[str]:
    for ending in ("y", "i", "e", "ow", "ami", "ach", "a", "u"):
        yield word + ending
        if word.endswith(("a", "o", "e", "y")):
            yield word[:-1] + ending


def _arabic(word: str) -> Iterable[str]:
    stem = word.removesuffix("ه")
    forms = (word, stem + "ات", word + "ين", word + "ون")
    for form in forms:
        yield from (form, "ال" + form, "وال" + form, "و" + form, "لل" + form, "بال" + form)


_FORMS: Final[dict[str, Callable[[str], Iterable[str]]]] = {
    "en": _english,
    "fr": _french,
    "es": _iberian,
    "pt": _iberian,
    "it": _italian,
    "de": _german,
    "nl": _german,
    "no": _german,
    "sv": _german,
    "da": _german,
    "tr": _turkish,
    "ru": _russian,
    "uk": _russian,
    "pl": _polish,
    "ar": _arabic,
}
"""Further forms of a word, by language; a language that is not here has none."""
