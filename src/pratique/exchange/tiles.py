"""Where does a log lie as files? The tiles of hashes and bundles of entries that any monitor can fetch and check.

A tile holds up to 256 hashes side by side: at level 0 those of the entries, at each level above the roots of full tiles
below. Full ones never change; of a partial one the width is part of its path.

Source: C2SP tlog-tiles (https://c2sp.org/tlog-tiles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from pratique.errors import SealError
from pratique.exchange import merkle

HEIGHT: Final = 8
"""Levels of the tree that one tile spans."""
WIDTH: Final = 1 << HEIGHT
"""Hashes in a full tile."""
MAX_ENTRY: Final = 65_535
"""Bytes of an entry at most: a bundle tells its length in two bytes."""
ENTRIES: Final = -1
"""The level under which bundles of entries are asked for."""
_LEVELS: Final = 64
_PATH: Final = re.compile(
    r"tile/(?P<level>entries|[0-9]{1,2})/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?\Z",
    re.ASCII,
)


class Tile(msgspec.Struct, frozen=True):
    """One file of a log: a tile of hashes at a level, or for ``ENTRIES`` a bundle of entries."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies below the log's prefix."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_number(self.number)}{partial}"


def at_path(path: str) -> Tile:
    """The file a path names, as anybody may ask for it. Raises ``SealError`` for a path no log has."""
    match = _PATH.match(path)
    if match is not None:
        level = ENTRIES if match["level"] == "entries" else int(match["level"])
        number = int(match["number"].replace("x", "").replace("/", ""))
        found = Tile(level, number, int(match["width"] or WIDTH))
        if found.path == path and found.level < _LEVELS and 0 < found.width <= WIDTH:
            return found
    raise SealError("path", f"{path[:80]!r} is no file of a log.")


def tiles(size: int, before: int = 0) -> Iterator[Tile]:
    """Every file of a log of ``size`` entries that one of ``before`` entries has not; full and partial ones."""
    yield from _of_level(ENTRIES, size, before)
    level = 0
    while size:
        yield from _of_level(level, size, before)
        level, size, before = level + 1, size >> HEIGHT, before >> HEIGHT


def _of_level(level: int, count: int, before: int) -> Iterator[Tile]:
    if count == before:
        return
    for number in range(before >> HEIGHT, count >> HEIGHT):
        yield Tile(level, number)
    if count % WIDTH:
        yield Tile(level, count >> HEIGHT, count % WIDTH)


def _number(number: int) -> str:
    """A tile's number as folders of three digits, all but the last marked with an x."""
    groups = f"{number:,}".split(",")
    groups[0] = groups[0].zfill(3)
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])


def pack(entries: Iterable[bytes]) -> bytes:
    """Entries as one bundle. Raises ``SealError`` for one that is too long."""
    return b"".join(len(checked(each)).to_bytes(2, "big") + each for each in entries)


def checked(entry: bytes) -> bytes:
    """An entry that fits a bundle. Raises ``SealError``."""
    if len(entry) > MAX_ENTRY:
        raise SealError(
            "entry",
            f"An entry of {len(entry)} bytes is too long: {MAX_ENTRY} fit; log a hash instead.",
        )
    return entry


def unpack(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. Raises ``SealError`` for one that is cut or too wide."""
    found, at = [], 0
    while at < len(bundle):
        begin = at + 2
        at = begin + int.from_bytes(bundle[at:begin], "big")
        found.append(bundle[begin:at])
    if at != len(bundle) or len(found) > WIDTH:
        raise SealError("bundle", "The bundle of entries is cut, or holds more than a full one.")
    return found


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root of a full tile, which stands in the tile above."""
    row = list(hashes)
    while len(row) > 1:
        row = [merkle.node_hash(*pair) for pair in zip(row[::2], row[1::2], strict=True)]
    return row[0]
