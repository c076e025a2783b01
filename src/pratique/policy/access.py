"""May this role do this, to whose data, in which phase, for which purpose? One place decides, and says by which rule."""

from __future__ import annotations

import msgspec


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Allow or deny, with the rule that says so, why, and where it is written."""

    allowed: bool
    rule: str
    because: str
    source: str = ""
