"""Hostile bytes: each is refused with a typed error that says what and where, quickly, and half-applies nothing."""

import random
import resource
import time

import msgspec
import pytest

from pratique import messages
from pratique.errors import MessageError
from pratique.messages import Row
from tests.hostile.corpus import corpus

CORPUS = list(corpus())


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 200
    assert len({(form, content) for _, form, content in CORPUS}) == len(CORPUS)
    assert len({name for name, _, _ in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize(("name", "form", "content"), CORPUS, ids=[name for name, _, _ in CORPUS])
def test_every_hostile_file_is_refused_with_a_typed_error(
    name: str, form: str, content: bytes
) -> None:
    started = time.process_time()
    with pytest.raises(MessageError) as refused:
        messages.parse(content, form)
    assert refused.value.code
    assert refused.value.faults
    assert all(fault.message and fault.hint for fault in refused.value.faults)
    assert msgspec.json.encode(refused.value.faults)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(("name", "form", "content"), CORPUS, ids=[name for name, _, _ in CORPUS])
def test_read_as_a_file_every_row_is_an_error_and_none_crashes(
    name: str, form: str, content: bytes
) -> None:
    rows = list(messages.read(content, form))
    assert rows or not content.strip() or name == "csv: header alone"
    assert all(isinstance(row, Row) and row.error is not None for row in rows)


@pytest.mark.parametrize("form", ["aed", "csv", "cuscar", "ens", "postal", "wco"])
def test_broken_copies_of_good_files_raise_only_our_errors(form: str) -> None:
    good = messages.write(
        messages.parse(
            b'{"id":"A","destination":"DE","dispatch_country":"CN","consignment":{"items":[{"description":'
            b'"cotton shirt","hs_code":"610910","price":{"amount":"1.00","currency":"EUR"}}]}}'
        ),
        form,
    )
    chance = random.Random(form)
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data))
            act = chance.randrange(4)
            if act == 0:
                data[at] = chance.randrange(256)
            elif act == 1:
                del data[at : at + chance.randrange(1, 9)]
            elif act == 2:
                data[at:at] = chance.choice(
                    [b'"', b"<", b"{", b"\x00", b"\xff", b",", b"&", b"9" * 40, b"]]>"]
                )
            else:
                del data[at:]
            if not data:
                break
        for row in messages.read(bytes(data), form):
            assert row.declaration is not None or row.error is not None
        try:
            messages.parse(bytes(data))
        except MessageError as error:
            assert error.faults


def test_memory_stays_bounded() -> None:
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2_000_000
