"""Mexico: examples reckoned by hand from the rules, with the reasoning beside them.

The five sums are duty, tax, fees, due at sale, due at the border, in pesos; one dollar is 20 pesos.
"""

from typing import Any

import pytest

from tests.jurisdictions.asked import ask, sums
from tests.jurisdictions.asked_with import ask_with

DAY = "2025-10-01"
CHINA: dict[str, Any] = {"channel": "express", "from_": "CN"}
STATES: dict[str, Any] = {"channel": "express", "from_": "US"}
NOTHING = "0.00 0.00 0.00 0.00 0.00"


def shirt(value: str, origin: str = "CN", more: str = "") -> str:
    """One line of clothes."""
    return f"hs=610910,value={value},origin={origin},what=cotton T-shirt{more}"


def reckon(on: str, line: str, **more: Any) -> tuple[str, bool]:
    """The five sums of a quote in pesos, unless another currency is named."""
    more = {"fx": {"USD": "20"}, **more}
    return sums(ask("mx", on, line, currency=more.pop("currency", "MXN"), **more))


@pytest.mark.parametrize(
    ("on", "line", "more", "wanted"),
    [
        # 1,234.56 x 33.5 % = 413.5776
        (DAY, shirt("1234.56"), CHINA, "0.00 413.58 0.00 0.00 413.58"),
        # each line at its own origin, the limits against the whole: 1,000 + 1,500 pesos are USD 125, above 117
        (DAY, shirt("1000.00", "US") + ";" + shirt("1500.00", "US"), STATES, "0.00 475.00 0.00 0.00 475.00"),
        # USD 110 in all: 17 % on the goods of the United States, 33.5 % on those of China
        (DAY, shirt("1200.00", "US") + ";" + shirt("1000.00"), STATES, "0.00 539.00 0.00 0.00 539.00"),
        # USD 50 exactly is free, a centavo more is not: 1,000.01 x 17 % = 170.0017
        (DAY, shirt("1000.00", "US"), STATES, NOTHING),
        (DAY, shirt("1000.01", "US"), STATES, "0.00 170.00 0.00 0.00 170.00"),
        # USD 117 exactly 17 % of 2,340, a centavo more 19 %: 444.6019
        (DAY, shirt("2340.00", "US"), STATES, "0.00 397.80 0.00 0.00 397.80"),
        (DAY, shirt("2340.01", "US"), STATES, "0.00 444.60 0.00 0.00 444.60"),
        # up to USD 1 from Chile free, from China not: 20 x 33.5 %
        (DAY, shirt("20.00", "CL"), {"channel": "express", "from_": "CL"}, NOTHING),
        (DAY, shirt("20.00"), CHINA, "0.00 6.70 0.00 0.00 6.70"),
        # the declared price counts, not the freight: 1,000 x 33.5 %
        (DAY, shirt("1000.00"), {**CHINA, "freight": "300.00"}, "0.00 335.00 0.00 0.00 335.00"),
        # private gifts have no relief of their own
        (DAY, shirt("1000.00"), {**CHINA, "flow": "c2c"}, "0.00 335.00 0.00 0.00 335.00"),
        # a business may use the courier too
        (DAY, shirt("1000.00"), {**CHINA, "flow": "b2b"}, "0.00 335.00 0.00 0.00 335.00"),
        # USD 2,500 exactly by courier; a centavo more is declared in full:
        # 50,000.01 x 20 % = 10,000.002; x 0.8 % is less than 417; (50,000.01 + 10,000 + 417) x 16 % = 9,666.7216
        (DAY, shirt("50000.00"), CHINA, "0.00 16750.00 0.00 0.00 16750.00"),
        (DAY, shirt("50000.01", more=",duty=20%"), CHINA, "10000.00 9666.72 417.00 0.00 20083.72"),
        # cargo: (10,000 + 1,000) x 35 % = 3,850; the least fee of 417; (11,000 + 3,850 + 417) x 16 % = 2,442.72
        (DAY, shirt("10000.00", more=",duty=35%"), {"channel": "cargo", "from_": "CN", "freight": "1000.00"}, "3850.00 2442.72 417.00 0.00 6709.72"),
        # by post 19 % above USD 50; above USD 1,000 in full: 20,000.01 x 0 %, fee 417, VAT 16 % of 20,417.01
        (DAY, shirt("1000.00"), {"from_": "CN"}, NOTHING),
        (DAY, shirt("2000.00"), {"from_": "CN"}, "0.00 380.00 0.00 0.00 380.00"),
        (DAY, shirt("20000.01", more=",duty=0%"), {"from_": "CN"}, "0.00 3266.72 417.00 0.00 3683.72"),
        # 2020 to 2024: USD 100 from the United States 17 %, from China 19 %
        ("2023-05-01", shirt("2000.00", "US"), STATES, "0.00 340.00 0.00 0.00 340.00"),
        ("2023-05-01", shirt("2000.00"), CHINA, "0.00 380.00 0.00 0.00 380.00"),
        ("2023-05-01", shirt("1000.00"), CHINA, NOTHING),
    ],
)  # fmt: skip
def test_parcels(on: str, line: str, more: dict[str, Any], wanted: str) -> None:
    assert reckon(on, line, **more) == (wanted, False)


def test_a_price_in_dollars_is_held_against_limits_in_dollars() -> None:
    # 120 x 18.4321 = 2,211.852; x 33.5 % = 740.97042
    line, fx = shirt("120.00"), {"USD": "18.4321"}
    assert reckon(DAY, line, currency="USD", fx=fx, **CHINA)[0] == "0.00 740.97 0.00 0.00 740.97"
    asked = ask("mx", DAY, line, currency="USD", **CHINA).needs_human
    assert "--fx USD=RATE" in asked[0].because


def test_hard_case_12_mode_and_channel() -> None:
    line = shirt("1500.00", more=",duty=35%")
    by = {
        channel: ask("mx", DAY, line, currency="MXN", fx={"USD": "20"}, from_="CN", channel=channel)
        for channel in ("post", "express", "cargo")
    }
    assert {channel: answer.regime for channel, answer in by.items()} == {
        "post": "post",
        "express": "courier",
        "cargo": "standard",
    }
    # 19 %, 33.5 %, and 525 + 417 + 16 % of 2,442
    assert [f"{answer.total():.2f}" for answer in by.values()] == ["285.00", "502.50", "1332.72"]


def test_hard_case_13_origin_dispatch_and_preference_are_three_things() -> None:
    # from the United States and of it: 17 %; of China or from China: 33.5 % with a warning
    for start, origin, tax, warned in (
        ("US", "US", "340.00", False),
        ("US", "CN", "670.00", True),
        ("CN", "US", "670.00", True),
        ("CN", "CN", "670.00", False),
        ("CA", "MX", "340.00", False),
    ):
        line = shirt("2000.00", origin)
        answer = ask(
            "mx", DAY, line, currency="MXN", fx={"USD": "20"}, from_=start, channel="express"
        )
        assert f"{answer.total():.2f}" == tax, (start, origin)
        assert ("tmec_in_part" in {each.about for each in answer.cautions}) == warned
    # a claim of preference changes nothing by courier
    line = shirt("2000.00", "CN", ",preference=TMEC")
    assert reckon(DAY, line, **CHINA)[0] == "0.00 670.00 0.00 0.00 670.00"


@pytest.mark.parametrize(
    ("line", "more", "about"),
    [
        ("hs=220421,value=500.00,origin=CL", CHINA, "alcohol_tobacco"),
        ("hs=240220,value=500.00,origin=US", STATES, "alcohol_tobacco"),
        ("hs=300490,value=500.00,origin=US", STATES, "restricted"),
        ("hs=610910,value=60000.00,origin=CN", CHINA, "import_duty"),
    ],
)
def test_what_a_person_must_settle(line: str, more: dict[str, Any], about: str) -> None:
    answer = ask("mx", DAY, line, currency="MXN", fx={"USD": "20"}, **more)
    assert about in {each.about for each in answer.needs_human}


def test_other_treaty_countries_come_with_a_warning() -> None:
    answer = ask(
        "mx",
        DAY,
        shirt("1000.00", "DE"),
        currency="MXN",
        fx={"USD": "20"},
        from_="DE",
        channel="express",
    )
    assert f"{answer.total():.2f}" == "335.00"
    assert "other_treaties" in {each.about for each in answer.cautions}


def test_the_rate_of_august_2025_was_known_since_its_publication() -> None:
    def as_known_on(day: str) -> str:
        asked = ask_with(
            "mx",
            "2025-08-20",
            shirt("1000.00"),
            known_on=day,
            currency="MXN",
            fx={"USD": "20"},
            **CHINA,
        )
        return f"{asked.total():.2f}"

    assert as_known_on("2025-07-27") == "190.00"
    assert as_known_on("2025-07-28") == "335.00"


@pytest.mark.parametrize(
    ("value", "start", "wanted"),
    [
        # USD 50 and 117 at 20 pesos: 2,340 x 17 %; above, 2,340.20 x 19 %
        ("1000.00", "US", "0.00 0.00 0.00 0.00 0.00"),
        ("2340.00", "CA", "0.00 397.80 0.00 0.00 397.80"),
        ("2340.20", "US", "0.00 444.64 0.00 0.00 444.64"),
        # elsewhere the origin does not matter: 1,000 x 33.5 %
        ("1000.00", "CN", "0.00 335.00 0.00 0.00 335.00"),
    ],
)
def test_goods_from_the_north_without_origin_are_taken_as_of_there(
    value: str, start: str, wanted: str
) -> None:
    line = f"hs=610910,value={value},what=cotton T-shirt"
    more: dict[str, Any] = {"from_": start, "channel": "express", "fx": {"USD": "20"}}
    answer = ask("mx", "2025-10-01", line, currency="MXN", **more)
    assert sums(answer) == (wanted, False)
    assert ("tmec_origin" in {each.about for each in answer.cautions}) is (start != "CN")


def test_the_processing_fee_is_eight_per_mille_and_at_least_the_quota() -> None:
    for value, fee in (("52125.00", "417.00"), ("52250.00", "418.00"), ("100000.00", "800.00")):
        answer = ask("mx", DAY, shirt(value, more=",duty=0%"), currency="MXN", channel="cargo")
        assert f"{answer.total('fee'):.2f}" == fee
    # before 2024 the quotas are not known: 1,000 x 0.8 %
    old = ask(
        "mx", "2023-12-31", shirt("1000.00", more=",duty=0%"), currency="MXN", channel="cargo"
    )
    assert f"{old.total('fee'):.2f}" == "8.00"
    assert "least processing fee" in " ".join(each.because for each in old.cautions)
