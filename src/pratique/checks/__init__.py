"""Is it complete and coherent? Declaration in, findings out; nothing is changed, nothing is assumed."""

from __future__ import annotations

from datetime import datetime

from pratique.checks import (  # noqa: F401 - each module's checks register themselves
    coherence,
    completeness,
    description,
    identifiers,
    lists,
    plausibility,
)
from pratique.checks.requirements import complete, missing
from pratique.checks.rule import RULES, Rule, finding
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding
from pratique.rules.law import Requirement


def run(
    declaration: Declaration,
    *,
    now: datetime,
    requirements: tuple[Requirement, ...] = (),
    regime: str | None = None,
) -> tuple[Finding, ...]:
    """Everything noticed about a declaration, in the order of the checks.

    ``requirements`` are those of the law at the destination; ``regime`` the one the goods come under.
    """
    return (*general(declaration, now), *missing(declaration, requirements, regime))


def general(declaration: Declaration, now: datetime) -> list[Finding]:
    """What is noticed whatever the law at the destination."""
    return [
        finding(rule, pointer, what)
        for rule in RULES.values()
        for pointer, what in rule.check(declaration, now)
    ]


def catalogue() -> tuple[Rule, ...]:
    """Every check, with the sentence it shows and its source."""
    return tuple(RULES.values())


__all__ = ["catalogue", "complete", "general", "missing", "run"]
