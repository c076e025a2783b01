"""How good is it? First answers, the first five, chapters, and how far a stated confidence can be believed."""

from __future__ import annotations

import itertools

import numpy as np

from pratique.classification.knowledge import Knowledge
from pratique.classification.rank import ranking

BANDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def shares(texts: list[str], known: Knowledge) -> tuple[np.ndarray, np.ndarray]:
    """How likely each subheading is, and how likely by the linear model alone: (texts, C) each."""
    found = [ranking(text, known)[1] for text in texts]
    return np.stack([each.share for each in found]), np.stack([each.linear for each in found])


def figures(scores: np.ndarray, gold: list[str], codes: tuple[str, ...]) -> dict[str, float]:
    """Shares right: first answer, among the first five, heading and chapter of the first."""
    order = np.argsort(-scores, axis=1)[:, :5]
    first = [[codes[each] for each in row] for row in order]
    return {
        "texts": len(gold),
        "top1": _share(row[0] == code for row, code in zip(first, gold, strict=True)),
        "top5": _share(code in row for row, code in zip(first, gold, strict=True)),
        "heading": _share(row[0][:4] == code[:4] for row, code in zip(first, gold, strict=True)),
        "chapter": _share(row[0][:2] == code[:2] for row, code in zip(first, gold, strict=True)),
    }


def rising(score: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Isotonic regression (pool adjacent violators): scores, and how often right at each, never falling."""
    order = np.argsort(score, kind="stable")
    pools: list[list[float]] = []
    for at, hit in zip(score[order], right[order], strict=True):
        pools.append([float(at), float(hit), 1.0])
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last = pools.pop()
            before = pools[-1]
            pools[-1] = [
                (before[0] * before[2] + last[0] * last[2]) / (before[2] + last[2]),
                before[1] + last[1],
                before[2] + last[2],
            ]
    # One more hit and one more miss in each pool: a few lucky answers are no certainty.
    return (
        np.array([pool[0] for pool in pools]),
        np.maximum.accumulate([(pool[1] + 0.5) / (pool[2] + 1) for pool in pools]),
    )


def surest(score: np.ndarray, right: np.ndarray, shares=(0.1, 0.25, 0.5, 0.75, 1.0)) -> list:
    """The abstention curve: (share answered, share of those right), the surest first."""
    order = np.argsort(-score, kind="stable")
    return [
        (share, round(float(right[order[: max(1, int(share * len(order)))]].mean()), 3))
        for share in shares
    ]


def bands(stated: np.ndarray, right: np.ndarray) -> list[tuple[str, int, float, float]]:
    """(band of stated confidence, texts, mean stated, share right)."""
    told = []
    for low, high in itertools.pairwise(BANDS):
        inside = (stated >= low) & (stated < high)
        if inside.any():
            told.append(
                (
                    f"{low:.1f}-{min(high, 1):.1f}",
                    int(inside.sum()),
                    round(float(stated[inside].mean()), 3),
                    round(float(right[inside].mean()), 3),
                )
            )
    return told


def _share(hits) -> float:
    hits = list(hits)
    return round(sum(hits) / max(1, len(hits)), 3)
