"""What does this signed token claim, and does it hold now? Claims of a JSON Web Token, read strictly.

The bytes of a verified token to its claims; claims and a moment to nothing, or a refusal. Moments are whole seconds; a
token that lasts longer than its kind may, or was made in the future, is refused. Sources: RFC 7519 (claims), RFC 8725
(best practice).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pratique.errors import SealError
from pratique.exchange import plain_json

MOST_BYTES: Final = 2048
"""Largest claims of one token."""
SKEW: Final = timedelta(seconds=30)
"""How far two clocks may be apart."""
_PLAIN: Final = re.compile(r"[\x21-\x7e]{1,256}\Z")


def read(payload: bytes) -> dict[str, Any]:
    """The claims of a token. Raises ``SealError``."""
    return plain_json.read_object(payload, MOST_BYTES, "claims")


def text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a short text of visible ASCII. Raises ``SealError``."""
    value = claims.get(name)
    if not isinstance(value, str) or not _PLAIN.match(value):
        raise SealError("claim", "Is missing, or no short text.", f"claims/{name}")
    return value


def refuse_out_of_time(claims: Mapping[str, Any], now: datetime, longest: timedelta) -> None:
    """Raise ``SealError`` unless ``exp`` lies ahead, by ``longest`` at most, and ``iat`` and ``nbf`` do not."""
    here, skew = int(now.timestamp()), int(SKEW.total_seconds())
    ends = _second(claims, "exp")
    if ends <= here - skew:
        raise SealError("expired", "It is over: ask for a new one.", "claims/exp")
    begins = _second(claims, "iat") if "iat" in claims else here + skew
    if ends - begins > longest.total_seconds():
        raise SealError(
            "lasts-too-long", f"Lasts at most {longest.total_seconds():.0f} s.", "claims/exp"
        )
    for name in ("iat", "nbf"):
        if name in claims and _second(claims, name) > here + skew:
            raise SealError("not-yet", "Lies ahead: set the clock.", f"claims/{name}")


def _second(claims: Mapping[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int or value < 0:
        raise SealError(
            "claim", "Is missing, or no whole number of seconds since 1970.", f"claims/{name}"
        )
    return value
