"""What is owed on one parcel, by whom, by which rule? The reference evaluator: exact, with full trace.

The steps follow WCO practice: convert, measure, choose the regime, reckon each charge in order, relieve
where a threshold holds. What nobody can know is said, never taken as zero.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from pratique.assessment.compiled import (
    Constant,
    Ready,
    ReadyCharge,
    ReadyLaw,
    ReadyRemarks,
    ready,
    said,
)
from pratique.assessment.facts import INDEX, LINE, facts_of
from pratique.model.declaration import Declaration
from pratique.model.evidence import NO_EVIDENCE, Evidence, ExchangeRate
from pratique.model.outcomes import (
    Assessment,
    Caution,
    DutyTaxFee,
    NeedsHuman,
    NotDue,
    RefundDue,
    Step,
)
from pratique.rules.exact import ITEMS, Facts, Missing, exactly
from pratique.rules.law import Charge, Entry, Law, Reckoning, Regime, Settle, Threshold
from pratique.rules.tariff import TariffLine

_ZERO: Final = Decimal(0)
_NOTHING: Final[Facts] = {}


def assess(
    declaration: Declaration,
    law: Law,
    *,
    on: date,
    evidence: Evidence = NO_EVIDENCE,
    trace: bool = True,
) -> Assessment:
    """What is owed under ``law`` as it stands ``on`` that day, in the law's currency.

    Amounts nobody can know are in ``needs_human`` with the reason, and absent from the totals.
    """
    with exactly():
        return _Walk(declaration, law, on, evidence, trace).assessment()


class _Said(dict[str, str]):
    """Facts as the trace shows them, each put into words when first asked for; a fact never changes."""

    def __init__(self, facts: Facts) -> None:
        super().__init__()
        self.facts = facts

    def __missing__(self, name: str) -> str:
        text = self[name] = said(self.facts[name])
        return text


class _Walk:
    """One parcel on its way through one law."""

    def __init__(
        self, declaration: Declaration, law: Law, on: date, evidence: Evidence, trace: bool
    ) -> None:
        self.law = law
        self.on = on
        self.ready: ReadyLaw = ready(law)
        self.rates: dict[str, ExchangeRate] = evidence.into(law.currency, law.fixing, on)
        self.facts = facts_of(declaration, law, self.rates, on, evidence.prior)
        self.items: list[Facts] = self.facts[ITEMS]
        self.tracing = trace
        self.said = _Said(self.facts)
        self.said_of_items = [_Said(item) for item in self.items]
        self.trace: list[Step] = []
        self.charges: list[DutyTaxFee] = []
        self.not_due: list[NotDue] = []
        self.of_other_regimes: tuple[NotDue, ...] = ()
        self.needs_human: list[NeedsHuman] = []
        self.cautions: list[Caution] = []
        self.weak_sources: set[int] = set()
        self.holding: dict[str, list[bool | Missing]] = {}
        self.declaration = declaration

    def assessment(self) -> Assessment:
        if self.tracing:
            self.trace_evidence()
            self.trace_tariff()
        for parameter in self.ready.parameters:
            if isinstance(parameter, Constant):
                self.facts[parameter.name] = parameter.value
                if self.tracing:
                    self.trace.append(parameter.step)
            else:
                self.reckon(*parameter)
        for measure, run in self.ready.before:
            self.reckon(measure, run)
        regime = self.choose()
        if regime is not None and regime.needs_human:
            self.ask(regime, regime.needs_human)
        elif regime is not None:
            self.weak(regime)
            under = self.ready.under[regime.name]
            self.facts.update(under.nought_of_parcel)
            for item in self.items:
                item.update(under.nought_of_item)
            for step in under.steps:
                self.take(step)
            self.remark(under.remarks)
            self.of_other_regimes = under.not_due
        return Assessment(
            destination=self.law.code.upper(),
            on=self.on,
            currency=self.law.currency,
            regime=regime.name if regime else None,
            dataset=regime.dataset if regime else "",
            charges=tuple(self.charges),
            not_due=(*self.not_due, *self.of_other_regimes),
            needs_human=tuple(self.needs_human),
            cautions=tuple(self.cautions),
            refunds=self.refunds(regime) if self.tracing and regime is not None else (),
            trace=tuple(self.trace),
            law_digest=self.law.digest,
        )

    def trace_evidence(self) -> None:
        """The exchange rates relied on, one step each."""
        goods = self.declaration.consignment
        moneys = [goods.freight, goods.insurance, goods.discount]
        moneys += [each for item in goods.items for each in (item.price, item.intrinsic_value)]
        used = {money.currency for money in moneys if money is not None}
        for currency, rate in self.rates.items():
            if currency in used:
                self.trace.append(
                    Step(
                        name=f"rate {currency} to {rate.home}",
                        value=said(rate.rate),
                        source=rate.source,
                    )
                )

    def trace_tariff(self) -> None:
        """The lines of the tariff relied on, one step each."""
        for item in self.items:
            line: TariffLine | None = item.get(LINE)
            if line is not None:
                self.trace.append(
                    Step(
                        name=f"tariff {line.hs}",
                        value=line.duty.text,
                        inputs={"hs": said(item["hs"]), "origin": said(item["origin"])},
                        rule=line.rule,
                        source=line.source,
                        line=item[INDEX] + 1,
                    )
                )

    def reckon(self, entry: Reckoning, run: Ready) -> None:
        """A parameter or measure: into the facts, for all or for each item."""
        if run.per_item:
            for item in self.items:
                item[entry.name] = run.run(self.facts, item)
                self.note(entry, entry.name, item[entry.name], run, item)
        else:
            self.facts[entry.name] = run.run(self.facts, _NOTHING)
            self.note(entry, entry.name, self.facts[entry.name], run, _NOTHING)

    def choose(self) -> Regime | None:
        """The first regime whose condition holds; None, with a question, when none does or none can be told."""
        for regime, run in self.ready.regimes:
            answer = run.run(self.facts, _NOTHING)
            self.note(regime, f"regime {regime.name}", answer, run, _NOTHING)
            if isinstance(answer, Missing):
                self.ask(
                    regime, f"Whether '{regime.title}' applies cannot be told: {answer.because}."
                )
                return None
            if answer:
                return regime
        self.needs_human.append(
            NeedsHuman(
                about="regime",
                because=f"No regime in the law of {self.law.name} fits this parcel on {self.on}.",
            )
        )
        return None

    def take(self, step: Any) -> None:
        """One step under the chosen regime."""
        if isinstance(step, ReadyCharge):
            self.compute(step)
        elif isinstance(step, Settle):
            self.settle(self.ready.charges[step.name])
        elif isinstance(step[0], Threshold):
            self.hold(*step)
        else:
            self.reckon(*step)

    def compute(self, step: ReadyCharge) -> None:
        """The amount of a charge before relief, under ``computed.x``."""
        charge = step.charge
        name = f"computed.{charge.name}"
        if charge.scope == "consignment":
            self.facts[name] = self.amount(step, _NOTHING)
            self.note(charge, name, self.facts[name], step.amount, _NOTHING)
            return
        seen: set[str] = set()
        for item in self.items:
            item[name] = self.item_amount(step, item, seen)
            self.note(charge, name, item[name], step.amount, item)

    def item_amount(self, step: ReadyCharge, item: Facts, seen: set[str]) -> Any:
        if step.group is None:
            return self.amount(step, item)
        if step.when is not None and step.when.run(self.facts, item) is False:
            return _ZERO
        group = step.group.run(self.facts, item)
        if isinstance(group, Missing):
            return group
        if group in seen:
            return _ZERO
        seen.add(group)
        return self.amount(step, item)

    def amount(self, step: ReadyCharge, item: Facts) -> Any:
        if step.when is not None:
            due = step.when.run(self.facts, item)
            if isinstance(due, Missing):
                return due
            if not due:
                return _ZERO
        return step.amount.run(self.facts, item)

    def hold(self, threshold: Threshold, run: Ready) -> None:
        """Whether a threshold holds, for the consignment or for each item."""
        if run.per_item:
            answers = [run.run(self.facts, item) for item in self.items]
            for item, answer in zip(self.items, answers, strict=True):
                self.note(threshold, f"threshold {threshold.name}", answer, run, item)
        else:
            answer = run.run(self.facts, _NOTHING)
            answers = [answer] * len(self.items)
            self.note(threshold, f"threshold {threshold.name}", answer, run, _NOTHING)
        self.holding[threshold.name] = answers

    def settle(self, step: ReadyCharge) -> None:
        """A charge in its final amount: listed as due, not due, or a question."""
        charge = step.charge
        if charge.scope == "consignment":
            self.facts[charge.name] = self.settled(step, _NOTHING, 0, None)
            return
        for index, item in enumerate(self.items):
            item[charge.name] = self.settled(step, item, index, index + 1)

    def settled(self, step: ReadyCharge, item: Facts, index: int, line: int | None) -> Any:
        charge = step.charge
        due = step.when.run(self.facts, item) if step.when is not None else True
        if due is False:
            because = charge.otherwise or f"Its condition does not hold: {charge.condition}."
            self.relieve(charge, charge, because, line)
            return _ZERO
        untold: Missing | None = None
        for name in charge.relieved_by:
            holds = self.holding[name][index]
            if isinstance(holds, Missing):
                untold = holds if untold is None else untold
            elif holds:
                threshold = self.ready.thresholds[name]
                self.relieve(charge, threshold, threshold.because, line)
                self.weak(threshold)
                return _ZERO
        if untold is not None:
            self.ask(charge, f"Whether it is relieved cannot be told: {untold.because}.", line)
            return untold
        source = item if line is not None else self.facts
        amount = source[f"computed.{charge.name}"]
        if isinstance(amount, Missing):
            self.ask(charge, f"Its amount cannot be told: {amount.because}.", line)
            return amount
        rate = step.rate.run(self.facts, item) if step.rate is not None else None
        if isinstance(rate, Missing):  # the duty is no share of the value alone
            rate = None
        if amount == 0 and rate is None:
            return amount
        for entry in step.rests_on:
            self.weak(entry)
        base = step.base.run(self.facts, item) if step.base is not None else None
        self.charges.append(
            DutyTaxFee(
                kind=charge.kind,
                name=charge.name,
                title=charge.title,
                amount=amount,
                base=base,
                rate=rate,
                line=line,
                payer=charge.payer,
                collector=charge.collector,
                moment=charge.moment,
                citation=charge.citation,
            )
        )
        return amount

    def relieve(self, charge: Charge, by: Entry, because: str, line: int | None) -> None:
        self.not_due.append(
            NotDue(
                kind=charge.kind,
                name=charge.name,
                because=because,
                citation=by.citation,
                line=line,
            )
        )

    def remark(self, remarks: ReadyRemarks) -> None:
        """Cautions and questions of the law that fit this parcel."""
        of_parcel = remarks.of_parcel(self.facts, _NOTHING)
        of_items = [remarks.of_item(self.facts, item) for item in self.items]
        for remark, per_item, place in remarks.each:
            answers = [each[place] for each in of_items] if per_item else (of_parcel[place],)
            for index, answer in enumerate(answers):
                if isinstance(answer, Missing) and not remark.needs_human:
                    continue
                if isinstance(answer, Missing) or answer:
                    line = index + 1 if per_item else None
                    if remark.needs_human:
                        self.ask(remark, remark.because, line)
                    else:
                        self.cautions.append(
                            Caution(
                                about=remark.name, because=remark.because, citation=remark.citation
                            )
                        )
                        break

    def refunds(self, regime: Regime) -> tuple[RefundDue, ...]:
        """What would come back of the charges due, if the goods were sent back."""
        found = []
        for each in self.ready.refunds:
            refund = each.refund
            if refund.regimes and regime.name not in refund.regimes:
                continue
            if self.of_parcel(each.when) is False:
                continue
            paid = sum(
                (charge.amount for charge in self.charges if charge.name in refund.charges), _ZERO
            )
            less = self.of_parcel(each.less)
            untold = {asked.about for asked in self.needs_human} & set(refund.charges)
            found.append(
                RefundDue(
                    name=refund.name,
                    title=refund.title,
                    charges=refund.charges,
                    amount=None if untold else max(paid - (less or _ZERO), _ZERO),
                    less=less,
                    days=refund.days,
                    year_value=self.of_parcel(each.year_value),
                    because=refund.because,
                    citation=refund.citation,
                )
            )
        return tuple(found)

    def of_parcel(self, run: Ready | None) -> Any:
        """A value of the whole parcel; None when there is none or it cannot be told."""
        value = run.run(self.facts, _NOTHING) if run is not None else None
        return None if isinstance(value, Missing) else value

    def weak(self, entry: Entry) -> None:
        """Say so when an entry relied on rests on a weak source."""
        if entry.citation.confidence == "high" or id(entry.citation) in self.weak_sources:
            return
        self.weak_sources.add(id(entry.citation))
        self.cautions.append(
            Caution(
                about=entry.name,
                because=f"Rests on a source of {entry.citation.confidence} confidence.",
                citation=entry.citation,
            )
        )

    def ask(self, entry: Entry, because: str, line: int | None = None) -> None:
        self.needs_human.append(
            NeedsHuman(about=entry.name, because=because, citation=entry.citation, line=line)
        )

    def note(self, entry: Entry, name: str, value: Any, run: Ready, item: Facts) -> None:
        """One step of the trace, with the values it was reckoned from."""
        if not self.tracing:
            return
        of_parcel = self.said
        inputs = {each: of_parcel[each] for each in run.reads}
        if run.reads_of_item:
            of_item = self.said_of_items[item[INDEX]]
            for each in run.reads_of_item:
                inputs[each] = of_item[each]
        citation = entry.citation
        self.trace.append(
            Step(
                name=name,
                value=said(value),
                inputs=inputs,
                rule=citation.rule,
                source=citation.source,
                line=item[INDEX] + 1 if item else None,
            )
        )
