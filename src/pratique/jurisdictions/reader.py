"""What is the law there, that day? Law files in, ``Law`` out, every expression checked on the way."""

from __future__ import annotations

import csv
import functools
import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

import msgspec

from pratique.errors import LawError, NoRuleInForceError
from pratique.jurisdictions.build import build_law
from pratique.jurisdictions.schema import Dated, LawFile
from pratique.rules.law import Law, TariffLine

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")


class Library:
    """Every law file of some folders, read once. Later folders add places; they never replace one.

    Raises ``LawError`` on a file that cannot be trusted: unknown keys, missing source, overlapping dates.
    """

    def __init__(self, folders: Iterable[Traversable]) -> None:
        self.files: dict[str, LawFile] = {}
        self._bytes: dict[str, bytes] = {}
        self.tariffs: dict[str, tuple[TariffLine, ...]] = {}
        self._laws: dict[tuple[str, date, date | None], Law] = {}
        for folder in folders:
            for path in sorted(folder.iterdir(), key=lambda each: each.name):
                if path.name.endswith(".toml") and not path.name.endswith(".cases.toml"):
                    self._read(path)
            for path in sorted(folder.iterdir(), key=lambda each: each.name):
                if path.name.endswith(".tariff.csv"):
                    self._read_tariff(path)
        for file in self.files.values():
            if file.within and file.within not in self.files:
                raise LawError(
                    f"{file.code}.toml is within {file.within!r}, but there is no such file."
                )
            above, seen = file.within, {file.code}
            while above:
                if above in seen:
                    raise LawError(f"{file.code}.toml: within goes round in a circle at {above!r}.")
                seen.add(above)
                above = self.files[above].within if above in self.files else ""

    def _read(self, path: Traversable) -> None:
        content = path.read_bytes()
        try:
            raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
            file = msgspec.convert(raw, LawFile)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
            raise LawError(f"{path.name}: {_in_words(error)}") from error
        if path.name != f"{file.code}.toml":
            raise LawError(
                f"{path.name} says code = {file.code!r}: name the file {file.code}.toml."
            )
        if file.code in self.files:
            raise LawError(f"{path.name}: there is already law for {file.code!r}.")
        for name, entries in file.series().items():
            _check_series(f"{file.code}/{name}", entries)
        self.files[file.code] = file
        self._bytes[file.code] = content

    def _read_tariff(self, path: Traversable) -> None:
        code = path.name.removesuffix(".tariff.csv")
        if code not in self.files:
            raise LawError(f"{path.name} has no law file {code}.toml beside it.")
        content = path.read_bytes()
        rows = csv.DictReader(content.decode("utf-8").splitlines())
        self.tariffs[code] = tuple(
            _tariff_line(path.name, number, row) for number, row in enumerate(rows, start=2)
        )
        self._bytes[code] += content

    @staticmethod
    def shipped_folders() -> tuple[Traversable, ...]:
        """Folders of the law files that come with Pratique."""
        return (resources.files("pratique.jurisdictions"),)

    def codes(self) -> tuple[str, ...]:
        """Places that have law of their own (not the unions they are within), in order."""
        return tuple(sorted(code for code, file in self.files.items() if not file.union))

    def law_in_force(self, code: str, on: date, known_on: date | None = None) -> Law:
        """The law at ``code`` (ISO 3166, any case) on that day, as known on ``known_on`` (None: now).

        Raises ``NoRuleInForceError`` when there is no law for the place, or none yet on that day.
        """
        place = code.lower()
        file = self.files.get(place)
        if file is None or file.union:
            what = "is a union: name one of its members" if file else "has no law file here"
            raise NoRuleInForceError(
                f"{code.upper()} {what}. Known: {', '.join(self.codes()).upper()}. "
                f"`pratique law new {place}` starts a file."
            )
        dates = self.change_dates(place, known_on)
        if not dates or on < dates[0]:
            first = dates[0] if dates else "no date"
            known = f", as known on {known_on}" if known_on else ""
            raise NoRuleInForceError(
                f"No law for {code.upper()} on {on}{known}: the first entry in {place}.toml starts {first}."
            )
        start = max(day for day in dates if day <= on)
        law = self._laws.get((place, start, known_on))
        if law is None:
            later = [day for day in dates if day > start]
            law = build_law(
                self._chain(place),
                start,
                min(later) if later else None,
                self.digest(place),
                self._tariff_on(place, start),
                known_on,
            )
            self._laws[place, start, known_on] = law
        return law

    def change_dates(self, code: str, known_on: date | None = None) -> tuple[date, ...]:
        """Days on which anything in the law of ``code`` begins or ends; the first is when it begins."""
        return _change_dates(self, code, known_on)

    def knowledge_dates(self, code: str) -> tuple[date, ...]:
        """Days on which more became known of the law of ``code`` than that something begins or ends."""
        chain = self._chain(code)
        entries = (each for file in chain for series in file.series().values() for each in series)
        return tuple(sorted({day for entry in entries for day in entry.turning_points()}))

    def _chain(self, code: str) -> tuple[LawFile, ...]:
        """The file and the unions above it, outermost first."""
        file = self.files[code]
        return (*(self._chain(file.within) if file.within else ()), file)

    def digest(self, code: str) -> str:
        """SHA-256 over the files the law of ``code`` comes from, outermost union first."""
        return hashlib.sha256(
            b"\0".join(self._bytes[file.code] for file in self._chain(code))
        ).hexdigest()

    def _tariff_on(self, code: str, on: date) -> tuple[TariffLine, ...]:
        return tuple(
            line
            for file in self._chain(code)
            for line in self.tariffs.get(file.code, ())
            if line.valid_from <= on and (line.valid_until is None or on < line.valid_until)
        )


def shipped() -> Library:
    """The library of the law files that come with Pratique, read once."""
    return _shipped()


@functools.cache
def _shipped() -> Library:
    return Library(Library.shipped_folders())


@functools.lru_cache(maxsize=1024)
def _change_dates(library: Library, code: str, known_on: date | None) -> tuple[date, ...]:
    days: set[date] = set()
    chain = library._chain(code)
    for file in chain:
        for entries in file.series().values():
            for entry in entries:
                if entry.is_known(known_on):
                    days.add(entry.from_)
                    end = entry.end(known_on)
                    if end:
                        days.add(end)
        for line in library.tariffs.get(file.code, ()):
            days.add(line.valid_from)
            if line.valid_until:
                days.add(line.valid_until)
    own = [entry.from_ for file in chain for entry in file.money if entry.is_known(known_on)]
    first = min(own) if own else None
    return tuple(sorted(day for day in days if first is not None and day >= first))


def _check_series(name: str, entries: tuple[Dated, ...]) -> None:
    last = name.rpartition("/")[2]
    if not _NAME.match(last):
        raise LawError(f"{name}: names are lower case letters, digits and underscores.")
    for entry in entries:
        where = f"{name} from {entry.from_}"
        if not entry.source.strip():
            raise LawError(f"{where}: no source. Say which act, article or page it rests on.")
        if entry.until is not None and entry.until <= entry.from_:
            raise LawError(f"{where}: until {entry.until} is not after it.")
        if entry.annulled is not None and entry.annulled < (entry.known or entry.from_):
            raise LawError(f"{where}: annulled {entry.annulled}, before it was known.")
    for moment in {None, *(day for entry in entries for day in entry.turning_points())}:
        _check_order(name, [each for each in entries if each.is_known(moment)], moment)


def _check_order(name: str, entries: list[Dated], known_on: date | None) -> None:
    """Entries known together go oldest first and do not overlap."""
    for previous, entry in itertools.pairwise(entries):
        where = f"{name} from {entry.from_}"
        if previous.from_ >= entry.from_:
            raise LawError(
                f"{where}: entries go oldest first; {previous.from_} stands before it. "
                "If it takes the place of that one, say when that one was annulled."
            )
        end = previous.end(known_on)
        if end is not None and end > entry.from_:
            raise LawError(f"{where}: overlaps the entry from {previous.from_}.")


def _tariff_line(name: str, number: int, row: Mapping[str, Any]) -> TariffLine:
    where = f"{name} line {number}"
    try:
        code = row["hs"].strip()
        rate = Decimal(row["rate"].removesuffix("%")).scaleb(-2)
        start = date.fromisoformat(row["from"])
        until = date.fromisoformat(row["until"]) if row.get("until") else None
        source, url = row["source"], row.get("url") or ""
    except (KeyError, AttributeError, TypeError, ValueError, InvalidOperation) as error:
        raise LawError(
            f"{where}: needs hs, rate (as 12.5%), from and source; until and url if any."
        ) from error
    if not (code.isdigit() and code.isascii()) or not source or not row["rate"].endswith("%"):
        raise LawError(f"{where}: needs digits in hs, a per cent sign in rate, and a source.")
    return TariffLine(
        hs=code,
        rate=rate,
        valid_from=start,
        valid_until=until,
        rule=f"{name.removesuffix('.csv')}/{code}",
        source=source,
        url=url,
    )


def _in_words(error: Exception) -> str:
    return str(error).replace("`", "'")


def snapshots(library: Library, code: str) -> Iterator[Law]:
    """Every version of the law of ``code``, oldest first."""
    for day in library.change_dates(code):
        yield library.law_in_force(code, day)


def template(code: str, name: str) -> str:
    """The text of a law file to begin with, for the place of that code and name."""
    text = resources.files("pratique.jurisdictions").joinpath("zz.toml").read_text("utf-8")
    text = text.replace('code = "zz"', f'code = "{code.lower()}"', 1)
    return text.replace('name = "Template for a small administration"', f'name = "{name}"', 1)
