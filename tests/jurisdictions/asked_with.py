"""Ask for a quote with what cases do not hold: earlier parcels, the mode of transport, the day of knowledge."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from pratique.jurisdictions.cases import Case, Expectation
from pratique.model.evidence import NO_PRIOR, Prior
from pratique.model.outcomes import Assessment
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.test_cases import request_of


def ask_with(
    code: str,
    on: str,
    line: str,
    *,
    prior: dict[str, str] | None = None,
    mode: str = "",
    known_on: str | None = None,
    **more: Any,
) -> Assessment:
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
    before = (
        Prior(**{name: Decimal(amount) for name, amount in prior.items()}) if prior else NO_PRIOR
    )
    request = msgspec.structs.replace(request_of(code, case), prior=before, mode=mode)
    return quote(request, Desk(known_on=date.fromisoformat(known_on) if known_on else None))
