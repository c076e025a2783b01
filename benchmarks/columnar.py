"""How many declarations a second does the columnar evaluator assess under the whole EU law?

    python benchmarks/columnar.py

One core, CPU time, best of several. Beside it, in the same run: the validated msgspec decode of the same
declarations, and OpenFisca-core on the same rules. OpenFisca-core is under the AGPL: it is never imported here,
but runs in a virtual environment of its own (``openfisca_peer.py``), made when it is not there.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import numpy as np

from pratique.assessment import BatchAssessment, assess_batch
from pratique.cli.demo import sample_evidence
from pratique.jurisdictions import shipped
from pratique.model.arrow import batch_from_arrow, to_arrow
from pratique.model.declaration import Declaration
from pratique.model.money import Money
from pratique.office.generate import generate

COUNT, SEED, ROUNDS, DAY = 100_000, 7, 7, date(2026, 7, 1)
BAR_PER_SECOND, BAR_DECODE, BAR_PEER = 1_000_000, 5.0, 8.0
PEER = Path(__file__).parent.parent / ".venv-openfisca"


def members() -> tuple[str, ...]:
    """The 27 member states whose law is shipped."""
    law = shipped()
    found = [code for code in law.codes() if law.law_in_force(code, DAY).within == "eu"]
    return tuple(code.upper() for code in found)


def best(run: Callable[[], object]) -> float:
    """Least CPU seconds of several rounds."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def measure() -> dict[str, object]:
    """Rates from Arrow, of the decode, and of the peer, over the same declarations."""
    declarations = [
        d for d, _ in generate(SEED, COUNT, on=DAY, destinations=members(), fault_share=0.0)
    ]
    lines = [msgspec.json.encode(d) for d in declarations]
    arrow = to_arrow(declarations)
    law, evidence = shipped(), sample_evidence()
    decoder = msgspec.json.Decoder(Declaration)

    def assess() -> BatchAssessment:
        batch = msgspec.structs.replace(batch_from_arrow(arrow), on=None)
        return assess_batch(batch, law.law_in_force, on=DAY, evidence=evidence)

    def decode() -> None:
        for line in lines:
            decoder.decode(line)

    found = assess()
    peer = run_peer(declarations, found)
    del declarations
    gc.collect()
    gc.freeze()
    columnar, decoding = best(assess), best(decode)
    return {
        "question": "declarations a second a core, columnar, whole EU law, from Arrow",
        "declarations": COUNT,
        "items": len(arrow.column("items").values),
        "destinations": len(members()),
        "seed": SEED,
        "answered_in_columns": round(1 - float(found.escalated.mean()), 4),
        "left_to_a_person": round(float(found.asked.mean()), 4),
        "per_second": round(COUNT / columnar),
        "bar_per_second": BAR_PER_SECOND,
        "decode_per_second": round(COUNT / decoding),
        "bytes_per_declaration": round(sum(map(len, lines)) / COUNT),
        "times_decode": round(decoding / columnar, 2),
        "bar_times_decode": BAR_DECODE,
        "openfisca_core": peer["version"],
        "openfisca_per_second": round(COUNT / peer["seconds"]),
        "openfisca_formulas_alone_per_second": round(COUNT / peer["formulas"]),
        "openfisca_differs_by_over_a_cent": peer["differ"],
        "times_openfisca": round(peer["seconds"] / columnar, 2),
        "bar_times_openfisca": BAR_PEER,
    }


def run_peer(declarations: list[Declaration], found: BatchAssessment) -> dict:
    """The same rules over the same values in OpenFisca-core, already in euro or the member's currency."""
    if not PEER.exists():
        venv.create(PEER, with_pip=True)
        subprocess.run([PEER / "bin/pip", "install", "-q", "openfisca-core"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "in.npz", **peer_columns(declarations, found))
        script = Path(__file__).with_name("openfisca_peer.py")
        command = [PEER / "bin/python", script, folder, str(ROUNDS)]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(told.stdout)


def peer_columns(declarations: list[Declaration], found: BatchAssessment) -> dict[str, np.ndarray]:
    """What the rules read, as plain columns; amounts converted beforehand, which spares the peer that work."""
    law, evidence = shipped(), sample_evidence()
    laws = {place: law.law_in_force(place, DAY) for place in members()}
    rates = {
        place: {code: float(r.rate) for code, r in evidence.into(each.currency).items()}
        for place, each in laws.items()
    }

    def home(money: Money | None, place: str) -> float:
        if money is None:
            return 0.0
        same = money.currency == laws[place].currency
        return float(money.amount) * (1.0 if same else rates[place][money.currency])

    rows, items = [], []
    for index, each in enumerate(declarations):
        goods, place = each.consignment, each.destination
        vat = next(p for p in laws[place].parameters if p.name == "vat_standard").expr.value
        scheme = bool(each.schemes) and each.schemes[0].kind == "IOSS"
        per_euro = 1.0 if laws[place].currency == "EUR" else rates[place]["EUR"]
        costs = (goods.freight, goods.insurance, goods.discount)
        rows.append([*(home(m, place) for m in costs), float(vat), scheme, per_euro])
        rows[-1].append(("b2c", "b2b", "c2c").index(each.flow))
        items.extend(
            [index, home(item.price, place), int((item.hs_code or "0")[:6]), float(item.duty_rate or -1)]
            for item in goods.items
        )  # fmt: skip
    return {
        "rows": np.array(rows, dtype=np.float64),
        "items": np.array(items, dtype=np.float64),
        "total": (found.total / 10_000).astype(np.float64),
        "answered": ~(found.escalated | found.asked),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
    sys.exit(0)
