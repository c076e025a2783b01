"""Is it complete and coherent? Declaration in, findings out; nothing is changed, nothing is assumed.

A check is a function of any module of this room (see ``rule``); a new module is found by being here.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime
from typing import Final

from pratique.checks.requirements import complete, missing
from pratique.checks.rule import CHECKS, ITEM_CHECKS, WORD_CHECKS, Rule, WordCheck, finding
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding
from pratique.rules.law import Requirement

for _name in sorted(each.name for each in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_name}")

_CHECKS: Final = tuple(CHECKS.values())
_ITEM_CHECKS: Final = tuple(ITEM_CHECKS.values())
_MOST_WORDS: Final = 50_000


class _Words(dict[str | None, tuple[tuple[Rule, str], ...]]):
    """What is wrong with each word that was met as one element of a goods item; most often nothing."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.checks: list[tuple[Rule, WordCheck]] = [
            (rule, check) for rule, check in WORD_CHECKS.values() if rule.at == at
        ]

    def __missing__(self, word: str | None) -> tuple[tuple[Rule, str], ...]:
        if len(self) >= _MOST_WORDS:
            self.clear()
        seen = ((rule, check(word)) for rule, check in self.checks)
        made = self[word] = tuple((rule, what) for rule, what in seen if what is not None)
        return made


_DESCRIPTIONS, _HS_CODES, _ORIGINS = (_Words(at) for at in ("description", "hs_code", "origin"))
assert {rule.at for rule, _ in WORD_CHECKS.values()} <= {"description", "hs_code", "origin"}


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
    found = [
        finding(rule, pointer, what)
        for rule, check in _CHECKS
        for pointer, what in check(declaration, now)
    ]
    for index, item in enumerate(declaration.consignment.items):
        words = _DESCRIPTIONS[item.description] + _HS_CODES[item.hs_code] + _ORIGINS[item.origin]
        for rule, what in words:
            found.append(finding(rule, f"/consignment/items/{index}/{rule.at}", what))
        for rule, item_check in _ITEM_CHECKS:
            seen = item_check(item)
            if seen is not None:
                found.append(finding(rule, f"/consignment/items/{index}/{rule.at}", seen))
    if len(found) > 1:
        found.sort(key=lambda each: each.rule)
    return found


def catalogue() -> tuple[Rule, ...]:
    """Every check, by id, with the sentence it shows and its source."""
    rules = [rule for rule, _ in (*_CHECKS, *_ITEM_CHECKS, *WORD_CHECKS.values())]
    return tuple(sorted(rules, key=lambda rule: rule.id))


__all__ = ["catalogue", "complete", "general", "missing", "run"]
