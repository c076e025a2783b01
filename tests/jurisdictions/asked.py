"""Ask for a quote in one line: what is owed, at sale and at the border, and whether a person must decide."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.outcomes import Assessment
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.test_cases import request_of

DESK = Desk()


def ask(code: str, on: str, line: str, **more: Any) -> Assessment:
    """The quote for one or several lines (split by ``;``) on that day."""
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency=more.pop("currency"),
        lines=tuple(line.split(";")),
        expect=Expectation(),
        **more,
    )
    return quote(request_of(code, case), DESK)


def sums(answer: Assessment) -> tuple[str, bool]:
    """(duty, tax, fees, due at sale and due at the border in one line; whether a person must decide)."""
    amounts = (
        answer.total("duty"),
        answer.total("tax"),
        answer.total("fee"),
        answer.total(moment="sale"),
        answer.total(moment="border"),
    )
    return " ".join(f"{amount:.2f}" for amount in amounts), bool(answer.needs_human)


def owed(answer: Assessment) -> tuple[str | None, Decimal, Decimal, bool]:
    """(regime, due at sale, due at the border, whether a person must decide)."""
    return (
        answer.regime,
        answer.total(moment="sale"),
        answer.total(moment="border"),
        bool(answer.needs_human),
    )
