"""What does customs answer? UN/EDIFACT CUSRES, D.24A, from a decision, and back into plain words.

The decision's code and state travel as coded free text of a list of our own (``PRATIQUE``, mutually defined), reasons and
findings in words with their rule, charges with base, rate and amount. Written for a partner's system; what it does not
carry (the assessment's trace, hints, addresses of sources) is in the decision's own form.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, cast, get_args

import msgspec

from pratique.errors import MessageError
from pratique.messages.edifact.directory import Group, tree_of
from pratique.messages.edifact.syntax import (
    Element,
    Segment,
    interchange_of,
    write_interchange,
)
from pratique.messages.strict import refuse
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Decision, DecisionCode

_RESPONSE: Final = "962"
"""Document response by customs (1001)."""
_OURS: Final = ("PRATIQUE", "ZZZ")
"""Code list and agency (1131, 3055): mutually defined."""
_REJECTED: Final = ("INVALID", "DENIED", "SEIZED", "DNL")
_TEXT: Final = 512


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One reason or finding: words, the rule, its source, and the element it points to."""

    text: str
    rule: str
    source: str = ""
    pointer: str = ""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One charge: its kind, title, amount, and base and rate where it has them."""

    kind: str
    title: str
    amount: Decimal
    currency: str
    base: Decimal | None = None
    rate: Decimal | None = None


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """An answer of customs, as CUSRES carries it."""

    declaration: str
    version: int
    code: DecisionCode
    state: str
    decided_at: datetime
    mrn: str = ""
    reasons: tuple[Told, ...] = ()
    findings: tuple[Told, ...] = ()
    due: tuple[Due, ...] = ()


def response_of(decision: Decision, declaration: Declaration | None = None) -> Response:
    """What of a decision CUSRES carries; texts of more than 512 characters are cut."""
    assessment = decision.assessment
    charges = assessment.charges if assessment is not None else ()
    currency = assessment.currency if assessment is not None else ""
    return Response(
        declaration=decision.declaration,
        version=decision.version,
        code=decision.code,
        state=decision.state,
        decided_at=decision.decided_at.replace(microsecond=0),
        mrn=declaration.mrn if declaration is not None else "",
        reasons=tuple(
            _told(each.text, each.rule, each.source, each.pointer) for each in decision.reasons
        ),
        findings=tuple(
            _told(each.message, each.rule, each.source, each.pointer) for each in decision.findings
        ),
        due=tuple(
            Due(
                kind=each.kind,
                title=_line(each.title, 35),
                amount=each.amount,
                currency=currency,
                base=each.base,
                rate=each.rate,
            )
            for each in charges
        ),
    )


def write(
    responses: tuple[Response, ...], *, sender: str, recipient: str, reference: str, at: datetime
) -> bytes:
    """Answers as an interchange, one CUSRES each. Raises ``MessageError`` when an element is too long for it."""
    written = write_interchange(
        tuple(("CUSRES", tuple(_body(each))) for each in responses),
        sender=sender,
        recipient=recipient,
        reference=reference,
        at=at,
    )
    read(written)
    return written


def read(data: bytes) -> tuple[Response, ...]:
    """The answers in an interchange. Raises ``MessageError``."""
    return tuple(_response(tree_of(each, "CUSRES")) for each in interchange_of(data).messages)


def _body(response: Response) -> Iterator[Segment]:
    accepted = "RE" if response.code in _REJECTED else "AP"
    yield _segment("BGM", _RESPONSE, (response.declaration, str(response.version)), "", accepted)
    moment = response.decided_at.astimezone(UTC).strftime("%Y%m%d%H%M%SUTC")
    yield _segment("DTM", ("137", moment, "304"))
    yield _segment("FTX", "CUS", "", (response.code, *_OURS), (response.state,))
    for each in response.reasons:
        yield _free_text("ACD", each)
    yield _segment("RFF", ("ABE", response.declaration))
    if response.mrn:
        yield _segment("RFF", ("ABT", response.mrn))
    for each in response.findings:
        yield _segment("ERP", "2")
        yield _segment("ERC", (each.rule, *_OURS))
        yield _free_text("AAO", each)
    for charge in response.due:
        base = str(charge.base) if charge.base is not None else ""
        rate = str(charge.rate) if charge.rate is not None else ""
        kind = ("CUD" if charge.kind == "duty" else "", "", "", charge.title)
        yield _segment("TAX", _FUNCTIONS[charge.kind], kind, "", base, ("", "", "", rate))
        yield _segment("MOA", ("161", str(charge.amount), charge.currency))


_FUNCTIONS: Final = {"duty": "5", "tax": "7", "fee": "6"}
"""Duty or tax or fee function (5283): customs duty, tax, fee."""


def _free_text(subject: str, told: Told) -> Segment:
    return _segment("FTX", subject, "", "", (told.text, told.rule, told.source, told.pointer))


def _response(top: Group) -> Response:
    head, moment = top.first("BGM"), top.first("DTM")
    state = next((each for each in top.every("FTX") if each.get(0) == "CUS"), None)
    references = {
        rff.get(0): rff.get(0, 1)
        for group in top.all_of("SG3")
        if (rff := group.first("RFF")) is not None
    }
    if (
        head is None
        or moment is None
        or state is None
        or (state.get(2, 1), state.get(2, 2)) != _OURS
    ):
        raise refuse(
            "lacking",
            "The answer has no decision in the list PRATIQUE.",
            hint="See docs/guides/edifact.md.",
        )
    code = state.get(2)
    if code not in get_args(DecisionCode):
        raise refuse(
            "decision",
            f"{code[:17]!r} is no decision code.",
            f"segment {state.number}",
            "See the crosswalk.",
        )
    return Response(
        declaration=references.get("ABE", head.get(1)),
        version=_version(head),
        code=cast(DecisionCode, code),
        state=state.get(3),
        decided_at=_moment(moment),
        mrn=references.get("ABT", ""),
        reasons=tuple(_read(each) for each in top.every("FTX") if each.get(0) == "ACD"),
        findings=tuple(_read(each) for group in top.all_of("SG4") for each in group.every("FTX")),
        due=tuple(_due(group) for group in top.all_of("SG5")),
    )


def _read(segment: Segment) -> Told:
    return Told(
        text=segment.get(3),
        rule=segment.get(3, 1),
        source=segment.get(3, 2),
        pointer=segment.get(3, 3),
    )


def _due(group: Group) -> Due:
    tax, amount = group.first("TAX"), group.first("MOA")
    kind = {code: name for name, code in _FUNCTIONS.items()}.get(tax.get(0) if tax else "")
    if tax is None or amount is None or kind is None:
        raise refuse(
            "charge",
            "A charge has no amount, or is of no known kind.",
            hint="See docs/guides/edifact.md.",
        )
    return Due(
        kind=kind,
        title=tax.get(1, 3),
        amount=_decimal(amount, amount.get(0, 1)),
        currency=amount.get(0, 2),
        base=_decimal(tax, tax.get(3)) if tax.get(3) else None,
        rate=_decimal(tax, tax.get(4, 3)) if tax.get(4, 3) else None,
    )


def _decimal(segment: Segment, text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or "e" in text.lower():
        raise _unread(segment, f"{text[:20]!r} is no plain amount.")
    return found


def _version(head: Segment) -> int:
    text = head.get(1, 1)
    if not (text.isascii() and text.isdigit()):
        raise _unread(head, "The version of the declaration is no number.")
    return int(text)


def _moment(segment: Segment) -> datetime:
    try:
        found = datetime.strptime(segment.get(0, 1), "%Y%m%d%H%M%SUTC").replace(tzinfo=UTC)
    except ValueError as error:
        raise _unread(segment, "The moment is not of the form 304 in UTC.") from error
    return found


def _unread(segment: Segment, message: str) -> MessageError:
    return refuse("invalid", message, f"segment {segment.number}", "See docs/guides/edifact.md.")


def _told(text: str, rule: str, source: str, pointer: str) -> Told:
    return Told(
        text=_line(text, _TEXT),
        rule=_line(rule, _TEXT),
        source=_line(source, _TEXT),
        pointer=_line(pointer, _TEXT),
    )


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most].rstrip()


def _segment(tag: str, *elements: str | Element) -> Segment:
    return Segment(tag, tuple((each,) if isinstance(each, str) else each for each in elements))
