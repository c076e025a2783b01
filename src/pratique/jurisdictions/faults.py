"""What is wrong with a file of law, as whoever writes it is told: which file, which entry, what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec

from pratique.errors import LawError
from pratique.jurisdictions.schema import Dated
from pratique.jurisdictions.wording import of_table

_FILE: Final = re.compile(r"(\S+\.(?:toml|csv))( line \d+)?\Z")


class LawFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong: ``file``, ``entry`` (file and entry, as a citation names it), and in ``message``
    what is wrong and what to do about it.
    """

    file: str = ""
    entry: str
    message: str


def entry_faults(name: str, where: str, kind: type[Any], value: Any) -> Iterator[LawFault]:
    """What is wrong with one table of a file, read as ``kind``: a key, the source, or the address."""
    try:
        read = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield LawFault(file=name, entry=where, message=of_table(error, kind))
        return
    if isinstance(read, Dated) and not read.source.strip():
        yield LawFault(
            file=name,
            entry=where,
            message="has no source. Say which act, article or page it rests on.",
        )
    if isinstance(read, Dated) and read.url and not read.url.startswith(("http://", "https://")):
        yield LawFault(
            file=name,
            entry=where,
            message=f"url {read.url!r} is no address. Begin it with https://, or leave it away.",
        )


def from_error(name: str, error: LawError, day: date | None = None) -> LawFault:
    """A fault from the words of an error, which name file and entry first."""
    where, colon, what = str(error).partition(": ")
    if not colon or not ("/" in where or _FILE.match(where)):
        where, what = name or "law files", str(error)
    when = f" (law from {day})" if day else ""
    stop = "" if what.endswith("?") and not day else "."
    return LawFault(
        file=file_of(where.partition("/")[0]),
        entry=where,
        message=f"{what.rstrip('.')}{when}{stop}",
    )


def file_of(code: str) -> str:
    """The file that the first part of a citation names."""
    if found := _FILE.match(code):
        return found[1]
    if code == "law files":
        return code
    return f"{code}.csv" if code.endswith(".tariff") else f"{code}.toml"
