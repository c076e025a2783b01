"""Was a row changed? Each entry's digest covers the one before it, so a change anywhere shows from there on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

START: Final = ""
"""The digest before the first entry."""


def link(before: str, values: Sequence[Any], contents: Sequence[bytes]) -> str:
    """SHA-256, in hexadecimal, over the digest before, the plain values and the hashes of the contents.

    Lengths are in it, so that no value can pass for two. Contents count by their hash, so that one day they can
    be erased without breaking the chain.
    """
    hashed = hashlib.sha256(before.encode())
    for value in values:
        text = str(value).encode()
        hashed.update(len(text).to_bytes(4, "big") + text)
    for content in contents:
        hashed.update(hashlib.sha256(content).digest())
    return hashed.hexdigest()
