"""The published schedule of the United States, every general rate, against a reading of its own."""

import csv
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.jurisdictions.reader import read_tariff
from pratique.jurisdictions.tariffs import Told, read, write
from pratique.rules.exact import exactly
from pratique.rules.tariff import Tariff, TariffLine

DAY = date(2025, 6, 1)
HELD = {
    "kg": 3,
    "each": 7,
    "liter": 2,
    "m3": 5,
    "m2": 11,
    "pr": 13,
    "doz": 17,
    "gross": 19,
    "bbl": 23,
    "t": 29,
}
UNITS = {
    "KGM": 3,
    "C62": 7,
    "LTR": 2,
    "MTQ": 5,
    "MTK": 11,
    "PR": 13,
    "DZN": 17,
    "GRO": 19,
    "BLL": 23,
    "TNE": 29,
}


@pytest.fixture(scope="module")
def schedule(data: Path) -> Path:
    return data / "us/usitc_hts_2025_basic_edition.csv"


@pytest.fixture(scope="module")
def published(schedule: Path) -> dict[str, str]:
    """Number of the schedule to general rate, read here anew."""
    with schedule.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["HTS Number"], row["General Rate of Duty"].strip()) for row in csv.DictReader(file)
        ]
    return {number.replace(".", ""): rate for number, rate in rows if rate}


@pytest.fixture(scope="module")
def written(schedule: Path) -> bytes:
    content, _ = write(read("us-hts", schedule.read_bytes(), Told(since=date(2025, 1, 1))))
    return content


def plain(rate: str, value: Decimal) -> Decimal | None:
    """The duty of a rate of the plain forms, reckoned word by word; None for the others."""
    if rate == "Free":
        return Decimal(0)
    total = Decimal(0)
    for part in rate.replace(" each", "/each").replace("$", "D").split(" + "):
        if part.endswith("%"):
            number, held = part[:-1], value / 100
        else:
            amount, slash, unit = part.partition("/")
            held = Decimal(HELD.get(unit.strip().rstrip("."), 0))
            if not slash or not held:
                return None
            number = amount.strip("D¢")
            held = held / 100 if "¢" in amount else held
        if not number.replace(".", "", 1).isdigit():
            return None
        total += Decimal(number) * held
    return total


def test_every_general_rate_is_there(published: dict[str, str], written: bytes) -> None:
    lines = [each for each in read_tariff("us.tariff.csv", written) if not each.origins]
    assert {each.hs: each.duty.text for each in lines} == {
        code: " ".join(rate.split()) for code, rate in published.items()
    }
    forms = Counter(each.duty.form for each in lines)
    assert sum(forms.values()) == 13_611
    assert dict(forms) == {
        "ad valorem": 6_235, "free": 5_960, "specific": 756, "compound": 386, "text": 274
    }  # fmt: skip
    assert sum(1 for each in lines if each.duty.untold) == 427


def test_two_hundred_random_rates_come_to_what_a_reading_of_their_own_gives(
    published: dict[str, str], written: bytes
) -> None:
    tariff = Tariff(read_tariff("us.tariff.csv", written))
    codes = [code for code, rate in published.items() if plain(rate, Decimal(1)) is not None]
    assert len(codes) > 12_700
    hard = [code for code in codes if "¢" in published[code] or "$" in published[code]]
    pick = random.Random(20250101)
    for code in pick.sample(codes, 100) + pick.sample(hard, 100):
        line = tariff.line(code, "VN", False, DAY)
        assert isinstance(line, TariffLine)
        with exactly():
            found = line.duty.amount(
                Decimal("123.45"), lambda unit: Decimal(UNITS[unit]), lambda amount, _: amount
            )
        assert found == plain(published[code], Decimal("123.45")), published[code]


def test_special_rates_are_for_the_countries_of_their_agreements(written: bytes) -> None:
    tariff = Tariff(read_tariff("us.tariff.csv", written))

    def rate(hs: str, origin: str, *, claimed: bool) -> str:
        line = tariff.line(hs, origin, claimed, DAY)
        return line.duty.text if isinstance(line, TariffLine) else str(line)

    assert rate("61091000", "MX", claimed=True) == "Free"
    assert rate("61091000", "MX", claimed=False) == "16.5%"
    assert rate("61091000", "CN", claimed=True) == "16.5%"
    assert rate("61091000", "KP", claimed=False) == "90%"
