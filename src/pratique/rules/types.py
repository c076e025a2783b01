"""Does this rule make sense? Syntax tree in, typed expression out, units checked.

EUR never meets CNY, a rate is never added to an amount, and a division is always closed by a rounding,
so that both evaluators give the same exact answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final, Literal

import msgspec

from pratique.errors import LawError
from pratique.rules.syntax import Node, parse

Scope = Literal["consignment", "item"]
TypeKind = Literal["bool", "text", "hs", "date", "number", "rate", "money", "per", "mass", "codes"]
ROUNDINGS: Final = ("half_up", "half_even", "down", "up")
SHARE_PLACES: Final = 4
"""Decimal places to which ``share`` splits an amount; the parts always sum to the whole."""


class Type(msgspec.Struct, frozen=True):
    """Kind of a value and its unit: currency of money, ``EUR/kg`` of a specific rate."""

    kind: TypeKind
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.kind} in {self.unit}" if self.unit else self.kind


BOOL, TEXT, HS, DATE = Type("bool"), Type("text"), Type("hs"), Type("date")
NUMBER, RATE, MASS, CODES = Type("number"), Type("rate"), Type("mass"), Type("codes")


class Expr(msgspec.Struct, frozen=True, eq=False):
    """A typed expression: operator, arguments, type, scope, and a constant or name where it has one.

    ``quotient`` marks a division not yet closed by a rounding.
    """

    op: str
    type: Type
    scope: Scope
    args: tuple[Expr, ...] = ()
    value: Decimal | str | bool | date | None = None
    name: str = ""
    codes: frozenset[str] = frozenset()
    quotient: bool = False


class Known(msgspec.Struct, frozen=True):
    """What a name stands for: its type, and whether each item has its own."""

    type: Type
    scope: Scope


def money(currency: str) -> Type:
    """Type of an amount in ``currency``."""
    return Type("money", currency)


def facts(currency: str) -> dict[str, Known]:
    """Names every rule may use, for a law reckoned in ``currency``. Documented in docs/reference/rules.md."""
    home = money(currency)
    return {
        "flow": Known(TEXT, "consignment"),
        "channel": Known(TEXT, "consignment"),
        "direction": Known(TEXT, "consignment"),
        "destination": Known(TEXT, "consignment"),
        "dispatch_country": Known(TEXT, "consignment"),
        "on": Known(DATE, "consignment"),
        "scheme_number": Known(BOOL, "consignment"),
        "dataset": Known(TEXT, "consignment"),
        "items": Known(NUMBER, "consignment"),
        "freight": Known(home, "consignment"),
        "insurance": Known(home, "consignment"),
        "discount": Known(home, "consignment"),
        "gross_mass": Known(MASS, "consignment"),
        "mode": Known(TEXT, "consignment"),
        "subdivision": Known(TEXT, "consignment"),
        "sold_on": Known(DATE, "consignment"),
        "year_value": Known(home, "consignment"),
        "year_count": Known(NUMBER, "consignment"),
        "day_value": Known(home, "consignment"),
        "price": Known(home, "item"),
        "intrinsic": Known(home, "item"),
        "unit_price": Known(home, "item"),
        "quantity": Known(NUMBER, "item"),
        "net_mass": Known(MASS, "item"),
        "hs": Known(HS, "item"),
        "origin": Known(TEXT, "item"),
        "preference": Known(BOOL, "item"),
        "duty_rate": Known(RATE, "item"),
        "other_duty_rate": Known(RATE, "item"),
    }


def check(
    text: str,
    names: Mapping[str, Known],
    currency: str,
    lists: Mapping[str, frozenset[str]] | None = None,
) -> Expr:
    """Typed expression of a rule; raises ``LawError`` naming the column and the clash of units.

    ``names`` are the facts and earlier entries, ``lists`` the code lists it may refer to as ``list.x``.
    """
    return _Checker(text, names, currency, lists or {}).expr(parse(text))


def closed(expr: Expr, text: str) -> Expr:
    """The same expression, once it is sure that no division is left unrounded."""
    if expr.quotient:
        raise LawError(
            f"A division must be closed by a rounding, as round_half_up(a / b, 0.01): {text}"
        )
    return expr


def names_in(expr: Expr, scope: Scope | None = None) -> tuple[str, ...]:
    """Names an expression refers to (of one scope, if one is given), each once, in order of appearance."""
    found: dict[str, None] = {}

    def visit(node: Expr) -> None:
        if node.op == "name" and scope in (None, node.scope):
            found[node.name] = None
        for arg in node.args:
            visit(arg)

    visit(expr)
    return tuple(found)


class _Checker:
    """Turns one syntax tree into a typed expression."""

    def __init__(
        self,
        text: str,
        names: Mapping[str, Known],
        currency: str,
        lists: Mapping[str, frozenset[str]],
    ) -> None:
        self.text = text
        self.names = names
        self.currency = currency
        self.lists = lists

    def fail(self, node: Node, why: str) -> LawError:
        return LawError(f"{why}, at column {node.at + 1} of: {self.text}")

    def near(self, name: str) -> str:
        """What may have been meant by a name nobody wrote."""
        listed = f"list.{name}"
        found = (
            [listed]
            if listed in self.lists
            else difflib.get_close_matches(name, (*self.names, *self.lists), n=1)
        )
        if found:
            return f" (did you mean {found[0]!r}?)"
        return ": it is no fact (docs/reference/rules.md), and no entry of that name is in force"

    def expr(self, node: Node) -> Expr:
        if node.kind == "op":
            return self.operator(node)
        if node.kind == "call":
            build = _FUNCTIONS.get(node.text)
            if build is None:
                known = ", ".join(sorted(_FUNCTIONS))
                raise self.fail(node, f"Unknown function {node.text!r}; known are {known}")
            return build(self, node)
        if node.kind == "name":
            codes = self.lists.get(node.text)
            if codes is not None:
                return Expr("const", CODES, "consignment", name=node.text, codes=codes)
            known_name = self.names.get(node.text)
            if known_name is None:
                raise self.fail(node, f"Unknown name {node.text!r}{self.near(node.text)}")
            return Expr("name", known_name.type, known_name.scope, name=node.text)
        return self.literal(node)

    def literal(self, node: Node) -> Expr:
        if node.kind == "set":
            return Expr("const", CODES, "consignment", codes=node.codes)
        if node.kind == "text":
            return Expr("const", TEXT, "consignment", value=node.text)
        if node.kind == "date":
            try:
                return Expr("const", DATE, "consignment", value=date.fromisoformat(node.text))
            except ValueError as error:
                raise self.fail(node, f"{node.text} is not a day") from error
        kinds: dict[str, Type] = {
            "number": NUMBER,
            "rate": RATE,
            "mass": MASS,
            "money": money(node.text),
            "per": Type("per", node.text),
        }
        return Expr("const", kinds[node.kind], "consignment", value=node.value)

    def operator(self, node: Node) -> Expr:
        args = tuple(self.expr(arg) for arg in node.args)
        if node.text in ("and", "or", "not"):
            for arg, source in zip(args, node.args, strict=True):
                self.need(arg, BOOL, source)
            return Expr(node.text, BOOL, _widest(args), args)
        if node.text == "in":
            return self.membership(node, *args)
        for arg, source in zip(args, node.args, strict=True):
            if arg.quotient and node.text not in ("*", "/"):
                raise self.fail(source, "A division must be rounded before it is used further")
        if node.text == "negate":
            self.numeric(args[0], node)
            return Expr("neg", args[0].type, args[0].scope, args)
        if node.text in ("<", "<=", ">", ">=", "==", "!="):
            return self.comparison(node, *args)
        if node.text in ("+", "-"):
            return self.sum(node, *args)
        return self.product(node, *args)

    def need(self, expr: Expr, wanted: Type, node: Node) -> None:
        if expr.type != wanted:
            raise self.fail(node, f"Expected {wanted} but this is {expr.type}")

    def numeric(self, expr: Expr, node: Node) -> None:
        if expr.type.kind not in ("number", "rate", "money", "mass", "per"):
            raise self.fail(node, f"Expected a quantity but this is {expr.type}")

    def membership(self, node: Node, left: Expr, right: Expr) -> Expr:
        if right.type != CODES:
            raise self.fail(node, "'in' needs a set of codes or a list on its right")
        if left.type not in (TEXT, HS):
            raise self.fail(node, f"'in' needs a code on its left, not {left.type}")
        op = "in_hs" if left.type == HS else "in_codes"
        return Expr(op, BOOL, left.scope, (left,), name=right.name, codes=right.codes)

    def comparison(self, node: Node, left: Expr, right: Expr) -> Expr:
        if left.type != right.type:
            how = _how_to_write(left.type, right.type)
            raise self.fail(node, f"Cannot compare {left.type} with {right.type}{how}")
        if left.type in (BOOL, CODES) or (
            left.type in (TEXT, HS) and node.text not in ("==", "!=")
        ):
            raise self.fail(node, f"Cannot compare {left.type} with {node.text}")
        ops = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
        return Expr(ops[node.text], BOOL, _widest((left, right)), (left, right))

    def sum(self, node: Node, left: Expr, right: Expr) -> Expr:
        self.numeric(left, node)
        self.numeric(right, node)
        kinds = {left.type, right.type}
        result = left.type if len(kinds) == 1 else RATE if kinds == {NUMBER, RATE} else None
        if result is None:
            word = "add" if node.text == "+" else "subtract"
            how = _how_to_write(left.type, right.type)
            raise self.fail(node, f"Cannot {word} {left.type} and {right.type}{how}")
        op = "add" if node.text == "+" else "sub"
        return Expr(op, result, _widest((left, right)), (left, right))

    def product(self, node: Node, left: Expr, right: Expr) -> Expr:
        self.numeric(left, node)
        self.numeric(right, node)
        scope = _widest((left, right))
        if right.quotient:
            raise self.fail(node, "Round a division before multiplying or dividing by it")
        if node.text == "*":
            result = _multiply(left.type, right.type) or _multiply(right.type, left.type)
            if result is None:
                raise self.fail(node, f"Cannot multiply {left.type} by {right.type}")
            if left.quotient:
                raise self.fail(node, "Write the division last: a * b / c, not a / c * b")
            return Expr("mul", result, scope, (left, right))
        result = _divide(left.type, right.type)
        if result is None or left.quotient:
            raise self.fail(node, f"Cannot divide {left.type} by {right.type}")
        return Expr("div", result, scope, (left, right), quotient=True)


def _multiply(left: Type, right: Type) -> Type | None:
    if right in (NUMBER, RATE):
        if left in (NUMBER, RATE):
            return RATE if RATE in (left, right) else NUMBER
        if left.kind == "per":
            currency, unit = left.unit.split("/")
            return money(currency) if unit == "piece" and right == NUMBER else left
        return left
    if left.kind == "per" and right == MASS and left.unit.endswith("/kg"):
        return money(left.unit.split("/")[0])
    return None


def _divide(left: Type, right: Type) -> Type | None:
    if right in (NUMBER, RATE):
        return left
    if left == right and left.kind in ("money", "mass"):
        return NUMBER
    return None


def _how_to_write(left: Type, right: Type) -> str:
    """What is mostly forgotten where a plain number meets something that has a unit."""
    if {left.kind, right.kind} == {"money", "rate"}:
        return "; a share of an amount is written amount * rate"
    if NUMBER not in (left, right):
        return ""
    other = right if left == NUMBER else left
    if other.kind == "money":
        return f"; an amount is written {other.unit} 40"
    forms = {"rate": "; a rate is written 40%", "mass": "; a mass is written 40 kg"}
    return forms.get(other.kind, "")


def _widest(args: tuple[Expr, ...]) -> Scope:
    return "item" if any(arg.scope == "item" for arg in args) else "consignment"


FACTS: Final[dict[str, str]] = {
    "flow": '"b2c", "b2b" or "c2c"',
    "channel": '"post", "express" or "cargo"',
    "direction": '"import" or "export"',
    "destination": "country of destination",
    "dispatch_country": "country the goods are sent from",
    "on": "the day whose law is applied",
    "scheme_number": "whether a registration of the law's own scheme is declared",
    "dataset": "data set of the declaration, empty if none is named",
    "items": "number of goods items",
    "freight": "transport cost shown apart from the price, zero if none",
    "insurance": "insurance shown apart from the price, zero if none",
    "discount": "discount on the order not yet in the prices, zero if none",
    "gross_mass": "total gross mass",
    "mode": 'how the goods cross the border: "sea", "rail", "road", "air" or "mail"; unknown when not declared',
    "subdivision": "state, province or territory of the consignee, the part of its ISO 3166-2 code after the dash, or as its postcode tells; unknown when neither does",
    "sold_on": "day of the order; unknown when not declared",
    "year_value": "value of what the importer received before in this calendar year; unknown when nobody said",
    "year_count": "number of parcels the importer received before in this calendar year; unknown when nobody said",
    "day_value": "value of what the importer received before on this day; unknown when nobody said",
    "price": "transaction value of the item",
    "intrinsic": "price of the item's goods alone; the transaction value when not stated apart",
    "unit_price": "price of one piece; unknown when only the price of the line is declared",
    "quantity": "number of pieces",
    "net_mass": "net mass of the item",
    "hs": "HS or tariff code of the item",
    "origin": "country where the item was made",
    "preference": "whether preferential origin is claimed",
    "duty_rate": "ad valorem duty rate from the tariff, or as declared when no tariff is loaded; unknown when not a share of the value alone",
    "other_duty_rate": "ad valorem duty rate of a second tariff, where the law compares two; unknown when not declared",
}
"""Every fact of the language and what it means."""

_Build = Callable[[_Checker, Node], Expr]


def _arguments(
    checker: _Checker, node: Node, least: int, most: int | None = None
) -> tuple[Expr, ...]:
    args = tuple(checker.expr(arg) for arg in node.args)
    if len(args) < least or len(args) > (most or least):
        raise checker.fail(node, f"{node.text} takes {least} argument(s), not {len(args)}")
    return args


def _aggregate(op: str) -> _Build:
    def build(checker: _Checker, node: Node) -> Expr:
        (arg,) = _arguments(checker, node, 1)
        if arg.scope != "item":
            raise checker.fail(node, f"{op} needs something that each item has")
        if op in ("any", "all", "count"):
            checker.need(arg, BOOL, node)
            return Expr(op, NUMBER if op == "count" else BOOL, "consignment", (arg,))
        if op == "distinct":
            if arg.type not in (TEXT, HS):
                raise checker.fail(node, "distinct counts codes")
            return Expr(op, NUMBER, "consignment", (arg,))
        checker.numeric(arg, node)
        if arg.quotient:
            raise checker.fail(node, "A division must be rounded before it is summed")
        return Expr(op, arg.type, "consignment", (arg,))

    return build


def _extreme(op: str) -> _Build:
    def build(checker: _Checker, node: Node) -> Expr:
        args = _arguments(checker, node, 2, 8)
        for arg in args:
            checker.numeric(arg, node)
            if arg.type != args[0].type:
                raise checker.fail(node, f"{op} cannot weigh {args[0].type} against {arg.type}")
            if arg.quotient:
                raise checker.fail(node, "A division must be rounded before it is compared")
        return Expr(op, args[0].type, _widest(args), args)

    return build


def _choice(checker: _Checker, node: Node) -> Expr:
    condition, yes, no = _arguments(checker, node, 3)
    checker.need(condition, BOOL, node)
    if yes.type != no.type:
        raise checker.fail(
            node,
            f"if gives {yes.type} or {no.type}: both must be the same{_how_to_write(yes.type, no.type)}",
        )
    if yes.quotient or no.quotient:
        raise checker.fail(node, "A division must be rounded before it is chosen")
    return Expr("if", yes.type, _widest((condition, yes, no)), (condition, yes, no))


def _rounding(mode: str) -> _Build:
    def build(checker: _Checker, node: Node) -> Expr:
        arg, step = _arguments(checker, node, 2)
        checker.numeric(arg, node)
        if step.op != "const" or step.type != NUMBER or not isinstance(step.value, Decimal):
            raise checker.fail(node, "The step of a rounding is a plain number, as 0.01 or 1000")
        if step.value <= 0:
            raise checker.fail(node, "The step of a rounding is greater than zero")
        return Expr("round", arg.type, arg.scope, (arg,), value=step.value, name=mode)

    return build


def _share(checker: _Checker, node: Node) -> Expr:
    amount, weight = _arguments(checker, node, 2)
    if amount.type.kind != "money" or amount.scope != "consignment":
        raise checker.fail(node, "share splits an amount of the whole consignment")
    if weight.scope != "item" or weight.type.kind not in ("money", "mass", "number"):
        raise checker.fail(node, "share weighs by something that each item has")
    if amount.quotient or weight.quotient:
        raise checker.fail(node, "A division must be rounded before it is shared")
    return Expr("share", amount.type, "item", (amount, weight))


def _by_tariff(checker: _Checker, node: Node) -> Expr:
    (amount,) = _arguments(checker, node, 1)
    if amount.type != money(checker.currency) or amount.scope != "item" or amount.quotient:
        raise checker.fail(
            node, f"by_tariff takes a value in {checker.currency} that each item has"
        )
    rate = Expr("name", RATE, "item", name="duty_rate")
    return Expr("by_tariff", amount.type, "item", (amount, rate))


def _convert(checker: _Checker, node: Node) -> Expr:
    (arg,) = _arguments(checker, node, 1)
    if arg.op != "const" or arg.type.kind not in ("money", "per"):
        raise checker.fail(node, "convert takes an amount written out, as convert(EUR 150)")
    currency, _, unit = arg.type.unit.partition("/")
    if currency == checker.currency:
        return arg
    result = Type(arg.type.kind, f"{checker.currency}/{unit}" if unit else checker.currency)
    return Expr("convert", result, "consignment", value=arg.value, name=currency)


def _fee(checker: _Checker, node: Node) -> Expr:
    (arg,) = _arguments(checker, node, 1)
    if arg.op != "const" or not isinstance(arg.value, str):
        raise checker.fail(node, 'fee takes the name of a fee, as fee("clearance")')
    return Expr("fee", money(checker.currency), "consignment", name=arg.value)


def _together(checker: _Checker, node: Node) -> Expr:
    amount, code = _arguments(checker, node, 2)
    checker.numeric(amount, node)
    if amount.scope != "item" or code.scope != "item" or code.type not in (TEXT, HS):
        raise checker.fail(node, "together takes something each item has, and a code of each item")
    if amount.quotient:
        raise checker.fail(node, "A division must be rounded before it is summed")
    return Expr("together", amount.type, "item", (amount, code))


def _within(checker: _Checker, node: Node) -> Expr:
    amount, limit = _arguments(checker, node, 2)
    if amount.scope != "item" or amount.type.kind != "money" or limit.type != amount.type:
        raise checker.fail(
            node, "within takes an amount of each item and a limit in the same money"
        )
    if limit.scope != "consignment":
        raise checker.fail(node, "The limit of within is one for the whole consignment")
    return Expr("within", BOOL, "item", (amount, limit))


def _is_known(checker: _Checker, node: Node) -> Expr:
    (arg,) = _arguments(checker, node, 1)
    return Expr("known", BOOL, arg.scope, (arg,))


def _heading(digits: str) -> _Build:
    def build(checker: _Checker, node: Node) -> Expr:
        (arg,) = _arguments(checker, node, 1)
        checker.need(arg, HS, node)
        return Expr("digits", HS, arg.scope, (arg,), value=Decimal(digits))

    return build


_FUNCTIONS: Final[dict[str, _Build]] = {
    "total": _aggregate("total"),
    "largest": _aggregate("largest"),
    "smallest": _aggregate("smallest"),
    "count": _aggregate("count"),
    "distinct": _aggregate("distinct"),
    "any": _aggregate("any"),
    "all": _aggregate("all"),
    "min": _extreme("min"),
    "max": _extreme("max"),
    "if": _choice,
    "share": _share,
    "within": _within,
    "together": _together,
    "by_tariff": _by_tariff,
    "convert": _convert,
    "fee": _fee,
    "known": _is_known,
    "hs6": _heading("6"),
    "heading": _heading("4"),
    "chapter": _heading("2"),
    **{f"round_{mode}": _rounding(mode) for mode in ROUNDINGS},
}

MEANINGS: Final[dict[str, str]] = {
    "total": "sum over all goods items",
    "largest": "greatest value among the goods items",
    "smallest": "least value among the goods items",
    "count": "number of goods items for which the condition holds",
    "distinct": "number of different codes among the goods items",
    "any": "whether the condition holds for at least one goods item",
    "all": "whether the condition holds for every goods item",
    "min": "least of the amounts given",
    "max": "greatest of the amounts given",
    "if": "the second value when the condition holds, else the third",
    "share": "the amount split over the goods items in proportion; parts sum exactly to the whole",
    "together": "per item, the sum over all items that have the same code, as together(price, hs6(hs))",
    "within": "per item, whether it still fits under the limit when items are allocated to it in turn",
    "by_tariff": "the duty on a value as the line of the tariff says: a share of it, amounts by quantity, or both",
    "convert": "an amount in another currency, at the exchange rate in evidence",
    "fee": 'a charge of a carrier or agent named in the declaration, zero when there is none; fee("*") is the sum of all',
    "known": "whether the value is known",
    "hs6": "first six digits of an HS code",
    "heading": "first four digits of an HS code",
    "chapter": "first two digits of an HS code",
    "round_half_up": "rounded to the step, halves away from zero",
    "round_half_even": "rounded to the step, halves to the even neighbour",
    "round_down": "rounded to the step towards zero",
    "round_up": "rounded to the step away from zero",
}
"""Every function of the language and what it gives."""
