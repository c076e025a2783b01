"""One row of a file: the declaration it holds, or what is wrong with it."""

from __future__ import annotations

import msgspec

from pratique.errors import MessageError
from pratique.model.declaration import Declaration


class Row(msgspec.Struct, frozen=True):
    """Line ``number`` (1-based) of a file, its bytes, and either a declaration or an error."""

    number: int
    source: bytes
    declaration: Declaration | None = None
    error: MessageError | None = None
