"""An authority, its anchor and its directories, of keys that never change."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from pratique.exchange import directory, jwk, jws
from pratique.exchange.directory import Anchor, Directory
from pratique.exchange.jwk import SigningKey
from pratique.exchange.partners import Partner, PartnerKey, public_key
from tests.support.keys import ed25519, x25519

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


def signing(name: str, begin: datetime = NOW - DAY, end: datetime = NOW + YEAR) -> PartnerKey:
    return public_key(ed25519(name).public_key(), "sig", begin, end)


def encrypting(name: str, begin: datetime = NOW - DAY, end: datetime = NOW + YEAR) -> PartnerKey:
    return public_key(x25519(name).public_key(), "enc", begin, end)


def partner(id: str, place: str = "AA", **more: Any) -> Partner:
    told = {"name": f"Party {id}", "role": "post_of_origin", "keys": (signing(id), encrypting(id))}
    return Partner(id=id, place=place, **(told | more))


def anchor(issuer: str = "authority-aa", **more: Any) -> Anchor:
    return Anchor(issuer=issuer, **({"keys": (signing(issuer),), "places": ("AA",)} | more))


def document(issuer: str = "authority-aa", **more: Any) -> Directory:
    told = {
        "version": 1,
        "issued": NOW - HOUR,
        "expires": NOW + DAY,
        "partners": (partner("post-aa"), partner("customs-aa")),
    }
    return Directory(issuer=issuer, **(told | more))


def signed(found: Directory, trusted: Anchor | None = None, key: SigningKey | None = None) -> str:
    own = trusted or anchor(found.issuer)
    return directory.sign(found, own, key or ed25519(found.issuer))


def forced(plain: Any, key: SigningKey | None = None, issuer: str = "authority-aa") -> str:
    """A directory an authority signs without looking at it."""
    own = key or ed25519(issuer)
    payload = plain if isinstance(plain, bytes) else msgspec.json.encode(plain)
    return jws.sign(payload, own, kid=jwk.thumbprint(own.public_key()), type=directory.TYPE)


def ids(partners: Iterable[Partner]) -> list[str]:
    return [each.id for each in partners]
