"""`law check` runs every published example, and puts every place in figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from pratique.jurisdictions import Library
from pratique.office.transparency.survey import survey
from tests.jurisdictions.written import LAW, TARIFF, folder

CASE = """
[[case]]
title = "Shoes"
source = "Somebody, page 3"
on = 2024-01-01
currency = "XTS"
lines = ["hs=640399,value=10.00,duty=10%"]
expect = { regime = "standard", duty = "1.00", tax = "1.32", total = "2.32", needs_human = false }
"""
OTHER = """
[[regime.gift]]
from = 2020-01-01
when = 'flow == "c2c" and goods <= XTS 10'
order = 90
source = "s. 10"
"""


def test_a_sound_folder_has_no_faults_and_is_told_in_figures(tmp_path: Path) -> None:
    weak = LAW.replace('source = "s. 8"', 'source = "s. 8"\nconfidence = "low"')
    found = survey([folder(tmp_path, weak, xx__cases__toml=CASE)])
    assert found.faults == ()
    (place,) = found.places
    assert (place.code, place.since and place.since.isoformat(), place.versions) == (
        "XX",
        "2020-01-01",
        3,
    )
    assert (place.entries, place.cases, place.passing) == (10, 1, 1)
    assert (place.high, place.medium, place.low, place.without_url) == (9, 0, 1, 10)
    assert found.weak[0].rule == "xx/charge/tax@2020-01-01"
    assert len(found.weak) == 10


@pytest.mark.parametrize(
    ("kind", "old", "new", "entry", "says"),
    [
        ("overlap", "from = 2022-01-01", "from = 2020-01-01", "xx/parameter/vat", "oldest first"),
        ("overlap", 'value = "10%"', 'value = "10%"\nuntil = 2023-01-01', "xx/parameter/vat", "overlaps"),
        ("gap", 'value = "10%"', 'value = "10%"\nuntil = 2021-06-01', "xx/charge/tax", "2021-06-01"),
        ("no source", 'source = "s. 4"', 'source = " "', "xx/measure/goods", "has no source"),
        ("bad url", 'source = "s. 4"', 'source = "s. 4"\nurl = "see page 4"', "xx/measure/goods", "no address"),
        ("unreachable", 'code = "xx"', 'code = "xx"', "xx/regime/gift", "'small' takes every such parcel first"),
        ("rounding", 'round = "half_up 0.01"\n', "", "xx/charge/duty", "'round'"),
        ("rounding", 'round = "half_up 0.01"', 'round = "half_up"', "xx/charge/duty", "a mode and a step"),
        ("rounding", 'value = "total(price)"', 'value = "total(price) / 3"', "xx/measure/goods", "A division must be closed"),
        ("unit", 'base = "price + duty"', 'base = "price + net_mass"', "xx/charge/tax", "Cannot add"),
        ("unit", 'holds = "goods <= XTS 20"', 'holds = "goods <= 20"', "xx/threshold/small", "Cannot compare"),
        ("example", 'value = "12%"', 'value = "13%"', "xx: Shoes", "tax 1.43 XTS, published 1.32"),
        ("example", 'needs_human = "ask"', 'needs_human = "ask"', "xx: Shoes", "asks a person"),
    ],
)  # fmt: skip
def test_each_planted_fault_is_found(
    tmp_path: Path, kind: str, old: str, new: str, entry: str, says: str
) -> None:
    assert old in LAW
    law, case = LAW.replace(old, new, 1), CASE
    if kind == "unreachable":
        small = OTHER.replace("gift", "small").replace('flow == "c2c" and ', "")
        law = LAW.replace("[[regime.excise]]", f"{small}{OTHER}[[regime.excise]]", 1)
    if says == "asks a person":
        case = CASE.replace("640399", "2204")
    found = survey([folder(tmp_path, law, xx__cases__toml=case)])
    (fault,) = found.faults
    assert fault.entry.startswith(entry)
    assert says in fault.message


def test_a_double_tariff_line_is_found(tmp_path: Path) -> None:
    double = TARIFF.replace('2021-07-01,"annex"', ',"annex"')
    (fault,) = survey([folder(tmp_path, xx__tariff__csv=double)]).faults
    assert "overlaps" in fault.message


def test_all_that_is_shipped_holds() -> None:
    found = survey(Library.shipped_folders())
    assert found.faults == ()
    assert len(found.cases) >= 270
    assert all(place.passing == place.cases for place in found.places)
    assert {"EU", "QM"} == {place.code for place in found.places if place.union}
