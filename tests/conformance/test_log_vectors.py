"""The vectors of docs/protocol/log.json: what is written there is what this code makes, and every part of it verifies.

PYTHONPATH=src python -m tests.conformance.test_log_vectors     writes them anew
"""

import base64
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.errors import SealError
from pratique.exchange import checkpoint, merkle, note, seal, tiles
from pratique.exchange.canonical import canonical
from pratique.exchange.checkpoint import Checkpoint, LogProof, Submission
from pratique.exchange.note import COSIGNER, LOG, Signer
from pratique.office import receipts
from pratique.office.evidence import Receipt, digest, entry, read_trust, verify_bundle
from pratique.office.log import NodeLog
from pratique.store import open_database

FILE = Path(__file__).parent.parent.parent / "docs/protocol/log.json"
MOMENT = datetime(2026, 7, 1, 12, tzinfo=UTC)
ENTRIES = [b"", b"\x00", b"entry 2", b"entry 3", b"entry 4", b"entry 5", b"entry 6"]
SECRETS = {"post-a": bytes([1]) * 32, "customs-b": bytes([2]) * 32, "carrier-c": bytes([3]) * 32}
KEYS = {name: Ed25519PrivateKey.from_private_bytes(secret) for name, secret in SECRETS.items()}
B_LOG = Signer("customs-b.example/log", LOG, KEYS["customs-b"])
C_WITNESS = Signer("carrier-c.example/witness", COSIGNER, KEYS["carrier-c"])


def shown(data: bytes) -> str:
    return base64.b64encode(data).decode()


def tree_vectors() -> dict[str, Any]:
    tree = merkle.Tree()
    for each in ENTRIES:
        tree.append(each)
    sizes = range(len(ENTRIES) + 1)
    return {
        "entries": [shown(each) for each in ENTRIES],
        "leaf_hashes": [shown(merkle.leaf_hash(each)) for each in ENTRIES],
        "roots": [shown(merkle.root(size, tree.hash_of)) for size in sizes],
        "inclusion": [
            {"index": at, "size": size, "proof": [*map(shown, merkle.prove_inclusion(at, size, tree.hash_of))]}
            for at, size in ((0, 1), (0, 7), (3, 7), (6, 7), (2, 5))
        ],
        "consistency": [
            {"old": old, "new": new, "proof": [*map(shown, merkle.prove_consistency(old, new, tree.hash_of))]}
            for old, new in ((1, 7), (3, 7), (4, 7), (6, 7), (7, 7))
        ],
        "bundle_of_entries": shown(tiles.pack(ENTRIES)),
        "tile_0": {"path": tiles.Tile(0, 0, 7).path, "hashes": shown(b"".join(tree.levels[0]))},
    }  # fmt: skip


def note_vectors() -> dict[str, Any]:
    tree = merkle.Tree()
    for each in ENTRIES:
        tree.append(each)
    signed = checkpoint.sign(
        Checkpoint(B_LOG.name, 7, tree.range.root()), [B_LOG, C_WITNESS], MOMENT
    )
    proof = LogProof(3, merkle.prove_inclusion(3, 7, tree.hash_of), signed)
    submission = Submission(4, merkle.prove_consistency(4, 7, tree.hash_of), signed)
    return {
        "moment": MOMENT.isoformat(),
        "log": B_LOG.verifier.vkey,
        "witness": C_WITNESS.verifier.vkey,
        "checkpoint": str(signed),
        "proof_of_entry_3": str(proof),
        "submission_from_4": str(submission),
    }


def evidence_vectors() -> dict[str, Any]:
    content = {"id": "M1", "what": "3 cotton shirts", "value": "45.00"}
    message = canonical(seal.seal(content, "example-declaration/1", KEYS["post-a"]))
    given = Receipt(
        stage="received", message=digest(message), message_id="M1", agreement="AG-1/2",
        purpose="customs-clearance", policy="views/2026-07-01", at=MOMENT,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        log = NodeLog(open_database(f"sqlite:///{folder}/b.db"), B_LOG.name, KEYS["customs-b"])
        log.record(ENTRIES)
        with log.database.writing():
            placed = receipts.logged(given, log)
        log.checkpoint(MOMENT)
        asked = log.submission(0).note
        log.keep_cosignatures(asked, str(C_WITNESS.sign(asked.text, MOMENT)), [C_WITNESS.verifier])
        sealed = receipts.signed(placed, KEYS["customs-b"])
        made = receipts.bundle(message, [receipts.proven(sealed, log)])
        keys = [each.vkey for each in log.keys]
        log.database.close()
    return {
        "trust": {
            "post-a": {"seal.pem": public("post-a")},
            "customs-b": {"seal.pem": public("customs-b"), "log.vkey": "\n".join(keys)},
            "carrier-c": {"log.vkey": C_WITNESS.verifier.vkey},
        },
        "receipt_entry": entry(sealed["content"]).decode(),
        "bundle": made.decode(),
    }


def public(name: str) -> str:
    return seal.public_pem(KEYS[name].public_key()).decode()


def vectors() -> dict[str, Any]:
    secrets = {name: secret.hex() for name, secret in SECRETS.items()}
    return {
        "about": "Vectors of docs/protocol/log.md. The secrets are for tests alone. Hashes and bytes in base64.",
        "ed25519_secrets": secrets,
        "tree": tree_vectors(),
        "notes": note_vectors(),
        "evidence": evidence_vectors(),
    }


def test_the_vectors_are_what_this_code_makes() -> None:
    assert json.loads(FILE.read_text("utf-8")) == vectors()


def test_the_vectors_verify_as_they_stand() -> None:
    told = json.loads(FILE.read_text("utf-8"))
    tree, notes, evidence = told["tree"], told["notes"], told["evidence"]
    plain = base64.b64decode
    roots = [*map(plain, tree["roots"])]
    for case in tree["inclusion"]:
        leaf = merkle.leaf_hash(plain(tree["entries"][case["index"]]))
        proof = [*map(plain, case["proof"])]
        merkle.verify_inclusion(leaf, case["index"], case["size"], proof, roots[case["size"]])
    for case in tree["consistency"]:
        proof = [*map(plain, case["proof"])]
        merkle.verify_consistency(
            case["old"], case["new"], proof, roots[case["old"]], roots[case["new"]]
        )
    keys = [note.read_vkey(notes[name]) for name in ("log", "witness")]
    seen = checkpoint.read_proof(notes["proof_of_entry_3"]).verify(b"entry 3", keys)
    assert seen.checkpoint == checkpoint.verify(notes["checkpoint"], keys).checkpoint
    assert checkpoint.read_submission(notes["submission_from_4"]).old == 4
    trust = read_trust(
        (party, name, text.encode())
        for party, files in evidence["trust"].items()
        for name, text in files.items()
    )
    found = verify_bundle(evidence["bundle"].encode(), trust, now=MOMENT)
    assert (found.sender, found.receipts[0].by, found.receipts[0].witnesses[0].party) == (
        "post-a", "customs-b", "carrier-c",
    )  # fmt: skip
    with pytest.raises(SealError):
        verify_bundle(evidence["bundle"].replace("cotton", "silken").encode(), trust, now=MOMENT)


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n", "utf-8")
