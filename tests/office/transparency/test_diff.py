"""What differs between the laws of two days is told entry by entry, with what it means for stated parcels."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, shipped
from pratique.office.desk import Desk
from pratique.office.transparency.diff import Difference, difference
from pratique.office.transparency.parcels import effects, stated
from tests.jurisdictions.written import LAW, TARIFF, folder

RETROACTIVE = """
[[parameter.duty_free]]
from = 2020-01-01
annulled = 2023-06-01
value = "XTS 20"
source = "s. 11"

[[parameter.duty_free]]
from = 2020-01-01
known = 2023-06-01
value = "XTS 30"
source = "s. 11 as the court read it"
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    law = LAW.replace("goods <= XTS 20", "goods <= duty_free") + RETROACTIVE
    return Library([folder(tmp_path, law, xx__tariff__csv=TARIFF)])


def told(found: Difference) -> set[tuple[str, str]]:
    return {(each.kind, each.key) for each in found.entries}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("2020-05-01", "2020-06-01", set()),
        ("2020-05-01", "2021-05-01", {("went", "threshold/small")}),
        ("2021-05-01", "2022-05-01", {("changed", "parameter/vat")}),
        ("2020-05-01", "2022-05-01", {("went", "threshold/small"), ("changed", "parameter/vat")}),
        ("2022-05-01", "2020-05-01", {("came", "threshold/small"), ("changed", "parameter/vat")}),
    ],
)
def test_entries_that_came_went_and_changed(
    library: Library, before: str, after: str, wanted: set[tuple[str, str]]
) -> None:
    found = difference(library, "xx", date.fromisoformat(before), date.fromisoformat(after))
    assert told(found) == wanted


def test_a_change_says_old_and_new_with_the_source_of_the_new(library: Library) -> None:
    (vat,) = difference(library, "XX", date(2021, 5, 1), date(2022, 5, 1)).entries
    ((part),) = vat.parts
    assert (part.what, part.old, part.new) == ("value", "10%", "12%")
    assert (vat.source, vat.rule) == ("s. 2 as amended", "xx/parameter/vat@2022-01-01")
    assert vat.old_rule == "xx/parameter/vat@2020-01-01"


def test_retroactive_law_shows_on_one_day_as_known_on_two(library: Library) -> None:
    day = date(2020, 5, 1)
    assert told(difference(library, "xx", day, day)) == set()
    found = difference(library, "xx", day, day, date(2020, 5, 1), date(2024, 1, 1))
    (limit,) = found.entries
    assert (limit.parts[0].old, limit.parts[0].new) == ("XTS 20", "XTS 30")
    assert limit.known == date(2023, 6, 1)


def test_a_rise_withdrawn_before_it_came_shows_as_known_before_and_after() -> None:
    day = date(2025, 6, 1)
    found = difference(shipped(), "za", day, day, date(2025, 4, 1), date(2025, 6, 1))
    vat = next(each for each in found.entries if each.key == "parameter/vat_standard")
    assert [(part.old, part.new) for part in vat.parts] == [("15.5%", "15%")]


def test_tariff_lines_are_counted_and_the_first_told(library: Library) -> None:
    tariff = difference(library, "xx", date(2020, 5, 1), date(2022, 5, 1)).tariff
    assert tariff is not None
    assert (tariff.came, tariff.went, tariff.changed) == (0, 0, 1)
    assert [(each.hs, each.old, each.new) for each in tariff.first] == [("61", "12%", "10%")]


def test_a_list_says_which_codes_came_and_went(tmp_path: Path) -> None:
    more = '[[list.excise]]\nfrom = 2021-01-01\ncodes = ["2204", "2402"]\nsource = "s. 3"\n'
    law = LAW.replace("[[measure.goods]]", f"{more}[[measure.goods]]")
    found = difference(
        Library([folder(tmp_path, law)]), "xx", date(2020, 5, 1), date(2021, 1, 1)
    ).entries
    codes = next(each for each in found if each.key == "list/excise")
    assert [(each.what, each.old, each.new) for each in codes.parts] == [
        ("codes that came", "", "2204, 2402"),
        ("codes that went", "2203-2205", ""),
    ]


def test_an_entry_that_says_the_same_from_another_source_is_only_restated(tmp_path: Path) -> None:
    law = LAW.replace('value = "12%"', 'value = "10%"')
    (vat,) = difference(
        Library([folder(tmp_path, law)]), "xx", date(2021, 5, 1), date(2022, 5, 1)
    ).entries
    assert (vat.kind, vat.parts) == ("restated", ())


def test_a_day_without_law_is_said(library: Library) -> None:
    with pytest.raises(NoRuleInForceError):
        difference(library, "xx", date(2019, 5, 1), date(2022, 5, 1))


def test_stated_parcels_bear_what_the_law_of_each_day_says(library: Library) -> None:
    """Reckoned by hand: T-shirt of 20, tariff 8.5 %, VAT 10 % until 2021 and 12 % since 2022."""
    desk = Desk(library)
    first, *_ = effects("xx", (desk, date(2020, 5, 1)), (desk, date(2021, 5, 1)))
    assert first.before is not None
    assert first.after is not None
    assert (first.before.total, first.after.duty, first.after.tax) == ("0.00", "1.70", "2.17")
    assert first.more == "+3.87"
    first, *_ = effects("xx", (desk, date(2021, 5, 1)), (desk, date(2022, 5, 1)))
    assert first.after is not None
    assert (first.after.tax, first.more) == ("2.60", "+0.43")


def test_the_three_euro_duty_shows_in_what_a_cheap_parcel_bears() -> None:
    desk = Desk(shipped())
    found = effects("de", (desk, date(2025, 1, 1)), (desk, date(2026, 7, 2)))
    assert len(found) == len(stated().parcel) == 6
    shirt, registered, *_ = found
    assert shirt.after is not None
    assert registered.after is not None
    assert Decimal(registered.after.duty) == 3
    assert registered.more == "+3.00"


def test_where_a_person_is_asked_no_difference_is_given() -> None:
    desk = Desk(shipped())
    asked = [
        each
        for each in effects("us", (desk, date(2025, 1, 1)), (desk, date(2025, 9, 1)))
        if each.after and each.after.asks
    ]
    assert asked
    assert all(each.more == "" for each in asked)


def test_there_is_no_law_before_its_first_day(library: Library) -> None:
    desk = Desk(library)
    assert {
        (each.before, each.more)
        for each in effects("xx", (desk, date(2019, 1, 1)), (desk, date(2020, 1, 1)))
    } == {(None, "")}
