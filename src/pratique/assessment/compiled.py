"""The law made ready to run for one parcel: each entry with its evaluator and the names it reads."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from pratique.model.outcomes import NotDue, Step
from pratique.rules.exact import Evaluator, Facts, Missing, exactly
from pratique.rules.generated import compile_all, compile_generated
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

_ZERO: Final = Decimal(0)


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


class ReadyRemarks(msgspec.Struct, frozen=True, eq=False):
    """The remarks under one regime: each with whether each item has its own, and where its answer stands.

    ``of_parcel`` and ``of_item`` give all their answers at once.
    """

    each: tuple[tuple[Remark, bool, int], ...]
    of_parcel: Evaluator
    of_item: Evaluator


ReadyStep = tuple[Reckoning, Ready] | tuple[Threshold, Ready] | ReadyCharge | Settle


class ReadyRegime(msgspec.Struct, frozen=True, eq=False):
    """What is reckoned under one regime, in order, and its remarks.

    Charges of other regimes are nought, for the parcel or each item, and ``not_due`` here.
    """

    steps: tuple[ReadyStep, ...]
    nought_of_parcel: dict[str, Decimal]
    nought_of_item: dict[str, Decimal]
    not_due: tuple[NotDue, ...]
    remarks: ReadyRemarks


class Constant(msgspec.Struct, frozen=True, eq=False):
    """A parameter that is the same for every parcel: its name, its value, and its step of the trace."""

    name: str
    value: Any
    step: Step


class ReadyLaw(msgspec.Struct, frozen=True, eq=False):
    """A law ready to run. ``before`` is what the choice of a regime needs, ``under`` what each regime needs then."""

    parameters: tuple[Constant | tuple[Reckoning, Ready], ...]
    before: tuple[tuple[Reckoning, Ready], ...]
    regimes: tuple[tuple[Regime, Ready], ...]
    under: dict[str, ReadyRegime]
    charges: dict[str, ReadyCharge]
    thresholds: dict[str, Threshold]
    refunds: tuple[ReadyRefund, ...]


@functools.lru_cache(maxsize=4096)
def ready(law: Law) -> ReadyLaw:
    """The law ready to run; made once per law."""
    weak = _weak_entries(law)
    steps = {id(entry): _step(entry, weak) for entry in law.order}
    before = _measures_for(law, (each.when for each in law.regimes))
    return ReadyLaw(
        parameters=_parameters(law),
        before=tuple(
            steps[id(each)]
            for each in law.order
            if isinstance(each, Reckoning) and each.name in before
        ),
        regimes=tuple((each, _ready(each.when)) for each in law.regimes),
        under={each.name: _under(law, each, steps, before) for each in law.regimes},
        charges={
            each.charge.name: each for each in steps.values() if isinstance(each, ReadyCharge)
        },
        thresholds={each.name: each for each in law.order if isinstance(each, Threshold)},
        refunds=tuple(
            ReadyRefund(each, _maybe(each.when), _maybe(each.less), _maybe(each.year_value))
            for each in law.refunds
        ),
    )


def _under(
    law: Law, regime: Regime, steps: dict[int, ReadyStep], reckoned: set[str]
) -> ReadyRegime:
    settled = {each.name for each in law.order if isinstance(each, Settle)}
    others = [
        each
        for each in law.order
        if isinstance(each, Charge) and regime.name not in each.regimes and each.name in settled
    ]
    nought: dict[bool, dict[str, Decimal]] = {True: {}, False: {}}
    for each in others:
        of = nought[each.scope == "consignment"]
        of[each.name] = of[f"computed.{each.name}"] = _ZERO
    return ReadyRegime(
        steps=tuple(steps[id(entry)] for entry in _needed_under(law, regime.name, reckoned)),
        nought_of_parcel=nought[True],
        nought_of_item=nought[False],
        not_due=tuple(
            NotDue(
                kind=each.kind,
                name=each.name,
                because=f"Not charged here under '{regime.title}'.",
                citation=regime.citation,
            )
            for each in others
        ),
        remarks=_remarks(law, regime.name),
    )


def _remarks(law: Law, regime: str) -> ReadyRemarks:
    told = [each for each in law.remarks if not each.regimes or regime in each.regimes]
    of: dict[bool, list[Expr]] = {True: [], False: []}
    found = []
    for each in told:
        group = of[each.when.scope == "item"]
        found.append((each, each.when.scope == "item", len(group)))
        group.append(each.when)
    return ReadyRemarks(tuple(found), compile_all(of[False]), compile_all(of[True]))


def _parameters(law: Law) -> tuple[Constant | tuple[Reckoning, Ready], ...]:
    """Parameters in order; those that ask nothing of the parcel are reckoned here, once."""
    found: list[Constant | tuple[Reckoning, Ready]] = []
    known: Facts = {}
    for each in law.parameters:
        run = _ready(each.expr)
        if _asks_the_parcel(each.expr) or not known.keys() >= set(run.reads):
            found.append((each, run))
            continue
        with exactly():
            value = known[each.name] = run.run(known, {})
        step = Step(
            name=each.name,
            value=said(value),
            inputs={name: said(known[name]) for name in run.reads},
            rule=each.citation.rule,
            source=each.citation.source,
        )
        found.append(Constant(each.name, value, step))
    return tuple(found)


def _asks_the_parcel(expr: Expr) -> bool:
    return expr.op in ("convert", "fee") or any(_asks_the_parcel(each) for each in expr.args)


def said(value: Any) -> str:
    """A value as the trace shows it."""
    if value.__class__ is Decimal:
        text = str(value)
        return format(value, "f") if "E" in text else text
    if value is True:
        return "yes"
    if value is False:
        return "no"
    if isinstance(value, Missing):
        return f"unknown: {value.because}"
    return str(value)


def _measures_for(law: Law, expressions: Iterable[Expr]) -> set[str]:
    """The measures these expressions are reckoned from, through other measures."""
    measures = {each.name: each.expr for each in law.order if isinstance(each, Reckoning)}
    found: set[str] = set()
    pending = list(expressions)
    while pending:
        for name in names_in(pending.pop()):
            if name in measures and name not in found:
                found.add(name)
                pending.append(measures[name])
    return found


def _needed_under(
    law: Law, regime: str, reckoned: set[str]
) -> Iterator[Reckoning | Threshold | Charge | Settle]:
    """What is reckoned under a regime, in order: its charges, and what they and its remarks rest on."""
    charges = [each for each in law.order if isinstance(each, Charge) and regime in each.regimes]
    relieving = {name for each in charges for name in each.relieved_by}
    expressions = [expr for each in charges for expr in _all_expressions(each)]
    expressions += [
        each.holds for each in law.order if isinstance(each, Threshold) and each.name in relieving
    ]
    told: tuple[Remark | Refund, ...] = (*law.remarks, *law.refunds)
    for told_of in told:
        if not told_of.regimes or regime in told_of.regimes:
            expressions += _all_expressions(told_of)
    measures = _measures_for(law, expressions) - reckoned
    own = {Charge: {each.name for each in charges}, Threshold: relieving, Reckoning: measures}
    own[Settle] = own[Charge]
    for entry in law.order:
        if entry.name in own[type(entry)]:
            yield entry


def _all_expressions(entry: Charge | Remark | Refund) -> list[Expr]:
    if isinstance(entry, Remark):
        return [entry.when]
    if isinstance(entry, Refund):
        return [each for each in (entry.when, entry.less, entry.year_value) if each is not None]
    parts = (entry.amount, entry.base, entry.rate, entry.when, entry.group)
    return [each for each in parts if each is not None]


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
