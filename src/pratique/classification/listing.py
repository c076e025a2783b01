"""A market place's listing as a description: its title, the narrowest category, and what it is made of.

Measured on listings kept apart, every further attribute made the answer worse: most say nothing of the goods.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TELLING: Final = "material"
_NOTHING: Final = frozenset(("none", "yes", "no", ""))


def listing_text(
    title: str, category: str = "", attributes: Mapping[str, object] | None = None
) -> str:
    """One description of a listing; ``category`` reads from the widest to the narrowest, parted by ``>``."""
    narrowest = category.rpartition(">")[2].strip()
    materials = [
        str(value)
        for name, value in (attributes or {}).items()
        if _TELLING in name.lower() and str(value).lower() not in _NOTHING
    ]
    return " . ".join(each for each in (title, narrowest, *materials) if each)
