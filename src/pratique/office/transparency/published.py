"""Does our law give what the administration itself reckoned? Every published worked example, asked as a quote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any, Final

import msgspec

from pratique.errors import PratiqueError
from pratique.jurisdictions import Library
from pratique.jurisdictions.cases import SUFFIX, Case, cases_in, line_of
from pratique.model.batch import MODES
from pratique.model.evidence import Prior
from pratique.model.outcomes import Assessment
from pratique.office.desk import Desk
from pratique.office.quote import QuoteLine, QuoteRequest, quote

_CODES: Final = {word: code for code, word in MODES.items()}


class CaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One published example: whether it came out as published, and if not what came instead, in words."""

    code: str
    file: str
    title: str
    on: date
    source: str
    differs: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether everything the example names came out so."""
        return not self.differs


def run_cases(
    library: Library, folders: Iterable[Traversable], codes: frozenset[str] | None = None
) -> Iterator[CaseResult]:
    """Every example in these folders (of the places named, if any) against the law of the library."""
    for folder in folders:
        for code, cases in cases_in(folder):
            if codes is None or code in codes:
                for case in cases:
                    yield run_case(library, code, case)


def run_case(library: Library, code: str, case: Case) -> CaseResult:
    """One example against the law of the library."""
    try:
        answer = quote(request_of(code, case), Desk(library, known_on=case.as_known_on))
        differs = tuple(_differences(case, answer))
    except PratiqueError as error:
        differs = (str(error),)
    return CaseResult(
        code=code,
        file=f"{code}{SUFFIX}",
        title=case.title,
        on=case.on,
        source=case.source,
        differs=differs,
    )


def request_of(code: str, case: Case) -> QuoteRequest:
    """The example as a quote is asked for."""
    return QuoteRequest(
        destination=code.upper(),
        dispatch_country=case.from_,
        on=case.on,
        currency=case.currency,
        lines=tuple(_line(text, case.title) for text in case.lines),
        freight=Decimal(case.freight),
        insurance=Decimal(case.insurance),
        channel=case.channel,
        flow=case.flow,
        scheme_number=case.scheme_number,
        dataset=case.dataset,
        mode=_CODES.get(case.mode, ""),
        subdivision=case.subdivision,
        postcode=case.postcode,
        sold_on=case.sold_on,
        rates={currency: Decimal(rate) for currency, rate in case.fx.items()},
        fees={name: Decimal(amount) for name, amount in case.fee.items()},
        prior=Prior(**{name: Decimal(amount) for name, amount in case.prior.items()}),
    )


def _line(text: str, where: str) -> QuoteLine:
    given = line_of(text, where)
    numbers: dict[str, Any] = {
        key: Decimal(given[key]) for key in ("weight_kg", "unit_value") if key in given
    }
    return QuoteLine(
        value=Decimal(given["value"]),
        hs=given.get("hs"),
        quantity=Decimal(given.get("qty", "1")),
        origin=given.get("origin"),
        what=given.get("what", ""),
        duty=_rate(given.get("duty")),
        other_duty=_rate(given.get("other_duty")),
        preference=given.get("preference", ""),
        **numbers,
    )


def _rate(percent: str | None) -> Decimal | None:
    return Decimal(percent.removesuffix("%")).scaleb(-2) if percent else None


def _differences(case: Case, answer: Assessment) -> Iterator[str]:
    wanted = case.expect
    given = {
        "duty": answer.total("duty"),
        "tax": answer.total("tax"),
        "fees": answer.total("fee"),
        "at_sale": answer.total(moment="sale"),
        "at_border": answer.total(moment="border"),
        "total": answer.total(),
    }
    for name, amount in wanted.amounts().items():
        if given[name] != amount:
            yield f"{name} {given[name]} {answer.currency}, published {amount}"
    if wanted.regime is not None and answer.regime != wanted.regime:
        yield f"regime {answer.regime}, published {wanted.regime}"
    if wanted.needs_human is not None and bool(answer.needs_human) != wanted.needs_human:
        asked = "; ".join(each.because for each in answer.needs_human)
        yield f"asks a person: {asked}" if asked else "asks no person, published as asking one"
