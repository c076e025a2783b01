"""Switzerland: the day before and the day of every change."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.jurisdictions import shipped
from tests.jurisdictions.asked import ask, owed

SHIRT = "hs=610910,value={},origin=CN,duty=0%"
UNRATED = "hs=610910,value={},origin=CN"
BOOK = "hs=490199,value={}"
SELLER = {"scheme_number": True}
GIFT = {"flow": "c2c"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "sale", "border"),
    [
        # 7.6 and 2.4 % become 8 and 2.5 %
        ("2010-12-31", SHIRT.format("1000.00"), {}, "standard", "0", "76.00"),
        ("2011-01-01", SHIRT.format("1000.00"), {}, "standard", "0", "80.00"),
        ("2010-12-31", BOOK.format("1000.00"), {}, "standard", "0", "24.00"),
        ("2011-01-01", BOOK.format("1000.00"), {}, "standard", "0", "25.00"),
        ("2010-12-31", SHIRT.format("65.00"), {}, "standard", "0", "0"),
        ("2011-01-01", SHIRT.format("65.00"), {}, "standard", "0", "5.20"),
        ("2011-01-01", SHIRT.format("62.00"), {}, "standard", "0", "0"),
        # 8 becomes 7.7 %, the reduced rate stays
        ("2017-12-31", SHIRT.format("1000.00"), {}, "standard", "0", "80.00"),
        ("2018-01-01", SHIRT.format("1000.00"), {}, "standard", "0", "77.00"),
        ("2017-12-31", BOOK.format("1000.00"), {}, "standard", "0", "25.00"),
        ("2018-01-01", BOOK.format("1000.00"), {}, "standard", "0", "25.00"),
        ("2017-12-31", SHIRT.format("65.00"), {}, "standard", "0", "5.20"),
        ("2018-01-01", SHIRT.format("65.00"), {}, "standard", "0", "0"),
        # mail-order sellers charge the tax at sale, small consignment or not
        ("2018-12-31", SHIRT.format("50.00"), SELLER, "standard", "0", "0"),
        ("2019-01-01", SHIRT.format("50.00"), SELLER, "mail_order", "3.85", "0"),
        ("2018-12-31", SHIRT.format("100.00"), SELLER, "standard", "0", "7.70"),
        ("2019-01-01", SHIRT.format("100.00"), SELLER, "mail_order", "7.70", "0"),
        ("2019-01-01", SHIRT.format("100.00"), SELLER | {"flow": "b2b"}, "mail_order", "7.70", "0"),
        # 7.7 and 2.5 % become 8.1 and 2.6 %, industrial duties end
        ("2023-12-31", SHIRT.format("1000.00"), {}, "standard", "0", "77.00"),
        ("2024-01-01", SHIRT.format("1000.00"), {}, "standard", "0", "81.00"),
        ("2023-12-31", SHIRT.format("1000.00"), SELLER, "mail_order", "77.00", "0"),
        ("2024-01-01", SHIRT.format("1000.00"), SELLER, "mail_order", "81.00", "0"),
        ("2023-12-31", SHIRT.format("65.00"), {}, "standard", "0", "0"),
        ("2024-01-01", SHIRT.format("65.00"), {}, "standard", "0", "5.25"),
        ("2024-01-01", SHIRT.format("62.00"), {}, "standard", "0", "0"),
        ("2023-12-31", BOOK.format("200.00"), {}, "standard", "0", "0"),
        ("2024-01-01", BOOK.format("200.00"), {}, "standard", "0", "5.20"),
        ("2024-01-01", BOOK.format("193.00"), {}, "standard", "0", "0"),
        ("2023-12-31", "hs=610910,value=200.00,origin=CN,duty=4%", {}, "standard", "0", "24.00"),
        ("2024-01-01", "hs=610910,value=200.00,origin=CN,duty=4%", {}, "standard", "0", "16.20"),
        # platforms count as sellers, also for private persons
        ("2024-12-31", SHIRT.format("200.00"), GIFT | SELLER, "gift", "0", "16.20"),
        ("2025-01-01", SHIRT.format("200.00"), GIFT | SELLER, "mail_order", "16.20", "0"),
        ("2025-01-01", SHIRT.format("100.00"), GIFT, "gift", "0", "0"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, sale: str, border: str
) -> None:
    answer = ask("ch", on, line, currency="CHF", **more)
    assert owed(answer) == (regime, Decimal(sale), Decimal(border), False), answer.needs_human


def test_before_2024_duty_by_weight_asks_a_person_and_since_then_not() -> None:
    before = ask("ch", "2023-12-31", UNRATED.format("150.00"), currency="CHF")
    since = ask("ch", "2024-01-01", UNRATED.format("150.00"), currency="CHF")
    assert before.needs_human
    assert owed(since) == ("standard", Decimal(0), Decimal("12.15"), False)


def test_before_2024_proof_of_origin_in_a_partner_frees_industrial_goods() -> None:
    line = "hs=610910,value=200.00,origin=PT,preference=X"
    answer = ask("ch", "2023-12-31", line, currency="CHF")
    assert owed(answer) == ("standard", Decimal(0), Decimal("15.40"), False)
    assert ask("ch", "2023-12-31", line.replace("PT", "CN"), currency="CHF").needs_human


@pytest.mark.parametrize(
    ("on", "known_on", "rate"),
    [
        ("2024-01-01", date(2022, 12, 8), "7.7%"),
        ("2024-01-01", date(2022, 12, 9), "8.1%"),
        ("2023-12-31", date(2022, 12, 9), "7.7%"),
        ("2018-01-01", date(2017, 9, 23), "8%"),
        ("2018-01-01", date(2017, 9, 24), "7.7%"),
    ],
)
def test_a_rate_decided_early_is_known_from_its_decision(
    on: str, known_on: date, rate: str
) -> None:
    law = shipped().law_in_force("ch", date.fromisoformat(on), known_on)
    assert {each.name: each.text for each in law.parameters}["vat_standard"] == rate


def test_from_2026_the_answer_says_that_the_law_was_read_as_of_2025() -> None:
    for on, says in (("2025-12-31", False), ("2026-01-01", True)):
        answer = ask("ch", on, UNRATED.format("150.00"), currency="CHF")
        assert ("since_2026" in {each.about for each in answer.cautions}) is says
        assert owed(answer)[2] == Decimal("12.15")
