"""The journal on both databases: what is acknowledged is kept, once, unchanged."""

import sqlite3
import threading
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pratique.errors import (
    NotFoundError,
    RequestConflictError,
    StoreError,
    UnsafeStoreError,
    VersionConflictError,
)
from pratique.store import (
    Entry,
    Journal,
    Receipt,
    Writer,
    open_database,
    open_journal,
    refuse_unsafe,
)
from pratique.store.log import EntryRow, LogRows

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def entry(number: int, *, follows: int = 0, declaration: str = "", body: bytes = b"{}") -> Entry:
    name = declaration or f"D{number}"
    return Entry(
        sender="tester",
        request=f"R{number}",
        request_hash=f"hash of {body!r} {follows}",
        kind="filing" if follows == 0 else "amendment",
        declaration=name,
        follows=follows,
        destination="AA",
        code="RELEASED",
        state="RELEASED",
        form="aed",
        source=body,
        body=body,
        answer=b'{"n":%d}' % number,
        recorded_at=NOW,
        parcels=(f"P-{name}",),
    )


def receipts(outcomes: list) -> list[Receipt]:
    assert all(isinstance(each, Receipt) for each in outcomes)
    return outcomes


def test_sequence_has_no_gaps_and_versions_count(store_url: str) -> None:
    journal = open_journal(store_url)
    first = receipts(journal.record([entry(1), entry(2)]))
    second = receipts(journal.record([entry(3, follows=1, declaration="D1")]))
    assert [each.sequence for each in first + second] == [1, 2, 3]
    assert [each.version for each in journal.versions("D1")] == [1, 2]
    assert journal.latest("D1").sequence == 3
    assert journal.verify() is None


def test_the_same_request_changes_nothing_and_gets_the_same_answer(store_url: str) -> None:
    journal = open_journal(store_url)
    (first,) = receipts(journal.record([entry(1)]))
    (again,) = receipts(journal.record([msgspec.structs.replace(entry(1), answer=b"other")]))
    assert again.repeated
    assert (again.sequence, again.answer) == (first.sequence, first.answer)
    assert len(journal.find()) == 1


def test_the_same_request_twice_in_one_group_is_kept_once(store_url: str) -> None:
    journal = open_journal(store_url)
    first, again = receipts(journal.record([entry(1), entry(1)]))
    assert (first.repeated, again.repeated) == (False, True)
    assert len(journal.find()) == 1


def test_an_entry_is_kept_with_what_else_its_transaction_writes_or_not_at_all(
    store_url: str,
) -> None:
    journal = open_journal(store_url)
    rows = LogRows(journal.database)
    with pytest.raises(ZeroDivisionError), journal.database.writing():
        receipts(journal.add([entry(1)]))
        rows.add([EntryRow(0, b"entry", b"leaf")], [])
        raise ZeroDivisionError
    assert (journal.find(), rows.size()) == ((), 0)
    with journal.database.writing():
        (kept,) = receipts(journal.add([entry(1)]))
        rows.add([EntryRow(0, b"entry", b"leaf")], [])
    assert ([each.sequence for each in journal.find()], rows.size()) == ([kept.sequence], 1)
    assert journal.verify() is None


def test_a_request_id_with_other_content_is_refused(store_url: str) -> None:
    journal = open_journal(store_url)
    journal.record([entry(1)])
    (refused,) = journal.record([entry(1, body=b"other")])
    assert isinstance(refused, RequestConflictError)


def test_a_bad_entry_does_not_trouble_its_neighbours(store_url: str) -> None:
    journal = open_journal(store_url)
    good, stale, missing, also_good = journal.record(
        [entry(1), entry(2, declaration="D1"), entry(3, follows=4, declaration="none"), entry(4)]
    )
    assert isinstance(good, Receipt)
    assert isinstance(stale, VersionConflictError)
    assert isinstance(missing, NotFoundError)
    assert isinstance(also_good, Receipt)
    assert [each.sequence for each in journal.find()] == [1, 2]


def test_entries_are_found_by_declaration_parcel_and_cursor(store_url: str) -> None:
    journal = open_journal(store_url)
    journal.record([entry(number) for number in range(1, 8)])
    assert journal.of_parcel("P-D3")[0].declaration == "D3"
    page = journal.find(limit=3)
    rest = journal.find(after=page[-1].sequence)
    assert [each.sequence for each in (*page, *rest)] == list(range(1, 8))
    assert journal.counts() == {"RELEASED": 7}
    with pytest.raises(NotFoundError, match="No declaration"):
        journal.versions("nothing")


def test_the_journal_cannot_be_rewritten(store_url: str) -> None:
    journal = open_journal(store_url)
    journal.record([entry(1)])
    for statement in ("UPDATE journal SET code = %s", "DELETE FROM journal WHERE code = %s"):
        with pytest.raises(Exception, match="append-only"):
            journal.database.insert(statement, [("RELEASED",)])


def test_a_changed_row_shows(tmp_path) -> None:
    path = tmp_path / "store.db"
    journal = open_journal(f"sqlite:///{path}")
    journal.record([entry(number) for number in range(1, 6)])
    journal.close()
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER journal_keeps_values")
        raw.execute("UPDATE journal SET answer = x'00' WHERE sequence = 3")
    assert open_journal(f"sqlite:///{path}").verify() == 3


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "sqlite:///", "mysql://x", "file.db"]
)
def test_stores_that_forget_are_refused(url: str) -> None:
    with pytest.raises(StoreError):
        open_database(url)


def test_unsafe_sqlite_settings_are_refused(tmp_path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'store.db'}")
    database.query("PRAGMA synchronous=NORMAL")
    with pytest.raises(UnsafeStoreError, match="synchronous"):
        refuse_unsafe(database)


def test_unsafe_postgres_settings_are_refused(cluster) -> None:
    url = cluster.new_database()
    with pytest.raises(UnsafeStoreError, match="synchronous_commit"):
        open_database(f"{url}&options=-csynchronous_commit%3Doff")


def test_a_newer_schema_is_refused(store_url: str) -> None:
    journal = open_journal(store_url)
    journal.database.insert("INSERT INTO migration (number) VALUES (%s)", [(9999,)])
    with pytest.raises(StoreError, match="newer"):
        open_journal(store_url)


def test_many_callers_share_commits_and_each_gets_its_receipt(store_url: str) -> None:
    writer = Writer(lambda: open_journal(store_url))
    found: dict[int, Receipt] = {}

    def caller(start: int) -> None:
        for number in range(start, start + 20):
            found[number] = writer.submit(entry(number)).result(30)

    threads = [threading.Thread(target=caller, args=(100 * each,)) for each in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert sorted(each.sequence for each in found.values()) == list(range(1, 161))
    assert all(found[number].declaration == f"D{number}" for number in found)
    assert open_journal(store_url).verify() is None


def test_of_two_amendments_of_one_version_exactly_one_wins(store_url: str) -> None:
    writers = [Writer(lambda: open_journal(store_url)) for _ in range(2)]
    writers[0].submit(entry(1)).result(30)
    futures = [
        writers[each % 2].submit(entry(10 + each, follows=1, declaration="D1")) for each in range(6)
    ]
    outcomes = [future.exception(30) for future in futures]
    for writer in writers:
        writer.close()
    assert outcomes.count(None) == 1
    assert all(isinstance(each, VersionConflictError) for each in outcomes if each)


class _Gated(Journal):
    """A journal that writes only once it is let."""

    def __init__(self, url: str, gate: threading.Event) -> None:
        super().__init__(open_database(url))
        self.gate = gate

    def record(self, entries):  # type: ignore[no-untyped-def]
        assert self.gate.wait(30)
        return super().record(entries)


def test_a_full_queue_refuses_at_once_or_waits_when_asked(store_url: str, monkeypatch) -> None:
    monkeypatch.setattr("pratique.store.writer.MAX_WAITING", 2)
    gate = threading.Event()
    writer = Writer(lambda: _Gated(store_url, gate))
    futures = []
    while not futures or not futures[-1].done():
        futures.append(writer.submit(entry(len(futures) + 1)))
    assert "try again later" in str(futures.pop().exception())
    late: list[Receipt] = []
    patient = threading.Thread(
        target=lambda: late.append(writer.submit(entry(99), wait=True).result(30))
    )
    patient.start()
    assert not late
    gate.set()
    patient.join(30)
    writer.close()
    assert [each.declaration for each in late] == ["D99"]
    assert len(open_journal(store_url).find()) == len(futures) + 1


def test_a_request_is_answered_as_it_was_kept(store_url: str) -> None:
    journal = open_journal(store_url)
    assert journal.answered("tester", "R1", "any") is None
    (kept,) = receipts(journal.record([entry(1)]))
    again = journal.answered("tester", "R1", entry(1).request_hash)
    assert again == msgspec.structs.replace(kept, repeated=True)
    assert journal.answered("another", "R1", "any") is None
    with pytest.raises(RequestConflictError):
        journal.answered("tester", "R1", "other content")


class _Failing(Journal):
    """A journal whose disk is full now and then."""

    failures = 1

    def record(self, entries):  # type: ignore[no-untyped-def]
        if self.failures:
            self.failures -= 1
            raise StoreError("disk full")
        return super().record(entries)


def test_a_failing_store_is_never_an_acknowledgement_and_recovers(store_url: str) -> None:
    writer = Writer(lambda: _Failing(open_database(store_url)))
    with pytest.raises(StoreError, match="disk full"):
        writer.submit(entry(1)).result(30)
    assert writer.submit(entry(2)).result(30).sequence == 1
    writer.close()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    groups=st.lists(
        st.lists(st.tuples(st.integers(1, 6), st.integers(0, 3), st.integers(1, 4)), max_size=5),
        max_size=6,
    )
)
def test_any_order_of_filings_leaves_gap_free_versions(tmp_path_factory, groups) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('s') / 'store.db'}"
    journal = open_journal(url)
    acknowledged: dict[tuple[str, str], int] = {}
    for group in groups:
        entries = [entry(n, follows=f, declaration=f"D{d}") for n, f, d in group]
        for each, outcome in zip(entries, journal.record(entries), strict=True):
            if isinstance(outcome, Receipt):
                key = (each.sender, each.request)
                assert acknowledged.setdefault(key, outcome.sequence) == outcome.sequence
    kept = journal.find(limit=1000)
    assert [each.sequence for each in kept] == list(range(1, len(kept) + 1))
    for name in {each.declaration for each in kept}:
        versions = [each.version for each in journal.versions(name)]
        assert versions == list(range(1, len(versions) + 1))
    assert journal.verify() is None
