"""Which program is this, for whom does it act, and by which keys is it known? Clients of a node, as values.

A client is a program of one party (its tenant). It signs with keys that hold from a moment until another, acts in the roles
and within the scopes it was registered with, and is bound to the TLS certificates it shows, where it has any. Registered
clients are told by the node's own store; a client brings nothing about itself but its id.

Sources: RFC 6749, 2 (clients), RFC 7523 (keys in place of secrets), RFC 8705, 3 (binding to a certificate).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from pratique.errors import SealError
from pratique.exchange import jwk
from pratique.exchange.jwk import VerifyingKey
from pratique.exchange.partners import PartnerKey

MOST_KEYS: Final = 8
_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,62}\Z")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}\Z")
_WORD: Final = re.compile(r"[a-z][a-z_]{0,40}\Z")


class Client(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One registered program. ``tenant`` is the party it acts for; ``scopes`` are acts of the policy of access.

    ``certificates`` are SHA-256 fingerprints (hexadecimal) of the TLS certificates it may show; without any its tokens
    are bound to none, and serve whoever holds them.
    """

    id: str
    tenant: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    keys: tuple[PartnerKey, ...]
    certificates: tuple[str, ...] = ()
    revoked: bool = False


def is_client_id(text: str) -> bool:
    """Whether a text can be the id of a client at all."""
    return bool(_ID.match(text))


def sound(client: Client) -> Client:
    """The client, when nothing in it is malformed. Raises ``SealError``, saying what to mend."""
    for holds, said, where in (
        (is_client_id(client.id), "Small letters, digits, dots and dashes, at most 63.", "id"),
        (is_client_id(client.tenant), "No id of a party.", "tenant"),
        (_words(client.roles), "Name one role at least, each once.", "roles"),
        (_words(client.scopes), "Name one scope at least, each once.", "scopes"),
        (0 < len(client.keys) <= MOST_KEYS, f"Give 1 to {MOST_KEYS} public keys.", "keys"),
        (
            all(map(_FINGERPRINT.match, client.certificates)),
            "Fingerprints are SHA-256, 64 hexadecimal digits in small letters.",
            "certificates",
        ),
    ):
        if not holds:
            raise SealError("client", said, where)
    for key in client.keys:
        _sound_key(key)
    return client


def signing_keys(client: Client, at: datetime) -> Mapping[str, VerifyingKey]:
    """The keys by which a client is known at that moment, by RFC 7638 thumbprint; none once it is revoked."""
    if client.revoked:
        return {}
    read: list[Any] = [jwk.read_public(key.jwk, "sig") for key in client.keys if key.holds(at)]
    return {jwk.thumbprint(key): key for key in read}


def _sound_key(key: PartnerKey) -> None:
    if key.use != "sig" or jwk.algorithm_of(jwk.read_public(key.jwk, "sig")) == "ML-DSA-65":
        raise SealError("client", "Clients sign with Ed25519 or P-256.", "keys")
    if key.not_after <= key.not_before:
        raise SealError("client", "A key ends before it begins.", "keys")


def _words(words: tuple[str, ...]) -> bool:
    return bool(words) and len(set(words)) == len(words) and all(map(_WORD.match, words))
