"""How a check is written: one function, one id, one sentence for the declarant, one source.

The first paragraph of the function's docstring is the sentence shown; the rest is the hint. A function yields
the pointer of each element at fault, with what was found there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from pratique.model.declaration import Declaration
from pratique.model.outcomes import Family, Finding, Severity

Fault = tuple[str, str]
"""Pointer of the element at fault, and what was found there (may be empty)."""
Check = Callable[[Declaration, datetime], Iterator[Fault]]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A check: its id, what it is about, the sentence shown and where it comes from."""

    id: str
    family: Family
    severity: Severity
    sentence: str
    hint: str
    source: str
    check: Check


RULES: dict[str, Rule] = {}
"""Every check, by id."""


def rule(id: str, family: Family, severity: Severity, source: str) -> Callable[[Check], Check]:
    """Make a function a check. Ids are stable and never used twice."""

    def register(check: Check) -> Check:
        sentence, _, hint = inspect.cleandoc(check.__doc__ or "").partition("\n\n")
        if not sentence or id in RULES:
            raise ValueError(f"{id}: a check needs a sentence, and an id of its own")
        RULES[id] = Rule(
            id=id,
            family=family,
            severity=severity,
            sentence=" ".join(sentence.split()),
            hint=" ".join(hint.split()),
            source=source,
            check=check,
        )
        return check

    return register


def finding(rule: Rule, pointer: str, found: str) -> Finding:
    """What one check has to say of one element."""
    return Finding(
        rule=rule.id,
        family=rule.family,
        severity=rule.severity,
        pointer=pointer,
        message=f"{rule.sentence} Found: {found}." if found else rule.sentence,
        hint=rule.hint,
        source=rule.source,
    )
