"""How a check is written: one function, one id, one sentence for the declarant, one source.

The first paragraph of the function's docstring is the sentence shown; the rest is the hint. A check of the whole
declaration gives the pointer of each element at fault, with what was found there. A check of goods items looks at
one item, a check of words at one word or code of an item: each says what was found, None when nothing is wrong.
The same words come again and again, and are looked at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from pratique.model.declaration import Declaration, GoodsItem
from pratique.model.outcomes import Family, Finding, Severity

Fault = tuple[str, str]
"""Pointer of the element at fault, and what was found there (may be empty)."""
Check = Callable[[Declaration, datetime], Iterable[Fault]]
ItemCheck = Callable[[GoodsItem], str | None]
WordCheck = Callable[[str | None], str | None]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A check: its id, what it is about, the sentence shown and where it comes from.

    ``at`` is the element of the goods item that a check of items or words is about, empty for other checks.
    """

    id: str
    family: Family
    severity: Severity
    sentence: str
    hint: str
    source: str
    at: str = ""


CHECKS: dict[str, tuple[Rule, Check]] = {}
"""Every check of the whole declaration, by id."""
ITEM_CHECKS: dict[str, tuple[Rule, ItemCheck]] = {}
"""Every check of goods items, by id."""
WORD_CHECKS: dict[str, tuple[Rule, WordCheck]] = {}
"""Every check of words of goods items, by id."""


def rule(id: str, family: Family, severity: Severity, source: str) -> Callable[[Check], Check]:
    """Make a function a check of the whole declaration. Ids are stable and never used twice."""

    def register(check: Check) -> Check:
        CHECKS[id] = _rule(check.__doc__, id, family, severity, source), check
        return check

    return register


def item_rule(
    id: str, family: Family, severity: Severity, source: str, at: str
) -> Callable[[ItemCheck], ItemCheck]:
    """Make a function a check of each goods item, about its element ``at``."""

    def register(check: ItemCheck) -> ItemCheck:
        ITEM_CHECKS[id] = _rule(check.__doc__, id, family, severity, source, at), check
        return check

    return register


def word_rule(
    id: str, family: Family, severity: Severity, source: str, at: str
) -> Callable[[WordCheck], WordCheck]:
    """Make a function a check of one word or code of each goods item, its element ``at``."""

    def register(check: WordCheck) -> WordCheck:
        WORD_CHECKS[id] = _rule(check.__doc__, id, family, severity, source, at), check
        return check

    return register


def _rule(
    text: str | None, id: str, family: Family, severity: Severity, source: str, at: str = ""
) -> Rule:
    sentence, _, hint = inspect.cleandoc(text or "").partition("\n\n")
    if not sentence or id in CHECKS or id in ITEM_CHECKS or id in WORD_CHECKS:
        raise ValueError(f"{id}: a check needs a sentence, and an id of its own")
    return Rule(
        id=id,
        family=family,
        severity=severity,
        sentence=" ".join(sentence.split()),
        hint=" ".join(hint.split()),
        source=source,
        at=at,
    )


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
