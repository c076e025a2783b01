"""Invented parcels for trying, testing and training: realistic in shape, true of nobody, same for the same seed.

Shapes follow published and measured patterns: 1 to 5 items (55, 22, 12, 7, 4 %), log-normal prices, sellers by
Zipf's law, goods weighted to apparel, electronics and toys. Names say that they are examples. Faults are
planted on purpose, and told in a key.
"""

from __future__ import annotations

import csv
import functools
import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from typing import Final, TypeVar

import msgspec

from pratique.model.declaration import (
    Address,
    Channel,
    Consignment,
    Declaration,
    Flow,
    GoodsItem,
    Order,
    Parcel,
    Party,
    SchemeNumber,
    Transport,
)
from pratique.model.money import Money
from pratique.model.territories import MAIN, subdivision_of

_T = TypeVar("_T")

S10_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_ITEMS: Final = (0.55, 0.77, 0.89, 0.96, 1.0)
_ORIGINS: Final = (("CN", 0.68, "CNY"), ("HK", 0.06, "HKD"), ("US", 0.08, "USD"), ("GB", 0.05, "GBP"),
                   ("TR", 0.05, "TRY"), ("IN", 0.04, "INR"), ("KR", 0.02, "KRW"), ("JP", 0.02, "JPY"))  # fmt: skip
_PER_EUR: Final = {
    "EUR": 1.0, "USD": 1.09, "GBP": 0.85, "CNY": 7.8, "HKD": 8.5, "TRY": 38.0, "INR": 92.0, "KRW": 1500.0,
    "JPY": 162.0, "NOK": 11.7, "AUD": 1.66, "XTS": 2.0,
}  # fmt: skip
"""Rough price levels, only to make prices look right; no amount is ever reckoned with them."""
_WHOLE: Final = frozenset({"JPY", "KRW"})
_SCHEMES: Final = {"GB": "GBVAT", "NO": "VOEC", "AU": "ARN", "AA": "QMS", "QN": "QMS"}
_SELLERS: Final = 400
DEFAULT_DESTINATIONS: Final = (
    "AA", "QN", "DE", "FR", "IT", "ES", "NL", "PL", "SE", "IE", "GB", "NO", "US", "AU",
)  # fmt: skip
FAULTS: Final = (
    "vague_description",
    "bad_check_digit",
    "zero_value",
    "unknown_hs",
    "net_over_gross",
    "gift_with_order",
    "missing_origin",
    "duplicate_parcel",
    "unknown_currency",
    "missing_description",
)
"""Kinds of planted faults."""


class PlantedFault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault planted on purpose: in which declaration, of which kind, at which element."""

    declaration: str
    kind: str
    pointer: str


class _Goods(msgspec.Struct, frozen=True):
    description: str
    hs: str
    price: float
    mass: float


@functools.cache
def _goods() -> tuple[_Goods, ...]:
    text = resources.files("pratique.office").joinpath("goods.csv").read_text("utf-8")
    return tuple(
        _Goods(row["description"], row["hs"], float(row["price"]), float(row["mass"]))
        for row in csv.DictReader(text.splitlines())
    )


def generate(
    seed: int,
    count: int,
    *,
    on: date,
    destinations: Sequence[str] = DEFAULT_DESTINATIONS,
    fault_share: float = 0.08,
) -> Iterator[tuple[Declaration, tuple[PlantedFault, ...]]]:
    """``count`` invented declarations of one day, each with the faults planted in it (mostly none)."""
    chance = _Chance(seed)
    for number in range(count):
        declaration = _declaration(chance, seed, number, on, destinations)
        if chance.random() < fault_share:
            yield _plant(chance, declaration)
        else:
            yield declaration, ()


class _Chance:
    """Draws from one seeded generator, by ``random()`` alone: stable across Python versions."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random

    def whole(self, below: int) -> int:
        return int(self.random() * below)

    def pick(self, choices: Sequence[_T]) -> _T:
        return choices[self.whole(len(choices))]

    def around(self, median: float, spread: float) -> float:
        """A log-normal draw (Box and Muller), at most 40 times the median."""
        angle = 2 * math.pi * self.random()
        normal = math.sqrt(-2 * math.log(1 - self.random())) * math.cos(angle)
        return median * min(math.exp(spread * normal), 40.0)

    def zipf(self, most: int) -> int:
        """A rank from 1 to ``most``, low ranks most often."""
        return int(math.exp(self.random() * math.log(most + 1)))


def _declaration(
    chance: _Chance, seed: int, number: int, on: date, destinations: Sequence[str]
) -> Declaration:
    destination = chance.pick(destinations)
    dispatch, currency = _dispatch(chance, destination)
    draw = chance.random()
    flow: Flow = "b2c" if draw < 0.86 else "c2c" if draw < 0.94 else "b2b"
    draw = chance.random()
    channel: Channel = "post" if draw < 0.62 else "express" if draw < 0.9 else "cargo"
    draw = chance.random()
    pieces = next(index + 1 for index, share in enumerate(_ITEMS) if draw < share)
    items = tuple(_item(chance, dispatch, currency) for _ in range(pieces))
    mass = sum((item.net_mass_kg or Decimal(0) for item in items), Decimal("0.05"))
    moment = datetime(on.year, on.month, on.day, tzinfo=UTC) + timedelta(
        seconds=chance.whole(86_400)
    )
    departs = moment + timedelta(hours=6 + chance.whole(30))
    scheme = flow != "c2c" and chance.random() < 0.8
    parcel = _s10(chance, seed, number, dispatch)
    freight = None
    if chance.random() < 0.7:
        freight = _money(chance.around(3.0, 0.5), currency)
    return Declaration(
        id=f"EX{seed:04d}-{number:08d}",
        destination=destination,
        dispatch_country=dispatch,
        channel=channel,
        flow=flow,
        lodged_at=moment,
        schemes=(_scheme(chance, destination),) if scheme else (),
        parties=_parties(chance, dispatch, destination, flow),
        consignment=Consignment(
            items=items,
            parcels=(Parcel(id=parcel, gross_mass_kg=mass),),
            freight=freight,
            gross_mass_kg=mass,
            transport=Transport(
                mode="5" if channel == "post" else "4",
                departs_at=departs,
                arrives_at=departs + timedelta(hours=12 + chance.whole(12)),
            ),
        ),
        order=None
        if flow == "c2c"
        else Order(number=f"O-{chance.whole(10**9):09d}", placed_at=moment - timedelta(hours=20)),
    )


def _dispatch(chance: _Chance, destination: str) -> tuple[str, str]:
    while True:
        draw = chance.random()
        for code, share, currency in _ORIGINS:
            draw -= share
            if draw < 0 and code != destination:
                priced = chance.random()
                return code, currency if priced < 0.25 else "EUR" if priced < 0.7 else "USD"


def _item(chance: _Chance, dispatch: str, currency: str) -> GoodsItem:
    goods = chance.pick(_goods())
    quantity = 1 + (chance.whole(4) if chance.random() < 0.2 else 0)
    origin = dispatch if chance.random() < 0.9 else "VN"
    return GoodsItem(
        description=goods.description,
        hs_code=goods.hs,
        origin=origin,
        quantity=Decimal(quantity),
        net_mass_kg=Decimal(max(1, round(goods.mass * quantity * 1000))).scaleb(-3),
        price=_money(chance.around(goods.price, 0.55) * quantity, currency),
    )


def _money(euros: float, currency: str) -> Money:
    amount = euros * _PER_EUR.get(currency, 1.0)
    if currency in _WHOLE:
        return Money(Decimal(max(1, round(amount))), currency)
    return Money(Decimal(max(1, round(amount * 100))).scaleb(-2), currency)


def _scheme(chance: _Chance, destination: str) -> SchemeNumber:
    """A made-up registration of the right form: 999 is given to no country, 2-million VOEC numbers repeat."""
    kind = _SCHEMES.get(destination, "IOSS")
    seller = chance.zipf(_SELLERS)
    number = {
        "GBVAT": "GB999999973",
        "VOEC": f"2{seller:06d}",
        "ARN": f"3000{seller:08d}",
        "QMS": f"QM{seller:06d}",
    }.get(kind, "IM3720000224")
    return SchemeNumber(kind=kind, number=number)


def _parties(chance: _Chance, dispatch: str, destination: str, flow: Flow) -> tuple[Party, ...]:
    seller = chance.zipf(_SELLERS)
    buyer = chance.whole(10**6)
    sending = Party(
        roles=("consignor",) if flow == "c2c" else ("seller", "consignor"),
        name=f"Example {'Sender' if flow == 'c2c' else 'Seller'} {seller}",
        address=Address(line=f"{seller} Example Road", city="Exampleville", country=dispatch),
    )
    receiving = Party(
        roles=("consignee", "buyer") if flow != "c2c" else ("consignee",),
        name=f"Example Buyer {buyer}",
        address=Address(
            line=f"{1 + buyer % 200} Sample Street",
            city="Sampleton",
            postcode=_postcode(destination, buyer),
            country=destination,
        ),
    )
    return sending, receiving


def _postcode(destination: str, buyer: int) -> str:
    """A postcode outside the territories that have law of their own."""
    code = f"{buyer % 100_000:05d}"
    return code if subdivision_of(destination, code) in (None, MAIN) else f"10{code[2:]}"


def _s10(chance: _Chance, seed: int, number: int, country: str) -> str:
    serial = f"{(seed * 1_000_003 + number) % 10**8:08d}"
    rest = 11 - sum(int(d) * w for d, w in zip(serial, S10_WEIGHTS, strict=True)) % 11
    check = {10: 0, 11: 5}.get(rest, rest)
    return f"LX{serial}{check}{country}"


def _plant(chance: _Chance, sound: Declaration) -> tuple[Declaration, tuple[PlantedFault, ...]]:
    kind = chance.pick(FAULTS)
    goods = sound.consignment
    index = chance.whole(len(goods.items))
    item, parcel = goods.items[index], goods.parcels[0]
    pointer = f"/consignment/items/{index}"
    changed: GoodsItem | None = None
    replace = msgspec.structs.replace
    if kind == "vague_description":
        changed = replace(item, description=chance.pick(("gift", "parts", "clothes", "sample")))
        pointer += "/description"
    elif kind == "missing_description":
        changed, pointer = replace(item, description=""), pointer + "/description"
    elif kind == "zero_value":
        assert item.price is not None
        changed = replace(item, price=Money(Decimal(0), item.price.currency))
        pointer += "/price/amount"
    elif kind == "unknown_hs":
        changed, pointer = replace(item, hs_code="990199"), pointer + "/hs_code"
    elif kind == "net_over_gross":
        changed = replace(item, gross_mass_kg=(item.net_mass_kg or Decimal(1)) / 2)
        pointer += "/net_mass_kg"
    elif kind == "missing_origin":
        changed, pointer = replace(item, origin=None), pointer + "/origin"
    elif kind == "unknown_currency":
        assert item.price is not None
        changed = replace(item, price=Money(item.price.amount, "DEM"))
        pointer += "/price/currency"
    if changed is not None:
        items = (*goods.items[:index], changed, *goods.items[index + 1 :])
        goods, faulty = replace(goods, items=items), sound
    elif kind == "bad_check_digit":
        digit = str((int(parcel.id[10]) + 1 + chance.whole(8)) % 10)
        wrong = replace(parcel, id=f"{parcel.id[:10]}{digit}{parcel.id[11:]}")
        goods, faulty, pointer = (
            replace(goods, parcels=(wrong,)),
            sound,
            "/consignment/parcels/0/id",
        )
    elif kind == "duplicate_parcel":
        goods, faulty = replace(goods, parcels=(parcel, parcel)), sound
        pointer = "/consignment/parcels/1/id"
    else:
        faulty = replace(
            sound, flow="c2c", schemes=(), order=sound.order or Order(number="O-000000001")
        )
        pointer = "/order"
    fault = PlantedFault(declaration=sound.id, kind=kind, pointer=pointer)
    return replace(faulty, consignment=goods), (fault,)
