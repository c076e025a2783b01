"""Which line of the tariff do these goods fall under? Dated lines by code, origin and preference.

The longest code that fits counts; of lines of one code the one for the origin, with preference where it is claimed. A
code too short to tell the lines below it apart gives their rate when they all have the same, and else a reason.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from pratique.rules.duty import Duty

_MOST_KEPT: Final = 100_000


class TariffLine(msgspec.Struct, frozen=True, kw_only=True):
    """The rate of duty of every HS code that starts with ``hs``, of those ``origins`` if any are named.

    ``preference``: only for goods whose preferential origin is claimed.
    """

    hs: str
    duty: Duty
    valid_from: date
    valid_until: date | None = None
    origins: frozenset[str] = frozenset()
    preference: bool = False
    rule: str
    source: str
    url: str = ""

    def holds(self, origin: str | None, preference: bool, on: date) -> bool:
        """Whether it is in force that day for goods of that origin."""
        if on < self.valid_from or (self.valid_until is not None and self.valid_until <= on):
            return False
        if self.preference and not preference:
            return False
        return not self.origins or origin in self.origins

    @property
    def rank(self) -> tuple[bool, bool]:
        """Of two lines that hold, the greater counts."""
        return self.preference, bool(self.origins)


class Tariff:
    """Lines of one tariff. ``by_origin``: some are for some origins, or on claim of preference, alone."""

    def __init__(self, lines: Iterable[TariffLine] = ()) -> None:
        self._by_code: dict[str, list[TariffLine]] = {}
        for line in lines:
            self._by_code.setdefault(line.hs, []).append(line)
        self._codes = sorted(self._by_code)
        self._lengths = sorted({len(code) for code in self._codes}, reverse=True)
        self.by_origin = any(each.origins or each.preference for each in self)
        self._found: dict[tuple[str, str | None, bool, date], TariffLine | str | None] = {}

    def __iter__(self) -> Iterator[TariffLine]:
        for code in self._codes:
            yield from self._by_code[code]

    def __bool__(self) -> bool:
        return bool(self._codes)

    def line(
        self, hs: str, origin: str | None, preference: bool, on: date
    ) -> TariffLine | str | None:
        """The line for these goods; why none can be told; None when the tariff has none for the code."""
        key = (hs, origin, preference, on) if self.by_origin else (hs, None, False, on)
        if key not in self._found:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            self._found[key] = self._look(*key)
        return self._found[key]

    def _look(
        self, hs: str, origin: str | None, preference: bool, on: date
    ) -> TariffLine | str | None:
        found = None
        for length in self._lengths:
            if length <= len(hs):
                found = found or self._best(hs[:length], origin, preference, on)
        first, last = bisect_right(self._codes, hs), bisect_left(self._codes, f"{hs}:")
        below = [self._best(code, origin, preference, on) for code in self._codes[first:last]]
        lines = [line for line in (found, *below) if line is not None]
        if not lines:
            return None
        texts = list(dict.fromkeys(line.duty.text for line in lines))
        if len(texts) == 1 or len(lines) == 1:
            return lines[0]
        shown = ", ".join(texts[:4]) + (", …" if len(texts) > 4 else "")
        return (
            f"the tariff has {len(texts)} rates below {hs} ({shown}): give more digits of the code"
        )

    def _best(self, code: str, origin: str | None, preference: bool, on: date) -> TariffLine | None:
        held = [line for line in self._by_code.get(code, ()) if line.holds(origin, preference, on)]
        return max(held, key=lambda line: line.rank) if held else None


NO_TARIFF: Final = Tariff()
