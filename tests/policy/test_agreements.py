"""Agreements: strictly read, everything wrong told at once, purposes bound, revocations heeded only from whom may."""

import contextlib
import itertools
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import PolicyError
from pratique.model.agreement import Lane, Revocation
from pratique.policy.agreements import (
    agreement_of,
    faults,
    may_flow,
    may_revoke,
    may_use,
    read_agreement,
    state_of,
)
from pratique.policy.roles import shipped_roles

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples/agreements").glob("*.toml"))
POSTS = next(path for path in EXAMPLES if path.name == "posts.toml").read_text()
PURPOSES = tuple(shipped_roles().purposes)
AGREEMENTS = [read_agreement(path.read_bytes(), path.name) for path in EXAMPLES]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_shipped_examples_are_sound_and_painted_as_invented(path) -> None:
    agreement = read_agreement(path.read_bytes(), path.name)
    assert agreement.example
    assert all("invented" in party.name for party in agreement.parties)
    assert agreement_of(msgspec.to_builtins(agreement), "copy") == agreement
    assert agreement_of(msgspec.json.decode(msgspec.json.encode(agreement)), "copy") == agreement


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "POSTS-AA-QN"', 'id = "posts"', "id: 'posts' is no id"),
        ("version = 2", "version = 0", "version: "),
        ("version = 2", "version = 2.5", "Expected `int`"),
        ("version = 2", "version = 2\nversion = 3", "overwrite"),
        ("version = 2", "version = 2\ncolour = 'red'", "unknown field `colour`"),
        ('purposes = ["clearance",', 'purposes = ["curiosity",', "'curiosity' is no purpose"),
        ('delivery = ["returns"]', 'risk = ["audit"]', "further/risk"),
        ('delivery = ["returns"]', 'delivery = ["curiosity"]', "further/delivery"),
        ('"consignment.*",', '"consignments.*",', "elements/3"),
        ("retention_days = 180", "retention_days = 0", "retention_days"),
        ("retention_days = 180", "", "missing required field `retention_days`"),
        ("valid_until = 2029-01-01", "valid_until = 2026-01-01", "ends before it begins"),
        ("valid_until = 2029-01-01", 'valid_until = "soon"', "valid_until"),
        ('revocable_by = ["post-aa", "post-qn"]', "revocable_by = []", "Nobody may end it"),
        ('revocable_by = ["post-aa", "post-qn"]', 'revocable_by = ["x"]', "'x' is no party"),
        ('id = "post-qn"', 'id = "post-aa"', "Two parties have one id"),
        ('role = "post_of_origin"', 'role = "spy"', "'spy' is no role"),
        ('role = "post_of_origin"', 'role = "carrier"\nkey_id = "short"', "no key id"),
        ('place = "AA"', 'place = "A1"', "'A1' is no country"),
        ('place = "*"', 'place = "AA"', ""),
        ('place = "QN"\nsource', 'place = "ZZZ"\nsource', "neither a country"),
        ('from = "AA"\nto = "QN"', 'from = "aa"\nto = "QN"', "'aa' is neither"),
        ('channels = ["post"]', 'channels = ["pigeon"]', "Invalid enum value"),
        ("seen = 2026-11-25", "", "High confidence needs url and seen"),
        ('url = "https', 'url = "javascript:', "no address on the web"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old, new, told) -> None:
    assert old in POSTS
    content = POSTS.replace(old, new, 1).encode()
    if not told:
        read_agreement(content, "a.toml")
        return
    with pytest.raises(PolicyError, match=r"a\.toml") as caught:
        read_agreement(content, "a.toml")
    assert told in str(caught.value)


def test_every_fault_is_told_at_once() -> None:
    content = POSTS.replace("version = 2", "version = 0").replace('"clearance"', '"curiosity"', 1)
    with pytest.raises(PolicyError) as caught:
        read_agreement(content.replace('"mrn"', '"mnr"').encode(), "a.toml")
    for told in ("version", "curiosity", "mnr"):
        assert told in str(caught.value)


def test_a_party_without_a_basis_at_its_place_is_told() -> None:
    (posts,) = [each for each in AGREEMENTS if each.id == "POSTS-AA-QN"]
    alone = msgspec.structs.replace(posts, legal_basis=posts.legal_basis[1:])
    assert [each.message for each in faults(alone)] == ["No basis holds in AA."]


@given(st.binary(max_size=300))
def test_hostile_bytes_raise_only_our_error(data) -> None:
    with pytest.raises(PolicyError):
        read_agreement(data, "a.toml")


@given(st.integers(0, len(POSTS.encode()) - 1), st.binary(max_size=3))
def test_bytes_planted_in_an_agreement_raise_only_our_error(at, planted) -> None:
    whole = POSTS.encode()
    with contextlib.suppress(PolicyError):
        read_agreement(whole[:at] + planted + whole[at + 1 :], "a.toml")


def test_too_large_a_file_is_not_read() -> None:
    with pytest.raises(PolicyError, match="too-large"):
        read_agreement(b"#" * 300_000, "a.toml")


# Purposes (P5): what data were given for, against what they are asked for; written out by hand, row by row.
EXPECTED = {
    "POSTS-AA-QN": {
        "clearance": "clearance",
        "security": "security",
        "transport": "transport",
        "delivery": "delivery returns",
        "returns": "returns",
    },
    "CUSTOMS-AA-QN": {
        "risk": "risk security",
        "security": "security",
        "clearance": "clearance audit",
    },
    "PLATFORM-AA": {"clearance": "clearance", "revenue": "revenue", "returns": "returns"},
}


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda each: each.id)
def test_every_pair_of_purposes_answers_as_the_agreement_says(agreement) -> None:
    expected = EXPECTED[agreement.id]
    for stored, asked in itertools.product(PURPOSES, PURPOSES):
        answer = may_use(agreement, [stored], asked)
        assert answer.allowed == (asked in expected.get(stored, "").split()), (stored, asked)
        assert answer.rule.startswith(f"{agreement.id}/{agreement.version}")
        assert answer.because


@pytest.mark.parametrize("agreement", AGREEMENTS, ids=lambda each: each.id)
def test_several_stored_purposes_allow_what_one_of_them_does(agreement) -> None:
    expected = EXPECTED[agreement.id]
    for one, other, asked in itertools.product(PURPOSES, PURPOSES, PURPOSES):
        either = asked in f"{expected.get(one, '')} {expected.get(other, '')}".split()
        assert may_use(agreement, [one, other], asked).allowed == either


def test_data_without_a_purpose_may_be_used_for_none() -> None:
    for agreement in AGREEMENTS:
        assert not any(may_use(agreement, [], asked).allowed for asked in PURPOSES)


def test_a_further_purpose_of_a_further_purpose_is_not_allowed() -> None:
    (customs,) = [each for each in AGREEMENTS if each.id == "CUSTOMS-AA-QN"]
    chain = msgspec.structs.replace(
        customs, further={"risk": ("security",), "security": ("clearance",)}
    )
    assert may_use(chain, ["risk"], "security").allowed
    assert not may_use(chain, ["risk"], "clearance").allowed


def test_lanes_cover_what_they_say() -> None:
    posts, platform = (
        next(each for each in AGREEMENTS if each.id == id) for id in ("POSTS-AA-QN", "PLATFORM-AA")
    )
    assert posts.covers(Lane(from_="AA", to="QN", channel="post"))
    assert posts.covers(Lane(from_="QN", to="AA", channel="post"))
    assert not posts.covers(Lane(from_="AA", to="QN", channel="express"))
    assert not posts.covers(Lane(from_="AA", to="DE", channel="post"))
    assert platform.covers(Lane(from_="CN", to="AA", channel="express"))
    assert not platform.covers(Lane(from_="AA", to="CN", channel="express"))


def revocation(**changed) -> Revocation:
    whole = {
        "agreement": "PLATFORM-AA",
        "revoked_by": "customs-aa",
        "from_day": date(2027, 1, 1),
        "because": "misuse",
    }
    return Revocation(**{**whole, **changed})


@pytest.mark.parametrize(
    ("on", "revoked", "state"),
    [
        (date(2026, 2, 28), None, "not yet"),
        (date(2026, 3, 1), None, "in force"),
        (date(2028, 2, 29), None, "in force"),
        (date(2028, 3, 1), None, "expired"),
        (date(2026, 12, 31), {}, "in force"),
        (date(2027, 1, 1), {}, "revoked"),
        (date(2027, 1, 1), {"revoked_by": "sample-market"}, "in force"),
        (date(2027, 1, 1), {"agreement": "POSTS-AA-QN"}, "in force"),
    ],
)
def test_an_agreement_holds_between_its_days_until_revoked_by_whom_may(on, revoked, state) -> None:
    (platform,) = [each for each in AGREEMENTS if each.id == "PLATFORM-AA"]
    ended = [] if revoked is None else [revocation(**revoked)]
    assert state_of(platform, on, ended) == state
    for each in ended:
        assert bool(may_revoke(platform, each)) == bool(revoked)


FLOW = {
    "sender": "post-aa",
    "recipient": "post-qn",
    "message": "declaration",
    "purpose": "clearance",
    "lane": Lane(from_="AA", to="QN", channel="post"),
    "on": date(2026, 11, 25),
}


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({}, ""),
        ({"sender": "post-qn", "recipient": "post-aa"}, ""),
        ({"sender": "customs-aa"}, "customs-aa is no party"),
        ({"recipient": "customs-aa"}, "customs-aa is no other party"),
        ({"recipient": "post-aa"}, "post-aa is no other party"),
        ({"message": "invoice"}, "invoice is no message of it"),
        ({"purpose": "risk"}, "risk is no purpose of it"),
        ({"lane": Lane(from_="AA", to="QN", channel="cargo")}, "does not cover AA to QN by cargo"),
        ({"on": date(2029, 1, 1)}, "not in force on 2029-01-01"),
        ({"message": "x", "purpose": "risk"}, "x is no message of it; risk is no purpose of it"),
    ],
)
def test_a_message_flows_as_the_agreement_says(changed, because) -> None:
    (posts,) = [each for each in AGREEMENTS if each.id == "POSTS-AA-QN"]
    answer = may_flow(posts, **{**FLOW, **changed})
    assert answer.allowed == (because == "")
    assert answer.because == (because or "shared under it")
    assert answer.rule == "POSTS-AA-QN/2"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"learner": "nobody"}, "intersections/0/learner"),
        ({"purposes": ()}, "intersections/0/purposes"),
        ({"purposes": ("revenue",)}, "intersections/0/purposes"),
        ({"most_elements": 0}, "intersections/0/most_elements"),
        ({"most_elements": 10_001}, "intersections/0/most_elements"),
        ({"per_day": 0}, "intersections/0/per_day"),
        ({"per_day": 101}, "intersections/0/per_day"),
    ],
)
def test_terms_of_comparing_sets_are_checked(changed, pointer) -> None:
    customs = agreement_with_intersections()
    assert not faults(customs)
    (terms,) = customs.intersections
    wrong = msgspec.structs.replace(terms, **changed)
    told = faults(msgspec.structs.replace(customs, intersections=(wrong,)))
    assert [each.pointer for each in told] == [pointer]
    twice = faults(msgspec.structs.replace(customs, intersections=(terms, terms)))
    assert [each.pointer for each in twice] == ["intersections"]


def test_an_agreement_without_terms_is_written_as_before() -> None:
    plain = msgspec.structs.replace(agreement_with_intersections(), intersections=())
    assert "intersections" not in msgspec.to_builtins(plain)


def agreement_with_intersections():
    path = Path(__file__).parent.parent.parent / "examples/agreements/customs.toml"
    return read_agreement(path.read_bytes(), path.name)
