"""Words of six languages become English goods words; sentences nobody tuned on are classified nearly as English is."""

import csv
from pathlib import Path

import pytest

from pratique.classification import candidates
from pratique.classification.translate import LANGUAGES, language_of, to_english

SENTENCES = list(csv.DictReader((Path(__file__).parent / "sentences.csv").open(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "language", "english"),
    [
        ("montre-bracelet à quartz homme", "fr", "wrist watch quartz men"),
        ("zapatos de cuero", "es", "shoes leather"),
        ("toalha de banho", "pt", "bath towel toilet linen terry"),
        ("Шерстяные носки 2 шт", "ru", "wool socks"),
        ("男士纯棉T恤 1件", "zh", "men cotton t-shirt"),
        ("قفازات جلدية", "ar", "gloves leather"),
        ("cotton T-shirt", "en", "cotton T-shirt"),
        ("Xbrand 200", "en", "Xbrand 200"),
        ("", "en", ""),
    ],
)
def test_goods_words_in_english(text: str, language: str, english: str) -> None:
    assert language_of(text) == language
    assert to_english(text) == english


def test_scripts_tell_their_language() -> None:
    for language in ("ru", "zh", "ar"):
        assert all(language_of(row[language]) == language for row in SENTENCES)
    assert sum(language_of(row["en"]) == "en" for row in SENTENCES) >= 28


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_never_learnt_from(language: str) -> None:
    found = [[each.hs6 for each in candidates(row[language])] for row in SENTENCES]
    first = sum(codes[:1] == [row["hs6"]] for codes, row in zip(found, SENTENCES, strict=True))
    five = sum(row["hs6"] in codes for codes, row in zip(found, SENTENCES, strict=True))
    assert len(SENTENCES) == 30
    assert first >= 24
    assert five >= 27
