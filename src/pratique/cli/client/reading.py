"""How are the keys and certificates of clients read? Public keys with their days, fingerprints of certificates."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from pratique.cli.arguments import a_date, now, read_bytes
from pratique.errors import UsageError
from pratique.exchange import jwk, plain_json, seal
from pratique.exchange.partners import PartnerKey, public_key

_MOST_BYTES: Final = 16_384
_USUAL: Final = timedelta(days=730)


def add_days(parser: argparse.ArgumentParser) -> None:
    """Options for the days a key holds."""
    parser.add_argument("--from", dest="from_day", metavar="DAY", help="first day (default: now)")
    parser.add_argument(
        "--until", metavar="DAY", help="first day no longer (default: two years after)"
    )


def client_keys(names: list[str], args: argparse.Namespace) -> tuple[PartnerKey, ...]:
    """The public keys in these files, PEM (Ed25519) or JSON Web Key (Ed25519, P-256), with the days they hold."""
    begins = _midnight(args.from_day) if args.from_day else now()
    ends = _midnight(args.until) if args.until else begins + _USUAL
    return tuple(public_key(_public(name), "sig", begins, ends) for name in names)


def fingerprint(name: str) -> str:
    """The SHA-256 of the certificate in a PEM file, hexadecimal. Raises ``UsageError``."""
    try:
        certificate = x509.load_pem_x509_certificate(read_bytes(name)[:_MOST_BYTES])
    except ValueError as error:
        raise UsageError(f"{name} holds no certificate in PEM: give the client's own.") from error
    return certificate.fingerprint(hashes.SHA256()).hex()


def _public(name: str) -> Any:
    data = read_bytes(name)
    if data.lstrip()[:1] == b"{":
        return jwk.read_public(plain_json.read_object(data, _MOST_BYTES, name), "sig")
    return seal.read_public(data, name)


def _midnight(text: str) -> datetime:
    return datetime.combine(a_date(text), time(), UTC)
