"""By which rules are the documents compared? Comparisons, tolerances, deadlines and codes, read from data.

The file is TOML with exact decimals; every entry has its first day and its source, and is found by the day asked.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Literal, get_args

import msgspec

from pratique.errors import LawError
from pratique.matching.outcome import Document, ResultCode
from pratique.matching.values import VALUES
from pratique.model.outcomes import Severity

Kind = Literal["code", "name", "money", "number", "order_of_moments"]
"""code: letters and digits alone count · name: the words of a name, in any order · money: one currency, within the
tolerance · number: within the tolerance · order_of_moments: the left is not after the right."""


class _Dated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every entry has: from when (and until before when) it holds, and its source."""

    from_: date = msgspec.field(name="from")
    until: date | None = None
    source: str
    url: str = ""
    seen: date
    confidence: Literal["high", "medium", "low"] = "high"

    def holds(self, on: date) -> bool:
        """Whether the entry is in force on that day."""
        return self.from_ <= on and (self.until is None or on < self.until)


class Comparison(_Dated, frozen=True, kw_only=True):
    """Two values to compare, named as in ``values``, and how far they may be apart.

    ``absolute`` is in the currency or unit compared, or in minutes for moments; ``relative`` is a share of the greater
    one. The larger of the two counts. With ``part``, less than the whole is no contradiction while a parcel of the
    order is still elsewhere.
    """

    id: str
    document: Document
    left: str
    right: str
    kind: Kind
    sentence: str
    hint: str
    severity: Severity
    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)
    part: bool = False


class Deadline(_Dated, frozen=True, kw_only=True):
    """How many hours after lodgement a kind of record may still come, and what follows when it does not."""

    id: str
    document: Document
    hours: int
    sentence: str
    hint: str
    severity: Severity
    late: Severity


class Result(_Dated, frozen=True, kw_only=True):
    """A result code in words; ``rank`` says which is the graver."""

    words: str
    rank: int


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one authority, with the digest of the file they came from."""

    comparisons: tuple[Comparison, ...]
    deadlines: tuple[Deadline, ...]
    results: dict[ResultCode, Result]
    digest: str = ""

    def on(self, day: date) -> Rules:
        """The rules in force on that day."""
        return msgspec.structs.replace(
            self,
            comparisons=tuple(each for each in self.comparisons if each.holds(day)),
            deadlines=tuple(each for each in self.deadlines if each.holds(day)),
            results={code: each for code, each in self.results.items() if each.holds(day)},
        )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    comparison: tuple[Comparison, ...]
    deadline: tuple[Deadline, ...]
    result: dict[ResultCode, Result]


def read_rules(data: bytes, name: str) -> Rules:
    """Rules from the bytes of a TOML file. Raises ``LawError`` that names the entry."""
    try:
        raw = tomllib.loads(data.decode("utf-8"), parse_float=Decimal)
        file = msgspec.convert(raw, _File, strict=False)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LawError(f"{name}: {error}. See three_documents.toml for the form.") from error
    for each in file.comparison:
        for value in (each.left, each.right):
            if value not in VALUES:
                raise LawError(
                    f"{name}, {each.id}: there is no value {value!r}; known are {', '.join(VALUES)}."
                )
        if each.absolute < 0 or not 0 <= each.relative < 1:
            raise LawError(
                f"{name}, {each.id}: absolute is at least 0, relative a share from 0 to below 1."
            )
    missing = set(get_args(ResultCode)) - set(file.result)
    if missing:
        raise LawError(f"{name}: no words for the result {', '.join(sorted(missing))}. Add them.")
    return Rules(
        comparisons=file.comparison,
        deadlines=file.deadline,
        results=file.result,
        digest=hashlib.sha256(data).hexdigest(),
    )


@functools.cache
def shipped_rules() -> Rules:
    """The rules that are shipped."""
    file = resources.files("pratique.matching").joinpath("three_documents.toml")
    return read_rules(file.read_bytes(), file.name)
