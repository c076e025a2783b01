"""Does a declared code contradict its description? Asked of chapters: within one, words seldom tell for certain.

The score of a pair is the logarithm of how much likelier the linear model holds the likeliest chapter than the
declared one; likeness to phrases blurs it. What score is
a contradiction was set on texts kept apart, by how rarely pairs known to be right reach it (``doubt`` of the knowledge).
"""

from __future__ import annotations

import functools
import math
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from pratique.classification.candidates import Candidate, candidates
from pratique.classification.knowledge import Floats, Knowledge, knowledge
from pratique.classification.rank import ranking
from pratique.classification.translate import to_english

_FLOOR: Final = 1e-4
"""Below this share a chapter is as good as excluded."""
_CHAPTER: Final = 2


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """The words point to another chapter: that of ``likely``, the code they point to most."""

    chapter: str
    likely: Candidate


def contradicts(text: str, hs6: str) -> Contradiction | None:
    """Whether the words point away from the declared code (two digits or more), and where to; None when they do not."""
    known = knowledge()
    if hs6[:_CHAPTER] not in _chapters(known.codes)[0]:
        return None
    asked, answer = ranking(to_english(text), known)
    share = answer.linear
    score = doubt(share, hs6, known) if asked.told else 0.0
    if score < known.doubt:
        return None
    chapter = likeliest_chapter(share, known)
    likely = next((each for each in candidates(text, top=10) if each.hs6.startswith(chapter)), None)
    if likely is None:
        return None
    return Contradiction(chapter=chapter, likely=likely)


def doubt(share: Floats, hs6: str, known: Knowledge) -> float:
    """How much likelier the likeliest chapter is than that of ``hs6``, as a natural logarithm; 0 when it is the same."""
    names, _ = _chapters(known.codes)
    by_chapter = _by_chapter(share, known)
    declared = by_chapter[names[hs6[:_CHAPTER]]]
    return math.log((float(by_chapter.max()) + _FLOOR) / (float(declared) + _FLOOR))


def likeliest_chapter(share: Floats, known: Knowledge) -> str:
    """The two digits of the chapter with the greatest share."""
    names, _ = _chapters(known.codes)
    return list(names)[int(_by_chapter(share, known).argmax())]


def _by_chapter(share: Floats, known: Knowledge) -> Floats:
    names, of = _chapters(known.codes)
    return np.bincount(of, share, len(names)).astype(np.float32)


@functools.cache
def _chapters(codes: tuple[str, ...]) -> tuple[dict[str, int], NDArray[np.int64]]:
    """Each chapter's number, and the chapter of each subheading."""
    names: dict[str, int] = {}
    for code in codes:
        names.setdefault(code[:_CHAPTER], len(names))
    return names, np.array([names[code[:_CHAPTER]] for code in codes])
