"""Do two values agree? One function for each kind of comparison, with the reason in words.

A value that is personal is never said, only whether it agrees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from pratique.matching.outcome import Outcomes
from pratique.matching.rules import Comparison, Kind
from pratique.matching.values import Value
from pratique.model.money import Money

_Answer = tuple[Outcomes, str]


def compare(rule: Comparison, left: Value, right: Value, *, part: bool, personal: bool) -> _Answer:
    """Outcome and reason. ``part`` says that less on the left may be part of the whole on the right."""
    for name, value in ((rule.left, left), (rule.right, right)):
        if value is None:
            return "unknown", f"{name} is not stated, or is stated in several ways."
    outcome = _KINDS[rule.kind](rule, left, right)
    if outcome == "differ" and part and rule.part and _less(left, right):
        outcome = "part"
    if personal:
        return outcome, f"{rule.left} and {rule.right}: {_WORDS[outcome]}."
    words = (_IN_TIME if rule.kind == "order_of_moments" else _WORDS)[outcome]
    return outcome, f"{rule.left} {_shown(left)}, {rule.right} {_shown(right)}: {words}."


_WORDS: Final[dict[str, str]] = {
    "agree": "the same",
    "within": "apart by no more than the tolerance",
    "part": "a part of it, the rest travels in other parcels",
    "differ": "not the same",
}


_IN_TIME: Final[dict[str, str]] = {
    "agree": "in that order",
    "within": "the other way round, by no more than the tolerance",
    "differ": "the other way round",
}


def _code(rule: Comparison, left: Any, right: Any) -> Outcomes:
    """Every code on the left is one of those on the right; with ``part``, some of the right may be elsewhere."""
    ours, theirs = _codes(left), _codes(right)
    if ours == theirs or (rule.part and ours <= theirs):
        return "agree"
    return "differ"


def _name(rule: Comparison, left: Any, right: Any) -> Outcomes:
    return "agree" if _words(left) == _words(right) else "differ"


def _money(rule: Comparison, left: Any, right: Any) -> Outcomes:
    if left.currency != right.currency:
        return "differ"
    return _near(rule, left.amount, right.amount)


def _number(rule: Comparison, left: Any, right: Any) -> Outcomes:
    return _near(rule, left, right)


def _moments(rule: Comparison, left: Any, right: Any) -> Outcomes:
    if left <= right:
        return "agree"
    return "within" if left - right <= timedelta(minutes=int(rule.absolute)) else "differ"


_KINDS: Final[dict[Kind, Callable[[Comparison, Any, Any], Outcomes]]] = {
    "code": _code,
    "name": _name,
    "money": _money,
    "number": _number,
    "order_of_moments": _moments,
}


def _near(rule: Comparison, left: Decimal, right: Decimal) -> Outcomes:
    apart = abs(left - right)
    if not apart:
        return "agree"
    allowed = max(rule.absolute, rule.relative * max(abs(left), abs(right)))
    return "within" if apart <= allowed else "differ"


def _less(left: Any, right: Any) -> bool:
    if isinstance(left, Money) and isinstance(right, Money):
        return left.currency == right.currency and left.amount < right.amount
    return isinstance(left, Decimal) and isinstance(right, Decimal) and left < right


def _codes(value: Any) -> frozenset[str]:
    found = value if isinstance(value, tuple) else (value,)
    return frozenset("".join(filter(str.isalnum, each)).upper() or each for each in found)


def _words(name: str) -> list[str]:
    """The words of a name: without case, accents that are apart from the letter, marks and order."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(each for each in folded if not unicodedata.combining(each))
    return sorted(re.findall(r"\w+", letters))


def _shown(value: Value) -> str:
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    if isinstance(value, tuple):
        return ", ".join(value[:3]) + (" …" if len(value) > 3 else "")
    return value.isoformat() if isinstance(value, datetime) else str(value)
