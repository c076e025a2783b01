"""What does this text say? Rule text in, syntax tree out.

The language is closed and small::

    intrinsic_value <= EUR 150 and not any(hs in list.excise)
    round_half_up(base * vat / (100% - vat), 0.01)
    if(origin in {"CN", "HK"}, 30%, duty_rate)

Literals: ``12.5`` a number, ``20%`` a rate, ``EUR 150`` money, ``EUR 2 per kg`` or ``EUR 2 per piece``
a specific rate, ``30 kg`` a mass, ``2026-07-01`` a day, ``"CN"`` a code, ``{"22", "2402"}`` a set of codes.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import Final, Literal

import msgspec

from pratique.errors import LawError

MAX_TEXT: Final = 4_000
MAX_DEPTH: Final = 40

Kind = Literal[
    "number", "rate", "money", "per", "mass", "date", "text", "set", "name", "call", "op"
]


class Node(msgspec.Struct, frozen=True):
    """One node of the syntax tree; ``text`` is the operator, name, unit or literal, ``at`` its column."""

    kind: Kind
    text: str
    at: int
    args: tuple[Node, ...] = ()
    value: Decimal | None = None
    codes: frozenset[str] = frozenset()


_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<date>\d{4}-\d{2}-\d{2})
    | (?P<number>\d+(?:_\d{3})*(?:\.\d+)?)(?P<percent>\s?%)?
    | (?P<currency>[A-Z]{3})(?=\s+\d)
    | (?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)
    | (?P<string>"[^"\\]*")
    | (?P<op><=|>=|==|!=|[-+*/<>(),{}])
    )""",
    re.VERBOSE,
)
_BINDING: Final = {
    "or": 1,
    "and": 2,
    "==": 4,
    "!=": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_NOT, _NEGATE = 3, 7
_MOST_KEPT: Final = 8192
_WORDS: Final = frozenset({"and", "or", "not", "in", "per", "kg"})


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    at: int


@functools.lru_cache(maxsize=_MOST_KEPT)
def parse(text: str) -> Node:
    """Syntax tree of one rule; raises ``LawError`` with the column and what was expected.

    Kept, because the law of every later day has most rules in common with the day before.
    """
    if len(text) > MAX_TEXT:
        raise LawError(f"Rule text is {len(text)} characters long; the limit is {MAX_TEXT}.")
    parser = _Parser(text)
    node = parser.expression(0, 0)
    parser.expect_end()
    return node


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(text):
        if text[at:].isspace():
            break
        match = _TOKEN.match(text, at)
        if match is None:
            raise LawError(
                f"Cannot read {text[at : at + 12]!r} at column {at + 1} of: {text}{_hint(text, at)}"
            )
        kind = match.lastgroup or "op"
        start = match.start(kind)
        if kind == "percent":
            tokens.append(
                _Token("percent", match["number"].replace("_", ""), match.start("number"))
            )
        else:
            tokens.append(_Token(kind, match[kind], start))
        at = match.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens


_HABITS: Final = (
    (r"\d", r"\s*[A-Z]{3}\b", "the currency comes first, as XTS 40"),
    (r"\d", r",\d", "the decimal point is a point, as 10.5"),
    (r"\b[a-z]{3} ", r"\d", "currencies are written in capitals, as XTS 40"),
    ("", r"\s*[\u20ac$\u00a3\u00a5]", "currencies are written as codes, as EUR 40"),
    ("", r"\s*=<", "write <="),
    ("", r"\s*=>", "write >="),
    ("", r"\s*[\u2264\u2265\u2260\u00d7\u00f7]", "write <=, >=, !=, * or /"),
    ("", r"\s*=", "to ask whether two are the same write =="),
    ("", r"\s*(AND|OR|NOT|IN)\b", "write and, or, not and in in small letters"),
    ("", r"\s*[A-Z]", "names are written in small letters, codes between double quotes"),
    ("", r"\s*['\u2018\u2019\u201c\u201d\u201e]", "codes stand between straight double quotes"),
    (r"[a-z_] ", r"[a-z]", "a name is one word, as duty_rate"),
)
"""What people write out of habit: what stands before, what stands there, and what the language has instead."""


def _hint(text: str, at: int) -> str:
    for before, there, instead in _HABITS:
        if re.search(rf"{before}\Z", text[:at]) and re.match(there, text[at:]):
            return f" ({instead})"
    return ""


class _Parser:
    """Operator-precedence parser over the tokens of one rule."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.position = 0

    def fail(self, token: _Token, expected: str) -> LawError:
        found = token.text or "the end"
        return LawError(
            f"Expected {expected} but found {found!r} at column {token.at + 1} of: {self.text}"
            f"{_hint(self.text, token.at)}"
        )

    def peek(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def expect(self, text: str) -> _Token:
        token = self.take()
        if token.text != text:
            raise self.fail(token, repr(text))
        return token

    def expect_end(self) -> None:
        token = self.peek()
        if token.kind != "end":
            raise self.fail(token, "an operator or the end")

    def expression(self, binding: int, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise LawError(f"Rule nests deeper than {MAX_DEPTH}: {self.text}")
        left = self.prefix(depth)
        while True:
            operator = self.peek()
            power = _BINDING.get(operator.text) if operator.kind in ("op", "name") else None
            negated = operator.text == "not" and self.tokens[self.position + 1].text == "in"
            if negated:
                power = _BINDING["in"]
            if power is None or power <= binding:
                return left
            if negated:
                self.take()
            self.take()
            right = self.expression(power, depth + 1)
            left = Node("op", "in" if negated else operator.text, operator.at, (left, right))
            if negated:
                left = Node("op", "not", operator.at, (left,))

    def prefix(self, depth: int) -> Node:
        token = self.take()
        if token.kind == "op":
            if token.text == "(":
                inner = self.expression(0, depth + 1)
                self.expect(")")
                return inner
            if token.text == "-":
                return Node("op", "negate", token.at, (self.expression(_NEGATE, depth + 1),))
            if token.text == "{":
                return self.codes(token)
            raise self.fail(token, "a value")
        if token.kind == "name":
            return self.name(token, depth)
        return self.literal(token)

    def name(self, token: _Token, depth: int) -> Node:
        if token.text == "not":
            return Node("op", "not", token.at, (self.expression(_NOT, depth + 1),))
        if token.text in _WORDS:
            raise self.fail(token, "a value")
        if self.peek().text != "(":
            return Node("name", token.text, token.at)
        self.take()
        args = []
        while self.peek().text != ")":
            args.append(self.expression(0, depth + 1))
            if self.peek().text != ")":
                self.expect(",")
        self.take()
        return Node("call", token.text, token.at, tuple(args))

    def literal(self, token: _Token) -> Node:
        if token.kind == "number":
            value = Decimal(token.text.replace("_", ""))
            if self.peek().text == "kg":
                self.take()
                return Node("mass", "kg", token.at, value=value)
            return Node("number", token.text, token.at, value=value)
        if token.kind == "percent":
            return Node("rate", f"{token.text}%", token.at, value=Decimal(token.text).scaleb(-2))
        if token.kind == "currency":
            number = self.take()
            if number.kind != "number":
                raise self.fail(number, "an amount")
            value = Decimal(number.text.replace("_", ""))
            if self.peek().text == "per":
                self.take()
                unit = self.take()
                if unit.text not in ("kg", "piece"):
                    raise self.fail(unit, "'kg' or 'piece'")
                return Node("per", f"{token.text}/{unit.text}", token.at, value=value)
            return Node("money", token.text, token.at, value=value)
        if token.kind == "string":
            return Node("text", token.text[1:-1], token.at)
        if token.kind == "date":
            return Node("date", token.text, token.at)
        raise self.fail(token, "a value")

    def codes(self, opening: _Token) -> Node:
        found = set()
        while True:
            token = self.take()
            if token.kind != "string":
                raise self.fail(token, 'a code in quotes, like "CN"')
            found.add(token.text[1:-1])
            token = self.take()
            if token.text == "}":
                return Node("set", "", opening.at, codes=frozenset(found))
            if token.text != ",":
                raise self.fail(token, "',' or '}'")
