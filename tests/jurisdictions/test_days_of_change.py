"""The day before and the day of every change that is known of parcels' law, one place and parcel each.

The amounts due follow from the rates and limits on either side of the day, reckoned by hand; what each rests on is
tested with the place.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from pratique.model.outcomes import Assessment
from tests.jurisdictions.asked import DESK, ask

EXPRESS: dict[str, Any] = {"channel": "express"}
SCHEME: dict[str, Any] = {"scheme_number": True}


def shirt(value: str, duty: str = "12%", origin: str = "CN") -> str:
    return f"hs=610910,value={value},origin={origin},what=cotton T-shirt,duty={duty}"


def dollars(rate: str) -> dict[str, Any]:
    return {"currency": "USD", "fx": {"USD": rate}}


CHANGES = [
    ("2015-12-01", "kr", shirt("140.00", "13%"), dollars("1150"), "39120", "0"),
    ("2016-04-08", "cn", shirt("500.00", "0%", "VN"), {"currency": "CNY", **SCHEME}, "100.00", "59.50"),
    ("2018-07-01", "au", shirt("100.00", "5%"), {"currency": "AUD", **SCHEME}, "0", "10.00"),
    ("2019-01-01", "cn", shirt("3000.00", "0%", "VN"), {"currency": "CNY", **SCHEME}, "480.00", "336.00"),
    ("2019-01-01", "ch", shirt("50.00"), {"currency": "CHF", **SCHEME}, "6.00", "9.85"),
    ("2019-10-01", "jp", shirt("30000", "10%"), {"currency": "JPY"}, "3100", "3500"),
    ("2019-12-01", "nz", shirt("300.00", "10%"), {"currency": "NZD", **SCHEME}, "135.21", "45.00"),
    ("2020-01-30", "id", shirt("50.00"), dollars("14000"), "0", "163000"),
    ("2020-04-01", "no", shirt("1000.00"), {"currency": "NOK", **SCHEME}, "400", "250.00"),
    ("2020-07-01", "ca", shirt("100.00", "18%", "US"), {"currency": "CAD", "from_": "US", **EXPRESS}, "23.90", "5.00"),
    ("2020-07-01", "mx", shirt("100.00", "20%", "US"), {**dollars("20"), "from_": "US", **EXPRESS}, "320.00", "340.00"),
    ("2020-07-01", "de", shirt("200.00"), {"currency": "EUR"}, "66.56", "59.84"),
    ("2020-09-01", "ie", shirt("200.00"), {"currency": "EUR"}, "75.52", "71.04"),
    ("2021-01-01", "de", shirt("200.00"), {"currency": "EUR"}, "59.84", "66.56"),
    ("2021-01-01", "gb", shirt("14.00"), {"currency": "GBP"}, "0", "2.80"),
    ("2021-03-01", "ie", shirt("200.00"), {"currency": "EUR"}, "71.04", "75.52"),
    ("2021-07-01", "de", shirt("20.00"), {"currency": "EUR"}, "0", "3.80"),
    ("2022-04-01", "id", shirt("50.00"), dollars("14000"), "163000", "171000"),
    ("2023-01-01", "sg", shirt("100.00", "0%"), {"currency": "SGD", **SCHEME}, "0", "8.00"),
    ("2023-08-01", "br", shirt("40.00"), {**dollars("5"), **SCHEME}, "185.54", "40.96"),
    ("2024-01-01", "sg", shirt("100.00", "0%"), {"currency": "SGD", **SCHEME}, "8.00", "9.00"),
    ("2024-01-01", "no", shirt("300.00"), {"currency": "NOK"}, "0", "120"),
    ("2024-01-01", "my", shirt("300.00"), {"currency": "MYR", **SCHEME}, "0", "30.00"),
    ("2024-01-01", "ch", shirt("100.00"), {"currency": "CHF"}, "20.60", "8.10"),
    ("2024-01-01", "lu", shirt("200.00"), {"currency": "EUR"}, "59.84", "62.08"),
    ("2024-01-01", "ee", shirt("200.00"), {"currency": "EUR"}, "68.80", "73.28"),
    ("2024-07-05", "th", shirt("1000.00"), {"currency": "THB"}, "0", "70.00"),
    ("2024-08-01", "br", shirt("40.00"), {**dollars("5"), **SCHEME}, "40.96", "89.16"),
    ("2024-08-21", "tr", shirt("100.00"), {"currency": "EUR", "fx": {"EUR": "36"}, "from_": "CN"}, "1080.00", "835.20"),
    ("2024-09-01", "za", shirt("400.00"), {"currency": "ZAR", **EXPRESS}, "80.00", "158.00"),
    ("2024-09-01", "fi", shirt("200.00"), {"currency": "EUR"}, "77.76", "81.12"),
    ("2025-01-01", "ch", shirt("100.00"), {"currency": "CHF", "flow": "c2c", **SCHEME}, "0", "8.10"),
    ("2025-01-01", "mx", shirt("30.00"), {**dollars("20"), "from_": "CN", **EXPRESS}, "0", "114.00"),
    ("2025-01-01", "sk", shirt("200.00"), {"currency": "EUR"}, "68.80", "75.52"),
    ("2025-02-18", "vn", shirt("900000"), {"currency": "VND", **EXPRESS}, "0", "72000"),
    ("2025-03-05", "id", shirt("100.00"), dollars("16000"), "390000", "720000"),
    ("2025-05-02", "us", shirt("100.00", "16.5%"), {"currency": "USD"}, "0", "120.00"),
    ("2025-07-01", "ee", shirt("200.00"), {"currency": "EUR"}, "73.28", "77.76"),
    ("2025-08-01", "ro", shirt("200.00"), {"currency": "EUR", "fx": {"EUR": "5"}}, "332.80", "355.20"),
    ("2025-08-15", "mx", shirt("100.00"), {**dollars("20"), **EXPRESS}, "380.00", "670.00"),
    ("2025-08-29", "us", shirt("100.00", "16.5%", "DE"), {"currency": "USD", "from_": "DE"}, "0", "15.00"),
    ("2025-09-22", "in", shirt("2000.00"), {"currency": "INR"}, "842", "620"),
    ("2025-10-25", "cl", shirt("100.00"), {**dollars("950"), **SCHEME}, "31616", "18050"),
    ("2026-01-01", "th", shirt("1000.00"), {"currency": "THB"}, "70.00", "198.40"),
    ("2026-01-01", "ro", shirt("20.00"), {"currency": "EUR", "fx": {"EUR": "5"}}, "21.00", "46.00"),
    ("2026-02-06", "tr", shirt("20.00"), {"currency": "EUR", "fx": {"EUR": "36"}, "from_": "CN"}, "432.00", "167.04"),
    ("2026-02-24", "us", shirt("100.00", "16.5%", "VN"), {"currency": "USD", "from_": "VN"}, "20.00", "10.00"),
    ("2026-03-01", "fr", shirt("20.00"), {"currency": "EUR"}, "4.00", "6.00"),
    ("2026-07-01", "de", shirt("20.00"), {"currency": "EUR", **SCHEME}, "3.80", "6.80"),
    ("2028-07-01", "de", shirt("20.00"), {"currency": "EUR", **SCHEME}, "6.80", "6.20"),
]  # fmt: skip


def before_and_on(day: str, place: str, line: str, more: dict[str, Any]) -> list[Assessment]:
    on = date.fromisoformat(day)
    days = (on - timedelta(days=1), on)
    return [ask(place, each.isoformat(), line, **dict(more)) for each in days]


@pytest.mark.parametrize(
    ("day", "place", "line", "more", "before", "after"),
    CHANGES,
    ids=[f"{day} {place}" for day, place, *_ in CHANGES],
)
def test_what_is_due_the_day_before_and_the_day_of_a_change(
    day: str, place: str, line: str, more: dict[str, Any], before: str, after: str
) -> None:
    assert [str(each.total()) for each in before_and_on(day, place, line, more)] == [before, after]


@pytest.mark.parametrize(
    ("day", "place", "line", "more"),
    [
        # the flat postal duty ended with the surcharge; what came in its place is not verified
        ("2026-07-24", "us", shirt("100.00", "16.5%", "VN"), {"currency": "USD", "from_": "VN"}),
        # the relief of sales at a distance ends; the rates from then on are not published
        ("2028-04-01", "jp", shirt("15000", "10%"), {"currency": "JPY", **SCHEME}),
    ],
)
def test_from_that_day_on_a_person_is_asked(
    day: str, place: str, line: str, more: dict[str, Any]
) -> None:
    before, after = before_and_on(day, place, line, more)
    assert (bool(before.needs_human), bool(after.needs_human)) == (False, True)


def test_pre_load_data_on_air_cargo_to_canada_name_the_weight() -> None:
    def pointers(on: date) -> set[str]:
        law = DESK.law_in_force("CA", on)
        return {
            each.pointer for each in law.requirements if each.citation.rule.endswith("@2025-04-01")
        }

    day = date(2025, 4, 1)
    assert pointers(day - timedelta(days=1)) == set()
    assert pointers(day)
