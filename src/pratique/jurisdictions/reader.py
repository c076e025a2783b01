"""What is the law there, that day? Law files in, ``Law`` out, every expression checked on the way."""

from __future__ import annotations

import copy
import csv
import functools
import hashlib
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final, Protocol

import msgspec

from pratique.errors import LawError, NoRuleInForceError
from pratique.jurisdictions.build import build_law
from pratique.jurisdictions.patch import Patch, patched
from pratique.jurisdictions.schema import Dated, LawFile
from pratique.jurisdictions.tariffs import IN_WORDS
from pratique.jurisdictions.wording import of_table, of_toml
from pratique.rules.duty import parse_duty
from pratique.rules.law import Law
from pratique.rules.tariff import NO_TARIFF, Tariff, TariffLine

_SHAPE: Final = repr(msgspec.inspect.type_info(LawFile)).encode()
"""What a law file may hold: when that changes, nothing kept before is used."""
_TARIFF: Final = ".tariff.csv"
_COUNTRY: Final = re.compile(r"[A-Z]{2}\Z")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")


class Keep(Protocol):
    """Where files once read and found sound are kept, under the digest of their bytes."""

    def get(self, digest: str) -> bytes | None:
        """What was kept, if anything."""

    def put(self, digest: str, content: bytes) -> None:
        """Keep it, if that is possible."""


class Library:
    """Every law file of some folders, read once. Later folders add places; they never replace one.

    With ``keep`` files that did not change since are not read as TOML and checked again. Raises ``LawError`` on a
    file that cannot be trusted: unknown keys, missing source, overlapping dates.
    """

    def __init__(self, folders: Iterable[Traversable], keep: Keep | None = None) -> None:
        self.folders = tuple(folders)
        self.files: dict[str, LawFile] = {}
        self._bytes: dict[str, bytes] = {}
        self._tariffs: dict[str, Traversable] = {}
        self._read_tariffs: dict[tuple[str, ...], Tariff] = {}
        self._digests: dict[str, str] = {}
        self._laws: dict[tuple[str, date, date | None], Law] = {}
        paths = [
            path
            for folder in self.folders
            for path in sorted(folder.iterdir(), key=lambda each: each.name)
        ]
        law = [(path.name, path.read_bytes()) for path in paths if is_law_file(path.name)]
        if keep is None:
            self._read_all(law)
        else:
            self._read_kept(law, keep)
        for path in paths:
            if path.name.endswith(_TARIFF):
                self._find_tariff(path)
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

    def _read_kept(self, law: list[tuple[str, bytes]], keep: Keep) -> None:
        """The files as they were kept when they were last read, if they are the same to the byte."""
        parts = (part for name, content in law for part in (name.encode(), content))
        digest = hashlib.sha256(b"\0".join((_SHAPE, *parts))).hexdigest()
        kept = keep.get(digest)
        if kept is not None:
            try:
                self.files = msgspec.msgpack.decode(kept, type=dict[str, LawFile])
                self._bytes = {name.removesuffix(".toml"): content for name, content in law}
                return
            except msgspec.MsgspecError:  # kept by another version, or damaged: read anew
                self.files = {}
        self._read_all(law)
        keep.put(digest, msgspec.msgpack.encode(self.files))

    def patched(self, patches: Iterable[tuple[Patch, bytes]]) -> Library:
        """The same library with patches applied, each with the bytes it was read from. Raises ``LawError``."""
        found = copy.copy(self)
        found.files, found._bytes = dict(self.files), dict(self._bytes)
        found._laws, found._digests = {}, {}
        for patch, content in patches:
            if patch.code not in found.files:
                raise LawError(
                    f"The patch is for {patch.code!r}, but there is no {patch.code}.toml."
                )
            file = found.files[patch.code] = patched(found.files[patch.code], patch)
            found._bytes[patch.code] += content
            for series, entries in file.series().items():
                check_series(f"{patch.code}/{series}", entries)
        return found

    def _read_all(self, law: list[tuple[str, bytes]]) -> None:
        for name, content in law:
            self._read(name, content)

    def _read(self, name: str, content: bytes) -> None:
        try:
            raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
            file = msgspec.convert(raw, LawFile)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LawError(f"{name}: {of_toml(error, content)}") from error
        except msgspec.ValidationError as error:
            raise LawError(f"{name}: {of_table(error, LawFile)}") from error
        if name != f"{file.code}.toml":
            small = file.code.lower()
            raise LawError(
                f"{name} says code = {file.code!r}: "
                + (
                    f"name the file {small}.toml."
                    if name != f"{small}.toml"
                    else f"write {small!r}."
                )
            )
        if file.code in self.files:
            raise LawError(
                f"{name}: there is already law for {file.code!r}, with Pratique or in an earlier folder. A later "
                "folder adds places, it replaces none: take the file out, or give an invented place another code."
            )
        for series, entries in file.series().items():
            check_series(f"{file.code}/{series}", entries)
        self.files[file.code] = file
        self._bytes[file.code] = content

    def _find_tariff(self, path: Traversable) -> None:
        """Tariffs are long: each is read when the law of its place is first asked for."""
        code = path.name.removesuffix(_TARIFF)
        if code not in self.files:
            raise LawError(f"{path.name} has no law file {code}.toml beside it.")
        if code in self._tariffs:
            raise LawError(f"{path}: there is already a tariff for {code!r}.")
        self._tariffs[code] = path

    def tariff(self, code: str) -> Tariff:
        """The tariffs of a place and of the unions above it, as one. Raises ``LawError``."""
        having = tuple(file.code for file in self._chain(code) if file.code in self._tariffs)
        if not having:
            return NO_TARIFF
        if having not in self._read_tariffs:
            paths = [self._tariffs[each] for each in having]
            lines = (line for path in paths for line in read_tariff(path.name, path.read_bytes()))
            self._read_tariffs[having] = Tariff(lines)
        return self._read_tariffs[having]

    def own_tariff(self, code: str) -> tuple[TariffLine, ...]:
        """The lines of the tariff of that file alone, without the unions above it. Raises ``LawError``."""
        path = self._tariffs.get(code)
        return tuple(read_tariff(path.name, path.read_bytes())) if path else ()

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
                self.tariff(place),
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
        if code not in self._digests:
            content = []
            for file in self._chain(code):
                path = self._tariffs.get(file.code)
                content.append(self._bytes[file.code] + (path.read_bytes() if path else b""))
            self._digests[code] = hashlib.sha256(b"\0".join(content)).hexdigest()
        return self._digests[code]


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
    own = [entry.from_ for file in chain for entry in file.money if entry.is_known(known_on)]
    first = min(own) if own else None
    return tuple(sorted(day for day in days if first is not None and day >= first))


def is_law_file(name: str) -> bool:
    """Whether a file of that name is law: ``xx.toml``, not ``xx.cases.toml`` and the like beside it."""
    return name.endswith(".toml") and "." not in name.removesuffix(".toml")


def check_series(name: str, entries: tuple[Dated, ...]) -> None:
    """A series names its sources, goes oldest first and does not overlap. Raises ``LawError``."""
    last = name.rpartition("/")[2]
    if not _NAME.match(last):
        better = re.sub(r"[^a-z0-9]+", "_", last.lower()).strip("_")
        raise LawError(
            f"{name}: names are lower case letters, digits and underscores. Call it {better}."
        )
    for entry in entries:
        where = f"{name} from {entry.from_}"
        if not entry.source.strip():
            raise LawError(f"{where}: no source. Say which act, article or page it rests on.")
        if entry.until is not None and entry.until <= entry.from_:
            raise LawError(
                f"{where}: until {entry.until} is not after it. It is the first day no longer in force."
            )
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


def read_tariff(name: str, content: bytes) -> Iterator[TariffLine]:
    """Lines of a tariff file (docs/guides/tariffs.md). Raises ``LawError`` with the line that cannot be trusted."""
    try:
        rows = csv.DictReader(content.decode("utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        raise LawError(
            f"{name}: is not UTF-8 at byte {error.start}. Save it as CSV in UTF-8."
        ) from error
    columns = list(rows.fieldnames or ())
    lacking = [each for each in ("hs", "rate", "from", "source") if each not in columns]
    if lacking:
        why = (
            "columns are parted by commas"
            if ";" in "".join(columns)
            else "its first line names the columns"
        )
        raise LawError(
            f"{name} line 1: there is no column {lacking[0]}: {why}, as hs,rate,from,until,source,url."
        )
    for number, row in enumerate(rows, start=2):
        yield _tariff_line(name, number, row)


def _tariff_line(name: str, number: int, row: Mapping[str, Any]) -> TariffLine:
    where = f"{name} line {number}"
    if any(row[each] is None for each in ("hs", "rate", "from", "source")):
        raise LawError(f"{where}: has fewer columns than the first line. Give each its comma.")
    code, rate, source = row["hs"].strip(), row["rate"].strip(), row["source"].strip()
    start = _tariff_day(where, "from", row["from"])
    until = _tariff_day(where, "until", row["until"]) if row.get("until") else None
    if not (code.isdigit() and code.isascii()):
        raise LawError(f"{where}: hs {code!r} is no code: write digits alone, as 6403.")
    if not source:
        raise LawError(f"{where}: has no source. Say which act, edition or page it rests on.")
    duty = parse_duty(rate.removeprefix(IN_WORDS))
    if rate.startswith(IN_WORDS):
        duty = msgspec.structs.replace(duty, form="text")
    elif duty.form == "text":
        plain = re.fullmatch(r"(\d+)(?:[.,](\d+))?\s*%?", rate)
        better = plain and ".".join(each for each in plain.groups() if each)
        raise LawError(
            f"{where}: {rate!r} is not a rate"
            + (f": write {better}%." if better else ", as 12.5%, 4.4 USD / KGM MIN 8% or Free.")
            + f" What only a person can apply is written {IN_WORDS}…"
        )
    preference = (row.get("preference") or "").strip().lower()
    origins = frozenset((row.get("origins") or "").split())
    if preference not in ("", "yes", "no") or not all(map(_COUNTRY.match, origins)):
        raise LawError(
            f"{where}: origins are codes of two letters with blanks between them, preference is yes or no."
        )
    return TariffLine(
        hs=code,
        duty=duty,
        valid_from=start,
        valid_until=until,
        origins=origins,
        preference=preference == "yes",
        rule=f"{name.removesuffix('.csv')}/{code}@{start}",
        source=source,
        url=row.get("url") or "",
    )


def _tariff_day(where: str, column: str, text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise LawError(
            f"{where}: {column} {text!r} is no day: write it as 2024-07-01, year first."
        ) from error


def snapshots(library: Library, code: str) -> Iterator[Law]:
    """Every version of the law of ``code``, oldest first."""
    for day in library.change_dates(code):
        yield library.law_in_force(code, day)


def template(code: str, name: str, ending: str = ".toml") -> str:
    """The text of a law file, or of one of restrictions, to begin with, for the place of that code and name."""
    text = resources.files("pratique.jurisdictions").joinpath(f"zz{ending}").read_text("utf-8")
    text = text.replace('code = "zz"', f'code = "{code.lower()}"', 1)
    return text.replace('name = "Template for a small administration"', f'name = "{name}"', 1)
