"""Where do salts, keys and decoys come from? From a source the caller gives: this room makes no chance of its own."""

from __future__ import annotations

from collections.abc import Callable

Randomness = Callable[[int], bytes]
"""So many bytes nobody can foretell, as ``secrets.token_bytes``; in tests and vectors, bytes from a name."""
