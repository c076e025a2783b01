"""Whose key is this, and where are they reached? Partners of one directory, their keys with the days they hold.

Values only: ``directory`` reads them from what an authority signed. A partner is known by ``id`` and never by a key, an
address or a certificate: keys change, and each is named with the moments from and until which it holds, so that an old one
and a new one overlap. Keys are JSON Web Keys (``jwk``), named by their RFC 7638 thumbprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from pratique.errors import SealError
from pratique.exchange import jwk
from pratique.exchange.jwk import PublicKey, RecipientKey, VerifyingKey

Use = Literal["sig", "enc"]
Reach = Literal["push", "pull", "file"]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment that says its time zone."""


class PartnerKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One public key: for signing (``sig``) or to encrypt for (``enc``), from a moment on, until another (not included)."""

    use: Use
    jwk: dict[str, Any]
    not_before: Moment
    not_after: Moment

    def holds(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return self.not_before <= at < self.not_after


class Partner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party that exchanges: its id, who it is, its keys, its log, and how it is reached.

    ``reach``: ``push`` to its ``address``; ``pull``, it fetches from us; ``file``, by bundles somebody carries. ``log`` are the
    verifier keys of its log and as a witness, ``certificates`` the SHA-256 fingerprints (hexadecimal) of what it shows in TLS.
    """

    id: str
    name: str
    place: str
    role: str
    keys: tuple[PartnerKey, ...]
    reach: Reach = "pull"
    address: str = ""
    log: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()


class Partners:
    """Partners by id, their keys read once. Raises ``SealError`` for a key that is no good, or that two of them have."""

    def __init__(self, partners: tuple[Partner, ...]) -> None:
        self.by_id: dict[str, Partner] = {each.id: each for each in partners}
        if len(self.by_id) != len(partners):
            raise SealError("directory", "Two partners have one id.", "partners")
        self._signing: dict[str, tuple[str, PartnerKey, VerifyingKey]] = {}
        self._encrypting: dict[str, list[tuple[str, PartnerKey, RecipientKey]]] = {}
        for partner in partners:
            for key in partner.keys:
                self._add(partner.id, key)

    def _add(self, owner: str, key: PartnerKey) -> None:
        read: Any = jwk.read_public(key.jwk, key.use)
        name = jwk.thumbprint(read)
        if key.use == "enc":
            self._encrypting.setdefault(owner, []).append((name, key, read))
        elif self._signing.setdefault(name, (owner, key, read))[0] != owner:
            raise SealError("directory", f"Two partners have the key {name}.", "partners")

    def get(self, id: str) -> Partner:
        """The partner of that id. Raises ``SealError``."""
        if id not in self.by_id:
            raise SealError("unknown-partner", f"{id[:60]!r} is in no directory here.", "partner")
        return self.by_id[id]

    def owner(self, kid: str) -> str:
        """Whose signing key this is, whenever it holds. Raises ``SealError``."""
        if kid not in self._signing:
            raise SealError("unknown-key", f"No partner has the key {kid[:64]!r}.", "header/kid")
        return self._signing[kid][0]

    def signing(self, id: str, at: datetime) -> Mapping[str, VerifyingKey]:
        """The signing keys of a partner that hold at that moment, by name."""
        return {
            name: read
            for name, (owner, key, read) in self._signing.items()
            if owner == id and key.holds(at)
        }

    def key(self, kid: str, at: datetime) -> tuple[str, VerifyingKey]:
        """Whose signing key this is, and the key. Raises ``SealError`` when it does not hold at that moment."""
        owner = self.owner(kid)
        _, key, read = self._signing[kid]
        if not key.holds(at):
            raise SealError(
                "key-not-in-force", f"The key {kid} of {owner} does not hold.", "header/kid"
            )
        return owner, read

    def encrypting(self, id: str, at: datetime) -> Mapping[str, RecipientKey]:
        """The newest key to encrypt for a partner at that moment, by name. Raises ``SealError`` without one."""
        holding = [each for each in self._encrypting.get(id, ()) if each[1].holds(at)]
        if not holding:
            raise SealError("no-key", f"{id} has no key to encrypt for at this moment.", "partner")
        name, _, read = max(holding, key=lambda each: each[1].not_before)
        return {name: read}


def public_key(key: PublicKey, use: Use, not_before: datetime, not_after: datetime) -> PartnerKey:
    """A public key as it stands in a directory."""
    return PartnerKey(
        use=use, jwk=dict(jwk.write_public(key)), not_before=not_before, not_after=not_after
    )
