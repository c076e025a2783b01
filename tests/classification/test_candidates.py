"""Ranked candidates: right on plain goods, unsure on nothing, and never more than asked for."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.classification import SURE, candidates
from pratique.model.codelists import hs_text, is_hs

SENTENCES = list(csv.DictReader((Path(__file__).parent / "sentences.csv").open(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("men's cotton t-shirt", "610910"),
        ("leather wallet", "420231"),
        ("playing cards", "950440"),
        ("sunglasses", "900410"),
        ("shampoo", "330510"),
    ],
)
def test_plain_goods_come_first(text: str, code: str) -> None:
    found = candidates(text)
    assert code == found[0].hs6, found
    assert found[0].confidence > found[1].confidence
    assert found[0].reasons


def test_candidates_are_of_the_harmonized_system_with_falling_confidence() -> None:
    found = candidates("stainless steel water bottle", top=10)
    assert len(found) == 10
    assert all(is_hs(each.hs6) and each.title == hs_text(each.hs6) for each in found)
    told = [each.confidence for each in found]
    assert told == sorted(told, reverse=True)
    assert sum(told) <= Decimal("1.05")
    assert len({each.hs6 for each in found}) == 10


@pytest.mark.parametrize("text", ["", "   ", "12345", "😀", "\x00\ud7ff", "Origin: CN"])
def test_what_says_nothing_has_no_candidate_that_is_sure(text: str) -> None:
    assert all(each.confidence < SURE for each in candidates(text))


def test_hostile_text_is_answered() -> None:
    for text in ("a" * 1_000_000, "ﷺ" * 100_000, "' " * 50_000, "̀" * 100_000):
        assert len(candidates(text)) <= 5


def test_english_sentences_never_learnt_from() -> None:
    ranks = [[each.hs6 for each in candidates(row["en"])] for row in SENTENCES]
    golds = [row["hs6"] for row in SENTENCES]
    first = sum(found[0] == gold for found, gold in zip(ranks, golds, strict=True))
    five = sum(gold in found for found, gold in zip(ranks, golds, strict=True))
    assert len(SENTENCES) == 30
    assert first >= 26, [(g, f[0]) for f, g in zip(ranks, golds, strict=True) if f[0] != g]
    assert five >= 28
