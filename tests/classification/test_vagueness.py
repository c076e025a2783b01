"""Words that say nothing are likelier to be refused than words that name goods."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.classification import vague

SENTENCES = list(csv.DictReader((Path(__file__).parent / "sentences.csv").open(encoding="utf-8")))
NOTHING = [
    "goods",
    "mixed items",
    "plastic parts",
    "MEDICAL SUPPLIES",
    "samples",
    "sea breeze",
    "gift box",
    "spare parts",
]


def test_nothing_said_is_likelier_refused_than_goods_named() -> None:
    empty = [vague(text) for text in NOTHING]
    named = [vague(row["en"]) for row in SENTENCES]
    assert sum(empty) / len(empty) > sum(named) / len(named) + Decimal("0.05")


@pytest.mark.parametrize("text", ["", "\x00", "男", "a" * 100_000, "1 2 3 4 5 6"])
def test_any_text_has_a_likelihood(text: str) -> None:
    assert 0 <= vague(text) <= 1
