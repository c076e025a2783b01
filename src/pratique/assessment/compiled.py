"""The law made ready to run for one parcel: each entry with its evaluator and the names it reads."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from pratique.rules.exact import Evaluator
from pratique.rules.generated import compile_generated
from pratique.rules.law import (
    Charge,
    Entry,
    Law,
    Reckoning,
    Refund,
    Regime,
    Remark,
    Settle,
    Threshold,
)
from pratique.rules.types import Expr, names_in


class Ready(msgspec.Struct, frozen=True, eq=False):
    """One expression ready to run: its evaluator, the names it reads, and whether each item has its own.

    ``reads`` are names of the consignment, ``reads_of_item`` those of the item, when each item has its own.
    """

    run: Evaluator
    reads: tuple[str, ...]
    reads_of_item: tuple[str, ...]
    per_item: bool


class ReadyCharge(msgspec.Struct, frozen=True, eq=False):
    """A charge ready to run. ``rests_on``: it, and the entries it is reckoned from, whose sources are weak."""

    charge: Charge
    rests_on: tuple[Entry, ...]
    amount: Ready
    base: Ready | None
    rate: Ready | None
    when: Ready | None
    group: Ready | None


class ReadyRefund(msgspec.Struct, frozen=True, eq=False):
    """A refund ready to run."""

    refund: Refund
    when: Ready | None
    less: Ready | None
    year_value: Ready | None


ReadyStep = tuple[Reckoning, Ready] | tuple[Threshold, Ready] | ReadyCharge | Settle


class ReadyLaw(msgspec.Struct, frozen=True, eq=False):
    """A law ready to run. ``before`` is reckoned before a regime is chosen, ``after`` under that regime."""

    parameters: tuple[tuple[Reckoning, Ready], ...]
    before: tuple[tuple[Reckoning, Ready], ...]
    regimes: tuple[tuple[Regime, Ready], ...]
    after: tuple[ReadyStep, ...]
    remarks: tuple[tuple[Remark, Ready], ...]
    charges: dict[str, ReadyCharge]
    thresholds: dict[str, Threshold]
    refunds: tuple[ReadyRefund, ...]


@functools.lru_cache(maxsize=4096)
def ready(law: Law) -> ReadyLaw:
    """The law ready to run; made once per law."""
    before, after = split(law)
    weak = _weak_entries(law)
    steps = tuple(_step(entry, weak) for entry in after)
    return ReadyLaw(
        parameters=tuple((each, _ready(each.expr)) for each in law.parameters),
        before=tuple((each, _ready(each.expr)) for each in before),
        regimes=tuple((each, _ready(each.when)) for each in law.regimes),
        after=steps,
        remarks=tuple((each, _ready(each.when)) for each in law.remarks),
        charges={each.charge.name: each for each in steps if isinstance(each, ReadyCharge)},
        thresholds={each.name: each for each in law.order if isinstance(each, Threshold)},
        refunds=tuple(
            ReadyRefund(each, _maybe(each.when), _maybe(each.less), _maybe(each.year_value))
            for each in law.refunds
        ),
    )


def split(law: Law) -> tuple[list[Reckoning], list[Reckoning | Threshold | Charge | Settle]]:
    """Measures that need no charge, and everything else, both in the order of the law."""
    tainted = {each.name for each in law.order if isinstance(each, Charge)}
    before: list[Reckoning] = []
    after: list[Reckoning | Threshold | Charge | Settle] = []
    for entry in law.order:
        if isinstance(entry, Reckoning):
            reads = {name.removeprefix("computed.") for name in names_in(entry.expr)}
            if not reads & tainted:
                before.append(entry)
                continue
            tainted.add(entry.name)
        after.append(entry)
    return before, after


def _weak_entries(law: Law) -> dict[str, tuple[Entry, ...]]:
    """For each named value the entries of weak source it is reckoned from, itself among them."""
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in (*law.parameters, *law.order):
        if isinstance(entry, Settle | Threshold):
            continue
        weak: dict[str, Entry] = {}
        for expr in _expressions(entry):
            for name in names_in(expr):
                for each in found.get(name.removeprefix("computed."), ()):
                    weak.setdefault(each.citation.rule, each)
        if entry.citation.confidence != "high":
            weak.setdefault(entry.citation.rule, entry)
        found[entry.name] = tuple(weak.values())
    return found


def _expressions(entry: Reckoning | Charge) -> tuple[Expr, ...]:
    if isinstance(entry, Reckoning):
        return (entry.expr,)
    return (entry.amount, *((entry.when,) if entry.when is not None else ()))


def _step(
    entry: Reckoning | Threshold | Charge | Settle, weak: dict[str, tuple[Entry, ...]]
) -> Any:
    if isinstance(entry, Settle):
        return entry
    if isinstance(entry, Charge):
        return ReadyCharge(
            entry,
            weak[entry.name],
            _ready(entry.amount),
            _maybe(entry.base),
            _maybe(entry.rate),
            _maybe(entry.when),
            _maybe(entry.group),
        )
    return entry, _ready(entry.expr if isinstance(entry, Reckoning) else entry.holds)


def _ready(expr: Expr) -> Ready:
    per_item = expr.scope == "item"
    return Ready(
        compile_generated(expr),
        names_in(expr, "consignment"),
        names_in(expr, "item") if per_item else (),
        per_item,
    )


def _maybe(expr: Expr | None) -> Ready | None:
    return _ready(expr) if expr is not None else None
