"""Two nodes and an authority in one process: keys from names, an agreement both signed, stores of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pratique.exchange import jwk, seal
from pratique.exchange.partners import Partner, Partners, public_key
from pratique.model.agreement import Lane
from pratique.office import agreements
from pratique.office.agreements import Standing
from pratique.office.node import Draft, Handler, Node
from pratique.office.node_keys import NodeKeys
from pratique.policy.agreements import read_agreement
from pratique.store.data_keys import DataKeys
from pratique.store.database import open_database
from tests.support.keys import ed25519, seed

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LANE = Lane(from_="AA", to="QN", channel="post")
PARTIES = {"post-aa": ("AA", "post_of_origin"), "customs-qn": ("QN", "customs_officer")}
ELEMENTS: dict[str, Any] = {
    "id": "EX123456785AA",
    "destination": "QN",
    "parties": [
        {"roles": ["consignor"], "name": "Example Seller"},
        {
            "roles": ["consignee"],
            "name": "Example Buyer",
            "address": {"city": "Quin", "country": "QN"},
        },
    ],
    "consignment": {"items": [{"number": 1, "description": "cotton shirt", "hs_code": "610910"}]},
}


class Counter:
    """Bytes that never repeat, the same in every run."""

    def __init__(self, name: str) -> None:
        self.name, self.count = name, 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return (seed(f"{self.name}/{self.count}") * (size // 32 + 1))[:size]


def signing(party: str) -> Any:
    return ed25519(f"{party} signs")


def opening(party: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(seed(f"{party} opens"))


def partner(party: str, **changed: Any) -> Partner:
    place, role = PARTIES.get(party, ("AA", "carrier"))
    days = NOW - timedelta(days=30), NOW + timedelta(days=300)
    keys = (
        public_key(signing(party).public_key(), "sig", *days),
        public_key(opening(party).public_key(), "enc", *days),
    )
    made = {"id": party, "name": f"{party} (invented)", "place": place, "role": role, "keys": keys,
            "reach": "push", "address": f"https://{party}.example"}  # fmt: skip
    return Partner(**(made | changed))


def standing(
    on: date = date(2026, 11, 25), revocations: tuple[bytes, ...] = (), messages: str = ""
) -> Standing:
    text = agreements.template("DSA-7", date(2026, 1, 1), date(2027, 12, 31))
    text = text.replace("post-qn", "customs-qn").replace("post_of_destination", "customs_officer")
    text = text.replace(
        '["declaration", "amendment", "decision"]',
        messages or '["declaration", "amendment", "decision"]',
    )
    for party in PARTIES:
        head, tail = text.split(f'id = "{party}"', 1)
        key = seal.key_id(signing(party).public_key())
        text = f'{head}id = "{party}"' + tail.replace('key_id = ""', f'key_id = "{key}"', 1)
    agreement = read_agreement(text.encode(), "DSA-7")
    copies = [
        agreements.written(agreements.sign(agreement, each, signing(each))) for each in PARTIES
    ]
    keys = [signing(each).public_key() for each in PARTIES]
    return agreements.standing(copies, keys, on=on, revocations=revocations)


def node(
    party: str,
    url: str,
    folder: Path,
    handlers: Mapping[str, Handler],
    *,
    partners: Callable[[datetime], Partners] | None = None,
    agreed: Callable[[str, date], Standing] | None = None,
) -> Node:
    """A node of a party, with a log that has its first checkpoint."""
    known = Partners(tuple(partner(each) for each in (*PARTIES, "mallory")))
    key = signing(party)
    bound = standing()
    made = Node(
        party,
        NodeKeys(
            signing=key,
            kid=jwk.thumbprint(key.public_key()),
            opening={jwk.thumbprint(opening(party).public_key()): opening(party)},
            log=ed25519(f"{party} logs"),
        ),
        partners=partners or (lambda at: known),
        standing=agreed or (lambda name, on: bound),
        database=open_database(url),
        data_keys=DataKeys(folder / f"{party}-keys.db", bytes(32)),
        randomness=Counter(party),
        handlers=handlers,
    )
    made.log.checkpoint(NOW)
    return made


def draft(**changed: Any) -> Draft:
    made: dict[str, Any] = {
        "to": ("customs-qn",), "type": "declaration", "agreement": "DSA-7/1", "purpose": "clearance",
        "consignment": "EX123456785AA", "lane": LANE, "elements": ELEMENTS,
    }  # fmt: skip
    return Draft(**(made | changed))
