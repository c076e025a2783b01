"""Who takes part, by the word of an authority? A directory of partners: signed, numbered, and soon expired.

A directory travels as a JWS (``jws``) of type ``pratique-directory/1``. It is believed by an ``Anchor``: the authority's name, its
public keys and whom it may speak for, handed over by another way. Bytes, anchor and moment to a ``Directory``, or a
``SealError``. Several directories, and the order of their versions: ``directories``. See docs/protocol/directory.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import msgspec

from pratique.errors import SealError
from pratique.exchange import jwk, jws, plain_json
from pratique.exchange.canonical import LARGEST
from pratique.exchange.checkpoint import SKEW
from pratique.exchange.jwk import SigningKey, VerifyingKey
from pratique.exchange.partner_entry import ISSUER, check_window, fault, fingerprint, refuse_unsound
from pratique.exchange.partners import Moment, Partner, PartnerKey

TYPE: Final = "pratique-directory/1"
MAX_BYTES: Final = 4_194_304
MAX_ANCHOR_BYTES: Final = 65_536
MAX_PARTNERS: Final = 2_000
MAX_ANCHOR_KEYS: Final = 4
LONGEST_LIFE: Final = timedelta(days=7)
"""From issue to expiry at most: how long a stolen key can still be believed by those who hear nothing new."""


class Anchor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An authority as it is trusted: its name, its keys with their windows, and whom it may speak for.

    Partners whose ``place`` is among ``places`` and whose id begins with one of ``prefixes``; an empty list leaves that side
    open, and one of the two must say something. While the authority's key changes, both keys stand here.
    """

    issuer: str
    keys: tuple[PartnerKey, ...]
    places: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def speaks_for(self, partner: Partner) -> bool:
        """Whether the authority may list this partner."""
        return (not self.places or partner.place in self.places) and (
            not self.prefixes or partner.id.startswith(self.prefixes)
        )

    def fingerprint(self) -> str:
        """What both sides read to each other by another way: SHA-256 of the anchor, in groups of four."""
        return fingerprint(msgspec.to_builtins(self))


class Directory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an authority says of its partners, from ``issued`` until ``expires``. Versions only grow."""

    issuer: str
    version: Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]
    issued: Moment
    expires: Moment
    partners: tuple[Partner, ...]


class Held(msgspec.Struct, frozen=True):
    """A directory that was verified, by which anchor, until when it is believed, and the digest of the bytes signed.

    ``until`` is its expiry, or the end of the key that signed it when that comes first.
    """

    anchor: Anchor
    directory: Directory
    until: datetime
    digest: str
    text: str


def sign(directory: Directory, anchor: Anchor, key: SigningKey) -> str:
    """The signed text of a directory. Raises ``SealError`` for one that no reader would take."""
    _refuse_faults(directory, anchor)
    name = jwk.thumbprint(key.public_key())
    if not verifying(anchor, name)[1].holds(directory.issued):
        raise _not_in_force(anchor, name)
    return jws.sign(msgspec.json.encode(directory), key, kid=name, type=TYPE)


def read(text: str | bytes, anchor: Anchor, now: datetime) -> Held:
    """A directory by its anchor at a moment. Raises ``SealError``; ``directory-stale`` for one that has expired."""
    held = read_expired(text, anchor, now)
    why = why_refuse(held, now)
    if why:
        raise SealError("directory-stale", why, "directory")
    return held


def read_expired(text: str | bytes, anchor: Anchor, now: datetime) -> Held:
    """As ``read``, whether it has expired or not: what was once taken is kept to compare later ones with."""
    token = _ascii(text)
    name = jws.header_of(token).get("kid", "")
    key, window = verifying(anchor, name)
    signed = jws.verify(token, {name: key}, type=TYPE)
    plain = plain_json.read_object(signed.payload, MAX_BYTES, "directory")
    found = _convert(plain, Directory, "directory")
    if not window.holds(found.issued):
        raise _not_in_force(anchor, name)
    _refuse_faults(found, anchor)
    if found.issued > now + SKEW:
        raise SealError(
            "directory-early",
            f"Issued at {found.issued}, which is still to come: set the clock right.",
            "issued",
        )
    until = min(found.expires, window.not_after)
    return Held(anchor, found, until, hashlib.sha256(signed.payload).hexdigest(), token)


def why_refuse(held: Held, now: datetime) -> str:
    """Why nothing of a directory may be believed now; empty when it may. Clocks may be ``SKEW`` apart."""
    if now - SKEW < held.until:
        return ""
    told = held.directory
    return (
        f"The directory of {told.issuer}, version {told.version}, expired at {held.until:%Y-%m-%d %H:%M} UTC: "
        "get the newest from the authority; nothing is taken from its partners until then."
    )


def verifying(anchor: Anchor, kid: str) -> tuple[VerifyingKey, PartnerKey]:
    """The authority's key of that name, and its window. Raises ``SealError``."""
    for each in anchor.keys:
        key: Any = jwk.read_public(each.jwk, "sig")
        if jwk.thumbprint(key) == kid:
            return key, each
    raise SealError(
        "unknown-key",
        f"{kid[:64]!r} is no key of {anchor.issuer}: get its anchor by another way.",
        "header/kid",
    )


def issuer_of(text: str | bytes) -> str:
    """The name of the authority in a directory nobody has verified yet, to find its anchor. Raises ``SealError``."""
    payload = jws.payload_of(_ascii(text))
    issuer = plain_json.read_object(payload, MAX_BYTES, "directory").get("issuer")
    if not isinstance(issuer, str) or not ISSUER.match(issuer):
        raise fault("Names no authority.", "issuer")
    return issuer


def read_anchor(data: bytes) -> Anchor:
    """An anchor from its file. Raises ``SealError``."""
    plain = plain_json.read_object(data, MAX_ANCHOR_BYTES, "anchor")
    anchor: Anchor = _convert(plain, Anchor, "anchor")
    if not ISSUER.match(anchor.issuer):
        raise fault("The name of an authority is letters, digits, dots and dashes.", "issuer")
    if not 0 < len(anchor.keys) <= MAX_ANCHOR_KEYS:
        raise fault(f"An authority has 1 to {MAX_ANCHOR_KEYS} keys.", "keys")
    if not anchor.places and not anchor.prefixes:
        raise fault("Says neither places nor prefixes: an authority speaks for its own.", "places")
    if "" in (*anchor.places, *anchor.prefixes):
        raise fault("An empty place or prefix would be everybody.", "prefixes")
    names = [_anchor_key(each) for each in anchor.keys]
    if len(names) != len(set(names)):
        raise fault("One key stands twice.", "keys")
    return anchor


def _not_in_force(anchor: Anchor, kid: str) -> SealError:
    return SealError(
        "key-not-in-force",
        f"The key {kid} of {anchor.issuer} did not hold at the moment of issue.",
        "header/kid",
    )


def _anchor_key(key: PartnerKey) -> str:
    if key.use != "sig":
        raise fault("A key of an authority signs.", "keys")
    check_window(key, "keys")
    found = jwk.read_public(key.jwk, "sig")
    if jwk.algorithm_of(found) not in jws.ALGORITHMS:
        raise fault("An authority signs with Ed25519 or P-256.", "keys")
    return jwk.thumbprint(found)


def _refuse_faults(directory: Directory, anchor: Anchor) -> None:
    """Raise ``SealError`` for what even its own authority cannot say."""
    if directory.issuer != anchor.issuer:
        raise SealError(
            "other-authority", f"Not a directory of {anchor.issuer}.", "directory/issuer"
        )
    if not timedelta(0) < directory.expires - directory.issued <= LONGEST_LIFE:
        raise fault(f"Holds for {LONGEST_LIFE.days} days at most, from issue on.", "expires")
    if len(directory.partners) > MAX_PARTNERS:
        raise fault(f"Has more than {MAX_PARTNERS} partners: divide it.", "partners")
    _refuse_strangers(directory.partners, anchor)
    refuse_unsound(directory.partners)


def _refuse_strangers(partners: Collection[Partner], anchor: Anchor) -> None:
    for partner in partners:
        if not anchor.speaks_for(partner):
            raise SealError(
                "foreign-partner",
                f"{anchor.issuer} may not speak for {partner.id[:64]!r} in {partner.place[:8]!r}.",
                "partners",
            )


def _convert(plain: dict[str, Any], type: Any, where: str) -> Any:
    try:
        return msgspec.convert(plain, type)
    except msgspec.ValidationError as problem:
        raise SealError("shape", f"Not of its form: {problem}.", where) from problem


def _ascii(text: str | bytes) -> str:
    if len(text) > 2 * MAX_BYTES:
        raise SealError("too-large", f"Has more than {2 * MAX_BYTES} bytes.", "directory")
    if isinstance(text, str):
        return text.strip("\r\n")
    try:
        return text.decode("ascii").strip("\r\n")
    except UnicodeDecodeError as problem:
        raise SealError("shape", "A directory is written in ASCII.", "directory") from problem
