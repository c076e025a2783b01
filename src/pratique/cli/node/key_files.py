"""Where are a node's keys? Files in its folder ``keys``, or a token (PKCS #11) that ``node.toml`` names.

``keys.json`` has the ring (``office.node_keys``), beside it each private key as a file of its own, readable by its owner alone. A file that
is there is never replaced, except the ring, which is replaced whole. Signing keys and log keys may be in a token.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pratique.errors import UsageError
from pratique.exchange import hpke, seal
from pratique.office.node_keys import LIFE, KeyEntry, KeyUse, Ring, entry, read_ring, write_ring

RING: Final = "keys.json"
_TLS_LIFE: Final = timedelta(days=1826)
_MOST_BYTES: Final = 1_048_576


class TokenPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A token as ``node.toml`` names it under ``[token]``: module, label, and the file that has the PIN."""

    module: str
    label: str
    pin_file: str


def open_token(place: TokenPlace, folder: Path) -> Any:
    """The token, logged into. Raises ``UsageError`` where what it needs is missing, ``StoreError``."""
    try:
        hardware: Any = importlib.import_module("pratique.store.hardware_keys")
    except ImportError as error:
        raise UsageError("A token needs python-pkcs11: pip install 'pratique[pkcs11]'.") from error
    return hardware.Token(place.module, place.label, read_secret(folder / place.pin_file).decode())


def read_keys(folder: Path) -> Ring:
    """The ring in a folder of keys. Raises ``UsageError`` and ``SealError``."""
    return read_ring(read_file(folder / RING))


def write_keys(folder: Path, ring: Ring) -> None:
    """Keep a ring in place of the one there is, whole or not at all."""
    replace_file(folder / RING, write_ring(ring), 0o644)


def private_key(folder: Path, key: KeyEntry, token: Any = None) -> Any:
    """The private part of a key. Raises ``UsageError``, ``StoreError`` or ``SealError`` where it is not what it says."""
    if key.label:
        if token is None:
            raise UsageError(f"The key {key.kid} is in a token: node.toml must name it.")
        found = token.key(key.label)
    elif key.use == "hybrid":
        found = hpke.read_private(read_secret(folder / key.file))
    else:
        found = _read_pem(folder / key.file, key.use)
    if entry(key.use, found, key.not_before).kid != key.kid:
        raise UsageError(f"{key.label or key.file} is not the private key of {key.kid}.")
    return found


def new_key(
    folder: Path, use: KeyUse, begin: datetime, life: timedelta = LIFE, token: Any = None
) -> KeyEntry:
    """A key nobody had before, its private part kept; gives its entry, which is in no ring yet."""
    if token is not None:
        if use not in ("sig", "log"):
            raise UsageError("A token holds keys that sign: --use sig or log.")
        label = f"pratique-{use}-{secrets.token_hex(4)}"
        made = entry(use, token.new(label), begin, life)
        return msgspec.structs.replace(made, label=label)
    key: Any
    if use == "hybrid":
        raw = secrets.token_bytes(hpke.PRIVATE_BYTES)
        key, data, ending = hpke.read_private(raw), raw, "key"
    else:
        key = X25519PrivateKey.generate() if use == "enc" else Ed25519PrivateKey.generate()
        data, ending = _pem(key), "pem"
    made = entry(use, key, begin, life)
    name = f"{use}-{made.kid[:8].replace('_', 'u').replace('-', 'd')}"
    write_secret(folder / f"{name}.{ending}", data)
    if use in ("sig", "log"):
        create_file(folder / f"{name}.public.pem", seal.public_pem(key.public_key()), 0o644)
    return msgspec.structs.replace(made, file=f"{name}.{ending}")


def give_up(folder: Path, key: KeyEntry, token: Any = None) -> None:
    """Destroy the private part of a key. Copies in backups are for whoever keeps them to destroy."""
    if key.label:
        if token is None:
            raise UsageError(f"The key {key.kid} is in a token: node.toml must name it.")
        token.destroy(key.label)
        return
    path = folder / key.file
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(bytes(size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def new_certificate(folder: Path, party: str, now: datetime) -> str:
    """A key for TLS and a certificate that vouches for itself, as ``tls.key`` and ``tls.pem``; gives its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, party)])
    uses = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + _TLS_LIFE)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(party)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .sign(key, hashes.SHA256())
    )
    write_secret(folder / "tls.key", _pem(key))
    create_file(folder / "tls.pem", made.public_bytes(serialization.Encoding.PEM), 0o644)
    return fingerprint(folder / "tls.pem")


def fingerprint(path: Path) -> str:
    """The SHA-256 fingerprint of a certificate, hexadecimal. Raises ``UsageError``."""
    try:
        read = x509.load_pem_x509_certificate(read_file(path))
    except ValueError as error:
        raise UsageError(f"{path} is no certificate in PEM.") from error
    return hashlib.sha256(read.public_bytes(serialization.Encoding.DER)).hexdigest()


# Files


def read_file(path: Path, limit: int = _MOST_BYTES) -> bytes:
    """A file of at most so many bytes. Raises ``UsageError``."""
    if not path.is_file():
        raise UsageError(f"There is no file {path}: is this the folder of a node?")
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UsageError(f"{path} is larger than {limit} bytes: it is none of a node's.")
    return data


def read_secret(path: Path) -> bytes:
    """A file that its owner alone may read. Raises ``UsageError`` for one that others may."""
    data = read_file(path)
    if path.stat().st_mode & 0o077:
        raise UsageError(f"Others may read {path}: chmod 600 it, and think of it as known.")
    return data.strip() if path.suffix not in (".key", ".pem") else data


def write_secret(path: Path, data: bytes) -> None:
    """A new file that its owner alone may read, on disk before this returns."""
    create_file(path, data, 0o600)


def create_file(path: Path, data: bytes, mode: int) -> None:
    """A file that was not there, with these rights from its first moment on. Raises ``UsageError``."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already: it is never replaced.") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_file(path: Path, data: bytes, mode: int) -> None:
    """A file in place of the one there was, whole or not at all."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    create_file(beside, data, mode)
    beside.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pem(key: Any) -> bytes:
    data: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return data


def _read_pem(path: Path, use: KeyUse) -> Any:
    data = read_secret(path)
    if use != "enc":
        return seal.read_private(data, path.name)
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path} holds no private key in PEM.") from error
    if not isinstance(key, X25519PrivateKey):
        raise UsageError(f"{path} holds no X25519 key.")
    return key
