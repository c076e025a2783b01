"""What does this expression give for many parcels at once? Exact int64 columns over numpy.

The same typed expressions as ``exact``, compiled to functions over columns. A column holds integers at a
fixed decimal scale (or codes, or booleans), with a mask where the value is not known. While compiling, the
range of every value is carried along: a law whose amounts could leave int64 is compiled for smaller parcels,
and larger ones are left to the exact evaluator. Rounding is symmetric about zero, as in ``exact``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from pratique.model.batch import Words
from pratique.rules.exact import in_hs
from pratique.rules.types import SHARE_PLACES, Expr

SAFE: Final = 2**62
"""No intermediate value of a compiled rule may reach this."""
MAX_ITEMS: Final = 100
"""Consignments with more goods items are left to the exact evaluator."""
EPOCH: Final = date(1970, 1, 1)

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class TooWideError(Exception):
    """A value could leave int64 for parcels of the size the rule is compiled for."""


class NotColumnarError(Exception):
    """The rule holds something only the exact evaluator can do."""


NO_WORDS: Final = Words()


class Column:
    """Values of one expression: an array (or one scalar for all), codes with their words, and what is unknown."""

    __slots__ = ("unknown", "values", "words")

    def __init__(self, values: Any, unknown: Bools | None = None, words: Words = NO_WORDS) -> None:
        self.values = values
        self.unknown = unknown
        self.words = words


class Frame:
    """A batch under one law: its columns by name, and how items belong to consignments.

    ``kept`` holds what expressions that occur more than once gave, so that each is run once. ``starts``: index of each consignment's first item; ``owner``: consignment of each item, None when every
    consignment has one item. ``too_big`` marks consignments that only the exact evaluator can reckon.
    """

    def __init__(self, consignments: int, starts: Ints, owner: Ints | None, items: int) -> None:
        self.consignments = consignments
        self.starts = starts
        self.owner = owner
        self.items = items
        self.columns: dict[str, Column] = {}
        self.kept: dict[Any, Column] = {}
        self.too_big: Bools = np.zeros(consignments, dtype=np.bool_)
        self._lengths: Ints | None = None

    @property
    def lengths(self) -> Ints:
        """Number of items of each consignment."""
        if self._lengths is None:
            self._lengths = np.diff(self.starts, append=self.items)
        return self._lengths

    def summed(self, values: Ints) -> Ints:
        """The sum over the items of each consignment. Running totals may wrap; their differences are right."""
        if self.owner is None:
            return values
        running = np.cumsum(values)[self.starts + self.lengths - 1]
        sums: Ints = np.diff(running, prepend=np.int64(0))
        return sums

    def anywhere(self, values: Bools) -> Bools:
        """Whether something holds for any item of each consignment."""
        if self.owner is None:
            return values
        found: Bools = np.zeros(self.consignments, dtype=np.bool_)
        found[self.owner[np.flatnonzero(values)]] = True
        return found

    def to_items(self, values: Any) -> Any:
        """A consignment's value for each of its items."""
        if self.owner is None or not isinstance(values, np.ndarray):
            return values
        return values[self.owner]

    def widen(self, column: Column) -> Column:
        """A consignment column as an item column."""
        if self.owner is None:
            return column
        unknown = column.unknown
        return Column(
            self.to_items(column.values),
            None if unknown is None else unknown[self.owner],
            column.words,
        )

    def flag(self, items_too_big: Bools, *, per_item: bool) -> None:
        """Leave the consignments (or those of the items) marked to the exact evaluator."""
        if not items_too_big.any():
            return
        if per_item and self.owner is not None:
            self.too_big[self.owner[items_too_big]] = True
        else:
            self.too_big |= items_too_big


Run = Callable[[Frame], Column]


class Compiled(msgspec.Struct, frozen=True, eq=False):
    """A compiled expression: how to run it, its decimal scale, and the least and greatest it can give."""

    run: Run
    scale: int
    low: int
    high: int
    per_item: bool


class Static(msgspec.Struct, frozen=True):
    """What is known of a named column before any data: scale and range."""

    scale: int
    low: int
    high: int


BOOLEAN: Final = Static(0, 0, 1)


class Compiler:
    """Compiles expressions over named columns of known scale and range.

    Expressions that occur more than once in ``expressions``, all that will be compiled, are run once a frame.
    """

    def __init__(
        self,
        statics: Mapping[str, Static],
        rates: Mapping[str, Decimal],
        expressions: Iterable[Expr] = (),
    ) -> None:
        self.statics = dict(statics)
        self.rates = rates
        self.numbers: dict[Any, int] = {}
        self.times: Counter[int] = Counter()
        for expr in expressions:
            self._count(expr)

    def compile(self, expr: Expr) -> Compiled:
        """Raises ``TooWideError`` or ``NotColumnarError`` when the expression cannot be run in columns."""
        build = _BUILD.get(expr.op)
        if build is None:
            raise NotColumnarError(expr.op)
        part = build(self, expr)
        number = self._number(expr)
        if expr.args and self.times[number] > 1:
            return msgspec.structs.replace(part, run=_once(part.run, number))
        return part

    def parts(self, expr: Expr) -> list[Compiled]:
        """The arguments compiled, each widened to items when the expression is one of items."""
        if expr.scope != "item":
            return [self.compile(arg) for arg in expr.args]
        return [self._of_items(arg) for arg in expr.args]

    def _of_items(self, expr: Expr) -> Compiled:
        part = self.compile(expr)
        if part.per_item:
            return part
        run = part.run
        widened = _once(lambda f: f.widen(run(f)), ("widened", self._number(expr)))
        return Compiled(widened, part.scale, part.low, part.high, True)

    def _number(self, expr: Expr) -> int:
        """The same number for expressions that are the same."""
        key = (expr.op, expr.type, expr.value, expr.name, expr.codes, *map(self._number, expr.args))
        return self.numbers.setdefault(key, len(self.numbers))

    def _count(self, expr: Expr) -> None:
        """An expression inside one that was counted before is run no second time, so it does not count again."""
        number = self._number(expr)
        self.times[number] += 1
        if self.times[number] == 1:
            for arg in expr.args:
                self._count(arg)


def _once(run: Run, key: Any) -> Run:
    def kept(f: Frame) -> Column:
        column = f.kept.get(key)
        if column is None:
            column = f.kept[key] = run(f)
        return column

    return kept


def _made(run: Run, scale: int, low: int, high: int, per_item: bool) -> Compiled:
    if max(abs(low), abs(high)) >= SAFE:
        raise TooWideError
    return Compiled(run, scale, low, high, per_item)


def at_scale(part: Compiled, scale: int) -> Compiled:
    """The same values at a finer scale."""
    if part.scale == scale:
        return part
    factor, run = 10 ** (scale - part.scale), part.run

    def rescaled(f: Frame) -> Column:
        column = run(f)
        return Column(column.values * factor, column.unknown)

    return _made(rescaled, scale, part.low * factor, part.high * factor, part.per_item)


def _aligned(parts: list[Compiled]) -> list[Compiled]:
    scale = max(part.scale for part in parts)
    return [at_scale(part, scale) for part in parts]


def either(left: Bools | None, right: Bools | None) -> Bools | None:
    """Where one or the other is unknown."""
    if left is None:
        return right
    return left if right is None else left | right


def scaled(value: Decimal) -> tuple[int, int]:
    """A decimal as an integer and its scale."""
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    scale = max(0, -exponent)
    return int(value.scaleb(scale)), scale


def _const(compiler: Compiler, expr: Expr) -> Compiled:
    value = expr.value
    if isinstance(value, Decimal):
        number, scale = scaled(value)
        column = Column(np.int64(number))
        return _made(lambda f: column, scale, number, number, False)
    if isinstance(value, date):
        days = (value - EPOCH).days
        dated = Column(np.int64(days))
        return Compiled(lambda f: dated, 0, days, days, False)
    raise NotColumnarError("a code on its own")


def _name(compiler: Compiler, expr: Expr) -> Compiled:
    static = compiler.statics.get(expr.name)
    if static is None:
        raise NotColumnarError(expr.name)
    name = expr.name
    return _made(
        lambda f: f.columns[name], static.scale, static.low, static.high, expr.scope == "item"
    )


def _sum(sign: int) -> Callable[[Compiler, Expr], Compiled]:
    def build(compiler: Compiler, expr: Expr) -> Compiled:
        left, right = _aligned(compiler.parts(expr))
        a, b = left.run, right.run

        def run(f: Frame) -> Column:
            x, y = a(f), b(f)
            values = x.values + y.values if sign > 0 else x.values - y.values
            return Column(values, either(x.unknown, y.unknown))

        if sign > 0:
            low, high = left.low + right.low, left.high + right.high
        else:
            low, high = left.low - right.high, left.high - right.low
        return _made(run, left.scale, low, high, expr.scope == "item")

    return build


def _mul(compiler: Compiler, expr: Expr) -> Compiled:
    left, right = compiler.parts(expr)
    a, b = left.run, right.run

    def run(f: Frame) -> Column:
        x, y = a(f), b(f)
        return Column(x.values * y.values, either(x.unknown, y.unknown))

    corners = [p * q for p in (left.low, left.high) for q in (right.low, right.high)]
    return _made(run, left.scale + right.scale, min(corners), max(corners), expr.scope == "item")


def _neg(compiler: Compiler, expr: Expr) -> Compiled:
    (part,) = compiler.parts(expr)
    inner = part.run

    def run(f: Frame) -> Column:
        column = inner(f)
        return Column(-column.values, column.unknown)

    return _made(run, part.scale, -part.high, -part.low, part.per_item)


def _compare(compare: Callable[[Any, Any], Any]) -> Callable[[Compiler, Expr], Compiled]:
    def build(compiler: Compiler, expr: Expr) -> Compiled:
        if expr.args[0].type.kind in ("text", "hs"):
            return _compare_codes(compiler, expr, compare)
        left, right = _aligned(compiler.parts(expr))
        a, b = left.run, right.run

        def run(f: Frame) -> Column:
            x, y = a(f), b(f)
            return Column(compare(x.values, y.values), either(x.unknown, y.unknown))

        return Compiled(run, 0, 0, 1, expr.scope == "item")

    return build


def _compare_codes(compiler: Compiler, expr: Expr, compare: Callable[[Any, Any], Any]) -> Compiled:
    name, const = expr.args if expr.args[1].op == "const" else (expr.args[1], expr.args[0])
    word = const.value
    if const.op != "const":
        return _two_codes(compiler, expr, compare)
    assert isinstance(word, str)
    key = (expr.op, word)
    return _table(compiler, name, key, lambda each: bool(compare(each, word)))


def _two_codes(compiler: Compiler, expr: Expr, compare: Callable[[Any, Any], Any]) -> Compiled:
    """Codes of one column against those of another, the words of the one numbered as those of the other."""
    left, right = compiler.parts(expr)
    a, b = left.run, right.run

    def run(f: Frame) -> Column:
        x, y = a(f), b(f)
        index = {word: number for number, word in enumerate(x.words)}
        numbers = [index.get(word, -2) for word in y.words]
        renumbered = np.array([*numbers, -1], dtype=np.int64)[y.values]
        return Column(compare(x.values, renumbered), either(x.unknown, y.unknown))

    return Compiled(run, 0, 0, 1, expr.scope == "item")


def _table(compiler: Compiler, expr: Expr, key: Any, holds: Callable[[str], bool]) -> Compiled:
    """A condition on a code, answered once per distinct code, and once for all laws that ask it."""
    part = compiler.compile(expr)
    inner = part.run

    def run(f: Frame) -> Column:
        column = inner(f)
        if not column.words:
            return Column(np.zeros(np.shape(column.values), dtype=np.bool_), column.unknown)
        words = column.words
        answers = words.answers.get(key)
        if answers is None:
            answers = np.fromiter(map(holds, words), dtype=np.bool_, count=len(words))
            words.answers[key] = answers
        return Column(answers[column.values], column.unknown)

    return Compiled(run, 0, 0, 1, part.per_item)


def _in_codes(compiler: Compiler, expr: Expr) -> Compiled:
    codes = expr.codes
    return _table(compiler, expr.args[0], ("in", codes), lambda word: word in codes)


def _in_hs(compiler: Compiler, expr: Expr) -> Compiled:
    codes = expr.codes
    part = compiler.compile(expr.args[0])
    inner = part.run

    def run(f: Frame) -> Column:
        column = inner(f)
        words = column.words
        if not words:
            return Column(np.zeros(np.shape(column.values), dtype=np.bool_), column.unknown)
        answers = words.answers.get(("under", codes))
        if answers is None:
            told = [in_hs(word, codes) for word in words]
            untold = np.array([answer is None for answer in told], dtype=np.bool_)
            holds = np.array([answer is True for answer in told], dtype=np.bool_)
            answers = words.answers["under", codes] = (holds, untold if untold.any() else None)
        yes, short = answers
        unknown = column.unknown
        if short is not None:
            unknown = either(unknown, short[column.values] & (column.values >= 0))
        return Column(yes[column.values], unknown)

    return Compiled(run, 0, 0, 1, part.per_item)


def _digits(compiler: Compiler, expr: Expr) -> Compiled:
    part = compiler.compile(expr.args[0])
    inner, length = part.run, int(str(expr.value))

    def run(f: Frame) -> Column:
        column = inner(f)
        short = [word[:length] for word in column.words]
        words = Words(dict.fromkeys(short))
        if not words:
            return column
        index = {word: number for number, word in enumerate(words)}
        mapping = np.fromiter((index[word] for word in short), dtype=np.int32, count=len(short))
        return Column(mapping[column.values], column.unknown, words)

    return Compiled(run, 0, 0, 0, part.per_item)


def _logic(*, both: bool) -> Callable[[Compiler, Expr], Compiled]:
    """``and`` (both) or ``or``: a side that decides the answer makes the other side's absence irrelevant."""

    def build(compiler: Compiler, expr: Expr) -> Compiled:
        left, right = compiler.parts(expr)
        a, b = left.run, right.run

        def run(f: Frame) -> Column:
            x, y = a(f), b(f)
            values = x.values & y.values if both else x.values | y.values
            if x.unknown is None and y.unknown is None:
                return Column(values)
            decided = _decided(x, both) | _decided(y, both)
            unknown = either(x.unknown, y.unknown)
            assert unknown is not None
            unknown = unknown & ~decided
            return Column(~decided if both else decided, unknown)

        return Compiled(run, 0, 0, 1, expr.scope == "item")

    return build


def _decided(column: Column, both: bool) -> Any:
    """Where a side settles the answer by itself: a known False for ``and``, a known True for ``or``."""
    settling = ~column.values if both else column.values
    return settling if column.unknown is None else settling & ~column.unknown


def _not(compiler: Compiler, expr: Expr) -> Compiled:
    (part,) = compiler.parts(expr)
    inner = part.run

    def run(f: Frame) -> Column:
        column = inner(f)
        return Column(~column.values, column.unknown)

    return Compiled(run, 0, 0, 1, part.per_item)


def _if(compiler: Compiler, expr: Expr) -> Compiled:
    condition, *branches = compiler.parts(expr)
    if expr.type.kind in ("text", "hs"):
        return _if_codes(condition, branches[0], branches[1], expr.scope == "item")
    yes, no = _aligned(branches)
    test, a, b = condition.run, yes.run, no.run

    def run(f: Frame) -> Column:
        which, x, y = test(f), a(f), b(f)
        unknown = which.unknown
        if x.unknown is not None or y.unknown is not None:
            none = np.bool_(False)
            chosen = np.where(
                which.values,
                none if x.unknown is None else x.unknown,
                none if y.unknown is None else y.unknown,
            )
            unknown = either(unknown, chosen)
        return Column(np.where(which.values, x.values, y.values), unknown)

    return _made(run, yes.scale, min(yes.low, no.low), max(yes.high, no.high), expr.scope == "item")


def _if_codes(condition: Compiled, yes: Compiled, no: Compiled, per_item: bool) -> Compiled:
    test, a, b = condition.run, yes.run, no.run

    def run(f: Frame) -> Column:
        which, x, y = test(f), a(f), b(f)
        words = x.words + y.words
        values = np.where(which.values, x.values, y.values + len(x.words))
        unknown = which.unknown
        if x.unknown is not None or y.unknown is not None:
            none = np.bool_(False)
            chosen = np.where(
                which.values,
                none if x.unknown is None else x.unknown,
                none if y.unknown is None else y.unknown,
            )
            unknown = either(unknown, chosen)
        unique = Words(dict.fromkeys(words))
        index = {word: number for number, word in enumerate(unique)}
        mapping = np.fromiter((index[word] for word in words), dtype=np.int32, count=len(words))
        return Column(mapping[values] if words else values, unknown, unique)

    return Compiled(run, 0, 0, 0, per_item)


def _extreme(pick: Any, choose: Callable[..., int]) -> Callable[[Compiler, Expr], Compiled]:
    def build(compiler: Compiler, expr: Expr) -> Compiled:
        parts = _aligned(compiler.parts(expr))
        runs = [part.run for part in parts]

        def run(f: Frame) -> Column:
            columns = [each(f) for each in runs]
            values, unknown = columns[0].values, columns[0].unknown
            for column in columns[1:]:
                values = pick(values, column.values)
                unknown = either(unknown, column.unknown)
            return Column(values, unknown)

        low, high = choose(p.low for p in parts), choose(p.high for p in parts)
        return _made(run, parts[0].scale, low, high, expr.scope == "item")

    return build


def _per_item_values(f: Frame, values: Any, kind: Any) -> Any:
    """Values as a full item array, also when the expression is a constant."""
    if isinstance(values, np.ndarray) and values.shape:
        return values
    return np.full(f.items, values, dtype=kind)


def _gather(ufunc: Any) -> Callable[[Frame, Any], Any]:
    def reduce(f: Frame, values: Any) -> Any:
        full = _per_item_values(f, values, np.int64)
        return full if f.owner is None else ufunc.reduceat(full, f.starts)

    return reduce


def _add_up(f: Frame, values: Any) -> Ints:
    return f.summed(_per_item_values(f, values, np.int64))


def _any_of(f: Frame, values: Any) -> Bools:
    return f.anywhere(_per_item_values(f, values, np.bool_))


_greatest = _gather(np.maximum)
_least = _gather(np.minimum)


def _reduced(
    gather: Callable[[Frame, Any], Any], factor: int
) -> Callable[[Compiler, Expr], Compiled]:
    def build(compiler: Compiler, expr: Expr) -> Compiled:
        (part,) = (compiler.compile(arg) for arg in expr.args)
        inner = part.run

        def run(f: Frame) -> Column:
            column = inner(f)
            unknown = None if column.unknown is None else _any_of(f, column.unknown)
            return Column(gather(f, column.values), unknown)

        low, high = min(part.low, part.low * factor), max(part.high, part.high * factor)
        return _made(run, part.scale, low, high, False)

    return build


def _count(compiler: Compiler, expr: Expr) -> Compiled:
    inner = compiler.compile(expr.args[0]).run

    def run(f: Frame) -> Column:
        column = inner(f)
        unknown = None if column.unknown is None else _any_of(f, column.unknown)
        ones = _per_item_values(f, column.values, np.bool_).astype(np.int64)
        return Column(_add_up(f, ones), unknown)

    return Compiled(run, 0, 0, MAX_ITEMS, False)


def _distinct(compiler: Compiler, expr: Expr) -> Compiled:
    inner = compiler.compile(expr.args[0]).run

    def run(f: Frame) -> Column:
        column = inner(f)
        unknown = None if column.unknown is None else _any_of(f, column.unknown)
        if f.owner is None:
            return Column(np.ones(f.consignments, dtype=np.int64), unknown)
        width = len(column.words) + 1
        owners = np.unique(f.owner * width + column.values + 1) // width
        return Column(np.bincount(owners, minlength=f.consignments).astype(np.int64), unknown)

    return Compiled(run, 0, 0, MAX_ITEMS, False)


def _quantified(*, every: bool) -> Callable[[Compiler, Expr], Compiled]:
    def build(compiler: Compiler, expr: Expr) -> Compiled:
        inner = compiler.compile(expr.args[0]).run

        def run(f: Frame) -> Column:
            column = inner(f)
            settling = ~column.values if every else column.values
            if column.unknown is not None:
                settling = settling & ~column.unknown
            found = _any_of(f, settling)
            unknown = None
            if column.unknown is not None:
                unknown = _any_of(f, column.unknown) & ~found
            return Column(~found if every else found, unknown)

        return Compiled(run, 0, 0, 1, False)

    return build


def divide(numerator: Any, divisor: Any, mode: str, *, signed: bool) -> Any:
    """Whole number nearest to ``numerator / divisor`` (divisor > 0), symmetric about zero."""
    size = np.abs(numerator) if signed else numerator
    if mode == "down":
        whole = size // divisor
    elif mode == "up":
        whole = (size + (divisor - 1)) // divisor
    elif mode == "half_up":
        whole = (
            (size + (divisor >> 1)) // divisor
            if _even(divisor)
            else (2 * size + divisor) // (2 * divisor)
        )
    else:
        whole = size // divisor
        rest = 2 * (size - whole * divisor)
        whole = whole + ((rest > divisor) | ((rest == divisor) & (whole % 2 == 1)))
    return np.where(numerator < 0, -whole, whole) if signed else whole


def _even(divisor: Any) -> bool:
    return isinstance(divisor, int) and divisor % 2 == 0


def _round(compiler: Compiler, expr: Expr) -> Compiled:
    step, mode = expr.value, expr.name
    assert isinstance(step, Decimal)
    number, places = scaled(step)
    if expr.args[0].quotient:
        return _round_quotient(compiler, expr, number, places, mode)
    (part,) = compiler.parts(expr)
    part = at_scale(part, max(part.scale, places))
    divisor = number * 10 ** (part.scale - places)
    inner, signed = part.run, part.low < 0
    reach = 2 * max(abs(part.low), abs(part.high)) + divisor
    if reach >= SAFE:
        raise TooWideError

    def run(f: Frame) -> Column:
        column = inner(f)
        whole = divide(column.values, divisor, mode, signed=signed)
        return Column(whole if number == 1 else whole * number, column.unknown)

    low, high = ((abs(edge) // divisor + 1) * number for edge in (part.low, part.high))
    return _made(
        run,
        places,
        -low if part.low < 0 else 0,
        -0 if part.high < 0 else high,
        part.per_item,
    )


def _round_quotient(
    compiler: Compiler, expr: Expr, number: int, places: int, mode: str
) -> Compiled:
    """A division and its rounding in one exact step."""
    inner = expr.args[0]
    top, bottom = compiler.parts(inner)
    shift = bottom.scale + places - top.scale
    grow, shrink = 10 ** max(0, shift), number * 10 ** max(0, -shift)
    largest_top = max(abs(top.low), abs(top.high)) * grow
    largest_bottom = max(abs(bottom.low), abs(bottom.high)) * shrink
    if 2 * largest_top + 2 * largest_bottom >= SAFE:
        raise TooWideError
    a, b = top.run, bottom.run

    def run(f: Frame) -> Column:
        x, y = a(f), b(f)
        bottoms = np.asarray(y.values) * shrink
        zero = bottoms == 0
        tops = np.where(bottoms < 0, -x.values, x.values) * grow
        size = np.where(zero, 1, np.abs(bottoms))
        whole = divide(tops, size, mode, signed=True)
        unknown = either(x.unknown, y.unknown)
        if zero.any():
            unknown = either(unknown, np.broadcast_to(zero, np.shape(whole)))
        return Column(whole * number, unknown)

    high = (largest_top + 1) * number
    if high >= SAFE:
        raise TooWideError
    return _made(run, places, -high, high, expr.scope == "item")


def _share(compiler: Compiler, expr: Expr) -> Compiled:
    amount = compiler.compile(expr.args[0])
    weight = compiler.compile(expr.args[1])
    amount = at_scale(amount, max(amount.scale, SHARE_PLACES))
    unit = 10 ** (amount.scale - SHARE_PLACES)
    signed = amount.low < 0 or weight.low < 0
    a, w = amount.run, weight.run

    def run(f: Frame) -> Column:
        whole = a(f)
        values = whole.values
        if not (isinstance(values, np.ndarray) and values.shape):
            values = np.full(f.consignments, values, dtype=np.int64)
        if f.owner is None:
            return Column(values, whole.unknown)
        unknown = None if whole.unknown is None else whole.unknown[f.owner]
        if not values.any():
            return Column(values[f.owner], unknown)
        weights = w(f)
        shares = _shared(f, values, _per_item_values(f, weights.values, np.int64), unit, signed)
        if weights.unknown is not None:
            matters = (values != 0) & (f.lengths > 1)
            lost = _any_of(f, weights.unknown) & matters
            unknown = either(unknown, lost[f.owner])
        return Column(shares, unknown)

    edge = max(abs(amount.low), abs(amount.high))
    low = -edge if signed else 0
    return _made(run, amount.scale, low, edge, True)


def _shared(f: Frame, amounts: Ints, weights: Ints, unit: int, signed: bool) -> Ints:
    """Amounts split by cumulative rounding, as ``exact.shares`` does for one consignment."""
    assert f.owner is not None
    totals = f.summed(weights)
    if 2 * _size(amounts) * max(_size(totals), 1) >= SAFE:  # proportions need no common factors
        factors = np.maximum(np.gcd.reduceat(weights, f.starts), 1)
        weights, totals = weights // factors[f.owner], totals // factors
    sums = np.cumsum(weights)
    before = np.concatenate((np.zeros(1, dtype=np.int64), sums))[f.starts]
    running = sums - before[f.owner]
    if 2 * _size(amounts) * max(_size(totals), 1) >= SAFE or 2 * _size(totals) * unit >= SAFE:
        large = np.abs(totals.astype(np.float64))
        estimate = np.abs(amounts.astype(np.float64)) * np.maximum(large, 1.0)
        f.flag((estimate * 2 >= SAFE) | (large * 2 * unit >= SAFE), per_item=False)
    if signed:
        f.flag((amounts < 0) | (f.anywhere(weights < 0)), per_item=False)
    divisor = np.where(totals > 0, totals, 1) * unit
    upto = (2 * amounts[f.owner] * running + divisor[f.owner]) // (2 * divisor)[f.owner] * unit
    ends = f.starts + f.lengths - 1
    upto[ends] = amounts
    weightless = totals == 0
    if weightless.any():
        upto = np.where(weightless[f.owner], amounts[f.owner], upto)
    parts: Ints = np.diff(upto, prepend=np.int64(0))
    parts[f.starts] = upto[f.starts]
    return parts


def _together(compiler: Compiler, expr: Expr) -> Compiled:
    part, code = compiler.parts(expr)
    p, k = part.run, code.run

    def run(f: Frame) -> Column:
        found = p(f)
        if f.owner is None:
            return Column(found.values, either(found.unknown, k(f).unknown))
        codes = k(f)
        values = _per_item_values(f, found.values, np.int64)
        key = f.owner * (len(codes.words) + 1) + codes.values + 1
        _, which = np.unique(key, return_inverse=True)
        sums = np.zeros(int(which.max(initial=-1)) + 1, dtype=np.int64)
        np.add.at(sums, which, values)
        unknown = either(found.unknown, codes.unknown)
        if unknown is not None:
            unknown = _any_of(f, unknown)[f.owner]
        return Column(sums[which], unknown)

    return _made(run, part.scale, part.low * MAX_ITEMS, part.high * MAX_ITEMS, True)


def _size(values: Ints) -> int:
    """The greatest of the values, whatever their sign, as a whole number without limit."""
    return max(abs(int(values.min(initial=0))), abs(int(values.max(initial=0))))


def _within(compiler: Compiler, expr: Expr) -> Compiled:
    part, limit = _aligned([compiler.compile(arg) for arg in expr.args])
    a, b = part.run, limit.run

    def run(f: Frame) -> Column:
        amounts, limits = a(f), b(f)
        values = _per_item_values(f, amounts.values, np.int64)
        left = np.broadcast_to(limits.values, (f.consignments,)).astype(np.int64)
        unknown = either(
            None if amounts.unknown is None else _any_of(f, amounts.unknown), limits.unknown
        )
        if f.owner is None:
            return Column(values <= left, unknown)
        fits = np.zeros(f.items, dtype=np.bool_)
        for turn in range(int(f.lengths.max(initial=0))):
            rows = np.flatnonzero(f.lengths > turn)
            items = f.starts[rows] + turn
            fit = values[items] <= left[rows]
            fits[items] = fit
            left[rows] -= np.where(fit, values[items], 0)
        return Column(fits, None if unknown is None else unknown[f.owner])

    return Compiled(run, 0, 0, 1, True)


def _convert(compiler: Compiler, expr: Expr) -> Compiled:
    amount = expr.value
    assert isinstance(amount, Decimal)
    rate = compiler.rates.get(expr.name)
    if rate is None:
        nobody_knows = Column(np.int64(0))

        def run(f: Frame) -> Column:
            return Column(nobody_knows.values, np.ones(f.consignments, dtype=np.bool_))

        return Compiled(run, 0, 0, 0, False)
    number, scale = scaled(amount * rate)
    column = Column(np.int64(number))
    return _made(lambda f: column, scale, number, number, False)


def _fee(compiler: Compiler, expr: Expr) -> Compiled:
    name = f"fee {expr.name}"
    static = compiler.statics["freight"]
    nothing = Column(np.int64(0))
    return _made(
        lambda f: f.columns.get(name, nothing), static.scale, static.low, static.high, False
    )


def _known(compiler: Compiler, expr: Expr) -> Compiled:
    part = compiler.compile(expr.args[0])
    inner = part.run

    def run(f: Frame) -> Column:
        column = inner(f)
        if column.unknown is not None:
            return Column(~column.unknown)
        size = f.items if part.per_item else f.consignments
        return Column(np.ones(size, dtype=np.bool_))

    return Compiled(run, 0, 0, 1, part.per_item)


_BUILD: Final[dict[str, Callable[[Compiler, Expr], Compiled]]] = {
    "const": _const,
    "name": _name,
    "add": _sum(1),
    "sub": _sum(-1),
    "by_tariff": _mul,
    "mul": _mul,
    "neg": _neg,
    "lt": _compare(lambda a, b: a < b),
    "le": _compare(lambda a, b: a <= b),
    "gt": _compare(lambda a, b: a > b),
    "ge": _compare(lambda a, b: a >= b),
    "eq": _compare(lambda a, b: a == b),
    "ne": _compare(lambda a, b: a != b),
    "and": _logic(both=True),
    "or": _logic(both=False),
    "not": _not,
    "in_codes": _in_codes,
    "in_hs": _in_hs,
    "digits": _digits,
    "if": _if,
    "min": _extreme(np.minimum, min),
    "max": _extreme(np.maximum, max),
    "total": _reduced(_add_up, MAX_ITEMS),
    "largest": _reduced(_greatest, 1),
    "smallest": _reduced(_least, 1),
    "count": _count,
    "distinct": _distinct,
    "any": _quantified(every=False),
    "all": _quantified(every=True),
    "round": _round,
    "share": _share,
    "together": _together,
    "within": _within,
    "convert": _convert,
    "fee": _fee,
    "known": _known,
}
