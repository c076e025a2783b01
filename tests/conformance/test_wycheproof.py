"""Wycheproof: no case that must be refused passes; every valid one we refuse is refused for a reason said here.

The vectors are Google's and the C2SP's (Apache-2.0), github C2SP/wycheproof, ``testvectors_v1``; they lie beside the repository.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from pratique.errors import EncryptionError, ExchangeError, SealError
from pratique.exchange import base64url, jwe, jwk, jws
from tests.support import jose
from tests.support.keys import seed

FOLDER = Path(__file__).parents[3] / "shared/samples/wycheproof"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no Wycheproof vectors in {FOLDER}")


def cases(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(group, case) of one file."""
    for group in json.loads((FOLDER / f"{name}_test.json").read_text("utf-8"))["testGroups"]:
        for case in group["tests"]:
            yield group, case


def keys_of(group: dict[str, Any]) -> dict[str, Any]:
    """The public keys of a group as we would have read them from a partner; the private half is not looked at."""
    shown = group.get("public") or group["private"]
    if "keys" in shown:
        return jwk.read_set(shown, "sig")
    public = {name: value for name, value in shown.items() if name != "d"}
    key = jwk.read_public(public, "sig")
    return {shown["kid"]: key, "": key}


def verify(group: dict[str, Any], token: Any) -> str:
    """``""`` when verified, otherwise why not."""
    try:
        keys = keys_of(group)
        jws.verify(token, keys, type=jws.header_of(token).get("typ", ""))
    except SealError as refused:
        return refused.code
    return ""


NOT_OFFERED = {
    "HS256": 14, "HS384": 1, "HS512": 1, "RS256": 10, "RS384": 4, "RS512": 4, "PS256": 8, "PS384": 4, "PS512": 4,
    "ES521": 2,
}  # fmt: skip
"""Valid signatures we refuse: secrets shared by two parties, RSA, and P-521 (whose keys call themselves ES521)."""
NOT_OPENED = {
    "A128GCM": 1, "A128GCMKW": 1, "A192GCMKW": 1, "A256GCMKW": 4, "A128KW": 3, "A192KW": 1, "A256KW": 7,
    "ECDH-ES": 7, "ECDH-ES+A128KW": 12, "ECDH-ES+A192KW": 2, "ECDH-ES+A256KW": 3,
    "RSA-OAEP": 7, "RSA-OAEP-256": 7, "RSA1_5": 8,
}  # fmt: skip
"""Valid encryptions we do not open, by the key's algorithm; of ECDH-ES+A256KW those with another content encryption."""
SAME_AS_VALID = {367, 370}
"""Said to be padded wrongly; byte for byte case 357, which is valid: the padding was lost when they were published."""
NOT_BASE64URL = {372, 373}
"""Said to be valid with a question mark in the text, which RFC 4648 does not allow: refused here."""
SIGNATURES = ("json_web_signature", "json_web_key", "json_web_crypto")


@pytest.mark.parametrize("name", SIGNATURES)
def test_no_signature_that_must_be_refused_is_accepted(name: str) -> None:
    tried = [each for each in cases(name) if "jws" in each[1]]
    assert len(tried) > 20
    for group, case in tried:
        if case["result"] != "valid":
            assert verify(group, case["jws"]), (name, case["tcId"], case["comment"])


def test_the_valid_signatures_refused_are_those_of_algorithms_not_offered() -> None:
    """Every RSA and HMAC case, and P-521; what we offer is accepted."""
    kept: Counter[str] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    for name in SIGNATURES:
        for group, case in cases(name):
            if case["result"] == "valid" and "jws" in case:
                shown = group.get("public") or group["private"]
                alg = shown.get("alg") or shown["keys"][0]["alg"]
                why = verify(group, case["jws"])
                if why:
                    refused[alg, why] += 1
                else:
                    kept[alg] += 1
    assert kept == {"ES256": 3}
    assert refused == {(alg, "key"): count for alg, count in NOT_OFFERED.items()}


def test_ed25519_cases_come_out_as_published() -> None:
    """By the library as the tokens are verified; the messages are not tokens, so our reading cannot come before."""
    counted: Counter[tuple[str, bool]] = Counter()
    engine = JWSRegistry.algorithms["Ed25519"]
    for group, case in cases("ed25519"):
        raw = bytes.fromhex(group["publicKey"]["pk"])
        key = jwk.read_public({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(raw)}, "sig")
        message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
        counted[case["result"], engine.verify(message, signature, OKPKey.import_key(key))] += 1
    assert counted == {("valid", True): 88, ("invalid", False): 63}


def test_base64_cases_come_out_as_published() -> None:
    """The group with spare bits, padding, blanks: read as text, whatever its algorithm."""
    for group, case in cases("json_web_signature"):
        if group["comment"] == "base64":
            try:
                for part in case["jws"].split("."):
                    base64url.decode(part, "part")
                read = "valid"
            except SealError:
                read = "invalid"
            if case["tcId"] not in SAME_AS_VALID | NOT_BASE64URL:
                assert read == case["result"], case


def test_two_cases_to_refuse_are_the_bytes_of_a_valid_one() -> None:
    """Why no reader that accepts HS256 can pass them; we refuse all three, for the algorithm."""
    tokens = {case["tcId"]: case["jws"] for _, case in cases("json_web_signature")}
    assert {tokens[each] for each in SAME_AS_VALID} == {tokens[357]}


def general(token: Any) -> Any:
    """A compact encryption in the general JSON form, which is the one read here; anything else as it is."""
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 5:
        return token
    names = ("protected", "encrypted_key", "iv", "ciphertext", "tag")
    found = dict(zip(names, parts, strict=True))
    return {"recipients": [{"encrypted_key": found.pop("encrypted_key")}], **found}


def opening_key(shown: dict[str, Any]) -> Any:
    """A private P-256 key; nothing for the kinds we have no keys of."""
    if shown.get("crv") != "P-256":
        return None
    return ec.derive_private_key(
        int.from_bytes(base64url.decode(shown["d"], "d"), "big"), ec.SECP256R1()
    )


def decrypt(group: dict[str, Any], token: Any) -> bytes:
    message = general(token)
    text = message if isinstance(message, str) else json.dumps(message)
    key = opening_key(group["private"]) or X25519PrivateKey.from_private_bytes(seed("any"))
    kid, typ = "", ""
    if isinstance(message, dict) and message.get("protected"):
        try:
            head = json.loads(base64url.decode(message["protected"], "protected"))
            kid, typ = head.get("kid", ""), head.get("typ", "")
        except (SealError, ValueError, AttributeError):
            pass
    return jwe.decrypt(text, kid, key, type=typ)


@pytest.mark.parametrize("name", ["json_web_encryption", "json_web_crypto"])
def test_no_encryption_that_must_be_refused_is_opened(name: str) -> None:
    tried = [each for each in cases(name) if "jwe" in each[1] and each[1]["result"] != "valid"]
    assert len(tried) > 30
    for group, case in tried:
        for token in (case["jwe"], general(case["jwe"])):
            with pytest.raises(ExchangeError):
                decrypt(group, token)


def test_the_valid_encryptions_not_opened_are_those_of_algorithms_not_offered() -> None:
    kept: Counter[str] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    for group, case in cases("json_web_encryption"):
        if case["result"] == "valid":
            alg = group["private"]["alg"]
            try:
                found = decrypt(group, case["jwe"])
            except EncryptionError as why:
                refused[alg, why.code] += 1
            else:
                assert found == bytes.fromhex(case["pt"])
                kept[alg] += 1
    assert kept == {"ECDH-ES+A256KW": 1}
    assert {code for _, code in refused} == {"algorithm", "header", "compressed"}
    by_alg: Counter[str] = Counter()
    for (alg, _), count in refused.items():
        by_alg[alg] += count
    assert by_alg == NOT_OPENED


def test_x25519_cases_come_out_as_published() -> None:
    """Each as the ephemeral key of a message: opened where the secret shared is the published one, never for a secret of zeros."""
    counted: Counter[tuple[str, bool, str]] = Counter()
    for _, case in cases("x25519"):
        key = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["private"]))
        shared = bytes.fromhex(case["shared"])
        sent = jose.epk(X25519PublicKey.from_public_bytes(bytes.fromhex(case["public"])))
        message = jose.encrypt(
            b"content", {"a": (sent, shared)}, content_key=seed("content"), iv=seed("iv")[:12],
            protected={"enc": "A256GCM"}, context=b"",
        )  # fmt: skip
        try:
            opened = jwe.decrypt(json.dumps(message), "a", key).decode()
        except EncryptionError as why:
            opened = why.code
        counted[case["result"], any(shared), opened] += 1
    assert counted == {
        ("valid", True, "content"): 264,
        (
            "acceptable",
            True,
            "content",
        ): 223,  # twisted or not reduced, and yet one secret for both sides
        ("acceptable", False, "closed"): 31,  # a secret of zeros that anybody could have chosen
    }
