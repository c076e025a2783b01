"""Invented nodes that exchange messages, bundles of evidence on them, and every way of forging one we could think of."""

from __future__ import annotations

import base64
import copy
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.errors import MessageError, SealError
from pratique.exchange import checkpoint, seal
from pratique.exchange.canonical import canonical
from pratique.exchange.note import COSIGNER, Signer
from pratique.office import receipts
from pratique.office.evidence import (
    RECEIPT,
    Evidence,
    Receipt,
    Trust,
    digest,
    read_trust,
    verify_bundle,
)
from pratique.office.log import NodeLog
from pratique.store import open_database

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
MESSAGE = "example-declaration/1"
NAMES = ("post-a", "customs-b", "carrier-c")
STAGES = ("received", "validated", "decision")


class Node:
    """One party: a key for all it signs, its log, its witness."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.name = name
        self.key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        self.log = NodeLog(
            open_database(f"sqlite:///{folder}/{name}.db"), f"{name}.example/log", self.key
        )
        self.cosigner = Signer(f"{name}.example/witness", COSIGNER, self.key)

    def send(self, number: int) -> bytes:
        content = {"id": f"M{number}", "what": "3 cotton shirts", "value": f"{number}.50"}
        return canonical(seal.seal(content, MESSAGE, self.key))

    def receive(
        self, message: bytes, number: int, now: datetime, stages: int
    ) -> list[dict[str, Any]]:
        """Receipts, logged in one transaction and signed after it."""
        with self.log.database.writing():
            logged = [
                receipts.logged(
                    Receipt(
                        stage=stage, message=digest(message), message_id=f"M{number}", agreement="AG-1/2",
                        purpose="customs-clearance", policy="views/2026-07-01", at=now,
                        answer={"decision": "RELEASED"} if stage == "decision" else {},
                    ),
                    self.log,
                )
                for stage in STAGES[:stages]
            ]  # fmt: skip
        return [receipts.signed(each, self.key) for each in logged]

    def checkpoint(self, now: datetime, witnesses: list[Node]) -> None:
        self.log.checkpoint(now)
        for each in witnesses:
            asked = self.log.submission(each.log.witnessed_size(self.log.origin))
            submitted = checkpoint.read_submission(str(asked))
            line = each.log.witness(submitted, self.log.keys, each.cosigner, now)
            self.log.keep_cosignatures(submitted.note, line, [each.cosigner.verifier])


class Bundles:
    """Bundles on messages that one node sent another, and the keys to verify them with."""

    def __init__(self, folder: Path, how_many: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.a, self.b, self.c = (Node(name, n, folder) for n, name in enumerate(NAMES, start=1))
        self.stranger = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
        self.bundles: list[bytes] = []
        self.cosigned: dict[int, set[tuple[str, datetime]]] = {}  # what truly happened, by size
        self.trust = self.trusting(self.a, self.b, self.c)
        self.day = now = NOW
        kept: list[tuple[bytes, list[dict[str, Any]]]] = []
        for number in range(how_many):
            message = self.a.send(number)
            kept.append((message, self.b.receive(message, number, now, self.chance.randint(1, 3))))
            if self.chance.random() < 0.1 or number == how_many - 1:
                now += timedelta(minutes=1)
                witnesses = self.chance.choice([[self.a], [self.c], [self.a, self.c]])
                self.b.checkpoint(now, witnesses)
                self.cosigned[self.b.log.size()] = {(each.name, now) for each in witnesses}
        for message, sealed in kept:
            later = self.chance.random() < 0.5
            proofs = [receipts.proven(each, self.b.log, later=later) for each in sealed]
            self.bundles.append(receipts.bundle(message, proofs))

    @staticmethod
    def trusting(*nodes: Node) -> Trust:
        files = []
        for node in nodes:
            files.append((node.name, "seal.pem", seal.public_pem(node.key.public_key())))
            lines = [*node.log.keys, node.cosigner.verifier]
            files.append((node.name, "log.vkey", "\n".join(each.vkey for each in lines).encode()))
        return read_trust(files)

    def verify(self, data: bytes) -> Evidence:
        return verify_bundle(data, self.trust, now=LATER)

    def tomorrow(self) -> datetime:
        """The next day, each time it is asked for."""
        self.day += timedelta(days=1)
        return self.day

    def is_false(self, original: Evidence, found: Evidence) -> bool:
        """Whether a forged bundle proved anything that never happened, or of another message than the original."""
        given = {each.receipt.index: each.receipt for each in original.receipts}
        if msgspec.structs.replace(found, receipts=()) != msgspec.structs.replace(
            original, receipts=()
        ):
            return True
        for each in found.receipts:
            sizes = [size for size in (each.size, each.later_size) if size is not None]
            seen = {who for size in sizes for who in self.cosigned.get(size, ())}
            if (
                each.by != self.b.name
                or each.receipt != given.get(each.receipt.index)
                or any(size not in self.cosigned for size in sizes)
                or not seen >= {(who.party, who.at) for who in each.witnesses}
            ):
                return True
        return False

    def forged(self, original: bytes) -> tuple[str, bytes]:
        """The name of a way to forge, and the bundle forged by it; never the bytes it began with."""
        way = self.chance.choice(WAYS)
        other = self.chance.choice([each for each in self.bundles if each != original])
        while True:
            data = way(self, original, other)
            if data != original:
                return way.__name__, data
            way = self.chance.choice(WAYS)


def attack(
    bundles: Bundles, per_bundle: int
) -> tuple[dict[str, int], dict[str, int], list[tuple[str, bytes]]]:
    """Forge each bundle so often: refused and harmless (nothing but the original proved) by way, and those falsely accepted."""
    refused: dict[str, int] = {}
    harmless: dict[str, int] = {}
    accepted: list[tuple[str, bytes]] = []
    for original in bundles.bundles:
        truth = bundles.verify(original)
        for _ in range(per_bundle):
            name, data = bundles.forged(original)
            try:
                found = bundles.verify(data)
            except (SealError, MessageError):
                refused[name] = refused.get(name, 0) + 1
                continue
            if bundles.is_false(truth, found):
                accepted.append((name, data))
            else:
                harmless[name] = harmless.get(name, 0) + 1
    return refused, harmless, accepted


# Ways to forge: of bytes


def a_bit(at: Bundles, data: bytes, other: bytes) -> bytes:
    changed = bytearray(data)
    changed[at.chance.randrange(len(data))] ^= 1 << at.chance.randrange(8)
    return bytes(changed)


def a_letter(at: Bundles, data: bytes, other: bytes) -> bytes:
    place = at.chance.randrange(len(data))
    return data[:place] + bytes([at.chance.randrange(32, 127)]) + data[place + 1 :]


def a_piece_gone(at: Bundles, data: bytes, other: bytes) -> bytes:
    place = at.chance.randrange(len(data))
    return data[:place] + data[place + at.chance.randint(1, 60) :]


def a_piece_twice(at: Bundles, data: bytes, other: bytes) -> bytes:
    place, length = at.chance.randrange(len(data)), at.chance.randint(1, 200)
    return data[: place + length] + data[place:]


def a_piece_of_another(at: Bundles, data: bytes, other: bytes) -> bytes:
    place, length = at.chance.randrange(len(data)), at.chance.randint(1, 400)
    return data[:place] + other[place : place + length] + data[place + length :]


# of values


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, each in inner:
        found += _places(each, (*path, key))
    return found


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def a_value(at: Bundles, data: bytes, other: bytes) -> bytes:
    """One value changed, taken from another bundle, dropped or doubled."""
    made, foreign = json.loads(data), json.loads(other)
    path = at.chance.choice(_places(made))
    holder, key = _at(made, path[:-1]), path[-1]
    what = at.chance.randrange(4)
    if what == 0:
        del holder[key]
    elif what == 1 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif what == 2:
        try:
            holder[key] = _at(foreign, path)
        except (KeyError, IndexError, TypeError):
            holder[key] = None
    else:
        value = holder[key]
        holder[key] = (
            value + at.chance.choice([-1, 1])
            if isinstance(value, int)
            else f"{value}x"
            if isinstance(value, str)
            else 0
        )
    return json.dumps(made).encode()


def a_member_more(at: Bundles, data: bytes, other: bytes) -> bytes:
    made = json.loads(data)
    holders = [made, *(_at(made, path) for path in _places(made))]
    holder = at.chance.choice([each for each in holders if isinstance(each, dict)])
    holder[at.chance.choice(["also", "alg", "index", "receipts", "kid"]) + "2"] = "x"
    return json.dumps(made).encode()


def an_element_of_the_message(at: Bundles, data: bytes, other: bytes) -> bytes:
    """The message altered and made good again as far as one can without its key."""
    made = json.loads(data)
    message = json.loads(made["message"])
    message["content"][at.chance.choice(["id", "what", "value"])] = "9999.99"
    made["message"] = canonical(message).decode()
    for each in made["receipts"]:
        each["receipt"]["content"]["message"] = digest(made["message"].encode())
    return json.dumps(made).encode()


# of notes and proofs


def _lines_of(at: Bundles, data: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    made = json.loads(data)
    each = at.chance.choice(made["receipts"])
    if "later" in each and each["later"] and at.chance.random() < 0.4:
        each["later"]["checkpoint"] = "\n".join(change(each["later"]["checkpoint"].split("\n")))
    else:
        each["proof"] = "\n".join(change(each["proof"].split("\n")))
    return json.dumps(made).encode()


def a_line_gone(at: Bundles, data: bytes, other: bytes) -> bytes:
    return _lines_of(
        at, data, lambda lines: lines[: (n := at.chance.randrange(len(lines)))] + lines[n + 1 :]
    )


def two_lines_swapped(at: Bundles, data: bytes, other: bytes) -> bytes:
    def swap(lines: list[str]) -> list[str]:
        one, two = at.chance.sample(range(len(lines)), 2)
        lines[one], lines[two] = lines[two], lines[one]
        return lines

    return _lines_of(at, data, swap)


def a_line_of_another(at: Bundles, data: bytes, other: bytes) -> bytes:
    foreign = at.chance.choice(json.loads(other)["receipts"])["proof"].split("\n")

    def put(lines: list[str]) -> list[str]:
        lines[at.chance.randrange(len(lines))] = at.chance.choice(foreign)
        return lines

    return _lines_of(at, data, put)


def a_cosignature_earlier(at: Bundles, data: bytes, other: bytes) -> bytes:
    """The moment of a witness changed in its eight bytes."""

    def shift(lines: list[str]) -> list[str]:
        signed = [
            n for n, line in enumerate(lines) if line.startswith("\u2014") and "witness" in line
        ]
        if signed:
            n = at.chance.choice(signed)
            name, shown = lines[n].rsplit(" ", 1)
            raw = bytearray(base64.b64decode(shown))
            raw[4:12] = (int.from_bytes(raw[4:12], "big") - at.chance.randint(1, 10_000)).to_bytes(
                8, "big"
            )
            lines[n] = f"{name} {base64.b64encode(raw).decode()}"
        return lines

    return _lines_of(at, data, shift)


# of keys: what somebody with a key of his own can do


def sealed_by_a_stranger(at: Bundles, data: bytes, other: bytes) -> bytes:
    return _sealed_again(at, data, at.stranger)


def sealed_by_a_partner(at: Bundles, data: bytes, other: bytes) -> bytes:
    """A trusted party poses as the receiver, in whose log the receipt stands."""
    return _sealed_again(at, data, at.chance.choice([at.a.key, at.c.key]))


def _sealed_again(at: Bundles, data: bytes, key: Ed25519PrivateKey) -> bytes:
    made = json.loads(data)
    each = at.chance.choice(made["receipts"])
    content = each["receipt"]["content"]
    if at.chance.random() < 0.5:
        content["agreement"] = "AG-9"
    each["receipt"] = seal.seal(content, RECEIPT, key)
    return json.dumps(made).encode()


def another_receipt_of_the_receiver(at: Bundles, data: bytes, other: bytes) -> bytes:
    """The receiver itself signs another story than the one in its log."""
    made = json.loads(data)
    each = at.chance.choice(made["receipts"])
    content = each["receipt"]["content"]
    name, value = at.chance.choice(
        [("stage", "rejected"), ("at", "2026-07-01T11:00:00Z"), ("agreement", "AG-9"), ("policy", "none"),
         ("purpose", "statistics"), ("index", content["index"] + 1), ("answer", {"decision": "SEIZED"}),
         ("message_id", "M-other"), ("log", at.c.log.origin)]
    )  # fmt: skip
    content[name] = value
    each["receipt"] = seal.seal(content, RECEIPT, at.b.key)
    return json.dumps(made).encode()


def another_message_of_the_sender(at: Bundles, data: bytes, other: bytes) -> bytes:
    """The sender signs another message than the one the receipt is for."""
    made = json.loads(data)
    content = {"id": "M0", "what": "1 cotton shirt", "value": str(at.chance.random())}
    made["message"] = canonical(seal.seal(content, MESSAGE, at.a.key)).decode()
    return json.dumps(made).encode()


def a_checkpoint_of_a_stranger(at: Bundles, data: bytes, other: bytes) -> bytes:
    """A log of the same name with the receipt in it, by a key that is not the log's, cosigned by strangers or none."""
    made = json.loads(data)
    each = at.chance.choice(made["receipts"])
    proof = checkpoint.read_proof(each["proof"])
    at_size = checkpoint.parse(proof.note.text)
    signers = [
        Signer(at_size.origin, 1, at.stranger),
        Signer("stranger.example/witness", COSIGNER, at.stranger),
    ]
    note = checkpoint.sign(at_size, at.chance.sample(signers, at.chance.randint(1, 2)), NOW)
    each["proof"] = str(msgspec.structs.replace(proof, note=note))
    return json.dumps(made).encode()


WAYS: tuple[Callable[[Bundles, bytes, bytes], bytes], ...] = (
    a_bit, a_letter, a_piece_gone, a_piece_twice, a_piece_of_another, a_value, a_value, a_member_more,
    an_element_of_the_message, a_line_gone, two_lines_swapped, a_line_of_another, a_cosignature_earlier,
    sealed_by_a_stranger, sealed_by_a_partner, another_receipt_of_the_receiver,
    another_message_of_the_sender, a_checkpoint_of_a_stranger,
)  # fmt: skip
