"""The vectors of docs/protocol, made anew: every key and number from a name (``keys.seed``), nothing by chance.

python -m tests.support.vectors      write them; what chance must enter (ML-DSA, HPKE) is kept while it verifies
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from pratique.exchange import base64url, directory, disclosure, hpke, jwk, jws, supplement
from pratique.exchange.directory import Anchor, Directory
from pratique.exchange.partners import Partner, PartnerKey, public_key
from tests.support import jose
from tests.support.keys import ed25519, mldsa65, p256, seed, x25519

FOLDER = Path(__file__).parents[2] / "docs/protocol/vectors"
PAYLOAD = '{"id":"EX-1","value":"120.00","what":"žluťoučký 𝄞"}\r\n'.encode()
ELEMENTS: dict[str, Any] = {
    "id": "EX-1",
    "consignee": {"name": "Example Buyer", "country": "GB"},
    "items": [
        {"hs": "610910", "value": "120.00", "marks": ["A", "B"]},
        {"hs": "950300", "value": "7.50", "marks": []},
    ],
    "weight_g": 850,
}
VIEW = ["/id", "/items/*/hs", "/items/0/marks/1"]
ADDED = {"procedure": "4000", "items": [{"hs": "61091000"}]}


def stream(name: str) -> Callable[[int], bytes]:
    """The nth call gives the first bytes of SHA-256 of ``name/n``, n from 1, in ASCII."""
    count = 0

    def some(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.sha256(f"{name}/{count}".encode()).digest()[:size]

    return some


def private(key: Any) -> dict[str, str]:
    """A private key as a JWK, for other implementations to sign or open with."""
    shown = jwk.write_public(key.public_key())
    if shown["kty"] == "AKP":
        return {**shown, "priv": base64url.encode(key.private_bytes_raw())}
    if shown["kty"] == "EC":
        return {
            **shown,
            "d": base64url.encode(key.private_numbers().private_value.to_bytes(32, "big")),
        }
    return {**shown, "d": base64url.encode(key.private_bytes_raw())}


def es256(payload: bytes, key: ec.EllipticCurvePrivateKey, header: dict[str, str]) -> str:
    """A token whose nonce follows from key and message (RFC 6979), so that it is the same each time."""
    head = base64url.encode(json.dumps(header, separators=(",", ":")).encode())
    signed = f"{head}.{base64url.encode(payload)}"
    der = key.sign(signed.encode(), ec.ECDSA(SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return f"{signed}.{base64url.encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def signatures(kept: dict[str, Any]) -> dict[str, Any]:
    key, second, third = ed25519("vector"), p256("vector"), mldsa65("vector")
    token = jws.sign(PAYLOAD, key, kid="a", type="test+jws")
    head, body, mark = token.split(".")
    cosignature = kept.get("cosignature", {}).get("token") or jws.cosign(token, third, kid="c")
    none = base64url.encode(b'{"alg":"none","kid":"a","typ":"test+jws"}')
    jku = base64url.encode(
        b'{"alg":"Ed25519","jku":"https://keys.example","kid":"a","typ":"test+jws"}'
    )
    return {
        "keys": {"a": private(key), "b": private(second), "c": private(third)},
        "thumbprints": {"a": jwk.thumbprint(key.public_key()), "b": jwk.thumbprint(second.public_key())},
        "payload": base64url.encode(PAYLOAD),
        "type": "test+jws",
        "accept": [
            {"alg": "Ed25519", "kid": "a", "token": token},
            {"alg": "ES256", "kid": "b",
             "token": es256(PAYLOAD, second, {"alg": "ES256", "kid": "b", "typ": "test+jws"})},
        ],
        "cosignature": {"alg": "ML-DSA-65", "kid": "c", "over": token, "token": cosignature},
        "refuse": [
            {"why": "algorithm none", "code": "algorithm", "token": f"{none}.{body}.{mark}"},
            {"why": "address of a key", "code": "header-key", "token": f"{jku}.{body}.{mark}"},
            {"why": "padding", "code": "base64url", "token": f"{token}=="},
            {"why": "a spare bit", "code": "base64url", "token": token[:-1] + chr(ord(token[-1]) + 1)},
            {"why": "white space", "code": "base64url", "token": f"{head}.{body}.{mark[:9]} {mark[9:]}"},
            {"why": "another payload", "code": "forged", "token": f"{head}.{base64url.encode(b'{}')}.{mark}"},
            {"why": "no signature", "code": "shape", "token": f"{head}.{body}."},
        ],
    }  # fmt: skip


def encryption(kept: dict[str, Any]) -> dict[str, Any]:
    names = ("post", "customs", "carrier")
    keys, ephemeral = (
        {name: x25519(name) for name in names},
        {name: x25519(f"for {name}") for name in names},
    )
    shared = {name: ephemeral[name].exchange(keys[name].public_key()) for name in names}
    sent = {name: (jose.epk(ephemeral[name].public_key()), shared[name]) for name in names}
    content_key, iv, context = seed("content key"), seed("iv")[:12], b'{"id":"1"}'
    message = jose.encrypt(
        PAYLOAD, sent, content_key=content_key, iv=iv,
        protected={"enc": "A256GCM", "typ": "test+jwe"}, context=context,
    )  # fmt: skip
    packed = jose.encrypt(
        PAYLOAD, sent, content_key=content_key, iv=iv,
        protected={"enc": "A256GCM", "typ": "test+jwe", "zip": "DEF"}, context=context,
    )  # fmt: skip
    zeros = {
        **message["recipients"][0],
        "header": {
            **message["recipients"][0]["header"],
            "epk": {"crv": "X25519", "kty": "OKP", "x": base64url.encode(bytes(32))},
        },
    }
    own = {name: seed(f"{name} d") + seed(f"{name} z") + seed(name) for name in names[:2]}
    hybrids = {name: hpke.read_private(data) for name, data in own.items()}
    public = {name: hpke.public_bytes(each) for name, each in hybrids.items()}
    text = kept.get("hybrid", {}).get("text") or hpke.encrypt(
        PAYLOAD, public, type="test", randomness=stream("hybrid"), context=context
    )
    return {
        "keys": {name: private(key) for name, key in keys.items()},
        "ephemeral_keys": {name: private(key) for name, key in ephemeral.items()},
        "shared_secrets": {name: base64url.encode(each) for name, each in shared.items()},
        "wrapping_keys": {
            name: base64url.encode(jose.wrapping_key(each)) for name, each in shared.items()
        },
        "content_key": base64url.encode(content_key),
        "type": "test+jwe",
        "context": base64url.encode(context),
        "content": base64url.encode(PAYLOAD),
        "accept": message,
        "refuse": [
            {"why": "compressed", "code": "compressed", "message": packed},
            {
                "why": "no context",
                "code": "context",
                "message": {k: v for k, v in message.items() if k != "aad"},
            },
            {
                "why": "a secret of zeros",
                "code": "closed",
                "message": {**message, "recipients": [zeros]},
            },
            {
                "why": "a recipient twice",
                "code": "not-for-us",
                "message": {**message, "recipients": message["recipients"][:1] * 2},
            },
            {
                "why": "a shared header",
                "code": "shape",
                "message": {**message, "unprotected": {"alg": "ECDH-ES+A256KW"}},
            },
        ],
        "hybrid": {
            "private_keys": {name: base64url.encode(data) for name, data in own.items()},
            "public_keys": {name: base64url.encode(data) for name, data in public.items()},
            "type": "test",
            "text": text,
        },
    }


def disclosures() -> dict[str, Any]:
    key, filer = ed25519("exporter"), ed25519("import filer")
    held = disclosure.issue(
        ELEMENTS, key, kid="exporter", type="declaration+sd-jwt", randomness=stream("salt")
    )
    shown = disclosure.present(held, VIEW)
    keys = {"exporter": key.public_key(), "filer": filer.public_key()}
    filing = supplement.supplement(
        shown, ADDED, filer, kid="filer", type="supplement+sd-jwt", randomness=stream("filer")
    )
    found = supplement.verify(
        filing, keys, presented_type="declaration+sd-jwt", supplement_type="supplement+sd-jwt"
    )
    jwt, first, *rest = shown.split("~")
    other = disclosure.issue(
        ELEMENTS, key, kid="exporter", type="declaration+sd-jwt", randomness=stream("other")
    )
    return {
        "keys": {"exporter": private(key), "filer": private(filer)},
        "type": "declaration+sd-jwt",
        "elements": ELEMENTS,
        "issued": held.text,
        "view": VIEW,
        "presented": shown,
        "shown": disclosure.verify(shown, keys, type="declaration+sd-jwt").elements,
        "supplement": {"type": "supplement+sd-jwt", "elements": ADDED, "text": filing.supplement},
        "provenance": [
            {"pointer": each.pointer, "value": each.value, "kid": each.kid, "differs": each.differs}
            for each in supplement.provenance(*found)
        ],
        "refuse": [
            {"why": "a disclosure of another text", "code": "foreign", "text": f"{shown}{other.places[0].disclosure}~"},
            {"why": "a disclosure cut", "code": "foreign", "text": "~".join((jwt, first[:-4], *rest))},
            {"why": "a disclosure twice", "code": "doubled", "text": "~".join((jwt, first, first, *rest))},
            {"why": "no ~ at the end", "code": "shape", "text": shown[:-1]},
        ],
    }  # fmt: skip


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def directories() -> dict[str, Any]:
    """Directories of two authorities at one moment, what follows what, and what is refused."""
    at = moment("2026-07-01T12:00:00Z")
    begin, end = moment("2026-06-01T00:00:00Z"), moment("2028-06-01T00:00:00Z")
    aa, bb = ed25519("authority-aa"), p256("authority-bb")

    def listed(id: str, place: str, **more: Any) -> Partner:
        keys = (
            public_key(ed25519(id).public_key(), "sig", begin, end),
            public_key(x25519(id).public_key(), "enc", begin, end),
        )
        told = {"name": f"Party {id}", "role": "post_of_origin", "keys": keys}
        return Partner(id=id, place=place, **(told | more))

    def anchor(issuer: str, key: Any, place: str) -> Anchor:
        own = public_key(key.public_key(), "sig", begin, end)
        return Anchor(issuer=issuer, keys=(own,), places=(place,))

    def text(issuer: str, key: Any, version: int, *partners: Partner, **more: Any) -> str:
        told = {"issued": moment("2026-07-01T11:00:00Z"), "expires": moment("2026-07-03T11:00:00Z")}
        found = Directory(issuer=issuer, version=version, partners=partners, **(told | more))
        payload, name = msgspec.json.encode(found), jwk.thumbprint(key.public_key())
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return es256(payload, key, {"alg": "ES256", "kid": name, "typ": directory.TYPE})
        return jws.sign(payload, key, kid=name, type=directory.TYPE)

    anchors = (anchor("authority-aa", aa, "AA"), anchor("authority-bb", bb, "BB"))
    post, other = listed("post-aa", "AA"), listed("post-bb", "BB")
    pushed = listed("post-aa", "AA", reach="push", address="https://node.post-aa.example/pratique")
    held = [text("authority-aa", aa, 2, post), text("authority-bb", bb, 1, other)]
    weak = PartnerKey(
        use="enc",
        jwk={"kty": "OKP", "crv": "X25519", "x": base64url.encode(bytes(32))},
        not_before=begin,
        not_after=end,
    )
    late = moment("2026-07-01T12:05:01Z")
    refuse = [
        ("a lower version", "directory-rollback", text("authority-aa", aa, 1, post)),
        ("the same version, another content", "directory-fork", text("authority-aa", aa, 2)),
        ("expired", "directory-stale", text("authority-aa", aa, 3, issued=moment("2026-06-30T00:00:00Z"), expires=moment("2026-07-01T11:55:00Z"))),
        ("issued in time to come", "directory-early", text("authority-aa", aa, 3, issued=late)),
        ("a life of more than seven days", "directory", text("authority-aa", aa, 3, expires=moment("2026-07-08T11:00:01Z"))),
        ("a partner of another place", "foreign-partner", text("authority-aa", aa, 3, other)),
        ("an id of another authority", "two-authorities", text("authority-bb", bb, 2, listed("post-aa", "BB", keys=listed("post-new", "BB").keys))),
        ("a key of another authority's partner", "two-authorities", text("authority-bb", bb, 2, listed("post-cc", "BB", keys=post.keys))),
        ("a key that was another partner's", "key-moved", text("authority-aa", aa, 3, listed("post-zz", "AA", keys=post.keys))),
        ("signed by another authority's key", "unknown-key", text("authority-aa", bb, 3, post)),
        ("an authority nobody trusts", "unknown-authority", text("authority-cc", aa, 1, post)),
        ("a weak key to encrypt for", "key", text("authority-aa", aa, 3, listed("post-aa", "AA", keys=(weak,)))),
        ("one key twice", "directory", text("authority-aa", aa, 3, post, listed("post-ab", "AA", keys=post.keys))),
        ("an address that is not https", "directory", text("authority-aa", aa, 3, listed("post-aa", "AA", address="http://post-aa.example"))),
    ]  # fmt: skip
    return {
        "now": at.isoformat().replace("+00:00", "Z"),
        "private_keys": {"authority-aa": private(aa), "authority-bb": private(bb)},
        "anchors": msgspec.json.decode(msgspec.json.encode(anchors)),
        "fingerprints": [each.fingerprint() for each in anchors],
        "held": held,
        "follows": text("authority-aa", aa, 3, pushed),
        "refuse": [{"why": why, "code": code, "text": each} for why, code, each in refuse],
    }


def made(name: str, kept: dict[str, Any]) -> dict[str, Any]:
    """One file of vectors; ``kept`` is what stands there now."""
    if name in ("disclosure", "directory"):
        return disclosures() if name == "disclosure" else directories()
    return {"signatures": signatures, "encryption": encryption}[name](kept)


NAMES = ("signatures", "encryption", "disclosure", "directory")


def read(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in NAMES:
        written = json.dumps(made(each, read(each)), ensure_ascii=False, indent=1)
        (FOLDER / f"{each}.json").write_text(written + "\n", "utf-8")
