"""What does this node stand by? Its log: entries that nobody can take back, signed checkpoints, and proofs.

Strings the arithmetic of ``exchange`` to the rows of ``store``. Entries are appended inside the transaction of whatever
they tell of (``with log.database.writing(): … log.append(…)``), so that neither is kept without the other. The log
signs its checkpoints twice with one key: as a log, for other programs, and as a cosigner of itself, for the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import NotFoundError, SealError, StoreError
from pratique.exchange import checkpoint, merkle, note, tiles
from pratique.exchange.checkpoint import Checkpoint, LogProof, Seen, Submission
from pratique.exchange.merkle import CompactRange
from pratique.exchange.note import COSIGNER, LOG, Note, Signer, Verifier
from pratique.store.database import Database
from pratique.store.log import Checkpointed, EntryRow, HashRow, LogRows, Witnessed

EVERY_SECONDS: Final = 60
"""Seconds after which new entries get a checkpoint."""
EVERY_ENTRIES: Final = 10_000
"""New entries after which they get a checkpoint at once."""
AT_REST_SECONDS: Final = 3600
"""Seconds after which a log without new entries says again that it has none."""


class NodeLog:
    """The log of one node in its database, under the name ``origin``. Not for several threads at once.

    ``earlier`` are the public sides of keys it signed with before, so that a new key takes over an old log.
    """

    def __init__(
        self,
        database: Database,
        origin: str,
        key: Ed25519PrivateKey,
        earlier: Iterable[Ed25519PublicKey] = (),
    ) -> None:
        self.database = database
        self.origin = origin
        self.signers = (Signer(origin, LOG, key), Signer(origin, COSIGNER, key))
        self.rows = LogRows(database)
        self.keys = (
            *(each.verifier for each in self.signers),
            *(Verifier(origin, kind, old) for old in earlier for kind in (LOG, COSIGNER)),
        )
        """What others need to verify its checkpoints: the keys as a log and as a cosigner, now and before."""

    def size(self) -> int:
        """How many entries it holds."""
        return self.rows.size()

    def append(self, entries: Sequence[bytes]) -> range:
        """Add entries inside the transaction under way; gives the indices they got.

        Raises ``SealError`` for one that is too long, and then adds none.
        """
        size = self.rows.size()
        tree = self._range(size)
        leaves: list[EntryRow] = []
        roots: list[HashRow] = []
        for entry in entries:
            leaf = merkle.leaf_hash(tiles.checked(entry))
            leaves.append(EntryRow(tree.size, entry, leaf))
            roots.extend(tile_roots(tree.append(leaf)))
        self.rows.add(leaves, roots)
        return range(size, tree.size)

    def record(self, entries: Sequence[bytes]) -> range:
        """Add entries in a transaction of their own. Raises ``StoreError`` when they cannot be kept."""
        try:
            with self.database.writing():
                return self.append(entries)
        except self.database.errors as error:
            raise StoreError(f"The log could not keep {len(entries)} entries: {error}") from error

    def reader(self, size: int) -> merkle.HashOf:
        """The hashes of complete subtrees among the first ``size`` entries, each tile read once."""
        read: dict[tuple[int, int], list[bytes]] = {}

        def hash_of(level: int, number: int) -> bytes:
            stored, above = divmod(level, tiles.HEIGHT)
            begin, width = number << above, 1 << above
            tile = begin >> tiles.HEIGHT
            if (stored, tile) not in read:
                end = min((tile + 1) << tiles.HEIGHT, size >> (stored * tiles.HEIGHT))
                read[stored, tile] = self.rows.hashes(stored, tile << tiles.HEIGHT, end)
            at = begin % tiles.WIDTH
            return tiles.root_of(read[stored, tile][at : at + width])

        return hash_of

    def root(self, size: int) -> bytes:
        """The root of the first ``size`` entries."""
        return merkle.root(size, self.reader(size))

    def tile(self, wanted: tiles.Tile) -> bytes:
        """A file of the log. Raises ``NotFoundError`` for one it does not have yet."""
        begin = wanted.number * tiles.WIDTH
        end = begin + wanted.width
        level = max(wanted.level, 0)
        if end > self.size() >> (level * tiles.HEIGHT):
            raise NotFoundError(f"The log has no {wanted.path} yet.")
        if wanted.level == tiles.ENTRIES:
            return tiles.pack(row.entry for row in self.rows.entries(begin, end))
        return b"".join(self.rows.hashes(level, begin, end))

    # Checkpoints and witnesses

    def last(self) -> Seen | None:
        """The last checkpoint, its signatures by this node verified."""
        row = self.rows.last_checkpoint()
        return None if row is None else checkpoint.verify(row.note, self.keys)

    def last_cosigned(self) -> Note:
        """The last checkpoint with what witnesses signed below it. Raises ``NotFoundError`` when there is none."""
        row = self.rows.last_checkpoint()
        if row is None:
            raise NotFoundError("The log has no checkpoint yet: make one first.")
        return _with(note.read(row.note), self.rows.cosignatures(row.number))

    def last_at(self) -> datetime | None:
        """The moment of the last checkpoint."""
        seen = self.last()
        return None if seen is None else _moment(seen)

    def why_refuse(self, now: datetime) -> str:
        """Why this node may not accept anything now; empty when it may. See ``checkpoint.why_refuse``."""
        return checkpoint.why_refuse(self.last_at(), now)

    def is_due(self, now: datetime) -> bool:
        """Whether a checkpoint is to be made: new entries for a minute, very many, or an hour at rest."""
        seen, size = self.last(), self.size()
        if seen is None:
            return True
        new = size - seen.checkpoint.size
        waited = (now - _moment(seen)).total_seconds()
        return (
            new >= EVERY_ENTRIES
            or (new > 0 and waited >= EVERY_SECONDS)
            or waited >= AT_REST_SECONDS
        )

    def checkpoint(self, now: datetime) -> Note:
        """Sign and keep a checkpoint over all entries.

        Raises ``StoreError`` when the rows no longer fit the last one, or the clock stands before it: a log that
        signed two stories has lost its word.
        """
        with self.database.writing():
            size, seen = self.size(), self.last()
            if seen is not None:
                self._refuse_rewritten(seen.checkpoint, size)
                if _moment(seen) - checkpoint.SKEW > now:
                    raise StoreError(checkpoint.why_refuse(_moment(seen), now))
            signed = checkpoint.sign(
                Checkpoint(self.origin, size, self.root(size)), self.signers, now
            )
            self.rows.keep_checkpoint(str(signed))
        return signed

    def holds(self, kept: Checkpoint) -> bool:
        """Whether the rows still give a checkpoint that someone kept."""
        return kept.size <= self.size() and self.root(kept.size) == kept.root

    def _refuse_rewritten(self, kept: Checkpoint, size: int) -> None:
        if not self.holds(kept):
            raise StoreError(
                f"The log no longer fits its own checkpoint at {kept.size} entries (it has {size}): "
                "nothing is signed; audit it and compare with a backup."
            )

    def submission(self, cosigned_size: int) -> Submission:
        """What a witness that cosigned ``cosigned_size`` entries is shown: the last checkpoint, and the proof."""
        row = self.rows.last_checkpoint()
        if row is None:
            raise NotFoundError("The log has no checkpoint yet: make one first.")
        read = note.read(row.note)
        size = checkpoint.parse(read.text).size
        proof = self.consistency(cosigned_size, size) if cosigned_size else ()
        return Submission(cosigned_size, proof, read)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The proof that the tree of ``new`` entries begins with that of ``old``."""
        return merkle.prove_consistency(old, new, self.reader(new))

    def keep_cosignatures(self, submitted: Note, lines: str, keys: Iterable[Verifier]) -> int:
        """Keep what witnesses known by ``keys`` answered to a checkpoint of this log; gives how many signed.

        Each key is kept once for a checkpoint. Raises ``SealError`` when a signature does not hold or none is theirs,
        ``NotFoundError`` for a checkpoint this log did not make.
        """
        answered = note.read(f"{submitted.text}\n{lines}")
        known = {
            (each.verifier.name, each.verifier.id)
            for each in note.verify(answered, keys)
            if each.at is not None
        }
        with self.database.writing():
            row = self._kept(submitted)
            there = _with(Note(submitted.text, ()), self.rows.cosignatures(row.number))
            new = {(line.name, line.id): line for line in reversed(answered.lines)}
            for line in there.lines:
                new.pop((line.name, line.id), None)
            self.rows.keep_cosignatures(row.number, [str(new[key]) for key in known & new.keys()])
        return len(known)

    def _kept(self, submitted: Note) -> Checkpointed:
        """The row of a checkpoint that was shown to witnesses."""
        for row in self.rows.newest_checkpoints():
            if note.read(row.note).text == submitted.text:
                return row
        raise NotFoundError("This log made no such checkpoint: was it written by another node?")

    def witness(
        self, submitted: Submission, keys: Iterable[Verifier], signer: Signer, now: datetime
    ) -> str:
        """Cosign another log's checkpoint when it continues the one cosigned before; gives the line.

        The checkpoint is on disk before the line is handed out. Raises ``SealError`` as ``checkpoint.witness``.
        """
        origin = checkpoint.parse(submitted.note.text).origin
        with self.database.writing():
            kept = self.rows.witnessed(origin)
            before = checkpoint.parse(note.read(kept.note).text) if kept else None
            seen, line = checkpoint.witness(submitted, before, keys, signer, now)
            whole = Note(seen.note.text, (*_known(seen), line))
            self.rows.keep_witnessed(Witnessed(origin, seen.checkpoint.size, str(whole)))
        return str(line)

    def witnessed_size(self, origin: str) -> int:
        """How many entries of another log this node last cosigned."""
        kept = self.rows.witnessed(origin)
        return kept.size if kept else 0

    # Proofs

    def prove(self, index: int, cosigned: int = 0) -> LogProof:
        """That an entry is in the log: by the newest checkpoint with it and ``cosigned`` cosignatures of witnesses.

        Raises ``NotFoundError`` when there is none yet.
        """
        for row in self.rows.newest_checkpoints():
            read = note.read(row.note)
            size = checkpoint.parse(read.text).size
            if size <= index:
                break
            lines = self.rows.cosignatures(row.number)
            if len(lines) >= cosigned:
                proof = merkle.prove_inclusion(index, size, self.reader(size))
                return LogProof(index, proof, _with(read, lines))
        raise NotFoundError(
            f"No checkpoint with {cosigned} cosignatures holds entry {index} yet: ask again after the next one."
        )

    def _range(self, size: int) -> CompactRange:
        """The tree of ``size`` entries as it can grow, one reading of rows per level of tiles."""
        hashes: list[bytes] = []
        for level in reversed(range(_levels(size))):
            count = size >> (level * tiles.HEIGHT)
            partial = count & (tiles.WIDTH - 1)
            row = self.rows.hashes(level, count - partial, count)
            hashes.extend(_complete(row))
        return CompactRange(size, hashes)


class Gathered:
    """Entries that gather during a transaction and are appended at its end, each with the index it will have."""

    def __init__(self, log: NodeLog) -> None:
        self.log, self.first = log, log.size()
        self.entries: list[bytes] = []

    @property
    def index(self) -> int:
        """The index the next entry gets."""
        return self.first + len(self.entries)

    def append(self) -> None:
        """Add them to the log, inside the transaction under way. Raises ``SealError``."""
        if self.entries:
            self.log.append(self.entries)


def _levels(size: int) -> int:
    return -(-size.bit_length() // tiles.HEIGHT)


def _complete(row: list[bytes]) -> Iterator[bytes]:
    """The roots of the complete subtrees in a partial tile, the largest first."""
    at = 0
    while at < len(row):
        width = 1 << ((len(row) - at).bit_length() - 1)
        yield tiles.root_of(row[at : at + width])
        at += width


def tile_roots(completed: Iterable[tuple[int, int, bytes]]) -> Iterator[HashRow]:
    """Those of the subtrees just completed that are the roots of full tiles."""
    for level, number, hashed in completed:
        if level and level % tiles.HEIGHT == 0:
            yield HashRow(level // tiles.HEIGHT, number, hashed)


def _moment(seen: Seen) -> datetime:
    """The moment for which the log vouches itself."""
    for each in seen.cosignatures():
        if each.at is not None and each.verifier.name == seen.checkpoint.origin:
            return each.at
    raise SealError("checkpoint", f"The log {seen.checkpoint.origin} vouches for no moment.")


def _known(seen: Seen) -> Iterator[note.SignatureLine]:
    """The lines of the signatures that were verified."""
    known = {(each.verifier.name, each.verifier.id) for each in seen.signatures}
    for line in seen.note.lines:
        if (line.name, line.id) in known:
            known.remove((line.name, line.id))
            yield line


def _with(read: Note, lines: Iterable[str]) -> Note:
    return read.signed_by(*(note.read_line(line.rstrip("\n")) for line in lines))
