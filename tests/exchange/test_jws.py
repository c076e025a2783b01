"""Signatures over exact bytes: published examples, another program's reading, and every way of cheating known here."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import SealError
from pratique.exchange import base64url, jwk, jws
from tests.support.keys import ed25519, mldsa65, p256

KEY = ed25519("post")
SECOND = p256("post")
THIRD = mldsa65("post")
KID = "post-2026"
KEYS = {KID: KEY.public_key(), "post-p256": SECOND.public_key()}
PAYLOAD = '{"what": "žluťoučký 𝄞",  "amount":"12.50"}\r\n'.encode()
TYPE = "test+jws"
TOKEN = jws.sign(PAYLOAD, KEY, kid=KID, type=TYPE)


def read(token: str, **how: Any) -> jws.Signed:
    return jws.verify(token, KEYS, **{"type": TYPE, **how})


def test_the_example_of_rfc_8037_verifies_but_for_its_older_name() -> None:
    secret = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = Ed25519PrivateKey.from_private_bytes(secret)
    token = (
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
    signed, _, signature = token.rpartition(".")
    key.public_key().verify(base64url.decode(signature, "signature"), signed.encode())
    with pytest.raises(SealError, match="'EdDSA' is not allowed"):
        jws.verify(token, {"": key.public_key()})
    assert jwk.thumbprint(key.public_key()) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_the_example_of_rfc_7515_verifies() -> None:
    """Appendix A.3: ES256, a payload with line ends in it."""
    key = jwk.read_public(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        "sig",
    )
    token = (
        "eyJhbGciOiJFUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    )
    assert jws.verify(token, {"": key}).payload.startswith(b'{"iss":"joe",\r\n')


@pytest.mark.parametrize(
    ("key", "kid", "alg"), [(KEY, KID, "Ed25519"), (SECOND, "post-p256", "ES256")]
)
def test_exactly_the_bytes_signed_come_back(key: Any, kid: str, alg: str) -> None:
    found = read(jws.sign(PAYLOAD, key, kid=kid, type=TYPE))
    assert found == jws.Signed(payload=PAYLOAD, kid=kid, alg=alg, type=TYPE)


def test_an_independent_reading_verifies_the_token() -> None:
    head, body, signature = (base64.urlsafe_b64decode(part + "==") for part in TOKEN.split("."))
    assert json.loads(head) == {"alg": "Ed25519", "kid": KID, "typ": TYPE}
    assert body == PAYLOAD
    KEY.public_key().verify(signature, TOKEN.rpartition(".")[0].encode())


def made(header: Any, payload: bytes = PAYLOAD, key: Any = KEY) -> str:
    """A token with any header, its signature right."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    signed = f"{base64url.encode(head)}.{base64url.encode(payload)}"
    return f"{signed}.{base64url.encode(key.sign(signed.encode()))}"


GOOD = {"alg": "Ed25519", "kid": KID, "typ": TYPE}


def test_a_header_made_elsewhere_with_blanks_and_another_order_is_read() -> None:
    assert read(made(b'{ "typ":"test+jws",\n "kid": "post-2026", "alg": "Ed25519" }')).kid == KID


def with_hmac() -> str:
    """The classic confusion: the public key as the secret of an HMAC."""
    head = base64url.encode(json.dumps({**GOOD, "alg": "HS256"}).encode())
    signed = f"{head}.{base64url.encode(PAYLOAD)}"
    secret = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return f"{signed}.{base64url.encode(hmac.digest(secret, signed.encode(), 'sha256'))}"


def spare(text: str) -> str:
    """The same bytes in base64url with a spare bit set."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + letters[letters.index(text[-1]) + 1]


NONE = base64url.encode(b'{"alg":"none"}')
HEAD, BODY, MARK = TOKEN.split(".")
RAW = base64url.decode(MARK, "signature")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (made({**GOOD, "alg": "none"}), "algorithm"),
        (f"{NONE}.{BODY}.", "shape"),
        (made({**GOOD, "alg": "NONE"}), "algorithm"),
        (with_hmac(), "algorithm"),
        (made({**GOOD, "alg": "EdDSA"}), "algorithm"),
        (made({**GOOD, "alg": "ES256"}), "algorithm"),  # the key is Ed25519
        (made({**GOOD, "alg": ["Ed25519"]}), "header"),
        (made({"kid": KID, "typ": TYPE}), "algorithm"),
        (made({**GOOD, "kid": "other"}), "other-key"),
        (made({**GOOD, "kid": "post-p256"}), "algorithm"),
        (made({"alg": "Ed25519", "typ": TYPE}), "other-key"),
        (made({**GOOD, "kid": ""}), "header"),
        (made({**GOOD, "typ": "receipt+jws"}), "type"),
        (made({"alg": "Ed25519", "kid": KID}), "type"),
        (made({**GOOD, "jku": "https://evil.example/keys"}), "header-key"),
        (made({**GOOD, "x5u": "https://evil.example/chain"}), "header-key"),
        (made({**GOOD, "x5c": ["MII"]}), "header-key"),
        (made({**GOOD, "x5t#S256": "MII"}), "header-key"),
        (made({**GOOD, "jwk": jwk.write_public(KEY.public_key())}), "header-key"),
        (made({**GOOD, "crit": ["exp"], "exp": 1}), "header"),
        (made({**GOOD, "crit": []}), "header"),
        (made({**GOOD, "b64": False}), "header"),
        (made({**GOOD, "zip": "DEF"}), "header"),
        (made(b'{"alg":"none","alg":"Ed25519","kid":"post-2026","typ":"test+jws"}'), "json"),
        (made(b'["Ed25519"]'), "json"),
        (made(b"\xff\xfe"), "json"),
        (made({**GOOD, "cty": "x" * 2000}), "too-large"),
        (f"{TOKEN}=", "base64url"),
        (f"{HEAD}=.{BODY}.{MARK}", "base64url"),
        (f"{HEAD}.{BODY}\n.{MARK}", "base64url"),
        (f" {TOKEN}", "base64url"),
        (f"{TOKEN} ", "base64url"),
        (f"{HEAD}.{BODY}.{spare(MARK)}", "base64url"),
        (f"{HEAD}.{BODY[:-1]}+.{MARK}", "base64url"),
        (f"{HEAD}.{BODY}", "shape"),
        (f"{HEAD}.{BODY}.", "shape"),
        (f".{BODY}.{MARK}", "shape"),
        (f"{TOKEN}.{MARK}", "shape"),
        ("", "shape"),
        (f"{HEAD}..{MARK}", "forged"),
        (f"{HEAD}.{BODY}.{base64url.encode(RAW[:-1])}", "forged"),
        (f"{HEAD}.{BODY}.{base64url.encode(RAW + bytes(1))}", "forged"),
        (f"{HEAD}.{BODY}.{base64url.encode(bytes(64))}", "forged"),
        (made(GOOD, key=ed25519("stranger")), "forged"),
    ],
)
def test_what_cheats_is_refused_by_one_typed_error(token: str, code: str) -> None:
    with pytest.raises(SealError) as refused:
        read(token)
    assert refused.value.code == code
    assert str(refused.value).endswith((".", "'"))


def test_the_caller_allows_the_algorithms() -> None:
    with pytest.raises(SealError, match="not allowed"):
        read(jws.sign(PAYLOAD, SECOND, kid="post-p256", type=TYPE), algorithms=("Ed25519",))


def test_a_caller_cannot_allow_what_is_not_offered() -> None:
    for alg in ("none", "HS256", "EdDSA"):
        with pytest.raises(SealError):
            read(made({**GOOD, "alg": alg}), algorithms=(alg,))


def test_a_signature_in_another_form_is_refused() -> None:
    """ES256 is r and s side by side, never DER."""
    head = base64url.encode(json.dumps({"alg": "ES256", "kid": "post-p256", "typ": TYPE}).encode())
    signed = f"{head}.{BODY}"
    from_der = SECOND.sign(signed.encode(), ec.ECDSA(SHA256()))
    with pytest.raises(SealError, match="forged"):
        read(f"{signed}.{base64url.encode(from_der)}")


def test_too_large_a_payload_is_neither_signed_nor_read() -> None:
    with pytest.raises(SealError, match="too-large"):
        jws.sign(bytes(jws.MAX_PAYLOAD + 1), KEY, kid=KID)
    for bad in ("a" * 2000, "\ud800"):
        with pytest.raises(SealError):
            jws.sign(PAYLOAD, KEY, kid=bad)
        with pytest.raises(SealError):
            jws.cosign(TOKEN, THIRD, kid=bad)
    assert read(jws.sign(b"", KEY, kid=KID, type=TYPE)).payload == b""
    with pytest.raises(SealError, match="too-large"):
        read(f"{HEAD}.{base64url.encode(bytes(jws.MAX_PAYLOAD + 1))}.{MARK}")
    assert read(jws.sign(bytes(1_000_000), KEY, kid=KID, type=TYPE)).payload == bytes(1_000_000)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, len(TOKEN) - 1), letter=st.characters(codec="utf-8"))
def test_any_letter_replaced_is_refused_or_changes_nothing(at: int, letter: str) -> None:
    altered = TOKEN[:at] + letter + TOKEN[at + 1 :]
    if altered == TOKEN:
        return
    with pytest.raises(SealError):
        read(altered)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_refused_by_our_error_alone(text: str) -> None:
    with pytest.raises(SealError):
        read(text)
    with pytest.raises(SealError):
        read(f"{base64url.encode(text.encode('utf-8', 'replace'))}.{BODY}.{MARK}")


def test_a_co_signature_is_over_the_whole_token() -> None:
    cosignature = jws.cosign(TOKEN, THIRD, kid="post-pq")
    keys = {"post-pq": THIRD.public_key()}
    assert jws.verify_cosignature(TOKEN, cosignature, keys) == "post-pq"
    head, _, signature = cosignature.split(".")
    assert len(base64url.decode(signature, "signature")) == 3309
    for token, given_, known in (
        (TOKEN[:-4] + "AAAA", cosignature, keys),
        (TOKEN, f"{head}.{BODY}.{signature}", keys),
        (TOKEN, f"{head}..{signature[:-4]}", keys),
        (TOKEN, TOKEN, keys),
        (TOKEN, cosignature, {"post-pq": mldsa65("stranger").public_key()}),
        (TOKEN, cosignature, {}),
    ):
        with pytest.raises(SealError):
            jws.verify_cosignature(token, given_, known)
    with pytest.raises(SealError):  # and it is no signature of its own
        read(f"{head}.{BODY}.{signature}", algorithms=("ML-DSA-65",))


@pytest.mark.parametrize("key", [KEY, SECOND, THIRD])
def test_a_public_key_is_written_and_read(key: Any) -> None:
    written = jwk.write_public(key.public_key())
    assert jwk.write_public(jwk.read_public(written, "sig")) == written
    with pytest.raises(SealError, match="owner"):
        jwk.read_public({**written, "d": "AA", "priv": "AA"}, "sig")


def test_the_key_of_rfc_7638_style_members_only_is_in_the_thumbprint() -> None:
    written = jwk.write_public(KEY.public_key())
    text = json.dumps(dict(sorted(written.items())), separators=(",", ":"))
    assert jwk.thumbprint(KEY.public_key()) == base64url.encode(
        hashlib.sha256(text.encode()).digest()
    )


ED = jwk.write_public(KEY.public_key())
EC = jwk.write_public(SECOND.public_key())


@pytest.mark.parametrize(
    "bad",
    [
        {**ED, "use": "enc"},
        {**ED, "alg": "ES256"},
        {**ED, "key_ops": ["encrypt"]},
        {**ED, "key_ops": "verify"},
        {**ED, "x": ED["x"] + "="},
        {**ED, "x": ED["x"][:-2]},
        {**ED, "crv": "X25519"},
        {**ED, "crv": "Ed448"},
        {**EC, "y": ED["x"]},
        {**EC, "crv": "P-384"},
        {**EC, "kty": "RSA"},
        {"kty": "oct", "k": "AAAA"},
        {},
    ],
)
def test_a_key_that_disagrees_with_itself_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(SealError):
        jwk.read_public(bad, "sig")


def test_a_set_of_keys_is_good_or_refused_whole() -> None:
    first, second = {**ED, "kid": "a"}, {**EC, "kid": "b"}
    assert list(jwk.read_set({"keys": [first, second]}, "sig")) == ["a", "b"]
    for bad in (
        [],
        [first, first],
        [first, EC],
        [first, {"kty": "oct", "k": "AA", "kid": "c"}],
        "x",
    ):
        with pytest.raises(SealError):
            jwk.read_set({"keys": bad}, "sig")


P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def times_eight(y: int) -> int | None:
    """The y of eight times a point on the curve of RFC 8032, reckoned by its own formulas; none when there is no such point."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    for _ in range(3):
        bend = D * x * x * y * y % P
        x, y = (
            2 * x * y * pow(1 + bend, P - 2, P) % P,
            (y * y + x * x) * pow(1 - bend, P - 2, P) % P,
        )
    return y


@pytest.mark.parametrize("y", [0, 1, P - 1, P, P + 1, jwk._EIGHTH, P - jwk._EIGHTH])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_a_key_whose_signatures_fit_several_messages_is_refused(y: int, sign: int) -> None:
    assert times_eight(y % P) == 1  # of small order, by the curve's own arithmetic
    raw = (y | sign).to_bytes(32, "little")
    with pytest.raises(SealError):
        jwk.read_public({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(raw)}, "sig")


def test_the_keys_refused_are_all_eight_there_are_and_no_good_one() -> None:
    """The cofactor is 8: y = 1 and -1 have one point each, 0 and the two of order 8 have two each."""
    assert sum(1 if y in (1, P - 1) else 2 for y in jwk._SMALL) == 8
    assert times_eight(int.from_bytes(KEY.public_key().public_bytes_raw(), "little") % 2**255) != 1
