"""How many vague descriptions are noticed? Judged on published parcel descriptions, some refused as too vague."""

import csv
from pathlib import Path

from pratique.checks.description import hint_for

RECALL, PRECISION, TELLING = 0.22, 0.95, 0.03
"""Floors of recall and precision, and the most of telling descriptions that may be doubted."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_words_alone_find_some_vague_descriptions_and_few_others(data: Path) -> None:
    found = {True: 0, False: 0}
    vague = 0
    for row in rows(data / "descriptions/vague_descriptions.csv"):
        is_vague = row["vague"] == "1"
        vague += is_vague
        if hint_for(row["description"]) is not None:
            found[is_vague] += 1
    recall, precision = found[True] / vague, found[True] / sum(found.values())
    print(f"vague descriptions: recall {recall:.3f}, precision {precision:.3f} of {vague}")
    assert recall >= RECALL
    assert precision >= PRECISION


def test_descriptions_that_customs_could_classify_mostly_pass(data: Path) -> None:
    described = rows(data / "descriptions/uk_fpo_descriptions.csv")
    doubted = [row["description"] for row in described if hint_for(row["description"]) is not None]
    assert len(doubted) <= TELLING * len(described), doubted
