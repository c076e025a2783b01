"""Would a customs service refuse these words as too vague? A likelihood learnt from descriptions that one refused.

Of the service's list, not of the law: what it refused is often a brand or a colour alone, and sometimes a plain word.
The check of vague words in ``checks`` stands on its own; this is a second opinion for whoever improves descriptions.
"""

from __future__ import annotations

import itertools
import math
import re
from decimal import Decimal
from typing import Final

import numpy as np

from pratique.classification.knowledge import knowledge
from pratique.classification.words import features, fold

_SIGN: Final = re.compile(r"[a-z0-9#&'.]+|[,:;/()-]")
_LETTERS: Final = re.compile(r"[a-z]+")
_DIGITS: Final = re.compile(r"[0-9]+")
_MOST: Final = 12
_CENT: Final = Decimal("0.01")


def vague(text: str) -> Decimal:
    """How likely a description is one that was refused as too vague, in hundredths."""
    known = knowledge().vague
    marks = vague_features(text)
    held = [known[each] for each in marks if each in known]
    length = math.sqrt(sum(idf * idf for idf, _ in held)) or 1.0
    score = sum(idf * weight for idf, weight in held) / length + known[""][1]
    return Decimal(1 / (1 + float(np.exp(-score)))).quantize(_CENT)


def vague_features(text: str) -> list[str]:
    """The features of :mod:`words`, and how a description is written: its shape, its signs, its length."""
    folded = fold(text)
    shape = "^" + _LETTERS.sub("a", _DIGITS.sub("0", folded)) + "$"
    signs = _SIGN.findall(folded)
    found = [each for block in features(text) for each in block]
    found += [f"z:{shape[at : at + n]}" for n in (2, 3, 4) for at in range(len(shape) - n + 1)]
    found += [f"r:{each}" for each in signs]
    found += [f"r:{one} {two}" for one, two in itertools.pairwise(signs)]
    found += [f"n:{min(len(signs), _MOST)}", f"e:{folded[-4:]}", f"e:{folded[:4]}"]
    return list(dict.fromkeys(found))
