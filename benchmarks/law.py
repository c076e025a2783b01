"""How fast is all the law loaded, asked for one quote, and applied to a mix of all places?

python benchmarks/law.py
"""

from __future__ import annotations

import gc
import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from pratique.assessment import assess_batch
from pratique.jurisdictions import Library
from pratique.model.arrow import batch_from_arrow, to_arrow
from pratique.model.evidence import Evidence, ExchangeRate
from pratique.office.desk import Desk, library_with
from pratique.office.generate import generate
from pratique.office.quote import QuoteLine, QuoteRequest, quote
from pratique.office.sample_rates import sample_evidence

SEED, COUNT, DAY = 7, 200_000, date(2026, 7, 1)
BARS = {"cold_ms": 1000, "warm_ms": 50, "quote_ms": 5, "mix_per_second": 500_000}


def milliseconds(run: Callable[[], object], rounds: int = 5) -> float:
    """The least of several rounds, by the wall."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return round(min(times) * 1000, 2)


def measure() -> dict[str, object]:
    """Loading, quotes and the mix."""
    with tempfile.TemporaryDirectory() as name:
        cold = milliseconds(lambda: library_with([]))
        library_with([], Path(name))
        warm = milliseconds(lambda: library_with([], Path(name)))
    library = library_with([])
    places = [code.upper() for code in library.codes() if code not in ("aa", "qn", "zz")]
    return {
        "question": "loading all law files, a quote, a mix of all places in columns",
        "places": len(places),
        "bars": BARS,
        "cold_ms": cold,
        "warm_ms": warm,
        "first_law_of_every_place_ms": milliseconds(lambda: built(library_with([]), places), 3),
        **quotes(library, places),
        **mix(library, places),
    }


def built(library: Library, places: list[str]) -> None:
    """The law of a day at every place, read from the files and made ready."""
    for place in places:
        library.law_in_force(place, DAY)


def quotes(library: Library, places: list[str]) -> dict[str, object]:
    """One quote for each place, the law already read: median and greatest of the places."""
    desk = Desk(library, evidence(library, places))
    line = QuoteLine(
        value=Decimal("120.00"),
        hs="610910",
        origin="CN",
        duty=Decimal("0.12"),
        what="cotton T-shirt",
    )
    times = []
    for place in places:
        request = QuoteRequest(
            destination=place, dispatch_country="CN", on=DAY, currency="USD", lines=(line, line)
        )
        quote(request, desk)
        times.append(milliseconds(lambda: quote(request, desk)))  # noqa: B023 - run within the turn
    return {"quote_ms": sorted(times)[len(times) // 2], "slowest_quote_ms": max(times)}


def evidence(library: Library, places: list[str]) -> Evidence:
    """Rates between every currency met; invented, for speed alone."""
    chance = random.Random(SEED)
    homes = {library.law_in_force(place, DAY).currency for place in places}
    foreign = ("EUR", "USD", "GBP", "CNY", "HKD", "TRY", "INR", "KRW", "JPY")
    made = [
        ExchangeRate(
            currency=one,
            home=home,
            rate=Decimal(chance.randrange(1, 99999)).scaleb(-3),
            source="invented",
        )
        for home in homes
        for one in foreign
        if one != home
    ]
    known = {(each.currency, each.home): each for each in made}
    known.update({(each.currency, each.home): each for each in sample_evidence().rates})
    return Evidence(rates=tuple(known.values()))


def mix(library: Library, places: list[str]) -> dict[str, object]:
    """A batch for all places at once, from Arrow, on one core."""
    arrow = to_arrow(
        d for d, _ in generate(SEED, COUNT, on=DAY, destinations=places, fault_share=0.0)
    )
    rates = evidence(library, places)

    def run() -> float:
        batch = msgspec.structs.replace(batch_from_arrow(arrow), on=None)
        return float(
            assess_batch(batch, library.law_in_force, on=DAY, evidence=rates).escalated.mean()
        )

    left = run()
    gc.collect()
    gc.freeze()
    times = []
    for _ in range(5):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return {"mix_per_second": round(COUNT / min(times)), "left_to_the_reference": round(left, 4)}


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
