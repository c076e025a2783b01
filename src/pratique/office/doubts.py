"""Do the declared codes fit the descriptions? Asked when one declaration is checked or filed, not in bulk.

A first look costs about two milliseconds an item; the same words and code again cost nothing.
"""

from __future__ import annotations

import functools
from typing import Final

from pratique.checks.rule import Rule, finding
from pratique.classification import Contradiction, contradicts
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding

_SOURCE: Final = "Comparison with public texts of known code; false alarms are counted in docs/evidence/classification.md"
DOUBTFUL: Final = Rule(
    id="C405",
    family="accuracy",
    severity="note",
    sentence="The declared HS code seems to contradict the description.",
    hint="Look at both once more: either may be right, and a person must choose the code.",
    source=_SOURCE,
    at="hs_code",
)
RULES: Final = (DOUBTFUL,)


def doubts(declaration: Declaration) -> list[Finding]:
    """One finding for each goods item whose code and description speak of different goods."""
    found = []
    for index, item in enumerate(declaration.consignment.items):
        if item.hs_code and item.description:
            seen = _asked(item.description, item.hs_code)
            if seen is not None:
                told = f"{item.hs_code}, while the words point to {seen.likely.hs6} ({seen.likely.title})"
                found.append(finding(DOUBTFUL, f"/consignment/items/{index}/{DOUBTFUL.at}", told))
    return found


@functools.lru_cache(maxsize=16_384)
def _asked(description: str, hs_code: str) -> Contradiction | None:
    return contradicts(description, hs_code)
