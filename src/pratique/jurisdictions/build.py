"""How do the entries in force on one day become a law? Names resolved, units checked, order found.

Cycles, unknown names, unit errors and charges of regimes that do not exist are refused here, with the file
and entry, so that nothing wrong is left to find while a parcel waits.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from pratique.errors import LawError
from pratique.jurisdictions.schema import (
    ChargeEntry,
    Dated,
    LawFile,
    ListEntry,
    MeasureEntry,
    MoneyEntry,
    ParameterEntry,
    RefundEntry,
    RegimeEntry,
    RemarkEntry,
    RequirementEntry,
    ThresholdEntry,
    in_force,
)
from pratique.model.evidence import Fixing
from pratique.model.outcomes import Citation
from pratique.rules.law import (
    Charge,
    Law,
    Reckoning,
    Refund,
    Regime,
    Remark,
    Requirement,
    Settle,
    Threshold,
)
from pratique.rules.syntax import Node, parse
from pratique.rules.tariff import Tariff
from pratique.rules.types import (
    BOOL,
    HS,
    RATE,
    ROUNDINGS,
    TEXT,
    Expr,
    Known,
    Scope,
    Type,
    check,
    closed,
    facts,
    money,
    names_in,
)


def build_law(
    chain: tuple[LawFile, ...],
    start: date,
    until: date | None,
    digest: str,
    tariff: Tariff,
    known_on: date | None = None,
) -> Law:
    """The law of the last file in ``chain`` (unions first) from ``start`` until ``until``, as known on a day."""
    return _Builder(chain, start, known_on).law(until, digest, tariff)


class _Builder:
    """Builds one law; each entry is checked when first needed, so order in the file does not matter."""

    def __init__(self, chain: tuple[LawFile, ...], start: date, known_on: date | None) -> None:
        self.file = chain[-1]
        self.start = start
        self.known_on = known_on
        self.entries: dict[str, Dated] = {}
        self.rules: dict[str, str] = {}
        self.series = {name for file in chain for name in file.series()}
        for file in chain:
            for name, series in file.series().items():
                entry = in_force(series, start, known_on)
                if entry is not None:
                    if name in self.entries and name != "money" and not entry.replaces_union:
                        raise LawError(
                            f"{file.code}/{name}: the union it is within has one already. If this one "
                            "stands in its place, say replaces_union = true."
                        )
                    self.entries[name] = entry
                    self.rules[name] = f"{file.code}/{name}@{entry.from_}"
        home = self.entries.get("money")
        if not isinstance(home, MoneyEntry):
            raise LawError(f"{self.file.code}.toml: no [[money]] entry in force on {start}.")
        self.money_entry = home
        self.currency = home.currency
        self.scheme = next((file.scheme for file in reversed(chain) if file.scheme), "")
        self.names: dict[str, Known] = facts(self.currency)
        self.lists: dict[str, frozenset[str]] = {
            f"list.{name}": _codes(entry, self.rules[f"list/{name}"])
            for name, entry in self.family("list", ListEntry).items()
        }
        self.parameters: list[Reckoning] = []
        self.order: list[Reckoning | Threshold | Charge | Settle] = []
        self.charges = self.family("charge", ChargeEntry)
        self.thresholds = self.family("threshold", ThresholdEntry)
        self.measures = self.family("measure", MeasureEntry)
        self.parameter_entries = self.family("parameter", ParameterEntry)
        self.under_way: list[str] = []
        self.done: set[str] = set()

    def family(self, family: str, kind: type[Any]) -> dict[str, Any]:
        prefix = f"{family}/"
        found = {}
        for name, entry in self.entries.items():
            if name.startswith(prefix):
                assert isinstance(entry, kind)
                found[name.removeprefix(prefix)] = entry
        return found

    def law(self, until: date | None, digest: str, tariff: Tariff) -> Law:
        self.refuse_twins()
        for name in self.parameter_entries:
            self.resolve(name)
        for name in self.measures:
            self.resolve(name)
        for name in self.charges:
            self.resolve(name)
        regimes = self.regimes()
        return Law(
            code=self.file.code,
            name=self.file.name,
            currency=self.currency,
            within=self.file.within,
            valid_from=self.start,
            valid_until=until,
            known_on=self.known_on,
            digest=digest,
            scheme=self.scheme,
            conversion_step=self.money_entry.conversion_step,
            fixing=Fixing(
                source=self.money_entry.rates,
                rule=self.money_entry.fixing,
                most_days=self.money_entry.most_days,
            ),
            parameters=tuple(self.parameters),
            regimes=regimes,
            order=tuple(self.order),
            remarks=tuple(self.remarks()),
            refunds=tuple(self.refunds()),
            requirements=tuple(self.requirements()),
            tariff=tariff,
        )

    def refuse_twins(self) -> None:
        """Names must differ by more than case and family, and not hide a fact."""
        taken = dict.fromkeys(self.names, "a fact of the language")
        for family in (self.parameter_entries, self.measures, self.charges):
            for name in family:
                if name in taken:
                    raise LawError(f"{self.file.code}.toml: {name!r} is already {taken[name]}.")
                taken[name] = "an entry"

    def citation(self, key: str) -> Citation:
        entry = self.entries[key]
        return Citation(
            rule=self.rules[key],
            source=entry.source,
            url=entry.url,
            seen=entry.seen,
            confidence=entry.confidence,
        )

    def fail(self, key: str, why: object) -> LawError:
        return LawError(f"{self.rules[key]}: {why}")

    def check(self, key: str, text: str) -> Expr:
        """Typed expression of a rule text, after resolving every entry it names."""
        try:
            for name in _names(parse(text)):
                self.resolve(name.removeprefix("computed."), computed=name.startswith("computed."))
            return check(text, self.names, self.currency, self.lists)
        except LawError as error:
            if "@" in str(error).split(":", 1)[0]:
                raise
            raise self.fail(key, error) from error

    def closed(self, key: str, expr: Expr, text: str) -> Expr:
        try:
            return closed(expr, text)
        except LawError as error:
            raise self.fail(key, error) from error

    def typed(self, key: str, text: str, wanted: Type) -> Expr:
        expr = self.closed(key, self.check(key, text), text)
        if expr.type != wanted:
            raise self.fail(key, f"Expected {wanted} but this is {expr.type}: {text}")
        return expr

    def resolve(self, name: str, *, computed: bool = False) -> None:
        """Make sure the entry a name stands for has been checked and put in order."""
        step = f"computed.{name}" if computed else name
        if step in self.done or not (
            name in self.measures or name in self.charges or name in self.parameter_entries
        ):
            return
        if step in self.under_way:
            loop = " -> ".join([*self.under_way[self.under_way.index(step) :], step])
            raise LawError(f"{self.file.code}.toml: entries need each other in a circle: {loop}")
        self.under_way.append(step)
        if name in self.parameter_entries:
            self.parameter(name)
        elif name in self.measures:
            self.measure(name)
        elif computed:
            self.charge(name)
        else:
            self.settle(name)
        self.under_way.pop()
        self.done.add(step)

    def parameter(self, name: str) -> None:
        key = f"parameter/{name}"
        text = self.parameter_entries[name].value
        expr = self.closed(key, self.check(key, text), text)
        if expr.scope == "item" or set(names_in(expr)) - set(self.parameter_entries):
            raise self.fail(key, f"a parameter is the same for every parcel: {text}")
        self.parameters.append(self.reckoning(key, name, expr, text))

    def measure(self, name: str) -> None:
        key = f"measure/{name}"
        text = self.measures[name].value
        expr = self.closed(key, self.check(key, text), text)
        self.order.append(self.reckoning(key, name, expr, text))

    def reckoning(self, key: str, name: str, expr: Expr, text: str) -> Reckoning:
        self.names[name] = Known(expr.type, expr.scope)
        return Reckoning(
            name=name,
            title=self.entries[key].title,
            citation=self.citation(key),
            expr=expr,
            text=text,
            scope=expr.scope,
        )

    def charge(self, name: str) -> None:
        key = f"charge/{name}"
        entry: ChargeEntry = self.charges[name]
        home = money(self.currency)
        base = self.check(key, entry.base) if entry.base else None
        rate = self.typed(key, entry.rate, RATE) if entry.rate else None
        if bool(entry.rate) == bool(entry.amount):
            raise self.fail(key, "give either rate (with base) or amount")
        if rate is not None and base is None:
            raise self.fail(key, "a rate needs a base")
        text = entry.amount or _product(entry.base, entry.rate)
        amount = self.check(key, text)
        step, mode = self.rounding(key, entry.round)
        if step is not None:
            amount = Expr(
                "round", amount.type, amount.scope, (amount,), value=step, name=mode, quotient=False
            )
        self.closed(key, amount, text)
        if amount.type != home:
            raise self.fail(key, f"a charge is {home}, but this is {amount.type}: {text}")
        if entry.scope == "consignment" and amount.scope == "item":
            raise self.fail(
                key, "a charge on the consignment cannot depend on one item: use total()"
            )
        group = self.check(key, entry.group) if entry.group else None
        if (entry.scope == "tariff_item") != (group is not None):
            raise self.fail(key, "scope = 'tariff_item' goes with group, and only with it")
        if group is not None and (group.type not in (HS, TEXT) or group.scope != "item"):
            raise self.fail(key, "group is a code that each item has, as hs6(hs)")
        when = self.typed(key, entry.when, BOOL) if entry.when else None
        if when is not None and when.scope == "item" and entry.scope == "consignment":
            raise self.fail(
                key, "the condition of a consignment's charge cannot depend on one item"
            )
        scope: Scope = "consignment" if entry.scope == "consignment" else "item"
        self.names[f"computed.{name}"] = Known(home, scope)
        self.names[name] = Known(home, scope)
        self.order.append(
            Charge(
                name=name,
                title=entry.title or name.replace("_", " ").capitalize(),
                citation=self.citation(key),
                kind=entry.kind,
                scope=entry.scope,
                regimes=entry.regimes,
                when=when,
                base=base,
                rate=rate,
                amount=amount,
                group=group,
                step=step,
                mode=mode,
                payer=entry.payer,
                collector=entry.collector,
                moment=entry.moment,
                relieved_by=tuple(
                    threshold for threshold, each in self.thresholds.items() if name in each.charges
                ),
                text=text,
                condition=entry.when,
                otherwise=entry.otherwise,
            )
        )

    def rounding(self, key: str, text: str) -> tuple[Decimal | None, str]:
        if text == "none":
            return None, ""
        mode, _, step = text.partition(" ")
        try:
            value = Decimal(step)
        except InvalidOperation:
            value = Decimal(0)
        if mode not in ROUNDINGS or not value.is_finite() or value <= 0:
            raise self.fail(key, f"round is 'none' or a mode and a step, as 'half_up 0.01': {text}")
        return value, mode

    def settle(self, name: str) -> None:
        """A charge is settled once it and every threshold that may relieve it are reckoned."""
        self.resolve(name, computed=True)
        for threshold, entry in self.thresholds.items():
            if name in entry.charges and f"threshold {threshold}" not in self.done:
                key = f"threshold/{threshold}"
                for charge in entry.charges:
                    if f"charge/{charge}" not in self.series:
                        raise self.fail(key, f"relieves {charge!r}, which is no charge")
                holds = self.typed(key, entry.holds, BOOL)
                self.done.add(f"threshold {threshold}")
                self.order.append(
                    Threshold(
                        name=threshold,
                        title=entry.title,
                        citation=self.citation(key),
                        holds=holds,
                        text=entry.holds,
                        because=entry.because,
                        charges=entry.charges,
                    )
                )
        self.order.append(Settle(name=name, citation=self.citation(f"charge/{name}")))

    def regimes(self) -> tuple[Regime, ...]:
        found = []
        charges = set(self.charges)
        for name, entry in self.family("regime", RegimeEntry).items():
            key = f"regime/{name}"
            when = self.typed(key, entry.when, BOOL)
            if when.scope == "item":
                raise self.fail(key, "a regime is chosen for the whole parcel: use any() or all()")
            needs = {each.removeprefix("computed.") for each in self.needs(when)}
            if needs & charges:
                raise self.fail(key, "a regime cannot depend on the charges reckoned under it")
            found.append(
                (
                    entry.order,
                    Regime(
                        name=name,
                        title=entry.title or name.replace("_", " ").capitalize(),
                        citation=self.citation(key),
                        when=when,
                        text=entry.when,
                        dataset=entry.dataset,
                        needs_human=entry.needs_human,
                    ),
                )
            )
        return tuple(regime for _, regime in sorted(found, key=lambda each: each[0]))

    def needs(self, expr: Expr) -> set[str]:
        """Every name an expression depends on, through measures."""
        found: set[str] = set()
        pending = list(names_in(expr))
        measures = {each.name: each for each in self.order if isinstance(each, Reckoning)}
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                if name in measures:
                    pending.extend(names_in(measures[name].expr))
        return found

    def remarks(self) -> list[Remark]:
        found = []
        for family in ("caution", "question"):
            entries: dict[str, RemarkEntry] = self.family(family, RemarkEntry)
            for name, entry in entries.items():
                key = f"{family}/{name}"
                self.known_regimes(key, entry.regimes)
                when = self.typed(key, entry.when, BOOL)
                found.append(
                    Remark(
                        name=name,
                        title=entry.title,
                        citation=self.citation(key),
                        when=when,
                        text=entry.when,
                        because=entry.because,
                        needs_human=family == "question",
                        regimes=entry.regimes,
                    )
                )
        return found

    def refunds(self) -> list[Refund]:
        found = []
        entries: dict[str, RefundEntry] = self.family("refund", RefundEntry)
        for name, entry in entries.items():
            key = f"refund/{name}"
            self.known_regimes(key, entry.regimes)
            for charge in entry.charges:
                if f"charge/{charge}" not in self.series:
                    raise self.fail(key, f"repays {charge!r}, which is no charge")
            found.append(
                Refund(
                    name=name,
                    title=entry.title or name.replace("_", " ").capitalize(),
                    citation=self.citation(key),
                    charges=entry.charges,
                    when=self.of_parcel(key, entry.when, BOOL),
                    less=self.of_parcel(key, entry.less, money(self.currency)),
                    days=entry.days,
                    year_value=self.of_parcel(key, entry.year_value, money(self.currency)),
                    because=entry.because,
                    regimes=entry.regimes,
                )
            )
        return found

    def of_parcel(self, key: str, text: str, wanted: Type) -> Expr | None:
        """An expression on the whole parcel, None when the entry has none."""
        expr = self.typed(key, text, wanted) if text else None
        if expr is not None and expr.scope == "item":
            raise self.fail(
                key, f"it is said of the whole parcel: use any(), all() or total(): {text}"
            )
        return expr

    def requirements(self) -> list[Requirement]:
        found = []
        entries: dict[str, RequirementEntry] = self.family("requirement", RequirementEntry)
        for name, entry in entries.items():
            key = f"requirement/{name}"
            self.known_regimes(key, entry.regimes)
            found.append(
                Requirement(
                    name=name,
                    title=entry.title,
                    citation=self.citation(key),
                    pointer=entry.pointer,
                    severity=entry.severity,
                    because=entry.because,
                    regimes=entry.regimes,
                )
            )
        return found

    def known_regimes(self, key: str, named: tuple[str, ...]) -> None:
        """A regime may be named on a day it is not in force, but it must exist on some day."""
        unknown = [name for name in named if f"regime/{name}" not in self.series]
        if unknown:
            raise self.fail(key, f"names regimes that are in no entry: {', '.join(unknown)}")


def _product(base: str, rate: str) -> str:
    """The rate on the base; at the tariff's rate, all that the line of the tariff says."""
    return f"by_tariff({base})" if rate.strip() == "duty_rate" else f"({base}) * ({rate})"


def _names(node: Node) -> list[str]:
    found = [node.text] if node.kind == "name" else []
    for arg in node.args:
        found.extend(_names(arg))
    return found


def _codes(entry: ListEntry, rule: str) -> frozenset[str]:
    codes: set[str] = set()
    for code in entry.codes:
        first, dash, last = code.partition("-")
        if re.fullmatch(r"\d+(\.\d*)+", first):
            raise LawError(f"{rule}: {code!r} has a point in it: write {code.replace('.', '')!r}.")
        if not dash:
            codes.add(code)
        elif first.isdigit() and last.isdigit() and len(first) == len(last) and first <= last:
            codes.update(str(n).zfill(len(first)) for n in range(int(first), int(last) + 1))
        else:
            raise LawError(f"{rule}: {code!r} is not a range of codes, as 2203-2208.")
    return frozenset(codes)
