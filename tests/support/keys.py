"""Keys that never change, for tests and for the vectors of docs/protocol. They protect nothing."""

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey


def seed(name: str) -> bytes:
    """32 bytes that anybody can make from a name."""
    return hashlib.sha256(f"Pratique test key {name}".encode()).digest()


def ed25519(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed(name))


def p256(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(seed(name), "big"), ec.SECP256R1())


def mldsa65(name: str) -> MLDSA65PrivateKey:
    return MLDSA65PrivateKey.from_seed_bytes(seed(name))


def x25519(name: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(seed(name))
