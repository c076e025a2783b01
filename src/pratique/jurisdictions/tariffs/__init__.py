"""How does a tariff as its administration publishes it become one that is reckoned with?

Each form is a module with ``NAME``, ``ABOUT`` and ``read(content, told)``, which gives rows; ``write`` makes the file that the
law reads (docs/guides/tariffs.md). What cannot be read as a rate is kept in its words, so that a person is asked.
"""

from __future__ import annotations

import csv
import importlib
import io
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final, Protocol, cast

import msgspec

from pratique.errors import UsageError
from pratique.rules.duty import parse_duty

MOST_BYTES: Final = 200_000_000
"""Files larger than this are refused."""
COLUMNS: Final = ("hs", "rate", "from", "until", "origins", "preference", "source", "url")
IN_WORDS: Final = "in words: "
"""What a rate begins with that only a person can apply."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the one who imports says of a whole file: the day it begins to hold, and where it is written."""

    since: date
    source: str = ""
    url: str = ""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One rate of a published tariff, as text."""

    hs: str
    rate: str
    since: date
    until: date | None = None
    origins: tuple[str, ...] = ()
    preference: bool = False
    source: str
    url: str = ""


class Form(Protocol):
    """A published form of tariffs. ``read`` raises ``UsageError`` on what is not of this form."""

    NAME: str
    ABOUT: str

    def read(self, content: bytes, told: Told) -> Iterator[Row]:
        """The rates of a file, in its order."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a tariff: rates by form; of the general ones, those only a person can apply, with their codes."""

    rows: int
    general: dict[str, int]
    special: dict[str, int]
    in_words: tuple[tuple[str, str], ...]
    untold: tuple[tuple[str, str], ...]


def forms() -> dict[str, Form]:
    """Every published form there is a module for, by name."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        form = cast("Form", importlib.import_module(f"{__name__}.{module.name}"))
        found[form.NAME] = form
    return found


def read(name: str, content: bytes, told: Told) -> list[Row]:
    """The rates of a published tariff. Raises ``UsageError`` on what cannot be read so."""
    form = forms().get(name)
    if form is None:
        raise UsageError(f"No form of tariffs {name!r}: there are {', '.join(sorted(forms()))}.")
    if len(content) > MOST_BYTES:
        raise UsageError(f"The tariff is larger than {MOST_BYTES // 1_000_000} MB.")
    return list(form.read(content, told))


def write(rows: Iterable[Row]) -> tuple[bytes, Imported]:
    """The file the law reads, and what became of each rate."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    general: Counter[str] = Counter()
    special: Counter[str] = Counter()
    in_words: list[tuple[str, str]] = []
    untold: list[tuple[str, str]] = []
    for row in rows:
        text = " ".join(row.rate.split())
        duty = parse_duty(text.removeprefix(IN_WORDS))
        unread = duty.form == "text" or text.startswith(IN_WORDS)
        form = "text" if unread else duty.form
        of_some = bool(row.origins) or row.preference
        (special if of_some else general)[form] += 1
        if unread:
            text = IN_WORDS + duty.text
        if not of_some and (unread or duty.untold):
            (in_words if unread else untold).append((row.hs, duty.text))
        until = row.until.isoformat() if row.until else ""
        preference = "yes" if row.preference else ""
        origins = " ".join(row.origins)
        since = row.since.isoformat()
        writer.writerow((row.hs, text, since, until, origins, preference, row.source, row.url))
    return out.getvalue().encode("utf-8"), Imported(
        rows=general.total() + special.total(),
        general=dict(general),
        special=dict(special),
        in_words=tuple(in_words),
        untold=tuple(untold),
    )
