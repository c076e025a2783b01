"""Law files once read and found sound, kept so that the next start need not read them again."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

_MOST_KEPT: Final = 4
"""So many versions of the law files are kept; older ones are let go."""


class KeptLaw:
    """A folder of its own, open to its owner alone. Where it cannot be read or written nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, digest: str) -> Path:
        return self.folder / f"law-{digest}.msgpack"

    def get(self, digest: str) -> bytes | None:
        """What was kept under a digest, by the owner of this process."""
        try:
            path = self._path(digest)
            return path.read_bytes() if path.stat().st_uid == os.getuid() else None
        except (OSError, AttributeError):  # nothing there, or a system without owners
            return None

    def put(self, digest: str, content: bytes) -> None:
        """Keep it: whole, or not at all."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
                file.write(content)
            Path(file.name).replace(self._path(digest))
            kept = sorted(self.folder.glob("law-*.msgpack"), key=lambda each: each.stat().st_mtime)
            for old in kept[:-_MOST_KEPT]:
                old.unlink(missing_ok=True)
        except OSError:
            return
