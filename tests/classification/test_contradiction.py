"""A declared code of another world than the words is noticed; right pairs are left in peace."""

import csv
from pathlib import Path

import pytest

from pratique.classification import contradicts
from pratique.office.classify import read_descriptions

SENTENCES = list(csv.DictReader((Path(__file__).parent / "sentences.csv").open(encoding="utf-8")))
WRONG = Path(__file__).parents[3] / "shared/data/descriptions/uk_fpo_incorrect_code_desc_pairs.csv"


def test_right_pairs_are_left_in_peace() -> None:
    alarms = [
        (row["en"], found)
        for row in SENTENCES
        for words in (row["en"], row["fr"], row["zh"])
        if (found := contradicts(words, row["hs6"])) is not None
    ]
    assert len(alarms) <= 1, alarms


def test_most_shuffled_pairs_are_noticed() -> None:
    moved = [*SENTENCES[7:], *SENTENCES[:7]]
    pairs = [(one["en"], other["hs6"]) for one, other in zip(SENTENCES, moved, strict=True)]
    assert all(one["hs6"][:2] != code[:2] for one, (_, code) in zip(SENTENCES, pairs, strict=True))
    assert sum(contradicts(words, code) is not None for words, code in pairs) >= 12


def test_a_contradiction_names_a_likely_code_of_another_chapter() -> None:
    found = contradicts("leather wallet", "610910")
    assert found is not None
    assert found.likely.hs6.startswith(found.chapter)
    assert found.chapter != "61"


@pytest.mark.parametrize(
    ("text", "code"), [("", "610910"), ("12345", "610910"), ("wallet", "77"), ("wallet", "")]
)
def test_what_cannot_be_compared_is_no_contradiction(text: str, code: str) -> None:
    assert contradicts(text, code) is None


def test_published_wrong_pairs() -> None:
    if not WRONG.exists():
        pytest.skip(f"LEFT OUT: {WRONG} is not here")
    text = WRONG.read_bytes().decode().replace("GDSDESC", "description", 1)
    words = [each.text for each in read_descriptions(text.encode())]
    codes = [row["CMDTYCODE_Seen"] for row in csv.DictReader(text.splitlines())]
    codes = [code if len(code) != 7 else f"0{code}" for code in codes]
    assert sum(contradicts(a, b) is not None for a, b in zip(words, codes, strict=True)) >= 4
