"""Does any input crash a parser? Coverage-guided fuzzing with Atheris, one parser a run.

    python fuzz/run.py --parser aed --runs 1000000 --seed 1

Prints one JSON object: executions, seconds, uncaught exceptions. Needs the extra `fuzz` (atheris).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pratique.messages"]):
    from pratique import messages
    from pratique.errors import MessageError

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.hostile.corpus import corpus

SEED_DECLARATION = (
    b'{"id":"A","destination":"DE","dispatch_country":"CN","schemes":[{"kind":"IOSS","number":"IM3720000224"}],'
    b'"consignment":{"items":[{"description":"cotton shirt","hs_code":"610910","origin":"CN","quantity":"2",'
    b'"price":{"amount":"1.00","currency":"EUR"}}],"parcels":[{"id":"LX473124829CN"}]}}'
)


def edited(good: bytes, edits: bytes) -> bytes:
    """A good message with a few places overwritten, so that inputs get past the first lines of a parser.

    `edits` is read as records of place (2 bytes), bytes cut (1), bytes put in (1), and those bytes.
    """
    text = bytearray(good)
    while len(edits) > 4:
        at, cut, put = int.from_bytes(edits[:2], "little") % len(good), edits[2] % 32, edits[3] % 32
        text[at : at + cut] = edits[4 : 4 + put]
        edits = edits[4 + put :]
    return bytes(text)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parser", choices=tuple(messages.FORMS), required=True)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    form = args.parser
    counts = {"executions": 0, "read": 0, "refused": 0}
    started = time.monotonic()

    good = messages.write(messages.parse(SEED_DECLARATION, "aed"), form)

    def one(mutated: bytes) -> None:
        counts["executions"] += 1
        data = edited(good, mutated[1:]) if mutated[:1] > b"\x7f" else mutated
        try:
            messages.parse(data, form)
            counts["read"] += 1
        except MessageError as error:
            assert error.faults
            counts["refused"] += 1
        for row in messages.read(data, form):
            assert row.declaration is not None or row.error is not None
        if counts["executions"] == args.runs:
            answer = {"parser": form, "seed": args.seed, **counts, "uncaught": 0,
                      "seconds": round(time.monotonic() - started)}  # fmt: skip
            print(json.dumps(answer), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "good").write_bytes(good)
        (Path(folder) / "edits").write_bytes(b"\xff\x20\x00\x01\x01/")
        for number, (_, name, content) in enumerate(corpus()):
            if name == form and len(content) < 4096:
                (Path(folder) / f"hostile{number}").write_bytes(content)
        options = [sys.argv[0], f"-runs={args.runs}", f"-seed={args.seed}", "-max_len=4096", "-verbosity=0",
                   "-timeout=20", "-rss_limit_mb=2048", folder]  # fmt: skip
        atheris.Setup(options, one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
