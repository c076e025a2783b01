"""Can these files of restrictions and of goods be trusted? Everything a machine can find wrong with them.

One file that cannot be read does not hide the faults of the others. Goods and restrictions are held against each
other only when each file by itself is sound: a misspelt name would else be told twice.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Final

from pratique.errors import LawError
from pratique.jurisdictions.faults import LawFault, entry_faults, from_error
from pratique.jurisdictions.reader import check_series
from pratique.jurisdictions.restriction_schema import (
    GoodsEntry,
    GoodsFile,
    RestrictionEntry,
    RestrictionFile,
)
from pratique.jurisdictions.restrictions import GOODS, RESTRICTIONS, files_of, read
from pratique.jurisdictions.wording import of_toml
from pratique.model.codelists import is_country
from pratique.model.restrictions import Phrases

_HS: Final = re.compile(r"\d{2,12}(-\d{2,12})?\Z")
_UN: Final = re.compile(r"\d{4}(-\d{4})?\Z")
_LANGUAGE: Final = re.compile(r"[a-z]{2}\Z")
_CODE: Final = re.compile(r"[a-z]{2,}\Z")


def restriction_faults(folders: Iterable[Traversable]) -> tuple[LawFault, ...]:
    """Every fault of the files of restrictions and of goods in these folders, read together."""
    paths = [path for folder in folders for path in files_of(folder)]
    found = [fault for path in paths for fault in _file(path)]
    return tuple(found or _together(paths))


def _file(path: Traversable) -> Iterator[LawFault]:
    """Faults of one file by itself."""
    try:
        content = path.read_bytes()
        raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        yield LawFault(file=path.name, entry=path.name, message=of_toml(error, content))
        return
    yield from (_goods if path.name.endswith(GOODS) else _restrictions)(path.name, raw)


def _goods(name: str, raw: Mapping[str, Any]) -> Iterator[LawFault]:
    head = {**raw, "goods": {}}
    yield from entry_faults(name, name, GoodsFile, head)
    kinds = raw.get("goods")
    for kind, value in kinds.items() if isinstance(kinds, dict) else ():
        where = f"goods/{kind}"
        faults = list(entry_faults(name, where, GoodsEntry, value))
        faults = faults or [
            LawFault(file=name, entry=where, message=each) for each in _odd_goods(value)
        ]
        yield from faults


def _odd_goods(value: Mapping[str, Any]) -> Iterator[str]:
    """What is odd about one kind of goods whose keys are well."""
    lists: list[Phrases] = [value.get(key, {}) for key in ("words", "hints", "unless")]
    for language in {each for phrases in lists for each in phrases}:
        if not _LANGUAGE.match(language):
            yield f"{language!r} is no language: two small letters of ISO 639, as in words.en."
    if any(not phrase.strip() for by in lists for each in by.values() for phrase in each):
        yield "has an empty phrase. Take it out."
    for key in ("hs", "hs_partly", "hs_with_hint"):
        for code in value.get(key, ()):
            if not _HS.match(code) or not _runs(code):
                yield f"{key} {code!r}: codes are digits, ranges two of one length, as 9301-9303."
    for number in value.get("un", ()):
        if not _UN.match(number) or not _runs(number):
            yield f"un {number!r}: UN numbers have four digits, ranges go up, as 3480-3481."
    told = ("words", "hints", "hs", "hs_partly", "un")
    if not any(value.get(key) for key in told):
        yield f"nothing tells these goods. Give {', '.join(told[:-1])} or {told[-1]}."


def _runs(listed: str) -> bool:
    first, dash, last = listed.partition("-")
    return not dash or (len(first) == len(last) and first < last)


def _restrictions(name: str, raw: Mapping[str, Any]) -> Iterator[LawFault]:
    code = name.removesuffix(RESTRICTIONS)
    yield from entry_faults(name, code, RestrictionFile, {**raw, "restriction": {}})
    if raw.get("code") != code or not _CODE.match(code):
        yield LawFault(
            file=name,
            entry=code,
            message=f"says code = {raw.get('code')!r}: small letters, and the file named by them.",
        )
    series = raw.get("restriction")
    for key, entries in series.items() if isinstance(series, dict) else ():
        where = f"{code}/restriction/{key}"
        if not isinstance(entries, list):
            yield LawFault(
                file=name,
                entry=where,
                message="is one table, not a series. Write it with double brackets: [[…]].",
            )
            continue
        for entry in entries:
            start = entry.get("from", "?") if isinstance(entry, dict) else "?"
            at = f"{where}@{start}"
            faults = list(entry_faults(name, at, RestrictionEntry, entry))
            yield from faults or [
                LawFault(file=name, entry=at, message=each) for each in _odd_restriction(entry)
            ]


def _odd_restriction(entry: Mapping[str, Any]) -> Iterator[str]:
    """What is odd about one restriction whose keys are well."""
    for key in ("what", "because", "goods"):
        if not entry[key]:
            yield f"{key} is empty. Say it."
    if entry["effect"] == "permit" and "permit" not in entry:
        yield "needs a permit, and does not say which: permit = { name = …, authority = … }."
    if entry["effect"] == "conditions" and not (entry.get("conditions") or entry.get("limits")):
        yield "holds under conditions, and does not say which: conditions or limits."
    strange = [
        place
        for key in ("origins", "not_sent_from")
        for place in entry.get(key, ())
        if not is_country(place)
    ]
    if strange:
        yield f"{', '.join(strange)}: places are written as in ISO 3166, as CN."


def _together(paths: Iterable[Traversable]) -> Iterator[LawFault]:
    """Faults of sound files held against each other."""
    homes: dict[str, str] = {}
    files: dict[str, RestrictionFile] = {}
    for path in paths:
        if path.name.endswith(GOODS):
            for name in read(path, GoodsFile).goods:
                if name in homes:
                    message = f"is in {homes[name]} already. Keep one of them."
                    yield LawFault(file=path.name, entry=f"goods/{name}", message=message)
                homes[name] = path.name
            continue
        if path.name in files:
            yield LawFault(
                file=path.name,
                entry=path.name,
                message="is in two folders, and a later folder adds places, it replaces none. Take one of the "
                "two out, or give the place of your own file another code.",
            )
        files[path.name] = read(path, RestrictionFile)
    used: set[str] = set()
    for file_name, file in files.items():
        for name, entries in file.restriction.items():
            where = f"{file.code}/restriction/{name}"
            try:
                check_series(where, entries)
            except LawError as error:
                yield from_error(file_name, error)
            for entry in entries:
                used.update(entry.goods)
                strange = [each for each in entry.goods if each not in homes]
                if strange:
                    message = f"no goods are named {', '.join(strange)}. Write them as in a file *{GOODS}."
                    yield LawFault(file=file_name, entry=f"{where}@{entry.from_}", message=message)
    for name, home in homes.items():
        if name not in used:
            message = "no restriction speaks of these goods. Use them in one, or take them out."
            yield LawFault(file=home, entry=f"goods/{name}", message=message)
