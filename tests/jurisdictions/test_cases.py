"""Every published example beside the law files comes out as published."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pratique.errors import LawError
from pratique.jurisdictions import Library
from pratique.jurisdictions.cases import Case, cases_in, line_of, read_cases
from pratique.model.batch import MODES
from pratique.model.evidence import Prior
from pratique.office.desk import Desk
from pratique.office.quote import QuoteLine, QuoteRequest, quote

DESK = Desk()
PUBLISHED = [
    (code, case)
    for folder in Library.shipped_folders()
    for code, cases in cases_in(folder)
    for case in cases
]


def request_of(code: str, case: Case) -> QuoteRequest:
    return QuoteRequest(
        destination=code.upper(),
        dispatch_country=case.from_,
        on=case.on,
        currency=case.currency,
        lines=tuple(_line(text) for text in case.lines),
        freight=Decimal(case.freight),
        insurance=Decimal(case.insurance),
        channel=case.channel,
        flow=case.flow,
        scheme_number=case.scheme_number,
        dataset=case.dataset,
        mode=next((code for code, word in MODES.items() if word == case.mode), ""),
        subdivision=case.subdivision,
        sold_on=case.sold_on,
        prior=Prior(**{name: Decimal(amount) for name, amount in case.prior.items()}),
        rates={currency: Decimal(rate) for currency, rate in case.fx.items()},
        fees={name: Decimal(amount) for name, amount in case.fee.items()},
    )


def _line(text: str) -> QuoteLine:
    given = line_of(text, "case")
    duty = given.get("duty")
    return QuoteLine(
        value=Decimal(given["value"]),
        hs=given.get("hs"),
        quantity=Decimal(given.get("qty", "1")),
        origin=given.get("origin"),
        what=given.get("what", ""),
        duty=Decimal(duty.removesuffix("%")).scaleb(-2) if duty else None,
        weight_kg=Decimal(given["weight_kg"]) if "weight_kg" in given else None,
        unit_value=Decimal(given["unit_value"]) if "unit_value" in given else None,
        preference=given.get("preference", ""),
    )


@pytest.mark.parametrize(("code", "case"), PUBLISHED, ids=[f"{c}: {k.title}" for c, k in PUBLISHED])
def test_published_example_comes_out_as_published(code: str, case: Case) -> None:
    desk = DESK if case.as_known_on is None else Desk(known_on=case.as_known_on)
    answer = quote(request_of(code, case), desk)
    given = {
        "duty": answer.total("duty"),
        "tax": answer.total("tax"),
        "fees": answer.total("fee"),
        "at_sale": answer.total(moment="sale"),
        "at_border": answer.total(moment="border"),
        "total": answer.total(),
    }
    asked = [f"{each.about}: {each.because}" for each in answer.needs_human]
    wanted = case.expect.amounts()
    assert {name: given[name] for name in wanted} == wanted, asked
    if case.expect.regime is not None:
        assert answer.regime == case.expect.regime
    if case.expect.needs_human is not None:
        assert bool(asked) == case.expect.needs_human, asked


def test_there_are_published_examples_to_run() -> None:
    assert {"aa", "qn", "zz"} <= {code for code, _ in PUBLISHED}
    assert len(PUBLISHED) >= 30


GOOD = """
[[case]]
title = "Shoes"
source = "Somebody, page 3"
on = 2024-01-01
currency = "XTS"
lines = ["hs=640399,value=10.00"]
expect = { total = "1.00" }
"""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('source = "Somebody, page 3"', 'source = " "'), "no source"),
        (("value=10.00", "price=10.00"), "is not key=value"),
        (("hs=640399,value=10.00", "hs=640399"), "has no value="),
        (('"1.00"', '"one"'), "is not a number"),
        (("total", "sum"), "unknown field"),
        (('lines = ["hs=640399,value=10.00"]', "lines = []"), "no lines of goods"),
        (("2024-01-01", '"soon"'), "invalid"),
        (("[[case]]", "[[case"), "Expected"),
    ],
)
def test_a_case_file_that_cannot_be_trusted_is_refused(change: tuple[str, str], says: str) -> None:
    assert len(read_cases(GOOD.encode(), "xx.cases.toml")) == 1
    with pytest.raises(LawError, match=r"xx\.cases\.toml") as refused:
        read_cases(GOOD.replace(*change).encode(), "xx.cases.toml")
    assert says.lower() in str(refused.value).lower()
