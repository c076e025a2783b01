"""Signed notes and checkpoints: the published example, our own reading of the bytes, and every way of cheating."""

import base64
import contextlib
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import checkpoint, merkle, note
from pratique.exchange.checkpoint import Checkpoint, LogProof, Submission
from pratique.exchange.note import COSIGNER, LOG, Note, SignatureLine, Signer

# The example of the package golang.org/x/mod/sumdb/note, BSD licence.
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LOG_KEY, ONE, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
ORIGIN = "node-a.example/log"
SIGNER = Signer(ORIGIN, LOG, LOG_KEY)
WITNESS = Signer("node-b.example/witness", COSIGNER, ONE)
KEYS = (SIGNER.verifier, WITNESS.verifier)


def grown(size: int, mark: bytes = b"") -> merkle.Tree:
    tree = merkle.Tree()
    for number in range(size):
        tree.append(b"entry %d" % number + (mark if number >= 3 else b""))
    return tree


def at(tree: merkle.Tree, size: int | None = None) -> Checkpoint:
    size = tree.size if size is None else size
    return Checkpoint(ORIGIN, size, merkle.root(size, tree.hash_of))


def signed(tree: merkle.Tree, *signers: Signer) -> Note:
    return checkpoint.sign(at(tree), signers or (SIGNER,), NOW)


def test_the_published_example_holds() -> None:
    key = note.read_vkey(KEY)
    assert key.vkey == KEY
    read = note.read(NOTE)
    assert str(read) == NOTE
    (found,) = note.verify(read, [key])
    assert (found.verifier.name, found.at) == ("PeterNeumann", None)
    with pytest.raises(SealError, match="does not fit"):
        note.verify(note.read(NOTE.replace("don't", "do")), [key])


def test_a_cosignature_is_over_the_bytes_the_specification_names() -> None:
    tree = grown(5)
    text = f"{ORIGIN}\n5\n{base64.b64encode(merkle.root(5, tree.hash_of)).decode()}\n"
    read = note.read(str(signed(tree, SIGNER, WITNESS)))
    assert read.text == text
    by_log, by_witness = read.lines
    assert by_log.signature == LOG_KEY.sign(text.encode())
    seconds = int(NOW.timestamp())
    assert by_witness.signature[:8] == seconds.to_bytes(8, "big")
    message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    assert by_witness.signature[8:] == ONE.sign(message)
    raw = ONE.public_key().public_bytes_raw()
    assert by_witness.id == hashlib.sha256(b"node-b.example/witness\n\x04" + raw).digest()[:4]
    seen = checkpoint.verify(str(read), KEYS)
    assert [each.at for each in seen.cosignatures()] == [NOW]


def test_signatures_of_strangers_are_passed_over_and_none_at_all_is_refused() -> None:
    stranger = Signer("stranger.example", COSIGNER, OTHER)
    read = signed(grown(2), stranger, SIGNER)
    assert len(checkpoint.verify(str(read), KEYS).signatures) == 1
    with pytest.raises(SealError, match="Nobody trusted"):
        checkpoint.verify(str(signed(grown(2), stranger)), KEYS)
    with pytest.raises(SealError, match="No key trusted for the log"):
        checkpoint.verify(str(signed(grown(2), WITNESS)), KEYS)


def test_another_log_or_a_cosigner_cannot_sign_for_a_log() -> None:
    foreign = Signer("node-c.example/log", LOG, OTHER)
    posing = Signer(ORIGIN, COSIGNER, OTHER)
    for signer in (foreign, posing):
        with pytest.raises(SealError, match="No key trusted for the log"):
            checkpoint.verify(str(signed(grown(2), signer)), (*KEYS, signer.verifier))


def test_one_key_that_signs_twice_counts_once() -> None:
    tree = grown(2)
    doubled = signed(tree).signed_by(
        WITNESS.sign(str(at(tree)), NOW), WITNESS.sign(str(at(tree)), NOW + timedelta(seconds=1))
    )
    assert len(doubled.lines) == 3
    assert len(checkpoint.verify(str(doubled), KEYS).cosignatures()) == 1


GOOD = str(signed(grown(5), SIGNER, WITNESS))
FIRST = GOOD.splitlines()[4]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        GOOD[:-1],
        GOOD.replace("\n\n", "\n"),
        GOOD.replace("\n\n", "\n\n\n"),
        GOOD.replace("\n5\n", "\n05\n"),
        GOOD.replace("\n5\n", "\n+5\n"),
        GOOD.replace("\n5\n", "\n٥\n"),
        GOOD.replace("\n5\n", "\n-5\n"),
        GOOD.replace("\n5\n", f"\n{2**63}\n"),
        GOOD.replace("\n5\n", "\n0\n"),
        GOOD.replace("\n\n", "\nextension\n\n"),
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—"),
        GOOD.replace("\n", "\r\n"),
        GOOD + "\x00\n",
        GOOD + "\ud800\n",
        GOOD + FIRST[:-1] + "\n",
        GOOD + "— a+b " + FIRST.split()[-1] + "\n",
        GOOD + "— a\u00a0b " + FIRST.split()[-1] + "\n",
        GOOD + "—  " + FIRST.split()[-1] + "\n",
        GOOD + "— short AAAA\n",
        GOOD + f"{FIRST}\n" * 64,
        "x" * 70_000 + GOOD,
    ],
)
def test_what_is_no_checkpoint_is_refused_by_one_error(text: str) -> None:
    with pytest.raises(SealError):
        checkpoint.verify(text, KEYS)


@given(st.integers(0, len(GOOD.encode()) - 1), st.integers(0, 7))
@settings(max_examples=400, deadline=None)
def test_one_changed_bit_is_refused_or_loses_a_witness(at_byte: int, bit: int) -> None:
    data = bytearray(GOOD.encode())
    data[at_byte] ^= 1 << bit
    try:
        seen = checkpoint.verify(data.decode(), KEYS)
    except (SealError, UnicodeDecodeError):
        return
    assert seen.checkpoint == at(grown(5))
    assert len(seen.signatures) == 1


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "a",
        "a+b+c",
        KEY.replace("PeterNeumann", "PeterNewman"),
        KEY.replace("c74f20a3", "C74F20A3"),
        KEY.replace("+ARpc", "+BRpc"),
        KEY[:-4],
        KEY + "\n",
        " " + KEY,
    ],
)
def test_a_verifier_key_that_is_none_is_refused(vkey: str) -> None:
    with pytest.raises(SealError):
        note.read_vkey(vkey)


def test_a_witness_cosigns_what_continues_and_nothing_else() -> None:
    tree = grown(9)
    seen, line = checkpoint.witness(Submission(0, (), signed(grown(4))), None, KEYS, WITNESS, NOW)
    whole = seen.note.signed_by(line)
    assert len(checkpoint.verify(str(whole), KEYS).cosignatures()) == 1
    kept = seen.checkpoint
    proof = merkle.prove_consistency(4, 9, tree.hash_of)
    submitted = checkpoint.read_submission(str(Submission(4, proof, signed(tree))))
    again, _ = checkpoint.witness(submitted, kept, KEYS, WITNESS, NOW)
    assert again.checkpoint.size == 9
    with pytest.raises(SealError, match="last cosigned size: 4"):
        checkpoint.witness(Submission(3, proof, signed(tree)), kept, KEYS, WITNESS, NOW)
    with pytest.raises(SealError, match="went back"):
        checkpoint.witness(Submission(4, (), signed(grown(3))), kept, KEYS, WITNESS, NOW)
    with pytest.raises(SealError, match="give no proof"):
        checkpoint.witness(Submission(0, proof, signed(tree)), None, KEYS, WITNESS, NOW)


def test_a_witness_finds_a_rewritten_log() -> None:
    kept = at(grown(4))
    other = grown(9, b" rewritten")
    proof = merkle.prove_consistency(4, 9, other.hash_of)
    for submitted in (
        Submission(4, proof, signed(other)),
        Submission(4, (), signed(grown(4, b"!"))),
    ):
        with pytest.raises(SealError, match="keep both checkpoints") as told:
            checkpoint.witness(submitted, kept, KEYS, WITNESS, NOW)
        assert told.value.code == "split-view"


def test_a_proof_file_proves_its_entry_alone() -> None:
    tree = grown(9)
    proof = LogProof(6, merkle.prove_inclusion(6, 9, tree.hash_of), signed(tree, SIGNER, WITNESS))
    read = checkpoint.read_proof(str(proof))
    assert read == proof
    assert read.verify(b"entry 6", KEYS).checkpoint.size == 9
    with pytest.raises(SealError, match="not in that tree"):
        read.verify(b"entry 5", KEYS)
    alone = grown(1)
    only = checkpoint.read_proof(str(LogProof(0, (), signed(alone))))
    assert only.verify(b"entry 0", KEYS).checkpoint.size == 1


@pytest.mark.parametrize(
    "change",
    [
        ("tlog-proof@v1", "tlog-proof@v2"),
        ("@v1\n", "@v1\nextra AAAA\n"),
        ("index 6", "index 06"),
        ("index 6", "index 7"),
        ("index 6", "index 9"),
        ("index 6\n", "index 6\n\n"),
        ("\n\n", "\nAAAA\n\n"),
    ],
)
def test_another_proof_file_is_refused(change: tuple[str, str]) -> None:
    tree = grown(9)
    proof = LogProof(6, merkle.prove_inclusion(6, 9, tree.hash_of), signed(tree))
    with pytest.raises(SealError):
        checkpoint.read_proof(str(proof).replace(*change, 1)).verify(b"entry 6", KEYS)


@pytest.mark.parametrize(
    ("hours", "why"),
    [(None, "ever made"), (0, ""), (4, ""), (4.01, "could be proved"), (-0.05, ""), (-72, "clock")],
)
def test_a_node_without_checkpoints_accepts_nothing(hours: float | None, why: str) -> None:
    last = None if hours is None else NOW - timedelta(hours=hours)
    told = checkpoint.why_refuse(last, NOW)
    assert why in told
    assert bool(told) == bool(why)


def test_a_signature_line_reads_back() -> None:
    line = WITNESS.sign("text\n", NOW)
    assert note.read_line(str(line).rstrip("\n")) == line
    with pytest.raises(SealError):
        Signer("has blank", LOG, LOG_KEY).sign("text\n", NOW)
    assert isinstance(line, SignatureLine)


PROOF = str(LogProof(3, merkle.prove_inclusion(3, 5, grown(5).hash_of), signed(grown(5))))
ASKED = str(Submission(3, merkle.prove_consistency(3, 5, grown(5).hash_of), signed(grown(5))))


@given(
    st.sampled_from([GOOD, PROOF, ASKED, WITNESS.verifier.vkey]),
    st.integers(0, 700),
    st.integers(0, 40),
    st.text(st.characters(), max_size=12)
    | st.sampled_from(["\n", "\n\n", "\u2014 ", "+", "=", "0"]),
)
@settings(max_examples=600, deadline=None)
def test_hostile_text_is_refused_by_our_error_alone(
    text: str, place: int, gone: int, planted: str
) -> None:
    hostile = text[:place] + planted + text[place + gone :]
    for read in (note.read, note.read_line, note.read_vkey, checkpoint.read_proof, checkpoint.read_submission,
                 lambda given: checkpoint.verify(given, KEYS)):  # fmt: skip
        with contextlib.suppress(SealError):
            read(hostile)
