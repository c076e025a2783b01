"""How is a receipt given that can be proved? Into the log with what it tells of; signed once that is on disk.

In the transaction that keeps a message: ``logged``. After it: ``signed``. When a checkpoint holds it: ``proven``, and
``bundle`` for whoever wants the evidence.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.exchange import checkpoint, seal
from pratique.exchange.note import Note
from pratique.messages import strict
from pratique.office.evidence import RECEIPT, Bundle, Later, Proven, Receipt, entry
from pratique.office.log import Gathered, NodeLog


def logged(receipt: Receipt, log: NodeLog) -> Receipt:
    """The receipt with its place in the log, where it stands once the transaction under way is kept."""
    placed = msgspec.structs.replace(receipt, log=log.origin, index=log.size())
    log.append([entry(msgspec.to_builtins(placed))])
    return placed


def gathered(receipt: Receipt, entries: Gathered) -> Receipt:
    """As ``logged``, among other entries of one transaction."""
    placed = msgspec.structs.replace(receipt, log=entries.log.origin, index=entries.index)
    entries.entries.append(entry(msgspec.to_builtins(placed)))
    return placed


def signed(receipt: Receipt, key: Ed25519PrivateKey) -> dict[str, Any]:
    """A logged receipt as the sealed document its sender gets; only after the transaction that logged it."""
    return seal.seal(msgspec.to_builtins(receipt), RECEIPT, key)


def proven(
    sealed: dict[str, Any], log: NodeLog, *, cosigned: int = 1, later: bool = False
) -> Proven:
    """A sealed receipt with its proof by a checkpoint with so many cosignatures; ``later``: to the last one, too.

    Raises ``NotFoundError`` while no checkpoint holds it.
    """
    proof = log.prove(sealed["content"]["index"], cosigned)
    return Proven(
        receipt=sealed,
        proof=str(proof),
        later=_later(proof.note, log) if later else None,
    )


def _later(first: Note, log: NodeLog) -> Later:
    last = log.last_cosigned()
    sizes = [checkpoint.parse(each.text).size for each in (first, last)]
    hashes = log.consistency(*sizes) if sizes[0] else ()
    return Later(
        checkpoint=str(last),
        consistency=tuple(base64.b64encode(each).decode() for each in hashes),
    )


def bundle(message: bytes, receipts: Iterable[Proven]) -> bytes:
    """The file of evidence on a message. Raises ``MessageError`` for what no verifier would read."""
    made = Bundle(message=message.decode(), receipts=tuple(receipts))
    data = msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"
    strict.load(data)
    return data
