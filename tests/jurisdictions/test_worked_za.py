"""South Africa: examples reckoned by hand from the law, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border. ATV is the customs value and a tenth, and the duty.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.asked_with import ask_with

DAY = "2025-03-01"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
GIFT: dict[str, Any] = {"flow": "c2c"}


def goods(value: str, origin: str = "CN", more: str = "") -> str:
    """One line of bags."""
    return f"hs=420292,value={value},origin={origin},what=bag{more}"


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in rand, unless another currency is named."""
    return sums(ask("za", on, line, currency=more.pop("currency", "ZAR"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # flat 20 % of 499.99 = 99.998; ATV 549.989 + 100.00 = 649.989 x 15 % = 97.49835
        (DAY, goods("499.99"), {}, "100.00 97.50 0.00 0.00 197.50"),
        # no rate of the tariff is needed, and one that is given does not count
        (DAY, goods("100.00"), {}, "20.00 19.50 0.00 0.00 39.50"),
        (DAY, goods("100.00", more=",duty=45%"), {}, "20.00 19.50 0.00 0.00 39.50"),
        # freight stays out of value and limit: 480 x 20 % = 96; (528 + 96) x 15 % = 93.60
        (DAY, goods("480.00"), {"freight": "250.00", "insurance": "5.00"}, "96.00 93.60 0.00 0.00 189.60"),
        # R500 is no longer under R500: 30 % = 150; (550 + 150) x 15 % = 105
        (DAY, goods("500.00", more=",duty=30%"), {}, "150.00 105.00 0.00 0.00 255.00"),
        # two lines together reach R500: each 75 and (275 + 75) x 15 % = 52.50
        (DAY, goods("250.00", more=",duty=30%") + ";" + goods("250.00", more=",duty=30%"), {}, "150.00 105.00 0.00 0.00 255.00"),
        # 1,234.56 x 45 % = 555.552; (1,358.016 + 555.55) x 15 % = 287.0349
        (DAY, goods("1234.56", more=",duty=45%"), {"freight": "300.00"}, "555.55 287.03 0.00 0.00 842.58"),
        # cargo has no flat rate: 30 % of 400 = 120; (440 + 120) x 15 % = 84
        (DAY, goods("400.00", more=",duty=30%"), {"channel": "cargo", "flow": "b2b"}, "120.00 84.00 0.00 0.00 204.00"),
        # gifts: R1,400 for the whole parcel, all of it taxed above: 1,400.01 x 30 % = 420.003; (1,540.011 + 420) x 15 %
        (DAY, goods("1400.00"), GIFT, NOTHING),
        (DAY, goods("1400.01", more=",duty=30%"), GIFT, "420.00 294.00 0.00 0.00 714.00"),
        (DAY, goods("1000.00") + ";" + goods("400.00"), {**GIFT, "freight": "600.00"}, NOTHING),
        # beer is not named among what a gift may not hold; wine is, and then bears excise: see below
        (DAY, "hs=220300,value=300.00,origin=DE", GIFT, NOTHING),
        # before September 2024 no VAT on low value
        ("2024-08-31", goods("499.99"), {}, "100.00 0.00 0.00 0.00 100.00"),
        ("2015-06-01", goods("499.99"), {}, "100.00 0.00 0.00 0.00 100.00"),
        # 14 %: (1,100 + 450) = 1,550 -> 217
        ("2015-06-01", goods("1000.00", more=",duty=45%"), {}, "450.00 217.00 0.00 0.00 667.00"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_a_foreign_price_is_converted_first() -> None:
    # USD 25 x 18.4567 = 461.4175: 92.2835 and (507.55925 + 92.28) x 15 % = 89.9758875
    found = reckon(DAY, goods("25.00"), currency="USD", fx={"USD": "18.4567"})
    assert found == ("92.28 89.98 0.00 0.00 182.26", False)
    # USD 27.10 x 18.4567 = 500.17657, no longer low value, so a rate of the tariff is asked for
    assert reckon(DAY, goods("27.10"), currency="USD", fx={"USD": "18.4567"})[1]


@pytest.mark.parametrize(
    ("origin", "start", "wanted"),
    [
        # of Namibia and from there: no tenth, no duty
        ("NA", "NA", "0.00 150.00 0.00 0.00 150.00"),
        # of China through Botswana: with the tenth, at the rate given
        ("CN", "BW", "200.00 195.00 0.00 0.00 395.00"),
        # of Lesotho, but sent from elsewhere
        ("LS", "GB", "200.00 195.00 0.00 0.00 395.00"),
        # of one neighbour through another
        ("SZ", "LS", "200.00 195.00 0.00 0.00 395.00"),
    ],
)
def test_hard_case_9_the_tenth_is_left_out_for_neighbours(
    origin: str, start: str, wanted: str
) -> None:
    more = "" if origin == start else ",duty=20%"
    assert reckon(DAY, goods("1000.00", origin, more), from_=start) == (wanted, False)


def test_low_value_from_a_neighbour_bears_vat_alone() -> None:
    assert reckon(DAY, goods("400.00", "BW"), from_="BW") == ("0.00 60.00 0.00 0.00 60.00", False)


def test_a_rate_given_for_goods_of_a_neighbour_is_used() -> None:
    # 1,000 x 20 % = 200; (1,000 + 200) x 15 % = 180: the tenth stays out
    found = reckon(DAY, goods("1000.00", "BW", ",duty=20%"), from_="BW")
    assert found == ("200.00 180.00 0.00 0.00 380.00", False)


def test_hard_case_15_gifts_two_parcels_a_year() -> None:
    def asked(**prior: str) -> Any:
        line = goods("900.00", more=",duty=30%")
        return ask_with("za", DAY, line, prior=prior or None, currency="ZAR", flow="c2c")

    unknown, first, second, third = (
        asked(),
        asked(year_count="0"),
        asked(year_count="1"),
        asked(year_count="2"),
    )
    assert [each.regime for each in (unknown, first, second, third)] == [
        "gift",
        "gift",
        "gift",
        "standard",
    ]
    assert "gifts_of_the_year" in {each.about for each in unknown.cautions}
    assert "gifts_of_the_year" not in {each.about for each in second.cautions}
    # 270 and (990 + 270) x 15 % = 189
    assert sums(third) == ("270.00 189.00 0.00 0.00 459.00", False)


@pytest.mark.parametrize(
    ("line", "more", "about"),
    [
        ("hs=220421,value=300.00,origin=FR,duty=0%", {}, "excise"),
        ("hs=220421,value=300.00,origin=FR,duty=0%", GIFT, "excise"),
        ("hs=330300,value=900.00,origin=FR,duty=20%", {}, "ad_valorem_excise"),
        (goods("900.00"), {}, "customs_duty"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], about: str) -> None:
    answer = ask("za", DAY, line, currency="ZAR", **more)
    assert about in {each.about for each in answer.needs_human}


def test_at_exactly_500_the_answer_says_that_sources_differ() -> None:
    answer = ask("za", DAY, goods("500.00", more=",duty=20%"), currency="ZAR")
    assert "exactly_500" in {each.about for each in answer.cautions}


@pytest.mark.parametrize("hs", ["300490", "490199", "847130"])
def test_goods_free_from_every_country_need_no_rate(hs: str) -> None:
    # 1,100 x 15 %
    line = f"hs={hs},value=1000.00,origin=CN"
    assert reckon(DAY, line) == ("0.00 165.00 0.00 0.00 165.00", False)
    # a rate that is given is used: 1,000 x 10 %; 1,200 x 15 %
    assert reckon(DAY, line + ",duty=10%") == ("100.00 180.00 0.00 0.00 280.00", False)
    answer = ask("za", DAY, line, currency="ZAR")
    assert "taken_as_free" in {each.about for each in answer.cautions}


@pytest.mark.parametrize(
    ("on", "line", "wanted"),
    [
        # 11,500 x 9 % = 1,035; (11,000 + 1,035) x 15 % = 1,805.25
        (DAY, "hs=851713,value=10000.00", "1035.00 1805.25 0.00 0.00 2840.25"),
        # since April 2025 R2,500 apiece is free of it: 2,750 x 15 %; a cent more is not: 2,875.0115 x 9 %
        ("2025-03-31", "hs=851713,value=2500.00", "258.75 451.31 0.00 0.00 710.06"),
        ("2025-04-01", "hs=851713,value=2500.00", "0.00 412.50 0.00 0.00 412.50"),
        ("2025-04-01", "hs=851713,value=2500.01", "258.75 451.31 0.00 0.00 710.06"),
        ("2025-04-01", "hs=851713,value=5000.00,qty=2", "0.00 825.00 0.00 0.00 825.00"),
    ],
)
def test_telephones_bear_ad_valorem_duty(on: str, line: str, wanted: str) -> None:
    assert reckon(on, line) == (wanted, False)


def test_before_april_2018_the_duty_on_telephones_asks_a_person() -> None:
    assert reckon("2018-03-31", "hs=851712,value=5000.00")[1]
    assert not reckon("2018-04-01", "hs=851712,value=5000.00")[1]
