"""A market place's listing as a description: the title, the last words of its category, and what it is made of.

Attributes that say nothing of the goods themselves (sizes of the package, brand, origin, lot) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SILENT: Final = frozenset(
    "origin|measurement unit|cn|brand name|model number|hign-concerned chemical|each pack|sold in|package weight|"
    "certification|lot_num|product_unit|package_type|package|is_customized|item weight|place of origin|quantity|"
    "certificate|condition|warning|season|size".split("|")
)
_NOTHING: Final = frozenset(("none", "yes", "no", ""))
_LAST: Final = 2


def listing_text(
    title: str, category: str = "", attributes: Mapping[str, object] | None = None
) -> str:
    """One description of a listing; ``category`` reads from the widest to the narrowest, parted by ``>``."""
    names = [each.strip() for each in category.split(">") if each.strip()]
    told = [
        str(value)
        for name, value in (attributes or {}).items()
        if name.lower() not in _SILENT
        and not name.lower().startswith("package size")
        and str(value).lower() not in _NOTHING
    ]
    return " . ".join(each for each in (title, *reversed(names[-_LAST:]), *told) if each)
