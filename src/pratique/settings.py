"""The environment, read once, by a door."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

SETTINGS: Final = {
    "PRATIQUE_STORE": "where filings are kept: sqlite:///file.db (default sqlite:///pratique.db) or postgresql://user@host/name",
    "PRATIQUE_LAW": "folder of further law files, beside those that come with Pratique",
    "PRATIQUE_RATES": "file of published exchange rates (pratique rates import makes one)",
    "PRATIQUE_CACHE": "folder in which law files once read are kept (default ~/.cache/pratique; empty: nowhere)",
    "PRATIQUE_SENDER": "name under which the command line files declarations (default: local)",
}
"""Every setting and what it means."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says; see ``SETTINGS``."""

    store: str = "sqlite:///pratique.db"
    law: Path | None = None
    rates: Path | None = None
    cache: Path | None = None
    sender: str = "local"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this process."""
    law = environment.get("PRATIQUE_LAW")
    return Settings(
        store=environment.get("PRATIQUE_STORE") or "sqlite:///pratique.db",
        law=Path(law) if law else None,
        rates=Path(environment["PRATIQUE_RATES"]) if environment.get("PRATIQUE_RATES") else None,
        cache=_cache(environment),
        sender=environment.get("PRATIQUE_SENDER") or "local",
    )


def _cache(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("PRATIQUE_CACHE")
    if named is not None:
        return Path(named) if named else None
    base, home = environment.get("XDG_CACHE_HOME"), environment.get("HOME")
    if base:
        return Path(base) / "pratique"
    return Path(home) / ".cache/pratique" if home else None
