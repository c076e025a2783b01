"""How long does it take to show a party what it may see, of a declaration and of 90 plain elements?

python benchmarks/views.py
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from pratique import messages
from pratique.model.agreement import Lane
from pratique.policy.elements import catalogue
from pratique.policy.views import View, Views

BAR_US, ROUNDS, TIMES = 10.0, 21, 2000
ON = date(2026, 11, 25)
LANE = Lane(from_="CN", to="DE", channel="post")
SHIRT = Path(__file__).parent.parent / "examples/shirt.json"


def microseconds(what: Callable[[], object]) -> float:
    """Median over rounds of the CPU time of one call."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(TIMES):
            what()
        rounds.append((time.process_time() - started) / TIMES * 1e6)
    return round(statistics.median(rounds), 2)


def view(role: str, purpose: str) -> View:
    """A view on a parcel from China to Germany by post, before loading."""
    return Views().view(role, purpose, LANE, "before_loading", ON)


def measure() -> dict[str, object]:
    """Medians for a declaration of one item and two parties, of five items, and for 90 elements by path."""
    one = messages.parse(SHIRT.read_bytes(), "aed")
    items = one.consignment.items * 5
    consignment = msgspec.structs.replace(one.consignment, items=items)
    five = msgspec.structs.replace(one, consignment=consignment)
    post, officer = view("post_of_destination", "clearance"), view("customs_officer", "clearance")
    statistician = view("statistician", "statistics")
    paths = [path for path in catalogue() if not path.startswith("parties.")][:78]
    paths += [path for path in catalogue() if path.startswith("parties.consignee.")][:12]
    flat = dict.fromkeys(paths, "a value")
    views = Views()
    asked = ("post_of_destination", "clearance", LANE, "before_loading", ON)
    views.view(*asked)
    return {
        "question": "microseconds to show a view, median",
        "elements_of_the_catalogue": len(catalogue()),
        "post_declaration_us": microseconds(lambda: post.of(one)),
        "officer_declaration_us": microseconds(lambda: officer.of(one)),
        "statistician_declaration_us": microseconds(lambda: statistician.of(one)),
        "post_five_items_us": microseconds(lambda: post.of(five)),
        "flat_elements": len(flat),
        "flat_us": microseconds(lambda: post.of_flat(flat)),
        "find_view_us": microseconds(lambda: views.view(*asked)),
        "bar_us": BAR_US,
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
