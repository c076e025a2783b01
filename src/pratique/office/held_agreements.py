"""Under which agreements does this node exchange? Signed copies and endings it keeps, each verified by whose key it is.

A party of an agreement counts as signed only by a key that the directory knows as that party's: an agreement cannot name
a key of a stranger for it. Files by name and keys by name to one value per agreement and version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pratique.errors import PolicyError, SealError
from pratique.exchange import seal
from pratique.messages import strict
from pratique.model.agreement import Agreement
from pratique.office.agreements import REVOCATION_TYPE, TYPE, Standing, standing
from pratique.policy.agreements import agreement_of, revocation_of

Signers = Mapping[str, tuple[str, Ed25519PublicKey]]
"""Whose key each is, and the key, by its name."""


class HeldAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an agreement: signed copies, endings, and the keys that the directory gives its parties."""

    agreement: Agreement
    copies: tuple[bytes, ...]
    revocations: tuple[bytes, ...]
    keys: tuple[Ed25519PublicKey, ...]

    def standing(self, on: date) -> Standing:
        """How it stands that day, every signature verified. Raises ``SealError`` and ``PolicyError``."""
        return standing(self.copies, self.keys, on=on, revocations=self.revocations)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A signed copy or ending as it came: of which agreement (and version, 0 for an ending of all), and by which key."""

    id: str
    version: int
    kid: str
    data: bytes
    agreement: Agreement | None = None


def read(data: bytes, name: str) -> Document:
    """A signed copy or ending, its signature not looked at yet. Raises ``MessageError``, ``SealError``, ``PolicyError``."""
    document = strict.load(data)
    found: Any = document.get("seal") if isinstance(document, dict) else None
    if isinstance(found, dict) and found.get("type") == REVOCATION_TYPE:
        content, mark = seal.unverified(document, REVOCATION_TYPE)
        ending = revocation_of(content, name)
        return Document(id=ending.agreement, version=0, kid=mark.key_id, data=data)
    content, mark = seal.unverified(document, TYPE)
    agreement = agreement_of(content, name)
    return Document(
        id=agreement.id,
        version=agreement.version,
        kid=mark.key_id,
        data=data,
        agreement=agreement,
    )


def held(files: Mapping[str, bytes], signers: Signers) -> dict[str, HeldAgreement]:
    """The agreements in these files, by ``ID/VERSION``. Raises as ``read``."""
    found = [read(data, name) for name, data in sorted(files.items())]
    copies: dict[str, list[Document]] = {}
    for each in found:
        if each.version:
            copies.setdefault(f"{each.id}/{each.version}", []).append(each)
    return {name: _one(group, found, signers) for name, group in copies.items()}


def added(
    data: bytes,
    name: str,
    kept: Mapping[str, HeldAgreement],
    signers: Signers,
    holding: Signers,
    on: date,
) -> tuple[Document, str]:
    """A copy or ending that may be kept beside those there are, and whose it is.

    Of ``signers``, all keys known, the one that signed must be among those ``holding`` now. Raises as ``read``.
    """
    document = read(data, name)
    if document.kid not in holding:
        known = document.kid in signers
        raise SealError(
            "key-not-in-force" if known else "unknown-key",
            f"{document.kid[:43]!r} is no key that holds, of a partner or of this node.",
            "seal",
        )
    if document.agreement is not None:
        same = kept.get(f"{document.id}/{document.version}")
        before = same.copies if same else ()
        standing((*before, data), _keys_of(document.agreement, signers), on=on)
        return document, signers[document.kid][0]
    versions = [each for each in kept.values() if each.agreement.id == document.id]
    if not versions:
        raise PolicyError("revocation", f"No copy of {document.id} is kept here: add it first.")
    for each in versions:
        msgspec.structs.replace(each, revocations=(data,)).standing(on)
    return document, signers[document.kid][0]


def _one(group: list[Document], found: Iterable[Document], signers: Signers) -> HeldAgreement:
    agreement = group[0].agreement
    if agreement is None:
        raise PolicyError("copies", "There is no signed copy.")
    endings = [each.data for each in found if not each.version and each.id == agreement.id]
    return HeldAgreement(
        agreement=agreement,
        copies=tuple(each.data for each in group),
        revocations=tuple(endings),
        keys=_keys_of(agreement, signers),
    )


def _keys_of(agreement: Agreement, signers: Signers) -> tuple[Ed25519PublicKey, ...]:
    """The keys the agreement names for its parties, as far as the directory gives them to the same ones."""
    return tuple(
        signers[party.key_id][1]
        for party in agreement.parties
        if party.key_id in signers and signers[party.key_id][0] == party.id
    )
