"""A node keeps agreements signed by keys the directory gives their parties, and by no others."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pratique.errors import PolicyError, SealError
from pratique.exchange import seal
from pratique.office import agreements
from pratique.office.held_agreements import added, held
from pratique.office.node_keys import signers
from tests.support.directories import HOUR, NOW, partner, signing
from tests.support.keys import ed25519

POSTS = Path(__file__).parent.parent.parent / "examples/agreements/posts.toml"
ON = date(2026, 11, 25)


def agreement(**keys: str) -> Any:
    found = agreements.read_file(POSTS.read_bytes(), "posts.toml")
    parties = tuple(
        msgspec.structs.replace(
            each,
            key_id=seal.key_id(ed25519(keys.get(each.id.replace("-", "_"), each.id)).public_key()),
        )
        for each in found.parties
    )
    return msgspec.structs.replace(found, parties=parties)


WHOLE = agreement()
IDS = [each.id for each in WHOLE.parties]
NAME = f"{WHOLE.id}/{WHOLE.version}"
DIRECTORY = signers(partner(id) for id in IDS)


def copy(by: str, found: Any = WHOLE, key: str = "") -> bytes:
    return agreements.written(agreements.sign(found, by, ed25519(key or by)))


def ending(by: str, key: str = "") -> bytes:
    day = date(2026, 11, 20)
    return agreements.written(
        agreements.revoke(WHOLE, by, ed25519(key or by), from_day=day, because="tested")
    )


def test_it_binds_once_every_copy_is_kept() -> None:
    files = {f"{id}.json": copy(id) for id in IDS}
    found = held(files, DIRECTORY)
    assert list(found) == [NAME]
    assert found[NAME].standing(ON).binds
    files.popitem()
    assert held(files, DIRECTORY)[NAME].standing(ON).unsigned == (IDS[-1],)


def test_an_ending_kept_beside_them_ends_it() -> None:
    files = {f"{id}.json": copy(id) for id in IDS} | {"end.json": ending(WHOLE.revocable_by[0])}
    assert held(files, DIRECTORY)[NAME].standing(ON).state == "revoked"


def test_a_copy_is_added_beside_those_there_are() -> None:
    kept = held({"a": copy(IDS[0])}, DIRECTORY)
    document, party = added(copy(IDS[1]), "b", kept, DIRECTORY, DIRECTORY, ON)
    assert (f"{document.id}/{document.version}", party) == (NAME, IDS[1])


def refused(data: bytes, kept: Any = None, known: Any = DIRECTORY, holding: Any = None) -> str:
    with pytest.raises((SealError, PolicyError)) as told:
        added(data, "it", kept or {}, known, DIRECTORY if holding is None else holding, ON)
    return told.value.code


def test_a_key_the_agreement_names_for_another_is_refused() -> None:
    forged = agreement(**{IDS[0].replace("-", "_"): "mallory"})
    known = signers((*(partner(id) for id in IDS), partner("mallory")))
    data = copy(IDS[0], forged, "mallory")
    assert refused(data, known=known, holding=known) == "other-key"
    assert held({"a": data}, known)[NAME].keys


def test_a_key_of_nobody_known_is_refused() -> None:
    assert refused(copy(IDS[0]), known=signers([partner(IDS[1])]), holding={}) == "unknown-key"


def test_a_key_that_ended_signs_no_new_copy_and_its_old_one_holds() -> None:
    entry = partner(IDS[0], keys=(signing(IDS[0], end=NOW + HOUR),))
    known, holding = signers([entry]), signers([entry], NOW + HOUR)
    assert refused(copy(IDS[0]), known=known, holding=holding) == "key-not-in-force"
    assert held({"a": copy(IDS[0])}, known)[NAME].standing(ON).signed == (IDS[0],)


def test_copies_that_differ_are_refused() -> None:
    other = msgspec.structs.replace(WHOLE, title="Another")
    assert refused(copy(IDS[1], other), held({"a": copy(IDS[0])}, DIRECTORY)) == "copies"


def test_an_ending_needs_its_agreement_and_its_own_key() -> None:
    by = WHOLE.revocable_by[0]
    assert refused(ending(by)) == "revocation"
    kept = held({"a": copy(IDS[0])}, DIRECTORY)
    assert added(ending(by), "end", kept, DIRECTORY, DIRECTORY, ON)[1] == by


def test_a_changed_copy_is_refused() -> None:
    changed = copy(IDS[0]).replace(WHOLE.title.encode(), WHOLE.title.encode()[::-1])
    assert refused(changed) == "forged"
