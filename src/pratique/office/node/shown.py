"""Which elements does a recipient see, and which may a sender show? Pointers of a message against the views of policy and agreement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from pratique.exchange import disclosure
from pratique.exchange.canonical import step
from pratique.model.agreement import Agreement, Lane
from pratique.policy.elements import catalogue
from pratique.policy.views import View, Views


def view_of(
    views: Views, agreement: Agreement, party: str, purpose: str, lane: Lane, phase: str, on: date
) -> View:
    """What a party to an agreement sees in a phase. Raises ``PolicyError``."""
    role = next(each.role for each in agreement.parties if each.id == party)
    return views.view(role, purpose, lane, phase, on, agreement)


def every_phase(
    views: Views, agreement: Agreement, party: str, purpose: str, lane: Lane, on: date
) -> frozenset[str]:
    """What a party may ever be shown for a purpose: more than that is refused, whoever sends it. Raises ``PolicyError``."""
    return frozenset[str]().union(
        *(
            view_of(views, agreement, party, purpose, lane, phase, on).elements
            for phase in views.policy.phases
        )
    )


def pointers(elements: dict[str, Any], allowed: frozenset[str]) -> frozenset[str]:
    """Pointers of the leaves that a view with these elements shows."""
    return frozenset(
        pointer for pointer, paths in _placed(elements, "", ("",)) if allowed & set(paths)
    )


def beyond(elements: dict[str, Any], allowed: frozenset[str]) -> tuple[str, ...]:
    """Pointers of what is shown although no view with these elements would."""
    placed = dict(_placed(elements, "", ("",)))
    return tuple(
        pointer
        for pointer, value in disclosure.walk(elements)
        if value not in ({}, []) and not allowed & set(placed.get(pointer, ()))
    )


def _placed(
    value: Any, pointer: str, paths: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each leaf with the paths in the catalogue of the element it is, or is part of."""
    if any(path in catalogue() for path in paths):
        for below, _ in disclosure.walk(value, pointer):
            yield below, paths
    elif isinstance(value, dict):
        for key, inner in value.items():
            further = tuple(f"{path}.{key}".lstrip(".") for path in paths)
            yield from _placed(inner, f"{pointer}/{step(key)}", further)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _placed(inner, f"{pointer}/{index}", _by_role(inner, paths))


def _by_role(value: Any, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths of a party by the roles it plays; of all else, as they are."""
    if paths != ("parties",) or not isinstance(value, dict):
        return paths
    roles = value.get("roles", ())
    known = roles if isinstance(roles, list | tuple) else ()
    return tuple(f"parties.{role}" for role in known if isinstance(role, str))
