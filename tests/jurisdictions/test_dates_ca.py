"""Canada: the day before and the day of every change."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pratique.jurisdictions import shipped
from tests.jurisdictions.asked import ask, owed

SHIRT = "hs=610910,value={},origin=CN,duty=18%"
FREE = "hs=420222,value={},origin=CN,duty=0%"
TOY = "hs=950300,value={},origin=CN,duty=0%"
US: dict[str, Any] = {"from_": "US", "channel": "express"}
CN: dict[str, Any] = {"from_": "CN"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "border"),
    [
        # the limit of the low value programme
        ("2013-01-07", FREE.format("2000.00"), US, "ordinary", "100.00"),
        ("2013-01-08", FREE.format("2000.00"), US, "courier_low_value", "100.00"),
        ("2020-06-30", FREE.format("3000.00"), US, "ordinary", "150.00"),
        ("2020-07-01", FREE.format("3000.00"), US, "courier_low_value", "150.00"),
        # CUSMA: CAD 40 and CAD 150 by courier, nothing new by mail or from elsewhere
        ("2020-06-30", SHIRT.format("40.00"), US, "courier_low_value", "9.56"),
        ("2020-07-01", SHIRT.format("40.00"), US, "courier_low_value", "0"),
        ("2020-06-30", SHIRT.format("100.00"), US, "courier_low_value", "23.90"),
        ("2020-07-01", SHIRT.format("100.00"), US, "courier_low_value", "5.00"),
        ("2020-07-01", SHIRT.format("100.00"), US | {"from_": "MX"}, "courier_low_value", "5.00"),
        ("2020-07-01", SHIRT.format("100.00"), US | {"from_": "CN"}, "courier_low_value", "23.90"),
        ("2020-07-01", SHIRT.format("100.00"), US | {"channel": "post"}, "postal", "23.90"),
        ("2020-06-30", SHIRT.format("20.00"), US, "courier_low_value", "0"),
        # the tax break of 2024/25
        ("2024-12-13", TOY.format("100.00"), CN, "postal", "5.00"),
        ("2024-12-14", TOY.format("100.00"), CN, "postal", "0"),
        ("2025-02-15", TOY.format("100.00"), CN | {"subdivision": "ON"}, "postal", "0"),
        ("2025-02-16", TOY.format("100.00"), CN | {"subdivision": "ON"}, "postal", "13.00"),
        ("2025-01-15", TOY.format("100.00"), CN | {"subdivision": "QC"}, "postal", "9.98"),
        ("2025-01-15", SHIRT.format("100.00"), CN, "postal", "23.90"),
        # rates of the provinces
        ("2016-06-30", FREE.format("100.00"), CN | {"subdivision": "NB"}, "postal", "13.00"),
        ("2016-07-01", FREE.format("100.00"), CN | {"subdivision": "NB"}, "postal", "15.00"),
        ("2016-06-30", FREE.format("100.00"), CN | {"subdivision": "NL"}, "postal", "13.00"),
        ("2016-07-01", FREE.format("100.00"), CN | {"subdivision": "NL"}, "postal", "15.00"),
        ("2016-09-30", FREE.format("100.00"), CN | {"subdivision": "PE"}, "postal", "14.00"),
        ("2016-10-01", FREE.format("100.00"), CN | {"subdivision": "PE"}, "postal", "15.00"),
        ("2013-06-30", FREE.format("100.00"), CN | {"subdivision": "MB"}, "postal", "12.00"),
        ("2013-07-01", FREE.format("100.00"), CN | {"subdivision": "MB"}, "postal", "13.00"),
        ("2019-06-30", FREE.format("100.00"), CN | {"subdivision": "MB"}, "postal", "13.00"),
        ("2019-07-01", FREE.format("100.00"), CN | {"subdivision": "MB"}, "postal", "12.00"),
        ("2017-03-22", FREE.format("100.00"), CN | {"subdivision": "SK"}, "postal", "10.00"),
        ("2017-03-23", FREE.format("100.00"), CN | {"subdivision": "SK"}, "postal", "11.00"),
        ("2025-03-31", FREE.format("100.00"), CN | {"subdivision": "NS"}, "postal", "15.00"),
        ("2025-04-01", FREE.format("100.00"), CN | {"subdivision": "NS"}, "postal", "14.00"),
    ],
)  # fmt: skip
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("ca", on, line, currency="CAD", **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("on", "line", "more", "asks"),
    [
        # provincial taxes before today's structure
        ("2013-03-31", FREE.format("100.00"), CN | {"subdivision": "ON"}, True),
        ("2013-04-01", FREE.format("100.00"), CN | {"subdivision": "ON"}, False),
        ("2013-03-31", FREE.format("100.00"), CN | {"subdivision": "AB"}, False),
        # surtax on goods of the United States, 2018 and 2025
        ("2018-06-30", "hs=940360,value=500.00,origin=US,duty=0%", US, False),
        ("2018-07-01", "hs=732393,value=500.00,origin=US,duty=0%", US, True),
        ("2019-05-19", "hs=732393,value=500.00,origin=US,duty=0%", US, True),
        ("2019-05-20", "hs=732393,value=500.00,origin=US,duty=0%", US, False),
        ("2025-03-03", "hs=610910,value=500.00,origin=US,duty=0%", US, False),
        ("2025-03-04", "hs=610910,value=500.00,origin=US,duty=0%", US, True),
        ("2025-03-12", "hs=847130,value=500.00,origin=US", US, False),
        ("2025-03-13", "hs=847130,value=500.00,origin=US", US, True),
        ("2025-08-31", "hs=610910,value=500.00,origin=US,duty=0%", US, True),
        ("2025-09-01", "hs=610910,value=500.00,origin=US,duty=0%", US, False),
        ("2025-09-01", "hs=732393,value=500.00,origin=US,duty=0%", US, True),
        # it goes with the origin, whatever country the goods come from, and not where duty is remitted
        ("2025-06-01", "hs=610910,value=500.00,origin=US,duty=0%", CN, True),
        ("2025-06-01", "hs=610910,value=150.00,origin=US,duty=0%", US, False),
        ("2025-06-01", "hs=610910,value=500.00,origin=CN,duty=0%", US, False),
        # surtax on goods of China
        ("2024-09-30", "hs=870380,value=9000.00,origin=CN,duty=6.1%", CN, False),
        ("2024-10-01", "hs=870380,value=9000.00,origin=CN,duty=6.1%", CN, True),
        ("2024-10-21", "hs=730890,value=500.00,origin=CN,duty=0%", CN, False),
        ("2024-10-22", "hs=730890,value=500.00,origin=CN,duty=0%", CN, True),
        ("2025-07-30", "hs=730890,value=500.00,origin=VN,duty=0%", CN, False),
        ("2025-07-31", "hs=730890,value=500.00,origin=VN,duty=0%", CN, True),
        # vaping products leave the remission
        ("2022-09-30", "hs=240412,value=15.00,origin=CN,duty=0%", CN, False),
        ("2022-10-01", "hs=240412,value=15.00,origin=CN,duty=0%", CN, True),
    ],
)
def test_what_asks_a_person_from_which_day(
    on: str, line: str, more: dict[str, Any], asks: bool
) -> None:
    assert bool(ask("ca", on, line, currency="CAD", **more).needs_human) is asks


def test_the_limits_of_cusma_are_known_since_the_notice_of_2_may_2020() -> None:
    for known_on, is_known in ((date(2020, 5, 1), False), (date(2020, 5, 2), True)):
        law = shipped().law_in_force("ca", date(2020, 7, 1), known_on)
        assert ("courier_tax_limit" in {each.name for each in law.parameters}) is is_known


def test_pre_load_data_is_asked_for_from_april_2025() -> None:
    for on, is_asked in ((date(2025, 3, 31), False), (date(2025, 4, 1), True)):
        law = shipped().law_in_force("ca", on)
        assert ("pre_load_mass" in {each.name for each in law.requirements}) is is_asked
