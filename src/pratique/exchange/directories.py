"""Whom do we know at this moment, by all authorities we trust? Directories of several, merged without mixing their words.

Each authority has one directory held, the newest; what it may replace is told by its version. An id or a key belongs to the
authority that had it first: the directory that names it again is refused, and the traffic of all others goes on. Values
only; where they are kept is for a door.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from pratique.errors import SealError
from pratique.exchange import directory, jwk
from pratique.exchange.directory import Anchor, Held
from pratique.exchange.jwk import RecipientKey, VerifyingKey
from pratique.exchange.partners import Partner, Partners


class Directories(msgspec.Struct, frozen=True):
    """The anchors trusted, and the directory held of each authority, by its name."""

    anchors: tuple[Anchor, ...] = ()
    held: tuple[Held, ...] = ()

    def anchor(self, issuer: str) -> Anchor:
        """The anchor of an authority. Raises ``SealError``."""
        for each in self.anchors:
            if each.issuer == issuer:
                return each
        raise SealError(
            "unknown-authority", f"{issuer[:64]!r} is not trusted here: trust its anchor first."
        )

    def of(self, issuer: str) -> Held | None:
        """What is held of an authority."""
        return next((each for each in self.held if each.directory.issuer == issuer), None)

    def trust(self, anchor: Anchor) -> Directories:
        """With a further anchor, or another of the same authority. Raises ``SealError`` for prefixes of two."""
        others = tuple(each for each in self.anchors if each.issuer != anchor.issuer)
        for each in others:
            _refuse_shared(each, anchor)
        return Directories((*others, anchor), self.held)

    def take(self, text: str | bytes, now: datetime, *, expired: bool = False) -> Directories:
        """With a newer directory of an authority that is trusted. Raises ``SealError``.

        ``directory-rollback`` for a lower version, ``directory-fork`` for the same version with other content: keep both
        then, they are the evidence. ``two-authorities`` for an id or key of another authority. With ``expired``, one that was taken
        before and has expired since is taken too: what it stands for stays known, and refused as stale.
        """
        read = directory.read_expired if expired else directory.read
        new = read(text, self.anchor(directory.issuer_of(text)), now)
        old = self.of(new.directory.issuer)
        if old is not None:
            may_follow(old, new)
        others = tuple(each for each in self.held if each is not old)
        for each in others:
            _refuse_doubled(each, new)
        return Directories(self.anchors, (*others, new))

    def partners(self, now: datetime) -> Partners:
        """All partners at a moment; those of an expired directory are known and refused, each when it is asked for.

        Raises ``SealError`` ``directory-stale`` when no directory holds.
        """
        stale = self.stale(now)
        if len(stale) == len(self.held):
            why = next(iter(stale.values()), "No directory of an authority is held: take one.")
            raise SealError("directory-stale", why, "directory")
        if not stale:
            return self.known()
        refused = {
            partner.id: stale[each.directory.issuer]
            for each in self.held
            if each.directory.issuer in stale
            for partner in each.directory.partners
        }
        return _SomeStale(self._listed(), refused)

    def stale(self, now: datetime) -> dict[str, str]:
        """The authorities whose directory has expired, and what to say of it."""
        told = {each.directory.issuer: directory.why_refuse(each, now) for each in self.held}
        return {issuer: why for issuer, why in told.items() if why}

    def known(self) -> Partners:
        """All partners with the windows of their keys, expired directories included: for evidence of what was."""
        return Partners(self._listed())

    def _listed(self) -> tuple[Partner, ...]:
        return tuple(partner for each in self.held for partner in each.directory.partners)


class PartnersNow:
    """``Directories.partners`` for a node that asks all day: read anew only when a directory expires."""

    def __init__(self, directories: Directories) -> None:
        self._directories = directories
        self._read: dict[tuple[str, ...], Partners] = {}

    def __call__(self, now: datetime) -> Partners:
        """The partners at a moment. Raises ``SealError``."""
        stale = tuple(self._directories.stale(now))
        if stale not in self._read:
            self._read[stale] = self._directories.partners(now)
        return self._read[stale]


class _SomeStale(Partners):
    """Partners of which some stand in a directory that has expired; to ask for one of these raises ``SealError``."""

    def __init__(self, partners: tuple[Partner, ...], stale: Mapping[str, str]) -> None:
        super().__init__(partners)
        self._stale = stale

    def get(self, id: str) -> Partner:
        """As ``Partners.get``."""
        self._refuse(id)
        return super().get(id)

    def owner(self, kid: str) -> str:
        """As ``Partners.owner``, and so ``Partners.key``."""
        found = super().owner(kid)
        self._refuse(found)
        return found

    def signing(self, id: str, at: datetime) -> Mapping[str, VerifyingKey]:
        """As ``Partners.signing``."""
        self._refuse(id)
        return super().signing(id, at)

    def encrypting(self, id: str, at: datetime) -> Mapping[str, RecipientKey]:
        """As ``Partners.encrypting``."""
        self._refuse(id)
        return super().encrypting(id, at)

    def _refuse(self, id: str) -> None:
        if id in self._stale:
            raise SealError("directory-stale", self._stale[id], "directory")


def may_follow(old: Held, new: Held) -> None:
    """Raise ``SealError`` unless ``new`` may take the place of ``old``; the same one again may."""
    before, after = old.directory, new.directory
    if after.version < before.version or (
        after.version > before.version and after.issued < before.issued
    ):
        raise SealError(
            "directory-rollback",
            f"Version {after.version} of {after.issuer}, issued {after.issued:%Y-%m-%d %H:%M} UTC, is older than version "
            f"{before.version} held here: ask the authority for the newest.",
            "version",
        )
    if after.version == before.version and new.digest != old.digest:
        raise SealError(
            "directory-fork",
            f"{after.issuer} signed two directories of version {after.version}: keep both files, they are the evidence, "
            "and ask it which holds.",
            "version",
        )
    _refuse_moved(old, new)


def _refuse_moved(old: Held, new: Held) -> None:
    """Refuse a key that was another partner's: what it signed would change its author."""
    before = _owners(old)
    for name, id in _owners(new).items():
        if before.get(name, id) != id:
            raise SealError(
                "key-moved", f"The key {name} was that of {before[name]}, not of {id}.", "partners"
            )


def _refuse_doubled(one: Held, other: Held) -> None:
    """Refuse an id or key that another authority's directory already has."""
    ids = {each.id for each in one.directory.partners}
    for partner in other.directory.partners:
        if partner.id in ids:
            raise _doubled(f"the id {partner.id}", one, other)
    both = _owners(one).keys() & _owners(other).keys()
    if both:
        raise _doubled(f"the key {min(both)}", one, other)


def _owners(held: Held) -> dict[str, str]:
    """Whose each key is, by its name."""
    found: dict[str, str] = {}
    for partner in held.directory.partners:
        for key in partner.keys:
            read: Any = jwk.read_public(key.jwk, key.use)
            found[jwk.thumbprint(read)] = partner.id
    return found


def _doubled(what: str, one: Held, other: Held) -> SealError:
    return SealError(
        "two-authorities",
        f"{other.directory.issuer} names {what}, which {one.directory.issuer} has: let them settle whose it is.",
        "partners",
    )


def _refuse_shared(one: Anchor, other: Anchor) -> None:
    places = not one.places or not other.places or set(one.places) & set(other.places)
    for mine in one.prefixes or ("",):
        for theirs in other.prefixes or ("",):
            if places and (mine.startswith(theirs) or theirs.startswith(mine)):
                raise SealError(
                    "two-authorities",
                    f"{one.issuer} and {other.issuer} could speak for the same partners: "
                    "give their anchors places or prefixes apart.",
                    "anchor",
                )
