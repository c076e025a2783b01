"""Restrictions are a topic of the law of a place, and change, differ and compare as its entries do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pratique.jurisdictions import Library, shipped
from pratique.office.transparency.changes import changes
from pratique.office.transparency.diff import difference
from pratique.office.transparency.feed import sentence
from pratique.office.transparency.restricted import restricted
from tests.jurisdictions.written import LAW, folder

GOODS = '[goods.snake]\nwords = { en = ["snake"] }\n'
FORBIDDEN = """
code = "xx"
name = "Nowhere (invented)"
from = 2020-06-01

[[restriction.snakes]]
from = 2018-01-01
until = 2022-01-01
effect = "prohibited"
what = "Snakes"
goods = ["snake"]
because = "No snake may come in."
source = "Snake Act, s. 1"

[[restriction.snakes]]
from = 2022-01-01
effect = "permit"
what = "Snakes"
goods = ["snake"]
because = "A snake needs a permit."
permit = { name = "snake permit", authority = "Snake Office" }
source = "Snake Act, s. 1 as amended"
"""
START = date(2020, 1, 2)


def library(at: Path) -> Library:
    return Library([folder(at, LAW, xx__restrictions__toml=FORBIDDEN, some__goods__toml=GOODS)])


def test_they_are_told_with_what_comes_next(tmp_path: Path) -> None:
    (line,) = restricted(library(tmp_path), "xx", date(2021, 1, 1)).lines
    assert (line.title, line.main) == ("Snakes (prohibited)", "No snake may come in.")
    assert line.following.startswith("from 2022-01-01: ")
    assert "effect prohibited → permit" in line.following


def test_nothing_is_said_before_the_first_day_of_the_file(tmp_path: Path) -> None:
    told = restricted(library(tmp_path), "xx", date(2020, 5, 1))
    assert told.lines == ()
    assert "a person must look" in told.note


def test_a_change_is_told_and_the_beginning_of_the_file_is_none(tmp_path: Path) -> None:
    found = changes(library(tmp_path), ["xx"], START, date(2030, 1, 1))
    told = [(str(each.on), sentence(each)) for each in found if "restriction" in each.what.key]
    assert told == [("2022-01-01", "Snakes (with a permit): changes")]


def test_a_convention_changes_as_a_place_does(tmp_path: Path) -> None:
    convention = FORBIDDEN.replace('code = "xx"', 'code = "snakes"')
    files = {"snakes__restrictions__toml": convention, "some__goods__toml": GOODS}
    found = changes(Library([folder(tmp_path, LAW, **files)]), (), START, date(2030, 1, 1))
    assert [(each.code, str(each.on)) for each in found] == [("SNAKES", "2022-01-01")]


def test_a_difference_names_them(tmp_path: Path) -> None:
    found = difference(library(tmp_path), "xx", date(2021, 2, 1), date(2022, 2, 1))
    assert ("changed", "restriction/snakes") in {(each.kind, each.key) for each in found.entries}


def test_those_of_a_union_hold_beside_those_of_a_member() -> None:
    lines = restricted(shipped(), "de", date(2026, 7, 1)).lines
    assert {each.rule.partition("/")[0] for each in lines} == {"eu", "de"}
