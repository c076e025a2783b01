"""Is this entry of a partner one to rely on? Names, addresses, windows and keys of a ``Partner``, held to their bounds.

The same for the card a party hands to its authority as for what the authority signs. Raises ``SealError``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from pratique.errors import SealError
from pratique.exchange import jwk, jws, note, plain_json
from pratique.exchange.canonical import canonical
from pratique.exchange.partners import Partner, PartnerKey

MAX_CARD: Final = 65_536
MAX_KEYS: Final = 16
MAX_LINES: Final = 16
MAX_NAME: Final = 200
MAX_ADDRESS: Final = 255
ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?\Z", re.ASCII)
ISSUER: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?\Z", re.ASCII)
_PLACE: Final = re.compile(r"[A-Z]{2}\Z", re.ASCII)
_ROLE: Final = re.compile(r"[a-z][a-z_]{0,39}\Z", re.ASCII)
_ADDRESS: Final = re.compile(
    r"https://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?(?:/[A-Za-z0-9._~/-]*)?\Z",
    re.ASCII,
)
_MOST_PORT: Final = 65_535
_CERTIFICATE: Final = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_PROBE: Final = X25519PrivateKey.from_private_bytes(b"\x01" * 32)


def read_card(data: bytes) -> Partner:
    """The entry a party asks for, as its file holds it. Raises ``SealError``."""
    plain = plain_json.read_object(data, MAX_CARD, "card")
    try:
        card = msgspec.convert(plain, Partner)
    except msgspec.ValidationError as problem:
        raise SealError("shape", f"No entry of a partner: {problem}.", "card") from problem
    refuse_unsound((card,))
    return card


def card_fingerprint(card: Partner) -> str:
    """What a party and its authority read to each other: SHA-256 of the entry, in groups of four."""
    return fingerprint(msgspec.to_builtins(card))


def fingerprint(plain: Any) -> str:
    """The first half of the SHA-256 of plain values in their canonical form, in groups of four digits."""
    text = hashlib.sha256(canonical(plain)).hexdigest()[:32]
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def refuse_unsound(partners: Collection[Partner]) -> None:
    """Raise ``SealError`` for the first fault of any entry, an id or a key that stands twice."""
    ids: set[str] = set()
    names: set[str] = set()
    for partner in partners:
        check_entry(partner)
        if not 0 < len(partner.keys) <= MAX_KEYS:
            raise fault(f"A partner has 1 to {MAX_KEYS} keys.", partner.id)
        if partner.id in ids:
            raise fault("Two partners have one id.", partner.id)
        ids.add(partner.id)
        for name in map(_check_key, partner.keys):
            if name in names:
                raise fault(f"The key {name} stands twice.", partner.id)
            names.add(name)


def check_window(key: PartnerKey, where: str) -> None:
    """Raise ``SealError`` for a key that never holds."""
    if key.not_after <= key.not_before:
        raise fault("A key ends before it begins.", where)


def fault(message: str, where: str) -> SealError:
    """What is wrong with an entry, an anchor or a directory, and where."""
    return SealError("directory", message, where)


def check_entry(partner: Partner) -> None:
    """Raise ``SealError`` for the first fault of an entry, its keys not looked at."""
    if not ID.match(partner.id):
        raise fault(
            f"{partner.id[:64]!r} is no id: small letters, digits, dots and dashes.", "partners"
        )
    shown = partner.name.isprintable() and 0 < len(partner.name.strip()) <= MAX_NAME
    checks = (
        (shown, f"A name has 1 to {MAX_NAME} letters that can be seen."),
        (bool(_PLACE.match(partner.place)), "A place is a country, written as DE."),
        (bool(_ROLE.match(partner.role)), "A role is small letters."),
        (_is_reached(partner), "To push it needs an https address, of host, port and path alone."),
        (len(partner.log) <= MAX_LINES, f"At most {MAX_LINES} verifier keys of logs."),
        (len(partner.certificates) <= MAX_LINES, f"At most {MAX_LINES} certificates."),
        (
            all(map(_CERTIFICATE.match, partner.certificates)),
            "A certificate is its SHA-256 in hexadecimal.",
        ),
    )
    for holds, said in checks:
        if not holds:
            raise fault(said, partner.id)
    for line in partner.log:
        jwk.refuse_small_order(note.read_vkey(line).key)


def _is_reached(partner: Partner) -> bool:
    if not partner.address:
        return partner.reach != "push"
    found = _ADDRESS.match(partner.address)
    port = found["port"] if found else None
    return (
        found is not None
        and len(partner.address) <= MAX_ADDRESS
        and (port is None or 0 < int(port) <= _MOST_PORT)
    )


def _check_key(key: PartnerKey) -> str:
    """The name of a key that is good for its use. Raises ``SealError``."""
    check_window(key, "keys")
    read: Any = jwk.read_public(key.jwk, key.use)
    if key.use == "sig" and jwk.algorithm_of(read) not in jws.ALGORITHMS:
        raise fault("A partner signs with Ed25519 or P-256.", "keys")
    if isinstance(read, X25519PublicKey):
        _refuse_small_order(read)
    return jwk.thumbprint(read)


def _refuse_small_order(key: X25519PublicKey) -> None:
    """Refuse a point with which every secret is zero (RFC 7748, 6.1)."""
    try:
        _PROBE.exchange(key)
    except ValueError as problem:
        raise SealError("key", "A weak X25519 key: anybody knows its secrets.", "keys") from problem
