"""The vectors of docs/protocol are what this version writes, and read as they say."""

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pratique.errors import ExchangeError
from pratique.exchange import base64url, disclosure, hpke, jwe, jwk, jws, supplement
from pratique.exchange.directories import Directories
from pratique.exchange.directory import read_anchor
from tests.support import vectors

SIGNATURES, ENCRYPTION, DISCLOSURE, DIRECTORY = map(vectors.read, vectors.NAMES)


def public(keys: dict[str, dict[str, str]]) -> dict[str, Any]:
    return {
        kid: jwk.read_public({k: v for k, v in key.items() if k not in ("d", "priv")}, "sig")
        for kid, key in keys.items()
    }


@pytest.mark.parametrize("name", vectors.NAMES)
def test_the_vectors_are_what_this_version_writes(name: str) -> None:
    assert vectors.made(name, vectors.read(name)) == vectors.read(name)


def test_signatures_read_as_they_say() -> None:
    keys = public(SIGNATURES["keys"])
    for each in SIGNATURES["accept"]:
        found = jws.verify(each["token"], keys, type=SIGNATURES["type"])
        assert base64url.encode(found.payload) == SIGNATURES["payload"]
        assert (found.alg, found.kid) == (each["alg"], each["kid"])
    second = SIGNATURES["cosignature"]
    assert isinstance(keys["c"], MLDSA65PublicKey)
    assert jws.verify_cosignature(second["over"], second["token"], {"c": keys["c"]}) == "c"
    for each in SIGNATURES["refuse"]:
        with pytest.raises(ExchangeError) as refused:
            jws.verify(each["token"], keys, type=SIGNATURES["type"])
        assert refused.value.code == each["code"], each["why"]


def test_encryptions_read_as_they_say() -> None:
    how: dict[str, Any] = {
        "type": ENCRYPTION["type"],
        "context": base64url.decode(ENCRYPTION["context"], "context"),
    }
    for name, key in ENCRYPTION["keys"].items():
        own = X25519PrivateKey.from_private_bytes(base64url.decode(key["d"], "d"))
        opened = jwe.decrypt(json.dumps(ENCRYPTION["accept"]), name, own, **how)
        assert base64url.encode(opened) == ENCRYPTION["content"]
    own = X25519PrivateKey.from_private_bytes(
        base64url.decode(ENCRYPTION["keys"]["post"]["d"], "d")
    )
    for each in ENCRYPTION["refuse"]:
        with pytest.raises(ExchangeError) as refused:
            jwe.decrypt(json.dumps(each["message"]), "post", own, **how)
        assert refused.value.code == each["code"], each["why"]
    hybrid = ENCRYPTION["hybrid"]
    for name, data in hybrid["private_keys"].items():
        both = hpke.read_private(base64url.decode(data, "key"))
        assert base64url.encode(hpke.public_bytes(both)) == hybrid["public_keys"][name]
        opened = hpke.decrypt(
            hybrid["text"], name, both, type=hybrid["type"], context=how["context"]
        )
        assert base64url.encode(opened) == ENCRYPTION["content"]


def test_disclosures_read_as_they_say() -> None:
    keys = public(DISCLOSURE["keys"])
    assert (
        disclosure.verify(DISCLOSURE["issued"], keys, type=DISCLOSURE["type"]).elements
        == DISCLOSURE["elements"]
    )
    assert (
        disclosure.present(disclosure.hold(DISCLOSURE["issued"]), DISCLOSURE["view"])
        == DISCLOSURE["presented"]
    )
    assert (
        disclosure.verify(DISCLOSURE["presented"], keys, type=DISCLOSURE["type"]).elements
        == DISCLOSURE["shown"]
    )
    filing = supplement.Filing(
        presented=DISCLOSURE["presented"], supplement=DISCLOSURE["supplement"]["text"]
    )
    found = supplement.verify(
        filing,
        keys,
        presented_type=DISCLOSURE["type"],
        supplement_type=DISCLOSURE["supplement"]["type"],
    )
    told = [
        (each.pointer, each.value, each.kid, each.differs) for each in supplement.provenance(*found)
    ]
    assert told == [tuple(each.values()) for each in DISCLOSURE["provenance"]]
    for each in DISCLOSURE["refuse"]:
        with pytest.raises(ExchangeError) as refused:
            disclosure.verify(each["text"], keys, type=DISCLOSURE["type"])
        assert refused.value.code == each["code"], each["why"]


def test_directories_read_as_they_say() -> None:
    now = datetime.fromisoformat(DIRECTORY["now"])
    anchors = [read_anchor(msgspec.json.encode(each)) for each in DIRECTORY["anchors"]]
    assert [each.fingerprint() for each in anchors] == DIRECTORY["fingerprints"]
    held = Directories()
    for anchor in anchors:
        held = held.trust(anchor)
    for text in DIRECTORY["held"]:
        held = held.take(text, now)
    partners = held.take(DIRECTORY["follows"], now).partners(now)
    assert partners.get("post-aa").reach == "push"
    assert partners.get("post-bb").reach == "pull"
    for each in DIRECTORY["refuse"]:
        with pytest.raises(ExchangeError) as refused:
            held.take(each["text"], now)
        assert refused.value.code == each["code"], each["why"]
