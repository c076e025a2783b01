"""The tree of RFC 6962: against the RFC's own recursion for every small size, and against published vectors."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import merkle
from pratique.exchange.merkle import CompactRange, Tree

LARGEST = 33
ENTRIES = [b"", b"\x00", *(f"entry {number}".encode() for number in range(LARGEST * 3))]


def naive_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, word for word."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\x01" + naive_root(entries[:k]) + naive_root(entries[k:])).digest()


def split(n: int) -> int:
    return max(1 << power for power in range(n) if 1 << power < n)


def naive_path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*naive_path(m, entries[:k]), naive_root(entries[k:])]
    return [*naive_path(m - k, entries[k:]), naive_root(entries[:k])]


def naive_subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    n = len(entries)
    if m == n:
        return [] if whole else [naive_root(entries)]
    k = split(n)
    if m <= k:
        return [*naive_subproof(m, entries[:k], whole), naive_root(entries[k:])]
    return [*naive_subproof(m - k, entries[k:], False), naive_root(entries[:k])]


def tree_of(size: int) -> Tree:
    tree = Tree()
    for entry in ENTRIES[:size]:
        tree.append(entry)
    return tree


WHOLE = tree_of(LARGEST)
ROOTS = [naive_root(ENTRIES[:size]) for size in range(LARGEST + 1)]


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_every_root_and_proof_is_that_of_the_recursion(size: int) -> None:
    entries, tree = ENTRIES[:size], tree_of(size)
    assert tree.range.root() == merkle.root(size, WHOLE.hash_of) == ROOTS[size]
    for index in range(size):
        proof = merkle.prove_inclusion(index, size, WHOLE.hash_of)
        assert list(proof) == naive_path(index, entries)
        leaf = merkle.leaf_hash(ENTRIES[index])
        merkle.verify_inclusion(leaf, index, size, proof, ROOTS[size])
    for old in range(1, size + 1):
        proof = merkle.prove_consistency(old, size, WHOLE.hash_of)
        assert list(proof) == naive_subproof(old, entries, True)
        merkle.verify_consistency(old, size, proof, ROOTS[old], ROOTS[size])


@pytest.mark.parametrize("size", range(1, 18))
def test_a_proof_serves_no_other_place_size_or_root(size: int) -> None:
    for index in range(size):
        proof = merkle.prove_inclusion(index, size, WHOLE.hash_of)
        leaf = merkle.leaf_hash(ENTRIES[index])
        for other_index in range(18):
            for other_size in range(18):
                if (other_index, other_size) != (index, size):
                    with pytest.raises(SealError):
                        merkle.verify_inclusion(
                            leaf, other_index, other_size, proof, ROOTS[other_size]
                        )


def test_nothing_follows_from_an_empty_tree() -> None:
    with pytest.raises(SealError, match="No proof leads from a tree of 0"):
        merkle.verify_consistency(0, 5, (), ROOTS[0], ROOTS[5])
    with pytest.raises(SealError):
        merkle.prove_consistency(0, 5, WHOLE.hash_of)


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(SealError, match="subtrees"):
        CompactRange(5, [ROOTS[1]])


@given(st.integers(1, LARGEST), st.data())
@settings(max_examples=200, deadline=None)
def test_one_changed_bit_breaks_any_proof(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion = [
        merkle.leaf_hash(ENTRIES[index]),
        *merkle.prove_inclusion(index, size, WHOLE.hash_of),
        ROOTS[size],
    ]
    consistency = [ROOTS[old], *merkle.prove_consistency(old, size, WHOLE.hash_of), ROOTS[size]]  # fmt: skip
    for hashes in (inclusion, consistency):
        at, bit = data.draw(st.integers(0, len(hashes) - 1)), data.draw(st.integers(0, 255))
        number = int.from_bytes(hashes[at], "big") ^ (1 << bit)
        hashes[at] = number.to_bytes(32, "big")
    with pytest.raises(SealError):
        merkle.verify_inclusion(inclusion[0], index, size, inclusion[1:-1], inclusion[-1])
    with pytest.raises(SealError):
        merkle.verify_consistency(old, size, consistency[1:-1], consistency[0], consistency[-1])


def hashes(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


def published(samples: Path, kind: str) -> list[tuple[str, dict]]:
    folder = samples / "merkle-vectors/testdata" / kind
    return [(str(path), json.loads(path.read_text())) for path in sorted(folder.rglob("*.json"))]


def test_published_vectors_come_out_as_they_say(samples: Path) -> None:
    """transparency-dev/merkle, testdata: 196 cases."""
    count = 0
    for path, case in published(samples, "inclusion"):
        leaf, root = hashes([case["leafHash"], case["root"]])
        place = (case["leafIdx"], case["treeSize"])
        count += told(
            path, case, merkle.verify_inclusion, leaf, *place, hashes(case["proof"]), root
        )
    for path, case in published(samples, "consistency"):
        sizes, roots = (case["size1"], case["size2"]), hashes([case["root1"], case["root2"]])
        count += told(path, case, merkle.verify_consistency, *sizes, hashes(case["proof"]), *roots)
    assert count == 196


def told(path: str, case: dict, verify, *given) -> int:
    try:
        verify(*given)
    except SealError:
        assert case["wantErr"], path
    else:
        assert not case["wantErr"], path
    return 1
