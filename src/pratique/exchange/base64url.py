"""Which bytes does this text stand for? base64url in the one way it can be written.

No padding, no white space, no letter outside the alphabet, and no spare bits: two texts never stand for the same bytes,
so that whoever compares or hashes the text compares the bytes. Source: RFC 4648, 3.5 and 5; RFC 7515, 2.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from typing import Final

from pratique.errors import ExchangeError, SealError

_FOR_URLS: Final = bytes.maketrans(b"+/", b"-_")
_PLAIN: Final = bytes.maketrans(b"-_", b"+/")


def encode(data: bytes) -> str:
    """Bytes as base64url without padding."""
    return b2a_base64(data, newline=False).translate(_FOR_URLS).rstrip(b"=").decode()


def decode(text: str, where: str, error: type[ExchangeError] = SealError) -> bytes:
    """The bytes ``text`` stands for. Raises ``error``, naming ``where``, unless it is written in the one way.

    Whatever was read is written again: only the one way gives the same text.
    """
    try:
        data = a2b_base64(text.encode("ascii").translate(_PLAIN) + b"=" * (-len(text) % 4))
    except ValueError:
        pass
    else:
        if encode(data) == text:
            return data
    raise error(
        "base64url",
        "Not base64url as RFC 7515 writes it: leave out padding, white space and spare bits.",
        where,
    )
