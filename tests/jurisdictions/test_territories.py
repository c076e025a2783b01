"""Parcels to territories whose customs or tax law is not that of their country: hard case 22, place by place.

A parcel of one toy of 200 euro with 10 % customs duty where nothing else is said: duty 20.00, then VAT on 220.00.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import shipped
from pratique.model.declaration import Address, Consignment, Declaration, GoodsItem, Party
from pratique.model.money import Money
from pratique.model.outcomes import Assessment
from pratique.model.territories import territories
from pratique.office.desk import Desk, walk
from tests.jurisdictions.asked import ask

TOY = "hs=950300,value=200,origin=CN,duty=10%"


def sent(place: str, on: str, line: str = TOY, **more: Any) -> Assessment:
    destination, _, postcode = place.partition(" ")
    more = {"currency": "EUR", "from_": "CN", "postcode": postcode} | more
    return ask(destination, on, line, **more)


TABLE = [
    # place and postcode, day, law, duty, tax, a rule the answer rests on (empty: the ordinary law)
    ("ES 28001", "2026-08-01", "ES", "20.00", "46.20", ""),
    ("ES 35001", "2026-08-01", "ES", "20.00", "0", "es/threshold/outside_vat_territory@2010-01-01"),
    ("ES 38700", "2026-08-01", "ES", "20.00", "0", "es/question/canary_islands@2010-01-01"),
    ("ES 51001", "2026-08-01", "ES", "0", "0", "es/threshold/outside_customs_territory@2010-01-01"),
    ("ES 52001", "2026-08-01", "ES", "0", "0", "es/question/ceuta_and_melilla@2010-01-01"),
    ("FI 00100", "2026-08-01", "FI", "20.00", "56.10", ""),
    ("FI 22100", "2026-08-01", "AX", "20.00", "56.10", ""),
    ("AX", "2026-08-01", "AX", "20.00", "56.10", ""),
    ("FR 75001", "2026-08-01", "FR", "20.00", "44.00", ""),
    ("FR 20200", "2026-08-01", "FR", "20.00", "44.00", "fr/caution/corsica@2014-01-01"),
    ("FR 98000", "2026-08-01", "MC", "20.00", "44.00", ""),
    ("MC", "2026-08-01", "MC", "20.00", "44.00", ""),
    ("FR 97110", "2026-08-01", "GP", "20.00", "18.70", "gp/question/octroi_de_mer@2014-01-01"),
    ("GP", "2026-08-01", "GP", "20.00", "18.70", "gp/parameter/vat_standard@2014-01-01"),
    ("FR 97200", "2026-08-01", "MQ", "20.00", "18.70", "mq/question/octroi_de_mer@2014-01-01"),
    ("RE", "2026-08-01", "RE", "20.00", "18.70", "re/question/octroi_de_mer@2014-01-01"),
    ("FR 97300", "2026-08-01", "GF", "20.00", "0", "gf/threshold/no_vat@2014-01-01"),
    ("YT", "2026-08-01", "YT", "20.00", "0", "yt/threshold/no_vat@2014-01-01"),
    ("DE 10115", "2026-08-01", "DE", "20.00", "41.80", ""),
    ("DE 27498", "2026-08-01", "DE", "0", "0", "de/threshold/outside_customs_territory@2010-01-01"),
    ("DE 78266", "2026-08-01", "DE", "0", "0", "de/question/busingen@2010-01-01"),
    ("AT 1010", "2026-08-01", "AT", "20.00", "44.00", ""),
    ("AT 6691", "2026-08-01", "AT", "20.00", "41.80", "at/measure/vat_rate@2010-01-01"),
    ("AT 6992", "2026-08-01", "AT", "20.00", "41.80", "at/measure/vat_rate@2010-01-01"),
    ("DE 87491", "2026-08-01", "AT", "20.00", "41.80", "at/measure/vat_rate@2010-01-01"),
    ("DE 87568", "2020-08-01", "AT", "20.00", "41.80", "at/measure/vat_rate@2010-01-01"),
    ("IT 00118", "2026-08-01", "IT", "20.00", "48.40", ""),
    ("IT 23041", "2026-08-01", "IT", "0", "0", "it/threshold/outside_customs_territory@2020-01-01"),
    ("IT 23041", "2019-12-31", "IT", "0", "0", "it/threshold/outside_customs_territory@2010-01-01"),
    ("IT 22061", "2019-12-31", "IT", "0", "0", "it/threshold/outside_customs_territory@2010-01-01"),
    ("IT 22061", "2020-01-01", "IT", "20.00", "0", "it/threshold/outside_vat_territory@2010-01-01"),
    ("GR 10431", "2026-08-01", "GR", "20.00", "52.80", ""),
    ("GR 63086", "2026-08-01", "GR", "20.00", "0", "gr/threshold/outside_vat_territory@2010-07-01"),
    ("PT 1000-001", "2026-08-01", "PT", "20.00", "50.60", ""),
    ("PT 9000-001", "2026-08-01", "PT", "20.00", "48.40", "pt/measure/vat_rate@2010-01-01"),
    ("PT 9000-001", "2010-06-30", "PT", "20.00", "30.80", "pt/parameter/vat_madeira@2010-01-01"),
    ("PT 9500-001", "2010-07-01", "PT", "20.00", "33.00", "pt/parameter/vat_azores@2010-07-01"),
    ("PT 9000-001", "2012-03-31", "PT", "20.00", "35.20", "pt/parameter/vat_madeira@2011-01-01"),
    ("PT 9000-001", "2012-04-01", "PT", "20.00", "48.40", "pt/measure/vat_rate@2010-01-01"),
    ("PT 9500-001", "2021-06-30", "PT", "20.00", "39.60", "pt/parameter/vat_azores@2014-01-01"),
    ("PT 9500-001", "2021-07-01", "PT", "20.00", "35.20", "pt/measure/vat_rate@2010-01-01"),
    ("GB BFPO57", "2026-08-01", "CY", "20.00", "41.80", "cy/question/sovereign_bases@2010-01-01"),
]  # fmt: skip


OWN_TAX = {"ES 35001", "ES 38700", "ES 51001", "ES 52001", "FR 97110", "GP", "FR 97200", "RE", "FR 97300", "YT",
           "DE 27498", "DE 78266", "IT 23041", "IT 22061", "GB BFPO57"}  # fmt: skip
"""Where a tax or a relief that is in no file makes it a question for a person."""


def rules_of(answer: Assessment) -> set[str]:
    said = (*answer.charges, *answer.not_due, *answer.cautions, *answer.needs_human)
    cited = {each.citation.rule for each in said if each.citation is not None}
    return cited | {step.rule for step in answer.trace}


@pytest.mark.parametrize(("place", "on", "law", "duty", "tax", "rule"), TABLE)
def test_hard_case_22_territories(
    place: str, on: str, law: str, duty: str, tax: str, rule: str
) -> None:
    answer = sent(place, on)
    assert answer.destination == law
    wanted = (Decimal(duty), Decimal(tax))
    assert (answer.total("duty"), answer.total("tax")) == wanted
    assert not rule or rule in rules_of(answer)
    assert bool(answer.needs_human) == (place in OWN_TAX)
    postcode = place.partition(" ")[2]
    assert not postcode or postcode not in repr(answer)


@pytest.mark.parametrize(
    ("destination", "region", "postcode"),
    [
        ("ES", "ES-CN", "35001"), ("ES", "TF", "38001"), ("ES", "ES-CE", "51001"), ("FI", "FI-01", "22100"),
        ("PT", "PT-20", "9500-001"), ("PT", "PT-30", "9000-001"), ("GR", "GR-69", "63086"), ("FR", "FR-971", "97110"),
        ("FR", "FR-RE", "97400"), ("GB", "GB-NIR", "BT1 1AA"), ("GB", "IM", "IM1 1AA"), ("NO", "NO-21", "9170"), ("US", "US-PR", "00901"),
    ],
)  # fmt: skip
def test_region_code_and_postcode_say_the_same(
    destination: str, region: str, postcode: str
) -> None:
    fx = {"EUR": "1.1"}
    first = sent(f"{destination} {postcode}", "2026-08-01", fx=fx)
    second = sent(destination, "2026-08-01", subdivision=region.partition("-")[2] or region, fx=fx)
    assert first.destination == second.destination
    assert first.charges == second.charges
    assert [each.because for each in first.not_due] == [each.because for each in second.not_due]


@pytest.mark.parametrize(
    ("place", "as_in"),
    [("MC", "FR"), ("FR 98000", "FR"), ("IM", "GB"), ("GB IM1 1AA", "GB"), ("LI", "CH"), ("CH 9490", "CH"), ("AX", "FI")],
)  # fmt: skip
@pytest.mark.parametrize(
    "on", ["2019-06-01", "2021-06-30", "2021-07-01", "2025-01-01", "2026-08-01"]
)
@pytest.mark.parametrize("value", ["20", "149", "151"])
def test_a_place_follows_the_law_of_another(place: str, as_in: str, on: str, value: str) -> None:
    currency = {"GB": "GBP", "CH": "CHF"}.get(as_in, "EUR")
    line = f"hs=950300,value={value},origin=CN,duty=10%,weight_kg=1"
    there, here = (
        sent(each, on, line, currency=currency, scheme_number=True, fx={"EUR": "1"})
        for each in (place, as_in)
    )
    assert there.regime == here.regime
    assert there.charges == here.charges
    assert bool(there.needs_human) == bool(here.needs_human)


def test_goods_of_the_union_cross_a_tax_border_into_aland() -> None:
    assert sent("FI 22100", "2026-08-01", from_="SE").needs_human
    answer = sent("FI 22100", "2026-08-01", from_="SE", dataset="H1")
    assert (answer.total("duty"), answer.total("tax")) == (0, Decimal("51.00"))
    assert "ax/threshold/tax_border@2010-01-01" in rules_of(answer)


@pytest.mark.parametrize(
    "place", ["ES 35001", "ES 51001", "DE 27498", "IT 23041", "GR 63086", "GP", "YT", "AX"]
)
def test_goods_of_the_union_for_a_territory_need_a_declaration(place: str) -> None:
    country = place[:2] if " " in place else "DE"
    answer = sent(place, "2026-08-01", from_=country)
    assert "tax" in str([each.because for each in answer.needs_human])
    assert "border" in str([each.because for each in answer.needs_human])
    assert sent("PT 9000-001", "2026-08-01", from_="DE").needs_human == ()


def test_goods_without_a_code_are_no_more_dutiable_in_ceuta() -> None:
    answer = sent("ES 51001", "2026-08-01", "value=100,origin=CN")
    assert answer.total("duty") == 0


def test_nothing_is_due_on_svalbard() -> None:
    for place in ("NO 9170", "SJ"):
        answer = sent(place, "2026-08-01", currency="NOK")
        assert (answer.regime, answer.total(), answer.needs_human) == ("outside", 0, ())
    whisky = sent("SJ", "2026-08-01", "hs=220830,value=100,origin=GB", currency="NOK")
    assert whisky.needs_human


def test_tax_at_sale_is_at_the_rate_of_the_territory() -> None:
    line = "hs=950300,value=100,origin=CN"
    wanted = {"AT 6691": "19.00", "AT 1010": "20.00", "PT 9500-001": "16.00", "PT 9000-001": "22.00", "ES 35001": "0",
              "GR 63086": "0", "FI 22100": "25.50"}  # fmt: skip
    for place, tax in wanted.items():
        answer = sent(place, "2025-06-01", line, scheme_number=True)
        assert answer.total(moment="sale") == Decimal(tax), place
    assert sent("GR 63086", "2025-06-01", line, scheme_number=True).needs_human


def test_federal_customs_law_reaches_puerto_rico_and_no_island_further() -> None:
    answer = sent("US 00901", "2026-02-01", currency="USD")
    assert answer.destination == "PR"
    assert answer.total("duty") == sent("US 10001", "2026-02-01", currency="USD").total("duty")
    assert "pr/question/sales_and_use_tax@2010-01-01" in rules_of(answer)


@pytest.mark.parametrize(
    "place",
    ["JE", "GG", "GB JE2 3AB", "GB GY1 1AA", "SM", "VA", "HK", "MO", "GU", "VI", "US 00802", "US 96910", "FR 97133",
     "FR 97150", "FR 98800", "FO", "GL", "XC", "XL"],
)  # fmt: skip
def test_places_of_their_own_without_law_are_left_to_a_person(place: str) -> None:
    with pytest.raises(NoRuleInForceError, match="has no law file here"):
        sent(place, "2026-08-01")


def test_the_decision_names_the_territory_without_law() -> None:
    to = Party(roles=("consignee",), address=Address(postcode="JE2 3AB"))
    goods = GoodsItem(description="toy", price=Money(Decimal(10), "GBP"))
    declaration = Declaration(
        id="J-1", destination="GB", parties=(to,), consignment=Consignment(items=(goods,))
    )
    decision = walk(declaration, Desk(), now=datetime(2026, 8, 1, tzinfo=UTC))
    assert "No law is loaded for JE: a person must decide." in [
        each.text for each in decision.reasons
    ]


@pytest.mark.parametrize(
    ("place", "asks"), [("ES", True), ("PT", True), ("ES 28001", False), ("PT 1000", False)]
)
def test_without_a_postcode_the_answer_says_which_part_it_is_for(place: str, asks: bool) -> None:
    said = any("give the postcode" in each.because for each in sent(place, "2026-08-01").cautions)
    assert said == asks


def test_samnaun_is_left_to_a_person() -> None:
    answer = sent("CH 7563", "2026-08-01", currency="CHF")
    assert (answer.regime, bool(answer.needs_human), answer.total()) == ("samnaun", True, 0)


def test_every_place_routed_to_has_law_or_says_so() -> None:
    routed = {each.law.lower() for each in territories() if each.law}
    assert routed - set(shipped().codes()) == {
        "as", "bl", "gg", "gu", "hk", "je", "mf", "mo", "nc", "pf", "pm", "tf", "tw", "vi", "wf",
    }  # fmt: skip


def test_the_page_of_evidence_shows_these_rows() -> None:
    page = Path(__file__).parents[2] / "docs/evidence/territories.md"
    shown = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.read_text("utf-8").splitlines()
        if re.match(r"\| [A-Z]{2} ?[^|]*\|.*\| \d{4}-", line)
    ]
    wanted = [
        [place, on, law, duty, tax, "yes" if place in OWN_TAX else "", f"`{rule}`" if rule else "as the country"]
        for place, on, law, duty, tax, rule in TABLE
    ]  # fmt: skip
    assert [[row[0], *row[2:]] for row in shown] == wanted
