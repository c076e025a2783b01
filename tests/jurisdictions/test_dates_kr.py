"""Korea: the day before and the day of every change."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

SHIRT = "hs=610910,value={},origin=CN,duty=13%"
TOY = "hs=950300,value={},origin=CN,duty=8%"
FUR = "hs=430310,value={},origin=CN,duty=16%"
EXPRESS: dict[str, Any] = {"channel": "express", "from_": "CN"}
FROM_US: dict[str, Any] = {"channel": "express", "from_": "US"}
SIMPLIFIED: dict[str, Any] = {"dataset": "SIMPLIFIED", "from_": "CN"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "border"),
    [
        # USD 200 for express goods from the United States; 180 x 1120 = 201,600
        ("2012-03-14", SHIRT.format("180.00"), {**FROM_US, "fx": {"USD": "1120"}}, "standard", "48980"),
        ("2012-03-15", SHIRT.format("180.00"), {**FROM_US, "fx": {"USD": "1120"}}, "list_clearance", "0"),
        ("2012-03-15", SHIRT.format("180.00"), {**EXPRESS, "fx": {"USD": "1120"}}, "standard", "48980"),
        # KRW 150,000 with freight becomes USD 150 without: 140 x 1150 = 161,000
        ("2015-11-30", SHIRT.format("140.00"), {"fx": {"USD": "1150"}}, "standard", "39120"),
        ("2015-12-01", SHIRT.format("140.00"), {"fx": {"USD": "1150"}}, "low_value", "0"),
        ("2015-11-30", SHIRT.format("120.00"), {"freight": "20", "fx": {"USD": "1150"}}, "standard", "39120"),
        ("2015-12-01", SHIRT.format("120.00"), {"freight": "20", "fx": {"USD": "1150"}}, "low_value", "0"),
        ("2015-11-30", SHIRT.format("130.43"), {"fx": {"USD": "1150"}}, "low_value", "0"),
        # the list: USD 100, then 150
        ("2015-11-30", SHIRT.format("100.00"), {**EXPRESS, "fx": {"USD": "1150"}}, "list_clearance", "0"),
        ("2015-11-30", SHIRT.format("101.00"), {**EXPRESS, "fx": {"USD": "1150"}}, "low_value", "0"),
        ("2015-12-01", SHIRT.format("150.00"), {**EXPRESS, "fx": {"USD": "1150"}}, "list_clearance", "0"),
        ("2015-12-01", SHIRT.format("150.00"), {"fx": {"USD": "1150"}}, "low_value", "0"),
        # simplified rates: 200 x 1300 = 260,000
        ("2023-02-27", TOY.format("200.00"), {**SIMPLIFIED, "fx": {"USD": "1300"}}, "simplified", "52000"),
        ("2023-02-28", TOY.format("200.00"), {**SIMPLIFIED, "fx": {"USD": "1300"}}, "simplified", "39000"),
        ("2023-02-27", SHIRT.format("200.00"), {**SIMPLIFIED, "fx": {"USD": "1300"}}, "simplified", "65000"),
        ("2023-02-28", SHIRT.format("200.00"), {**SIMPLIFIED, "fx": {"USD": "1300"}}, "simplified", "46800"),
        ("2023-02-27", FUR.format("200.00"), {**SIMPLIFIED, "fx": {"USD": "1300"}}, "simplified", "78000"),
        ("2023-02-28", FUR.format("200.00"), {**SIMPLIFIED, "fx": {"USD": "1300"}}, "simplified", "49400"),
    ],
)  # fmt: skip
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("kr", on, line, currency="USD", **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("before", "after", "about", "says"),
    [
        ("2014-06-15", "2014-06-16", "list_goods", "only some kinds"),
        ("2020-03-12", "2020-03-13", "personal_code", "personal customs code"),
    ],
)
def test_cautions_begin_and_end_on_their_day(
    before: str, after: str, about: str, says: str
) -> None:
    told = [
        [
            each.because
            for each in ask(
                "kr", on, SHIRT.format("90.00"), currency="USD", fx={"USD": "1100"}, **EXPRESS
            ).cautions
            if each.about == about
        ]
        for on in (before, after)
    ]
    assert sorted(len(each) for each in told) == [0, 1]
    assert says in (told[0] or told[1])[0]


def test_what_is_added_changed_on_17_november_2022() -> None:
    for on, says in (("2022-11-16", "arrive for the same person"), ("2022-11-17", "same seller")):
        answer = ask("kr", on, SHIRT.format("90.00"), currency="USD", fx={"USD": "1300"}, **EXPRESS)
        assert [says in each.because for each in answer.cautions if each.about == "added_up"] == [
            True
        ]
