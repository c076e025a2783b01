"""Which subheadings are likely? Two opinions, weighed: the most alike phrase known, and a linear model of features.

Source of the method: nearest neighbours over TF-IDF, and a softmax of low rank as in fastText (Joulin et al. 2016);
what each reaches is in docs/evidence/classification.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pratique.classification.knowledge import (
    BLOCK_WEIGHT,
    INNER_WEIGHT,
    Floats,
    Knowledge,
    Query,
    query,
)

_BLOCK = np.array(list(BLOCK_WEIGHT.values()), dtype=np.float32)
_INNER = np.sqrt(np.array(list(INNER_WEIGHT.values()), dtype=np.float32))


_FIRST, _LONG = 18, 22
"""Words of the first reading, and words beyond which a text is read twice."""


class Ranking(NamedTuple):
    """For C subheadings and P phrases: ``share`` (C,) of both opinions, ``linear`` (C,) of the one, each summing to one;
    ``alike`` (P,) is the likeness to each phrase.
    """

    share: Floats
    linear: Floats
    alike: Floats


def ranking(text: str, known: Knowledge) -> tuple[Query, Ranking]:
    """How likely each subheading is, from words in English.

    A long text is read twice, whole and by its first words: these name the goods, what follows praises them.
    """
    asked = query(text, known)
    whole = ranked(asked, known)
    told = text.split()
    if len(told) <= _LONG:
        return asked, whole
    first = ranked(query(" ".join(told[:_FIRST]), known), known)
    half = np.float32(0.5)
    return asked, Ranking(
        half * (whole.share + first.share), half * (whole.linear + first.linear), whole.alike
    )


def ranked(asked: Query, known: Knowledge) -> Ranking:
    """How likely each subheading is, from one reading."""
    alike = likeness(asked, known)
    nearest = np.zeros(len(known.codes), dtype=np.float32)
    np.maximum.at(nearest, known.phrase_code, alike)
    told = linear(asked, known)
    return Ranking(mixed(told, nearest, known.mixing), told, alike)


def mixed(shares: Floats, nearest: Floats, mixing: Floats) -> Floats:
    """The two opinions as one: (…, C) shares and likenesses → (…, C), summing to one."""
    both = shares + mixing * nearest
    return np.asarray(both / both.sum(axis=-1, keepdims=True), dtype=np.float32)


def likeness(asked: Query, known: Knowledge) -> Floats:
    """Likeness of a description to each known phrase, times the trust in it: (P,) in [0, 1]."""
    alike = np.zeros(len(known.phrase_code), dtype=np.float32)
    for number, (rows, weights) in enumerate(asked.blocks):
        if not len(rows):
            continue
        starts, ends = known.starts[rows], known.starts[rows + 1]
        places = np.concatenate(
            [known.places[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
        )
        shared = np.bincount(
            places, np.repeat(weights * known.idf[rows], ends - starts), len(alike)
        )
        alike += _BLOCK[number] * (shared.astype(np.float32) * known.norms[:, number])
    return alike * known.phrase_trust


def linear(asked: Query, known: Knowledge) -> Floats:
    """What the linear model makes of a description: (C,), summing to one."""
    inside = np.zeros(known.inner.shape[1], dtype=np.float32)
    for number, (rows, weights) in enumerate(asked.blocks):
        inside += _INNER[number] * (weights * known.inner_scale[rows]) @ known.inner[rows]
    raw = known.outer @ inside + known.bias
    raw = np.exp(raw - raw.max())
    return np.asarray(raw / raw.sum(), dtype=np.float32)
