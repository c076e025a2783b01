"""Who sent what, when was it received, under which agreement? Evidence read by a stranger, offline.

A bundle is one JSON file: the message as its sender signed it, byte by byte; the receipts of whoever got it, signed too;
for each receipt the proof that its node's log holds it, with a checkpoint that witnesses cosigned; where wanted, the
proof that a later checkpoint of that log still holds all of it. Nothing in it is believed but what a key in the folder
of trusted keys signed. See docs/protocol/log.md.

Trusted keys lie in one folder per party: ``PARTY/*.pem`` for what it seals, ``PARTY/*.vkey`` for its log and for what
it cosigns, a key a line; older keys stay beside newer ones. No key may stand for two parties.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pratique.errors import SealError
from pratique.exchange import checkpoint, note, seal
from pratique.exchange.canonical import canonical
from pratique.exchange.checkpoint import SKEW, Seen
from pratique.exchange.note import COSIGNER, Verifier
from pratique.messages import strict

FORMAT: Final = "pratique-evidence/1"
RECEIPT: Final = "pratique-receipt/1"
"""The type under which receipts are sealed."""
MAX_RECEIPTS: Final = 16
_LONGEST: Final = 200
Stage = Literal["received", "validated", "rejected", "decision"]


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a node says of a message: that it has it, what it found, what it decided.

    ``message`` is the SHA-256 of its exact bytes, in hexadecimal; ``log`` and ``index`` say where this very receipt
    stands in the node's log; ``answer`` holds the errors or the decision, as codes and pointers: what is in the log stays
    for ever, and no element of the message belongs there.
    """

    stage: Stage
    message: str
    message_id: str
    agreement: str
    purpose: str
    policy: str
    at: datetime
    log: str = ""
    index: int = 0
    answer: dict[str, Any] = {}


class Later(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A later checkpoint of a log, and the hashes that show it to continue the earlier one."""

    checkpoint: str
    consistency: tuple[str, ...]


class Proven(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A sealed receipt with the proof that it is in its log."""

    receipt: dict[str, Any]
    proof: str
    later: Later | None = None


class Bundle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: the message as text, and its receipts."""

    format: Literal["pratique-evidence/1"] = FORMAT
    message: str
    receipts: tuple[Proven, ...]


class Trust(msgspec.Struct, frozen=True):
    """The keys believed, each with its party: of seals by their key id, and of logs and cosigners."""

    seals: dict[str, tuple[str, Ed25519PublicKey]]
    notes: tuple[tuple[str, Verifier], ...]

    def verifiers(self) -> tuple[Verifier, ...]:
        """The keys of logs and cosigners."""
        return tuple(key for _, key in self.notes)

    def party(self, key: Verifier) -> str:
        """Whose key of a log or cosigner it is."""
        return next(party for party, known in self.notes if known == key)


class Witnessing(msgspec.Struct, frozen=True):
    """That a party saw the log with the receipt in it at that moment."""

    party: str
    at: datetime


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One receipt that holds: by whom, and how far its log stands behind it.

    ``size`` is that of the log when it was proved; ``later_size`` that of the later checkpoint, None without one.
    ``strangers`` names the signatures passed over, for nobody here trusts their keys.
    """

    by: str
    receipt: Receipt
    size: int
    later_size: int | None
    witnesses: tuple[Witnessing, ...]
    strangers: tuple[str, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle proves: that ``sender`` signed this message, and what others said when they had it."""

    sender: str
    type: str
    digest: str
    content: dict[str, Any]
    receipts: tuple[Told, ...]


def entry(content: dict[str, Any]) -> bytes:
    """A receipt's content as the entry of its node's log."""
    return canonical({"content": content, "type": RECEIPT})


def digest(message: bytes) -> str:
    """The name of a message: the SHA-256 of its exact bytes."""
    return hashlib.sha256(message).hexdigest()


def read_trust(files: Iterable[tuple[str, str, bytes]]) -> Trust:
    """Trusted keys from files: party, name of the file, content. Raises ``SealError``."""
    seals: dict[str, tuple[str, Ed25519PublicKey]] = {}
    notes: list[tuple[str, Verifier]] = []
    owners: dict[str, str] = {}
    for party, name, data in files:
        if name.endswith(".pem"):
            key = seal.read_public(data, f"{party}/{name}")
            seals[_owned(owners, party, key)] = (party, key)
        elif name.endswith(".vkey"):
            for line in _key_lines(data, f"{party}/{name}"):
                verifier = note.read_vkey(line)
                _owned(owners, party, verifier.key)
                _own(owners, party, f"the name {verifier.name}")
                notes.append((party, verifier))
    if not seals or not notes:
        raise SealError(
            "trust",
            "The folder of trusted keys needs PARTY/*.pem and PARTY/*.vkey, at least one of each.",
        )
    return Trust(seals, tuple(notes))


def _owned(owners: dict[str, str], party: str, key: Ed25519PublicKey) -> str:
    """The id of a key that no other party has."""
    name = seal.key_id(key)
    _own(owners, party, f"the key {name}")
    return name


def _own(owners: dict[str, str], party: str, what: str) -> None:
    if owners.setdefault(what, party) != party:
        raise SealError("trust", f"{party} and {owners[what]} both have {what}: whose is it?")


def _key_lines(data: bytes, name: str) -> list[str]:
    try:
        return [line for line in data.decode("ascii").splitlines() if line]
    except UnicodeDecodeError as error:
        raise SealError("key", f"{name} holds no verifier keys, one a line.") from error


def verify_bundle(data: bytes, trust: Trust, *, now: datetime, witnesses: int = 1) -> Evidence:
    """What a bundle proves to someone who trusts these keys.

    ``witnesses``: how many parties beside the log's own must have cosigned each log with the receipt in it. Raises
    ``MessageError`` for bytes no strict reader takes, ``SealError`` for anything that does not hold: one part that
    fails condemns the whole.
    """
    try:
        bundle = msgspec.convert(strict.load(data), Bundle)
    except msgspec.ValidationError as error:
        raise SealError("shape", f"This is no bundle of evidence: {error}.") from error
    if not 1 <= len(bundle.receipts) <= MAX_RECEIPTS:
        raise SealError("shape", f"A bundle has from 1 to {MAX_RECEIPTS} receipts.")
    message = bundle.message.encode()
    document = strict.load(message)
    sender, type, content = _unsealed(document, trust)
    _check_line(type, "type")
    if type == RECEIPT:
        raise SealError("type", "The message is itself a receipt: give what it is a receipt for.")
    told = tuple(_told(each, digest(message), trust, now, witnesses) for each in bundle.receipts)
    _check_parties(sender, told)
    return Evidence(
        sender=sender, type=type, digest=digest(message), content=content, receipts=told
    )


def _unsealed(document: Any, trust: Trust) -> tuple[str, str, dict[str, Any]]:
    """Party, type and content of a sealed document. Raises ``SealError`` unless a trusted key signed it."""
    try:
        type, name = document["seal"]["type"], document["seal"]["key_id"]
        party, key = trust.seals[name]
    except (KeyError, TypeError, IndexError) as error:
        raise SealError("unknown-key", "It is not sealed with a key trusted here.") from error
    return party, type, seal.unseal(document, type, key)


def _told(proven: Proven, message: str, trust: Trust, now: datetime, witnesses: int) -> Told:
    """What one receipt proves. Raises ``SealError``."""
    by, type, content = _unsealed(proven.receipt, trust)
    receipt = _receipt(content, type)
    if receipt.message != message:
        raise SealError("other-message", "A receipt is for another message than the one given.")
    proof = checkpoint.read_proof(proven.proof)
    if proof.index != receipt.index:
        raise SealError("index", "A proof is for another place in the log than its receipt names.")
    seen = [proof.verify(entry(content), trust.verifiers())]
    if proven.later is not None:
        seen.append(_later(proven.later, seen[0], trust))
    if seen[0].checkpoint.origin != receipt.log or by not in _logs(seen, trust):
        raise SealError(
            "origin", f"The log is not the one {by} names in its receipt, or not its own."
        )
    found = _witnesses(seen, by, trust)
    if any(at > now + SKEW for at in (receipt.at, *(each.at for each in found))):
        raise SealError("moment", f"The receipt of {by} is of the future: check both clocks.")
    if any(each.at + SKEW < receipt.at for each in found):
        raise SealError(
            "moment", f"The log of {by} was witnessed before the receipt in it was given."
        )
    if len({each.party for each in found}) < witnesses:
        raise SealError(
            "witnesses",
            f"{len(found)} of the {witnesses} witnesses asked for saw the log of {by}, by the keys trusted here.",
        )
    return Told(
        by=by,
        receipt=receipt,
        size=seen[0].checkpoint.size,
        later_size=seen[1].checkpoint.size if len(seen) > 1 else None,
        witnesses=found,
        strangers=_strangers(seen),
    )


def _receipt(content: dict[str, Any], type: str) -> Receipt:
    if type != RECEIPT:
        raise SealError("type", f"A {type[:40]!r} stands where a receipt belongs.")
    try:
        receipt = msgspec.convert(content, Receipt)
    except msgspec.ValidationError as error:
        raise SealError("shape", f"This is no receipt: {error}.") from error
    if receipt.at.utcoffset() != timedelta(0):
        raise SealError("shape", "This is no receipt: its moment is not in UTC.")
    for name in ("message_id", "agreement", "purpose", "policy"):
        _check_line(getattr(receipt, name), name)
    return receipt


def _check_line(text: str, what: str) -> None:
    """Raise ``SealError`` for a text that, shown to a person, could pass for more than one line."""
    if len(text) > _LONGEST or any(character < " " for character in text):
        raise SealError(
            "shape", f"A receipt or message has a {what} that is no short line of text."
        )


def _later(later: Later, first: Seen, trust: Trust) -> Seen:
    """A later checkpoint that continues the first. Raises ``SealError``."""
    seen = checkpoint.verify(later.checkpoint, trust.verifiers())
    proof = tuple(note.from_base64(each, "The proof of consistency") for each in later.consistency)
    checkpoint.continues(first.checkpoint, seen.checkpoint, proof)
    return seen


def _logs(seen: Sequence[Seen], trust: Trust) -> set[str]:
    """The parties that every one of these checkpoints was signed by as their log."""
    parties = [
        {trust.party(key) for key in (each.verifier for each in one.signatures)
         if key.kind == note.LOG and key.name == one.checkpoint.origin}
        for one in seen
    ]  # fmt: skip
    return set.intersection(*parties)


def _witnesses(seen: Sequence[Seen], by: str, trust: Trust) -> tuple[Witnessing, ...]:
    """Who cosigned, each party once at its first moment; a party is no witness of its own log."""
    found: dict[str, datetime] = {}
    for each in (each for one in seen for each in one.cosignatures()):
        party = trust.party(each.verifier)
        if party != by and each.verifier.kind == COSIGNER and each.at is not None:
            found[party] = min(found.get(party, each.at), each.at)
    return tuple(Witnessing(party, at) for party, at in sorted(found.items()))


def _strangers(seen: Sequence[Seen]) -> tuple[str, ...]:
    known = {(each.verifier.name, each.verifier.id) for one in seen for each in one.signatures}
    lines = (line for one in seen for line in one.note.lines)
    return tuple(dict.fromkeys(each.name for each in lines if (each.name, each.id) not in known))


def _check_parties(sender: str, told: Sequence[Told]) -> None:
    """Raise ``SealError`` for receipts a sender gave itself, or one that stands there twice."""
    if any(each.by == sender for each in told):
        raise SealError("self", f"{sender} gave itself a receipt, which proves nothing.")
    if len({(each.receipt.log, each.receipt.index) for each in told}) != len(told):
        raise SealError("twice", "One receipt stands twice in the bundle.")
