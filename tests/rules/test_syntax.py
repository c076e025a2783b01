"""How a rule is read: literals, precedence, and refusal of everything else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import LawError
from pratique.rules.syntax import Node, parse


def shape(node: Node) -> str:
    """The tree in brackets, so that who binds whom is plain to see."""
    if node.kind == "op":
        return f"({node.text} {' '.join(shape(arg) for arg in node.args)})"
    if node.kind == "call":
        return f"{node.text}({', '.join(shape(arg) for arg in node.args)})"
    if node.kind == "set":
        return "{" + " ".join(sorted(node.codes)) + "}"
    return node.text if node.value is None else f"{node.value} {node.text}".strip()


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b * c", "(+ a (* b c))"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("a - b - c", "(- (- a b) c)"),
        ("-a * b", "(* (negate a) b)"),
        ("a or b and c", "(or a (and b c))"),
        ("not a and b", "(and (not a) b)"),
        ("not a in b", "(not (in a b))"),
        ("a not in b", "(not (in a b))"),
        ("a + b <= c and d", "(and (<= (+ a b) c) d)"),
        ('a in {"CN", "HK"} or b', "(or (in a {CN HK}) b)"),
        ("f(a, g(b) + c)", "f(a, (+ g(b) c))"),
        ("if(a, b, c)", "if(a, b, c)"),
    ],
)
def test_operators_bind_as_in_arithmetic(text: str, tree: str) -> None:
    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value"),
    [
        ("12.5", "number", "12.5", "12.5"),
        ("1_000_000", "number", "1_000_000", "1000000"),
        ("20%", "rate", "20%", "0.20"),
        ("20 %", "rate", "20%", "0.20"),
        ("10.7%", "rate", "10.7%", "0.107"),
        ("EUR 150", "money", "EUR", "150"),
        ("NOK 3_000.00", "money", "NOK", "3000.00"),
        ("XTS 1.20 per kg", "per", "XTS/kg", "1.20"),
        ("XTS 1 per piece", "per", "XTS/piece", "1"),
        ("30 kg", "mass", "kg", "30"),
    ],
)
def test_numbers_keep_their_unit_and_every_digit(
    text: str, kind: str, unit: str, value: str
) -> None:
    node = parse(text)
    assert (node.kind, node.text, node.value) == (kind, unit, Decimal(value))


def test_a_day_is_a_day_and_not_a_subtraction() -> None:
    node = parse("on >= 2026-07-01")
    assert [arg.kind for arg in node.args] == ["name", "date"]


def test_a_fault_is_shown_with_its_column() -> None:
    with pytest.raises(LawError, match=r"column 9 of: price \+ \)"):
        parse("price + )")


@given(st.text(alphabet='ab1%.,(){}"<>=!+-*/ \nEURkgperinotd', max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else_happens(text: str) -> None:
    try:
        node = parse(text)
    except LawError:
        return
    assert shape(parse(text)) == shape(node)
