"""Build src/pratique/classification/knowledge.npz from public texts, and print what it reaches on texts kept apart.

    python tools/build_classifier.py ../shared/data            build and measure (about five minutes, one core)
    python tools/build_classifier.py ../shared/data --measure  measure only

Needs scipy beside Pratique itself, which the built file does not: python -m venv out/venv && out/venv/bin/pip install . scipy

Everything is trained twice: without the texts kept apart, to measure and to learn how far a score can be believed;
then with them, which is what ships. Sources and licences: src/pratique/classification/SOURCES.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from pratique.classification.candidates import certainty  # noqa: E402
from pratique.classification.contradiction import doubt  # noqa: E402
from pratique.classification.knowledge import unpacked  # noqa: E402
from pratique.classification.rank import Ranking  # noqa: E402
from tools.classifier import vague  # noqa: E402
from tools.classifier.material import gather  # noqa: E402
from tools.classifier.measure import bands, figures, rising, shares, surest  # noqa: E402
from tools.classifier.train import lines, train  # noqa: E402

TARGET = ROOT / "src/pratique/classification/knowledge.npz"
CURVES = TARGET.with_name("calibration.json")
NEAREST = 0.4
"""What the most alike phrase counts for beside the linear model."""
RANKS = 10
SHIFT = 37
"""Wrong pairs are made by giving each text the code of the text so many places on."""
FALSE_ALARMS = 0.012
"""Share of right pairs that may be said to contradict each other."""
EMPTY = {
    "mixing": np.array(NEAREST),
    "curve_raw": np.array([0.0, 1.0]),
    "curve_right": np.array([0.0, 1.0]),
    "after": np.zeros(RANKS),
    "doubt": np.array(0.0),
    "vague_features": lines([""]),
    "vague_weights": np.zeros((1, 2), dtype=np.float32),
}


def main() -> None:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("data", type=Path)
    reading.add_argument("--measure", action="store_true")
    told = reading.parse_args()
    apart = gather(told.data, keep=True)
    arrays = {**train(apart.learn, apart.codes), **EMPTY}
    curve = measured(arrays, apart.kept)
    refused, refused_kept = vague.gather(told.data)
    print(json.dumps({"vague": vague.measured(vague.train(refused), refused_kept)}))
    if told.measure:
        return
    whole = gather(told.data, keep=False)
    arrays = {
        **train(whole.learn, whole.codes),
        **EMPTY,
        **curve,
        **vague.arrays([*refused, *refused_kept]),
    }
    np.savez_compressed(TARGET, **arrays)
    written = {name: np.round(each, 6).tolist() for name, each in curve.items()}
    CURVES.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes", file=sys.stderr)


def measured(arrays: dict, kept: dict) -> dict:
    """Print the figures on the texts kept apart; the curve from score to confidence they give."""
    known = unpacked(arrays)
    printed, scores, ranks, doubts, wrong = {}, [], [], [], []
    for name, texts in kept.items():
        gold = [text.hs6 for text in texts]
        share, alone = shares([text.words for text in texts], known)
        order = np.argsort(-share, axis=1)[:, :RANKS]
        hit = np.array(
            [[known.codes[at] == code for at in row] for row, code in zip(order, gold, strict=True)]
        )
        score = np.array(
            [
                certainty(Ranking(one, other, one), row)
                for one, other, row in zip(share, alone, order, strict=True)
            ]
        )
        printed[name] = figures(share, gold, known.codes)
        printed[name]["surest"] = surest(score, hit[:, 0])
        if name in ("parcel", "listing"):
            scores.append(score)
            ranks.append(hit)
            doubts += [doubt(row, code, known) for row, code in zip(alone, gold, strict=True)]
            moved = [*gold[SHIFT:], *gold[:SHIFT]]
            wrong += [
                doubt(row, other, known)
                for row, code, other in zip(alone, gold, moved, strict=True)
                if code[:2] != other[:2]
            ]
    score, hits = np.concatenate(scores), np.concatenate(ranks)
    right = hits[:, 0]
    half = np.random.default_rng(1).random(len(score)) < 0.5
    stated = np.zeros(len(score))
    for one in (half, ~half):
        stated[~one] = np.interp(score[~one], *rising(score[one], right[one]))
    printed["reliability"] = bands(stated, right)
    printed["contradictions"] = contradictions(np.array(doubts), np.array(wrong), half)
    print(json.dumps(printed))
    limit = limit_of(np.array(doubts))
    raw, often = rising(score, right)
    return {
        "curve_raw": raw,
        "curve_right": often,
        "after": hits[~right].mean(axis=0),
        "doubt": np.array(limit),
    }


def limit_of(doubts: np.ndarray) -> float:
    return float(np.quantile(doubts, 1 - FALSE_ALARMS))


def contradictions(right: np.ndarray, wrong: np.ndarray, half: np.ndarray) -> dict:
    """Share of right pairs called contradictory by the limit of the other half, and of wrong pairs noticed."""
    alarms = [right[~one] >= limit_of(right[one]) for one in (half, ~half)]
    return {
        "right pairs": len(right),
        "false alarms": round(float(np.concatenate(alarms).mean()), 4),
        "wrong pairs": len(wrong),
        "noticed": round(float((wrong >= limit_of(right)).mean()), 3),
    }


if __name__ == "__main__":
    main()
