"""How do the three documents stand to the declaration? Every comparison made, and one code for it all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from pratique.errors import LawError
from pratique.matching.compare import compare
from pratique.matching.outcome import Compared, Document, DocumentResult, MatchResult, ResultCode
from pratique.matching.rules import Comparison, Deadline, Rules, shipped_rules
from pratique.matching.values import VALUES, Case, other_parcels
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding, Severity
from pratique.model.records import LogisticsRecord, OrderRecord, PaymentRecord, Records

_DOCUMENTS: Final[tuple[Document, ...]] = ("order", "payment", "logistics")
_Record = OrderRecord | PaymentRecord | LogisticsRecord


def match(
    declaration: Declaration,
    records: Records,
    *,
    now: datetime,
    on: date | None = None,
    rules: Rules | None = None,
) -> MatchResult:
    """The match of one declaration with what was received about its sale, as of ``now``.

    ``on`` is the day whose rules count (default: that of ``now``). Records may come in any order, several of each
    kind; the answer is the same whatever their order. Raises ``LawError`` when no rule is in force on that day.
    """
    day = on or now.date()
    held = (rules or shipped_rules()).on(day)
    if not held.comparisons or not held.results:
        raise LawError(f"No rules of the three documents are in force on {day}: add an entry.")
    case = Case(declaration, records)
    part = other_parcels(case)
    compared: list[Compared] = []
    findings: list[Finding] = []
    for rule in held.comparisons:
        if not _given(records, rule):
            continue
        left, right = VALUES[rule.left], VALUES[rule.right]
        outcome, because = compare(
            rule,
            left.find(case),
            right.find(case),
            part=part,
            personal=left.personal or right.personal,
        )
        compared.append(
            Compared(
                rule=rule.id,
                document=rule.document,
                outcome=outcome,
                because=because,
                source=rule.source,
            )
        )
        if outcome == "differ":
            pointer = left.pointer if left.pointer.startswith("/") else right.pointer
            findings.append(_finding(rule, rule.severity, pointer, because))
    documents = []
    for document in _DOCUMENTS:
        result, found = _document(document, case, compared, held, now)
        documents.append(result)
        findings.extend(found)
    code = max((each.code for each in documents), key=lambda each: held.results[each].rank)
    return MatchResult(
        declaration=declaration.id,
        code=code,
        words=held.results[code].words,
        at=now,
        documents=tuple(documents),
        compared=tuple(compared),
        findings=tuple(findings),
        rules=held.digest,
    )


def _given(records: Records, rule: Comparison) -> bool:
    """Whether records of every document a comparison speaks of have come."""
    spoken_of = {each.partition(".")[0] for each in (rule.left, rule.right)} & set(_DOCUMENTS)
    return all(_records(records, document) for document in spoken_of)


def _records(records: Records, document: str) -> Sequence[_Record]:
    if document == "order":
        return records.orders
    return records.payments if document == "payment" else records.logistics


def _document(
    document: Document, case: Case, compared: list[Compared], rules: Rules, now: datetime
) -> tuple[DocumentResult, list[Finding]]:
    """How one document fares, and what its absence or lateness gives rise to."""
    deadline = next((each for each in rules.deadlines if each.document == document), None)
    lodged = case.declaration.lodged_at
    due = lodged + timedelta(hours=deadline.hours) if deadline and lodged else None
    found = _records(case.records, document)
    if not found:
        waiting = due is not None and now <= due
        findings = [_about(deadline, deadline.severity, due)] if deadline and not waiting else []
        code: ResultCode = "AWAITED" if waiting else "MISSING"
        return DocumentResult(document=document, code=code, records=0, due=due), findings
    outcomes = {each.outcome for each in compared if each.document == document}
    late = due is not None and any(each.received_at and each.received_at > due for each in found)
    if "differ" in outcomes:
        code = "CONTRADICTED"
    elif late:
        code = "LATE"
    elif "unknown" in outcomes or not outcomes:
        code = "PARTIAL"
    elif "part" in outcomes:
        code = "PART"
    else:
        code = "WITHIN" if "within" in outcomes else "MATCHED"
    result = DocumentResult(document=document, code=code, records=len(found), due=due)
    return result, [_about(deadline, deadline.late, due)] if deadline and late else []


def _about(deadline: Deadline, severity: Severity, due: datetime | None) -> Finding:
    """A finding on a record that is missing or late."""
    when = f"It was due by {due.isoformat()}." if due is not None else "No lodgement is stated."
    return _finding(deadline, severity, f"/{deadline.document}", when)


def _finding(
    rule: Comparison | Deadline, severity: Severity, pointer: str, because: str
) -> Finding:
    return Finding(
        rule=rule.id,
        family="consistency" if isinstance(rule, Comparison) else "completeness",
        severity=severity,
        pointer=pointer,
        message=f"{rule.sentence} {because}",
        hint=rule.hint,
        source=rule.source,
        url=rule.url,
    )
