"""One rule, two evaluators: equal to the last minor unit, on every law file and every version of it.

`python -m tests.properties.test_two_evaluators --parcels 10000` runs the long form and prints the numbers.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.assessment import assess
from pratique.assessment.columnar import ChargeColumn, Part, assess_batch, assess_parts
from pratique.jurisdictions import shipped
from pratique.model.batch import batch_of
from pratique.model.declaration import Declaration
from pratique.model.evidence import Evidence, ExchangeRate
from pratique.model.outcomes import Assessment
from tests.support.parcels import EVIDENCE, PRIOR, parcel

LIBRARY = shipped()


def _charge_lines(columns: tuple[ChargeColumn, ...], part: Part, row: int) -> list[tuple]:
    """Charges of one declaration as the columnar evaluator sees them: name, line, amount, base, rate."""
    first = int(part.starts[row])
    last = int(part.starts[row + 1]) if row + 1 < len(part.starts) else part.items
    lines = []
    for column in columns:
        whole = column.charge.scope == "consignment"
        for line, index in (
            [(None, row)] if whole else [(i - first + 1, i) for i in range(first, last)]
        ):
            if not column.due[index]:
                continue
            amount = _decimal(column.amounts[index], column.scale)
            rate = None if column.rate is None else _decimal(column.rate[0][index], column.rate[1])
            if amount == 0 and rate is None:
                continue
            base = None if column.base is None else _decimal(column.base[0][index], column.base[1])
            lines.append((column.charge.name, line, amount, base, rate))
    return lines


def _decimal(value: int, scale: int) -> Decimal:
    return Decimal(int(value)).scaleb(-scale)


def _reference_lines(found: Assessment) -> list[tuple]:
    return [(c.name, c.line, c.amount, c.base, c.rate) for c in found.charges]


def compare(
    declarations: list[Declaration], on: date, evidence: Evidence = EVIDENCE
) -> tuple[int, int]:
    """(declarations answered in columns, all): every one that is must agree with the reference."""
    batch = batch_of(declarations)
    totals = assess_batch(batch, LIBRARY.law_in_force, on=on, evidence=evidence)
    answered = 0
    order, parts = assess_parts(batch, LIBRARY.law_in_force, on=on, evidence=evidence)
    for part in parts:
        for row in range(part.stop - part.start):
            place = part.start + row
            index = place if order is None else int(order[place])
            if part.escalated[row]:
                assert totals.escalated[index]
                continue
            answered += 1
            declaration = declarations[index]
            found = assess(declaration, part.law, on=on, evidence=evidence, trace=False)
            assert bool(found.needs_human) == bool(part.asked[row]), declaration
            regime = int(part.regime[row])
            assert (part.law.regimes[regime].name if regime >= 0 else None) == found.regime
            assert sorted(_charge_lines(part.charges, part, row), key=str) == sorted(
                _reference_lines(found), key=str
            ), declaration
            assert int(totals.total[index]) == int(found.total().scaleb(4))
            assert int(totals.at_sale[index]) == int(found.total(moment="sale").scaleb(4))
    return answered, len(declarations)


def days_of(place: str) -> list[date]:
    """A day in every version of the law of a place."""
    return list(LIBRARY.change_dates(place))


@pytest.mark.parametrize("place", LIBRARY.codes())
def test_both_evaluators_agree_on_every_version(place: str) -> None:
    chance = random.Random(place)
    answered = 0
    days = days_of(place)
    for day in days:
        answered += compare([parcel(chance, n, place.upper()) for n in range(60)], day)[0]
    assert answered > 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), place=st.sampled_from(LIBRARY.codes()), pick=st.integers(0, 999))
def test_both_evaluators_agree_wherever_hypothesis_looks(seed: int, place: str, pick: int) -> None:
    days = days_of(place)
    chance = random.Random(seed)
    evidence = PRIOR if pick % 3 == 0 else EVIDENCE
    compare([parcel(chance, n, place.upper()) for n in range(8)], days[pick % len(days)], evidence)


def test_places_mixed_in_one_batch_come_back_in_their_order() -> None:
    chance = random.Random(11)
    places = [chance.choice(LIBRARY.codes()).upper() for _ in range(400)]
    answered, total = compare(
        [parcel(chance, n, place) for n, place in enumerate(places)], date(2026, 8, 1)
    )
    assert 0 < answered <= total


@pytest.mark.parametrize("rate", ["0.12345678901234567890123", "9999999999.999999999999"])
def test_rates_beyond_the_columns_are_left_to_the_reference(rate: str) -> None:
    fine = ExchangeRate(currency="USD", home="EUR", rate=Decimal(rate), source="test")
    evidence = Evidence(rates=(fine,))
    chance, day = random.Random(5), date(2026, 8, 1)
    batch = batch_of([parcel(chance, n, "DE") for n in range(200)])
    found = assess_batch(batch, LIBRARY.law_in_force, on=day, evidence=evidence)
    assert found.escalated.any()
    assert not found.escalated.all()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parcels", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    started = time.monotonic()
    table = {}
    for place in LIBRARY.codes():
        chance = random.Random(f"{args.seed} {place}")
        days = days_of(place)
        answered = total = 0
        per_day = -(-args.parcels // len(days))
        for day in days:
            evidence = PRIOR if chance.random() < 0.3 else EVIDENCE
            drawn = [parcel(chance, n, place.upper()) for n in range(per_day)]
            found = compare(drawn, day, evidence)
            answered, total = answered + found[0], total + found[1]
        table[place] = {
            "parcels": total,
            "in_columns": answered,
            "versions": len(days),
            "differences": 0,
        }
    print(
        json.dumps(
            {"seed": args.seed, "places": table, "seconds": round(time.monotonic() - started)},
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
