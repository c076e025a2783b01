"""What does the room know? Arrays built from public material (see SOURCES.md beside them), read once when first asked.

``knowledge.npz`` holds, for F features, P known phrases and C subheadings of six digits:

- ``features``: the F features as one text, a line each; ``idf`` (F,) how telling each is;
- ``starts`` (F+1,), ``places``: the known phrases each feature occurs in; ``norms`` (P, 4) the length of each phrase
  in each block of features; ``phrase_code`` (P,), ``phrase_trust`` (P,), ``phrases`` as one text;
- ``inner`` (F, D) int8 with ``inner_scale`` (F,), ``outer`` (C, D) int8 with ``outer_scale`` (C,), ``bias`` (C,): a
  linear model of low rank;
- ``mixing``: what likeness weighs beside it;
- ``vague_features``, ``vague_weights``: how telling each sign of vagueness is, and what it weighs; the one without a
  name is the constant.

``calibration.json`` holds what was learnt from texts kept apart: ``curve_raw``, ``curve_right``: how often a first answer
was right, by its certainty; ``after``: how often the answer of each rank was right where the first was not; ``doubt``: the
score from which a declared code is said to contradict its words.

tools/build_classifier.py makes both. Floats stay inside this room.
"""

from __future__ import annotations

import functools
import io
import json
from importlib import resources
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pratique.classification.words import BLOCKS, features

Floats = NDArray[np.float32]
Whole = NDArray[Any]


class Knowledge(NamedTuple):
    """The arrays of ``knowledge.npz``, and the texts in them as Python values."""

    codes: tuple[str, ...]
    number: dict[str, int]
    idf: Floats
    starts: Whole
    places: Whole
    norms: Floats
    phrase_code: Whole
    phrase_trust: Floats
    phrases: list[str]
    inner: Whole
    inner_scale: Floats
    outer: Floats
    bias: Floats
    mixing: Floats
    curve_raw: Floats
    curve_right: Floats
    after: list[float]
    doubt: float
    vague: dict[str, tuple[float, float]]


class Query(NamedTuple):
    """A description as numbers: for each block the rows of its known features and their weights; names by row."""

    blocks: list[tuple[Whole, Floats]]
    names: dict[int, str]

    @property
    def told(self) -> bool:
        """Whether anything in it is known, numbers aside."""
        return not all(each.startswith("w:#") for each in self.names.values())


BLOCK_WEIGHT = dict(zip(BLOCKS, (1.0, 0.6, 0.4, 0.15), strict=True))
"""What each block counts for in the likeness of two texts."""
INNER_WEIGHT = dict(zip(BLOCKS, (1.0, 1.0, 0.5, 0.2), strict=True))
"""What each block counts for in the linear model."""
UNKNOWN = 9.0
"""What a feature that was never seen adds to the squared length of its block: it is a word nobody here knows."""


@functools.cache
def knowledge() -> Knowledge:
    """The knowledge shipped; read once."""
    here = resources.files("pratique.classification")
    held = dict(np.load(io.BytesIO(here.joinpath("knowledge.npz").read_bytes())))
    curves = json.loads(here.joinpath("calibration.json").read_text("utf-8"))
    return unpacked({**held, **{name: np.array(each) for name, each in curves.items()}})


def unpacked(held: dict[str, Whole]) -> Knowledge:
    """The arrays as they are used, from the arrays as they are kept."""
    names = _lines(held["features"])
    return Knowledge(
        codes=tuple(_lines(held["codes"])),
        number=dict(zip(names, range(len(names)), strict=True)),
        idf=held["idf"].astype(np.float32),
        starts=np.concatenate(([0], np.cumsum(held["counts"], dtype=np.int64))),
        places=held["places"],
        norms=held["norms"].astype(np.float32),
        phrase_code=held["phrase_code"].astype(np.int64),
        phrase_trust=held["phrase_trust"].astype(np.float32),
        phrases=_lines(held["phrases"]),
        inner=held["inner"],
        inner_scale=held["inner_scale"].astype(np.float32),
        outer=held["outer"].astype(np.float32) * held["outer_scale"].astype(np.float32)[:, None],
        bias=held["bias"].astype(np.float32),
        mixing=held["mixing"].astype(np.float32),
        curve_raw=held["curve_raw"].astype(np.float32),
        curve_right=held["curve_right"].astype(np.float32),
        after=held["after"].tolist(),
        doubt=float(held["doubt"]),
        vague={
            name: (idf, weight)
            for name, (idf, weight) in zip(
                _lines(held["vague_features"]), held["vague_weights"].tolist(), strict=True
            )
        },
    )


def query(text: str, known: Knowledge) -> Query:
    """A description as numbers; features nobody knows lengthen their block and weigh nothing themselves."""
    blocks = []
    names: dict[int, str] = {}
    for block in features(text):
        found = {known.number[each]: each for each in block if each in known.number}
        names.update(found)
        at = np.array(list(found), dtype=np.int64)
        weights = known.idf[at]
        blocks.append((at, weights / length(weights, len(block))))
    return Query(blocks, names)


def length(weights: Floats, features: int) -> np.float32:
    """The length of a block of so many features, of which those known have these weights."""
    squared = float(weights @ weights) + (features - len(weights)) * UNKNOWN
    return np.float32(max(squared, 1e-9) ** 0.5)


def _lines(kept: Whole) -> list[str]:
    return kept.tobytes().decode().split("\n")
