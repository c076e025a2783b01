"""How are whole files decided fast? Parcels alike in every word share the words; only amounts are put in.

Assessed in columns, two parcels under one law with the same regime and marks differ in amounts alone. The first
of each kind is walked by the reference evaluator; from its decision a form is made with gaps for the amounts,
and the others are written by filling the gaps from the columns. What columns cannot answer or put in words, and
whatever has findings, is walked. The tests hold this to the bytes of ``walk`` and ``decision_json``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pratique import checks, clearance
from pratique.assessment import Part, assess_parts
from pratique.model.arrow import decimals
from pratique.model.batch import PLACES, Ints, batch_of, days
from pratique.model.codelists import minor_unit
from pratique.model.declaration import Declaration
from pratique.model.money import amount_text
from pratique.model.outcomes import Decision, Finding
from pratique.office.desk import Desk, law_date, notice, walk
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


def _amounts(values: Ints, scale: int, places: int) -> list[bytes]:
    """``amount_text`` of a whole column of integers at a scale."""
    if scale < places:
        values, scale = values * 10 ** (places - scale), places
    text = decimals(values, scale).cast(pa.string())
    if scale > places:
        unit = 10 ** (scale - places)
        short = decimals(values // unit, places).cast(pa.string())
        text = pc.if_else(pa.array(values % unit == 0), short, pc.ascii_rtrim(text, "0"))
    shown: list[bytes] = text.cast(pa.binary()).to_pylist()
    return shown


def _rates(values: Ints, scale: int) -> list[bytes]:
    """``rate_text`` of a whole column; few rates are different."""
    different, which = np.unique(values, return_inverse=True)
    texts = [rate_text(Decimal(value).scaleb(-scale)).encode() for value in different.tolist()]
    return [texts[index] for index in which.tolist()]


def _only_told(noticed: list[Finding], declaration: Declaration) -> bool:
    """Whether all that was noticed is told and no more, in words that many declarations share.

    Conditions depend on the goods alone; a permit that is declared is told with its number.
    """
    return (
        all(each.family == "restriction" and each.severity == "note" for each in noticed)
        and not declaration.documents
        and not any(item.documents for item in declaration.consignment.items)
    )


class _Block:
    """Declarations as they come: in columns, what was noticed of each, and whether it is plain.

    A plain one is an import without danger of which only conditions are noticed, which change no decision.
    """

    def __init__(self, numbered: Iterable[tuple[int, Declaration]], alike: Alike) -> None:
        self.rows: list[int] = []
        self.declarations: list[Declaration] = []
        self.noticed: list[list[Finding]] = []
        self.plain: list[bool] = []
        for row, declaration in numbered:
            noticed = alike.notice(declaration)
            self.rows.append(row)
            self.declarations.append(declaration)
            self.noticed.append(noticed)
            self.plain.append(
                (not noticed or _only_told(noticed, declaration))
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

    def notice(self, declaration: Declaration) -> list[Finding]:
        """What checks and screening find; without ``checking`` what screening finds by HS codes alone."""
        on = self.on or law_date(declaration, self.now)
        if self.checking:
            return notice(declaration, self.desk, now=self.now, on=on)
        return self.desk.screening.findings(declaration, on, words=False)

    def decision(self, declaration: Declaration, noticed: list[Finding]) -> Decision:
        """A declaration decided by the reference evaluator."""
        on = self.on or law_date(declaration, self.now)
        if self.checking:
            return walk(declaration, self.desk, now=self.now, on=on, trace=False, noticed=noticed)
        assessed, _ = self.desk.assess(declaration, on, trace=False)
        return clearance.decide(declaration, tuple(noticed), assessed, now=self.now)

    def in_columns(self, block: _Block) -> Iterable[tuple[int, Answer]]:
        """Decisions of those that columns can answer, with their index."""
        batch = block.batch
        order, parts = assess_parts(
            batch,
            self.desk.law_in_force,
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
        complete = {name: checks.complete(law.requirements, name) for name in names}
        marks, item_marks = part.marks, part.item_marks
        bounds = [*part.starts.tolist(), part.items]
        regimes, unfit = part.regime.tolist(), (part.escalated | part.worded).tolist()
        forms = self.forms.setdefault((law.digest, part.on), {})
        filling = _Filling(part)
        for row, index in enumerate(places):
            if unfit[row] or not block.plain[index]:
                continue
            declaration, regime = block.declarations[index], names[regimes[row]]
            if self.checking and not complete[regime](declaration):
                continue
            first = bounds[row]
            transport = declaration.consignment.transport
            arrives = transport.arrives_at if transport else None
            key = (
                regime,
                arrives is not None and arrives <= now,
                marks[row].tobytes(),
                item_marks[first : bounds[row + 1]].tobytes(),
                tuple(block.noticed[index]),
            )
            form = forms.get(key)
            if form is None:
                form = self.learn(forms, key, declaration, block.noticed[index])
            filled = [texts[row if line < 0 else first + line] for texts, line in filling[form]]
            name = _encode(declaration.id)
            yield index, (form.text % (block.rows[index], name, *filled), form.code)

    def learn(
        self,
        forms: dict[tuple[Any, ...], _Form],
        key: tuple[Any, ...],
        declaration: Declaration,
        noticed: list[Finding],
    ) -> _Form:
        """The form of all declarations like this one."""
        decision = self.decision(declaration, noticed)
        if len(forms) > _MOST_FORMS:
            forms.clear()
        form = forms[key] = _form(declaration, decision, self.now)
        return form


class _Filling(dict[_Form, list[tuple[list[bytes], int]]]):
    """What fills the gaps of each form within one part: for each gap the texts of a column, and the line."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.texts = _texts(part)

    def __missing__(self, form: _Form) -> list[tuple[list[bytes], int]]:
        made = self[form] = [(self.texts[name], line) for name, line in form.gaps]
        return made


def _texts(part: Part) -> dict[str, list[bytes]]:
    """Everything that can stand in a gap, by name; columns of one scale are made text together."""
    places = minor_unit(part.law.currency)
    sums = part.totals()
    sums["total"] = sums["sale"] + sums["border"]
    by_scale = {PLACES: {f"sum {name}": values for name, values in sums.items()}}
    found: dict[str, list[bytes]] = {}
    for column in part.charges:
        name = column.charge.name
        by_scale.setdefault(column.scale, {})[f"amount {name}"] = column.amounts
        if column.base is not None:
            by_scale.setdefault(column.base[1], {})[f"base {name}"] = column.base[0]
        if column.rate is not None:
            found[f"rate {name}"] = _rates(*column.rate)
    for scale, columns in by_scale.items():
        texts, at = _amounts(np.concatenate([*columns.values()]), scale, places), 0
        for name, values in columns.items():
            found[name] = texts[at : at + len(values)]
            at += len(values)
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
    text = decision_json(clearance.decide(nobody, decision.findings, emptied, now=now), _GAP_ROW)
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
