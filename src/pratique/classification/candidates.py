"""Which subheadings of the Harmonized System may these words mean? Ranked, with reasons and a confidence.

Help for a person who chooses, never a filing: of parcels' own words the first answer is wrong more often than right,
and the confidence says how often. Titles are those of HS 2022 (model.codelists).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec
import numpy as np

from pratique.classification.knowledge import (
    INNER_WEIGHT,
    Knowledge,
    Query,
    Whole,
    knowledge,
)
from pratique.classification.rank import Ranking, ranking
from pratique.classification.translate import to_english
from pratique.classification.words import BLOCKS
from pratique.model.codelists import hs_text

SURE: Final = Decimal("0.40")
"""Below this confidence the room abstains: its candidates are shown, none is recommended."""
_LEAST_ALIKE: Final = 0.35
_LEAST_PULL: Final = 0.15
_MOST_WORDS: Final = 4
_CENT: Final = Decimal("0.01")


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A subheading that may be meant; ``confidence`` is how often an answer with such a score was right."""

    hs6: str
    title: str
    confidence: Decimal
    reasons: tuple[str, ...]


def candidates(text: str, *, top: int = 5) -> tuple[Candidate, ...]:
    """The ``top`` likeliest subheadings, the likeliest first; none when no word is known."""
    known = knowledge()
    asked, answer = ranking(to_english(text), known)
    if not asked.told:
        return ()
    most = max(2, min(top, len(known.codes)))
    best = np.argpartition(-answer.share, most - 1)[:most]
    best = best[np.argsort(-answer.share[best], kind="stable")]
    told = confidences(answer, best, known)
    return tuple(
        Candidate(
            hs6=known.codes[at],
            title=hs_text(known.codes[at]),
            confidence=confidence,
            reasons=_reasons(int(at), asked, answer, known),
        )
        for at, confidence in zip(best[:top], told, strict=False)
    )


def confidences(answer: Ranking, best: Whole, known: Knowledge) -> list[Decimal]:
    """How often answers such as the ``best``, the likeliest first, were right, in hundredths; none past the tenth is known.

    The first goes by its ``certainty``, the others by their rank.
    """
    first = float(np.interp(certainty(answer, best), known.curve_raw, known.curve_right))
    after = [*known.after[1 : len(best)], *[0.0] * (len(best) - len(known.after))]
    told = [first, *(min(first, (1 - first) * each) for each in after)]
    return [Decimal(each).quantize(_CENT) for each in told]


def certainty(answer: Ranking, best: Whole) -> float:
    """A score of the first answer in [0, 1]: its share by the linear model, less the nearer the second comes."""
    first, second = answer.share[best[:2]]
    return float(answer.linear[best[0]] * (first / (first + second)) ** 2)


def _reasons(at: int, asked: Query, answer: Ranking, known: Knowledge) -> tuple[str, ...]:
    """The known phrase most alike, and the words that pull towards this subheading."""
    reasons = []
    phrases = np.flatnonzero(known.phrase_code == at)
    nearest = phrases[np.argmax(answer.alike[phrases])] if len(phrases) else None
    if nearest is not None and answer.alike[nearest] >= _LEAST_ALIKE:
        reasons.append(f"like “{known.phrases[nearest]}”")
    pulls: list[tuple[float, str]] = []
    rows, weights = asked.blocks[BLOCKS.index("w")]
    towards = known.inner[rows] @ known.outer[at] * weights * known.inner_scale[rows]
    for row, pull in zip(rows.tolist(), (towards * INNER_WEIGHT["w"]).tolist(), strict=True):
        word = asked.names[row][2:]
        if pull > _LEAST_PULL and not word.startswith("#"):
            pulls.append((-pull, word))
    words = [word for _, word in sorted(pulls)[:_MOST_WORDS]]
    if words:
        reasons.append("words: " + ", ".join(words))
    return tuple(reasons)
