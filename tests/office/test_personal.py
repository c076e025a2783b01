"""Personal data of a declaration: sealed, shown by view with a row of audit, erased with a report anybody can verify."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from pratique import messages
from pratique.errors import NotFoundError, SealError
from pratique.exchange import seal
from pratique.model.agreement import Lane
from pratique.model.declaration import PartyId
from pratique.office.agreements import Standing, read_file
from pratique.office.authorise import Request
from pratique.office.personal import ERASURE_TYPE, erase_due, personal_fields, read_personal
from pratique.policy.elements import catalogue
from pratique.policy.roles import shipped_digest
from pratique.policy.views import Views
from pratique.store import open_database
from pratique.store.data_keys import DataKeys
from pratique.store.vault import Vault

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHIRT = messages.parse((ROOT / "examples/shirt.json").read_bytes(), "aed")
POSTS = Standing(
    agreement=read_file((ROOT / "examples/agreements/posts.toml").read_bytes(), "posts"),
    signed=("post-aa", "post-qn"),
    unsigned=(),
    state="in force",
)
REQUEST = Request(
    party="post-qn",
    role="post_of_destination",
    operation="show",
    purpose="delivery",
    holder="post-aa",
    lane=Lane(from_="AA", to="QN", channel="post"),
    state="ARRIVED",
)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    opened = Vault(
        open_database(f"sqlite:///{tmp_path / 'store.db'}"),
        DataKeys(tmp_path / "keys.db", bytes(32)),
    )
    purposes = ("clearance", "delivery")
    opened.seal(
        "EX-1",
        personal_fields(SHIRT),
        holder="post-aa",
        purposes=purposes,
        keep_until=date(2027, 5, 25),
        now=NOW,
    )
    return opened


def read(vault: Vault, standings=(POSTS,), **changed):
    request = msgspec.structs.replace(REQUEST, **changed)
    return read_personal(request, "clerk 3", "EX-1", vault, standings, views=Views(), now=NOW)


def test_every_personal_element_of_a_declaration_is_found_with_its_paths() -> None:
    found = {each.field: each for each in personal_fields(SHIRT)}
    assert set(found) == {
        "parties/0/name", "parties/0/address/city",
        "parties/1/name", "parties/1/address/line", "parties/1/address/city", "parties/1/address/postcode",
    }  # fmt: skip
    assert found["parties/1/name"].paths == ("parties.consignee.name", "parties.buyer.name")
    assert found["parties/1/name"].text == "Example Buyer"
    assert "Example Buyer" not in repr(found["parties/1/name"])
    for each in found.values():
        assert all(catalogue()[path].privacy == "personal" for path in each.paths)


def test_what_a_dialect_adds_and_numbers_of_parties_are_found_too() -> None:
    party = msgspec.structs.replace(SHIRT.parties[0], ids=(PartyId(kind="EORI", number="X1"),))
    declaration = msgspec.structs.replace(SHIRT, parties=(party,), extension={"note": "a name"})
    found = {each.field: each.text for each in personal_fields(declaration)}
    assert found["parties/0/ids/0/number"] == "X1"
    assert found["extension"] == '{"note":"a name"}'


def test_a_counterparty_reads_what_its_view_shows_and_is_on_record(vault) -> None:
    answer, told = read(vault)
    assert answer.permission.allowed
    assert told["parties/1/name"] == "Example Buyer"
    assert told["parties/0/name"] == "Example Seller"
    (row,) = vault.reads("EX-1")
    assert (row.reader, row.party, row.purpose) == ("clerk 3", "post-qn", "delivery")
    assert (row.agreement, row.rule, row.policy) == ("POSTS-AA-QN/2", "A041", shipped_digest())


def test_a_view_without_persons_opens_nothing(vault) -> None:
    answer, told = read(vault, party="post-aa", role="carrier", purpose="transport")
    assert (answer.relation, answer.permission.allowed, told) == ("own", True, {})
    assert vault.reads("EX-1") == ()


@pytest.mark.parametrize(
    ("changed", "standings"),
    [
        ({}, ()),
        ({}, (msgspec.structs.replace(POSTS, state="revoked"),)),
        ({"purpose": "security"}, (POSTS,)),
        ({"purpose": "security", "given_for": ("security",)}, (POSTS,)),
        ({"purpose": "statistics"}, (POSTS,)),
        ({"holder": "post-qn"}, ()),
        ({"party": "customs-aa", "role": "customs_officer", "holder": "customs-aa"}, (POSTS,)),
        ({"party": "customs-aa", "role": "customs_officer"}, (POSTS,)),
    ],
)
def test_who_is_denied_learns_nothing_whatever_the_request_says(vault, changed, standings) -> None:
    """Also when the request claims that the data are its own, or were given for its purpose: what is stored counts."""
    answer, told = read(vault, standings, **changed)
    assert not answer.permission.allowed
    assert told == {}
    assert vault.reads("EX-1") == ()


def test_an_erasure_is_reported_and_signed_and_names_nobody(vault) -> None:
    key = seal.new_key()
    _, report = erase_due(vault, key, on=date(2027, 5, 24), now=NOW)
    assert report["content"]["consignments"] == 0
    erasure, report = erase_due(vault, key, on=date(2027, 5, 25), now=NOW)
    content = seal.unseal(report, ERASURE_TYPE, key.public_key())
    assert (content["consignments"], content["elements"], content["held"]) == (
        1,
        {"personal": 6},
        0,
    )
    assert content["digest"] == erasure.digest
    assert "EX-1" not in repr(report)
    with pytest.raises(SealError, match="forged"):
        report["content"]["consignments"] = 2
        seal.unseal(report, ERASURE_TYPE, key.public_key())
    with pytest.raises(NotFoundError, match="erased"):
        read(vault)


def test_what_is_held_is_not_erased_and_counted(vault) -> None:
    vault.hold("EX-1", because="appeal", by="court of Examplia (invented)", now=NOW)
    erasure = vault.erase(["EX-1"], now=NOW)
    assert (erasure.consignments, erasure.held) == (0, ("EX-1",))
    assert read(vault)[1]
