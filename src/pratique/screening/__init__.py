"""Is anyone or anything in it forbidden? Goods held against prohibitions and restrictions, in cited answers."""

from pratique.screening.goods import Hit, Screen, findings, severity, what_to_do
from pratique.screening.vocabulary import Vocabulary

__all__ = ["Hit", "Screen", "Vocabulary", "findings", "severity", "what_to_do"]
