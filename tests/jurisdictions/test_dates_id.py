"""Indonesia: the day before and the day of every change."""

from datetime import date

import pytest

from pratique.jurisdictions.cases import Case, Expectation
from pratique.office.desk import Desk
from pratique.office.quote import quote
from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.test_cases import request_of

TOY = "hs=950300,value={},what=toy"
BAG = "hs=420221,value={},what=bag"
CREAM = "hs=330499,value={},what=skin cream"
BOOK = "hs=490199,value={},what=novel"
NOTHING = "0.00 0.00 0.00 0.00 0.00"


@pytest.mark.parametrize(
    ("on", "line", "rate", "wanted", "asks"),
    [
        # USD 100 in place of USD 50, the whole value in place of the excess (25 dollars at 15 % by tariff), and
        # income tax of 10 %: 1,540,000 + 116,000, both VAT and income tax 165,600 up to 166,000
        ("2017-01-26", TOY.format("75.00") + ",duty=15%", "14000", "53000.00 41000.00 0.00 0.00 94000.00", True),
        ("2017-01-27", TOY.format("75.00"), "14000", NOTHING, False),
        ("2017-01-26", TOY.format("110.00") + ",duty=15%", "14000", "126000.00 97000.00 0.00 0.00 223000.00", True),
        ("2017-01-27", TOY.format("110.00"), "14000", "116000.00 332000.00 0.00 0.00 448000.00", False),
        # USD 75
        ("2018-10-09", TOY.format("100.00"), "14000", NOTHING, False),
        ("2018-10-10", TOY.format("100.00"), "14000", "105000.00 302000.00 0.00 0.00 407000.00", False),
        ("2018-10-10", TOY.format("75.00"), "14000", NOTHING, False),
        # USD 3, for duty only; no income tax on ordinary goods any more; bags by tariff; books free
        ("2020-01-29", TOY.format("75.00"), "14000", NOTHING, False),
        ("2020-01-30", TOY.format("75.00"), "14000", "79000.00 113000.00 0.00 0.00 192000.00", False),
        ("2020-01-29", TOY.format("100.00"), "14000", "105000.00 302000.00 0.00 0.00 407000.00", False),
        ("2020-01-30", TOY.format("100.00"), "14000", "105000.00 151000.00 0.00 0.00 256000.00", False),
        ("2020-01-30", BAG.format("100.00") + ",duty=20%", "14000", "280000.00 168000.00 0.00 0.00 448000.00", True),
        ("2020-01-30", TOY.format("3.00"), "14000", "0.00 5000.00 0.00 0.00 5000.00", False),
        ("2020-01-29", BOOK.format("100.00"), "14000", "105000.00 302000.00 0.00 0.00 407000.00", False),
        ("2020-01-30", BOOK.format("100.00"), "14000", NOTHING, False),
        # VAT 10 -> 11 %
        ("2022-03-31", TOY.format("100.00"), "14400", "108000.00 155000.00 0.00 0.00 263000.00", False),
        ("2022-04-01", TOY.format("100.00"), "14400", "108000.00 171000.00 0.00 0.00 279000.00", False),
        # cosmetics, steel, bicycles and watches by tariff
        ("2023-10-16", CREAM.format("100.00"), "15700", "118000.00 186000.00 0.00 0.00 304000.00", False),
        ("2023-10-17", CREAM.format("100.00") + ",duty=10%", "15700", "157000.00 190000.00 0.00 0.00 347000.00", True),
        # VAT 12 % of eleven twelfths changes nothing
        ("2024-12-31", TOY.format("100.00"), "16000", "120000.00 190000.00 0.00 0.00 310000.00", False),
        ("2025-01-01", TOY.format("100.00"), "16000", "120000.00 190000.00 0.00 0.00 310000.00", False),
        # 15 and 25 % with income tax of 5 %
        ("2025-03-04", BAG.format("100.00") + ",duty=20%", "16000", "320000.00 212000.00 0.00 0.00 532000.00", True),
        ("2025-03-05", BAG.format("100.00"), "16000", "400000.00 320000.00 0.00 0.00 720000.00", False),
        ("2025-03-05", CREAM.format("100.00"), "16000", "240000.00 295000.00 0.00 0.00 535000.00", False),
        ("2025-03-05", TOY.format("100.00"), "16000", "120000.00 190000.00 0.00 0.00 310000.00", False),
    ],
)  # fmt: skip
def test_the_law_of_the_day_applies(on: str, line: str, rate: str, wanted: str, asks: bool) -> None:
    answer = ask("id", on, line, currency="USD", fx={"USD": rate})
    assert sums(answer) == (wanted, asks), answer.needs_human


def test_the_rate_of_the_tariff_is_asked_for_only_where_it_is_needed() -> None:
    for on, line, asks in (
        ("2025-03-04", BAG.format("100.00"), True),
        ("2025-03-05", BAG.format("100.00"), False),
        ("2023-10-16", CREAM.format("100.00"), False),
        ("2023-10-17", CREAM.format("100.00"), True),
        ("2023-10-17", CREAM.format("3.00"), False),
    ):
        answer = ask("id", on, line, currency="USD", fx={"USD": "16000"})
        assert bool(answer.needs_human) is asks, (on, line)


@pytest.mark.parametrize(
    ("on", "known_on", "line", "wanted", "asks"),
    [
        ("2018-11-01", "2018-09-09", TOY.format("100.00"), NOTHING, False),
        ("2018-11-01", "2018-09-10", TOY.format("100.00"), "105000.00 302000.00 0.00 0.00 407000.00", False),
        ("2020-02-15", "2019-12-25", TOY.format("75.00"), NOTHING, False),
        ("2020-02-15", "2019-12-26", TOY.format("75.00"), "79000.00 113000.00 0.00 0.00 192000.00", False),
        ("2025-03-10", "2025-02-02", BAG.format("100.00") + ",duty=20%", "280000.00 185000.00 0.00 0.00 465000.00", True),
        ("2025-03-10", "2025-02-03", BAG.format("100.00") + ",duty=20%", "350000.00 281000.00 0.00 0.00 631000.00", False),
    ],
)  # fmt: skip
def test_the_law_as_it_was_known(
    on: str, known_on: str, line: str, wanted: str, asks: bool
) -> None:
    case = Case(
        title="asked",
        source="a test",
        on=date.fromisoformat(on),
        currency="USD",
        lines=(line,),
        fx={"USD": "14000"},
        expect=Expectation(),
    )
    desk = Desk(known_on=date.fromisoformat(known_on))
    assert sums(quote(request_of("id", case), desk)) == (wanted, asks)
