"""How is the knowledge made? Features counted, phrases indexed, a linear model of low rank trained with AdaGrad.

Texts in, the arrays of ``knowledge.npz`` out (see pratique.classification.knowledge). The seed is fixed; on one
machine with one thread the same material gives the same arrays to the bit.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import scipy.sparse as sp

from pratique.classification.knowledge import INNER_WEIGHT, length
from pratique.classification.words import features

SEED, RANK, EPOCHS, BATCH, RATE, DROPPED = 20261125, 112, 15, 256, 0.7, 0.3
WEIGHT = {
    "hs": 0.5,
    "ours": 1.0,
    "reference": 1.0,
    "parcel": 2.0,
    "listing": 2.0,
    "listing, unsorted": 1.0,
    "listing, title": 0.7,
    "listing, without title": 0.7,
}
"""How much the linear model heeds a text of each set."""
TRUST = {"hs": 0.5, "ours": 1.0, "reference": 0.8, "parcel": 1.0, "listing": 1.0}
"""How far likeness to a text of each set counts; sets not named are not looked at for likeness."""


def train(
    learn, codes: dict[str, str], *, seed: int = SEED, rank: int = RANK, epochs: int = EPOCHS
) -> dict:
    """The arrays of the knowledge, without calibration.

    Pairs and pieces of words that only one text has are left out: they fill half the file and help none.
    """
    all_features = [features(text.words) for text in learn]
    counted = Counter(
        each
        for text, blocks in zip(learn, all_features, strict=True)
        if text.source in TRUST
        for block in blocks
        for each in block
    )
    names = sorted(
        each for each, times in counted.items() if times > 1 or (each[0] == "w" and " " not in each)
    )
    number = {name: row for row, name in enumerate(names)}
    idf = np.log((len(learn) + 1) / (np.array([counted[each] for each in names]) + 0.5))
    idf = idf.astype(np.float16).astype(np.float32)
    place = {code: row for row, code in enumerate(codes)}
    gold = np.array([place[text.hs6] for text in learn])
    weight = np.array([WEIGHT[text.source] for text in learn], dtype=np.float32)
    matrix = matrix_of(all_features, number, idf)
    inner, outer, bias = softmax(matrix, gold, weight, len(codes), rank, epochs, seed)
    at = [row for row, text in enumerate(learn) if text.source in TRUST]
    held = index([all_features[row] for row in at], number, idf)
    return {
        **held,
        "features": lines(names),
        "idf": idf.astype(np.float16),
        "codes": lines(list(codes)),
        "phrases": lines([learn[row].words.replace("\n", " ")[:80] for row in at]),
        "phrase_code": gold[at].astype(np.uint16),
        "phrase_trust": np.array([TRUST[learn[row].source] for row in at], dtype=np.float16),
        **small("inner", inner),
        **small("outer", outer),
        "bias": bias.astype(np.float16),
    }


def lines(texts: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def small(name: str, rows: np.ndarray) -> dict:
    """Rows of floats in eight bits and a scale each."""
    scale = (np.abs(rows).max(axis=1) / 127).astype(np.float16)
    divisor = np.where(scale > 0, scale.astype(np.float32), 1)
    return {
        name: np.round(rows / divisor[:, None]).clip(-127, 127).astype(np.int8),
        f"{name}_scale": scale,
    }


def index(texts: list[list[list[str]]], number: dict[str, int], idf: np.ndarray) -> dict:
    """Where each feature occurs, and one over the length of each text in each block."""
    having: list[list[int]] = [[] for _ in number]
    norms = np.zeros((len(texts), 4), dtype=np.float32)
    for row, blocks in enumerate(texts):
        for column, block in enumerate(blocks):
            at = [number[each] for each in block if each in number]
            for each in at:
                having[each].append(row)
            norms[row, column] = 1 / length(idf[at], len(block)) if at else 0
    return {
        "counts": np.array([len(each) for each in having], dtype=np.uint16),
        "places": np.array([row for each in having for row in each], dtype=np.uint16),
        "norms": norms.astype(np.float16),
    }


def matrix_of(texts, number: dict[str, int], idf: np.ndarray) -> sp.csr_matrix:
    """Texts as rows of weights for the linear model."""
    root = np.sqrt(np.array(list(INNER_WEIGHT.values())))
    ends, columns, values = [0], [], []
    for blocks in texts:
        for which, block in enumerate(blocks):
            at = [number[each] for each in block if each in number]
            if at:
                columns += at
                values.append(root[which] * idf[at] / length(idf[at], len(block)))
        ends.append(len(columns))
    held = np.concatenate(values).astype(np.float32), np.array(columns), np.array(ends)
    return sp.csr_matrix(held, shape=(len(texts), len(number)))


def softmax(matrix, gold, weight, classes: int, rank: int, epochs: int, seed: int):
    """Arrays inner (F, D), outer (C, D) and bias (C,) that give each text its subheading.

    A part of each text's features is left out at each step, so that no single one is leant on.
    """
    chance = np.random.default_rng(seed)
    texts, width = matrix.shape
    inner = (chance.standard_normal((width, rank)) * 0.5 / np.sqrt(rank)).astype(np.float32)
    outer = np.zeros((classes, rank), dtype=np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    seen_inner = np.full(width, 1e-3, dtype=np.float32)
    seen_outer = np.full((classes, 1), 1e-3, dtype=np.float32)
    seen_bias = np.full(classes, 1e-3, dtype=np.float32)
    for epoch in range(epochs):
        step = RATE * (1 - epoch / epochs) + 1e-3
        order = chance.permutation(texts)
        for start in range(0, texts, BATCH):
            at = order[start : start + BATCH]
            batch = matrix[at]
            batch.data = batch.data * (chance.random(batch.nnz) > DROPPED) / np.float32(1 - DROPPED)
            hidden = batch @ inner
            error = hidden @ outer.T + bias
            error -= error.max(axis=1, keepdims=True)
            np.exp(error, out=error)
            error /= error.sum(axis=1, keepdims=True)
            error[np.arange(len(at)), gold[at]] -= 1
            error *= (weight[at] / len(at))[:, None]
            to_outer, to_hidden, to_bias = error.T @ hidden, error @ outer, error.sum(axis=0)
            columns = np.unique(batch.indices)
            to_inner = batch[:, columns].T @ to_hidden
            seen_outer += (to_outer**2).mean(axis=1, keepdims=True)
            outer -= step * to_outer / np.sqrt(seen_outer)
            seen_bias += to_bias**2
            bias -= step * 0.1 * to_bias / np.sqrt(seen_bias)
            seen_inner[columns] += (to_inner**2).mean(axis=1)
            inner[columns] -= step * to_inner / np.sqrt(seen_inner[columns])[:, None]
    return inner, outer, bias
