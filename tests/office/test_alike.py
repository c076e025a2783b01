"""Parcels alike share their words: the lines written in bulk are, byte for byte, those of one parcel's walk."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime

import pytest

from pratique.jurisdictions import shipped
from pratique.office.alike import Alike, _Block
from pratique.office.desk import Desk, walk
from pratique.office.generate import generate
from pratique.office.render import decision_json
from tests.support.parcels import EVIDENCE, parcel

NOW = datetime(2026, 7, 1, 23, 59, tzinfo=UTC)


def differences(declarations: list, alike: Alike, on: date | None) -> tuple[int, int]:
    """(decided in columns, of all): each line compared with that of the parcel walked alone."""
    rows = list(range(1, len(declarations) + 1))
    numbered = list(zip(rows, declarations, strict=True))
    quick = dict(alike.in_columns(_Block(numbered, alike)))
    lines = alike.decide(numbered)
    for index, declaration in enumerate(declarations):
        decision = walk(declaration, alike.desk, now=NOW, on=on, trace=False)
        assert lines[index] == (decision_json(decision, rows[index]), decision.code)
    return len(quick), len(declarations)


def test_a_generated_day_is_decided_as_one_by_one() -> None:
    declarations = [d for d, _ in generate(5, 1500, on=date(2026, 7, 1), fault_share=0.1)]
    quick, total = differences(declarations, Alike(Desk(evidence=EVIDENCE), NOW, None), None)
    assert quick > total // 2


@pytest.mark.parametrize("place", shipped().codes())
def test_odd_parcels_are_decided_as_one_by_one(place: str) -> None:
    chance = random.Random(place)
    for day in shipped().change_dates(place)[-3:]:
        alike = Alike(Desk(evidence=EVIDENCE), NOW, day)
        for _ in range(2):
            differences([parcel(chance, n, place.upper()) for n in range(60)], alike, day)
