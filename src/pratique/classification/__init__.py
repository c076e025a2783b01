"""Which tariff code may these words mean? Words in, ranked subheadings of the Harmonized System out, with reasons.

A person chooses; nothing here files a code. What it reaches, and what it cannot do: docs/guides/classification.md.
"""

from pratique.classification.candidates import SURE, Candidate, candidates
from pratique.classification.contradiction import Contradiction, contradicts
from pratique.classification.listing import listing_text
from pratique.classification.vagueness import vague

__all__ = [
    "SURE",
    "Candidate",
    "Contradiction",
    "candidates",
    "contradicts",
    "listing_text",
    "vague",
]
