"""How do two nodes speak so that nobody listens? TLS 1.3 on both sides, certificates known by their fingerprint.

No public authority of the web vouches for a node: the signed directory names the SHA-256 fingerprints of the certificates a
partner shows. As a client we compare the certificate before a byte is sent. As a server we ask for one that is in a file of
certificates handed over beforehand, and compare its fingerprint with the directory once the request says who asks.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Collection
from pathlib import Path

from pratique.errors import ExchangeError


def server_context(certificate: Path, key: Path, clients: Path | None) -> ssl.SSLContext:
    """TLS of the server; with ``clients``, a PEM file, only those who show one of its certificates come in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients)
    return context


def client_context(certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    """TLS of the client, which shows its own certificate. Whom it meets is decided by ``check_pinned`` alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context


def fingerprint(certificate: bytes | None) -> str:
    """The SHA-256 fingerprint of a certificate in DER, hexadecimal; empty for none."""
    return hashlib.sha256(certificate).hexdigest() if certificate else ""


def check_pinned(certificate: bytes | None, known: Collection[str]) -> None:
    """Raise ``ExchangeError`` unless the certificate is one of those the directory names."""
    found = fingerprint(certificate)
    if not found or not any(hmac.compare_digest(found, each.lower()) for each in known):
        raise ExchangeError(
            "certificate",
            f"The certificate {found[:16] or 'missing'}… is none that the directory names.",
            "tls",
        )
