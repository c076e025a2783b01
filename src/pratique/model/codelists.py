"""Is this a code of the list? ISO countries and currencies, HS 2022, UN/ECE units and packages, UN numbers.

Lists are read once, when first asked. Sources and licences: README beside the files in ``codes``.
"""

from __future__ import annotations

import csv
import functools
import re
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Final

_FACTOR: Final = re.compile(
    r"(?P<number>(?!10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])\d[\d ]*(?:,[\d ]*\d)?)?(?: ?x? ?10(?P<power>[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?: ?(?P<unit>[^\d\s][^\s]*))?"
)
"""Conversion factors as Recommendation 20 prints them: ``0,453 592 37 kg``, ``10⁻³ m³``, ``12``."""
_RAISED: Final = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SMALL: Final = {"mg": (-6, "kg"), "g": (-3, "kg")}
_USER_ASSIGNED: Final = frozenset(
    {"AA", "ZZ"}
    | {f"Q{chr(letter)}" for letter in range(ord("M"), ord("Z") + 1)}
    | {f"X{chr(letter)}" for letter in range(ord("A"), ord("Z") + 1)}
)
"""ISO 3166-1 codes that users may give a meaning of their own; here also places made up for tests."""


@functools.cache
def _table(name: str) -> dict[str, tuple[str, ...]]:
    text = resources.files("pratique.model").joinpath("codes", f"{name}.csv").read_text("utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return {row[0]: tuple(row[1:]) for row in rows}


@functools.cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, assigned or left to users."""
    return _USER_ASSIGNED.union(_table("countries"))


def is_country(code: str) -> bool:
    """Whether ``code`` is an ISO 3166-1 alpha-2 code, assigned or left to users."""
    return code in countries()


def country_name(code: str) -> str:
    """English short name of a country, the code itself when it has none."""
    return _table("countries").get(code, (code,))[0] or code


@functools.lru_cache(maxsize=8192)
def is_currency(code: str, on: date | None = None) -> bool:
    """Whether ``code`` is an ISO 4217 currency that was not yet withdrawn on that day (None: never withdrawn)."""
    row = _table("currencies").get(code)
    if row is None:
        return False
    return not row[2] or (on is not None and f"{on:%Y-%m}" < row[2])


@functools.lru_cache(maxsize=512)
def minor_unit(currency: str) -> int:
    """Decimal places of a currency; 2 when ISO 4217 gives none."""
    row = _table("currencies").get(currency)
    return int(row[1]) if row is not None and row[1] else 2


@functools.lru_cache(maxsize=8192)
def is_hs(code: str) -> bool:
    """Whether ``code`` is of digits, of which the first (2, 4 or 6) are in the Harmonized System of 2022."""
    if not (code.isascii() and code.isdigit()):
        return False
    length = 6 if len(code) >= 6 else 4 if len(code) >= 4 else 2
    return code[:length] in _table("hs2022")


@functools.lru_cache(maxsize=4096)
def hs_below(code: str) -> tuple[str, ...]:
    """The subheadings (six digits) of a chapter or heading."""
    return tuple(each for each in _table("hs2022") if len(each) == 6 and each.startswith(code))


def hs_text(code: str) -> str:
    """What the Harmonized System says of a chapter, heading or subheading; empty when it has no such code."""
    return _table("hs2022").get(code, ("",))[0]


@functools.lru_cache(maxsize=8192)
def is_unit(code: str) -> bool:
    """Whether ``code`` is a unit of UN/ECE Recommendation 20."""
    return code in _table("units")


def unit_name(code: str) -> str:
    """Name of a unit of Recommendation 20, the code itself when it has none."""
    return _table("units").get(code, (code,))[0]


@functools.lru_cache(maxsize=512)
def unit_size(code: str) -> tuple[Decimal, str] | None:
    """How much one unit of Recommendation 20 holds of its base unit: (1000, "kg") for TNE.

    None for units without a factor, or with one this cannot read.
    """
    row = _table("units").get(code)
    return _size(row[1]) if row is not None and len(row) > 1 else None


def _size(text: str) -> tuple[Decimal, str] | None:
    found = _FACTOR.fullmatch(text.replace("\xa0", " ").strip())
    if found is None or not text.strip():
        return None
    number = Decimal((found["number"] or "1").replace(" ", "").replace(",", "."))
    if found["power"] is not None:
        number = number.scaleb(int(found["power"].translate(_RAISED)))
    unit = found["unit"] or ""
    scale, base = _SMALL.get(unit, (0, unit))
    return number.scaleb(scale), base


def is_package(code: str) -> bool:
    """Whether ``code`` is a package type of UN/ECE Recommendation 21."""
    return code in _table("packages")


def is_undg(number: str) -> bool:
    """Whether ``number`` is a UN number of dangerous goods."""
    return number in _table("undg")
