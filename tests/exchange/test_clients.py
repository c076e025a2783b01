"""A client is malformed in no way, and known only by keys that hold."""

from datetime import timedelta

import pytest

from pratique.errors import SealError
from pratique.exchange.clients import signing_keys, sound
from pratique.exchange.partners import public_key
from tests.support.clients import NOW, client
from tests.support.keys import ed25519, mldsa65, x25519

LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"id": "Scanner"}, "id"),
        ({"id": "a" * 64}, "id"),
        ({"id": "a\n"}, "id"),
        ({"id": ""}, "id"),
        ({"tenant": "customs aa"}, "tenant"),
        ({"roles": ()}, "roles"),
        ({"roles": ("auditor", "auditor")}, "roles"),
        ({"roles": ("two words",)}, "roles"),
        ({"scopes": ()}, "scopes"),
        ({"keys": ()}, "keys"),
        ({"certificates": ("AB" * 32,)}, "certificates"),
        ({"keys": (public_key(x25519("x").public_key(), "enc", NOW, LATER),)}, "keys"),
        ({"keys": (public_key(mldsa65("m").public_key(), "sig", NOW, LATER),)}, "keys"),
        ({"keys": (public_key(ed25519("e").public_key(), "sig", LATER, NOW),)}, "keys"),
        ({"keys": tuple(public_key(ed25519(f"k{n}").public_key(), "sig", NOW, LATER) for n in range(9))}, "keys"),
    ],
)  # fmt: skip
def test_a_malformed_client_is_refused(changed, where) -> None:
    sound(client())
    with pytest.raises(SealError) as refused:
        sound(client(**changed))
    assert (refused.value.code, refused.value.where) == ("client", where)


def test_keys_hold_from_a_moment_until_another_and_overlap() -> None:
    old = public_key(ed25519("old").public_key(), "sig", NOW, NOW + timedelta(days=10))
    new = public_key(
        ed25519("new").public_key(), "sig", NOW + timedelta(days=8), NOW + timedelta(days=20)
    )
    of = client(keys=(old, new))
    holding = [
        len(signing_keys(of, NOW + timedelta(days=day))) for day in (-1, 0, 7, 8, 9, 10, 19, 20)
    ]
    assert holding == [0, 1, 1, 2, 2, 1, 1, 0]


def test_a_revoked_client_has_no_key() -> None:
    assert signing_keys(client(), NOW)
    assert not signing_keys(client(revoked=True), NOW)
