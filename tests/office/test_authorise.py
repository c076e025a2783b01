"""One place decides: own, counterparty, third and revoked, and what an agreement that binds does not cover."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from pratique.errors import PolicyError
from pratique.model.agreement import Lane
from pratique.office.agreements import Standing, read_file
from pratique.office.authorise import Request, authorise, view_for
from pratique.policy.views import Views

ON = date(2026, 11, 25)
POSTS = read_file(
    (Path(__file__).parent.parent.parent / "examples/agreements/posts.toml").read_bytes(), "posts"
)


def standing(**changed) -> Standing:
    whole = {
        "agreement": POSTS,
        "signed": ("post-aa", "post-qn"),
        "unsigned": (),
        "state": "in force",
    }
    return Standing(**{**whole, **changed})


def request(**changed) -> Request:
    whole = {
        "party": "post-qn",
        "role": "post_of_destination",
        "operation": "show",
        "purpose": "delivery",
        "holder": "post-aa",
        "lane": Lane(from_="AA", to="QN", channel="post"),
        "state": "ARRIVED",
        "given_for": ("delivery",),
    }
    return Request(**{**whole, **changed})


def test_a_counterparty_sees_what_the_agreement_shares_and_no_more() -> None:
    answer = authorise(request(), [standing()], ON)
    assert (answer.relation, answer.permission.rule) == ("counterparty", "A041")
    view = view_for(answer, Views(), ON)
    assert "parties.consignee.phone" in view.elements
    assert view.agreement == "POSTS-AA-QN/2"
    assert not {"payment.reference", "order.number", "parties.seller.name"} & view.elements


@pytest.mark.parametrize(
    ("changed", "standings", "relation", "rule", "because"),
    [
        ({}, [], "third", "A901", "no agreement"),
        ({"holder": "customs-aa"}, [standing()], "third", "A901", "no agreement"),
        ({}, [standing(state="revoked")], "revoked", "A900", "does not bind"),
        ({}, [standing(state="expired")], "revoked", "A900", "does not bind"),
        ({}, [standing(unsigned=("post-qn",), signed=())], "revoked", "A900", "does not bind"),
        ({"role": "carrier"}, [standing()], "counterparty", "agreement", "not as carrier"),
        ({"purpose": "revenue"}, [standing()], "counterparty", "agreement", "purpose revenue"),
        ({"given_for": ()}, [standing()], "counterparty", "agreement", "not given for delivery"),
        (
            {"given_for": ("clearance",)},
            [standing()],
            "counterparty",
            "agreement",
            "not given for delivery",
        ),
        (
            {"lane": Lane(from_="AA", to="DE", channel="post")},
            [standing()],
            "counterparty",
            "agreement",
            "does not cover",
        ),
        ({"purpose": "statistics"}, [standing()], "counterparty", "A000", "no rule"),
        ({"operation": "drop tables"}, [standing()], "counterparty", "A000", "no act"),
        ({"operation": "keys new", "holder": "post-qn"}, [], "own", "A000", "no rule"),
    ],
)
def test_what_is_denied_says_by_which_rule(changed, standings, relation, rule, because) -> None:
    answer = authorise(request(**changed), standings, ON)
    assert not answer.permission.allowed
    assert (answer.relation, answer.permission.rule) == (relation, rule)
    assert because in answer.permission.because
    assert view_for(answer, Views(), ON) is None


def test_a_further_purpose_of_the_agreement_is_allowed() -> None:
    assert authorise(
        request(purpose="returns", given_for=("delivery",)), [standing()], ON
    ).permission.allowed


def test_a_second_agreement_that_covers_it_counts() -> None:
    other = msgspec.structs.replace(POSTS, id="OTHER", purposes=("security",), further={})
    answer = authorise(request(), [standing(agreement=other), standing()], ON)
    assert answer.agreement == POSTS


def test_a_revoked_agreement_beside_one_that_binds_is_not_used() -> None:
    old = msgspec.structs.replace(POSTS, id="OLD")
    asked = [standing(agreement=old, state="revoked"), standing()]
    assert authorise(request(), asked, ON).agreement == POSTS
    narrow = msgspec.structs.replace(POSTS, purposes=("security",), further={})
    denied = authorise(request(), [asked[0], standing(agreement=narrow)], ON)
    assert not denied.permission.allowed


def test_asking_the_law_shows_nobodys_data() -> None:
    answer = authorise(request(operation="law show"), [standing()], ON)
    assert answer.permission.allowed
    assert view_for(answer, Views(), ON) is None


def test_ones_own_needs_no_agreement() -> None:
    answer = authorise(request(holder="post-qn", given_for=()), [], ON)
    assert (answer.relation, answer.permission.allowed) == ("own", True)
    assert "parties.consignee.phone" in view_for(answer, Views(), ON).elements


@pytest.mark.parametrize("changed", [{"role": "spy"}, {"purpose": "curiosity"}, {"state": "LOST"}])
def test_words_nobody_knows_are_refused(changed) -> None:
    with pytest.raises(PolicyError):
        authorise(request(**changed), [standing()], ON)
