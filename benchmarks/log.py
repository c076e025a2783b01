"""How fast does the log grow, in memory and on disk, and what do its proofs cost?

    python benchmarks/log.py [--store URL]         embedded store; or another, as postgresql://…

Entries of 300 bytes, about a receipt. On disk every batch is one transaction (SQLite in WAL mode with synchronous=FULL)
and only whole seconds of the clock count, not of the processor.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.exchange import merkle
from pratique.exchange.merkle import CompactRange, Tree
from pratique.office.log import NodeLog
from pratique.office.log_audit import audit
from pratique.store import open_database

IN_MEMORY, BATCHES = 200_000, {1: 1_000, 10: 5_000, 100: 20_000, 1_000: 50_000}
BAR_APPEND_US, BAR_DURABLE = 20.0, 10_000
NOW = datetime(2026, 7, 1, tzinfo=UTC)
ENTRY = b"x" * 290


def microseconds(times: int, work: Callable[[int], object]) -> float:
    """The median of single runs, in microseconds."""
    took = []
    for number in range(times):
        before = time.perf_counter()
        work(number)
        took.append(time.perf_counter() - before)
    return round(statistics.median(took) * 1e6, 1)


def in_memory() -> tuple[Tree, dict[str, float]]:
    """A tree of all entries, and microseconds of an append: the mean, hashing the entry included."""
    entries = [ENTRY + b"%010d" % number for number in range(IN_MEMORY)]
    tree, slim = Tree(), CompactRange()
    before = time.perf_counter()
    for entry in entries:
        slim.append(merkle.leaf_hash(entry))
    compact = time.perf_counter() - before
    before = time.perf_counter()
    for entry in entries:
        tree.append(entry)
    whole = time.perf_counter() - before
    assert slim.root() == tree.range.root() == merkle.root(IN_MEMORY, tree.hash_of)
    each = {"compact_range_us": compact, "whole_tree_us": whole}
    return tree, {name: round(took / IN_MEMORY * 1e6, 2) for name, took in each.items()}


def proofs(tree: Tree) -> dict[str, float]:
    """Microseconds of proofs over the tree in memory, made and verified."""
    size, root = tree.size, tree.range.root()
    places = [number * 7919 % size for number in range(2000)]
    made = [merkle.prove_inclusion(place, size, tree.hash_of) for place in places]
    olds = [max(place, 1) for place in places]
    roots = [merkle.root(old, tree.hash_of) for old in olds]
    shown = [merkle.prove_consistency(old, size, tree.hash_of) for old in olds]
    leaves = [tree.hash_of(0, place) for place in places]

    def included(n: int) -> None:
        merkle.verify_inclusion(leaves[n], places[n], size, made[n], root)

    def consistent(n: int) -> None:
        merkle.verify_consistency(olds[n], size, shown[n], roots[n], root)

    return {
        "prove_inclusion_us": microseconds(
            2000, lambda n: merkle.prove_inclusion(places[n], size, tree.hash_of)
        ),
        "verify_inclusion_us": microseconds(2000, included),
        "prove_consistency_us": microseconds(
            2000, lambda n: merkle.prove_consistency(olds[n], size, tree.hash_of)
        ),
        "verify_consistency_us": microseconds(2000, consistent),
    }


def durable(url: str) -> dict[str, object]:
    """Entries a second on disk by size of batch, then proofs, checkpoint and audit over the same rows."""
    key = Ed25519PrivateKey.generate()
    log = NodeLog(open_database(url), "node-a.example/log", key)
    per_second = {}
    for batch, total in BATCHES.items():
        work = [
            [ENTRY + b"%010d" % n for n in range(at, at + batch)] for at in range(0, total, batch)
        ]
        before = time.perf_counter()
        for entries in work:
            log.record(entries)
        per_second[f"batches_of_{batch}"] = round(total / (time.perf_counter() - before))
    size = log.size()
    before = time.perf_counter()
    log.checkpoint(NOW)
    checkpoint_ms = round((time.perf_counter() - before) * 1000, 2)
    prove_us = microseconds(300, lambda n: log.prove(n * 7919 % size))
    before = time.perf_counter()
    assert audit(log) is None
    audited = round(size / (time.perf_counter() - before))
    log.database.close()
    return {
        "store": url.split(":")[0],
        "entries": size,
        "per_second": per_second,
        "bar_per_second_in_batches": BAR_DURABLE,
        "checkpoint_ms": checkpoint_ms,
        "proof_from_rows_us": prove_us,
        "audited_per_second": audited,
    }


def measure(store: str | None = None) -> dict[str, object]:
    """All of it."""
    tree, appended = in_memory()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        return {
            "question": "appends to the log in memory and on disk, and proofs",
            "in_memory": {"entries": IN_MEMORY, **appended, "bar_us": BAR_APPEND_US},
            "proofs": proofs(tree),
            "durable": durable(store or f"sqlite:///{folder}/log.db"),
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", help="another store, as postgresql://…")
    print(json.dumps(measure(parser.parse_args().store), indent=1))
