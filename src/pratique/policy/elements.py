"""Which elements are there, of which class, on what legal basis are they held, and how long?

An element is named by its path through the declaration, ``consignment.items.hs_code``; a party's also by the role the
party plays, ``parties.consignee.address.city``. An amount with its currency, or a quantity with its unit, is one
element. Its class stands where the element is defined (``model``); what a class means at a place, from when, stands in
``classes.toml``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, get_args

import msgspec

from pratique.errors import PolicyError
from pratique.model.declaration import Declaration, Measure, Party, Role
from pratique.model.element import Noun, PrivacyClass
from pratique.model.element import elements as defined
from pratique.model.money import Money
from pratique.policy.dated import Dated, shipped

CLASSES: Final[tuple[PrivacyClass, ...]] = get_args(PrivacyClass)
_ROLES: Final[tuple[Role, ...]] = get_args(Role)
_WHOLE: Final = (Money, Measure)
"""Nouns that are one element: parts of them mean nothing alone."""


class Element(msgspec.Struct, frozen=True, kw_only=True):
    """One element of the catalogue."""

    path: str
    meaning: str
    wco: str
    privacy: PrivacyClass


class ClassRule(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[personal]]``: on what basis data of a class are held at a place, and for how long at least.

    ``place`` is a jurisdiction, a union, or ``*``. ``retention_years`` is None where no rule was found: that is said, and
    the agreement or the authority sets it.
    """

    place: str
    retention_years: int | None = None
    retention_source: str = ""


def noun_in(hint: Any) -> type[Noun] | None:
    """The noun a type holds (itself, or none, or many of it); None for plain values and whole ones."""
    if isinstance(hint, type) and issubclass(hint, Noun):
        return None if issubclass(hint, _WHOLE) else hint
    return next((found for each in get_args(hint) if (found := noun_in(each))), None)


@functools.cache
def catalogue() -> dict[str, Element]:
    """Every element by its path. Raises ``PolicyError`` when one has no class."""
    return {each.path: each for each in _walk(Declaration, "")}


def _walk(noun: type[Noun], above: str) -> Iterator[Element]:
    hints = {field.encode_name: field.type for field in msgspec.structs.fields(noun)}
    for each in defined(noun):
        path = f"{above}{each.name}"
        inner = noun_in(hints[each.name])
        if inner is Party:
            for role in _ROLES:
                yield from _walk(inner, f"{path}.{role}.")
        elif inner is not None:
            yield from _walk(inner, f"{path}.")
        elif each.privacy not in CLASSES:
            raise PolicyError(
                "unclassified", f"{path} has no class: give its element(…) one of {CLASSES}."
            )
        else:
            yield Element(path=path, meaning=each.meaning, wco=each.wco, privacy=each.privacy)


def select(selectors: Iterable[str], of: dict[str, Element] | None = None) -> frozenset[str]:
    """Paths that selectors name: a path, a path with ``.*`` for all below, or ``class:NAME``.

    Raises ``PolicyError`` for a selector that names nothing: what is misspelt must not silently allow less.
    """
    known = catalogue() if of is None else of
    found: set[str] = set()
    for selector in selectors:
        kind, colon, name = selector.partition(":")
        if colon:
            paths = {p for p, each in known.items() if kind == "class" and each.privacy == name}
        elif selector.endswith(".*"):
            paths = {p for p in known if p.startswith(selector[:-1])}
        else:
            paths = {selector} & known.keys()
        if not paths:
            raise PolicyError("no-element", f"{selector!r} names no element of the catalogue.")
        found |= paths
    return frozenset(found)


@functools.cache
def class_rules() -> dict[PrivacyClass, tuple[ClassRule, ...]]:
    """Bases and retentions as shipped, by class."""
    return shipped("classes.toml", dict[PrivacyClass, tuple[ClassRule, ...]])


def basis(privacy: PrivacyClass, places: Iterable[str], on: date) -> tuple[ClassRule, ...]:
    """The rules that hold for a class that day: of the places asked for, and those of everywhere."""
    asked = {*places, "*"}
    return tuple(
        each for each in class_rules()[privacy] if each.place in asked and each.is_in_force(on)
    )


def retention_years(privacy: PrivacyClass, places: Iterable[str], on: date) -> ClassRule | None:
    """The rule that keeps data of a class longest at these places that day; None where none says how long."""
    known = [each for each in basis(privacy, places, on) if each.retention_years is not None]
    return max(known, key=lambda each: each.retention_years or 0, default=None)
