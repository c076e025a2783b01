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
    if complete(requirements, regime)(declaration):
        return
    for requirement in _of_regime(requirements, regime):
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


@functools.lru_cache(maxsize=4096)
def complete(
    requirements: tuple[Requirement, ...], regime: str | None
) -> Callable[[Declaration], bool]:
    """A test of whether nothing is missing under the regime, as is most often so."""
    tests = tuple(_all_there(_steps(each.pointer)) for each in _of_regime(requirements, regime))
    if len(tests) == 1:
        return tests[0]
    return lambda declaration: all(test(declaration) for test in tests)


def _of_regime(
    requirements: tuple[Requirement, ...], regime: str | None
) -> tuple[Requirement, ...]:
    return tuple(each for each in requirements if not each.regimes or regime in each.regimes)


_NOTHING: Final = (None, "", ())


def _all_there(steps: tuple[str, ...]) -> Callable[[Any], bool]:
    """A test of whether every element that the steps lead to is there."""
    step, *rest = steps
    if not rest:
        return lambda value: getattr(value, step, None) not in _NOTHING
    further = _all_there(tuple(rest))
    if step == "*":
        return lambda value: all(map(further, value or ()))
    return lambda value: further(getattr(value, step, None))


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
