"""Can these law files be trusted? Everything a machine can find wrong with them without any parcel.

``check_folders`` is for files somebody is still writing: one file that cannot be read does not hide the
faults of the others, and an entry without a source is one fault among many. ``check_library`` is for law
that loads: it builds every dated version of every place, so that a unit error or a missing name is found
now and not on the day it would strike.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Final

from pratique.errors import LawError
from pratique.jurisdictions.cases import SUFFIX, read_cases
from pratique.jurisdictions.check_restrictions import restriction_faults
from pratique.jurisdictions.faults import LawFault, entry_faults, file_of, from_error
from pratique.jurisdictions.reach import unreachable
from pratique.jurisdictions.reader import Library, is_law_file
from pratique.jurisdictions.schema import (
    FAMILIES,
    ChargeEntry,
    Dated,
    LawFile,
    ListEntry,
    MeasureEntry,
    MoneyEntry,
    ParameterEntry,
    RefundEntry,
    RegimeEntry,
    RemarkEntry,
    RequirementEntry,
    ThresholdEntry,
    in_force,
)
from pratique.jurisdictions.wording import of_toml
from pratique.rules.law import Law
from pratique.rules.syntax import Node, parse
from pratique.rules.tariff import TariffLine
from pratique.rules.types import Expr

_ENTRIES: Final[dict[str, type[Dated]]] = {
    "parameter": ParameterEntry,
    "list": ListEntry,
    "measure": MeasureEntry,
    "regime": RegimeEntry,
    "threshold": ThresholdEntry,
    "charge": ChargeEntry,
    "caution": RemarkEntry,
    "question": RemarkEntry,
    "refund": RefundEntry,
    "requirement": RequirementEntry,
}
_CODE: Final = re.compile(r"[a-z]{2}\Z")
_RULES: Final = ("value", "when", "holds", "base", "rate", "amount", "group")
"""Keys of an entry that hold a text of the rule language."""
_NAMED: Final = ("list", "parameter", "measure")
"""Families whose entries count only where another rule names them."""


def check_folders(folders: Iterable[Traversable]) -> tuple[LawFault, ...]:
    """Every fault of the law files, published examples and restrictions in these folders, read together."""
    return read_folders(folders)[0]


def read_folders(
    folders: Iterable[Traversable],
) -> tuple[tuple[LawFault, ...], Library | None]:
    """The same, and the library they make; None when a file cannot be read at all."""
    folders = tuple(folders)
    found = [fault for folder in folders for fault in _files(folder)]
    library = None
    if not found:
        try:
            library = Library(folders)
            found.extend(check_library(library))
        except LawError as error:
            found.append(from_error("", error))
    found += [fault for folder in folders for fault in _cases(folder)]
    return (*found, *restriction_faults(folders)), library


def check_library(library: Library) -> tuple[LawFault, ...]:
    """Every fault of law that loads: versions that do not build, entries that never count. Empty is well."""
    survey = _Survey(library)
    for code in library.codes():
        survey.place(code)
    for file in library.files.values():
        survey.file(file)
    for code in library.files:
        survey.tariff(code, library.own_tariff(code))
    return tuple(survey.faults.values())


class _Survey:
    """Every version of every place, built once: what does not build, and what never counts."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.faults: dict[tuple[str, str], LawFault] = {}
        self.in_force: set[int] = set()
        self.read: set[int] = set()
        self.reached: dict[str, set[str]] = {}
        self.known: dict[str, set[str]] = {}
        self.broken: set[str] = set()

    def add(self, about: str, entry: str, message: str) -> None:
        """Keep the first fault of its kind for an entry, not one for each version it is in."""
        code = entry.partition("/")[0]
        fault = LawFault(file=file_of(code), entry=entry, message=message)
        self.faults.setdefault((about, entry), fault)

    def place(self, code: str) -> None:
        """Builds every version of one place, and notes which entries are in force and which are read."""
        chain = self.library._chain(code)
        self.reached[code] = set()
        self.known[code] = {key for file in chain for key in file.series()}
        days = self.library.change_dates(code)
        versions: list[tuple[date, date | None]]
        if not days:
            self.add(
                "money",
                code,
                "no [[money]] entry: say which currency its amounts are in, and since when",
            )
        versions = [(day, None) for day in days]
        for known_on in self.library.knowledge_dates(code):
            versions += [(day, known_on) for day in self.library.change_dates(code, known_on)]
        built: set[frozenset[int]] = set()
        for day, known in versions:
            held = [
                (name, file.code, entry)
                for file in chain
                for name, series in file.series().items()
                if (entry := in_force(series, day, known)) is not None
            ]
            same = frozenset(id(entry) for _, _, entry in held)
            if same in built:
                continue  # the same entries make the same law, whenever they were known
            built.add(same)
            try:
                law = self.library.law_in_force(code, day, known)
            except LawError as error:
                fault = from_error(file_of(code), error, day)
                self.faults.setdefault(("build", fault.entry), fault)
                self.broken.add(code)
                continue
            entries = {name: (home, entry) for name, home, entry in held}
            self.in_force.update(id(entry) for _, entry in entries.values())
            named = _named(entry for _, entry in entries.values())
            self.read.update(id(entries[key][1]) for key in named if key in entries)
            self.regimes(code, law)
            for name, (home, entry) in entries.items():
                if isinstance(entry, ChargeEntry):
                    self.charge(f"{home}/{name}@{entry.from_}", entry, entries, code, day)

    def regimes(self, code: str, law: Law) -> None:
        """Regimes nothing can reach, and a list of regimes that does not end in one for the rest."""
        lost = {regime.name: takers for regime, takers in unreachable(law)}
        for regime in law.regimes:
            if regime.name not in lost:
                self.reached[code].add(regime.name)
                continue
            takers = ", ".join(repr(each) for each in lost[regime.name])
            why = (
                f"{takers} takes every such parcel first" if takers else "its condition never holds"
            )
            self.add(
                "reach",
                regime.citation.rule,
                f"cannot be reached on {law.valid_from}: {why}. "
                "Give it a lower order, or narrow the one before it.",
            )
        if not any(_takes_all(regime.when) for regime in law.regimes):
            self.add(
                "last",
                f"{code}/regime",
                f"none takes what no other takes on {law.valid_from}, so that some parcels get no "
                "answer. End with one whose when is 'direction == \"import\"'.",
            )

    def charge(
        self,
        where: str,
        entry: ChargeEntry,
        entries: Mapping[str, Any],
        code: str,
        day: date,
    ) -> None:
        """A charge whose regimes are misspelt, or none of them in force on a day the charge is."""
        strange = sorted(each for each in entry.regimes if f"regime/{each}" not in self.known[code])
        if strange:
            self.add(
                "spelling",
                where,
                f"belongs to regimes that are in no entry: {', '.join(strange)}. "
                "Write them as in [[regime.…]].",
            )
        elif not any(f"regime/{each}" in entries for each in entry.regimes):
            self.add(
                "idle",
                where,
                f"belongs to no regime in force on {day}. Name its regimes, or end it with until.",
            )

    def file(self, file: LawFile) -> None:
        """Entries of a file that no day and no rule ever needs."""
        if not _CODE.match(file.code):
            self.add(
                "code",
                file.code,
                "is no place. Use the two small letters of ISO 3166, or a code it leaves to users, as zz.",
            )
        places = [code for code in self.reached if file in self.library._chain(code)]
        if not places:
            self.add("members", file.code, "no member names this union in `within`. Add one.")
        if not places or self.broken & set(places):
            return  # what a version that does not build would have used cannot be told
        reached = {regime for code in places for regime in self.reached[code]}
        known = {key for code in places for key in self.known[code]}
        for key, series in file.series().items():
            for entry in series:
                for about, message in self.useless(key, entry, reached, known):
                    self.add(about, f"{file.code}/{key}@{entry.from_}", message)

    def useless(
        self, key: str, entry: Dated, reached: set[str], known: set[str]
    ) -> Iterator[tuple[str, str]]:
        """Why an entry never counts, and what to do."""
        if id(entry) not in self.in_force:
            yield (
                "never",
                "is never in force in any law. Check its dates against [[money]], or take it out.",
            )
            return
        if key.partition("/")[0] in _NAMED and id(entry) not in self.read:
            yield (
                "unread",
                "is named by no rule in force with it. Use it in a rule, or take it out.",
            )
        if isinstance(entry, ChargeEntry):
            existing = {each for each in entry.regimes if f"regime/{each}" in known}
            if existing and not reached & existing:
                yield (
                    "unreachable",
                    f"is never charged: nothing ever reaches {', '.join(sorted(existing))}.",
                )
        if isinstance(entry, ThresholdEntry):
            strange = sorted(each for each in entry.charges if f"charge/{each}" not in known)
            if strange or not entry.charges:
                yield (
                    "relieves",
                    f"relieves no charge there is: {', '.join(strange) or 'it names none'}. "
                    "Write them as in [[charge.…]].",
                )

    def tariff(self, code: str, lines: Iterable[TariffLine]) -> None:
        """Tariff lines of which two hold for the same code on the same day."""
        last: dict[tuple[Any, ...], TariffLine] = {}
        for line in sorted(lines, key=lambda each: (each.hs, each.valid_from)):
            key = (line.hs, line.preference, line.origins)
            before = last.get(key)
            if before and (before.valid_until is None or before.valid_until > line.valid_from):
                self.add(
                    "overlap",
                    f"{code}.tariff/{line.hs}@{line.valid_from}",
                    f"overlaps the line from {before.valid_from}. Give that one an until.",
                )
            last[key] = line


def _files(folder: Traversable) -> Iterator[LawFault]:
    """Faults of single files: not TOML, unknown or missing keys, no source, no address."""
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if not is_law_file(path.name):
            continue
        try:
            content = path.read_bytes()
            raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            yield LawFault(file=path.name, entry=path.name, message=of_toml(error, content))
            continue
        yield from _tables(path.name, raw)


def _tables(name: str, raw: Mapping[str, Any]) -> Iterator[LawFault]:
    code = name.removesuffix(".toml")
    families = {family: raw[family] for family in FAMILIES if isinstance(raw.get(family), dict)}
    head = {key: value for key, value in raw.items() if key not in families and key != "money"}
    yield from entry_faults(name, code, LawFile, head)
    series: dict[str, tuple[type[Dated], Any]] = {"money": (MoneyEntry, raw.get("money", []))}
    for family, entries in families.items():
        series |= {f"{family}/{key}": (_ENTRIES[family], each) for key, each in entries.items()}
    for key, (kind, entries) in series.items():
        if not isinstance(entries, list):
            yield LawFault(
                file=name,
                entry=f"{code}/{key}",
                message="is one table, not a series. Write it with double brackets: [[…]].",
            )
            continue
        for entry in entries:
            start = entry.get("from", "?") if isinstance(entry, dict) else "?"
            yield from entry_faults(name, f"{code}/{key}@{start}", kind, entry)


def _cases(folder: Traversable) -> Iterator[LawFault]:
    """Faults of the published examples: unreadable, without source, or of a place without law."""
    names = {path.name for path in folder.iterdir()}
    for name in sorted(each for each in names if each.endswith(SUFFIX)):
        law = f"{name.removesuffix(SUFFIX)}.toml"
        if law not in names:
            yield LawFault(file=name, entry=name, message=f"there is no {law} beside it. Add it.")
        try:
            read_cases((folder / name).read_bytes(), name)
        except LawError as error:
            yield from_error(name, error)


def _named(entries: Iterable[Dated]) -> Iterator[str]:
    """Keys of the lists, parameters and measures that these entries name."""
    for entry in entries:
        if isinstance(entry, ListEntry | MoneyEntry):
            continue
        for key in _RULES:
            text = getattr(entry, key, "")
            for name in _names(parse(text)) if text else ():
                family, _, last = name.rpartition(".")
                yield from (f"list/{last}",) if family == "list" else _values(last)


def _values(name: str) -> tuple[str, str]:
    return f"parameter/{name}", f"measure/{name}"


def _names(node: Node) -> Iterator[str]:
    if node.kind == "name":
        yield node.text
    for arg in node.args:
        yield from _names(arg)


def _takes_all(expr: Expr) -> bool:
    """Whether the condition holds for every import."""
    if expr.op == "or":
        return any(_takes_all(arg) for arg in expr.args)
    if expr.op == "and":
        return all(_takes_all(arg) for arg in expr.args)
    if expr.op != "eq":
        return False
    left, right = expr.args
    return left.name == "direction" and right.op == "const" and right.value == "import"
