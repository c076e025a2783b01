"""Every dated change of the law is told once, in words, and as a feed whose ids stay the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, shipped
from pratique.office.transparency.changes import changes
from pratique.office.transparency.feed import ATOM, feed, sentence
from tests.jurisdictions.written import LAW, TARIFF, folder

MOMENT = datetime(2026, 11, 25, 12, tzinfo=UTC)
NS = {"a": ATOM}
START, END = date(2020, 1, 1), date(2030, 1, 1)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library([folder(tmp_path, LAW, xx__tariff__csv=TARIFF)])


def told(library: Library, start: date, end: date, *codes: str) -> list[tuple[str, str]]:
    return [(str(each.on), sentence(each)) for each in changes(library, codes, start, end)]


def test_every_change_of_a_file_is_told_on_its_day(library: Library) -> None:
    assert told(library, START, END, "xx") == [
        ("2021-01-01", "Small: ends"),
        ("2021-07-01", "Tariff: 1 line: 12% → 10%"),
        ("2022-01-01", "VAT: 10% → 12%"),
    ]


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [
        ("2022-01-01", "2022-01-02", 1),
        ("2022-01-02", "2023-01-01", 0),
        ("2021-12-31", "2022-01-01", 0),
        ("2019-01-01", "2020-06-01", 0),
    ],
)
def test_the_first_day_counts_and_the_last_does_not(
    library: Library, start: str, end: str, number: int
) -> None:
    found = changes(library, ["XX"], date.fromisoformat(start), date.fromisoformat(end))
    assert len(found) == number


def test_places_made_for_tests_are_told_only_when_named(library: Library) -> None:
    assert told(library, START, END) == []


def test_what_a_union_changes_is_told_once() -> None:
    day = date(2026, 7, 1)
    everywhere = changes(shipped(), (), day, date(2026, 7, 2))
    flat = [each for each in everywhere if each.what.key == "charge/flat_duty"]
    assert [each.code for each in flat] == ["EU"]
    of_member = changes(shipped(), ["se", "fi"], day, date(2026, 7, 2))
    assert [each.code for each in of_member if each.what.key == "charge/flat_duty"] == ["EU"]


def test_a_place_without_law_is_refused(library: Library) -> None:
    with pytest.raises(NoRuleInForceError, match="no law file for YY"):
        changes(library, ["yy"], START, END)


def test_the_feed_is_valid_atom_with_ids_of_its_own() -> None:
    found = changes(shipped(), (), date(2024, 1, 1), date(2029, 1, 1))
    content = feed(
        found, MOMENT, authority="law.example", author="Examplia", at="https://law.example/c.xml"
    )
    root = etree.fromstring(content)
    assert root.tag == f"{{{ATOM}}}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"a:{name}", NS)) == 1
        assert {len(each.findall(f"a:{name}", NS)) for each in root.findall("a:entry", NS)} == {1}
    assert root.findtext("a:author/a:name", namespaces=NS) == "Examplia"
    assert root.find("a:link[@rel='self']", NS).get("href") == "https://law.example/c.xml"
    assert datetime.fromisoformat(root.findtext("a:updated", namespaces=NS)) == MOMENT
    ids = [each.text for each in root.iterfind(".//a:id", NS)]
    assert len(ids) == len(set(ids)) == len(found) + 1 > 50
    assert all(each.startswith("tag:law.example,2026:law/") and " " not in each for each in ids)
    for entry in root.iterfind("a:entry", NS):
        assert datetime.fromisoformat(entry.findtext("a:updated", namespaces=NS)).tzinfo is not None
        assert entry.findtext("a:content", namespaces=NS)
        assert {link.get("rel") for link in entry.findall("a:link", NS)} <= {"alternate"}


def test_the_same_changes_at_the_same_moment_give_the_same_bytes() -> None:
    found = changes(shipped(), ["no"], date(2020, 1, 1), date(2029, 1, 1))
    assert feed(found, MOMENT) == feed(found, MOMENT)
    later = feed(found, datetime(2027, 1, 1, tzinfo=UTC))
    same = [each.split(b"</updated>", 1)[1] for each in (feed(found, MOMENT), later)]
    assert same[0] == same[1]


def test_an_id_stays_when_the_source_is_read_anew(tmp_path: Path) -> None:
    read = LAW.replace(
        'source = "s. 2 as amended"', 'source = "s. 2, read again"\nseen = 2026-11-20'
    )
    ids = []
    for number, law in enumerate((LAW, read)):
        library = Library([folder(tmp_path / str(number), law)])
        root = etree.fromstring(feed(changes(library, ["xx"], date(2022, 1, 1), END), MOMENT))
        ids.append(root.findtext("a:entry/a:id", namespaces=NS))
    assert ids[0] == ids[1] == "tag:pratique.invalid,2026:law/XX/parameter/vat/2022-01-01"
    assert root.findtext("a:entry/a:updated", namespaces=NS) == "2026-11-20T00:00:00Z"


def test_everything_is_escaped(tmp_path: Path) -> None:
    nasty = LAW.replace(
        'source = "s. 2 as amended"',
        'source = "<b>&amp; ]]> \\u0007 s. 2"\nurl = "https://law.example/a b?x=<1>&y=\\"2\\""\ntitle = "A & <script>"',
    )
    library = Library([folder(tmp_path, nasty)])
    root = etree.fromstring(feed(changes(library, ["xx"], date(2022, 1, 1), END), MOMENT))
    assert "A & <script>" in root.findtext("a:entry/a:title", namespaces=NS)
    assert "<b>&amp; ]]> \ufffd s. 2" in root.findtext("a:entry/a:content", namespaces=NS)
    address = root.find("a:entry/a:link", NS).get("href")
    assert address == "https://law.example/a%20b?x=%3C1%3E&y=%222%22"
