"""How are whole files decided fast? Parcels alike in every word share the words; only amounts are put in.

Assessed in columns, two parcels under one law with the same regime and marks differ in amounts alone. The first
of each kind is walked by the reference evaluator; from its decision a form is made with gaps for the amounts,
and the others are written by filling the gaps from the columns. What columns cannot answer or put in words, and
whatever has findings, is walked. The tests hold this to the bytes of ``walk`` and ``decision_json``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
import numpy as np

from pratique import checks, clearance
from pratique.assessment import Part, assess_parts
from pratique.model.batch import PLACES, batch_of, days
from pratique.model.codelists import minor_unit
from pratique.model.declaration import Declaration
from pratique.model.money import amount_text, scaled_text
from pratique.model.outcomes import Decision, Finding
from pratique.office.desk import Desk, law_date, walk
from pratique.office.render import decision_json, rate_text, totals

_GAP: Final = 7_700_000_000_000
"""Amounts beyond any that is declared: what stands at a gap while a form is made."""
_GAPS: Final = re.compile(rb"(77000\d{8}(?:\.0+)?)")
_GAP_ROW: Final = 770_000_000
_GAP_ID: Final = "the declaration's own"
_MOST_FORMS: Final = 2_000
"""Forms remembered for one law."""
_encode: Final = msgspec.json.Encoder().encode

Answer = tuple[bytes, str]
"""A decision as a line of JSON, and its code."""


class _Form(msgspec.Struct, frozen=True, eq=False):
    """A decision with gaps: %-places for row, id and texts in the order of ``gaps``."""

    text: bytes
    gaps: tuple[tuple[str, int], ...]
    code: str


class _Texts(dict[int, bytes]):
    """Integers at a scale as the text they are shown with, each made once."""

    def __init__(self, show: Callable[[int], str]) -> None:
        super().__init__()
        self.show = show

    def __missing__(self, value: int) -> bytes:
        if len(self) > 100_000:
            self.clear()
        made = self[value] = self.show(value).encode()
        return made


@functools.lru_cache(maxsize=256)
def _amounts(scale: int, places: int) -> _Texts:
    return _Texts(lambda value: scaled_text(value, scale, places))


@functools.lru_cache(maxsize=64)
def _rates(scale: int) -> _Texts:
    return _Texts(lambda value: rate_text(Decimal(value).scaleb(-scale)))


class _Block:
    """Declarations as they come: in columns, what was noticed of each, and whether it is plain.

    A plain one is an import without findings or danger.
    """

    def __init__(self, numbered: Iterable[tuple[int, Declaration]], alike: Alike) -> None:
        self.rows: list[int] = []
        self.declarations: list[Declaration] = []
        self.noticed: list[list[Finding]] = []
        self.plain: list[bool] = []
        for row, declaration in numbered:
            noticed = checks.general(declaration, alike.now) if alike.checking else []
            self.rows.append(row)
            self.declarations.append(declaration)
            self.noticed.append(noticed)
            self.plain.append(
                not noticed
                and declaration.direction == "import"
                and not any(item.dangerous_goods for item in declaration.consignment.items)
            )
        self.batch = batch_of(self.declarations)
        if alike.on is None:
            each = [days(law_date(declaration, alike.now)) for declaration in self.declarations]
            self.batch = msgspec.structs.replace(self.batch, on=np.array(each, dtype=np.int32))


class Alike:
    """Decides declarations by the block, and remembers the forms it made.

    Without ``checking`` the declarations are not checked, only assessed and decided: rows of Parquet hold no more
    than that needs.
    """

    def __init__(
        self, desk: Desk, now: datetime, on: date | None, *, checking: bool = True
    ) -> None:
        self.desk = desk
        self.now = now
        self.on = on
        self.checking = checking
        self.forms: dict[tuple[str, date], dict[tuple[Any, ...], _Form]] = {}

    def decide(self, numbered: Iterable[tuple[int, Declaration]]) -> list[Answer]:
        """The decision of each declaration, with the number of its row in it, in their order."""
        block = _Block(numbered, self)
        answers: list[Answer | None] = [None] * len(block.rows)
        for index, answer in self.in_columns(block):
            answers[index] = answer
        return [answer or self.walked(block, index) for index, answer in enumerate(answers)]

    def walked(self, block: _Block, index: int) -> Answer:
        """The decision of a declaration on its own."""
        decision = self.decision(block.declarations[index], block.noticed[index])
        return decision_json(decision, block.rows[index]), decision.code

    def decision(self, declaration: Declaration, noticed: list[Finding]) -> Decision:
        """A declaration decided by the reference evaluator."""
        on = self.on or law_date(declaration, self.now)
        if self.checking:
            return walk(declaration, self.desk, now=self.now, on=on, trace=False, noticed=noticed)
        assessed, _ = self.desk.assess(declaration, on, trace=False)
        return clearance.decide(declaration, (), assessed, now=self.now)

    def in_columns(self, block: _Block) -> Iterable[tuple[int, Answer]]:
        """Decisions of those that columns can answer, with their index."""
        batch = block.batch
        order, parts = assess_parts(
            batch,
            self.desk.library.law_in_force,
            on=self.on or self.now.date(),
            evidence=self.desk.evidence,
            marked=True,
        )
        places = range(batch.size) if order is None else order.tolist()
        for part in parts:
            yield from self.of_part(part, places[part.start : part.stop], block)

    def of_part(self, part: Part, places: Any, block: _Block) -> Iterable[tuple[int, Answer]]:
        """Decisions of the declarations of one law."""
        if part.marks is None or part.item_marks is None or part.worded is None:
            return
        law, now = part.law, self.now
        names = [regime.name for regime in law.regimes]
        marks, item_marks = part.marks, part.item_marks
        bounds = [*part.starts.tolist(), part.items]
        regimes, unfit = part.regime.tolist(), (part.escalated | part.worded).tolist()
        forms = self.forms.setdefault((law.digest, part.on), {})
        filling = _Filling(part)
        for row, index in enumerate(places):
            if unfit[row] or not block.plain[index]:
                continue
            declaration, regime = block.declarations[index], names[regimes[row]]
            if self.checking and not checks.complete(law.requirements, regime)(declaration):
                continue
            first = bounds[row]
            transport = declaration.consignment.transport
            arrives = transport.arrives_at if transport else None
            key = (
                regime,
                arrives is not None and arrives <= now,
                marks[row].tobytes(),
                item_marks[first : bounds[row + 1]].tobytes(),
            )
            form = forms.get(key)
            if form is None:
                form = self.learn(forms, key, declaration)
            filled = [
                texts[values[row if line < 0 else first + line]]
                for values, texts, line in filling[form]
            ]
            name = _encode(declaration.id)
            yield index, (form.text % (block.rows[index], name, *filled), form.code)

    def learn(
        self, forms: dict[tuple[Any, ...], _Form], key: tuple[Any, ...], declaration: Declaration
    ) -> _Form:
        """The form of all declarations like this one."""
        decision = self.decision(declaration, [])
        if len(forms) > _MOST_FORMS:
            forms.clear()
        form = forms[key] = _form(declaration, decision, self.now)
        return form


class _Filling(dict[_Form, list[tuple[list[int], _Texts, int]]]):
    """What fills the gaps of each form within one part: values, the texts they are shown with, and the line."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.columns = _columns(part)

    def __missing__(self, form: _Form) -> list[tuple[list[int], _Texts, int]]:
        made = self[form] = [(*self.columns[name], line) for name, line in form.gaps]
        return made


def _columns(part: Part) -> dict[str, tuple[list[int], _Texts]]:
    """Everything that can stand in a gap, by name: values and the texts they are shown with."""
    places = minor_unit(part.law.currency)
    found: dict[str, tuple[list[int], _Texts]] = {}
    for column in part.charges:
        name = column.charge.name
        found[f"amount {name}"] = column.amounts.tolist(), _amounts(column.scale, places)
        if column.base is not None:
            values, scale = column.base
            found[f"base {name}"] = values.tolist(), _amounts(scale, places)
        if column.rate is not None:
            values, scale = column.rate
            found[f"rate {name}"] = values.tolist(), _rates(scale)
    sums = part.totals()
    sums["total"] = sums["sale"] + sums["border"]
    for name, values in sums.items():
        found[f"sum {name}"] = values.tolist(), _amounts(PLACES, places)
    return found


_SUMS: Final = ("duty", "tax", "fee", "sale", "border", "total")


def _form(declaration: Declaration, decision: Decision, now: Any) -> _Form:
    """A decision with its amounts taken out."""
    assessed = decision.assessment
    assert assessed is not None
    gaps: dict[str, tuple[str, int]] = {}
    places = minor_unit(assessed.currency)

    def gap(name: str, line: int | None) -> Decimal:
        value = Decimal(_GAP + len(gaps))
        text = rate_text(value) if name.startswith("rate") else amount_text(value, places)
        gaps[text] = (name, -1 if line is None else line - 1)
        return value

    charges = tuple(
        msgspec.structs.replace(
            each,
            amount=gap(f"amount {each.name}", each.line) if each.amount else each.amount,
            base=None if each.base is None else gap(f"base {each.name}", each.line),
            rate=None if each.rate is None else gap(f"rate {each.name}", each.line),
        )
        for each in assessed.charges
    )
    emptied = msgspec.structs.replace(assessed, charges=charges)
    nobody = msgspec.structs.replace(declaration, id=_GAP_ID)
    text = decision_json(clearance.decide(nobody, (), emptied, now=now), _GAP_ROW)
    summed = totals(emptied)
    shown = msgspec.json.encode(summed)
    assert text.count(shown) == 1
    empty = {
        key: amount_text(gap(f"sum {name}", None), places)
        for key, name in zip(summed, _SUMS, strict=True)
    }
    text = text.replace(shown, msgspec.json.encode(empty))
    pieces = _GAPS.split(text.replace(b"%", b"%%"))
    ordered = tuple(gaps[found.decode()] for found in pieces[1::2])
    text = b"%b".join(pieces[::2]).replace(str(_GAP_ROW).encode(), b"%d", 1)
    return _Form(text.replace(msgspec.json.encode(_GAP_ID), b"%b", 1), ordered, decision.code)
