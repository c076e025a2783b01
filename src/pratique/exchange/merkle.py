"""Which tree of hashes stands for these entries, and how is a part of it proved?

Pure arithmetic of the Merkle tree of RFC 6962, 2.1 (the same in RFC 9162, 2.1), with SHA-256. A *complete subtree* is
named by level and number: it spans the entries from ``number << level`` up to ``(number + 1) << level``. Whoever holds
the hashes of complete subtrees (``Tree`` in memory, a log in a database) hands in a function that gives them, and gets
roots and proofs back; whoever holds a proof needs nothing else.

Sizes, indices and hashes in proofs may come from anyone: what does not fit raises ``SealError``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from pratique.errors import SealError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of no entries."""
MAX_SIZE: Final = 2**63 - 1
"""More entries than any log can hold."""

HashOf = Callable[[int, int], bytes]
"""The hash of a complete subtree, by its level and number."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The fewest hashes from which a tree can grow: one for each complete subtree, the largest first.

    ``hashes`` are those of a tree of ``size`` entries, one for each one in the binary form of ``size``.
    """

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise SealError("tree", f"A tree of {size} entries has {size.bit_count()} subtrees.")

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; gives every subtree it completes: level, number, hash, the leaf itself first."""
        level, number, hashed = 0, self.size, leaf
        completed = [(level, number, hashed)]
        while number & 1:
            hashed = node_hash(self.hashes.pop(), hashed)
            level, number = level + 1, number >> 1
            completed.append((level, number, hashed))
        self.hashes.append(hashed)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root over all entries so far."""
        return _folded(self.hashes) if self.size else EMPTY_ROOT


class Tree:
    """A tree in memory, with every complete subtree at hand."""

    def __init__(self) -> None:
        self.range = CompactRange()
        self.levels: list[list[bytes]] = []

    @property
    def size(self) -> int:
        """How many entries it holds."""
        return self.range.size

    def append(self, entry: bytes) -> int:
        """Add an entry; gives its index."""
        for level, _, hashed in self.range.append(leaf_hash(entry)):
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(hashed)
        return self.range.size - 1

    def hash_of(self, level: int, number: int) -> bytes:
        """The hash of a complete subtree."""
        return self.levels[level][number]


def root(size: int, hash_of: HashOf) -> bytes:
    """The root of the first ``size`` entries."""
    return _range_hash(0, size, hash_of) if size else EMPTY_ROOT


def prove_inclusion(index: int, size: int, hash_of: HashOf) -> tuple[bytes, ...]:
    """Hashes that lead from the entry at ``index`` to the root of ``size`` entries, the nearest first."""
    return tuple(_range_hash(each.begin, each.end, hash_of) for each in _to_leaf(index, size))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise ``SealError`` unless ``proof`` leads from that leaf hash at ``index`` to that root of ``size``."""
    siblings = _to_leaf(index, size)
    _check("inclusion", proof, len(siblings))
    _check_hashes("inclusion", (leaf,))
    reached = leaf
    for sibling, hashed in zip(siblings, proof, strict=True):
        reached = sibling.joined(reached, hashed)
    if reached != root:
        raise SealError("inclusion", f"Entry {index} is not in that tree of {size} entries.")


def prove_consistency(old: int, new: int, hash_of: HashOf) -> tuple[bytes, ...]:
    """Hashes that show the tree of ``new`` entries to begin with the tree of ``old``, the nearest first."""
    begin, end, siblings = _to_seam(old, new)
    seam = [] if begin == 0 else [_range_hash(begin, end, hash_of)]
    return (*seam, *(_range_hash(each.begin, each.end, hash_of) for each in siblings))


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Raise ``SealError`` unless ``proof`` shows that the new tree begins with the old one.

    Nothing follows from a tree of no entries: ``old`` of 0 is refused, as other implementations do.
    """
    begin, _, siblings = _to_seam(old, new)
    _check("consistency", proof, len(siblings) + (begin > 0))
    seam, rest = (proof[0], proof[1:]) if begin else (old_root, proof)
    reached_old = reached_new = seam
    for sibling, hashed in zip(siblings, rest, strict=True):
        reached_new = sibling.joined(reached_new, hashed)
        if sibling.is_left:
            reached_old = sibling.joined(reached_old, hashed)
    if reached_old != old_root or reached_new != new_root:
        raise SealError(
            "consistency",
            f"The tree of {new} entries does not begin with that tree of {old}: something before was changed.",
        )


class _Sibling(NamedTuple):
    """The range of entries beside the one under way, and on which side it lies."""

    begin: int
    end: int
    is_left: bool

    def joined(self, reached: bytes, hashed: bytes) -> bytes:
        return node_hash(hashed, reached) if self.is_left else node_hash(reached, hashed)


def _to_leaf(index: int, size: int) -> list[_Sibling]:
    """What stands beside the way from an entry up to the root, the nearest first (RFC 6962, 2.1.1)."""
    if not 0 <= index < size <= MAX_SIZE:
        raise SealError("inclusion", f"There is no entry {index} among {size}.")
    begin, end, siblings = 0, size, []
    while end - begin > 1:
        begin, end, sibling = _step(begin, end, index)
        siblings.append(sibling)
    return siblings[::-1]


def _to_seam(old: int, new: int) -> tuple[int, int, list[_Sibling]]:
    """The last range that both trees share, and what stands beside it up to the new root (RFC 6962, 2.1.2)."""
    if not 0 < old <= new <= MAX_SIZE:
        raise SealError("consistency", f"No proof leads from a tree of {old} entries to {new}.")
    begin, end, siblings = 0, new, []
    while end != old:
        begin, end, sibling = _step(begin, end, old - 1)
        siblings.append(sibling)
    return begin, end, siblings[::-1]


def _step(begin: int, end: int, index: int) -> tuple[int, int, _Sibling]:
    """One step down towards an entry: the half it lies in, and the other; the left half is a power of two."""
    middle = begin + (1 << ((end - begin - 1).bit_length() - 1))
    if index < middle:
        return begin, middle, _Sibling(middle, end, is_left=False)
    return middle, end, _Sibling(begin, middle, is_left=True)


def _range_hash(begin: int, end: int, hash_of: HashOf) -> bytes:
    """The hash over a range of entries that begins where one of its size may: folded from complete subtrees."""
    hashes = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        hashes.append(hash_of(level, begin >> level))
        begin += 1 << level
    return _folded(hashes)


def _folded(hashes: Sequence[bytes]) -> bytes:
    """One hash over complete subtrees, the largest first."""
    reached = hashes[-1]
    for hashed in reversed(hashes[:-1]):
        reached = node_hash(hashed, reached)
    return reached


def _check(kind: str, proof: Sequence[bytes], needed: int) -> None:
    """Raise ``SealError`` for a proof of another length, or with anything in it that is no hash."""
    if len(proof) != needed:
        raise SealError(kind, f"The proof has {len(proof)} hashes; {needed} lead there.")
    _check_hashes(kind, proof)


def _check_hashes(kind: str, hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise SealError(kind, f"The proof holds something that is no hash of {HASH_BYTES} bytes.")
