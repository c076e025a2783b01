"""What are the rules of the game? Rule file and tables, to values; each with its source.

Raises ``LawError`` for a file that cannot be relied on: what, where, and what to do.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any, Final, Literal

import msgspec

from pratique.errors import LawError

Action = Literal["inspection", "physical_examination", "hold_for_permit", "valuation_alert"]
SECTION_COLUMNS: Final = ("Chapter_Start", "Chapter_End", "Simplified_Duty_Rate")
HEADING_COLUMNS: Final = ("hs_code", "tariff_rate")
_NUMBER: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Root of what stands in a rule file: a key nobody knows is an error."""


class Figure(_Strict, frozen=True, kw_only=True):
    """A figure of the game and where it is written."""

    value: Decimal
    source: str


class Settings(_Strict, frozen=True, kw_only=True):
    """How the open points of the brief are read; ``rules.toml`` says what each means."""

    time_zone: str
    timestamps_without_offset: Literal["place", "utc"]
    summed: Literal["line_prices", "order_totals"]
    split: Literal["two_orders", "each_under"]
    compared: Literal["unrounded", "rounded"]
    rounding: Literal["half_up", "half_even"]
    rounding_step: Decimal
    profile_value: Literal["line", "importer_day"]
    plurals: bool
    tariff_rate_unit: Literal["percent", "fraction"]


class Profile(_Strict, frozen=True, kw_only=True):
    """Words that ask for an action; with ``over``, only above that value in the game's currency."""

    id: str
    title: str
    keywords: tuple[str, ...]
    action: Action
    ask: str
    source: str
    over: Decimal | None = None


class ReasonRule(_Strict, frozen=True, kw_only=True):
    """A reason code, what it says, and where that is written."""

    code: str
    says: str
    source: str


class Rules(_Strict, frozen=True, kw_only=True):
    """The whole rule file."""

    name: str
    source: str
    published: date
    seen: date
    declared_currency: str
    currency: str
    exchange_rate: Figure
    threshold: Figure
    settings: Settings
    profile: tuple[Profile, ...]
    reason: tuple[ReasonRule, ...]


class Rate(msgspec.Struct, frozen=True):
    """A rate of duty as a fraction, and the line of the tariff it stands in."""

    rate: Decimal
    line: str


class Tariff:
    """Rates by the beginning of an HS code: the longest that is listed counts."""

    def __init__(self, rates: dict[str, Rate], name: str, digest: str) -> None:
        self._rates = rates
        self._lengths = sorted({len(code) for code in rates}, reverse=True)
        self.name = name
        self.digest = digest

    def rate(self, hs_code: str) -> Rate | None:
        """The rate for a code; None when the tariff has none."""
        for length in self._lengths:
            found = self._rates.get(hs_code[:length])
            if found is not None and len(hs_code) >= length:
                return found
        return None


def shipped(name: str) -> bytes:
    """A file of the scenario."""
    return resources.files("pratique.scenarios.four_gates").joinpath(name).read_bytes()


def read_rules(other: bytes | None = None, name: str = "profiles.toml") -> tuple[Rules, str]:
    """The rules, and the SHA-256 of what they were read from.

    ``other`` may have ``settings``, of which those named count, and ``profile``, which stand in place of all shipped.
    """
    own = shipped("rules.toml")
    values = _toml(own, "rules.toml")
    if other is not None:
        given = _toml(other, name)
        strange = sorted(set(given) - {"settings", "profile"})
        if strange or not isinstance(given.get("settings", {}), dict):
            what = f"the key {strange[0]!r}" if strange else "settings that are no table"
            raise LawError(f"{name} has {what}: it may have [settings] and [[profile]].")
        values["settings"] = {**values["settings"], **given.get("settings", {})}
        values["profile"] = given.get("profile", values["profile"])
    try:
        rules = msgspec.convert(values, Rules)
    except msgspec.ValidationError as error:
        raise LawError(
            f"{name}: {error}. The shipped rules.toml shows how it is written."
        ) from error
    _check(rules, name)
    return rules, hashlib.sha256(own + b"\0" + (other or b"")).hexdigest()


def _check(rules: Rules, name: str) -> None:
    for each in rules.profile:
        if not each.keywords or not all(any(map(str.isalnum, word)) for word in each.keywords):
            raise LawError(f"{name}: profile {each.id} has no keywords, or one without letters.")
    if len({each.id for each in rules.profile}) < len(rules.profile):
        raise LawError(f"{name}: two profiles have the same id.")
    figures = [each.over for each in rules.profile if each.over is not None]
    for value in (*figures, rules.settings.rounding_step):
        if not value.is_finite() or value < 0:
            raise LawError(f"{name}: {value} is no amount.")
    if rules.settings.rounding_step.normalize().as_tuple().digits != (1,):
        raise LawError(f"{name}: rounding_step is a power of ten, as 0.01.")


def _toml(data: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode(), parse_float=Decimal)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise LawError(f"{name} is not TOML: {error}.") from error


def read_tariff(data: bytes, name: str, unit: str) -> Tariff:
    """A tariff table in either shape: by heading (``hs_code, tariff_rate``), or by section and chapters."""
    lines = list(_csv(data, name))
    columns = tuple(lines[0][1]) if lines else ()
    rates: dict[str, Rate] = {}
    for number, row in lines:
        where = f"{name}, line {number}"
        if set(HEADING_COLUMNS) <= set(columns):
            codes, rate = [_code(row["hs_code"], where)], row["tariff_rate"]
        elif set(SECTION_COLUMNS) <= set(columns):
            codes, rate = _chapters(row, where), row["Simplified_Duty_Rate"]
        else:
            break
        for code in codes:
            if code in rates:
                raise LawError(f"{where}: {code} stands twice; keep one.")
            rates[code] = Rate(_rate(rate, unit, where), where)
    if not rates:
        raise LawError(
            f"{name} is no tariff: its columns are {', '.join(HEADING_COLUMNS)}, or {', '.join(SECTION_COLUMNS)}."
        )
    return Tariff(rates, name, hashlib.sha256(data).hexdigest())


def _csv(data: bytes, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        reader = csv.DictReader(data.decode("utf-8-sig").splitlines(), strict=True)
        for row in reader:
            if None in row or None in row.values():
                raise LawError(
                    f"{name}, line {reader.line_num}: other columns than the first line."
                )
            yield reader.line_num, {key.strip(): value.strip() for key, value in row.items()}
    except (UnicodeDecodeError, csv.Error) as error:
        raise LawError(f"{name} is no CSV in UTF-8: {error}.") from error


def _code(text: str, where: str) -> str:
    code = text.replace(".", "").replace(" ", "")
    if not (code.isascii() and code.isdigit() and 2 <= len(code) <= 10):
        raise LawError(f"{where}: {text!r} is no HS code of 2 to 10 digits.")
    return code


def _chapters(row: dict[str, str], where: str) -> list[str]:
    bounds = [row[name] for name in SECTION_COLUMNS[:2]]
    if not all(re.fullmatch(r"[0-9]{1,2}", each) for each in bounds) or int(bounds[0]) > int(
        bounds[1]
    ):
        raise LawError(f"{where}: chapters run from 1 to 99, the first no larger than the last.")
    return [f"{chapter:02}" for chapter in range(int(bounds[0]), int(bounds[1]) + 1)]


def _rate(text: str, unit: str, where: str) -> Decimal:
    bare = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(bare):
        raise LawError(f"{where}: {text!r} is no rate; write it as 12.5.")
    percent = text.endswith("%") or unit == "percent"
    return Decimal(bare).scaleb(-2) if percent else Decimal(bare)
