"""Is everything there that this law asks for under this regime? What is required is data of the law."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, Final

from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding
from pratique.rules.law import Requirement


def missing(
    declaration: Declaration, requirements: tuple[Requirement, ...], regime: str | None
) -> Iterator[Finding]:
    """A finding for each element that a requirement of the regime names and the declaration lacks."""
    for requirement in requirements:
        if requirement.regimes and regime not in requirement.regimes:
            continue
        if _test(requirement.pointer)(declaration):
            continue
        for pointer, value in _elements(declaration, requirement.pointer):
            if value in _NOTHING:
                yield Finding(
                    rule=requirement.citation.rule,
                    family="completeness",
                    severity=requirement.severity,
                    pointer=pointer,
                    message=requirement.because,
                    source=requirement.citation.source,
                )


_NOTHING: Final = (None, "", ())


@functools.cache
def _test(pointer: str) -> Callable[[Any], bool]:
    """Whether all elements a pointer names are there: most often they are, and nothing more is to be done."""
    return _all_there(_steps(pointer))


def _all_there(steps: tuple[str, ...]) -> Callable[[Any], bool]:
    if not steps:
        return lambda value: value not in _NOTHING
    step, rest = steps[0], _all_there(steps[1:])
    if step == "*":
        return lambda value: all(map(rest, value or ()))
    return lambda value: rest(getattr(value, step, None))


@functools.cache
def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


def _elements(declaration: Declaration, pointer: str) -> list[tuple[str, Any]]:
    """The elements a pointer names, ``*`` standing for every one of a list, with the pointer to each."""
    found: list[tuple[str, Any]] = [("", declaration)]
    for step in _steps(pointer):
        if step == "*":
            found = [
                (f"{path}/{index}", inner)
                for path, value in found
                for index, inner in enumerate(value or ())
            ]
        else:
            found = [(f"{path}/{step}", getattr(value, step, None)) for path, value in found]
    return found
