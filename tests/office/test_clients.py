"""A token's holder is authorised for the token's party, in its roles, within its scopes, while the client is registered."""

import itertools
from datetime import date, timedelta

import pytest

from pratique.errors import NotFoundError, SealError, StoreError, UsageError
from pratique.exchange.access_token import AccessToken
from pratique.exchange.partners import public_key
from pratique.model.agreement import Lane
from pratique.office.authorise import Request, authorise
from pratique.office.clients import add_key, caller, every, find, may, register
from pratique.policy.access import shipped_access
from pratique.policy.roles import shipped_roles
from pratique.store import open_database
from pratique.store.clients import ClientRows
from tests.office.test_authorise import POSTS, standing
from tests.support.clients import ISSUER, KEYS, NOW, TLS, ask, assertion, client, form, token_of
from tests.support.keys import ed25519

ON = date(2026, 11, 25)
ACTS = shipped_access().acts
LANE = Lane(from_="AA", to="QN", channel="post")


@pytest.fixture
def rows(tmp_path) -> ClientRows:
    found = ClientRows(open_database(f"sqlite:///{tmp_path}/store.db"))
    register(client(), found, now=NOW)
    return found


def shown(rows, token: str, certificate: str = TLS, now=NOW) -> AccessToken:
    return caller(token, KEYS, ISSUER.audience, rows, certificate=certificate, now=now)


def token(**changed) -> AccessToken:
    whole = {
        "id": "t", "client": "scanner-1", "tenant": "post-qn", "roles": tuple(shipped_roles().roles),
        "scopes": tuple(ACTS), "expires_at": NOW + timedelta(minutes=5), "certificate": TLS,
    }  # fmt: skip
    return AccessToken(**{**whole, **changed})


def request(**changed) -> Request:
    whole = {
        "party": "post-qn", "role": "post_of_destination", "operation": "show", "purpose": "delivery",
        "holder": "post-qn", "lane": LANE, "state": "ARRIVED", "given_for": ("delivery",),
    }  # fmt: skip
    return Request(**{**whole, **changed})


def test_a_client_is_kept_as_it_was_registered(store_url) -> None:
    kept = ClientRows(open_database(store_url))
    register(client(), kept, now=NOW)
    assert find("scanner-1", kept).client == client()
    assert [each.client.id for each in every(kept)] == ["scanner-1"]


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"roles": ("spy",)}, UsageError),
        ({"scopes": ("fly",)}, UsageError),
        ({"id": "No"}, SealError),
        ({}, StoreError),
    ],
)
def test_what_nobody_knows_or_is_there_is_not_registered(rows, changed, error) -> None:
    with pytest.raises(error):
        register(client(**changed), rows, now=NOW)


def test_a_further_key_takes_over_from_the_old_one(rows) -> None:
    late = NOW + timedelta(days=30)
    new = public_key(
        ed25519("new").public_key(), "sig", late - timedelta(days=2), late + timedelta(days=9)
    )
    add_key("scanner-1", new, rows)
    assert ask(rows, form(assertion(key=ed25519("new"), now=late)), now=late)[0] == 200
    assert ask(rows, form(assertion(now=late)), now=late)[0] == 401


@pytest.mark.parametrize("id", ["scanner-9", "", "x\x00", "X" * 5000])
def test_a_client_nobody_registered_is_not_found(rows, id) -> None:
    with pytest.raises(NotFoundError):
        find(id, rows)


def test_a_token_is_refused_as_soon_as_its_client_is_revoked(rows) -> None:
    given = token_of(rows)
    assert shown(rows, given).tenant == "customs-aa"
    rows.revoke("scanner-1", because="sold", now=NOW)
    with pytest.raises(SealError, match="revoked"):
        shown(rows, given)


@pytest.mark.parametrize(
    ("column", "value"),
    [("tenant", "customs-qn"), ("roles", "auditor"), ("scopes", "ask"), ("certificates", "00" * 32), ("id", "gone")],
)  # fmt: skip
def test_a_token_is_refused_once_its_client_has_less_than_it_says(rows, column, value) -> None:
    given = token_of(rows)
    rows.database.query("PRAGMA foreign_keys=OFF")
    rows.database.query(f"UPDATE client SET {column} = %s RETURNING 1", (value,))
    with pytest.raises(SealError, match="revoked"):
        shown(rows, given)


def test_an_unbound_token_is_refused_once_its_client_has_a_certificate(rows) -> None:
    register(client(id="scanner-2", certificates=(), keys=(_key("scanner-2"),)), rows, now=NOW)
    given = token_of(rows, "scanner-2", certificate="")
    assert shown(rows, given, "").certificate == ""
    rows.database.query(
        "UPDATE client SET certificates = %s WHERE id = 'scanner-2' RETURNING 1", (TLS,)
    )
    for certificate in ("", TLS):
        with pytest.raises(SealError, match="revoked"):
            shown(rows, given, certificate)


def test_a_token_of_one_client_does_not_serve_over_the_certificate_of_another(rows) -> None:
    other = "ab" * 32
    register(
        client(id="scanner-2", certificates=(other,), keys=(_key("scanner-2"),)), rows, now=NOW
    )
    with pytest.raises(SealError, match="other-certificate"):
        shown(rows, token_of(rows), other)


def test_the_party_is_the_tokens_whatever_the_request_says() -> None:
    asked = request(party="post-qn", holder="post-qn")
    assert may(token(tenant="post-qn"), asked, [], ON).relation == "own"
    stranger = may(token(tenant="post-zz"), asked, [], ON)
    assert (stranger.relation, stranger.permission.allowed) == ("third", False)
    assert stranger.request.party == "post-zz"


def test_a_role_the_client_has_not_is_denied() -> None:
    answer = may(token(roles=("carrier",)), request(), [], ON)
    assert (answer.permission.allowed, answer.permission.rule) == (False, "role")


def test_an_act_beyond_the_scopes_is_denied_and_names_no_agreement() -> None:
    asked = request(holder="post-aa")
    assert may(token(), asked, [standing()], ON).agreement == POSTS
    answer = may(token(scopes=("ask",)), asked, [standing()], ON)
    assert (answer.permission.allowed, answer.permission.rule) == (False, "scope")
    assert answer.agreement is None


def test_an_operation_without_a_rule_is_denied_with_every_scope() -> None:
    answer = may(token(), request(operation="GET /v9/anything"), [], ON)
    assert (answer.permission.allowed, answer.permission.rule) == (False, "A000")


RELATIONS = {
    "own": ("post-qn", []),
    "third": ("customs-zz", [standing()]),
    "revoked": ("post-aa", [standing(state="revoked")]),
    "counterparty": ("post-aa", [standing()]),
}


def cells():
    """Every role, operation and relation, each with a token for every act, for that act alone, and for all but it."""
    purposes = ("clearance", "delivery", "audit")
    roles = shipped_roles().roles
    for role, operation, relation, purpose in itertools.product(
        roles, shipped_access().operations, RELATIONS, purposes
    ):
        holder, standings = RELATIONS[relation]
        yield request(role=role, operation=operation, purpose=purpose, holder=holder), standings


def test_a_token_gives_the_answer_of_the_matrix_and_never_more() -> None:
    """S1 through tokens: 13 roles, every operation, 4 relations, 3 purposes."""
    asked = 0
    for wanted, standings in cells():
        act = shipped_access().operations[wanted.operation]
        plain = authorise(wanted, standings, ON)
        assert may(token(), wanted, standings, ON) == plain
        assert may(token(scopes=(act,), roles=(wanted.role,)), wanted, standings, ON) == plain
        others = tuple(each for each in ACTS if each != act)
        assert not may(token(scopes=others), wanted, standings, ON).permission.allowed
        unlike = tuple(each for each in shipped_roles().roles if each != wanted.role)
        assert not may(token(roles=unlike), wanted, standings, ON).permission.allowed
        asked += 4
    assert asked >= 20_000


def _key(id: str):
    return public_key(
        ed25519(id).public_key(), "sig", NOW - timedelta(days=1), NOW + timedelta(days=30)
    )
