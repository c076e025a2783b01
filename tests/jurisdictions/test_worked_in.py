"""India: examples reckoned by hand from the acts and the pages of customs, with the reasoning beside them.

The five sums are duty (surcharge included), tax, fees, due at sale, due at the border; all in whole rupees.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

TOY = "hs=950300,value={},origin=CN,what=toy"
NOTHING = "0.00 0.00 0.00 0.00 0.00"
EXPRESS: dict[str, Any] = {"channel": "express"}
CARGO: dict[str, Any] = {"channel": "cargo", "flow": "b2b"}
GIFT: dict[str, Any] = {"flow": "c2c"}
ON = "2025-11-03"


def reckon(line: str, on: str = ON, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in rupees, unless another currency is named."""
    return sums(ask("in", on, line, currency=more.pop("currency", "INR"), **more))


@pytest.mark.parametrize(
    ("line", "more", "wanted"),
    [
        # no rate of the tariff is needed: 10 %, 10 % of that, 18 % of 11,100
        (TOY.format("10000"), EXPRESS, "1100.00 1998.00 0.00 0.00 3098.00"),
        (TOY.format("10000"), {}, "1100.00 1998.00 0.00 0.00 3098.00"),
        # 3,499.50: 349.95, 35; 18 % of 3,884.50 is 699.21
        (TOY.format("2999.50"), {**EXPRESS, "freight": "500"}, "385.00 699.00 0.00 0.00 1084.00"),
        # air freight counts up to 20 % of the goods: 1,200; 120, 12; 239.76
        (TOY.format("1000"), {**EXPRESS, "freight": "500"}, "132.00 240.00 0.00 0.00 372.00"),
        # insurance counts in full: 1,000 + 200 + 10; 121, 12.1; 18 % of 1,343 is 241.74
        (TOY.format("1000"), {**EXPRESS, "freight": "500", "insurance": "10"}, "133.00 242.00 0.00 0.00 375.00"),
        # two lines with INR 100 of freight: 660 and 440; 66 + 7 and 44 + 4; 131.94 and 87.84
        (TOY.format("600") + ";" + TOY.format("400"), {"freight": "100"}, "121.00 220.00 0.00 0.00 341.00"),
        # USD 100 at 88.50: 8,850; 885; 88.50 goes up to 89; 18 % of 9,824 is 1,768.32
        (TOY.format("100"), {"currency": "USD", "fx": {"USD": "88.50"}}, "974.00 1768.00 0.00 0.00 2742.00"),
        # duty of INR 100 is not collected: 32 + 3 + 64.62; 101 is: 32.50 up to 33, 3, 64.98
        (TOY.format("324"), EXPRESS, NOTHING),
        (TOY.format("325"), EXPRESS, "36.00 65.00 0.00 0.00 101.00"),
        # a gift: 20 % without surcharge; 18 % of 12,000
        (TOY.format("10000"), GIFT, "2000.00 2160.00 0.00 0.00 4160.00"),
        (TOY.format("200"), GIFT, NOTHING),
        # a purchase without the concession, at the rate of the heading
        (TOY.format("10000") + ",duty=20%", EXPRESS, "2000.00 2160.00 0.00 0.00 4160.00"),
        # another rate of the tariff plays no part
        (TOY.format("10000") + ",duty=60%", EXPRESS, "1100.00 1998.00 0.00 0.00 3098.00"),
        # a book: 5 % and 10 % of that, no integrated tax
        ("hs=490110,value=2000,origin=GB", {}, "110.00 0.00 0.00 0.00 110.00"),
        # a business pays by the tariff: 20 %, 10 % of that, 18 % of 12,200
        ("hs=851762,value=10000,origin=CN,duty=20%", {"flow": "b2b"}, "2200.00 2196.00 0.00 0.00 4396.00"),
        # sea freight counts in full: 15,000; 3,000, 300; 18 % of 18,300
        ("hs=851762,value=10000,origin=CN,duty=20%", {**CARGO, "freight": "5000"}, "3300.00 3294.00 0.00 0.00 6594.00"),
        # a consumer's goods in cargo are not by post or courier
        ("hs=851762,value=10000,origin=CN,duty=20%", {"channel": "cargo"}, "2200.00 2196.00 0.00 0.00 4396.00"),
    ],
)  # fmt: skip
def test_parcels(line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(line, **more) == (wanted, False)


def test_each_amount_goes_to_the_nearest_rupee() -> None:
    # 1,055: 105.50 up to 106; 10.60 up to 11; 18 % of 1,172 is 210.96
    assert reckon(TOY.format("1055")) == ("117.00 211.00 0.00 0.00 328.00", False)


@pytest.mark.parametrize(
    ("line", "more", "says"),
    [
        ("hs=220830,value=5000,origin=GB", EXPRESS, "outside heading 9804"),
        ("hs=240220,value=5000,origin=US", {}, "outside heading 9804"),
        ("hs=520811,value=5000,origin=CN,duty=20%", {"flow": "b2b"}, "Integrated tax on these goods"),
        ("hs=851762,value=5000,origin=CN", {"flow": "b2b"}, "give the rate as duty="),
    ],
)  # fmt: skip
def test_what_a_person_must_settle(line: str, more: dict[str, Any], says: str) -> None:
    answer = ask("in", ON, line, currency="INR", **more)
    assert says in " ".join(each.because for each in answer.needs_human)


@pytest.mark.parametrize(
    ("line", "more", "about"),
    [
        (TOY.format("10000") + ",duty=60%", EXPRESS, "rate_not_used"),
        (TOY.format("900"), {}, "small_postal_item"),
        (TOY.format("900"), EXPRESS, "freight_not_given"),
        (TOY.format("900"), GIFT, "gift_prohibited"),
    ],
)
def test_what_is_said_beside_the_amounts(line: str, more: dict[str, Any], about: str) -> None:
    answer = ask("in", ON, line, currency="INR", **more)
    assert about in {each.about for each in answer.cautions}


@pytest.mark.parametrize(
    ("on", "line", "wanted", "asked"),
    [
        # two shirts of 2,500: 5,000 x 20 % = 1,000, 100; 5 % of 6,100; a rupee more: 18 % of 6,102.44
        ("2025-09-22", "hs=610910,value=5000,qty=2,duty=20%", "1100.00 305.00 0.00 0.00 1405.00", False),
        ("2025-09-22", "hs=610910,value=5002,qty=2,duty=20%", "1100.00 1098.00 0.00 0.00 2198.00", False),
        ("2025-09-22", "hs=640399,value=2500,duty=20%", "550.00 153.00 0.00 0.00 703.00", False),
        # before that day the rates were others and are asked about
        ("2025-09-21", "hs=610910,value=5000,qty=2,duty=20%", "1100.00 1098.00 0.00 0.00 2198.00", True),
    ],
)  # fmt: skip
def test_clothes_and_shoes_for_a_business(on: str, line: str, wanted: str, asked: bool) -> None:
    assert sums(ask("in", on, line, currency="INR", flow="b2b", channel="cargo")) == (wanted, asked)
