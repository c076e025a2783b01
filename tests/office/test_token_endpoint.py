"""The token endpoint: who is registered gets a token of minutes; everybody else learns nothing."""

import json
import sqlite3
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique.errors import StoreError
from pratique.exchange import jwk
from pratique.exchange.partners import public_key
from pratique.office.clients import caller, register
from pratique.office.token_endpoint import FORM_TYPE, key_set, metadata
from pratique.store import open_database
from pratique.store.clients import MOST_ASSERTIONS, ClientRows
from tests.support.clients import (
    ISSUER,
    KEYS,
    NOW,
    TLS,
    ask,
    assertion,
    claims,
    client,
    form,
    signed,
    token_of,
)
from tests.support.keys import ed25519


@pytest.fixture
def rows(tmp_path) -> ClientRows:
    found = ClientRows(open_database(f"sqlite:///{tmp_path}/store.db"))
    register(client(), found, now=NOW)
    key = public_key(ed25519("scanner-2").public_key(), "sig", NOW, NOW + timedelta(days=9))
    other = client(id="scanner-2", tenant="post-qn", keys=(key,), certificates=("22" * 32,))
    register(other, found, now=NOW)
    return found


def test_a_token_is_given_on_both_databases(store_url) -> None:
    kept = ClientRows(open_database(store_url))
    register(client(), kept, now=NOW)
    status, body, reply = ask(kept, form(assertion()))
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 300)
    assert body["scope"] == "read ask"
    assert reply.headers["Cache-Control"] == "no-store"
    found = caller(body["access_token"], KEYS, ISSUER.audience, kept, certificate=TLS, now=NOW)
    assert (found.client, found.tenant, found.certificate) == ("scanner-1", "customs-aa", TLS)


def test_a_scope_asked_for_is_all_it_gives(rows) -> None:
    status, body, _ = ask(rows, form(assertion(), scope="ask"))
    assert (status, body["scope"]) == (200, "ask")
    empty = ask(rows, form(assertion(), scope=""))
    assert (empty[0], empty[1]["scope"]) == (200, "read ask")


@pytest.mark.parametrize("scope", ["file", "read file", "read  ask", " ", "READ", "read\nask", "*"])
def test_a_scope_that_was_never_given_is_refused(rows, scope) -> None:
    status, body, _ = ask(rows, form(assertion(), scope=scope))
    assert (status, body["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "content_type", [FORM_TYPE, f"{FORM_TYPE}; charset=utf-8", FORM_TYPE.upper()]
)
def test_a_form_is_told_by_its_type(rows, content_type) -> None:
    assert ask(rows, form(assertion()), content_type=content_type)[0] == 200
    refused = ask(rows, form(assertion()), content_type="application/json")
    assert (refused[0], refused[1]["error"]) == (400, "invalid_request")


def test_an_assertion_is_good_once_also_after_a_restart(rows, tmp_path) -> None:
    sent = form(assertion())
    assert ask(rows, sent)[0] == 200
    again = ClientRows(open_database(f"sqlite:///{tmp_path}/store.db"))
    for at in (rows, again):
        status, body, reply = ask(at, sent)
        assert (status, body["error"], reply.because) == (
            401,
            "invalid_client",
            "the assertion was used before",
        )


def test_of_one_client_only_so_many_are_taken_in_a_time(rows) -> None:
    rows.database.insert(
        "INSERT INTO client_assertion (client, id, until) VALUES (%s, %s, %s)",
        [("scanner-1", str(n), int(NOW.timestamp()) + 60) for n in range(MOST_ASSERTIONS)],
    )
    status, body, _ = ask(rows, form(assertion()))
    assert (status, body["error"]) == (429, "temporarily_unavailable")
    assert ask(rows, form(assertion("scanner-2")), certificate="22" * 32)[0] == 200


def unauthenticated():
    """(name, form, certificate) of requests by nobody we know."""
    good = claims()
    yield "unknown client", form(assertion("nobody", key=ed25519("nobody"))), TLS
    yield "other client's key", form(assertion("scanner-1", key=ed25519("scanner-2"))), TLS
    yield "other client's name on it", form(assertion(), client_id="scanner-2"), TLS
    yield "certificate of another client", form(assertion()), "22" * 32
    yield "no certificate", form(assertion()), ""
    yield "algorithm none", form(signed(good, alg="none")), TLS
    yield "HS256", form(signed(good, alg="HS256")), TLS
    yield "key in the header", form(signed(good, jwk={"kty": "OKP"})), TLS
    yield "address of a key", form(signed(good, jku="https://evil.example")), TLS
    yield "other audience", form(signed(claims(aud="https://other.example"))), TLS
    yield "expired", form(signed(claims(exp=int(NOW.timestamp()) - 60))), TLS
    yield "far future", form(signed(claims(exp=int(NOW.timestamp()) + 10**9))), TLS
    yield "not this client", form(signed(claims(sub="scanner-2"))), TLS
    yield "no id", form(signed(claims(jti=None))), TLS
    yield "no assertion", form(""), TLS
    yield "other type", form(assertion(), client_assertion_type="x"), TLS
    yield "garbage", form("a.b.c"), TLS
    yield "long", form("A" * 5000), TLS


UNAUTHENTICATED = {name: (sent, certificate) for name, sent, certificate in unauthenticated()}


@pytest.mark.parametrize("name", UNAUTHENTICATED)
def test_who_is_not_known_is_told_nothing_more(rows, name) -> None:
    sent, certificate = UNAUTHENTICATED[name]
    status, body, reply = ask(rows, sent, certificate=certificate)
    assert status == 401
    assert body == {"error": "invalid_client", "error_description": "Authentication failed."}
    assert reply.because
    assert reply.because.isprintable()


def test_a_revoked_client_is_told_no_more_than_a_stranger(rows) -> None:
    rows.revoke("scanner-1", because="sold", now=NOW)
    assert ask(rows, form(assertion()))[1] == ask(rows, form(assertion("nobody")))[1]


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"", "invalid_request"),
        (b"grant_type", "invalid_request"),
        (b"\xff=1", "invalid_request"),
        (b"grant_type=%ff", "invalid_request"),
        (b"a=1&" * 20 + b"b=2", "invalid_request"),
        (b"x=" + b"a" * 9000, "invalid_request"),
        (form("x") + b"&client_secret=hush", "invalid_request"),
        (form("x") + b"&grant_type=client_credentials", "invalid_request"),
        (form("x") + b"&client_assertion=y", "invalid_request"),
        (form("x") + b"&scope=&scope=read", "invalid_request"),
        (urlencode({"client_assertion": "x"}).encode(), "invalid_request"),
        (form("x", grant_type="password"), "unsupported_grant_type"),
        (form("x", grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer"), "unsupported_grant_type"),
    ],
)  # fmt: skip
def test_what_is_no_request_is_told_so(rows, sent, error) -> None:
    status, body, reply = ask(rows, sent)
    assert (status, body["error"]) == (400, error)
    assert set(body) == {"error", "error_description"}
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_form_of_more_than_eight_kilobytes_is_refused_however_good(rows) -> None:
    status, body, _ = ask(rows, form(assertion(), more="a" * 9000))
    assert (status, body["error"]) == (400, "invalid_request")


def test_parameters_nobody_knows_are_not_heeded(rows) -> None:
    assert ask(rows, form(assertion(), resource="https://x.example", tenant="post-qn"))[0] == 200


def test_a_token_carries_the_registered_tenant_whatever_the_assertion_says(rows) -> None:
    sent = form(signed(claims(tenant="post-qn", roles=["operator"], scope="administer")))
    _, body, _ = ask(rows, sent)
    found = caller(body["access_token"], KEYS, ISSUER.audience, rows, certificate=TLS, now=NOW)
    assert (found.tenant, found.roles) == ("customs-aa", ("customs_officer", "auditor"))


def test_without_a_store_that_keeps_it_there_is_no_token(rows) -> None:
    rows.database.query("DROP TABLE client_assertion")
    with pytest.raises(StoreError):
        ask(rows, form(assertion()))


def test_nothing_the_store_keeps_is_a_secret(rows) -> None:
    sent = assertion()
    given_token = json.loads(ask(rows, form(sent))[2].body)["access_token"]
    path = rows.database.query("PRAGMA database_list")[0][2]
    rows.database.close()
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(path, "rb") as file:  # noqa: PTH123
        kept = file.read()
    assert sent.encode() not in kept
    assert given_token.rpartition(".")[2].encode() not in kept


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer_of_the_protocol(rows, sent) -> None:
    status, body, _ = ask(rows, sent)
    assert status in (400, 401)
    assert body["error"] in ("invalid_request", "invalid_client", "unsupported_grant_type")


def test_the_metadata_say_what_is_so(rows) -> None:
    told = metadata(ISSUER, "https://node.example/oauth/keys")
    assert told["issuer"] == ISSUER.audience.issuer
    assert told["grant_types_supported"] == ["client_credentials"]
    assert told["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    (published,) = key_set(ISSUER)["keys"]
    read = {published["kid"]: jwk.read_public(published, "sig")}
    assert caller(token_of(rows), read, ISSUER.audience, rows, certificate=TLS, now=NOW)
