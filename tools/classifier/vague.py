"""Which descriptions were refused as too vague? Logistic regression over how they are worded and written."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from scipy.optimize import minimize

from pratique.classification.vagueness import vague_features
from tools.classifier.material import kept_apart, rows
from tools.classifier.train import lines

HELD_BACK = 0.3
"""Strength of the penalty on weights."""


def gather(data: Path) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """(learn, kept) of descriptions and whether they were refused; no near-duplicate on both sides."""
    told = rows(data / "descriptions/vague_descriptions.csv")
    apart = kept_apart([row["description"] for row in told])
    texts = [(row["description"], row["vague"] == "1") for row in told]
    return (
        [text for text, out in zip(texts, apart, strict=True) if not out],
        [text for text, out in zip(texts, apart, strict=True) if out],
    )


def train(texts: list[tuple[str, bool]]) -> dict[str, tuple[float, float]]:
    """Each feature's idf and weight; the empty feature has the constant."""
    all_features = [vague_features(text) for text, _ in texts]
    counted = Counter(each for found in all_features for each in found)
    names = sorted(each for each, times in counted.items() if times > 1)
    number = {name: at for at, name in enumerate(names)}
    idf = np.log(len(texts) / np.array([counted[name] for name in names]))
    matrix = _matrix(all_features, number, idf)
    refused = np.array([answer for _, answer in texts], dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        raw = matrix @ weights[:-1] + weights[-1]
        off = 1 / (1 + np.exp(-raw)) - refused
        penalty = HELD_BACK * weights
        penalty[-1] = 0
        value = float(np.logaddexp(0, raw).sum() - refused @ raw + penalty @ weights / 2)
        return value, np.append(matrix.T @ off, off.sum()) + penalty

    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B").x
    told = {name: (float(idf[at]), float(found[at])) for name, at in number.items()}
    return {**told, "": (0.0, float(found[-1]))}


def arrays(texts: list[tuple[str, bool]]) -> dict[str, np.ndarray]:
    """What the knowledge holds of it."""
    model = train(texts)
    return {
        "vague_features": lines(list(model)),
        "vague_weights": np.array(list(model.values()), dtype=np.float16),
    }


def measured(model: dict[str, tuple[float, float]], kept: list[tuple[str, bool]]) -> dict:
    """Area under the curve, and the share of vague texts found where 95 of 100 alarms are right."""
    score = []
    for text, _ in kept:
        held = [model[each] for each in vague_features(text) if each in model]
        length = np.sqrt(sum(idf * idf for idf, _ in held)) or 1.0
        score.append(sum(idf * weight for idf, weight in held) / length)
    refused = np.array([answer for _, answer in kept])
    order = np.argsort(-np.array(score), kind="stable")
    right = np.cumsum(refused[order])
    precision = right / np.arange(1, len(order) + 1)
    ranks = np.empty(len(order))
    ranks[order[::-1]] = np.arange(1, len(order) + 1)
    positives, negatives = int(refused.sum()), int((~refused).sum())
    area = (ranks[refused].sum() - positives * (positives + 1) / 2) / (positives * negatives)
    good = np.flatnonzero(precision >= 0.95)
    return {
        "texts": len(kept),
        "auc": round(float(area), 3),
        "recall at precision .95": round(float(right[good[-1]] / positives), 3) if len(good) else 0,
    }


def _matrix(texts, number: dict[str, int], idf: np.ndarray) -> sp.csr_matrix:
    ends, columns, values = [0], [], []
    for found in texts:
        at = [number[each] for each in found if each in number]
        columns += at
        values.append(idf[at] / (np.sqrt((idf[at] ** 2).sum()) or 1))
        ends.append(len(columns))
    held = np.concatenate(values), np.array(columns), np.array(ends)
    return sp.csr_matrix(held, shape=(len(texts), len(number)))
