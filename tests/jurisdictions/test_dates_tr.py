"""Türkiye: the day before and the day of every change. Amounts are in euro, at a rate of one."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed
from tests.jurisdictions.asked_with import ask_with

TOY = "hs=950300,value={},origin=CN"
FULL = "hs=950300,value={},origin=CN,duty=10%"
BOOK = "hs=490199,value={},origin=DE"
BUSINESS: dict[str, Any] = {"flow": "b2b"}


@pytest.mark.parametrize(
    ("on", "line", "start", "more", "regime", "border"),
    [
        # EUR 22 are no longer free; books no longer pay 8 %
        ("2019-05-29", TOY.format("22.00"), "CN", {}, "simplified", "0"),
        ("2019-05-30", TOY.format("22.00"), "CN", {}, "simplified", "4.40"),
        ("2019-05-29", BOOK.format("200.00"), "DE", {}, "simplified", "16.00"),
        ("2019-05-30", BOOK.format("200.00"), "DE", {}, "simplified", "0"),
        # legal persons: free up to EUR 22, then nothing simplified (11 % of duty and VAT on it), then the single tax
        ("2019-05-29", FULL.format("20.00"), "CN", BUSINESS, "simplified", "0"),
        ("2019-05-30", FULL.format("20.00"), "CN", BUSINESS, "standard", "5.96"),
        ("2019-07-24", FULL.format("20.00"), "CN", BUSINESS, "standard", "5.96"),
        ("2019-07-25", FULL.format("20.00"), "CN", BUSINESS, "simplified", "4.00"),
        # the European Union without the United Kingdom
        ("2020-12-31", TOY.format("100.00"), "GB", {}, "simplified", "18.00"),
        # VAT 18 % becomes 20 %: on 110
        ("2023-07-09", FULL.format("100.00"), "CN", {"channel": "cargo"}, "standard", "29.80"),
        ("2023-07-10", FULL.format("100.00"), "CN", {"channel": "cargo"}, "standard", "32.00"),
        # 18 % becomes 20 % for the European Union
        ("2024-05-05", TOY.format("100.00"), "DE", {}, "simplified", "18.00"),
        ("2024-05-06", TOY.format("100.00"), "DE", {}, "simplified", "20.00"),
        # EUR 150 become 30, 20 and 30 % become 30 and 60 %
        ("2024-08-20", TOY.format("30.00"), "DE", {}, "simplified", "6.00"),
        ("2024-08-21", TOY.format("30.00"), "DE", {}, "simplified", "9.00"),
        ("2024-08-20", TOY.format("30.00"), "CN", {}, "simplified", "9.00"),
        ("2024-08-21", TOY.format("30.00"), "CN", {}, "simplified", "18.00"),
        ("2024-08-20", FULL.format("150.00"), "CN", {}, "simplified", "45.00"),
        ("2024-08-21", FULL.format("150.00"), "CN", {}, "standard", "48.00"),
        # freight counts
        ("2024-12-26", TOY.format("25.00"), "CN", {"freight": "5"}, "simplified", "15.00"),
        ("2024-12-27", TOY.format("25.00"), "CN", {"freight": "5"}, "simplified", "18.00"),
        ("2024-12-26", FULL.format("30.00"), "CN", {"freight": "5"}, "simplified", "18.00"),
        ("2024-12-27", FULL.format("30.00"), "CN", {"freight": "5"}, "standard", "11.20"),
        # the simplified declaration ends
        ("2026-02-05", FULL.format("20.00"), "CN", {}, "simplified", "12.00"),
        ("2026-02-06", FULL.format("20.00"), "CN", {}, "standard", "6.40"),
        ("2026-02-05", BOOK.format("100.00"), "DE", {}, "simplified", "0"),
        ("2026-02-06", BOOK.format("100.00"), "DE", {}, "books", "0"),
        ("2026-02-05", "hs=300490,value=100.00", "DE", {}, "simplified", "30.00"),
        ("2026-02-06", "hs=300490,value=100.00", "DE", {}, "simplified", "30.00"),
        ("2026-02-06", "hs=210690,value=100.00", "US", {}, "simplified", "60.00"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, start: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("tr", on, line, currency="EUR", fx={"EUR": "1"}, from_=start, **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("on", "start", "value", "asks"),
    [
        ("2019-12-31", "CN", "100.00", False),
        ("2020-01-01", "CN", "100.00", True),
        ("2021-06-01", "DE", "100.00", False),
        ("2021-06-01", "DE", "150.01", True),
        ("2022-12-31", "CN", "100.00", True),
        ("2023-01-01", "CN", "100.00", False),
    ],
)
def test_a_change_whose_day_is_not_known_asks_a_person(
    on: str, start: str, value: str, asks: bool
) -> None:
    answer = ask("tr", on, FULL.format(value), currency="EUR", fx={"EUR": "1"}, from_=start)
    assert bool(answer.needs_human) == asks


@pytest.mark.parametrize(
    ("on", "known_on", "regime", "total"),
    [
        ("2024-09-01", "2024-08-05", "simplified", "9.00"),
        ("2024-09-01", "2024-08-06", "simplified", "18.00"),
        ("2026-03-01", "2026-01-06", "simplified", "18.00"),
        ("2026-03-01", "2026-01-07", "standard", "9.60"),
    ],
)
def test_the_law_as_it_was_known(on: str, known_on: str, regime: str, total: str) -> None:
    answer = ask_with(
        "tr",
        on,
        FULL.format("30.00"),
        known_on=known_on,
        currency="EUR",
        fx={"EUR": "1"},
        from_="CN",
    )
    assert (answer.regime, f"{answer.total():.2f}") == (regime, total)
