"""Two administrations that may compare sets, with fixed keys, randomness by count and a store each."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from pratique.exchange import seal
from pratique.model.agreement import Agreement
from pratique.office.agreements import read_file, sign, standing, written
from pratique.office.intersection import Side, Wanted, answer, learn, request
from pratique.store.intersections import IntersectionRow
from tests.support.keys import ed25519

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ON = date(2026, 11, 25)
FILE = Path(__file__).parent.parent.parent / "examples/agreements/customs.toml"
WANTED = Wanted(to="customs-aa", case="QN-2026-17", purpose="risk", kind="persons")


class Chance:
    """Bytes nobody had before, the same in every run of a test."""

    def __init__(self, seed: str = "") -> None:
        self.seed, self.drawn = seed, itertools.count()

    def __call__(self, size: int) -> bytes:
        return hashlib.shake_256(f"{self.seed} {next(self.drawn)}".encode()).digest(size)


def agreement(roles=None, **terms) -> Agreement:
    """The example of customs, its parties with keys; ``terms`` replace those of its intersections."""
    plain = read_file(FILE.read_bytes(), "customs")
    parties = tuple(
        msgspec.structs.replace(
            each,
            key_id=seal.key_id(ed25519(each.id).public_key()),
            role=(roles or {}).get(each.id, each.role),
        )
        for each in plain.parties
    )
    told = tuple(msgspec.structs.replace(each, **terms) for each in plain.intersections)
    return msgspec.structs.replace(plain, parties=parties, intersections=told)


class Runs:
    """What ``IntersectionRuns`` keeps, in memory, by the same rules."""

    def __init__(self) -> None:
        self.rows: list[IntersectionRow] = []

    def keep(self, row: IntersectionRow, per_day: int) -> str:
        if any((each.run, each.step) == (row.run, row.step) for each in self.rows):
            return "again"
        alike = [each for each in self.rows if (each.partner, each.step) == (row.partner, row.step)]
        if sum(each.at[:10] == row.at[:10] for each in alike) >= per_day:
            return "too many"
        self.rows.append(row)
        return "kept"


def side(party: str, of: Agreement | None = None, runs=None, signed_by=None) -> Side:
    of = of or agreement()
    parties = [each.id for each in of.parties]
    copies = [written(sign(of, each, ed25519(each))) for each in signed_by or parties]
    public = tuple(ed25519(each).public_key() for each in parties)
    return Side(
        party=party, key=ed25519(party), standing=standing(copies, public, on=ON), public=public,
        runs=runs if runs is not None else Runs(),
    )  # fmt: skip


class Pair:
    """An asker (customs-qn) and an answerer (customs-aa) under one agreement."""

    def __init__(self, seed: str = "", runs=None, **terms) -> None:
        of = agreement(**terms)
        self.asker = side("customs-qn", of, runs and runs())
        self.answerer = side("customs-aa", of, runs and runs())
        self.chance = Chance(seed)

    def ask(self, elements, *, wanted: Wanted = WANTED, given_for=("risk",), now=NOW):
        return request(self.asker, wanted, elements, given_for, randomness=self.chance, now=now)

    def answer(self, sent, elements, *, given_for=("risk",), now=NOW):
        data = sent if isinstance(sent, bytes) else written(sent)
        return answer(self.answerer, data, elements, given_for, randomness=self.chance, now=now)

    def learn(self, secret, sent, given, elements, now=NOW):
        return learn(self.asker, secret, written(sent), written(given), elements, now=now)

    def compare(self, ours, theirs):
        sent, secret = self.ask(ours)
        given = self.answer(sent, theirs)
        return self.learn(secret, sent, given, ours)


def resealed(document: dict, by: str, **changed) -> dict:
    """The same document, its content changed, signed anew by that party."""
    content = {**document["content"], **changed}
    left = {name: value for name, value in content.items() if value is not None}
    return seal.seal(left, document["seal"]["type"], ed25519(by))
