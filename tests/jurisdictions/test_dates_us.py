"""United States: the day before and the day of every change, by post and otherwise."""

from decimal import Decimal
from typing import Any

import pytest

from tests.jurisdictions.asked import ask, owed

SHIRT = "hs=610910,value={},origin={},duty=16.5%"
EXPRESS: dict[str, Any] = {"channel": "express"}
FLAT = {"dataset": "FLAT"}


@pytest.mark.parametrize(
    ("on", "line", "more", "regime", "border"),
    [
        # USD 200 becomes USD 800
        ("2016-03-09", SHIRT.format("201.00", "IT"), {}, "informal", "33.17"),
        ("2016-03-10", SHIRT.format("201.00", "IT"), {}, "de_minimis", "0"),
        ("2024-06-01", SHIRT.format("800.00", "CN"), EXPRESS, "de_minimis", "0"),
        ("2024-06-01", SHIRT.format("800.01", "IT"), EXPRESS, "informal", "132.00"),
        # additional duties on China, above the limit: 16.5 + 7.5, then + 10, then + 20
        ("2025-02-03", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "240.00"),
        ("2025-02-04", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "340.00"),
        ("2025-03-03", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "340.00"),
        ("2025-03-04", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "440.00"),
        # the reciprocal duty: 10 %, for China 84, 125 and again 10 %
        ("2025-04-04", SHIRT.format("1000.00", "VN"), EXPRESS, "informal", "165.00"),
        ("2025-04-05", SHIRT.format("1000.00", "VN"), EXPRESS, "informal", "265.00"),
        ("2025-04-08", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "540.00"),
        ("2025-04-09", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "1280.00"),
        ("2025-04-10", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "1690.00"),
        ("2025-05-13", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "1690.00"),
        ("2025-05-14", SHIRT.format("1000.00", "CN"), EXPRESS, "informal", "540.00"),
        # de minimis ends for China
        ("2025-05-01", SHIRT.format("100.00", "CN"), EXPRESS, "de_minimis", "0"),
        ("2025-05-02", SHIRT.format("100.00", "CN"), EXPRESS, "informal", "169.00"),
        ("2025-05-01", SHIRT.format("100.00", "HK"), {}, "de_minimis", "0"),
        ("2025-05-02", SHIRT.format("100.00", "HK"), {}, "china_post", "120.00"),
        ("2025-05-02", SHIRT.format("40.00", "CN"), FLAT, "china_post", "100.00"),
        ("2025-05-13", SHIRT.format("100.00", "CN"), {}, "china_post", "120.00"),
        ("2025-05-14", SHIRT.format("100.00", "CN"), {}, "china_post", "54.00"),
        # the rates of the countries
        ("2025-08-06", SHIRT.format("1000.00", "VN"), EXPRESS, "informal", "265.00"),
        ("2025-08-07", SHIRT.format("1000.00", "VN"), EXPRESS, "informal", "365.00"),
        ("2025-08-07", SHIRT.format("1000.00", "DE"), EXPRESS, "informal", "165.00"),
        # de minimis ends for all
        ("2025-08-28", SHIRT.format("100.00", "DE"), {}, "de_minimis", "0"),
        ("2025-08-29", SHIRT.format("100.00", "DE"), {}, "postal_duty", "15.00"),
        ("2025-08-28", SHIRT.format("100.00", "VN"), EXPRESS, "de_minimis", "0"),
        ("2025-08-29", SHIRT.format("100.00", "VN"), EXPRESS, "informal", "36.50"),
        ("2025-08-29", SHIRT.format("100.00", "DE"), FLAT, "postal_duty", "80"),
        ("2025-08-29", SHIRT.format("100.00", "TW"), FLAT, "postal_duty", "160"),
        ("2025-08-29", SHIRT.format("100.00", "MX"), FLAT, "postal_duty", "160"),
        ("2025-08-29", SHIRT.format("100.00", "IN"), FLAT, "postal_duty", "200"),
        # rates of single countries
        ("2025-11-09", SHIRT.format("100.00", "CN"), {}, "postal_duty", "30.00"),
        ("2025-11-10", SHIRT.format("100.00", "CN"), {}, "postal_duty", "20.00"),
        ("2025-11-13", SHIRT.format("100.00", "CH"), {}, "postal_duty", "39.00"),
        ("2025-11-14", SHIRT.format("100.00", "CH"), {}, "postal_duty", "15.00"),
        ("2026-02-06", SHIRT.format("100.00", "IN"), {}, "postal_duty", "50.00"),
        ("2026-02-07", SHIRT.format("100.00", "IN"), {}, "postal_duty", "25.00"),
        # IEEPA ends, the surcharge begins
        ("2026-02-23", SHIRT.format("100.00", "VN"), {}, "postal_duty", "20.00"),
        ("2026-02-24", SHIRT.format("100.00", "VN"), {}, "postal_duty", "10.00"),
        ("2026-02-24", SHIRT.format("100.00", "VN"), FLAT, "postal_duty", "10.00"),
        ("2026-02-23", SHIRT.format("100.00", "VN"), EXPRESS, "informal", "36.50"),
        ("2026-02-24", SHIRT.format("100.00", "VN"), EXPRESS, "informal", "26.50"),
        ("2026-07-23", SHIRT.format("100.00", "VN"), {}, "postal_duty", "10.00"),
        ("2026-07-23", SHIRT.format("100.00", "CN"), EXPRESS, "informal", "34.00"),
    ],
)
def test_the_law_of_the_day_applies(
    on: str, line: str, more: dict[str, Any], regime: str, border: str
) -> None:
    answer = ask("us", on, line, currency="USD", freight="30.00", **more)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), False), answer.needs_human


@pytest.mark.parametrize(
    ("channel", "regime", "border"),
    [("post", "postal_entry", "19.19"), ("express", "informal", "16.50")],
)
def test_after_the_surcharge_a_person_must_look(channel: str, regime: str, border: str) -> None:
    line = SHIRT.format("100.00", "VN")
    answer = ask("us", "2026-07-24", line, currency="USD", channel=channel)
    assert owed(answer) == (regime, Decimal(0), Decimal(border), True)


def test_goods_of_several_origins_are_reckoned_line_by_line_and_said_to_be_contested() -> None:
    lines = "hs=610910,value=47.00,origin=GB;hs=610910,value=45.00,origin=BR"
    answer = ask("us", "2025-09-02", lines, currency="USD")
    assert [charge.amount for charge in answer.charges] == [Decimal("4.70"), Decimal("22.50")]
    assert "several_origins" in {each.about for each in answer.cautions}


def test_the_flat_amount_follows_the_highest_rate() -> None:
    lines = "hs=610910,value=47.00,origin=GB;hs=610910,value=45.00,origin=BR"
    answer = ask("us", "2025-09-02", lines, currency="USD", **FLAT)
    assert answer.total() == Decimal(200)


@pytest.mark.parametrize(
    ("on", "line", "about"),
    [
        ("2025-09-02", "hs=732393,value=100.00,origin=IN,duty=2%", "section_232"),
        ("2026-03-02", "hs=732393,value=100.00,origin=IN,duty=2%", "section_232"),
        ("2025-09-02", "hs=640399,value=100.00,origin=CN,duty=8.5%", "section_301_duty"),
        ("2023-01-02", "hs=85423100,value=900.00,origin=CN,duty=0%", "section_301_earlier"),
        ("2025-09-02", "hs=854370,value=300.00,origin=VN,duty=0%", "reciprocal_exempt"),
        ("2019-05-01", "hs=610910,value=900.00,origin=CN,duty=16.5%", "section_301_before_2020"),
        ("2025-09-02", "hs=220421,value=100.00,origin=FR,duty=0%", "excise"),
        ("2025-09-02", "hs=610910,value=100.00,origin=CN", "customs_duty"),
        ("2011-06-01", "hs=610910,value=3000.00,origin=IT,duty=16.5%", "formal_fee"),
        ("2026-10-01", "hs=610910,value=3000.00,origin=IT,duty=16.5%", "formal_fee"),
    ],
)
def test_what_the_file_does_not_hold_asks_a_person(on: str, line: str, about: str) -> None:
    answer = ask("us", on, line, currency="USD", **EXPRESS)
    assert about in {each.about for each in answer.needs_human}


def test_books_are_outside_emergency_duties_and_stay_de_minimis() -> None:
    line = "hs=490199,value=40.00,origin=GB"
    answer = ask("us", "2025-09-02", line, currency="USD")
    assert owed(answer) == ("de_minimis", Decimal(0), Decimal(0), False)


def test_goods_that_qualify_under_usmca_are_free_of_the_surcharge() -> None:
    line = "hs=610910,value=100.00,origin=CA,duty=0%"
    free = ask("us", "2026-03-02", line + ",preference=USMCA", currency="USD", **EXPRESS)
    taxed = ask("us", "2026-03-02", line, currency="USD", **EXPRESS)
    assert (free.total(), taxed.total()) == (Decimal(0), Decimal(10))


def test_a_formal_entry_pays_the_processing_fee_within_its_bounds() -> None:
    for value, fee in (("3000.00", "33.58"), ("50000.00", "173.20"), ("900000.00", "651.50")):
        line = f"hs=851660,value={value},origin=VN,duty=2.7%"
        answer = ask("us", "2026-03-02", line, currency="USD", channel="cargo", flow="b2b")
        assert answer.total("fee") == Decimal(fee)


def test_gifts_stay_free_up_to_a_hundred_dollars() -> None:
    for value, regime in (("100.00", "gift"), ("100.01", "postal_duty")):
        line = SHIRT.format(value, "DE")
        assert ask("us", "2025-09-02", line, currency="USD", flow="c2c").regime == regime


@pytest.mark.parametrize(
    ("on", "hs", "rate"),
    [
        # list 4A and list 4B under one subheading: six digits do not tell, eight or ten do
        ("2023-01-02", "640399", None),
        ("2023-01-02", "64039990", "0.075"),
        ("2023-01-02", "6403999065", "0.075"),
        ("2023-01-02", "64039975", "0"),
        # the four-year review: electric vehicles, semiconductors, magnets
        ("2024-09-26", "870380", None),
        ("2024-09-27", "870380", "1"),
        ("2024-12-31", "854231", None),
        ("2025-01-01", "854231", "0.5"),
        ("2025-12-31", "85051100", None),
        ("2026-01-01", "85051100", "0.25"),
        # list 4B was never in force
        ("2023-01-02", "950300", "0"),
    ],
)
def test_hard_case_20_product_lists_by_day_and_digit(on: str, hs: str, rate: str | None) -> None:
    line = f"hs={hs},value=900.00,origin=CN,duty=0%"
    answer = ask("us", on, line, currency="USD", **EXPRESS)
    stacked = [each for each in answer.charges if each.name == "section_301_duty"]
    asked = {each.about for each in answer.needs_human} & {
        "section_301_duty",
        "section_301_earlier",
    }
    if rate is None:
        assert asked
    else:
        assert not asked
        assert sum(each.amount for each in stacked) == Decimal(900) * Decimal(rate)


def test_hard_case_20_the_surcharge_spares_products_of_eight_digits() -> None:
    def surcharge(hs: str) -> list[Decimal]:
        line = f"hs={hs},value=900.00,origin=VN,duty=0%"
        answer = ask("us", "2026-03-02", line, currency="USD", **EXPRESS)
        return [each.amount for each in answer.charges if each.name == "import_surcharge"]

    assert surcharge("29336960") == []
    assert surcharge("610910") == [Decimal("90.00")]
