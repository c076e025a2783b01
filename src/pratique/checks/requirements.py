"""Is everything there that this law asks for under this regime? What is required is data of the law."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
        for pointer, value in _at(declaration, requirement.pointer.split("/")[1:], ""):
            if value in (None, "", ()):
                yield Finding(
                    rule=requirement.citation.rule,
                    family="completeness",
                    severity=requirement.severity,
                    pointer=pointer,
                    message=requirement.because,
                    source=requirement.citation.source,
                )


def _at(value: Any, steps: list[str], pointer: str) -> Iterator[tuple[str, Any]]:
    if not steps:
        yield pointer, value
    elif steps[0] == "*":
        for index, inner in enumerate(value or ()):
            yield from _at(inner, steps[1:], f"{pointer}/{index}")
    else:
        inner = getattr(value, steps[0], None) if value is not None else None
        yield from _at(inner, steps[1:], f"{pointer}/{steps[0]}")
