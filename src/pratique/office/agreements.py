"""A data-sharing agreement as a document: read strictly, signed by each party, ended by a signed revocation.

Each party signs its own copy of the same content; an agreement binds once every party has. Nothing is taken from a copy
whose signature does not hold. See docs/decisions/0013-views-and-agreements.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib import resources
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import PolicyError, SealError
from pratique.exchange import seal
from pratique.messages import strict
from pratique.model.agreement import Agreement, AgreementParty, Channel, Lane, Revocation
from pratique.policy.agreements import (
    agreement_of,
    may_revoke,
    read_agreement,
    revocation_of,
    state_of,
)
from pratique.policy.elements import catalogue
from pratique.policy.roles import shipped_roles
from pratique.policy.views import compile_view

__all__ = [
    "Seen",
    "Standing",
    "read_file",
    "revoke",
    "seen",
    "sign",
    "standing",
    "state_of",
    "template",
    "written",
]

TYPE: Final = "pratique-agreement/1"
REVOCATION_TYPE: Final = "pratique-agreement-revocation/1"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement, who signed it, who has not, and whether it holds that day."""

    agreement: Agreement
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]
    state: str
    revocation: Revocation | None = None

    @property
    def binds(self) -> bool:
        """Whether data may flow under it: signed by all, and in force."""
        return not self.unsigned and self.state == "in force"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a role sees under an agreement: elements in order, each with the grant; why, when there are none."""

    role: str
    purpose: str
    phase: str
    elements: tuple[str, ...]
    rules: dict[str, str]
    because: str


def template(id: str, valid_from: date, valid_until: date) -> str:
    """An agreement to begin with, its parties invented. Raises ``PolicyError`` for what is no id."""
    text = resources.files("pratique.office").joinpath("agreement.toml").read_text("utf-8")
    return (
        text.replace("EXAMPLE-ID", id)
        .replace("2026-01-01", valid_from.isoformat())
        .replace("2027-01-01", valid_until.isoformat())
    )


def written(document: dict[str, Any]) -> bytes:
    """A signed document as the bytes of its file."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def seen(
    agreement: Agreement,
    role: str,
    purpose: str,
    lane: tuple[str, str, Channel],
    state: str,
    on: date,
) -> Seen:
    """What a role sees of parcels on a lane (from, to, channel) in a state. Raises ``PolicyError``."""
    policy = shipped_roles()
    phase = policy.phase_of(state)
    way = Lane(from_=lane[0], to=lane[1], channel=lane[2])
    view = compile_view(policy, role, purpose, way, phase, on, agreement)
    return Seen(
        role=role,
        purpose=purpose,
        phase=phase,
        elements=tuple(path for path in catalogue() if path in view.elements),
        rules=view.rules,
        because=view.because,
    )


def read_file(data: bytes, name: str) -> Agreement:
    """The agreement in a TOML file, or in a signed copy whose signature is not looked at.

    Raises ``MessageError``, ``SealError`` and ``PolicyError``.
    """
    if data.lstrip()[:1] == b"{":
        content, _ = seal.unverified(strict.load(data), TYPE)
        return agreement_of(content, name)
    strict.decode_text(data)
    agreement = read_agreement(data, name)
    strict.load(msgspec.json.encode(agreement))  # characters that hide or reorder what is read
    return agreement


def sign(agreement: Agreement, by: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The copy that party signs. Raises ``PolicyError`` for a stranger, ``SealError`` for a key that is not its own."""
    _own_key(agreement, by, key)
    return seal.seal(msgspec.to_builtins(agreement), TYPE, key)


def revoke(
    agreement: Agreement, by: str, key: Ed25519PrivateKey, *, from_day: date, because: str
) -> dict[str, Any]:
    """The signed end of an agreement. Raises ``PolicyError`` when that party may not end it, ``SealError``."""
    _own_key(agreement, by, key)
    revocation = Revocation(
        agreement=agreement.id, revoked_by=by, from_day=from_day, because=because
    )
    obstacle = may_revoke(agreement, revocation)
    if obstacle:
        raise PolicyError("revocation", f"{obstacle}; {', '.join(agreement.revocable_by)} may.")
    return seal.seal(msgspec.to_builtins(revocation), REVOCATION_TYPE, key)


def standing(
    copies: Iterable[bytes],
    keys: Iterable[Ed25519PublicKey],
    *,
    on: date,
    revocations: Iterable[bytes] = (),
) -> Standing:
    """How an agreement stands by its signed copies and revocations, each verified by the key its party names.

    Raises ``MessageError``, ``SealError`` for a signature that does not hold or a key that is no party's, and
    ``PolicyError`` when the copies differ or a party may not revoke.
    """
    by_id = {seal.key_id(key): key for key in keys}
    agreement: Agreement | None = None
    signed = []
    for data in copies:
        content, key_id = _unsealed(data, TYPE, by_id)
        this = agreement_of(content, "the copy")
        if agreement is not None and this != agreement:
            raise PolicyError("copies", "The copies differ: they are not of one agreement.")
        agreement = this
        signed.append(_party_with(agreement, key_id).id)
    if agreement is None:
        raise PolicyError("copies", "There is no signed copy.")
    ended = [_ending(agreement, data, by_id) for data in revocations]
    return Standing(
        agreement=agreement,
        signed=tuple(dict.fromkeys(signed)),
        unsigned=tuple(each.id for each in agreement.parties if each.id not in signed),
        state=state_of(agreement, on, ended),
        revocation=min(ended, key=lambda each: each.from_day, default=None),
    )


def _ending(agreement: Agreement, data: bytes, by_id: dict[str, Ed25519PublicKey]) -> Revocation:
    content, key_id = _unsealed(data, REVOCATION_TYPE, by_id)
    revocation = revocation_of(content, "the revocation")
    obstacle = may_revoke(agreement, revocation)
    if not obstacle and _party_with(agreement, key_id).id != revocation.revoked_by:
        obstacle = f"it is not signed by {revocation.revoked_by}"
    if obstacle:
        raise PolicyError("revocation", f"The revocation does not hold: {obstacle}.")
    return revocation


def _unsealed(
    data: bytes, type: str, by_id: dict[str, Ed25519PublicKey]
) -> tuple[dict[str, Any], str]:
    document = strict.load(data)
    _, found = seal.unverified(document, type)
    if found.key_id not in by_id:
        raise SealError(
            "other-key", f"It is signed by {found.key_id[:43]}: give that party's public key."
        )
    return seal.unseal(document, type, by_id[found.key_id]), found.key_id


def _party_with(agreement: Agreement, key_id: str) -> AgreementParty:
    for party in agreement.parties:
        if party.key_id == key_id:
            return party
    raise SealError("other-key", f"{key_id} is the key of no party to {agreement.id}.")


def _own_key(agreement: Agreement, by: str, key: Ed25519PrivateKey) -> None:
    party = next((each for each in agreement.parties if each.id == by), None)
    if party is None:
        known = ", ".join(each.id for each in agreement.parties)
        raise PolicyError("party", f"{by!r} is no party to {agreement.id}; there are {known}.")
    own = seal.key_id(key.public_key())
    if party.key_id != own:
        raise SealError(
            "other-key",
            f"The agreement names {party.key_id or 'no key'} for {by}; this key is {own}: "
            "the parties write each other's key ids into the agreement before they sign.",
        )
