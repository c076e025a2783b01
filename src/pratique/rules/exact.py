"""What does this expression give for one parcel? Exact decimals, nothing rounded but where the rule says.

This evaluator is the specification; ``columns`` is an optimisation that must agree with it to the last
minor unit. A value nobody knows raises ``Unknown`` and is caught where a whole entry is evaluated, except
that ``and`` and ``or`` do not need a side that cannot change their answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction
from typing import Any, Final

from pratique.model.codelists import hs_below
from pratique.rules.types import SHARE_PLACES, Expr

EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow])
"""Every operation on amounts runs in this context: an inexact one raises instead of losing a digit."""

ROUNDING_MODES: Final = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}
_ZERO: Final = Decimal(0)
_SHARE_UNITS: Final = Decimal(10**SHARE_PLACES)

Value = Decimal | bool | str | date
Facts = dict[Any, Any]
Evaluator = Callable[[Facts, Facts], Any]
"""(facts of the consignment, facts of the item) → value; the item's are empty at consignment scope."""

SUBHEADING: Final = 6
"""Digits of a subheading of the Harmonized System."""
ITEMS: Final = "#items"
RATES: Final = "#rates"
FEES: Final = "#fees"
ALL_FEES: Final = "*"
DUTY: Final = "#duty"
"""Of an item whose duty is no share of its value alone: a function from the value to the duty."""


class Unknown(Exception):  # noqa: N818 - a value, not a failure: what is missing and what to do
    """A value the rule needs and nobody gave; the message says which and how to give it."""


class Missing:
    """Stands in the facts for a value that is not known, with the reason. Using it raises ``Unknown``."""

    __slots__ = ("because",)

    def __init__(self, because: str) -> None:
        self.because = because

    def _unknown(self, *_: object) -> Any:
        raise Unknown(self.because)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __neg__ = __abs__ = _unknown
    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __getitem__ = __len__ = _unknown
    __eq__ = __ne__ = _unknown
    __hash__ = _unknown

    def quantize(self, *_: object) -> Any:
        """Rounding what is not known."""
        return self._unknown()


def exactly() -> Any:
    """Context manager in which amounts are reckoned; enter it once per parcel."""
    return localcontext(EXACT)


def compile_exact(expr: Expr) -> Evaluator:
    """A function of the facts that gives the expression's value, or raises ``Unknown``."""
    return _COMPILE[expr.op](expr)


def round_exact(value: Decimal, step: Decimal, mode: str) -> Decimal:
    """``value`` to the nearest multiple of ``step``; symmetric about zero. Exact."""
    _, digits, exponent = step.as_tuple()
    if digits == (1,):
        with localcontext() as context:
            context.traps[Inexact] = False
            return value.quantize(step, rounding=ROUNDING_MODES[mode])
    assert isinstance(exponent, int)
    return round_ratio(Fraction(value), step, mode)


def round_ratio(value: Fraction, step: Decimal, mode: str) -> Decimal:
    """A ratio to the nearest multiple of ``step``; symmetric about zero. Exact."""
    steps = abs(value) / Fraction(step)
    whole, rest = divmod(steps.numerator, steps.denominator)
    double = 2 * rest
    if mode == "up":
        whole += rest > 0
    elif mode == "half_up":
        whole += double >= steps.denominator
    elif mode == "half_even":
        whole += double > steps.denominator or (double == steps.denominator and whole % 2 == 1)
    return (-whole if value < 0 else whole) * step


def shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """``amount`` split in proportion to ``weights``; parts sum exactly to the whole.

    Each running total is rounded half up to four places (or the amount's own, if finer), so no residue is
    left over. Without any weight all goes to the first.
    """
    total = sum(weights, _ZERO)
    if len(weights) == 1:
        return [amount]
    if total == 0:
        return [amount] + [_ZERO] * (len(weights) - 1)
    parts = []
    before = running = _ZERO
    twice = 2 * abs(total)
    for weight in weights[:-1]:
        running += weight
        product = amount * running
        steps = (abs(product) * _SHARE_UNITS * 2 + abs(total)) // twice
        upto = steps.scaleb(-SHARE_PLACES)
        if (product < 0) != (total < 0):
            upto = -upto
        parts.append(upto - before)
        before = upto
    parts.append(amount - before)
    return parts


def fits(amounts: Sequence[Decimal], limit: Decimal) -> list[bool]:
    """Whether each amount still fits under ``limit`` when allocated in turn; one that does not is skipped."""
    left = limit
    answer = []
    for amount in amounts:
        fit = amount <= left
        if fit:
            left -= amount
        answer.append(fit)
    return answer


def _const(expr: Expr) -> Evaluator:
    value = expr.value if expr.value is not None else expr.codes
    return lambda c, i: value


def _name(expr: Expr) -> Evaluator:
    name = expr.name

    def from_item(c: Facts, i: Facts) -> Any:
        value = i[name]
        if value.__class__ is Missing:
            raise Unknown(value.because)
        return value

    def from_consignment(c: Facts, i: Facts) -> Any:
        value = c[name]
        if value.__class__ is Missing:
            raise Unknown(value.because)
        return value

    return from_item if expr.scope == "item" else from_consignment


def _binary(combine: Callable[[Any, Any], Any]) -> Callable[[Expr], Evaluator]:
    def build(expr: Expr) -> Evaluator:
        left, right = (compile_exact(arg) for arg in expr.args)
        return lambda c, i: combine(left(c, i), right(c, i))

    return build


def _and(expr: Expr) -> Evaluator:
    return _decisive(expr, decisive=False)


def _or(expr: Expr) -> Evaluator:
    return _decisive(expr, decisive=True)


def _decisive(expr: Expr, *, decisive: bool) -> Evaluator:
    left, right = (compile_exact(arg) for arg in expr.args)

    def evaluate(c: Facts, i: Facts) -> bool:
        try:
            first: bool = left(c, i)
        except Unknown:
            if bool(right(c, i)) == decisive:
                return decisive
            raise
        return decisive if first == decisive else bool(right(c, i))

    return evaluate


def _not(expr: Expr) -> Evaluator:
    inner = compile_exact(expr.args[0])
    return lambda c, i: not inner(c, i)


def _negative(expr: Expr) -> Evaluator:
    inner = compile_exact(expr.args[0])
    return lambda c, i: -inner(c, i)


def _in_codes(expr: Expr) -> Evaluator:
    inner, codes = compile_exact(expr.args[0]), expr.codes
    return lambda c, i: bool(inner(c, i) in codes)


@functools.lru_cache(maxsize=1024)
def _beginnings(listed: frozenset[str]) -> frozenset[str]:
    return frozenset(code[:length] for code in listed for length in range(2, len(code)))


@functools.lru_cache(maxsize=65_536)
def in_hs(code: str, listed: frozenset[str]) -> bool | None:
    """Whether an HS code lies under one of those listed; None when only more digits of it would tell.

    A code of fewer than six digits lies under them when all its subheadings do.
    """
    if any(code[:length] in listed for length in range(2, len(code) + 1)):
        return True
    if code not in _beginnings(listed):
        return False
    longer = [each for each in listed if each.startswith(code)]
    if len(code) < SUBHEADING and max(map(len, longer)) <= SUBHEADING:
        below = hs_below(code)
        covered = {each for each in below if in_hs(each, frozenset(longer))}
        return True if below and len(covered) == len(below) else None
    return None


def more_digits(code: str) -> str:
    """What to say when only more digits of a code would tell."""
    return f"the law tells goods of {code} apart: give more digits of the code"


def _in_hs(expr: Expr) -> Evaluator:
    inner, codes = compile_exact(expr.args[0]), expr.codes

    def evaluate(c: Facts, i: Facts) -> bool:
        code: str = inner(c, i)
        answer = in_hs(code, codes)
        if answer is None:
            raise Unknown(more_digits(code))
        return answer

    return evaluate


def _if(expr: Expr) -> Evaluator:
    condition, yes, no = (compile_exact(arg) for arg in expr.args)
    return lambda c, i: yes(c, i) if condition(c, i) else no(c, i)


def _extreme(pick: Callable[..., Any]) -> Callable[[Expr], Evaluator]:
    def build(expr: Expr) -> Evaluator:
        parts = tuple(compile_exact(arg) for arg in expr.args)
        return lambda c, i: pick(part(c, i) for part in parts)

    return build


def _aggregate(combine: Callable[[Any], Any]) -> Callable[[Expr], Evaluator]:
    def build(expr: Expr) -> Evaluator:
        inner = compile_exact(expr.args[0])
        return lambda c, i: combine([inner(c, item) for item in c[ITEMS]])

    return build


def _quantified(*, decisive: bool) -> Callable[[Expr], Evaluator]:
    def build(expr: Expr) -> Evaluator:
        inner = compile_exact(expr.args[0])

        def evaluate(c: Facts, i: Facts) -> bool:
            unknown: Unknown | None = None
            for item in c[ITEMS]:
                try:
                    if bool(inner(c, item)) == decisive:
                        return decisive
                except Unknown as reason:
                    unknown = unknown or reason
            if unknown is not None:
                raise unknown
            return not decisive

        return evaluate

    return build


def _round(expr: Expr) -> Evaluator:
    step, mode = expr.value, expr.name
    assert isinstance(step, Decimal)
    inner = expr.args[0]
    if inner.quotient:
        top, bottom = (compile_exact(arg) for arg in inner.args)

        def divided(c: Facts, i: Facts) -> Decimal:
            divisor = bottom(c, i)
            if divisor == 0:
                raise Unknown("the rule would divide by zero")
            return round_ratio(Fraction(top(c, i)) / Fraction(divisor), step, mode)

        return divided
    value = compile_exact(inner)
    power = step.as_tuple().digits == (1,)
    rounding = ROUNDING_MODES[mode]
    if power:
        inexact_allowed = Context(prec=60, rounding=rounding, traps=[InvalidOperation])
        return lambda c, i: value(c, i).quantize(step, rounding, inexact_allowed)
    return lambda c, i: round_ratio(Fraction(value(c, i)), step, mode)


def _share(expr: Expr) -> Evaluator:
    amount, weight = (compile_exact(arg) for arg in expr.args)

    def evaluate(c: Facts, i: Facts) -> Decimal:
        items = c[ITEMS]
        whole: Decimal = amount(c, i)
        if len(items) == 1:
            return whole

        if whole == 0:
            return _ZERO
        parts = shares(whole, [weight(c, item) for item in items])
        return parts[i["#index"]]

    return evaluate


def _within(expr: Expr) -> Evaluator:
    amount, limit = (compile_exact(arg) for arg in expr.args)

    def evaluate(c: Facts, i: Facts) -> bool:
        return fits([amount(c, item) for item in c[ITEMS]], limit(c, {}))[i["#index"]]

    return evaluate


def _by_tariff(expr: Expr) -> Evaluator:
    value, rate = (compile_exact(arg) for arg in expr.args)

    def evaluate(c: Facts, i: Facts) -> Any:
        return i[DUTY](value(c, i)) if DUTY in i else value(c, i) * rate(c, i)

    return evaluate


def together(values: Sequence[Decimal], codes: Sequence[str]) -> list[Decimal]:
    """Per item, the sum of the values of all items with the same code."""
    sums: dict[str, Decimal] = {}
    for value, code in zip(values, codes, strict=True):
        sums[code] = sums.get(code, _ZERO) + value
    return [sums[code] for code in codes]


def _together(expr: Expr) -> Evaluator:
    value, code = (compile_exact(arg) for arg in expr.args)

    def evaluate(c: Facts, i: Facts) -> Decimal:
        items = c[ITEMS]
        return together([value(c, item) for item in items], [code(c, item) for item in items])[
            i["#index"]
        ]

    return evaluate


def _convert(expr: Expr) -> Evaluator:
    currency, amount = expr.name, expr.value
    assert isinstance(amount, Decimal)

    def evaluate(c: Facts, i: Facts) -> Decimal:
        rates: Mapping[str, Decimal] = c[RATES]
        rate = rates.get(currency)
        if rate is None:
            raise Unknown(
                f"no exchange rate for {currency} that day: give one as --fx {currency}=RATE"
            )
        return amount * rate

    return evaluate


def _fee(expr: Expr) -> Evaluator:
    name = expr.name

    def evaluate(c: Facts, i: Facts) -> Decimal:
        fees: Mapping[str, Decimal | Missing] = c[FEES]
        total = _ZERO
        for value in fees.values() if name == ALL_FEES else (fees.get(name, _ZERO),):
            if isinstance(value, Missing):
                raise Unknown(value.because)
            total += value
        return total

    return evaluate


def _known(expr: Expr) -> Evaluator:
    inner = compile_exact(expr.args[0])

    def evaluate(c: Facts, i: Facts) -> bool:
        try:
            inner(c, i)
        except Unknown:
            return False
        return True

    return evaluate


def _digits(expr: Expr) -> Evaluator:
    inner, length = compile_exact(expr.args[0]), int(str(expr.value))
    return lambda c, i: inner(c, i)[:length]


_COMPILE: Final[dict[str, Callable[[Expr], Evaluator]]] = {
    "const": _const,
    "name": _name,
    "add": _binary(lambda a, b: a + b),
    "sub": _binary(lambda a, b: a - b),
    "mul": _binary(lambda a, b: a * b),
    "lt": _binary(lambda a, b: a < b),
    "le": _binary(lambda a, b: a <= b),
    "gt": _binary(lambda a, b: a > b),
    "ge": _binary(lambda a, b: a >= b),
    "eq": _binary(lambda a, b: a == b),
    "ne": _binary(lambda a, b: a != b),
    "neg": _negative,
    "and": _and,
    "or": _or,
    "not": _not,
    "in_codes": _in_codes,
    "in_hs": _in_hs,
    "if": _if,
    "min": _extreme(min),
    "max": _extreme(max),
    "total": _aggregate(lambda values: sum(values, _ZERO)),
    "largest": _aggregate(max),
    "smallest": _aggregate(min),
    "count": _aggregate(lambda values: Decimal(sum(values))),
    "distinct": _aggregate(lambda values: Decimal(len(set(values)))),
    "any": _quantified(decisive=True),
    "all": _quantified(decisive=False),
    "round": _round,
    "share": _share,
    "within": _within,
    "together": _together,
    "by_tariff": _by_tariff,
    "convert": _convert,
    "fee": _fee,
    "known": _known,
    "digits": _digits,
}
