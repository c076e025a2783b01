"""Philippines: examples reckoned by hand from the Bureau's formula, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border. Fees are the stamp of PHP 30, in formal entries 280
and the processing fee.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.asked_with import ask_with

DAY = "2025-03-01"
NOTHING = "0.00 0.00 0.00 0.00 0.00"


def goods(value: str, more: str = ",duty=10%") -> str:
    """One line of clothes."""
    return f"hs=610910,value={value},origin=CN,what=cotton T-shirts{more}"


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in pesos, unless another currency is named."""
    return sums(ask("ph", on, line, currency=more.pop("currency", "PHP"), **more))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # the limit is the price alone; no rate of duty is needed below it
        (goods("10000.00", ""), {"freight": "4000.00", "insurance": "500.00"}, NOTHING),
        # a centavo more: insurance 2 % = 200.00; value 10,000.01 + 1,000 + 200.00 = 11,200.01; duty 1,120.001;
        # VAT 12 % of 11,200.01 + 1,120.00 + 30 = 12,350.01 -> 1,482.0012
        (goods("10000.01"), {"freight": "1000.00"}, "1120.00 1482.00 30.00 0.00 2632.00"),
        # by courier PHP 700 of brokerage are in the base: 12 % of 13,050.01 = 1,566.0012
        (goods("10000.01"), {"freight": "1000.00", "channel": "express"}, "1120.00 1566.00 30.00 0.00 2716.00"),
        # insurance that is shown takes the place of the 2 %: 12,000 + 1,500 + 60 = 13,560; 1,356;
        # 12 % of 13,560 + 1,356 + 30 = 14,946 -> 1,793.52
        (goods("12000.00"), {"freight": "1500.00", "insurance": "60.00"}, "1356.00 1793.52 30.00 0.00 3179.52"),
        # duty free goods: 20,000 + 400 + 30 = 20,430 -> 2,451.60
        (goods("20000.00", ",duty=0%"), {}, "0.00 2451.60 30.00 0.00 2481.60"),
        # batteries are dangerous goods: 4 % = 800; 12 % of 20,800 + 30 = 2,499.60
        ("hs=850760,value=20000.00,origin=CN,duty=0%", {}, "0.00 2499.60 30.00 0.00 2529.60"),
        # two lines together pass the limit: 6,000 and 5,000, each with 2 %: 6,120 and 5,100; duty 5 % 306 and 15 % 765;
        # the stamp is shared 16.3636 and 13.6364: 12 % of 6,442.3636 = 773.08, of 5,878.6364 = 705.44
        (goods("6000.00", ",duty=5%") + ";" + goods("5000.00", ",duty=15%"), {}, "1071.00 1478.52 30.00 0.00 2579.52"),
        # a gift has no relief of its own, a business neither
        (goods("20000.00", ",duty=0%"), {"flow": "c2c"}, "0.00 2451.60 30.00 0.00 2481.60"),
        (goods("20000.00", ",duty=0%"), {"flow": "b2b"}, "0.00 2451.60 30.00 0.00 2481.60"),
        # PHP 50,000 informal: 51,000 -> 5,100; 12 % of 56,130 = 6,735.60
        (goods("50000.00"), {}, "5100.00 6735.60 30.00 0.00 11865.60"),
        # above it formal: 50,000.01 + 1,000.00 = 51,000.01; 5,100.001; brokerage 4,000, stamp 280, fee 250:
        # 12 % of 51,000.01 + 5,100.00 + 4,530 = 60,630.01 -> 7,275.6012
        (goods("50000.01"), {}, "5100.00 7275.60 530.00 0.00 12905.60"),
        # 300,000 + 6,000 = 306,000; 30,600; brokerage 5,300 + 0.125 % of 106,000 = 5,432.50; stamp 280, fee 500:
        # 12 % of 306,000 + 30,600 + 6,212.50 = 342,812.50 -> 41,137.50
        (goods("300000.00"), {"channel": "cargo", "flow": "b2b"}, "30600.00 41137.50 780.00 0.00 72517.50"),
    ],
)  # fmt: skip
def test_parcels(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(DAY, line, **more) == (wanted, False)


def test_hard_case_2_the_limit_is_fob_and_the_charge_cif() -> None:
    # USD 180 x 55.5555 = 9,999.99: free, whatever the freight
    below = reckon(DAY, goods("180.00"), currency="USD", fx={"USD": "55.5555"}, freight="60.00")
    assert below == (NOTHING, False)
    # USD 180.01 x 55.5555 = 10,000.545555, so 10,000.5456; 2 % 200.01; freight 3,333.33: 13,533.8856;
    # duty 1,353.38856; VAT 12 % of 13,533.8856 + 1,353.39 + 30 = 14,917.2756 -> 1,790.073072
    above = reckon(DAY, goods("180.01"), currency="USD", fx={"USD": "55.5555"}, freight="60.00")
    assert above == ("1353.39 1790.07 30.00 0.00 3173.46", False)


def test_hard_case_8_the_brokerage_fee_is_in_the_base_of_vat() -> None:
    # 20,000 + 400 + 30 and PHP 700, or 1,000 as named, or nothing by post
    def vat(**more: Any) -> str:
        answer = ask("ph", DAY, goods("20000.00", ",duty=0%"), currency="PHP", **more)
        assert f"{answer.total('fee'):.2f}" == "30.00"
        return f"{answer.total('tax'):.2f}"

    assert vat(channel="post") == "2451.60"
    assert vat(channel="express") == "2535.60"
    assert vat(channel="express", fee={"brokerage": "1000.00"}) == "2571.60"
    assert vat(channel="post", fee={"clearance": "1000.00"}) == "2571.60"


def test_hard_case_16_parcels_of_one_day_are_added() -> None:
    def asked(**prior: str) -> Any:
        line = goods("6000.00")
        return ask_with("ph", "2025-06-01", line, prior=prior or None, currency="PHP")

    unknown, within, over = asked(), asked(day_value="4000.00"), asked(day_value="4000.01")
    assert [each.regime for each in (unknown, within, over)] == [
        "de_minimis",
        "de_minimis",
        "informal",
    ]
    assert "other_parcels_of_the_day" in {each.about for each in unknown.cautions}
    assert "other_parcels_of_the_day" not in {each.about for each in within.cautions}
    # duty on this parcel: 6,120 x 10 %; VAT 12 % of 6,120 + 612 + 30
    assert sums(over) == ("612.00 811.44 30.00 0.00 1453.44", False)


@pytest.mark.parametrize(
    ("line", "about"),
    [
        ("hs=240220,value=900.00", "alcohol_tobacco"),
        ("hs=220830,value=20000.00,duty=10%", "alcohol_tobacco"),
        ("hs=330300,value=20000.00,duty=7%", "other_excise"),
        (goods("20000.00", ""), "customs_duty"),
    ],
)
def test_what_a_person_must_settle(line: str, about: str) -> None:
    answer = ask("ph", DAY, line, currency="PHP")
    assert about in {each.about for each in answer.needs_human}


def test_what_the_answer_says_beside_the_amounts() -> None:
    def told(line: str, **more: Any) -> set[str]:
        return {each.about for each in ask("ph", DAY, line, currency="PHP", **more).cautions}

    assert {"presumed_insurance", "brokerage"} <= told(goods("20000.00"))
    assert "presumed_insurance" not in told(goods("20000.00"), insurance="100.00")
    assert "balikbayan" in told(goods("20000.00"), flow="c2c")
    assert "vat_exempt" in told("hs=080450,value=20000.00,duty=15%")


def test_books_bear_no_vat() -> None:
    # the stamp alone; beside a book of 20,000 a shirt of 5,000 with 2 % bears 12 % of 5,100 + 510 + its part of the stamp,
    # 30 x 5,100 / 25,500 = 6: 673.92
    book = "hs=490199,value=20000.00,origin=US,duty=0%"
    assert reckon(DAY, book) == ("0.00 0.00 30.00 0.00 30.00", False)
    both = reckon(DAY, f"{book};{goods('5000.00')}")
    assert both == ("510.00 673.92 30.00 0.00 1213.92", False)
