"""Tokens: the same person alike, others apart, nothing linkable without the key, and no pause at the turn."""

import hashlib
import hmac
import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange.tokens import EpochKey, Person, Register, reissue, token

OLD = EpochKey(administration="AA", epoch="2026-Q4", key=bytes(range(32)))
NEW = EpochKey(administration="AA", epoch="2027-Q1", key=bytes(range(1, 33)))
PEOPLE = [
    Person(name=f"Example Buyer {index}", postcode=f"1{index:04}", country="DE")
    for index in range(500)
]


def person(**changed) -> Person:
    return Person(
        **{"name": "Zoë Example-Buyer", "postcode": "SW1A 1AA", "country": "GB", **changed}
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "ZOE EXAMPLE BUYER"},
        {"name": "  zoë   example\u2010buyer "},
        {"name": "Example-Buyer, Zoe\u0308"},
        {"name": "Ｚｏｅ Ｅｘａｍｐｌｅ Ｂｕｙｅｒ"},
        {"postcode": "sw1a1aa"},
        {"country": "gb"},
    ],
)
def test_one_person_written_otherwise_has_one_token(changed) -> None:
    assert token(person(**changed), OLD) == token(person(), OLD)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Zoe Buyer"},
        {"postcode": "SW1A 1AB"},
        {"country": "IE"},
        {"document": "X1"},
        {"name": "Zoë Example-Buyer SW1A1AA", "postcode": ""},
    ],
)
def test_another_person_has_another_token(changed) -> None:
    assert token(person(**changed), OLD) != token(person(), OLD)


def test_the_token_is_the_hmac_of_what_is_said() -> None:
    text = "AA\x1f2026-Q4\x1fbuyer example\x1f10115\x1fde\x1fx9"
    expected = hmac.new(bytes(range(32)), text.encode(), hashlib.sha256).hexdigest()
    given_person = Person(name="Example Buyer", postcode="101-15", country="DE", document="X 9")
    assert token(given_person, OLD) == f"2026-Q4.{expected}"


def test_names_of_every_script_are_kept_apart() -> None:
    names = ("王小明", "王小红", "Анна Иванова", "محمد علي", "राम", "रीम", "Юрий", "Юрии")
    assert len({token(person(name=name), OLD) for name in names}) == 8


@pytest.mark.parametrize("name", ["", "  ", "--", "\u0301"])
def test_without_a_name_there_is_no_token(name) -> None:
    with pytest.raises(SealError, match="without a name"):
        token(person(name=name), OLD)


def test_no_token_is_linkable_across_keys_epochs_or_administrations() -> None:
    keys = [
        OLD,
        NEW,
        EpochKey(administration="QN", epoch="2026-Q4", key=OLD.key),
        EpochKey(administration="AA", epoch="2027-Q1", key=OLD.key),
    ]
    bodies = [token(person(), key).rpartition(".")[2] for key in keys]
    assert len(set(bodies)) == len(keys)


def test_a_dictionary_of_names_finds_nobody_without_the_key() -> None:
    """Hashes and HMACs under other keys of every person of a list: none is the token of any of them."""
    tokens = {token(each, OLD).rpartition(".")[2] for each in PEOPLE}
    guesses = set()
    for each in PEOPLE:
        plain = "|".join((each.name.casefold(), each.postcode, each.country))
        guesses.add(hashlib.sha256(plain.encode()).hexdigest())
        for key in (bytes(32), b"\xff" * 32, OLD.epoch.encode().ljust(32, b"\0")):
            other = EpochKey(administration="AA", epoch=OLD.epoch, key=key)
            guesses.add(token(each, other).rpartition(".")[2])
    assert len(tokens) == 500
    assert not tokens & guesses


def test_keys_and_persons_are_not_shown() -> None:
    assert "Zo" not in repr(person())
    assert repr(OLD.key) not in repr(OLD)
    with pytest.raises(SealError, match="31 bytes"):
        EpochKey(administration="AA", epoch="2026-Q4", key=bytes(31))


def register() -> Register:
    return Register(current=OLD.epoch).admit(token(each, OLD) for each in PEOPLE)


def turned() -> Register:
    return register().turn(NEW.epoch, ((token(each, OLD), token(each, NEW)) for each in PEOPLE))


def test_both_epochs_are_recognised_in_the_overlap_and_the_old_one_no_longer_after_it() -> None:
    later = turned()
    for key, each in itertools.product((OLD, NEW), PEOPLE):
        assert later.recognise(token(each, key)) == token(each, NEW)
    after = later.forget()
    assert not any(after.recognise(token(each, OLD)) for each in PEOPLE)
    assert all(after.recognise(token(each, NEW)) for each in PEOPLE)
    held = repr(after)
    assert not any(token(each, OLD) in held for each in PEOPLE)


def test_a_revoked_token_is_nobody_in_either_epoch() -> None:
    gone = token(PEOPLE[3], OLD)
    before = register().revoke([gone])
    assert before.recognise(gone) == ""
    assert before.recognise(token(PEOPLE[4], OLD))
    after = before.turn(NEW.epoch, [(token(each, OLD), token(each, NEW)) for each in PEOPLE])
    assert after.recognise(gone) == after.recognise(token(PEOPLE[3], NEW)) == ""
    in_overlap = turned().revoke([gone])
    assert in_overlap.recognise(gone) == in_overlap.recognise(token(PEOPLE[3], NEW)) == ""


def test_all_tokens_are_issued_anew_while_clearance_goes_on() -> None:
    """One clearance per person, half before the new register is taken up: none waits, none loses its token."""
    serving = register()
    anew = None
    for index, each in enumerate(PEOPLE):
        key = OLD if anew is None else NEW
        assert serving.recognise(token(each, key)) == token(each, key)
        if index == len(PEOPLE) // 2:
            anew = reissue(serving, PEOPLE, OLD, NEW)
            assert serving.recognise(token(each, OLD))
            serving = anew
    assert all(anew.recognise(token(each, NEW)) for each in PEOPLE)
    assert not any(anew.recognise(token(each, OLD)) for each in PEOPLE)


def test_epochs_are_not_mixed_up() -> None:
    with pytest.raises(SealError, match="epoch"):
        Register(current=NEW.epoch).admit([token(person(), OLD)])
    with pytest.raises(SealError, match="epoch"):
        register().turn(OLD.epoch, [])
    with pytest.raises(SealError, match="epoch"):
        register().turn(NEW.epoch, [(token(person(), NEW), token(person(), NEW))])


@given(st.text(alphabet=st.characters(categories=("L", "M", "N", "Zs")), max_size=20))
def test_composed_and_decomposed_names_have_one_token(name) -> None:
    forms = {
        token(person(name="a " + unicodedata.normalize(form, name)), OLD)
        for form in ("NFC", "NFD", "NFKC", "NFKD")
    }
    assert len(forms) == 1
