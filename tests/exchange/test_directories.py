"""Directories of several authorities: versions only grow, nobody speaks for another, and one that expires stops its own alone."""

from typing import Any

import pytest

from pratique.errors import SealError
from pratique.exchange import jwk
from pratique.exchange.directories import Directories, PartnersNow
from tests.support.directories import (
    DAY,
    HOUR,
    NOW,
    YEAR,
    anchor,
    document,
    encrypting,
    partner,
    signed,
    signing,
)
from tests.support.keys import ed25519

BB = anchor("authority-bb", places=("BB",))


def of_bb(**more: Any) -> str:
    return signed(
        document("authority-bb", **({"partners": (partner("post-bb", "BB"),)} | more)), BB
    )


def both() -> Directories:
    trusting = Directories().trust(anchor()).trust(BB)
    return trusting.take(signed(document()), NOW).take(of_bb(expires=NOW + 2 * DAY), NOW)


def refused(directories: Directories, text: str, at: Any = NOW) -> str:
    with pytest.raises(SealError) as told:
        directories.take(text, at)
    return told.value.code


def kid(name: str) -> str:
    return jwk.thumbprint(ed25519(name).public_key())


def test_two_authorities_are_merged() -> None:
    partners = both().partners(NOW)
    assert [partners.get(each).place for each in ("post-aa", "customs-aa", "post-bb")] == [
        "AA",
        "AA",
        "BB",
    ]


def test_an_authority_that_is_not_trusted_is_refused() -> None:
    assert refused(Directories().trust(anchor()), of_bb()) == "unknown-authority"


def test_a_lower_version_is_a_rollback() -> None:
    now = both().take(signed(document(version=3)), NOW)
    assert refused(now, signed(document(version=2))) == "directory-rollback"
    back = signed(document(version=4, issued=NOW - 2 * HOUR))
    assert refused(now, back) == "directory-rollback"


def test_the_same_version_again_is_taken_and_another_content_is_a_fork() -> None:
    held = both()
    again = held.take(signed(document()), NOW)
    assert sorted(each.digest for each in again.held) == sorted(each.digest for each in held.held)
    other = signed(document(partners=(partner("post-aa"),)))
    assert refused(held, other) == "directory-fork"


def test_rollback_is_told_of_a_directory_that_has_expired_too() -> None:
    kept = Directories().trust(anchor()).take(signed(document(version=5)), NOW + YEAR, expired=True)
    fresh = signed(document(version=4, issued=NOW + YEAR, expires=NOW + YEAR + DAY),
                   anchor(keys=(signing("authority-aa", end=NOW + 2 * YEAR),)))  # fmt: skip
    kept = kept.trust(anchor(keys=(signing("authority-aa", end=NOW + 2 * YEAR),)))
    assert refused(kept, fresh, NOW + YEAR) == "directory-rollback"


def test_an_id_or_key_of_another_authority_is_refused_and_the_first_keeps_it() -> None:
    same_id = of_bb(version=2, partners=(partner("post-aa", "BB", keys=(signing("z"),)),))
    same_key = of_bb(version=2, partners=(partner("post-zz", "BB", keys=(signing("post-aa"),)),))
    same_lock = (signing("z"), encrypting("post-aa"))
    same_enc = of_bb(version=2, partners=(partner("post-zz", "BB", keys=same_lock),))
    for text in (same_id, same_key, same_enc):
        assert refused(both(), text) == "two-authorities"
    assert both().partners(NOW).owner(kid("post-aa")) == "post-aa"


def test_anchors_that_could_speak_for_the_same_are_refused() -> None:
    for other in (
        anchor("authority-cc"),
        anchor("authority-cc", places=("CC", "AA")),
        anchor("authority-cc", places=(), prefixes=("post-",)),
    ):
        with pytest.raises(SealError, match="two-authorities"):
            Directories().trust(anchor()).trust(other)
    apart = anchor("authority-cc", prefixes=("customs-",))
    post = anchor(prefixes=("post-",))
    assert len(Directories().trust(post).trust(apart).anchors) == 2


def test_a_key_does_not_move_to_another_partner() -> None:
    moved = (partner("post-aa", keys=(signing("new"),)), partner("z", keys=(signing("post-aa"),)))
    assert refused(both(), signed(document(version=2, partners=moved))) == "key-moved"


def test_one_expired_directory_stops_its_own_partners_alone() -> None:
    partners = both().partners(NOW + DAY + HOUR)
    assert partners.get("post-bb").id == "post-bb"
    assert partners.key(kid("post-bb"), NOW)[0] == "post-bb"
    assert partners.encrypting("post-bb", NOW)
    asked = (
        lambda: partners.get("post-aa"),
        lambda: partners.key(kid("post-aa"), NOW),
        lambda: partners.owner(kid("customs-aa")),
        lambda: partners.signing("post-aa", NOW),
        lambda: partners.encrypting("post-aa", NOW),
    )
    for ask in asked:
        with pytest.raises(SealError, match="directory-stale"):
            ask()


def test_nothing_is_believed_once_all_have_expired_or_none_is_held() -> None:
    for each, at in ((both(), NOW + 3 * DAY), (Directories(), NOW)):
        with pytest.raises(SealError, match="directory-stale"):
            each.partners(at)


def test_a_newer_directory_ends_the_outage() -> None:
    later = NOW + 3 * DAY
    fresh = both().take(signed(document(version=2, issued=later, expires=later + DAY)), later)
    assert fresh.partners(later).get("post-aa").id == "post-aa"


def test_a_revoked_key_refuses_new_and_verifies_old() -> None:
    ended = signing("post-aa", end=NOW + HOUR)
    after = signing("post-aa 2", begin=NOW)
    entry = partner("post-aa", keys=(ended, after, encrypting("post-aa")))
    partners = Directories().trust(anchor()).take(signed(document(partners=(entry,))), NOW)
    holding = partners.partners(NOW)
    assert len(holding.signing("post-aa", NOW)) == 2
    with pytest.raises(SealError, match="key-not-in-force"):
        holding.key(kid("post-aa"), NOW + HOUR)
    known = partners.known()
    assert known.key(kid("post-aa"), NOW)[0] == "post-aa"
    assert known.owner(kid("post-aa")) == "post-aa"


def test_partners_are_read_anew_only_when_a_directory_expires() -> None:
    now = PartnersNow(both())
    assert now(NOW) is now(NOW + HOUR)
    later = now(NOW + DAY + HOUR)
    assert later is not now(NOW)
    assert later is now(NOW + DAY + 2 * HOUR)
    with pytest.raises(SealError, match="directory-stale"):
        now(NOW + 3 * DAY)
