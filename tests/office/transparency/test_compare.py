"""Two laws side by side: every topic is derived from the entries, with the rules it comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, shipped
from pratique.office.transparency.compare import TOPICS, Common, compare
from tests.jurisdictions.written import LAW, folder

DAY = date(2026, 7, 1)
MORE = """
[[parameter.present]]
from = 2020-01-01
value = "XTS 45"
source = "s. 20"

[[measure.is_present]]
from = 2020-01-01
value = 'flow == "c2c" and goods <= present'
source = "s. 20"

[[regime.present]]
from = 2020-01-01
title = "Present"
when = "is_present and not any(hs in list.excise)"
order = 10
dataset = "H6"
source = "s. 21"

[[charge.sale_tax]]
from = 2020-01-01
title = "Tax on the sale"
kind = "tax"
regimes = ["standard"]
when = "scheme_number and goods < XTS 100"
base = "price"
rate = "if(hs in list.excise, 5%, vat)"
round = "down 1"
payer = "seller"
collector = "seller"
moment = "sale"
source = "s. 22"

[[charge.handling]]
from = 2020-01-01
title = "Handling"
kind = "fee"
regimes = ["standard"]
scope = "consignment"
amount = "XTS 3"
round = "none"
payer = "importer"
collector = "post"
moment = "border"
source = "s. 23"

[[requirement.hs]]
from = 2020-01-01
pointer = "/consignment/items/*/hs_code"
because = "A code is needed."
source = "s. 24"
"""


def said(
    library: Library, code: str, on: date, common: Common | None = None
) -> dict[str, list[str]]:
    told = compare(library, [code], on, common=common)
    return {each.topic: [point.says for point in each.sides[0].points] for each in told}


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("Rates", ["VAT: 10%", "Tax on the sale: if(hs in list.excise, 5%, vat)"]),
        ("Limits", ["XTS 20: Small", "XTS 45: Present", "XTS 100: Tax on the sale"]),
        ("Reliefs", ["small (duty, tax)"]),
        (
            "Low value at sale",
            ["scheme number: XSS", "Tax on the sale: seller pays, seller collects, under Standard"],
        ),
        ("Gifts", ["Present: XTS 45", "Present"]),
        ("Base of tax", ["Tax: price + duty", "Tax on the sale: price"]),
        ("Values", []),
        ("Rounding", ["half up to 0.01: Duty, Tax", "down to 1: Tax on the sale", "not rounded: Handling"]),
        ("Data required", ["/consignment/items/*/hs_code: A code is needed.", "Present: data set H6"]),
        ("Left out", ["Excise (2203-2205): left out of Present", "asks a person: ask"]),
        ("Fees", ["Handling: XTS 3"]),
    ],
)  # fmt: skip
def test_a_topic_is_derived_from_the_entries(tmp_path: Path, topic: str, wanted: list[str]) -> None:
    library = Library([folder(tmp_path, LAW + MORE)])
    assert said(library, "xx", date(2020, 5, 1))[topic] == wanted


def test_every_point_names_rules_in_force() -> None:
    told = compare(shipped(), ["gb", "no", "de", "us", "jp", "cn"], DAY)
    assert [each.topic for each in told] == list(TOPICS)
    for topic in told:
        for side in topic.sides:
            for point in side.points:
                assert all(rule.count("@") == 1 for rule in point.rules)


def test_known_differences_of_two_places_show() -> None:
    told = {each.topic: each.sides for each in compare(shipped(), ["gb", "no"], DAY)}
    gb, no = told["Rates"]
    assert "20%" in gb.points[0].says
    assert "25%" in no.points[0].says
    assert [each.points[0].says for each in told["Low value at sale"]] == [
        "scheme number: GBVAT",
        "scheme number: VOEC",
    ]


def test_amounts_are_told_in_a_common_currency_when_rates_are_given() -> None:
    common = Common(currency="EUR", rates={"GBP": Decimal("1.17")})
    told = {each.topic: each.sides for each in compare(shipped(), ["gb", "de"], DAY, common=common)}
    gb, de = told["Limits"]
    assert {point.common for point in gb.points} == {"EUR 45.63", "EUR 157.95"}
    assert {point.common for point in de.points} == {""}


def test_every_place_can_be_compared() -> None:
    told = compare(shipped(), shipped().codes(), DAY)
    currency = {side.code: side.points for side in told[0].sides}
    assert len(currency) == len(shipped().codes())
    assert all(currency.values())


def test_a_place_without_law_is_refused() -> None:
    with pytest.raises(NoRuleInForceError):
        compare(shipped(), ["gb", "fj"], DAY)
