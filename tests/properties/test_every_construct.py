"""An invented law that uses every function and fact of the language: both evaluators agree on it."""

import random
from datetime import date
from pathlib import Path

import msgspec
import pytest

from pratique.assessment import assess
from pratique.assessment.columnar import assess_batch
from pratique.jurisdictions import Library
from pratique.model.batch import batch_of
from pratique.rules.types import _FUNCTIONS, FACTS
from tests.support.parcels import EVIDENCE, PRIOR, parcel

ON = date(2026, 7, 1)
HEAD = """
code = "xx"
name = "Nowhere (invented)"
scheme = "XSS"

[[money]]
from = 2020-01-01
currency = "EUR"
conversion_step = 0.01
source = "s. 1"

[[list.some]]
from = 2020-01-01
codes = ["6109", "64"]
source = "s. 2"
"""
MEASURES = {
    "prices": "total(price)",
    "dearest": "largest(price)",
    "cheapest": "smallest(intrinsic)",
    "many": "count(price > EUR 10)",
    "codes": "distinct(hs)",
    "of_heading": "together(price, heading(hs))",
    "of_code": "round_down(together(price, hs), 10)",
    "weight_of_origin": "together(net_mass, origin)",
    "freight_share": "share(freight + insurance - discount, price)",
    "by_mass": "share(freight, net_mass)",
    "fits": "within(price, convert(GBP 40)) and known(net_mass)",
    "home_made": "origin == dispatch_country",
    "not_home_made": "dispatch_country != origin",
    "late": "known(sold_on) and sold_on >= 2025-10-25",
    "province": 'if(subdivision in {"ON", "QC"}, 13%, if(subdivision == "BC", 12%, 5%))',
    "second": "if(known(other_duty_rate), max(other_duty_rate, 1%), 2%)",
    "least": "min(max(price, EUR 5), EUR 90)",
    "rounded_up": "round_up(price * 7 / 3, 0.05)",
    "to_even": "round_half_even(price, 0.1)",
    "half": "round_half_up(price / 2, 0.01)",
    "by_weight": "EUR 2 per kg * net_mass",
    "by_piece": "EUR 1 per piece * quantity",
    "special": 'hs6(hs) in {"610910"} or chapter(hs) in {"64"} or hs in list.some',
    "everything": 'all(price > EUR 1) or any(preference) or not (channel in {"post"})',
    "before": "year_value + day_value + EUR 1 * year_count",
    "the_rest": 'gross_mass > 1 kg and mode == "air" and direction == "import" and destination == "XX"',
    "dated": "on >= 2021-01-01 and items > 1",
    "carrier": 'fee("*") + fee("clearance")',
}
TAIL = """
[[regime.plain]]
from = 2020-01-01
when = 'flow == "b2c" or dataset == "H1" or scheme_number'
source = "s. 3"

[[regime.other]]
from = 2020-01-01
when = 'direction == "import"'
source = "s. 3"

[[charge.duty]]
from = 2020-01-01
kind = "duty"
regimes = ["plain", "other"]
base = "price + freight_share"
rate = "duty_rate"
round = "half_up 0.01"
payer = "importer"
collector = "customs"
moment = "border"
source = "s. 4"

[[charge.levy]]
from = 2020-01-01
kind = "tax"
regimes = ["plain", "other"]
amount = "MEASURE"
round = "half_up 0.01"
payer = "importer"
collector = "customs"
moment = "border"
source = "s. 5"

[[threshold.untold]]
from = 2020-01-01
holds = "gross_mass < 1 kg"
charges = ["duty", "levy"]
because = "light"
source = "s. 6"

[[threshold.certain]]
from = 2020-01-01
holds = "price < EUR 30"
charges = ["duty", "levy"]
because = "cheap"
source = "s. 7"

[[threshold.untold_too]]
from = 2020-01-01
holds = "net_mass < 1 kg"
charges = ["levy"]
because = "light, each"
source = "s. 8"
"""


def written() -> str:
    """The law: each measure, and a levy that adds up what they come to."""
    parts = [HEAD]
    for name, value in MEASURES.items():
        parts.append(
            f"[[measure.{name}]]\nfrom = 2020-01-01\nvalue = '''{value}'''\nsource = 's'\n"
        )
    flags = (
        "fits",
        "home_made",
        "not_home_made",
        "late",
        "special",
        "everything",
        "the_rest",
        "dated",
    )
    terms = [f"if({name}, EUR {number}, EUR 0)" for number, name in enumerate(flags, start=1)]
    terms += ["prices", "dearest", "cheapest", "EUR 1 * many", "EUR 1 * codes", "of_heading", "of_code",
              "EUR 3 per kg * weight_of_origin", "by_mass", "price * province", "price * second", "least", "rounded_up", "to_even",
              "half", "by_weight", "by_piece", "carrier"]  # fmt: skip
    return "\n".join(parts) + TAIL.replace("MEASURE", " + ".join(terms).replace('"', '\\"'))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("law")
    (folder / "xx.toml").write_text(written(), "utf-8")
    return Library([folder])


def test_every_word_of_the_language_is_in_it() -> None:
    text = written()
    missing = [name for name in (*_FUNCTIONS, *FACTS) if name not in text]
    # what a charge at duty_rate comes to, and what only the reference evaluator knows
    assert missing == ["by_tariff", "unit_price"]


@pytest.mark.parametrize("seed", range(6))
def test_both_evaluators_agree(library: Library, seed: int) -> None:
    chance = random.Random(seed)
    parcels = [
        msgspec.structs.replace(parcel(chance, n, "DE"), destination="XX") for n in range(300)
    ]
    evidence = PRIOR if seed % 2 else EVIDENCE
    found = assess_batch(batch_of(parcels), library.law_in_force, on=ON, evidence=evidence)
    law = library.law_in_force("xx", ON)
    for index, declaration in enumerate(parcels):
        if found.escalated[index]:
            continue
        one = assess(declaration, law, on=ON, evidence=evidence, trace=False)
        assert bool(one.needs_human) == found.asked[index], declaration
        assert int(one.total().scaleb(4)) == found.total[index], declaration
    assert found.escalated.mean() < 0.5
    assert 0 < found.asked.mean() < 1
