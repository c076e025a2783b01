"""Invented orders for the four gates, with planted splits, risky goods and vague texts, and their key.

The columns are those of the order file of the scenario; nobody in it is anybody, and the names say so. The same seed
gives the same file. Every importer orders once a day, but where a split or another spelling is planted.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from pratique.scenarios.four_gates.orders import COLUMNS
from pratique.scenarios.four_gates.rules import Rules, shipped

KEY_COLUMNS: Final = ("order_id", "planted", "importer_name")
_FIRST: Final = datetime(2026, 1, 5, 6, 0)  # noqa: DTZ001  the file has bare timestamps
_DAYS: Final = 14
_SHARES: Final = (
    ("split", 0.04), ("spelling", 0.01), ("address", 0.01), ("P1", 0.03), ("P2", 0.03), ("P4", 0.02), ("P5", 0.02),
    ("vague", 0.04),
)  # fmt: skip
_SPLIT: Final = 3
"""Orders of a planted split: each alone under the threshold, together over it."""
_LINES: Final = (0.55, 0.82, 0.95, 1.0)


class Goods(msgspec.Struct, frozen=True):
    """Goods to choose from, with the range of their price in the declared currency."""

    kind: str
    product_category: str
    product_title: str
    description: str
    low: int
    high: int


class Planted(msgspec.Struct, frozen=True):
    """A line of the key: what was planted in an order."""

    order_id: str
    planted: str
    importer_name: str


def write_orders(count: int, seed: int, rules: Rules, out: Path) -> tuple[Path, int]:
    """An order file of ``count`` orders, its key beside it; gives the key's path and the number of lines."""
    key_path = out.with_suffix(".key.csv")
    lines = 0
    with (
        out.open("w", encoding="utf-8", newline="") as file,
        key_path.open("w", encoding="utf-8", newline="") as key_file,
    ):
        writer, key = (csv.writer(each, lineterminator="\n") for each in (file, key_file))
        writer.writerow(COLUMNS)
        key.writerow(KEY_COLUMNS)
        for rows, planted in orders(count, seed, rules):
            writer.writerows(rows)
            lines += len(rows)
            if planted.planted:
                key.writerow(msgspec.structs.astuple(planted))
    return key_path, lines


def orders(count: int, seed: int, rules: Rules) -> Iterator[tuple[list[list[str]], Planted]]:
    """Orders as rows of the file, each with what was planted in it (empty: nothing)."""
    chance = random.Random(seed)
    limit = int(rules.threshold.value / rules.exchange_rate.value)
    goods = _goods()
    made = person = 0
    while made < count:
        person += 1
        moment = _FIRST + timedelta(days=chance.randrange(_DAYS), minutes=chance.randrange(14 * 60))
        for planted, name, place, chosen in _wanted(chance, goods, person, limit, count - made):
            made += 1
            id = f"O-{made:08}"
            yield _rows(id, moment, name, place, chosen, chance), Planted(id, planted, name)


_Wanted = tuple[str, str, str, list[tuple[Goods, int]]]
"""An order: what is planted, name, address, goods with their prices."""


def _wanted(
    chance: random.Random, goods: dict[str, list[Goods]], person: int, limit: int, room: int
) -> Iterator[_Wanted]:
    """The orders of one person on one day; no more than there is room for."""
    name, place = f"Example Importer {person:07}", f"{person} Sample Street, Sampleton"
    kind = _kind(chance)
    plain = goods["plain"]
    if kind == "split" and room >= _SPLIT:
        for _ in range(_SPLIT):
            price = chance.randint(limit // _SPLIT + 100, limit - 100)
            yield kind, name, place, [(chance.choice(plain), price)]
    elif kind in ("spelling", "address") and room > 1:
        other = (_respelled(chance, name), place) if kind == "spelling" else (name, f"{place} annex")  # fmt: skip
        for who, where in ((name, place), other):
            yield kind, who, where, [(chance.choice(plain), limit * 3 // 5)]
    else:
        chosen = [_priced(chance, plain) for _ in range(_number(chance))]
        special = [_priced(chance, goods[kind])] if kind in goods and kind != "plain" else []
        yield kind if special else "", name, place, [*chosen, *special]


def _kind(chance: random.Random) -> str:
    drawn = chance.random()
    for kind, share in _SHARES:
        if drawn < share:
            return kind
        drawn -= share
    return "plain"


def _number(chance: random.Random) -> int:
    drawn = chance.random()
    return next(count for count, share in enumerate(_LINES, start=1) if drawn < share)


def _priced(chance: random.Random, goods: Sequence[Goods]) -> tuple[Goods, int]:
    chosen = chance.choice(goods)
    return chosen, chance.randint(chosen.low, chosen.high)


def _respelled(chance: random.Random, name: str) -> str:
    """The same name after folding, as another person would type it."""
    change: Callable[[str], str] = chance.choice(
        [str.upper, str.lower, lambda text: text.replace(" ", "  "), lambda text: text.replace(" ", ", ")]
    )  # fmt: skip
    return change(name)


def _rows(
    id: str, moment: datetime, name: str, place: str, chosen: Sequence[tuple[Goods, int]], chance: random.Random
) -> list[list[str]]:  # fmt: skip
    cents = [chance.choice((0, 0, 50, 99)) for _ in chosen]
    prices = [Decimal(price) + Decimal(cent).scaleb(-2) for (_, price), cent in zip(chosen, cents, strict=True)]  # fmt: skip
    total = sum(prices, Decimal(0))
    return [
        [
            id, f"{moment:%Y-%m-%d %H:%M:%S}", name, place, f"{id}-{number}", goods.product_category,
            goods.product_title, goods.description, f"https://shop.example/{id}-{number}.jpg", str(price), str(total),
            str(len(chosen)),
        ]
        for number, ((goods, _), price) in enumerate(zip(chosen, prices, strict=True), start=1)
    ]  # fmt: skip


def _goods() -> dict[str, list[Goods]]:
    found: dict[str, list[Goods]] = {}
    row: Any
    for row in csv.DictReader(shipped("goods.csv").decode().splitlines()):
        goods: Goods = msgspec.convert(row, Goods, strict=False)
        found.setdefault(goods.kind, []).append(goods)
    return found
