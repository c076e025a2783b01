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
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from pratique.assessment import BatchAssessment, assess_batch
from pratique.jurisdictions import shipped
from pratique.model.arrow import batch_from_arrow, to_arrow
from pratique.model.declaration import Declaration
from pratique.office.generate import generate
from pratique.office.sample_rates import sample_evidence
from pratique.rules.law import Charge
from pratique.rules.types import Expr

COUNT, SEED, ROUNDS, DAY = 200_000, 7, 7, date(2026, 7, 1)
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
    peer = run_peer(arrow, found)
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


def run_peer(rows: pa.RecordBatch, found: BatchAssessment) -> dict:
    """The same rules over the same Arrow batch in OpenFisca-core."""
    if not PEER.exists():
        venv.create(PEER, with_pip=True)
        command = [PEER / "bin/pip", "install", "-q", "openfisca-core", "pyarrow"]
        subprocess.run(command, check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with pa.ipc.new_file(str(folder / "batch.arrow"), rows.schema) as writer:
            writer.write_batch(rows)
        (folder / "parameters.json").write_text(json.dumps(peer_parameters()))
        np.savez(
            folder / "known.npz",
            total=(found.total / 10_000).astype(np.float64),
            answered=~(found.escalated | found.asked),
        )
        script = Path(__file__).with_name("openfisca_peer.py")
        command = [PEER / "bin/python", script, folder, str(ROUNDS)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(told.stdout)


def peer_parameters() -> dict[str, object]:
    """The parameters of the day, read from the law files, as tables by member."""
    law, evidence = shipped(), sample_evidence()
    laws = {place: law.law_in_force(place, DAY) for place in members()}
    currencies = sorted({rate.currency for rate in evidence.rates})
    exchange: dict[str, dict[str, float]] = {currency: {} for currency in currencies}
    tables: dict[str, dict[str, float]] = {}
    for place, each in laws.items():
        rates = {
            code: float(r.rate)
            for code, r in evidence.into(each.currency, each.fixing, DAY).items()
        }
        rates[each.currency] = 1.0
        for currency in currencies:
            exchange[currency][place] = rates.get(currency, 0.0)
        euro = rates["EUR"]
        named = {p.name: p.expr.value for p in each.parameters}
        fees = [c for c in each.order if isinstance(c, Charge) and c.kind == "fee"]
        for name, value in (
            ("vat_standard", float(named["vat_standard"])),
            ("low_value_limit", 150 * euro),
            ("euro", euro),
            ("parcel_fee", max(map(float, constants(fees[0].amount))) if fees else 0.0),
        ):
            tables.setdefault(name, {})[place] = value
    return {
        "members": list(laws),
        "currencies": currencies,
        "parameters": {**tables, "exchange": exchange},
    }


def constants(expr: Expr) -> list[Decimal]:
    """Every constant of an expression: of a fee below a limit, nothing and the fee."""
    own = [expr.value] if expr.op == "const" and isinstance(expr.value, Decimal) else []
    return own + [value for each in expr.args for value in constants(each)]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
    sys.exit(0)
