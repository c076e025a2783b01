"""The law of a day is told topic by topic, in the order in which it counts, with what comes next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, shipped
from pratique.jurisdictions.standing import standing
from pratique.office.transparency.topics import Topic, topics
from tests.jurisdictions.written import LAW, TARIFF, folder

DAY = date(2020, 5, 1)
WANTED = {
    "Money and rates": ["money", "parameter/vat"],
    "Limits and reliefs": ["threshold/small"],
    "Regimes, in order": ["regime/excise", "regime/standard"],
    "Charges, in order": ["charge/duty", "charge/tax"],
    "How values are reckoned": ["measure/goods"],
    "What asks a person": ["regime/excise"],
    "Lists of goods and places": ["list/excise"],
    "Tariff": [],
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library([folder(tmp_path, LAW, xx__tariff__csv=TARIFF)])


def test_every_entry_has_its_topic(library: Library) -> None:
    told = topics(library, "xx", DAY)
    assert {each.name: [line.key for line in each.lines] for each in told} == WANTED
    assert told[-1].note == "3 lines are loaded."


@pytest.mark.parametrize(
    ("on", "key", "following"),
    [
        ("2020-05-01", "parameter/vat", "from 2022-01-01: value 10% → 12%"),
        ("2022-01-01", "parameter/vat", ""),
        ("2020-12-31", "threshold/small", "ends on 2021-01-01"),
        ("2020-05-01", "money", ""),
    ],
)
def test_what_comes_next_is_said_of_each_entry(
    library: Library, on: str, key: str, following: str
) -> None:
    told = topics(library, "xx", date.fromisoformat(on))
    (line,) = [each for topic in told for each in topic.lines if each.key == key]
    assert line.following == following


def test_further_topics_are_told_after_the_law(library: Library) -> None:
    more = Topic(name="Restrictions", note="none")
    assert topics(library, "xx", DAY, further=[more])[-1] == more


def test_nothing_is_left_out_at_any_place() -> None:
    for code in shipped().codes():
        on = max(shipped().change_dates(code))
        told = {line.key for topic in topics(shipped(), code, on) for line in topic.lines}
        assert told == set(standing(shipped(), code, on)), code


def test_a_day_without_law_is_refused(library: Library) -> None:
    with pytest.raises(NoRuleInForceError):
        topics(library, "xx", date(2019, 1, 1))
