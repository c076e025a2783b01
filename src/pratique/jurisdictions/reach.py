"""Which regimes can no parcel ever reach? Decided by cases, without any parcel.

The first regime whose condition holds is taken. Each thing the conditions ask about (a value against limits, a code, a
yes or no) is given every answer the conditions can tell apart; a set of such combinations is one integer, a bit for
each. A regime to which no combination is left is reached by no parcel. Things asked about are taken to be independent of
each other, so that nothing is called unreachable that a parcel could reach.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pratique.rules.law import Law, Regime
from pratique.rules.types import Expr

MOST: Final = 200_000
"""So many combinations are looked at; beyond that nothing is said."""
_COMPARED: Final = ("lt", "le", "gt", "ge", "eq", "ne")
_MIRRORED: Final = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
_TESTS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "lt": lambda place, limit: place < limit,
    "le": lambda place, limit: place <= limit,
    "gt": lambda place, limit: place > limit,
    "ge": lambda place, limit: place >= limit,
    "eq": lambda place, limit: bool(place == limit),
    "ne": lambda place, limit: bool(place != limit),
}
_CLOSED: Final[dict[str, tuple[str, ...]]] = {
    "flow": ("b2c", "b2b", "c2c"),
    "channel": ("post", "express", "cargo"),
    "direction": ("import",),
}
"""Facts that have these answers and no others, for a law of imports."""


def unreachable(law: Law) -> tuple[tuple[Regime, tuple[str, ...]], ...]:
    """Regimes of a law that no parcel reaches, each with the names of those before it that take its parcels."""
    values = {each.name: each.expr for each in law.parameters}
    cases = _Cases(law.regimes, values)
    if cases.number > MOST:
        return ()
    left = cases.all
    found, taken = [], []
    for regime in law.regimes:
        held = cases.where(regime.when)
        if held & left:
            taken.append((regime.name, held))
            left &= ~held
        else:
            found.append((regime, tuple(name for name, before in taken if before & held)))
    return tuple(found)


class _Cases:
    """Every combination of answers the conditions can tell apart, as bits of integers."""

    def __init__(self, regimes: Sequence[Regime], values: Mapping[str, Expr]) -> None:
        self.values = values
        self.limits: dict[str, set[Any]] = {}
        self.free: dict[str, None] = {}
        for regime in regimes:
            self.collect(regime.when)
        self.answers: dict[str, list[Any]] = {name: [True, False] for name in self.free}
        for name, limits in self.limits.items():
            self.answers[name] = list(_CLOSED.get(name, ())) or _told_apart(limits)
        self.number = 1
        self.step: dict[str, int] = {}
        for name, answers in self.answers.items():
            self.step[name] = self.number
            self.number *= len(answers)
        self.all = (1 << self.number) - 1 if self.number <= MOST else 0

    def collect(self, expr: Expr) -> None:
        """Notes what a condition asks about."""
        if expr.op in ("and", "or", "not"):
            for arg in expr.args:
                self.collect(arg)
            return
        asked = self.asked(expr)
        if asked is None:
            self.free[_key(expr)] = None
        else:
            name, _, limits = asked
            self.limits.setdefault(name, set()).update(limits)

    def asked(self, expr: Expr) -> tuple[str, str, frozenset[Any]] | None:
        """(what, how, against which constants) a condition compares; None when it is no such comparison."""
        if expr.op == "in_codes":
            return _key(expr.args[0]), "in", expr.codes
        if expr.op not in _COMPARED:
            return None
        left, right = (self.settled(arg) for arg in expr.args)
        if right.op == "const" and right.value is not None and left.op != "const":
            return _key(left), expr.op, frozenset([right.value])
        if left.op == "const" and left.value is not None and right.op != "const":
            return _key(right), _MIRRORED[expr.op], frozenset([left.value])
        return None

    def settled(self, expr: Expr) -> Expr:
        """A parameter of the law as the constant it stands for."""
        value = self.values.get(expr.name) if expr.op == "name" else None
        return self.settled(value) if value is not None else expr

    def where(self, expr: Expr) -> int:
        """The combinations in which a condition holds."""
        if expr.op == "and":
            return self.where(expr.args[0]) & self.where(expr.args[1])
        if expr.op == "or":
            return self.where(expr.args[0]) | self.where(expr.args[1])
        if expr.op == "not":
            return self.all & ~self.where(expr.args[0])
        asked = self.asked(expr)
        if asked is None:
            return self.bits(_key(expr), bool)
        name, how, limits = asked
        if how == "in":
            return self.bits(name, lambda answer: answer in limits)
        (limit,) = limits
        return self.bits(name, lambda answer: _holds(how, answer, limit))

    def bits(self, name: str, holds: Callable[[Any], bool]) -> int:
        """The combinations in which an answer to one thing asked is such."""
        step, answers = self.step[name], self.answers[name]
        block = 0
        for index, answer in enumerate(answers):
            if holds(answer):
                block |= ((1 << step) - 1) << (index * step)
        period, found = step * len(answers), block
        while period < self.number:
            found |= found << period
            period *= 2
        return found & self.all


def _told_apart(limits: Iterable[Any]) -> list[Any]:
    """Of texts: each, and some other. Of quantities and days: each limit, and what lies below, between and above."""
    ordered = sorted(limits)
    if isinstance(ordered[0], str):
        return [*ordered, ""] if "" not in ordered else [*ordered, "\0"]
    return list(itertools.chain([(ordered[0], -1)], *(((each, 0), (each, 1)) for each in ordered)))


def _holds(how: str, answer: Any, limit: Any) -> bool:
    """Whether the comparison holds; quantities are (limit, -1 below, 0 at, 1 above it)."""
    if isinstance(answer, tuple):
        return _TESTS[how](answer, (limit, 0))
    return _TESTS[how](answer, limit)


def _key(expr: Expr) -> str:
    """What an expression is, in a form that is the same for the same expression."""
    if expr.op == "name":
        return expr.name
    parts = [expr.op, expr.name, str(expr.type), repr(expr.value), ",".join(sorted(expr.codes))]
    return f"{'|'.join(parts)}({';'.join(_key(arg) for arg in expr.args)})"
