"""What others call our decisions, states and acts: complete, both ways, cited."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from pratique import cli
from pratique.clearance.crosswalk import (
    SYSTEMS,
    crosswalk,
    from_canonical,
    from_ours,
    to_canonical,
    to_ours,
)
from pratique.clearance.lifecycle import TRANSITIONS, State
from pratique.model.outcomes import DecisionCode


def test_every_decision_state_and_act_has_a_row_and_no_row_is_of_nothing() -> None:
    known = crosswalk()
    assert set(known.decisions) == set(get_args(DecisionCode))
    assert set(known.states) == set(get_args(State))
    assert set(known.acts) == set(TRANSITIONS)
    assert set(known.systems) == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_has_a_code_or_says_no_equivalent(system: str) -> None:
    known = crosswalk()
    for kind, rows in (("decision", known.decisions), ("state", known.states), ("act", known.acts)):
        for name in rows:
            matches = from_ours(name, system, kind)
            assert matches
            assert all(match.code or match.words == "no equivalent" for match in matches)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_code_of_a_system_is_used_or_said_to_be_unmatched(system: str) -> None:
    about = crosswalk().systems[system]
    for code in about.codes:
        assert to_ours(system, code), code
        assert code not in about.unmatched
    for code in about.unmatched:
        (match,) = to_ours(system, code)
        assert (match.kind, match.ours) == ("", "")


@pytest.mark.parametrize("system", SYSTEMS)
def test_both_ways_say_the_same(system: str) -> None:
    known = crosswalk()
    for rows in (known.decisions, known.states, known.acts):
        for name in rows:
            for match in from_ours(name, system):
                if match.code:
                    again = {(each.kind, each.ours) for each in to_ours(system, match.code)}
                    assert (match.kind, name) in again


def test_every_list_is_cited_and_dated() -> None:
    for about in crosswalk().systems.values():
        assert about.source
        assert about.url.startswith("https://")
        assert about.seen <= date(2026, 11, 25)


@pytest.mark.parametrize(
    ("system", "code", "decisions"),
    [
        ("upu", "DNL", ("DNL",)),
        ("ics2", "IE3Q02", ("RFI",)),
        ("ics2", "IE3Q03", ("RFS",)),
        ("norway", "INCOMPLETE_CUDE_DOCUMENTATION", ("INCOMPLETE",)),
        ("norway", "TO_ENTRY", ("RELEASED",)),
        ("china", "800", ("RELEASED",)),
        ("china", "501", ("DENIED", "SEIZED")),
        ("china", "1", ()),
        ("china", "8000", ()),
    ],
)
def test_codes_as_their_systems_mean_them(
    system: str, code: str, decisions: tuple[str, ...]
) -> None:
    assert to_canonical(system, code) == decisions
    assert all(each.source for each in to_ours(system, code))


def test_a_filing_and_its_amendment_are_told_by_any_ending() -> None:
    assert {each.ours for each in to_ours("ics2", "IE3F43")} == {"file"}
    assert {each.ours for each in to_ours("ics2", "IE3A43")} == {"amend"}
    assert to_ours("ics2", "IE3F") == ()
    assert from_canonical("ics2", "MANUAL") == ()


def test_the_command_says_what_it_found_and_what_it_did_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["crosswalk", "IE3Q02", "--from", "ics2", "--json"]) == 0
    assert '"RFI"' in capsys.readouterr().out
    assert cli.main(["crosswalk", "RFI"]) == 0
    assert "no equivalent" in capsys.readouterr().out
    assert cli.main(["crosswalk", "IE9Z99"]) == cli.USAGE
    assert cli.main(["crosswalk", "RFI", "--from", "china"]) == cli.USAGE
