"""Which entries stand at a place on a day? Those of its file and of the unions above it, by family and name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from pratique.jurisdictions.reader import Library
from pratique.jurisdictions.schema import Dated, in_force


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in force, the file it is written in, and its key (``family/name``)."""

    file: str
    key: str
    entry: Dated

    @property
    def rule(self) -> str:
        """The entry as a citation names it."""
        return f"{self.file}/{self.key}@{self.entry.from_}"


def standing(
    library: Library, code: str, on: date, known_on: date | None = None, *, unions: bool = True
) -> Mapping[str, Standing]:
    """Entries in force at a place (or of a union) on a day, as known on ``known_on``, in the order of the files.

    Without ``unions`` those of the file alone. A member's entry stands in place of the union's of the same key.
    """
    found = {}
    chain = library._chain(code)
    for file in chain if unions else chain[-1:]:
        for key, series in file.series().items():
            entry = in_force(series, on, known_on)
            if entry is not None:
                found[key] = Standing(file=file.code, key=key, entry=entry)
    return found
