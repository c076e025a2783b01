"""Türkiye: examples reckoned by hand from the decisions, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border, in lira; one euro is 40 lira.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums

THEN = "2025-06-01"
NOW = "2026-06-01"
NOTHING = "0.00 0.00 0.00 0.00 0.00"


def toy(value: str, more: str = "") -> str:
    """One line of toys."""
    return f"hs=950300,value={value},origin=CN,what=toy{more}"


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in lira from China, unless something else is named."""
    more = {"fx": {"EUR": "40"}, "from_": "CN", **more}
    return sums(ask("tr", on, line, currency=more.pop("currency", "TRY"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # 1,000 + 123.45 of freight = 1,123.45, below EUR 30 = 1,200; x 60 % = 674.07
        (THEN, toy("1000.00"), {"freight": "123.45"}, "0.00 674.07 0.00 0.00 674.07"),
        # exactly EUR 30 with freight and insurance: 1,200 x 60 %
        (THEN, toy("1000.00"), {"freight": "150.00", "insurance": "50.00"}, "0.00 720.00 0.00 0.00 720.00"),
        # a kurus more: duty 10 % of 1,200.01 = 120.001; VAT 20 % of 1,320.01 = 264.002
        (THEN, toy("1000.01", ",duty=10%"), {"freight": "200.00"}, "120.00 264.00 0.00 0.00 384.00"),
        # it is the country of dispatch that counts: Chinese goods sent from Germany pay 30 %
        (THEN, toy("1000.00"), {"from_": "DE"}, "0.00 300.00 0.00 0.00 300.00"),
        # perfume is in list IV: 60 + 20 %
        (THEN, "hs=330300,value=1000.00,origin=FR", {}, "0.00 800.00 0.00 0.00 800.00"),
        (THEN, "hs=330300,value=1000.00,origin=FR", {"from_": "FR"}, "0.00 500.00 0.00 0.00 500.00"),
        # a toy and a book: the book has its own limit and bears nothing; freight 100 is shared 80 to 20
        (THEN, toy("800.00") + ";hs=490199,value=200.00", {"freight": "100.00"}, "0.00 528.00 0.00 0.00 528.00"),
        (THEN, toy("1000.00") + ";hs=490199,value=9000.00", {}, "0.00 600.00 0.00 0.00 600.00"),
        # medicines up to EUR 1,500 = 60,000
        (THEN, "hs=300490,value=60000.00", {}, "0.00 36000.00 0.00 0.00 36000.00"),
        # a gift from a private person is treated alike
        (THEN, toy("1000.00"), {"flow": "c2c"}, "0.00 600.00 0.00 0.00 600.00"),
        # a firm: up to EUR 22 = 880 the single tax, above it in full: 100 and 20 % of 1,100
        (THEN, toy("880.00"), {"flow": "b2b"}, "0.00 528.00 0.00 0.00 528.00"),
        (THEN, toy("1000.00", ",duty=10%"), {"flow": "b2b"}, "100.00 220.00 0.00 0.00 320.00"),
        # 2026: duty 10 % of 1,100 = 110, VAT 20 % of 1,210
        (NOW, toy("1000.00", ",duty=10%"), {"freight": "100.00"}, "110.00 242.00 0.00 0.00 352.00"),
        # clothes at the reduced rate: 12 % of 1,000 = 120; 10 % of 1,120
        (NOW, "hs=610910,value=1000.00,origin=CN,duty=12%", {}, "120.00 112.00 0.00 0.00 232.00"),
        (NOW, "hs=490199,value=60000.00", {"from_": "GB"}, NOTHING),
        (NOW, "hs=300490,value=1000.00", {"from_": "DE"}, "0.00 300.00 0.00 0.00 300.00"),
        # 2023: EUR 150 = 6,000 without freight, 18 and 30 %
        ("2023-06-01", toy("6000.00"), {"freight": "900.00"}, "0.00 1800.00 0.00 0.00 1800.00"),
        ("2023-06-01", toy("6000.00"), {"from_": "DE"}, "0.00 1080.00 0.00 0.00 1080.00"),
        # 2019: EUR 22 = 880 free, all of it taxed above: 20 % of 880.01 = 176.002
        ("2019-01-01", toy("880.00"), {"freight": "300.00"}, NOTHING),
        ("2019-01-01", toy("880.01"), {}, "0.00 176.00 0.00 0.00 176.00"),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_hard_case_13_origin_dispatch_and_preference_are_three_things() -> None:
    # the single tax follows the dispatch; origin, or a claim of preference, changes nothing in it
    for start, origin, total in (
        ("DE", "CN", "300.00"),
        ("CN", "DE", "600.00"),
        ("DE", "DE", "300.00"),
    ):
        for claim in ("", ",preference=EU"):
            line = f"hs=950300,value=1000.00,origin={origin}{claim}"
            answer = ask("tr", THEN, line, currency="TRY", fx={"EUR": "40"}, from_=start)
            assert f"{answer.total():.2f}" == total
    assert reckon(THEN, toy("1000.00"), from_=None)[1]


def test_wine_is_declared_in_full_and_asks_a_person() -> None:
    wine = ask("tr", THEN, "hs=220421,value=500.00", currency="TRY", fx={"EUR": "40"}, from_="FR")
    assert wine.regime == "standard"
    assert "alcohol_tobacco" in {each.about for each in wine.needs_human}


@pytest.mark.parametrize(
    ("on", "line", "about"),
    [
        (NOW, toy("1000.00"), "customs_duty"),
        (NOW, "hs=851713,value=9000.00,duty=0%", "list_four"),
        (NOW, "hs=090210,value=900.00,duty=10%", "other_vat"),
        (NOW, "hs=240220,value=900.00,duty=10%", "alcohol_tobacco"),
    ],
)
def test_what_a_person_must_settle(on: str, line: str, about: str) -> None:
    answer = ask("tr", on, line, currency="TRY", fx={"EUR": "40"}, from_="CN")
    assert about in {each.about for each in answer.needs_human}


def test_what_the_answer_says_beside_the_amounts() -> None:
    def told(on: str, line: str, **more: Any) -> set[str]:
        more = {"fx": {"EUR": "40"}, "from_": "CN", **more}
        return {each.about for each in ask("tr", on, line, currency="TRY", **more).cautions}

    assert "reading_of_the_decree" in told(NOW, toy("1000.00", ",duty=10%"))
    assert "prescription" in told(NOW, "hs=300490,value=1000.00")
    assert "not_commercial" in told(THEN, toy("900.00", ",qty=3"))
    assert "not_commercial" not in told(THEN, toy("900.00", ",qty=2"))
    assert "union_rate" in told("2024-06-01", toy("900.00"), from_="DE")


def test_the_limit_in_euro_needs_a_rate() -> None:
    asked = ask("tr", THEN, toy("1000.00"), currency="TRY", from_="CN").needs_human
    assert "--fx EUR=RATE" in asked[0].because


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        # in full: a book is exempt; a medicine bears 10 % of 1,000; the duty raises the base
        ("hs=490199,value=1000.00,duty=0%", "0.00 0.00 0.00 0.00 0.00"),
        ("hs=300490,value=1000.00,duty=0%", "0.00 100.00 0.00 0.00 100.00"),
        ("hs=300490,value=1000.00,duty=10%", "100.00 110.00 0.00 0.00 210.00"),
    ],
)
def test_books_and_medicines_for_a_business(line: str, wanted: str) -> None:
    answer = ask(
        "tr", "2025-03-01", line, currency="TRY", fx={"EUR": "40"}, flow="b2b", channel="cargo"
    )
    assert sums(answer) == (wanted, False)
