"""How is one entry of a policy file written? Dated and cited, and strictly read."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any, TypeVar

import msgspec

from pratique.errors import PolicyError
from pratique.model.outcomes import Confidence

T = TypeVar("T")


class Dated(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Keys every entry has: first day in force, first day no longer, and where the rule is written."""

    from_: date
    until: date | None = None
    source: str
    url: str = ""
    seen: date | None = None
    confidence: Confidence = "high"
    note: str = ""

    def is_in_force(self, on: date) -> bool:
        """Whether it holds that day."""
        return self.from_ <= on and (self.until is None or on < self.until)


def shipped(name: str, type: type[T]) -> T:
    """A policy file of this room. Raises ``PolicyError``."""
    return read(resources.files("pratique.policy").joinpath(name).read_bytes(), name, type)


def read(content: bytes, name: str, type: type[T]) -> T:
    """A TOML file as a value, unknown and doubled keys refused. Raises ``PolicyError`` with file and place."""
    try:
        raw: Any = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        return msgspec.convert(raw, type)
    except (
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        RecursionError,
        msgspec.ValidationError,
    ) as error:
        raise PolicyError("shape", f"{name}: {error}.") from error
