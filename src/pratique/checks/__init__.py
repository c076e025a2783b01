"""Is it complete and coherent? Declaration in, findings out; nothing is changed, nothing is assumed.

A check is a function of any module of this room (see ``rule``); a new module is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime
from typing import Final

from pratique.checks.requirements import complete, missing
from pratique.checks.rule import RULES, Rule, finding
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding
from pratique.rules.law import Requirement

for _name in sorted(each.name for each in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_name}")

_RULES: Final = tuple(sorted(RULES.values(), key=lambda rule: rule.id))


def run(
    declaration: Declaration,
    *,
    now: datetime,
    requirements: tuple[Requirement, ...] = (),
    regime: str | None = None,
) -> tuple[Finding, ...]:
    """Everything noticed about a declaration, in the order of the checks' ids.

    ``requirements`` are those of the law at the destination; ``regime`` the one the goods come under.
    """
    return (*general(declaration, now), *missing(declaration, requirements, regime))


def general(declaration: Declaration, now: datetime) -> list[Finding]:
    """What is noticed whatever the law at the destination."""
    return [
        finding(rule, pointer, what)
        for rule in _RULES
        for pointer, what in rule.check(declaration, now)
    ]


def catalogue() -> tuple[Rule, ...]:
    """Every check, by id, with the sentence it shows and its source."""
    return _RULES


__all__ = ["catalogue", "complete", "general", "missing", "run"]
