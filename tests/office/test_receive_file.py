"""Whole files are filed with few under way: nothing is refused for length, memory stays flat."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import msgspec
import pytest

from pratique.errors import MessageError, StoreError, VersionConflictError
from pratique.messages import Row
from pratique.office import receive_file as room
from pratique.office.desk import Desk
from pratique.office.generate import generate
from pratique.office.receive_file import receive_file, receive_rows
from pratique.store import Journal
from tests.support.parcels import EVIDENCE

NOW = datetime(2026, 7, 1, 23, 59, tzinfo=UTC)


@pytest.fixture
def desk(store_url: str):
    found = Desk(evidence=EVIDENCE, store=store_url)
    yield found
    found.close()


def lines(count: int) -> bytes:
    return b"".join(
        msgspec.json.encode(each) + b"\n" for each, _ in generate(3, count, on=date(2026, 7, 1))
    )


def test_a_file_longer_than_the_queue_is_never_refused(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr("pratique.store.writer.MAX_WAITING", 2)
    monkeypatch.setattr("pratique.store.writer.MAX_GROUP", 1)
    answers = list(receive_file(io.BytesIO(lines(60)), desk, sender="post", now=NOW))
    assert [each.row for each in answers] == list(range(1, 61))
    assert [each.error for each in answers] == [None] * 60
    sequences = [each.acknowledgement.sequence for each in answers if each.acknowledgement]
    assert sequences == list(range(1, 61))


def test_no_more_is_read_than_may_be_under_way(desk: Desk, monkeypatch) -> None:
    monkeypatch.setattr(room, "UNDER_WAY", 7)
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for declaration, _ in generate(3, 40, on=date(2026, 7, 1)):
            read += 1
            yield Row(read, msgspec.json.encode(declaration), declaration)

    most = 0
    for answered, _ in enumerate(receive_rows(rows(), "aed", desk, sender="post", now=NOW)):
        most = max(most, read - answered)
    assert (read, most) == (40, 7)


def test_rows_are_numbered_through_blocks_and_bad_ones_stop_no_other(
    desk: Desk, monkeypatch
) -> None:
    monkeypatch.setattr(room, "BLOCK_BYTES", 3000)
    good = lines(20).splitlines(keepends=True)
    text = b"".join([*good[:10], b"{\n", b"\n", *good[10:], good[0]])
    changed = good[0].replace(b'"express"', b'"cargo"', 1)
    assert changed != good[0]
    answers = list(receive_file(io.BytesIO(text + changed), desk, sender="post", now=NOW))
    assert [each.row for each in answers] == [*range(1, 12), *range(13, 25)]
    assert [each.row for each in answers if isinstance(each.error, MessageError)] == [11]
    assert [each.row for each in answers if isinstance(each.error, VersionConflictError)] == [24]
    assert answers[-2].acknowledgement is not None
    assert answers[-2].acknowledgement.repeated


def test_a_file_sent_again_changes_nothing(desk: Desk) -> None:
    for request in (None, "Monday"):
        sender = f"post {request}"
        first, again = (
            list(receive_file(io.BytesIO(lines(30)), desk, sender=sender, now=NOW, request=request))
            for _ in range(2)
        )
        kept = [each.acknowledgement for each in again if each.acknowledgement]
        assert all(each.repeated for each in kept)
        assert [msgspec.structs.replace(each, repeated=False) for each in kept] == [
            each.acknowledgement for each in first
        ]


def test_a_document_over_several_lines_and_other_forms(desk: Desk) -> None:
    pretty = json.dumps(json.loads(lines(1)), indent=2).encode()
    (answer,) = receive_file(io.BytesIO(pretty), desk, sender="post", now=NOW)
    assert answer.acknowledgement is not None
    assert list(receive_file(io.BytesIO(b""), desk, sender="post", now=NOW, form="aed")) == []
    with pytest.raises(MessageError, match="no form"):
        receive_file(io.BytesIO(b"neither"), desk, sender="post", now=NOW)


def test_a_failing_store_is_told_for_each_row(desk: Desk, monkeypatch) -> None:
    def full(self: Journal, entries: object) -> list[object]:
        raise StoreError("disk full")

    monkeypatch.setattr(Journal, "record", full)
    answers = list(receive_file(io.BytesIO(lines(3)), desk, sender="post", now=NOW))
    assert [str(each.error) for each in answers] == ["disk full"] * 3
