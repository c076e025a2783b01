"""Australia: examples reckoned by hand from the acts, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border.
"""

from typing import Any

import pytest

from pratique.model.batch import MODES
from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.asked_with import ask_with

JEANS = "hs=620342,value={},origin=CN,duty=5%,what=jeans"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
SELLER: dict[str, Any] = {"scheme_number": True}
MODES_BY_WORD = {word: code for code, word in MODES.items()}


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in Australian dollars, unless another currency is named."""
    return sums(ask("au", on, line, currency=more.pop("currency", "AUD"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # until June 2018 nothing up to AUD 1,000, whoever sells
        ("2018-06-30", JEANS.format("500.00"), SELLER, NOTHING),
        ("2017-01-01", JEANS.format("1000.00"), {}, NOTHING),
        # duty on the goods, GST on goods and duty: (1000.01 + 50.00) x 10 %; charges of 50 and 33
        ("2017-01-01", JEANS.format("1000.01"), {}, "50.00 105.00 83.00 0.00 238.00"),
        # since then GST at sale, on price and delivery
        ("2018-07-01", JEANS.format("500.00"), {**SELLER, "freight": "20.00"}, "0.00 52.00 0.00 52.00 0.00"),
        ("2024-05-01", JEANS.format("1000.00"), SELLER, "0.00 100.00 0.00 100.00 0.00"),
        ("2024-05-01", JEANS.format("500.00"), {}, NOTHING),
        # above: duty without freight, GST with it, (1001 + 50.05 + 110) x 10 % = 116.105; charges of 50 and 43
        ("2024-05-01", JEANS.format("1001.00"), {"freight": "100.00", "insurance": "10.00"}, "50.05 116.11 93.00 0.00 259.16"),
        # two goods of 900: each is taxed at sale, together they pay duty at the border
        ("2024-05-01", JEANS.format("1800.00,qty=2"), SELLER, "90.00 180.00 93.00 180.00 183.00"),
        ("2024-05-01", JEANS.format("1800.00,qty=2"), {}, "90.00 189.00 93.00 0.00 372.00"),
        # one good of 1,800 is no low value good
        ("2024-05-01", JEANS.format("1800.00"), SELLER, "90.00 189.00 93.00 0.00 372.00"),
        # businesses and gifts
        ("2024-05-01", JEANS.format("300.00"), {**SELLER, "flow": "b2b"}, NOTHING),
        ("2024-05-01", JEANS.format("2000.00"), {"flow": "b2b"}, "100.00 210.00 93.00 0.00 403.00"),
        ("2024-05-01", JEANS.format("1000.00"), {"flow": "c2c"}, NOTHING),
        # neither a code nor a rate of duty matters where no duty is due
        ("2024-05-01", "value=500.00", SELLER, "0.00 50.00 0.00 50.00 0.00"),
        ("2024-05-01", "value=500.00", {}, NOTHING),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("hs=220830,value=100.00,duty=5%", "Excise-equivalent duty"),
        ("hs=240220,value=100.00,duty=0%", "Excise-equivalent duty"),
        ("hs=620342,value=1500.00", "give the rate as duty="),
        ("hs=854340,value=50.00", "Vapes"),
    ],
)
def test_what_a_person_must_settle(line: str, says: str) -> None:
    answer = ask("au", "2024-05-01", line, currency="AUD", **SELLER)
    assert says in " ".join(each.because for each in answer.needs_human)


def test_a_foreign_price_needs_its_rate() -> None:
    line = JEANS.format("100.00")
    found = reckon("2024-05-01", line, currency="USD", fx={"USD": "1.52"}, **SELLER)
    assert found == ("0.00 15.20 0.00 15.20 0.00", False)
    asked = ask("au", "2024-05-01", line, currency="USD", **SELLER).needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_hard_case_3_two_limits_on_two_measures() -> None:
    # two goods of 600: each is low value and taxed at sale, the consignment is not and pays duty;
    # (1200 + 80) x 10 % at sale, 5 % of 1200 at the border, charges of 93
    line = JEANS.format("1200.00,qty=2")
    found = reckon("2024-05-01", line, freight="80.00", **SELLER)
    assert found == ("60.00 128.00 93.00 128.00 153.00", False)


def test_hard_case_11_the_rate_of_the_day_of_export_decides() -> None:
    # 650 at 1.5384 is 999.96, at 1.5385 it is 1000.025
    line = JEANS.format("650.00")
    for rate, wanted in (("1.5384", "0.00"), ("1.5385", "50.00")):
        duty = reckon("2024-05-01", line, currency="USD", fx={"USD": rate}, **SELLER)[0].split()[0]
        assert duty == wanted


def test_hard_case_12_the_charge_follows_the_mode() -> None:
    # 1,500 x 5 %; 1,575 x 10 %; 50 and 58 + 5 by sea, 43 by air
    line = JEANS.format("1500.00")
    for mode, wanted in (
        ("", "75.00 157.50 113.00 0.00 345.50"),
        ("sea", "75.00 157.50 113.00 0.00 345.50"),
        ("air", "75.00 157.50 93.00 0.00 325.50"),
    ):
        more = {"mode": MODES_BY_WORD[mode]} if mode else {}
        answer = ask_with("au", "2024-05-01", line, currency="AUD", channel="cargo", **more)
        assert sums(answer) == (wanted, False)
        assert ("mode" in {each.about for each in answer.cautions}) is (not mode)


@pytest.mark.parametrize("hs", ["300490", "490199", "847130", "851713", "950450"])
def test_goods_free_from_every_country_need_no_rate(hs: str) -> None:
    # 2,000 x 10 %; charges of 50 and 43; a rate that is given is used
    line = f"hs={hs},value=2000.00,origin=CN"
    assert reckon("2024-05-01", line) == ("0.00 200.00 93.00 0.00 293.00", False)
    found = reckon("2024-05-01", line + ",duty=5%")
    assert found == ("100.00 210.00 93.00 0.00 403.00", False)


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # pasta bears no GST, at sale or at the border; chocolate does: 10 %
        ("hs=190219,value=50.00", SELLER, NOTHING),
        ("hs=180690,value=50.00", SELLER, "0.00 5.00 0.00 5.00 0.00"),
        ("hs=190219,value=2000.00,duty=0%", {}, "0.00 0.00 93.00 0.00 93.00"),
        ("hs=180690,value=2000.00,duty=0%", {}, "0.00 200.00 93.00 0.00 293.00"),
        # only the chocolate
        ("hs=190219,value=50.00;hs=180690,value=50.00", SELLER, "0.00 5.00 0.00 5.00 0.00"),
    ],
)
def test_basic_food_bears_no_gst(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon("2024-05-01", line, **more) == (wanted, False)
    answer = ask("au", "2024-05-01", line, currency="AUD", **more)
    assert "food" in {each.about for each in answer.cautions}


def test_hard_case_16_packages_of_one_consignment_are_added() -> None:
    lines = ";".join([JEANS.format("400.00")] * 3)
    assert reckon("2024-05-01", lines) == ("60.00 126.00 93.00 0.00 279.00", False)
    assert reckon("2024-05-01", JEANS.format("400.00")) == (NOTHING, False)
