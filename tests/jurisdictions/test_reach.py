"""Which regimes no parcel reaches is decided by cases, and random parcels do not contradict it."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from pratique.jurisdictions import Library, shipped
from pratique.jurisdictions.reach import unreachable
from pratique.rules.law import Law
from pratique.rules.types import Expr
from tests.jurisdictions.written import folder

HEAD = """
code = "xx"
name = "Nowhere (invented)"
scheme = "XSS"
[[money]]
from = 2020-01-01
currency = "XTS"
conversion_step = 0.01
source = "s. 1"
[[parameter.limit]]
from = 2020-01-01
value = "XTS 150"
source = "s. 2"
[[measure.goods]]
from = 2020-01-01
value = "total(price)"
source = "s. 3"
"""


def law_of(at: Path, *conditions: str) -> Law:
    regimes = "".join(
        f"[[regime.r{number}]]\nfrom = 2020-01-01\nsource = 's'\nwhen = '''{when}'''\n"
        for number, when in enumerate(conditions)
    )
    return Library([folder(at, HEAD + regimes)]).law_in_force("xx", date(2020, 1, 1))


ALL = 'direction == "import"'


@pytest.mark.parametrize(
    ("conditions", "lost"),
    [
        ((ALL, "goods > XTS 5"), {"r1": ("r0",)}),
        (('flow != "" or goods > XTS 5', "scheme_number", ALL), {"r1": ("r0",), "r2": ("r0",)}),
        (("goods <= limit", "goods <= XTS 100", ALL), {"r1": ("r0",)}),
        (("goods <= XTS 100", "goods <= limit", ALL), {}),
        (("goods < limit", "goods <= limit", ALL), {}),
        (("goods <= limit", "goods < limit", ALL), {"r1": ("r0",)}),
        (("limit >= goods", 'goods < limit and flow == "c2c"', ALL), {"r1": ("r0",)}),
        (("goods < XTS 10", "goods >= XTS 10", ALL), {"r2": ("r0", "r1")}),
        (("goods < XTS 10", "goods > XTS 10", ALL), {}),
        (('flow == "c2c"', 'flow == "b2b"', 'flow == "b2c"', ALL), {"r3": ("r0", "r1", "r2")}),
        (('flow in {"c2c", "b2b"}', 'flow == "b2b"', ALL), {"r1": ("r0",)}),
        (('dispatch_country == "CN"', 'dispatch_country != "CN"', ALL), {"r2": ("r0", "r1")}),
        (('dispatch_country == "CN"', 'dispatch_country == "HK"', ALL), {}),
        (("scheme_number", "scheme_number and goods > limit", ALL), {"r1": ("r0",)}),
        (("not scheme_number", "scheme_number", ALL), {"r2": ("r0", "r1")}),
        (("scheme_number and not scheme_number", ALL), {"r0": ()}),
        (("on < 2021-01-01", "on < 2020-06-01", ALL), {"r1": ("r0",)}),
        (("any(price > limit)", "any(price > limit) and goods > XTS 1", ALL), {"r1": ("r0",)}),
        (("any(price > limit)", "any(price > XTS 200)", ALL), {}),
    ],
)
def test_a_regime_is_lost_when_those_before_it_take_every_case(
    tmp_path: Path, conditions: tuple[str, ...], lost: dict[str, tuple[str, ...]]
) -> None:
    found = {regime.name: before for regime, before in unreachable(law_of(tmp_path, *conditions))}
    assert found == lost


def test_too_many_cases_to_look_at_give_no_answer(tmp_path: Path) -> None:
    many = " or ".join(f"goods + XTS {n} > XTS 5" for n in range(1, 20))
    assert unreachable(law_of(tmp_path, ALL, many)) == ()


WORDS = {"flow": ("b2c", "b2b", "c2c"), "channel": ("post", "express", "cargo")}


def holds(expr: Expr, truth: dict[str, object], chance: random.Random) -> bool:
    """A condition of flow, channel and goods, reckoned plainly."""
    if expr.op == "and":
        return all(holds(each, truth, chance) for each in expr.args)
    if expr.op == "or":
        return any(holds(each, truth, chance) for each in expr.args)
    if expr.op == "not":
        return not holds(expr.args[0], truth, chance)
    left, right = expr.args
    value, limit = truth[left.name], right.value
    return {
        "eq": value == limit,
        "ne": value != limit,
        "le": isinstance(value, int) and value <= limit,
        "gt": isinstance(value, int) and value > limit,
    }[expr.op]


def test_random_parcels_reach_exactly_what_is_said_to_be_reached(tmp_path: Path) -> None:
    """Where conditions ask only for flow, channel and value, enough random parcels settle the matter."""
    chance = random.Random(20261125)
    lost_once = 0
    for number in range(60):
        conditions = [_condition(chance) for _ in range(4)]
        law = law_of(tmp_path / str(number), *conditions, ALL)
        reached = set()
        for _ in range(600):
            truth: dict[str, object] = {name: chance.choice(each) for name, each in WORDS.items()}
            truth |= {"direction": "import", "goods": chance.randrange(1, 9)}
            reached.add(next(r.name for r in law.regimes if holds(r.when, truth, chance)))
        lost = {regime.name for regime, _ in unreachable(law)}
        assert reached == {regime.name for regime in law.regimes} - lost, conditions
        lost_once += bool(lost)
    assert 10 < lost_once < 60


def _condition(chance: random.Random) -> str:
    kind = chance.randrange(4)
    if kind == 0:
        return f'flow {chance.choice(["==", "!="])} "{chance.choice(WORDS["flow"])}"'
    if kind == 1:
        return f'channel == "{chance.choice(WORDS["channel"])}"'
    if kind == 2:
        return f"goods {chance.choice(['<=', '>'])} XTS {chance.randrange(2, 8)}"
    return f"({_condition(chance)} {chance.choice(['and', 'or'])} {_condition(chance)})"


def test_every_regime_shipped_can_be_reached() -> None:
    library = shipped()
    laws = [library.law_in_force(code, max(library.change_dates(code))) for code in library.codes()]
    assert [unreachable(law) for law in laws] == [()] * len(laws)
