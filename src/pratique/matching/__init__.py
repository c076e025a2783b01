"""Do order, payment and logistics tell of the same sale as the declaration?

Declaration and records in, a result with its reasons out. The comparisons, their tolerances, the time records may take
and the result codes are data: ``three_documents.toml`` beside this room, or an authority's own.
"""

from pratique.matching.match import match
from pratique.matching.outcome import Compared, DocumentResult, MatchResult
from pratique.matching.rules import Rules, read_rules, shipped_rules

__all__ = [
    "Compared",
    "DocumentResult",
    "MatchResult",
    "Rules",
    "match",
    "read_rules",
    "shipped_rules",
]
