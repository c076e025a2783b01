"""Is anyone or anything in it forbidden? Goods held against prohibitions and restrictions, in cited answers."""

from pratique.screening.goods import Hit, Screen, findings
from pratique.screening.vocabulary import Vocabulary

__all__ = ["Hit", "Screen", "Vocabulary", "findings"]
