"""What is owed on each of many parcels? The columnar evaluator: the same law, over int64 columns.

It answers only where it is sure: what does not fit the columns, or amounts beyond the range the law was compiled
for, is left to the reference evaluator (``escalated``). For every other parcel the answer equals the reference to
the last minor unit; the property tests hold it to that. Where a person must settle something (``asked``), the
reference evaluator has the words.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from pratique.assessment.compiled import split
from pratique.errors import NoRuleInForceError
from pratique.model.batch import (
    MASS_PLACES,
    MISSING,
    PLACES,
    Batch,
    Bools,
    Codes,
    Ints,
    Numbers,
    Words,
    days,
    reorder,
    window,
)
from pratique.model.evidence import NO_EVIDENCE, Evidence, Prior
from pratique.model.territories import law_elsewhere
from pratique.rules.columns import (
    BOOLEAN,
    MAX_ITEMS,
    SAFE,
    Column,
    Compiled,
    Compiler,
    Frame,
    NotColumnarError,
    Static,
    TooWideError,
    divide,
    either,
    scaled,
)
from pratique.rules.exact import in_hs
from pratique.rules.law import Charge, Entry, Law, Reckoning, Settle, Threshold
from pratique.rules.types import Expr, names_in

LARGEST: Final = (10**10, 10**9, 10**8, 10**7, 10**6, 10**5)
"""Greatest amounts, in currency units, a law is compiled for; the first that cannot overflow is taken."""
LARGEST_MASS_KG: Final = 10**5
LARGEST_QUANTITY: Final = 10**6
_UNIT: Final = 10**PLACES
_CODES: Final = Static(0, 0, 0)
_TEXTS: Final = (
    "flow",
    "channel",
    "direction",
    "destination",
    "dispatch_country",
    "dataset",
    "mode",
    "subdivision",
)
_PRIOR: Final = ("year_value", "year_count", "day_value")
_OF_ITEMS: Final = frozenset(
    {
        "hs",
        "origin",
        "price",
        "intrinsic",
        "net_mass",
        "quantity",
        "preference",
        "duty_rate",
        "other_duty_rate",
    }
)
"""Facts that each goods item has of its own."""

SUMS: Final = ("duty", "tax", "fee", "sale", "border")
_NOT_MET, _RELIEVED, _UNTOLD, _UNKNOWN, _NIL = 1, 2, 32, 63, 64
"""Marks of a charge: its condition does not hold; its n-th threshold relieves it, or cannot be told; its amount is
unknown; and, added to any of these, its amount is nil."""

_NOT_LISTED, _UNTOLD_RATE, _BY_QUANTITY = -1, -2, -3
"""In place of a rate of the tariff: it has none; which cannot be told; only the reference evaluator can reckon it."""

Marks = npt.NDArray[np.uint8]
LawFor = Callable[[str, date], Law]


class ChargeColumn(msgspec.Struct, frozen=True, eq=False):
    """One charge of one law over a window of the batch: amounts at ``scale``, due where ``due``.

    Per goods item, or per consignment when the charge's scope says so.
    """

    charge: Charge
    amounts: Ints
    due: Bools
    scale: int
    base: tuple[Ints, int] | None
    rate: tuple[Ints, int] | None


class Part(msgspec.Struct, frozen=True, eq=False):
    """Consecutive declarations of the (reordered) batch under one law, with what was reckoned for them.

    ``regime`` indexes ``law.regimes``; ``escalated`` declarations have no answer here, of those ``asked`` about a
    person must answer something, and what is unknown is in no charge. The marks are there when
    asked for: (stop - start, n) and (items, m) small numbers that say why each charge is due or not, what is
    unknown, and which cautions and questions apply. Under one law, two declarations with the same regime and
    marks are answered in the same words, and differ in amounts alone; but for those ``worded`` apart, in which
    several things are missing and only the reference evaluator knows which of them it meets first.
    """

    law: Law
    on: date
    start: int
    stop: int
    starts: Ints
    items: int
    regime: Ints
    escalated: Bools
    asked: Bools
    charges: tuple[ChargeColumn, ...]
    marks: Marks | None = None
    item_marks: Marks | None = None
    worded: Bools | None = None

    def totals(self) -> dict[str, Ints]:
        """Sums by kind (duty, tax, fee) and moment (sale, border), in ten-thousandths; zero where escalated."""
        size = self.stop - self.start
        found: dict[str, Ints] = {name: np.zeros(size, dtype=np.int64) for name in SUMS}
        for column in self.charges:
            amounts = by_consignment(column, self)
            found[column.charge.kind] += amounts
            found[column.charge.moment] += amounts
        for values in found.values():
            values[self.escalated] = 0
        return found


class BatchAssessment(msgspec.Struct, frozen=True, eq=False):
    """Totals of a batch in ten-thousandths of each declaration's currency, in the order of the batch.

    ``escalated`` marks declarations that only the reference evaluator can answer; their totals are zero.
    ``asked`` marks those that need a human; what is unknown is in no total.
    """

    duty: Ints
    tax: Ints
    fees: Ints
    at_sale: Ints
    at_border: Ints
    regime: Codes
    currency: Codes
    escalated: Bools
    asked: Bools

    @property
    def total(self) -> Ints:
        """Everything owed."""
        return self.duty + self.tax + self.fees


def assess_batch(
    batch: Batch, law_for: LawFor, *, on: date, evidence: Evidence = NO_EVIDENCE
) -> BatchAssessment:
    """What is owed on each declaration of a batch, under the law at its destination on its day (or ``on``)."""
    order, parts = assess_parts(batch, law_for, on=on, evidence=evidence)
    size = batch.size
    totals = {name: np.zeros(size, dtype=np.int64) for name in SUMS}
    regimes: dict[str, int] = {}
    currencies: dict[str, int] = {}
    regime = np.full(size, MISSING, dtype=np.int32)
    currency = np.full(size, MISSING, dtype=np.int32)
    escalated = np.ones(size, dtype=np.bool_)
    asked = np.zeros(size, dtype=np.bool_)
    for part in parts:
        names = [each.name for each in part.law.regimes]
        table = np.array(
            [regimes.setdefault(name, len(regimes)) for name in names] or [0], dtype=np.int32
        )
        rows = slice(part.start, part.stop)
        regime[rows] = np.where(part.regime >= 0, table[part.regime], MISSING)
        currency[rows] = currencies.setdefault(part.law.currency, len(currencies))
        escalated[rows] = part.escalated
        asked[rows] = part.asked
        for name, values in part.totals().items():
            totals[name][rows] = values
        regime[rows][part.escalated] = MISSING
    arrays: dict[str, Any] = {**totals, "regime": regime, "currency": currency}
    arrays |= {"escalated": escalated, "asked": asked}
    if order is not None:
        for name, values in arrays.items():
            back = np.empty_like(values)
            back[order] = values
            arrays[name] = back
    return BatchAssessment(
        duty=arrays["duty"],
        tax=arrays["tax"],
        fees=arrays["fee"],
        at_sale=arrays["sale"],
        at_border=arrays["border"],
        regime=Codes(arrays["regime"], Words(regimes)),
        currency=Codes(arrays["currency"], Words(currencies)),
        escalated=arrays["escalated"],
        asked=arrays["asked"],
    )


def assess_parts(
    batch: Batch,
    law_for: LawFor,
    *,
    on: date,
    evidence: Evidence = NO_EVIDENCE,
    marked: bool = False,
) -> tuple[Ints | None, list[Part]]:
    """The batch law by law: the order its declarations were put in (None: unchanged) and each part's answer.

    Declarations whose destination has no law that day are in no part. ``marked``: parts carry their marks.
    """
    order, ordered, groups = _grouped(batch, law_for, on)
    parts = []
    for law, day, start, stop in groups:
        whole = start == 0 and stop == ordered.size
        piece = ordered if whole else window(ordered, start, stop)
        parts.append(_assess_part(piece, law, day, start, evidence, marked))
    return order, parts


def _grouped(
    batch: Batch, law_for: LawFor, on: date
) -> tuple[Ints | None, Batch, list[tuple[Law, date, int, int]]]:
    """Declarations of one destination and day put side by side, each group with its law."""
    places = law_places(batch)
    if len(places.words) == 1 and batch.on is None:
        law = _law_or_none(law_for, places.words[0], on)
        return None, batch, [(law, on, 0, batch.size)] if law else []
    key = places.values.astype(np.int64)
    if batch.on is not None:
        key = key * 100_000 + batch.on
    small = key.astype(np.int16) if batch.on is None and len(places.words) < 32_000 else key
    order = np.argsort(small, kind="stable")
    ordered = reorder(batch, order)
    sorted_key = key[order]
    edges = np.flatnonzero(np.diff(sorted_key)) + 1
    starts = [0, *edges.tolist()]
    stops = [*edges.tolist(), batch.size]
    groups = []
    for start, stop in zip(starts, stops, strict=True):
        if start == stop:
            continue
        value = int(sorted_key[start])
        place, day = (value, on) if batch.on is None else divmod(value, 100_000)
        when = day if isinstance(day, date) else date.fromordinal(day + days_zero())
        if place < 0:
            continue
        law = _law_or_none(law_for, places.words[place], when)
        if law is not None:
            groups.append((law, when, start, stop))
    return order, ordered, groups


def law_places(batch: Batch) -> Codes:
    """The place whose law holds for each declaration: its destination, or that of its territory."""
    places, parts = batch.texts["destination"], batch.texts["subdivision"]
    at = {word: number for number, word in enumerate(places.words)}
    of = {word: number for number, word in enumerate(parts.words)}
    words, values = list(places.words), places.values
    for (country, part), law in law_elsewhere().items():
        if country in at and part in of:
            if law not in at:
                at[law] = len(words)
                words.append(law)
            there = (places.values == at[country]) & (parts.values == of[part])
            values = np.where(there, np.int32(at[law]), values)
    return Codes(values, Words(words))


def days_zero() -> int:
    """Ordinal of the day from which batches count."""
    return date(1970, 1, 1).toordinal()


def _law_or_none(law_for: LawFor, place: str, on: date) -> Law | None:
    try:
        return law_for(place, on)
    except NoRuleInForceError:
        return None


def by_consignment(column: ChargeColumn, part: Part) -> Ints:
    """The amounts of a charge for each consignment of a part, in ten-thousandths."""
    amounts = np.where(column.due, column.amounts, 0)
    if column.scale != PLACES:
        amounts = amounts * 10 ** (PLACES - column.scale)
    if column.charge.scope == "consignment" or part.items == part.stop - part.start:
        return amounts
    lengths = np.diff(part.starts, append=part.items)
    running = np.cumsum(amounts)[part.starts + lengths - 1]
    return np.diff(running, prepend=np.int64(0))


class _CompiledCharge(msgspec.Struct, frozen=True, eq=False):
    charge: Charge
    amount: Compiled
    when: Compiled | None
    group: Compiled | None
    base: Compiled | None
    rate: Compiled | None


class _Program(msgspec.Struct, frozen=True, eq=False):
    """A law compiled for amounts up to ``largest`` currency units.

    ``listed`` are the lists of goods it asks after. ``rates`` are units of its currency for one
    of another, its own among them, in units of 10^-``rate_places``; None when they are too fine or
    too great for the columns.
    """

    largest: int
    rates: dict[str, int] | None
    rate_places: int
    reads: frozenset[str]
    listed: frozenset[frozenset[str]]
    parameters: tuple[tuple[Entry, Compiled], ...]
    before: tuple[tuple[Entry, Compiled], ...]
    regimes: tuple[Compiled, ...]
    after: tuple[Any, ...]
    questions: tuple[tuple[tuple[int, ...], Compiled], ...]
    cautions: tuple[tuple[tuple[int, ...], Compiled], ...]


@functools.lru_cache(maxsize=4096)
def _program(law: Law, rates: tuple[tuple[str, Decimal], ...]) -> _Program | None:
    """The law compiled for the largest parcels it safely can be; None when it cannot be run in columns."""
    for largest in LARGEST:
        try:
            return _compile(law, dict(rates), largest)
        except TooWideError:
            continue
        except NotColumnarError:
            return None
    return None


def _statics(largest: int) -> dict[str, Static]:
    amount = Static(PLACES, 0, largest * _UNIT)
    mass = Static(MASS_PLACES, 0, LARGEST_MASS_KG * 10**MASS_PLACES)
    found = dict.fromkeys(("freight", "insurance", "discount", "price", "intrinsic"), amount)
    found |= dict.fromkeys(("gross_mass", "net_mass"), mass)
    found |= dict.fromkeys(("scheme_number", "preference"), BOOLEAN)
    found |= dict.fromkeys(_TEXTS, _CODES)
    found |= {"hs": _CODES, "origin": _CODES, "items": Static(0, 0, MAX_ITEMS)}
    found["on"] = found["sold_on"] = Static(0, 0, 100_000)
    found |= dict.fromkeys(_PRIOR, amount)
    found["quantity"] = Static(PLACES, 0, LARGEST_QUANTITY * _UNIT)
    found["duty_rate"] = found["other_duty_rate"] = Static(PLACES, 0, 10 * _UNIT)
    return found


def _compile(law: Law, rates: dict[str, Decimal], largest: int) -> _Program:
    compiler = Compiler(_statics(largest), rates, _expressions(law))

    def named(entry: Reckoning) -> tuple[Entry, Compiled]:
        part = compiler.compile(entry.expr)
        compiler.statics[entry.name] = Static(part.scale, part.low, part.high)
        return entry, part

    def maybe(expr: Expr | None) -> Compiled | None:
        return compiler.compile(expr) if expr is not None else None

    before, after = split(law)
    parameters = tuple(named(each) for each in law.parameters)
    measures = tuple(named(each) for each in before)
    regimes = tuple(compiler.compile(each.when) for each in law.regimes)
    steps: list[Any] = []
    for entry in after:
        if isinstance(entry, Reckoning):
            steps.append(named(entry))
        elif isinstance(entry, Threshold):
            steps.append((entry, compiler.compile(entry.holds)))
        elif isinstance(entry, Settle):
            steps.append(entry)
        else:
            amount = compiler.compile(entry.amount)
            if amount.scale > PLACES:
                raise NotColumnarError(f"{entry.name} is finer than a ten-thousandth")
            known = Static(amount.scale, min(amount.low, 0), max(amount.high, 0))
            compiler.statics[f"computed.{entry.name}"] = known
            compiler.statics[entry.name] = known
            steps.append(
                _CompiledCharge(
                    entry,
                    amount,
                    maybe(entry.when),
                    maybe(entry.group),
                    maybe(entry.base),
                    maybe(entry.rate),
                )
            )
    index = {regime.name: number for number, regime in enumerate(law.regimes)}
    questions, cautions = (
        tuple(
            (
                tuple(index[name] for name in each.regimes if name in index),
                compiler.compile(each.when),
            )
            for each in law.remarks
            if each.needs_human is asking
        )
        for asking in (True, False)
    )
    places = max((scaled(rate)[1] for rate in rates.values()), default=0)
    whole = {word: int(rate.scaleb(places)) for word, rate in rates.items()}
    whole[law.currency] = 10**places
    return _Program(
        largest=largest,
        rates=whole if max(whole.values()) < SAFE else None,
        rate_places=places,
        reads=_reads(law),
        listed=frozenset(codes for expr in _expressions(law) for codes in _listed(expr)),
        parameters=parameters,
        before=measures,
        regimes=regimes,
        after=tuple(steps),
        questions=questions,
        cautions=cautions,
    )


def _reads(law: Law) -> frozenset[str]:
    """Every name the law reads."""
    return frozenset(name for expr in _expressions(law) for name in names_in(expr))


def _listed(expr: Expr) -> Iterator[frozenset[str]]:
    if expr.op == "in_hs":
        yield expr.codes
    for each in expr.args:
        yield from _listed(each)


def _expressions(law: Law) -> Iterator[Expr]:
    yield from (each.expr for each in law.parameters)
    yield from (each.when for each in law.regimes)
    yield from (each.when for each in law.remarks)
    for entry in law.order:
        if isinstance(entry, Reckoning):
            yield entry.expr
        elif isinstance(entry, Threshold):
            yield entry.holds
        elif isinstance(entry, Charge):
            parts = (entry.amount, entry.when, entry.group, entry.base, entry.rate)
            yield from (each for each in parts if each is not None)


def _assess_part(
    batch: Batch, law: Law, on: date, start: int, evidence: Evidence, marked: bool
) -> Part:
    known = evidence.into(law.currency, law.fixing, on)
    rates = {code: each.rate for code, each in known.items()}
    program = _program(law, tuple(sorted(rates.items())))
    if program is None:
        return Part(
            law=law,
            on=on,
            start=start,
            stop=start + batch.size,
            starts=batch.starts,
            items=batch.items,
            regime=np.full(batch.size, MISSING, dtype=np.int64),
            escalated=np.ones(batch.size, dtype=np.bool_),
            asked=np.zeros(batch.size, dtype=np.bool_),
            charges=(),
        )
    return _Run(batch, law, on, program, evidence.prior, marked).part(start)


class _Run:
    """One window of a batch on its way through one compiled law."""

    def __init__(
        self,
        batch: Batch,
        law: Law,
        on: date,
        program: _Program,
        prior: Prior,
        marked: bool,
    ) -> None:
        self.batch = batch
        self.law = law
        self.on = on
        self.program = program
        self.prior = prior
        owner = None
        if batch.items != batch.size:
            lengths = np.diff(batch.starts, append=batch.items)
            owner = np.repeat(np.arange(batch.size, dtype=np.int64), lengths)
        self.frame = Frame(batch.size, batch.starts, owner, batch.items)
        self.escalated: Bools = self.frame.too_big
        self.escalated |= batch.exact
        if owner is not None:
            self.escalated |= self.frame.lengths > MAX_ITEMS
        self.asked: Bools = np.zeros(batch.size, dtype=np.bool_)
        self.limit = program.largest * _UNIT
        self.regime: Ints = np.full(batch.size, MISSING, dtype=np.int64)
        self.due: dict[str, Any] = {}
        self.holding: dict[str, tuple[Column, bool]] = {}
        self.columns: list[ChargeColumn] = []
        self.marked = marked
        self.marks: list[Any] = []
        self.item_marks: list[Any] = []
        self.missing: list[Bools] = []
        self.lost: Bools = np.zeros(batch.size, dtype=np.bool_)

    def part(self, start: int) -> Part:
        self.load()
        frame = self.frame
        if self.marked:
            self.missed()
        for entry, compiled in (*self.program.parameters, *self.program.before):
            self.reckon(entry, compiled)
        self.choose()
        for step in self.program.after:
            self.take(step)
        for regimes, compiled in self.program.questions:
            self.question(regimes, compiled)
        if self.marked:
            for regimes, compiled in self.program.cautions:
                self.caution(regimes, compiled)
        return Part(
            law=self.law,
            on=self.on,
            start=start,
            stop=start + self.batch.size,
            starts=self.batch.starts,
            items=self.batch.items,
            regime=self.regime,
            escalated=self.escalated,
            asked=self.asked & ~self.escalated,
            charges=tuple(self.columns),
            marks=_side_by_side(self.marks, frame.consignments) if self.marked else None,
            item_marks=_side_by_side(self.item_marks, frame.items) if self.marked else None,
            worded=self.worded() if self.marked else None,
        )

    def missed(self) -> None:
        """Marks of the facts that are not known, and in which declarations each is missing.

        The intrinsic value is the price where it is not stated.
        """
        for name, column in self.frame.columns.items():
            per_item = name in _OF_ITEMS
            self.mark_unknown(column, per_item=per_item)
            if (
                column.unknown is not None and name != "intrinsic"
            ):  # which is the price, if not stated
                self.missing.append(self.anywhere(column.unknown, per_item=per_item))

    def worded(self) -> Bools:
        """Declarations that have words of their own.

        They have no regime, a rate of exchange or of the tariff is lost, or several facts are missing.
        """
        kinds = np.zeros(self.batch.size, dtype=np.int64)
        for rows in self.missing:
            kinds += rows
        found: Bools = self.asked & ((kinds > 1) | self.lost | (self.regime < 0))
        return found

    def anywhere(self, rows: Any, *, per_item: bool) -> Bools:
        """Whether something holds for a consignment, or for any of its items."""
        spread: Bools = np.broadcast_to(rows, (self.frame.items if per_item else self.batch.size,))
        return self.frame.anywhere(spread) if per_item else spread

    def reckon(self, entry: Entry, compiled: Compiled) -> None:
        """A named value, into the frame; where it is unknown is marked."""
        column = self.frame.columns[entry.name] = compiled.run(self.frame)
        self.mark_unknown(column, per_item=compiled.per_item)

    def too_short(self, code: str) -> bool:
        return any(in_hs(code, listed) is None for listed in self.program.listed)

    def load(self) -> None:
        """The facts the law reads, as columns in its currency."""
        batch, frame, reads = self.batch, self.frame, self.program.reads
        columns = frame.columns
        for name in _TEXTS:
            if name in reads:
                columns[name] = _coded(batch.texts[name])
        for name in _PRIOR:
            if name in reads:
                columns[name] = self.said_before(name)
        for name in ("hs", "origin"):
            if name in reads:
                columns[name] = _coded(batch.item_texts[name])
        if self.marked and "hs" in reads:
            hs = batch.item_texts["hs"]
            short = np.array([*(self.too_short(word) for word in hs.words), False])
            if short.any():  # what more digits would tell is said of the code
                self.lost = self.lost | self.anywhere(short[hs.values], per_item=True)
        for name in ("freight", "insurance", "discount"):
            if name in reads:
                columns[name] = self.home(
                    Numbers(batch.money[name]), batch.currencies[name], per_item=False
                )
        for name, numbers in (("price", batch.price), ("intrinsic", batch.intrinsic)):
            if name in reads:
                columns[name] = self.home(numbers, batch.item_texts["currency"], per_item=True)
        if "net_mass" in reads:
            columns["net_mass"] = self.mass(batch.net_mass, per_item=True)
        if "gross_mass" in reads:
            columns["gross_mass"] = self.mass(batch.gross_mass, per_item=False)
        if "quantity" in reads:
            self.bound(batch.quantity, LARGEST_QUANTITY * _UNIT, per_item=True)
            columns["quantity"] = Column(batch.quantity)
        if "preference" in reads:
            columns["preference"] = Column(batch.preference)
        if "duty_rate" in reads:
            columns["duty_rate"] = self.duty_rate()
        if "other_duty_rate" in reads:  # who declares one is left to the reference evaluator
            nobody = np.ones(batch.items, dtype=np.bool_)
            columns["other_duty_rate"] = Column(np.zeros(batch.items, dtype=np.int64), nobody)
        if "scheme_number" in reads:
            columns["scheme_number"] = _matches(batch.texts["scheme"], self.law.scheme)
        if "sold_on" in reads:
            columns["sold_on"] = Column(batch.sold_on.values, batch.sold_on.unknown)
        if "items" in reads:
            columns["items"] = Column(frame.lengths)
        if "on" in reads:
            columns["on"] = Column(np.int64(days(self.on)))

    def said_before(self, name: str) -> Column:
        """What the importer received before: of a whole file mostly nobody says."""
        value = getattr(self.prior, name)
        if value is None:
            nobody_said = np.ones(self.batch.size, dtype=np.bool_)
            return Column(np.zeros(self.batch.size, dtype=np.int64), nobody_said)
        whole = int(value.scaleb(PLACES))
        if whole != value.scaleb(PLACES) or not 0 <= whole <= self.limit:
            self.escalated |= True
            whole = 0
        return Column(np.int64(whole))

    def home(self, numbers: Numbers, currencies: Codes, *, per_item: bool) -> Column:
        """Amounts in the law's currency, foreign ones rounded half up to its conversion step."""
        values, unknown = numbers.values, numbers.unknown
        home = self.law.currency
        foreign = [word for word in currencies.words if word != home]
        if foreign and not (len(foreign) == len(currencies.words) and not values.any()):
            values, lost = self.converted(values, currencies, per_item=per_item)
            if lost is not None:
                unknown = lost if unknown is None else unknown | lost
                if self.marked:
                    self.lost = self.lost | self.anywhere(lost, per_item=per_item)
        self.bound(values, self.limit, per_item=per_item)
        return Column(values, unknown)

    def bound(self, values: Ints, limit: int, *, per_item: bool) -> None:
        """Leave what is larger than the law was compiled for to the reference evaluator."""
        if values.max(initial=0) > limit:
            self.frame.flag(values > limit, per_item=per_item)

    def converted(
        self, values: Ints, currencies: Codes, *, per_item: bool
    ) -> tuple[Ints, Bools | None]:
        """Amounts times their rates, rounded half up to the conversion step, and where a rate is lost."""
        rates, places = self.program.rates, self.program.rate_places
        number, step_places = scaled(self.law.conversion_step)
        if rates is None or step_places > PLACES:
            foreign = np.array([word != self.law.currency for word in currencies.words])
            self.frame.flag(foreign[currencies.values] & (values > 0), per_item=per_item)
            return values, None
        each = np.array([rates.get(word, MISSING) for word in currencies.words], dtype=np.int64)
        at_home = each == 10**places
        divisor = number * 10 ** (PLACES + places - step_places)
        chosen = each[currencies.values]
        if int(values.max(initial=0)) * max(int(each.max()), 1) * 2 + divisor >= SAFE:
            wide = values.astype(np.float64) * np.maximum(chosen, 1) * 2 + divisor
            self.frame.flag(wide >= SAFE, per_item=per_item)
        rounded = divide(values * chosen, divisor, "half_up", signed=False)
        if number != 1 or step_places != PLACES:
            rounded *= number * 10 ** (PLACES - step_places)
            rounded = np.where(at_home[currencies.values], values, rounded)
        if each.min() >= 0:
            return rounded, None
        lost = (chosen < 0) & (currencies.values >= 0)
        return np.where(lost, 0, rounded), lost if lost.any() else None

    def mass(self, numbers: Numbers, *, per_item: bool) -> Column:
        self.bound(numbers.values, LARGEST_MASS_KG * 10**MASS_PLACES, per_item=per_item)
        return Column(numbers.values, numbers.unknown)

    def duty_rate(self) -> Column:
        """The rate of the loaded tariff, once per distinct kind of goods; else the rate declared.

        Goods whose duty is no share of their value alone are left to the reference evaluator.
        """
        batch, tariff = self.batch, self.law.tariff
        values, unknown = batch.duty_rate.values, batch.duty_rate.unknown
        hs = batch.item_texts["hs"]
        if tariff and hs.words:
            kinds, which = self.kinds(hs)
            table = np.array([self.tariff_rate(*kind) for kind in kinds], dtype=np.int64)
            found = table[which]
            self.frame.flag(found == _BY_QUANTITY, per_item=True)
            listed = found >= 0
            values = np.where(listed, found, values)
            lost = found == _UNTOLD_RATE
            unknown = lost if unknown is None else unknown & ~listed | lost
            if self.marked:
                own_words = unknown & (hs.values >= 0)
                self.lost = self.lost | self.anywhere(own_words, per_item=True)
        self.bound(values, 10 * _UNIT, per_item=True)
        return Column(values, unknown)

    def kinds(self, hs: Codes) -> tuple[list[tuple[str, str | None, bool]], Ints]:
        """Every different code (with origin and preference, where the tariff asks for them), and which each item is."""
        if not self.law.tariff.by_origin:
            return [("", None, False), *((word, None, False) for word in hs.words)], (
                hs.values + 1
            ).astype(np.int64)
        origin = self.batch.item_texts["origin"]
        wide = len(origin.words) + 1
        key = ((hs.values + 1).astype(np.int64) * wide + origin.values + 1) * 2
        different, which = np.unique(key + self.batch.preference, return_inverse=True)
        codes, origins = ["", *hs.words], [None, *origin.words]
        kinds = []
        for each in different.tolist():
            code, rest = divmod(each, 2 * wide)
            place, preference = divmod(rest, 2)
            kinds.append((codes[code], origins[place], bool(preference)))
        return kinds, which

    def tariff_rate(self, hs: str, origin: str | None, preference: bool) -> int:
        """A rate in ten-thousandths, or what there is in its place."""
        line = self.law.tariff.line(hs, origin, preference, self.on) if hs else None
        if line is None:
            return _NOT_LISTED
        if isinstance(line, str) or line.duty.untold:
            return _UNTOLD_RATE
        rate = line.duty.ad_valorem
        if rate is None:
            return _BY_QUANTITY
        number, places = scaled(rate)
        return number * 10 ** (PLACES - places) if places <= PLACES else _BY_QUANTITY

    def choose(self) -> None:
        """The first regime whose condition holds; where that cannot be told, a person must."""
        pending = np.ones(self.batch.size, dtype=np.bool_)
        for number, (regime, compiled) in enumerate(
            zip(self.law.regimes, self.program.regimes, strict=True)
        ):
            answer = compiled.run(self.frame)
            holds = np.broadcast_to(answer.values, (self.batch.size,))
            if answer.unknown is not None:
                lost = pending & answer.unknown
                self.asked |= lost
                pending = pending & ~lost
            chosen = pending & holds
            self.regime[chosen] = number
            if regime.needs_human:
                self.asked |= chosen
            pending = pending & ~holds
            if not pending.any():
                return
        self.asked |= pending

    def take(self, step: Any) -> None:
        if isinstance(step, _CompiledCharge):
            self.compute(step)
        elif isinstance(step, Settle):
            self.settle(step.name)
        elif isinstance(step[0], Threshold):
            threshold, compiled = step
            self.holding[threshold.name] = compiled.run(self.frame), compiled.per_item
        else:
            self.reckon(*step)

    def in_regimes(self, names: tuple[str, ...]) -> Bools:
        wanted = np.array(
            [each.name in names and not each.needs_human for each in self.law.regimes],
            dtype=np.bool_,
        )
        return wanted[self.regime] & (self.regime >= 0)

    def ask(self, rows: Any, *, per_item: bool) -> None:
        """Leave these to a person: what is unknown is in no total, the rest stands."""
        self.asked |= self.anywhere(rows, per_item=per_item)

    def escalate(self, rows: Any, *, per_item: bool) -> None:
        if rows is not None:
            self.frame.flag(np.asarray(rows), per_item=per_item)

    def compute(self, step: _CompiledCharge) -> None:
        charge, frame = step.charge, self.frame
        name = f"computed.{charge.name}"
        applies = self.in_regimes(charge.regimes)
        if not applies.any():
            frame.columns[name] = Column(np.int64(0))
            self.due[charge.name] = (step, None, None)
            return
        per_item = charge.scope != "consignment"
        due = frame.to_items(applies) if per_item else applies
        unknown: Any = None
        if step.when is not None:
            condition = step.when.run(frame)
            if per_item and not step.when.per_item:
                condition = frame.widen(condition)
            unknown = condition.unknown
            holds = condition.values if unknown is None else condition.values | unknown
            due = due & holds
        wanted = due
        size = frame.items if per_item else frame.consignments
        column = step.amount.run(frame)
        if per_item and not step.amount.per_item:
            column = frame.widen(column)
        unknown = either(unknown, column.unknown)
        amounts = np.broadcast_to(column.values, (size,))
        if step.group is not None:
            due = due & self.first_of_group(step.group, due)
        if unknown is not None:
            unknown = due & unknown
            amounts = np.where(unknown, 0, amounts)
        frame.columns[name] = Column(np.where(due, amounts, 0), unknown)
        self.due[charge.name] = (step, due, wanted)

    def first_of_group(self, group: Compiled, due: Bools) -> Any:
        """Whether an item is the first of its tariff item within its consignment."""
        column = group.run(self.frame)
        if column.unknown is not None:
            self.escalate(due & column.unknown, per_item=True)
        owner = self.frame.owner
        if owner is None:
            return np.bool_(True)
        candidates = np.flatnonzero(due)
        width = len(column.words) + 1
        keys = owner[candidates] * width + column.values[candidates] + 1
        _, first = np.unique(keys, return_index=True)
        answer = np.zeros(self.frame.items, dtype=np.bool_)
        answer[candidates[first]] = True
        return answer

    def settle(self, name: str) -> None:
        step, due, wanted = self.due[name]
        frame = self.frame
        computed = frame.columns[f"computed.{name}"]
        charge: Charge = step.charge
        per_item = charge.scope != "consignment"
        if due is None:
            frame.columns[name] = computed
            self.mark(0, per_item=per_item)
            return
        marks = np.where(wanted, 0, _NOT_MET) if self.marked else None
        unknown = computed.unknown
        untold: Any = None
        for number, threshold in enumerate(charge.relieved_by):
            column, of_items = self.holding[threshold]
            if of_items and not per_item:
                self.escalated |= True
                continue
            if per_item and not of_items:
                column = frame.widen(column)
            holds = column.values if column.unknown is None else column.values & ~column.unknown
            if column.unknown is not None:
                lost = due & column.unknown
                if marks is not None:
                    first = lost if untold is None else lost & ~untold
                    marks[first] = _UNTOLD + number
                untold = either(untold, lost)
            relieved = due & holds
            if marks is not None:
                marks[relieved] = _RELIEVED + number
            due = due & ~relieved
        missing: Any = None
        if untold is not None:
            missing = due & untold
            due = due & ~missing
        if unknown is not None:
            lost = due & unknown
            missing = either(missing, lost)
            due = due & ~lost
            if marks is not None:
                marks[lost] = _UNKNOWN
        if missing is not None:
            self.ask(missing, per_item=per_item)
        amounts = np.where(due, computed.values, 0)
        frame.columns[name] = Column(amounts, missing)
        if marks is not None:
            self.mark(marks + _NIL * (amounts == 0), per_item=per_item)
        if due.any():
            self.columns.append(
                ChargeColumn(
                    charge,
                    amounts,
                    due,
                    step.amount.scale,
                    self.detail(step.base, per_item),
                    self.detail(step.rate, per_item),
                )
            )

    def detail(self, compiled: Compiled | None, per_item: bool) -> tuple[Ints, int] | None:
        if compiled is None:
            return None
        column = compiled.run(self.frame)
        if per_item and not compiled.per_item:
            column = self.frame.widen(column)
        size = self.frame.items if per_item else self.frame.consignments
        return np.broadcast_to(column.values, (size,)), compiled.scale

    def mark(self, marks: Any, *, per_item: bool) -> None:
        """One more mark; a law has the same marks in the same order, whatever the batch holds."""
        if self.marked:
            (self.item_marks if per_item else self.marks).append(marks)

    def mark_unknown(self, column: Column, *, per_item: bool) -> None:
        self.mark(0 if column.unknown is None else column.unknown, per_item=per_item)

    def caution(self, regimes: tuple[int, ...], compiled: Compiled) -> None:
        """Which consignments a caution of the law applies to: those where it does for any item."""
        column = compiled.run(self.frame)
        rows = column.values if column.unknown is None else column.values & ~column.unknown
        rows = self.anywhere(rows, per_item=compiled.per_item)
        if regimes:
            rows = rows & np.isin(self.regime, regimes)
        self.mark(rows, per_item=False)

    def question(self, regimes: tuple[int, ...], compiled: Compiled) -> None:
        """Parcels the law leaves to a person."""
        asked = self.regime >= 0
        if regimes:
            asked = asked & np.isin(self.regime, regimes)
        if not asked.any():
            self.mark(0, per_item=compiled.per_item)
            return
        column = compiled.run(self.frame)
        rows = np.broadcast_to(
            column.values, (self.frame.items if compiled.per_item else self.frame.consignments,)
        )
        if column.unknown is not None:
            rows = rows | column.unknown
        rows = rows & (self.frame.to_items(asked) if compiled.per_item else asked)
        self.mark(rows, per_item=compiled.per_item)
        self.ask(rows, per_item=compiled.per_item)


def _side_by_side(marks: list[Any], size: int) -> Marks:
    """Marks as the columns of one table, each row one piece of memory."""
    table: Marks = np.zeros((size, len(marks)), dtype=np.uint8)
    for number, column in enumerate(marks):
        table[:, number] = column
    return table


def _coded(codes: Codes) -> Column:
    unknown = codes.values < 0
    return Column(codes.values, unknown if unknown.any() else None, codes.words)


def _matches(codes: Codes, word: str) -> Column:
    if not word or not codes.words:
        return Column(np.zeros(codes.values.shape, dtype=np.bool_))
    same = np.fromiter((each == word for each in codes.words), np.bool_, len(codes.words))
    return Column(same[codes.values] & (codes.values >= 0))
