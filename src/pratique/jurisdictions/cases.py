"""What did the administration itself reckon? Published worked examples beside each law file, read strictly.

``xx.cases.toml`` holds examples others published, with their source; the tests run every one of them
against the law. The numbers are theirs, never taken from the law file they test.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources.abc import Traversable
from typing import Any, Final

import msgspec

from pratique.errors import LawError
from pratique.jurisdictions.wording import of_table, of_toml
from pratique.model.batch import MODES
from pratique.model.declaration import Channel, Flow
from pratique.model.evidence import Prior

SUFFIX: Final = ".cases.toml"
LINE_KEYS: Final = (
    "hs",
    "value",
    "qty",
    "origin",
    "what",
    "duty",
    "other_duty",
    "weight_kg",
    "unit_value",
    "preference",
)
_AMOUNTS: Final = ("duty", "tax", "fees", "at_sale", "at_border", "total")


class Expectation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the example says must come out; keys left away are not checked. Amounts are text."""

    regime: str | None = None
    duty: str | None = None
    tax: str | None = None
    fees: str | None = None
    at_sale: str | None = None
    at_border: str | None = None
    total: str | None = None
    needs_human: bool | None = None

    def amounts(self) -> dict[str, Decimal]:
        """Every amount the example names."""
        given = ((name, getattr(self, name)) for name in _AMOUNTS)
        return {name: Decimal(text) for name, text in given if text is not None}


class Case(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """One published example: where it stands, the goods in the words of ``pratique quote``, what it gives.

    ``lines`` are ``key=value`` pairs; ``fx`` gives units of the destination's currency for one unit.
    """

    title: str
    source: str
    url: str = ""
    note: str = ""
    on: date
    from_: str | None = None
    currency: str
    lines: tuple[str, ...]
    freight: str = "0"
    insurance: str = "0"
    channel: Channel = "post"
    flow: Flow = "b2c"
    scheme_number: bool = False
    dataset: str = ""
    mode: str = ""
    subdivision: str = ""
    postcode: str = ""
    sold_on: date | None = None
    as_known_on: date | None = None
    prior: dict[str, str] = {}
    fx: dict[str, str] = {}
    fee: dict[str, str] = {}
    expect: Expectation


def read_cases(content: bytes, name: str) -> tuple[Case, ...]:
    """The examples in a file; raises ``LawError`` naming the file, the example and what is wrong."""
    try:
        raw = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LawError(f"{name}: {of_toml(error, content)}") from error
    cases = tuple(_cases(raw, name))
    for case in cases:
        where = f"{name}: {case.title}"
        if not case.source.strip():
            raise LawError(f"{where}: no source. Say who published the example, and where.")
        if not case.lines:
            raise LawError(f"{where}: no lines of goods.")
        for line in case.lines:
            line_of(line, where)
        if case.mode and case.mode not in MODES.values():
            raise LawError(f"{where}: mode is one of {', '.join(MODES.values())}.")
        strange = sorted(set(case.prior) - set(Prior.__struct_fields__))
        if strange:
            raise LawError(
                f"{where}: prior knows {', '.join(Prior.__struct_fields__)}, not {strange[0]!r}."
            )
        named = (*case.fx.values(), *case.fee.values(), *case.prior.values())
        for amount in (case.freight, case.insurance, *named):
            _number(amount, where)
        for text in (getattr(case.expect, amount) for amount in _AMOUNTS):
            if text is not None:
                _number(text, where)
    return cases


def _cases(raw: Mapping[str, Any], name: str) -> Iterator[Case]:
    """Every table of the file as an example."""
    tables = raw.get("case")
    if set(raw) != {"case"} or not isinstance(tables, list):
        raise LawError(f"{name}: holds examples and nothing else. Begin each with [[case]].")
    for number, table in enumerate(tables, start=1):
        try:
            yield msgspec.convert(table, Case)
        except msgspec.ValidationError as error:
            title = table.get("title") if isinstance(table, dict) else None
            which = title if isinstance(title, str) else f"example {number}"
            raise LawError(f"{name}: {which}: {of_table(error, Case)}") from error


def line_of(text: str, where: str) -> Mapping[str, str]:
    """``hs=610910,value=120.00,qty=1`` as a mapping; raises ``LawError`` on keys that are not known."""
    found: dict[str, str] = {}
    for part in text.split(","):
        key, sign, value = part.strip().partition("=")
        if not sign or key not in LINE_KEYS or key in found:
            raise LawError(
                f"{where}: {part.strip()!r} is not key=value with one of {', '.join(LINE_KEYS)}, each once."
            )
        found[key] = value
    if "value" not in found:
        raise LawError(f"{where}: the line {text!r} has no value=.")
    for key in ("value", "qty", "duty", "other_duty", "weight_kg", "unit_value"):
        if key in found:
            _number(found[key].removesuffix("%") if key.endswith("duty") else found[key], where)
    return found


def cases_in(folder: Traversable) -> Iterator[tuple[str, tuple[Case, ...]]]:
    """Code of the place and its examples, for every case file of a folder, in order."""
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith(SUFFIX):
            yield path.name.removesuffix(SUFFIX), read_cases(path.read_bytes(), path.name)


def _number(text: str, where: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise LawError(
            f"{where}: {text!r} is not a number. Write digits and a decimal point, as 13.70."
        )
    return value
