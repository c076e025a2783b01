"""Which entries does a log stand by? Checkpoints: origin, number of entries and root, as a signed note.

A log signs its checkpoint; witnesses cosign it once they have seen that it continues the one they cosigned before.
A proof file (``LogProof``) holds all a stranger needs, apart from the keys: checkpoint, index, and the hashes between.

Sources: C2SP tlog-checkpoint, tlog-cosignature, tlog-proof and tlog-witness (https://c2sp.org), RFC 6962.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pratique.errors import SealError
from pratique.exchange import merkle, note
from pratique.exchange.note import Note, SignatureLine, Signed, Signer, Verifier

LONGEST_WITHOUT: Final = timedelta(hours=4)
"""How long a node may go on accepting without a new checkpoint (the 14,400 s of X-Road's message log)."""
SKEW: Final = timedelta(minutes=5)
"""How far two clocks may be apart."""
MAX_PROOF: Final = 63
"""Hashes in any proof at most: the height of the largest tree."""
_HEAD: Final = "c2sp.org/tlog-proof@v1"
_WHOLE: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z", re.ASCII)


class Checkpoint(msgspec.Struct, frozen=True):
    """A log's tree at one size. Lines of extension, which nobody can audit, are refused."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Seen(msgspec.Struct, frozen=True):
    """A checkpoint whose signatures were verified: by the log, and by the cosigners among the known keys."""

    checkpoint: Checkpoint
    note: Note
    signatures: tuple[Signed, ...]

    def cosignatures(self) -> tuple[Signed, ...]:
        """The signatures that vouch for a moment."""
        return tuple(each for each in self.signatures if each.at is not None)


def sign(checkpoint: Checkpoint, signers: Sequence[Signer], at: datetime) -> Note:
    """A checkpoint as a note signed by these keys."""
    text = str(checkpoint)
    return Note(text, tuple(each.sign(text, at) for each in signers))


def parse(text: str) -> Checkpoint:
    """The three lines of a checkpoint. Raises ``SealError``."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise SealError("checkpoint", "A checkpoint has three lines: origin, size and root.")
    size = whole(lines[1], "The size of a checkpoint")
    root = note.from_base64(lines[2], "The root of a checkpoint")
    if len(root) != merkle.HASH_BYTES or (size == 0 and root != merkle.EMPTY_ROOT):
        raise SealError("checkpoint", f"The root of {lines[0][:80]} is none of {size} entries.")
    return Checkpoint(lines[0], size, root)


def verify(text: str, keys: Iterable[Verifier]) -> Seen:
    """A checkpoint signed by its own log, whose name is its origin. Raises ``SealError``."""
    read = note.read(text)
    checkpoint = parse(read.text)
    signatures = note.verify(read, keys)
    if not any(_is_log(each.verifier, checkpoint.origin) for each in signatures):
        raise SealError(
            "unknown-log",
            f"No key trusted for the log {checkpoint.origin} signed its checkpoint: get its verifier key.",
        )
    return Seen(checkpoint, read, signatures)


def _is_log(key: Verifier, origin: str) -> bool:
    return key.kind == note.LOG and key.name == origin


def continues(old: Checkpoint, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raise ``SealError`` unless ``new`` holds all that ``old`` held, in its place.

    ``split-view``: both cannot be of one log that only grows, and the two signed notes together show it.
    """
    if old.origin != new.origin:
        raise SealError("origin", f"{new.origin} is another log than {old.origin}.")
    if new.size < old.size:
        raise SealError("size", f"The log went back from {old.size} to {new.size} entries.")
    if new.size == old.size and new.root != old.root:
        raise _split(old, new)
    if new.size == old.size or old.size == 0:
        if proof:
            raise SealError("consistency", "Nothing is to be proved here: give no proof.")
        return
    try:
        merkle.verify_consistency(old.size, new.size, proof, old.root, new.root)
    except SealError as error:
        raise _split(old, new) from error


def _split(old: Checkpoint, new: Checkpoint) -> SealError:
    return SealError(
        "split-view",
        f"{new.origin} at {new.size} entries does not continue what it signed at {old.size}: "
        "keep both checkpoints, they are the evidence.",
    )


def why_refuse(last: datetime | None, now: datetime) -> str:
    """Why a node may not accept anything now, from the moment of its last checkpoint; empty when it may.

    What is accepted must be provable: without a checkpoint in four hours, or with a clock that stands before the
    last one, nothing is.
    """
    if last is None:
        return "No checkpoint of the log was ever made: make one first."
    if last - SKEW > now:
        return f"The clock stands at {now:%Y-%m-%d %H:%M} UTC, before the last checkpoint: set it right."
    if now - last > LONGEST_WITHOUT:
        return (
            f"No checkpoint since {last:%Y-%m-%d %H:%M} UTC: nothing accepted now could be proved."
        )
    return ""


class Submission(msgspec.Struct, frozen=True):
    """What a log shows a witness: how many entries that has cosigned, the proof from there, the new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        return f"old {self.old}\n{_lines(self.proof)}\n{self.note}"


def read_submission(text: str) -> Submission:
    """A submission to a witness as it is sent. Raises ``SealError``."""
    head, _, below = text.partition("\n\n")
    first, *hashes = head.split("\n")
    if not first.startswith("old "):
        raise SealError("submission", "A submission begins with the size cosigned before.")
    old = whole(first.removeprefix("old "), "The old size")
    return Submission(old, _hashes(hashes), note.read(below))


def witness(
    submitted: Submission,
    cosigned: Checkpoint | None,
    keys: Iterable[Verifier],
    signer: Signer,
    now: datetime,
) -> tuple[Seen, SignatureLine]:
    """The cosignature of a witness that last cosigned ``cosigned``, None for nothing of that log yet.

    The caller keeps the checkpoint before it hands out the line. Raises ``SealError``: ``unknown-log``, ``forged``,
    ``old-size`` (its message ends in the size to prove from) or ``split-view``.
    """
    seen = verify(str(submitted.note), keys)
    before = cosigned.size if cosigned else 0
    if submitted.old != before:
        raise SealError(
            "old-size",
            f"The proof starts at {submitted.old}, not at the last cosigned size: {before}",
        )
    if cosigned is not None:
        continues(cosigned, seen.checkpoint, submitted.proof)
    elif submitted.proof:
        raise SealError("consistency", "Nothing follows from a tree of no entries: give no proof.")
    return seen, signer.sign(submitted.note.text, now)


class LogProof(msgspec.Struct, frozen=True):
    """That an entry is in a log, for a reader without a network: index, hashes up to the root, checkpoint."""

    index: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        return f"{_HEAD}\nindex {self.index}\n{_lines(self.proof)}\n{self.note}"

    def verify(self, entry: bytes, keys: Iterable[Verifier]) -> Seen:
        """The checkpoint that holds ``entry``. Raises ``SealError``."""
        seen = verify(str(self.note), keys)
        at = seen.checkpoint
        leaf = merkle.leaf_hash(entry)
        merkle.verify_inclusion(leaf, self.index, at.size, self.proof, at.root)
        return seen


def read_proof(text: str) -> LogProof:
    """A proof file. Opaque extra data, which nobody signed, are refused. Raises ``SealError``."""
    head, _, below = text.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != _HEAD or len(lines) < 2 or not lines[1].startswith("index "):
        raise SealError("proof", f"A proof begins with {_HEAD!r} and the index of the entry.")
    index = whole(lines[1].removeprefix("index "), "The index")
    return LogProof(index, _hashes(lines[2:]), note.read(below))


def whole(text: str, what: str) -> int:
    """A whole number as logs write it: digits, no zero before them. Raises ``SealError``."""
    if not _WHOLE.match(text) or int(text) > merkle.MAX_SIZE:
        raise SealError("number", f"{what} is {text[:24]!r}, no plain whole number.")
    return int(text)


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(f"{base64.b64encode(each).decode()}\n" for each in hashes)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    if len(lines) > MAX_PROOF:
        raise SealError("proof", f"A proof has at most {MAX_PROOF} hashes; this one {len(lines)}.")
    found = tuple(note.from_base64(line, "A line of the proof") for line in lines)
    if any(len(each) != merkle.HASH_BYTES for each in found):
        raise SealError("proof", f"A line of the proof is no hash of {merkle.HASH_BYTES} bytes.")
    return found
