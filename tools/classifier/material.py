"""What is there to learn from? Public texts with their subheading of HS 2022, and which of them are kept apart.

Kept apart are about three in ten of the parcel texts and of the listings, drawn by a digest of the text and by
whole groups of near-duplicates (three-letter pieces in common, Jaccard 0.5 or more), so that none straddles the split.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from pratique.classification.listing import listing_text

PHRASES = Path(__file__).parent / "phrases.txt"
ALIKE, KEPT = 0.5, 300


class Text(NamedTuple):
    """A text, its subheading and the set it comes from."""

    words: str
    hs6: str
    source: str


class Material(NamedTuple):
    """Texts to learn from and texts to be measured on, of (set → texts)."""

    codes: dict[str, str]
    learn: list[Text]
    kept: dict[str, list[Text]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def gather(data: Path, *, keep: bool) -> Material:
    """Everything under ``data``; with ``keep`` the texts kept apart are not among those to learn from."""
    names = {row["hscode"]: row["description"] for row in rows(data / "hs/harmonized-system.csv")}
    codes = {code: name for code, name in sorted(names.items()) if len(code) == 6}
    learn = [Text(name, code, "hs") for code, name in codes.items()]
    learn += [Text(words, code, "ours") for words, code in phrases()]
    references = json.loads((data / "descriptions/uk_search_references.json").read_text("utf-8"))
    learn += [Text(words, code[:6], "reference") for words, code in references.items()]
    kept: dict[str, list[Text]] = {}
    parcels = rows(data / "descriptions/uk_fpo_descriptions.csv")
    apart = kept_apart([row["description"] for row in parcels])
    texts = [Text(row["description"], row["hs6"], "parcel") for row in parcels]
    kept["parcel"] = [text for text, out in zip(texts, apart, strict=True) if out]
    learn += [text for text, out in zip(texts, apart, strict=True) if not (out and keep)]
    lines = (data / "descriptions/hscodecomp.jsonl").read_text("utf-8").splitlines()
    listings = [json.loads(line) for line in lines]
    apart = kept_apart([each["title"] for each in listings])
    for name, write in RENDERINGS.items():
        texts = [Text(write(each), each["hs6"], name) for each in listings]
        kept[name] = [text for text, out in zip(texts, apart, strict=True) if out]
        learn += [text for text, out in zip(texts, apart, strict=True) if not (out and keep)]
    known = {name: [text for text in texts if text.hs6 in codes] for name, texts in kept.items()}
    return Material(codes, [text for text in learn if text.hs6 in codes], known)


def phrases() -> list[tuple[str, str]]:
    found = []
    for line in PHRASES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _, words = line.partition(":")
            found += [(each.strip(), code) for each in words.split(";")]
    return found


def raw(listing: dict) -> str:
    told = " ".join(f"{name}: {value}" for name, value in listing["attributes"].items())
    return f"{listing['title']} {listing['category']} {told}"


RENDERINGS = {
    "listing": lambda each: listing_text(each["title"], each["category"], each["attributes"]),
    "listing, unsorted": raw,
    "listing, title": lambda each: each["title"],
    "listing, without title": lambda each: listing_text("", each["category"], each["attributes"]),
}
"""A listing as the room writes it, as others may, and its parts."""


def kept_apart(texts: list[str]) -> list[bool]:
    """Which texts are kept apart, by whole groups of near-duplicates."""
    group = groups(texts)
    least: dict[int, str] = {}
    for text, one in zip(texts, group, strict=True):
        least[one] = min(least.get(one, text), text)

    def lot(text: str) -> int:
        return int(hashlib.sha256(f"kept apart{text}".encode()).hexdigest(), 16) % 1000

    return [lot(least[one]) < KEPT for one in group]


def groups(texts: list[str]) -> list[int]:
    """A number for each text, the same for near-duplicates, and for what is near to both."""
    parent = list(range(len(texts)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    pieces = [_pieces(text) for text in texts]
    having: dict[str, list[int]] = defaultdict(list)
    for one, held in enumerate(pieces):
        shared: dict[int, int] = defaultdict(int)
        for piece in held:
            for other in having[piece]:
                shared[other] += 1
            having[piece].append(one)
        for other, count in shared.items():
            if count / (len(held) + len(pieces[other]) - count) >= ALIKE:
                parent[root(one)] = root(other)
    return [root(one) for one in range(len(texts))]


def _pieces(text: str) -> set[str]:
    folded = re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
    folded = f" {re.sub(r'[0-9]+', '', folded)} "
    return {folded[at : at + 3] for at in range(len(folded) - 2)}
