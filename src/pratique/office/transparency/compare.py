"""How do the laws of two places differ? Side by side, topic by topic, derived from the entries and nothing else.

What an entry is about is told from its family, the type of its value, and what its expressions ask: a rate, an amount a
condition compares with, a condition on goods between private persons, a charge due at sale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import msgspec

from pratique.jurisdictions import Library
from pratique.jurisdictions.schema import ChargeEntry, ListEntry, MoneyEntry
from pratique.jurisdictions.standing import Standing, standing
from pratique.model.codelists import minor_unit
from pratique.office.transparency.restricted import restrictions
from pratique.office.transparency.words import aspects, headline, rounding
from pratique.rules.law import Charge, Entry, Law, Reckoning, Threshold
from pratique.rules.types import Expr, names_in

GIFTS: Final = "c2c"
"""Goods between private persons, in the words of the rule language."""


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """A currency amounts are told in too, with what one unit of others is in it."""

    currency: str
    rates: dict[str, Decimal]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One thing said, with the rules it comes from; ``common`` is its amount in the common currency, if asked for."""

    says: str
    rules: tuple[str, ...]
    common: str = ""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What one place says on a topic."""

    code: str
    points: tuple[Point, ...]


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One topic, the places side by side."""

    topic: str
    sides: tuple[Side, ...]


def compare(
    library: Library,
    codes: Iterable[str],
    on: date,
    known_on: date | None = None,
    common: Common | None = None,
) -> tuple[Compared, ...]:
    """The laws of several places on one day, topic by topic. Raises ``NoRuleInForceError``."""
    places = [
        PlaceLaw(library, library.law_in_force(code, on, known_on), on, known_on, common)
        for code in codes
    ]
    return tuple(
        Compared(
            topic=topic,
            sides=tuple(
                Side(code=place.law.code.upper(), points=tuple(told(place))) for place in places
            ),
        )
        for topic, told in TOPICS.items()
    )


class PlaceLaw:
    """One law, its entries and the questions a comparison asks of them."""

    def __init__(
        self,
        library: Library,
        law: Law,
        on: date,
        known_on: date | None,
        common: Common | None,
    ) -> None:
        self.library = library
        self.law = law
        self.on = on
        self.known_on = known_on
        self.common = common
        self.found: Mapping[str, Standing] = standing(library, law.code, on, known_on)
        self.values = {each.name: each for each in law.parameters}
        self.measures = {each.name: each for each in law.order if isinstance(each, Reckoning)}
        self.charges = [each for each in law.order if isinstance(each, Charge)]
        self.thresholds = [each for each in law.order if isinstance(each, Threshold)]

    def title(self, entry: Entry) -> str:
        """What an entry is called."""
        each = next(one for one in self.found.values() if one.rule == entry.citation.rule)
        return headline(each.key, each.entry)

    def point(self, says: str, *entries: Entry) -> Point:
        """A point and the entries it comes from."""
        return Point(says=says, rules=tuple(each.citation.rule for each in entries))

    def conditions(self) -> Iterator[tuple[Entry, Expr]]:
        """Every entry that holds or not, with its condition."""
        for regime in self.law.regimes:
            yield regime, regime.when
        for threshold in self.thresholds:
            yield threshold, threshold.holds
        for charge in self.charges:
            if charge.when is not None:
                yield charge, charge.when

    def nodes(self, expr: Expr) -> Iterator[Expr]:
        """Every part of a condition, through parameters and through measures that hold or not."""
        yield expr
        if expr.op == "name":
            value = self.values.get(expr.name)
            measure = self.measures.get(expr.name)
            if value is not None:
                yield from self.nodes(value.expr)
            elif measure is not None and measure.expr.type.kind == "bool":
                yield from self.nodes(measure.expr)
        for arg in expr.args:
            yield from self.nodes(arg)

    def in_common(self, amount: Decimal, currency: str) -> str:
        """An amount in the common currency, rounded half up to its minor unit; empty when it cannot be told."""
        if self.common is None or currency == self.common.currency:
            return ""
        rate = self.common.rates.get(currency)
        if rate is None:
            return ""
        step = Decimal(1).scaleb(-minor_unit(self.common.currency))
        return f"{self.common.currency} {(amount * rate).quantize(step, ROUND_HALF_UP)}"


def _currency(place: PlaceLaw) -> Iterator[Point]:
    each = place.found["money"]
    assert isinstance(each.entry, MoneyEntry)
    for what, text in aspects(each.entry).items():
        yield Point(says=f"{what} {text}", rules=(each.rule,))


def _rates(place: PlaceLaw) -> Iterator[Point]:
    for value in place.values.values():
        if value.expr.type.kind == "rate":
            yield place.point(f"{place.title(value)}: {value.text}", value)
    for charge in place.charges:
        entry = place.found[f"charge/{charge.name}"].entry
        assert isinstance(entry, ChargeEntry)
        if charge.rate is not None and any(
            part.op == "const" and part.type.kind == "rate" for part in _parts(charge.rate)
        ):
            yield place.point(f"{place.title(charge)}: {entry.rate}", charge)


def _limits(place: PlaceLaw) -> Iterator[Point]:
    found: dict[tuple[str, Decimal], dict[str, Entry]] = {}
    for entry, condition in place.conditions():
        for part in place.nodes(condition):
            if part.op == "const" and part.type.kind == "money" and part.value:
                assert isinstance(part.value, Decimal)
                amount = (part.type.unit, part.value)
                found.setdefault(amount, {})[place.title(entry)] = entry
    for (currency, value), entries in sorted(found.items()):
        yield Point(
            says=f"{currency} {value}: {'; '.join(entries)}",
            rules=tuple(each.citation.rule for each in entries.values()),
            common=place.in_common(value, currency),
        )


def _reliefs(place: PlaceLaw) -> Iterator[Point]:
    for each in place.thresholds:
        yield place.point(f"{each.because} ({', '.join(each.charges)})", each)


def _sale(place: PlaceLaw) -> Iterator[Point]:
    if place.law.scheme:
        yield Point(says=f"scheme number: {place.law.scheme}", rules=())
    titles = {each.name: place.title(each) for each in place.law.regimes}
    for each in place.charges:
        if each.moment == "sale":
            under = "; ".join(titles[name] for name in each.regimes if name in titles)
            yield place.point(
                f"{place.title(each)}: {each.payer} pays, {each.collector} collects, under {under}",
                each,
            )


def _gifts(place: PlaceLaw) -> Iterator[Point]:
    about, others = set[str](), set[str]()
    told: list[tuple[Entry, str]] = []
    for entry, condition in place.conditions():
        names = {part.name for part in place.nodes(condition) if part.op == "name"}
        if any(_is_gift(part) for part in place.nodes(condition)):
            about |= names
            told.append((entry, entry.because if isinstance(entry, Threshold) else ""))
        else:
            others |= names
    for value in place.values.values():
        if value.name in about - others:
            yield place.point(f"{place.title(value)}: {value.text}", value)
    for entry, because in told:
        yield place.point(f"{place.title(entry)}{f': {because}' if because else ''}", entry)


def _bases(place: PlaceLaw) -> Iterator[Point]:
    for each in place.charges:
        if each.kind == "tax":
            entry = place.found[f"charge/{each.name}"].entry
            assert isinstance(entry, ChargeEntry)
            yield place.point(f"{place.title(each)}: {entry.base or entry.amount}", each)


def _valuation(place: PlaceLaw) -> Iterator[Point]:
    pending = [
        name
        for each in place.charges
        for expr in (each.base, each.amount)
        if expr is not None and each.kind != "fee"
        for name in names_in(expr)
    ]
    told: dict[str, Reckoning] = {}
    while pending:
        measure = place.measures.get(pending.pop(0))
        if measure is not None and measure.name not in told:
            told[measure.name] = measure
            pending += names_in(measure.expr)
    for measure in told.values():
        if measure.expr.type.kind == "money":
            yield place.point(f"{place.title(measure)}: {measure.text}", measure)


def _grouped(place: PlaceLaw, word: Callable[[ChargeEntry], str]) -> Iterator[Point]:
    found: dict[str, dict[str, Charge]] = {}
    for each in place.charges:
        entry = place.found[f"charge/{each.name}"].entry
        assert isinstance(entry, ChargeEntry)
        found.setdefault(word(entry), {})[place.title(each)] = each
    for words, charges in found.items():
        yield place.point(f"{words}: {', '.join(charges)}", *charges.values())


def _roundings(place: PlaceLaw) -> Iterator[Point]:
    return _grouped(place, lambda entry: rounding(entry.round))


def _collectors(place: PlaceLaw) -> Iterator[Point]:
    return _grouped(
        place,
        lambda entry: (
            f"{entry.payer} pays, {entry.collector} collects, "
            f"at {'sale' if entry.moment == 'sale' else 'the border'}"
        ),
    )


def _data(place: PlaceLaw) -> Iterator[Point]:
    for each in place.law.requirements:
        under = f" (under {', '.join(each.regimes)})" if each.regimes else ""
        yield place.point(f"{each.pointer}{under}: {each.because}", each)
    for regime in place.law.regimes:
        if regime.dataset:
            yield place.point(f"{place.title(regime)}: data set {regime.dataset}", regime)


def _left_out(place: PlaceLaw) -> Iterator[Point]:
    found: dict[str, dict[str, Entry]] = {}
    for entry, condition in place.conditions():
        for name in _lists_refused(place, condition):
            found.setdefault(name, {})[place.title(entry)] = entry
    for name, entries in found.items():
        standing_list = place.found[f"list/{name}"]
        assert isinstance(standing_list.entry, ListEntry)
        codes = aspects(standing_list.entry)["codes"]
        yield Point(
            says=f"{headline(standing_list.key, standing_list.entry)} ({codes}): left out of {'; '.join(entries)}",
            rules=(standing_list.rule, *(each.citation.rule for each in entries.values())),
        )
    for regime in place.law.regimes:
        if regime.needs_human:
            yield place.point(f"asks a person: {regime.needs_human}", regime)
    for remark in place.law.remarks:
        if remark.needs_human:
            yield place.point(f"asks a person: {remark.because}", remark)


def _fees(place: PlaceLaw) -> Iterator[Point]:
    for each in place.charges:
        if each.kind == "fee":
            yield place.point(f"{place.title(each)}: {each.text}", each)
    for remark in place.law.remarks:
        if any(part.op == "fee" for part in _parts(remark.when)):
            yield place.point(remark.because, remark)


def _returns(place: PlaceLaw) -> Iterator[Point]:
    for each in place.law.refunds:
        within = f", within {each.days} days of release" if each.days is not None else ""
        yield place.point(f"{place.title(each)}: {each.because}{within}", each)


def _restrictions(place: PlaceLaw) -> Iterator[Point]:
    found = restrictions(place.library, place.law.code, place.on, place.known_on)
    for each in found:
        yield Point(says=headline(each.key, each.entry), rules=(each.rule,))


def _confidence(place: PlaceLaw) -> Iterator[Point]:
    entries = [each.entry for each in place.found.values()]
    number = Counter(entry.confidence for entry in entries)
    seen = [entry.seen for entry in entries if entry.seen]
    yield Point(
        says=f"{len(entries)} entries in force: "
        + ", ".join(f"{number[each]} {each}" for each in ("high", "medium", "low")),
        rules=(),
    )
    if seen:
        yield Point(says=f"sources read from {min(seen)} to {max(seen)}", rules=())
    for each in place.found.values():
        if each.entry.confidence == "low":
            yield Point(says=f"low: {headline(each.key, each.entry)}", rules=(each.rule,))


def _is_gift(expr: Expr) -> bool:
    """Whether a condition asks for goods between private persons."""
    if expr.op == "in_codes":
        return expr.args[0].name == "flow" and GIFTS in expr.codes
    return expr.op == "eq" and {each.name or each.value for each in expr.args} == {"flow", GIFTS}


def _lists_refused(place: PlaceLaw, expr: Expr, refused: bool = False) -> Iterator[str]:
    """Names of the lists of goods a condition refuses."""
    if expr.op in ("in_hs", "in_codes") and expr.name and refused:
        yield expr.name.removeprefix("list.")
    measure = place.measures.get(expr.name) if expr.op == "name" else None
    if measure is not None and measure.expr.type.kind == "bool":
        yield from _lists_refused(place, measure.expr, refused)
    for arg in expr.args:
        yield from _lists_refused(place, arg, refused ^ (expr.op == "not"))


def _parts(expr: Expr) -> Iterator[Expr]:
    yield expr
    for arg in expr.args:
        yield from _parts(arg)


TOPICS: Final[dict[str, Callable[[PlaceLaw], Iterator[Point]]]] = {
    "Currency": _currency,
    "Rates": _rates,
    "Limits": _limits,
    "Reliefs": _reliefs,
    "Low value at sale": _sale,
    "Gifts": _gifts,
    "Base of tax": _bases,
    "Values": _valuation,
    "Rounding": _roundings,
    "Who pays and collects": _collectors,
    "Data required": _data,
    "Left out": _left_out,
    "Fees": _fees,
    "Goods sent back": _returns,
    "Restrictions": _restrictions,
    "Confidence": _confidence,
}
"""Topics of a comparison, in order, each with what a place says on it."""
