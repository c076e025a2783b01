"""Clients on both databases: kept, ended, never given again; an assertion is new once."""

from datetime import timedelta

import pytest

from pratique.errors import NotFoundError, StoreError
from pratique.store import open_database
from pratique.store.clients import MOST_ASSERTIONS, ClientKeyRow, ClientRow, ClientRows
from tests.support.clients import NOW

ROW = ClientRow("scanner-1", "customs-aa", "auditor", "read", "", NOW.isoformat())
KEY = ClientKeyRow("scanner-1", "k1", "{}", NOW.isoformat(), NOW.isoformat())


@pytest.fixture
def rows(store_url: str) -> ClientRows:
    found = ClientRows(open_database(store_url))
    found.add(ROW, [KEY])
    return found


def use(rows: ClientRows, id: str, now=NOW) -> str:
    return rows.use("scanner-1", id, until=now + timedelta(seconds=60), now=now)


def test_what_was_registered_is_there_after_a_restart(rows, store_url) -> None:
    again = ClientRows(open_database(store_url))
    assert again.get("scanner-1") == ROW
    assert again.keys("scanner-1") == [KEY]
    assert again.all() == [ROW]
    assert again.get("scanner-2") is None


def test_an_id_is_never_given_twice_not_even_after_its_end(rows) -> None:
    with pytest.raises(StoreError, match="already"):
        rows.add(ROW, [KEY])
    rows.revoke("scanner-1", because="sold", now=NOW)
    with pytest.raises(StoreError, match="already"):
        rows.add(ROW, [KEY])
    assert rows.get("scanner-1").because == "sold"


def test_a_client_ends_once_and_gets_no_more_keys(rows) -> None:
    rows.revoke("scanner-1", because="sold", now=NOW)
    for step in (
        lambda: rows.revoke("scanner-1", because="again", now=NOW),
        lambda: rows.revoke("scanner-2", because="never was", now=NOW),
        lambda: rows.add_key(KEY._replace(kid="k2")),
    ):
        with pytest.raises(NotFoundError):
            step()


def test_keys_are_added_each_once(rows) -> None:
    rows.add_key(KEY._replace(kid="k2"))
    assert [each.kid for each in rows.keys("scanner-1")] == ["k1", "k2"]
    with pytest.raises(StoreError, match="already"):
        rows.add_key(KEY)


def test_an_assertion_is_new_once_also_for_another_connection(rows, store_url) -> None:
    assert use(rows, "a") == "new"
    assert use(rows, "a") == "used"
    assert use(ClientRows(open_database(store_url)), "a") == "used"
    assert use(rows, "b") == "new"


def test_it_is_remembered_until_it_is_over_and_then_dropped(rows) -> None:
    assert use(rows, "a") == "new"
    assert use(rows, "a", NOW + timedelta(seconds=60)) == "used"
    assert use(rows, "b", NOW + timedelta(seconds=62)) == "new"
    assert rows.database.query("SELECT id FROM client_assertion") == [("b",)]


def test_no_more_than_so_many_are_remembered_of_one_client(rows) -> None:
    rows.database.insert(
        "INSERT INTO client_assertion (client, id, until) VALUES (%s, %s, %s)",
        [("scanner-1", str(n), int(NOW.timestamp()) + 60) for n in range(MOST_ASSERTIONS)],
    )
    assert use(rows, "one more") == "too many"
    assert use(rows, "0") == "used"
    assert use(rows, "one more", NOW + timedelta(seconds=61)) == "new"


def test_a_store_that_fails_gives_our_error_and_forgets_nothing(rows) -> None:
    rows.database.close()
    if rows.database.dialect == "sqlite":
        with pytest.raises(StoreError):
            use(rows, "a")
    else:
        assert use(rows, "a") == "new"
