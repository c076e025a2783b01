"""Where do salts, keys and decoys come from? From a source the caller gives: this room makes no chance of its own."""

from __future__ import annotations

from collections.abc import Callable

from pratique.errors import ExchangeError

Randomness = Callable[[int], bytes]
"""So many bytes nobody can foretell, as ``secrets.token_bytes``; in tests and vectors, bytes from a name."""


def draw(source: Randomness, size: int) -> bytes:
    """``size`` bytes of a source. Raises ``ExchangeError`` for one that gives another number of them."""
    data = source(size)
    if len(data) != size:
        raise ExchangeError(
            "randomness", f"The source gave {len(data)} bytes of {size}: give one that is whole."
        )
    return data
