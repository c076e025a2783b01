"""For each standard of the WCO Framework: what a law file shows, with its rules, and what it cannot show."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pratique.jurisdictions import Library, shipped
from pratique.jurisdictions.standing import standing
from pratique.office.transparency.harmonisation import markdown, report, standards
from pratique.office.transparency.restricted import restrictions
from tests.jurisdictions.written import LAW, folder

DAY = date(2026, 7, 1)


def of(library: Library, code: str, number: int, on: date = DAY) -> tuple[str, str]:
    """What is shown and what cannot be, each as one text."""
    (each,) = [one for one in report(library, code, on).standards if one.standard.number == number]
    return " ".join(point.says for point in each.shows), " ".join(each.cannot)


def test_every_standard_is_there_once_and_in_order() -> None:
    assert [each.number for each in standards()] == list(range(1, 17))
    assert all(each.asks and each.source and each.cannot and each.adds for each in standards())


@pytest.mark.parametrize(
    ("code", "number", "shows", "cannot"),
    [
        ("no", 1, "required: /consignment/items/*/hs_code", "by when each element must be sent"),
        ("aa", 2, "forms read and written: aed, csv, cuscar, ens, postal, wco", "national profile"),
        ("de", 2, "data set H7", "national profile"),
        ("no", 2, "hs_code (145)", "data sets: no regime names one"),
        ("no", 4, "", "images"),
        ("no", 6, "", "authorised operator"),
        ("de", 7, "seller pays, seller collects", "how a charge is paid"),
        ("us", 7, "carrier collects", "nothing is due at sale"),
        ("gb", 8, "GBP 135", "simulate"),
        ("no", 5, "VOEC", "returns: their deadlines"),
        ("no", 10, "permits of Norwegian Police", "what an agency decided"),
        ("br", 13, "entries in force", "English"),
        ("vn", 13, "2027-01-01", "English"),
        ("de", 16, "'missing' when not there", "quality"),
    ],
)
def test_what_a_file_shows_and_cannot_show(code: str, number: int, shows: str, cannot: str) -> None:
    shown, lacking = of(shipped(), code, number)
    assert shows in shown
    assert cannot in lacking
    assert bool(shown) == bool(shows)


def test_what_is_added_to_a_file_moves_from_cannot_to_shows(tmp_path: Path) -> None:
    bare = Library([folder(tmp_path / "bare", LAW)])
    counted = LAW.replace("goods <= XTS 20", "goods <= XTS 20 and year_count < 4")
    full = Library(
        [
            folder(
                tmp_path / "full",
                counted + "[[requirement.hs]]\nfrom = 2020-01-01\nsource = 's'\n"
                "pointer = '/consignment/items/*/hs_code'\nbecause = 'needed'\n",
            )
        ]
    )
    day = date(2020, 5, 1)
    assert "there is no file of them" in of(bare, "xx", 10, day)[1]
    assert "no tariff is loaded" in of(bare, "xx", 15, day)[1]
    for number, word in ((1, "the file has no requirement"), (9, "no rule adds up")):
        assert word in of(bare, "xx", number, day)[1]
        assert word not in of(full, "xx", number, day)[1]
    assert "added up" in of(full, "xx", 9, day)[0]


def test_every_rule_named_is_in_force() -> None:
    for code in shipped().codes():
        on = max(shipped().change_dates(code))
        rules = {each.rule for each in standing(shipped(), code, on).values()}
        rules |= {each.rule for each in restrictions(shipped(), code, on)}
        told = report(shipped(), code, on)
        assert {r for each in told.standards for point in each.shows for r in point.rules} <= rules


def test_the_page_has_a_section_for_each_standard() -> None:
    page = markdown(report(shipped(), "no", DAY))
    assert page.count("\n## ") == 16
    assert page.count("Cannot show:") == 16
    assert "- nothing" in page
    assert "(medium confidence)" in page
    assert "/items/\\*/hs\\_code" in page
