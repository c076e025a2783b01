"""Which bytes does this text stand for? base64url in the one way it can be written.

No padding, no white space, no letter outside the alphabet, and no spare bits: two texts never stand for the same bytes,
so that whoever compares or hashes the text compares the bytes. Source: RFC 4648, 3.5 and 5; RFC 7515, 2.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from pratique.errors import ExchangeError, SealError

_ALPHABET: Final = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str, where: str, error: type[ExchangeError] = SealError) -> bytes:
    """The bytes ``text`` stands for. Raises ``error``, naming ``where``, unless it is written in the one way."""
    if _ALPHABET.fullmatch(text):
        try:
            data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            pass
        else:
            if encode(data) == text:
                return data
    raise error(
        "base64url",
        "Not base64url as RFC 7515 writes it: leave out padding, white space and spare bits.",
        where,
    )
