"""Which keys does a node use at this moment? Its ring of keys, each with a window, and what it signs and opens with.

A new key begins while the old one still holds, so that partners learn of it first: the node signs with the newest that
holds, opens with every one that is not destroyed, and its log is verified by all it ever had. Values only: private keys are
read by a door, from files or from a token. See docs/decisions/0016-directory.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import SealError, UsageError
from pratique.exchange import base64url, hpke, jwk, note, plain_json
from pratique.exchange.checkpoint import SKEW
from pratique.exchange.hpke import HybridKey
from pratique.exchange.jwk import OpeningKey, SigningKey
from pratique.exchange.note import COSIGNER, LOG, Verifier
from pratique.exchange.partners import Moment, Partner, PartnerKey

KeyUse = Literal["sig", "enc", "log", "hybrid"]
USES: Final[dict[KeyUse, str]] = {
    "sig": "signs envelopes, receipts and requests",
    "enc": "opens what is encrypted for this node",
    "log": "signs the checkpoints of the log, and cosigns those of others",
    "hybrid": "opens what is kept long (MLKEM768-X25519)",
}
"""What each key of a node is for."""
LIFE: Final = timedelta(days=730)
"""How long a key holds when nothing else is said."""
_MAX_RING: Final = 1_048_576
_ENDED: Final = "ended"


class KeyEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key of a node: its use, name and public part, when it holds, and where its private part is.

    ``file`` is a file of the folder of keys, ``label`` the name of a key in the token; ``public`` is a JWK, for a hybrid key
    ``{"hybrid": its bytes in base64url}``. A destroyed key has a public part alone.
    """

    use: KeyUse
    kid: str
    public: dict[str, Any]
    not_before: Moment
    not_after: Moment
    file: str = ""
    label: str = ""
    destroyed: bool = False

    def holds(self, at: datetime) -> bool:
        """Whether it holds at that moment."""
        return not self.destroyed and self.not_before <= at < self.not_after

    def state(self, at: datetime) -> str:
        """``holds``, ``not yet``, ``ended`` or ``destroyed`` at that moment."""
        if self.destroyed:
            return "destroyed"
        if at < self.not_before:
            return "not yet"
        return "holds" if at < self.not_after else _ENDED


class Ring(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All keys a node ever had, the oldest first."""

    keys: tuple[KeyEntry, ...] = ()

    def newest(self, use: KeyUse, at: datetime) -> KeyEntry:
        """The newest key of that use that holds at that moment. Raises ``SealError`` without one.

        One that began less than ``SKEW`` ago waits while there is another: clocks of partners may be behind.
        """
        holding = [each for each in self.keys if each.use == use and each.holds(at)]
        if not holding:
            raise SealError(
                "no-key", f"No key of this node that {USES[use]} holds: make one.", f"keys/{use}"
            )
        settled = [each for each in holding if each.holds(at - SKEW)] or holding
        return max(settled, key=lambda each: each.not_before)

    def find(self, kid: str) -> KeyEntry:
        """The key whose name begins so. Raises ``UsageError``."""
        found = [each for each in self.keys if kid and each.kid.startswith(kid)]
        if len(found) != 1:
            raise UsageError(f"{len(found)} keys of this node have names that begin with {kid!r}.")
        return found[0]

    def with_new(self, entry: KeyEntry, overlap: timedelta) -> Ring:
        """With a further key; those of its use end ``overlap`` after it begins, unless they end sooner."""
        end = entry.not_before + overlap
        kept = [
            msgspec.structs.replace(each, not_after=min(each.not_after, end))
            if each.use == entry.use
            else each
            for each in self.keys
        ]
        return Ring((*kept, entry))

    def retired(self, kid: str, now: datetime) -> Ring:
        """With the end of a key now. Raises ``UsageError`` when no other of its use holds, or it has ended."""
        entry = self.find(kid)
        if entry.state(now) in (_ENDED, "destroyed"):
            raise UsageError(f"The key {entry.kid} has ended already.")
        others = [each for each in self.keys if each.use == entry.use and each is not entry]
        if not any(each.holds(now) for each in others):
            raise UsageError(
                f"{entry.kid} is the only key of its use that holds: make another first "
                f"(pratique node keys new … --use {entry.use} --begins-in 0)."
            )
        begin = min(entry.not_before, now - timedelta(seconds=1))
        return self._replaced(entry, not_before=begin, not_after=now)

    def destroyed(self, kid: str, now: datetime) -> Ring:
        """With the private part of an ended key given up. Raises ``UsageError`` for one that has not ended."""
        entry = self.find(kid)
        if entry.state(now) != _ENDED:
            raise UsageError(f"The key {entry.kid} {entry.state(now)}: retire it first.")
        return self._replaced(entry, destroyed=True, file="", label="")

    def _replaced(self, entry: KeyEntry, **changed: Any) -> Ring:
        changed_entry = msgspec.structs.replace(entry, **changed)
        return Ring(tuple(changed_entry if each is entry else each for each in self.keys))


class NodeKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What a node signs, opens and logs with at a moment; ``opening`` by the name of the key."""

    signing: SigningKey
    kid: str
    opening: dict[str, OpeningKey]
    log: Ed25519PrivateKey
    earlier_log: tuple[Ed25519PublicKey, ...] = ()

    def __repr__(self) -> str:
        return f"NodeKeys({self.kid})"


def read_ring(data: bytes) -> Ring:
    """A ring from its file. Raises ``SealError``."""
    plain = plain_json.read_object(data, _MAX_RING, "keys")
    try:
        ring = msgspec.convert(plain, Ring)
    except msgspec.ValidationError as problem:
        raise SealError("shape", f"No ring of keys: {problem}.", "keys") from problem
    for each in ring.keys:
        if each.use != "hybrid" and jwk.thumbprint(_public(each)) != each.kid:
            raise SealError("key", f"The key {each.kid[:43]} has another name.", "keys")
    return ring


def write_ring(ring: Ring) -> bytes:
    """A ring as the bytes of its file."""
    return msgspec.json.format(msgspec.json.encode(ring), indent=1) + b"\n"


def entry(use: KeyUse, key: Any, begin: datetime, life: timedelta = LIFE) -> KeyEntry:
    """The entry of a private key; where that is kept is for the door to add."""
    if isinstance(key, HybridKey):
        raw = hpke.public_bytes(key)
        name = base64url.encode(hashlib.sha256(raw).digest())
        public = {"hybrid": base64url.encode(raw)}
    else:
        name = jwk.thumbprint(key.public_key())
        public = jwk.write_public(key.public_key())
    return KeyEntry(use=use, kid=name, public=public, not_before=begin, not_after=begin + life)


def keys_at(ring: Ring, private: Mapping[str, Any], at: datetime) -> NodeKeys:
    """What a node uses at a moment, of private keys by name. Raises ``SealError``."""
    signing, log = ring.newest("sig", at), ring.newest("log", at)
    logs = [_public(each) for each in ring.keys if each.use == "log" and each is not log]
    return NodeKeys(
        signing=private[signing.kid],
        kid=signing.kid,
        opening={
            each.kid: private[each.kid]
            for each in ring.keys
            if each.use == "enc" and not each.destroyed
        },
        log=private[log.kid],
        earlier_log=tuple(each for each in logs if isinstance(each, Ed25519PublicKey)),
    )


def partner_keys(ring: Ring) -> tuple[PartnerKey, ...]:
    """The keys as a directory shows them: to verify and to encrypt, ended ones too, for what they signed."""
    return tuple(
        PartnerKey(
            use="sig" if each.use == "sig" else "enc",
            jwk=each.public,
            not_before=each.not_before,
            not_after=each.not_after,
        )
        for each in ring.keys
        if each.use == "sig" or (each.use == "enc" and not each.destroyed)
    )


def log_lines(ring: Ring, origin: str) -> tuple[str, ...]:
    """The verifier keys of the node's log and as a witness, of all its keys for it."""
    keys = [_public(each) for each in ring.keys if each.use == "log"]
    return tuple(Verifier(origin, kind, key).vkey for key in keys for kind in (LOG, COSIGNER))


def signers(
    partners: Iterable[Partner], at: datetime | None = None
) -> dict[str, tuple[str, Ed25519PublicKey]]:
    """Whose Ed25519 signing key each is, by its name: those that hold at a moment, or all there are."""
    found = {}
    for partner in partners:
        for each in partner.keys:
            if each.use != "sig" or not (at is None or each.holds(at)):
                continue
            key: Any = jwk.read_public(each.jwk, each.use)
            if isinstance(key, Ed25519PublicKey):
                found[jwk.thumbprint(key)] = (partner.id, key)
    return found


def verifier_lines(partner: Partner) -> tuple[Verifier, ...]:
    """The verifier keys of a partner's log and as a witness. Raises ``SealError``."""
    return tuple(note.read_vkey(line) for line in partner.log)


def _public(each: KeyEntry) -> Any:
    return jwk.read_public(each.public, "enc" if each.use == "enc" else "sig")
