"""Northern Ireland: two tariffs and one VAT, day by day and at each limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.model.declaration import Consignment, Declaration, GoodsItem
from pratique.model.money import Money
from pratique.model.outcomes import Assessment
from tests.jurisdictions.asked import ask, owed, sums
from tests.properties.test_two_evaluators import compare


def to_ni(on: str, line: str, **more: Any) -> Assessment:
    more = {"currency": "GBP", "from_": "CN"} | more
    return ask("XI", on, line, **more)


def toy(value: str, duty: str = "") -> str:
    return f"hs=950300,value={value},origin=CN" + (f",duty={duty}" if duty else "")


@pytest.mark.parametrize(
    ("on", "value", "more", "regime", "at_sale", "at_border", "asked"),
    [
        # from outside both: VAT at sale whoever sells until the Union's e-commerce rules, then by IOSS or on import
        ("2021-06-30", "135", {}, "supply_vat", "27.00", "0", False),
        ("2021-07-01", "135", {}, "low_value", "0", "27.00", False),
        ("2021-06-30", "135", {"scheme_number": True}, "supply_vat", "27.00", "0", False),
        ("2021-07-01", "135", {"scheme_number": True}, "ioss", "27.00", "0", False),
        ("2021-07-01", "135.01", {"scheme_number": True}, "standard", "0", "27.00", True),
        # the Union's relief of EUR 150 ends: not at risk, the United Kingdom's of GBP 135 stays
        ("2026-06-30", "135", {"scheme_number": True}, "ioss", "27.00", "0", False),
        ("2026-07-01", "135", {"scheme_number": True, "dataset": "NIREM"}, "ioss", "27.00", "0", False),
        ("2026-07-01", "135", {"dataset": "NIREM"}, "low_value", "0", "27.00", False),
        ("2026-07-01", "135", {}, "low_value", "0", "27.00", True),
        # from Great Britain: VAT as at home, no duty; business parcels need the scheme from 1 May 2025
        ("2021-01-01", "500", {"from_": "GB"}, "from_great_britain", "100.00", "0", False),
        ("2026-07-01", "100", {"from_": "GB"}, "from_great_britain", "20.00", "0", False),
        ("2026-07-01", "100", {"from_": "IM"}, "from_great_britain", "20.00", "0", False),
        ("2026-07-01", "100", {"from_": "GB", "flow": "c2c"}, "from_great_britain", "0", "0", False),
        ("2025-04-30", "135", {"from_": "GB", "flow": "b2b"}, "from_great_britain", "27.00", "0", False),
        ("2025-05-01", "135", {"from_": "GB", "flow": "b2b"}, "business_from_great_britain", "0", "0", True),
        ("2025-04-30", "135.01", {"from_": "GB", "flow": "b2b"}, "business_from_great_britain", "0", "0", True),
        ("2025-05-01", "500", {"from_": "GB", "flow": "b2b", "dataset": "NIREM"}, "from_great_britain", "100.00", "0", False),
        # from the Union nothing is imported
        ("2026-07-01", "100", {"from_": "IE"}, "from_the_union", "0", "0", True),
        # gifts
        ("2026-06-30", "39", {"flow": "c2c"}, "gift", "0", "0", False),
        ("2026-06-30", "39.01", {"flow": "c2c"}, "gift", "0", "7.80", False),
    ],
)  # fmt: skip
def test_who_collects_what(
    on: str,
    value: str,
    more: dict[str, Any],
    regime: str,
    at_sale: str,
    at_border: str,
    asked: bool,
) -> None:
    answer = owed(to_ni(on, toy(value, "0%"), **more))
    assert (
        f"{answer[0]} {answer[1]} {answer[2]} {answer[3]}"
        == f"{regime} {at_sale} {at_border} {asked}"
    )


def test_no_law_before_the_protocol() -> None:
    with pytest.raises(Exception, match="No law for XI on 2020-12-31"):
        to_ni("2020-12-31", toy("100"))


def test_great_britain_with_a_postcode_of_belfast_is_northern_ireland() -> None:
    direct = to_ni("2026-06-01", toy("100"), scheme_number=True)
    for where in ({"postcode": "BT1 1AA"}, {"subdivision": "NIR"}):
        found = ask("GB", "2026-06-01", toy("100"), currency="GBP", from_="CN", scheme_number=True, **where)  # fmt: skip
        assert found == direct
    assert (
        ask("GB", "2026-06-01", toy("100"), currency="GBP", postcode="SW1A 1AA").destination == "GB"
    )


def test_alcohol_is_never_of_low_value() -> None:
    answer = to_ni("2025-06-01", "hs=220830,value=50,origin=CN,duty=0%", scheme_number=True)
    assert answer.regime == "standard"
    assert {"question/excise", "question/which_tariff"} <= {
        each.citation.rule.partition("@")[0].removeprefix("xi/")
        for each in answer.needs_human
        if each.citation
    }


def test_freight_is_in_the_base_and_not_in_the_limit() -> None:
    answer = to_ni("2025-06-01", toy("135"), freight="15", scheme_number=True)
    assert sums(answer) == ("0.00 30.00 0.00 30.00 0.00", False)


@pytest.mark.parametrize(
    ("union", "kingdom", "dataset", "rate"),
    [
        # authorised (NIREM): the Union's rate once it is higher by three percentage points, not a hair before
        ("12%", "9%", "NIREM", "12"),
        ("11.99%", "9%", "NIREM", "9"),
        ("3%", "0%", "NIREM", "3"),
        ("2.9%", "0%", "NIREM", "0"),
        ("0%", "10%", "NIREM", "10"),
        # not authorised: the higher of the two
        ("12%", "9%", "", "12"),
        ("9.1%", "9%", "", "9.1"),
        ("9%", "9%", "", "9"),
        ("4.7%", "10%", "", "10"),
        ("9.1%", "9%", "NIIMP", "9.1"),
    ],
)
def test_hard_case_21_two_tariffs_by_their_difference(
    union: str, kingdom: str, dataset: str, rate: str
) -> None:
    line = f"{toy('200', union)},other_duty={kingdom}"
    answer = to_ni("2025-06-01", line, dataset=dataset, freight="10")
    assert answer.total("duty") == Decimal(rate) * Decimal("2.10")
    assert answer.needs_human == ()
    (duty,) = [each for each in answer.charges if each.kind == "duty"]
    assert duty.rate == Decimal(rate) / 100
    assert "xi/measure/applied_duty_rate@2021-01-01" in {step.rule for step in answer.trace}


def test_hard_case_21_line_by_line() -> None:
    both = f"{toy('200', '12%')},other_duty=9%;{toy('300', '10%')},other_duty=9%"
    answer = to_ni("2025-06-01", both, dataset="NIREM")
    assert [str(each.amount) for each in answer.charges if each.kind == "duty"] == [
        "24.00",
        "27.00",
    ]


def test_hard_case_21_with_one_rate_a_person_is_told_what_is_needed() -> None:
    answer = to_ni("2025-06-01", toy("200", "12%"))
    (asked,) = answer.needs_human
    assert "other_duty=" in asked.because
    assert asked.citation is not None
    assert asked.citation.rule == "xi/question/which_tariff@2021-01-01"
    assert to_ni("2025-06-01", toy("200"), dataset="NIREM").needs_human  # and with none
    assert to_ni("2025-06-01", toy("200", "9%"), dataset="NIREM").needs_human == ()


def test_hard_case_21_both_evaluators_agree() -> None:
    goods = [
        GoodsItem(hs_code="950300", price=Money(Decimal(200), "GBP"), duty_rate=union, other_duty_rate=kingdom)
        for union in (None, Decimal("0.12"), Decimal("0.119"))
        for kingdom in (None, Decimal("0.09"))
    ]  # fmt: skip
    declarations = [
        Declaration(id=f"{dataset}-{number}", destination="XI", dispatch_country="CN", dataset=dataset,
                    consignment=Consignment(items=(item,)))
        for dataset in ("", "NIREM", "NIIMP")
        for number, item in enumerate(goods)
    ]  # fmt: skip
    answered, all_of_them = compare(declarations, date(2025, 6, 1))
    assert (answered, all_of_them) == (9, 18)  # two rates are left to the reference evaluator
