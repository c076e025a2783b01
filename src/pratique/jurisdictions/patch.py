"""What if the law said otherwise? A patch: entries that take the place of those of one law file.

A patch is written as a law file is: ``code`` names the file it changes. From the first day of a series in the patch on,
that series stands in place of the file's own; ``remove`` ends series on a day. Nothing of the file itself is changed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from pratique.errors import LawError
from pratique.jurisdictions.schema import FAMILIES, Dated, LawFile


class Patch(LawFile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Entries to take the place of those of the file ``code``, and series (``family/name``) that end on a day."""

    name: str = ""
    remove: dict[str, date] = {}


def read_patch(content: bytes, name: str) -> Patch:
    """A patch from its text. Raises ``LawError``."""
    try:
        raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        patch = msgspec.convert(raw, Patch)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise LawError(f"{name}: {str(error).replace('`', chr(39))}") from error
    if not patch.series() and not patch.remove:
        raise LawError(f"{name}: changes nothing. Give entries as in a law file, or remove.")
    return patch


def patched(file: LawFile, patch: Patch) -> LawFile:
    """The law file with the patch applied. Raises ``LawError`` for what is not in the file."""
    series: dict[str, tuple[Any, ...]] = dict(file.series())
    unknown = sorted(set(patch.remove) - set(series))
    if unknown:
        raise LawError(f"The patch removes {unknown[0]}, which {file.code}.toml does not have.")
    for name, day in patch.remove.items():
        series[name] = tuple(_before(series[name], day))
    for name, entries in patch.series().items():
        series[name] = (*_before(series.get(name, ()), entries[0].from_), *entries)
    families: dict[str, dict[str, tuple[Any, ...]]] = {family: {} for family in FAMILIES}
    for name, entries in series.items():
        family, _, key = name.partition("/")
        if key and entries:
            families[family][key] = entries
    return msgspec.structs.replace(
        file,
        money=series.get("money", ()),
        **{name: dict(found) for name, found in families.items()},
    )


def _before(entries: Iterable[Dated], day: date) -> Iterable[Dated]:
    """The entries as they stand until that day."""
    for entry in entries:
        if entry.from_ >= day:
            continue
        ends = entry.until is None or entry.until > day
        yield msgspec.structs.replace(entry, until=day) if ends else entry
