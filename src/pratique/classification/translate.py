"""What would an English sender have written? Words of other languages are put into English one by one.

The dictionary, ``goods_words.csv``, was made for Pratique: goods words of parcels in English, French, Spanish,
Portuguese, Russian, Chinese and Arabic. Word order and grammar are left as they are, for nothing here heeds them. What
is in no dictionary is kept as it stands, brand names above all.

Chinese is cut by the longest word known; Arabic loses its article, prefixes and endings, Russian, French, Spanish and
Portuguese their endings, when the whole word is not known.
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from importlib import resources
from typing import Final, NamedTuple

LANGUAGES: Final = ("en", "fr", "es", "pt", "ru", "zh", "ar")
_LATIN: Final = ("fr", "es", "pt")
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]")
_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_AMOUNT: Final = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:(?:公斤|千克|毫升|厘米|毫米|[米克升寸件个条只双盒瓶包片支码])|(?:мл|кг|мм|см|шт|г|м|л)\b|(?:متر|مل|كغ|غرام|سم|كجم)\b)",
    re.IGNORECASE,
)
"""A number with a measure of another script, which says nothing of what the goods are."""
_MARKS: Final = re.compile(r"[\u0640\u064b-\u0652]")
_ELIDED: Final = re.compile(r"\b(?:d|l|qu|n|s|j|c|m|t)'(?=\w)")
_SMALL_WORDS: Final = {
    "fr": "le la les un une des du de d et en a au aux avec pour sans sur par neuf neuve".split(),
    "es": "el la los las un una unos unas del de y en con para sin por al nuevo nueva color talla".split(),
    "pt": "o a os as um uma do da dos das de e em com para sem por ao no na novo nova cor tamanho".split(),
    "ru": "и в на с для из без по от к у б/у шт размер цвет новый новая новые".split(),
    "zh": "的 和 与 及 带 色 款 码 个 件 只".split(),
    "ar": "من في مع على و مقاس لون جديد جديدة بدون".split(),
}
"""Words that hold a sentence together and say nothing of goods."""
_ENDINGS: Final = {
    "fr": "es s e x".split(),
    "es": "es as os s a o e".split(),
    "pt": "es as os s a o e".split(),
    "ru": (
        "ыми ими ого его ому ему ами ями ах ях ом ем ой ей ый ий ая яя ое ее ые ие ую юю ов ев ам ям ых их ым им"
        " ки ка ок а я о е ы и у ю ь"
    ).split(),
    "ar": "ات ين ون ية ها ة ي".split(),
}
_BEFORE: Final = "وال بال لل ال و ب ل".split()
_LEAST: Final = 3
_LONGEST: Final = 4
"""Words in the longest phrase looked up."""


class _Dictionary(NamedTuple):
    whole: dict[str, dict[str, str]]
    stems: dict[str, dict[str, str]]
    longest_han: int


def to_english(text: str) -> str:
    """The description in English words where it is in another language that is known; else as it was given."""
    language = language_of(text)
    if language == "en":
        return text
    if language == "zh":
        return _cut(text)
    return _word_by_word(text, language)


def language_of(text: str) -> str:
    """The language of a description, by its script and by the words known; English when nothing tells otherwise."""
    if _HAN.search(text):
        return "zh"
    if _ARABIC.search(text):
        return "ar"
    if _CYRILLIC.search(text):
        return "ru"
    told = _split(text)
    lead = {language: _lead(told, language) for language in _LATIN}
    best = max(lead, key=lambda language: lead[language])
    return best if lead[best] > 0 else "en"


def _lead(told: list[str], language: str) -> int:
    """By how many words a text is rather of this language than in English; words of both tell nothing."""
    held = _dictionary()
    lead = 0
    at = 0
    while at < len(told):
        for size in range(min(_LONGEST, len(told) - at), 0, -1):
            if _find(told[at : at + size], language, held) is not None:
                lead += sum(each not in _english() for each in told[at : at + size])
                break
        else:
            size = 1
            small = told[at] in _SMALL_WORDS[language]
            lead += (small and told[at] not in _english()) - (told[at] in _english() and not small)
        at += size
    return lead


def _word_by_word(text: str, language: str) -> str:
    held = _dictionary()
    told = _split(_AMOUNT.sub(" ", text))
    small = _SMALL_WORDS[language]
    out: list[str] = []
    at = 0
    while at < len(told):
        for size in range(min(_LONGEST, len(told) - at), 0, -1):
            found = _find(told[at : at + size], language, held)
            if found is not None:
                out.append(found)
                at += size
                break
        else:
            if told[at] not in small:
                out.append(told[at])
            at += 1
    return " ".join(out)


def _find(told: list[str], language: str, held: _Dictionary) -> str | None:
    phrase = " ".join(told)
    found = held.whole[language].get(phrase)
    return found if found is not None else held.stems[language].get(_stem(phrase, language))


def _cut(text: str) -> str:
    """Chinese as English words: the longest word known at each place; single signs unknown are passed over."""
    held = _dictionary()
    known = held.whole["zh"]
    text = _AMOUNT.sub(" ", text.lower())
    out = []
    at = 0
    while at < len(text):
        for size in range(min(held.longest_han, len(text) - at), 0, -1):
            found = known.get(text[at : at + size])
            if found is not None:
                out.append(f" {found} ")
                at += size
                break
        else:
            out.append(" " if _HAN.match(text[at]) else text[at])
            at += 1
    return " ".join("".join(out).split())


def _split(text: str) -> list[str]:
    return _WORD.findall(_ELIDED.sub("", _plain(text)))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'").replace("œ", "oe"))
    text = "".join(each for each in text if not unicodedata.combining(each) or each == "\u0306")
    text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    return text.translate(_ONE_FORM)


_ONE_FORM: Final = str.maketrans("أإآٱىؤئё", "اااايويе")
"""Letters written in several ways: of alef, hamza and ya in Arabic, of yo in Russian."""


def _stem(phrase: str, language: str) -> str:
    return " ".join(_stem_of(word, language) for word in phrase.split(" "))


def _stem_of(word: str, language: str) -> str:
    if language == "ar":
        for before in _BEFORE:
            if word.startswith(before) and len(word) - len(before) >= _LEAST:
                word = word[len(before) :]
                break
    for ending in _ENDINGS.get(language, ()):
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word[: -len(ending)]
    return word


@functools.cache
def _english() -> frozenset[str]:
    return frozenset(word for row in _rows() for word in row["en"].lower().split()) | frozenset(
        "the of and with for in new set pack size black white red blue green pink colour color".split()
    )


@functools.cache
def _dictionary() -> _Dictionary:
    whole: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    stems: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for row in _rows():
        for language in LANGUAGES[1:]:
            for each in row[language].split("/"):
                phrase = each.strip().lower() if language == "zh" else " ".join(_split(each))
                if phrase:
                    whole[language].setdefault(phrase, row["en"])
                    if language != "zh":
                        stems[language].setdefault(_stem(phrase, language), row["en"])
    return _Dictionary(whole, stems, max(map(len, whole["zh"])))


@functools.cache
def _rows() -> list[dict[str, str]]:
    text = resources.files("pratique.classification").joinpath("goods_words.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="|"))
