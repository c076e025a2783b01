"""How does a node reach another? One request over TLS to a partner of the directory, its answer verified.

The address is that of the signed directory and of nothing else: no redirect is followed, no proxy of the environment asked. Its
host is resolved once and that address is used; those of private networks are refused unless the directory writes the number
itself and the node is told to allow it. The certificate must be one the directory names. Connections are kept.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import msgspec

from pratique.api.media import MAX_BODY
from pratique.api.tls import check_pinned
from pratique.errors import ExchangeError
from pratique.exchange.http_message import Request, Response
from pratique.exchange.http_signature import sign_request, verify_response
from pratique.exchange.jwk import SigningKey
from pratique.exchange.partners import Partner, Partners
from pratique.exchange.randomness import Randomness

SECONDS: Final = 20.0
"""How long a request may take from the first byte to the last."""
MAX_KEPT: Final = 64
"""Connections kept at most."""
_PIECE: Final = 65_536


class NoAnswerError(ExchangeError):
    """No answer came that can be relied on: whether the partner has the message is not known."""


class Address(msgspec.Struct, frozen=True):
    """Where a partner listens, out of its address in the directory."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as a request names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == http.client.HTTPS_PORT else f"{host}:{self.port}"


class Client:
    """Asks partners in the name of one party; several threads may ask at once.

    ``private_addresses`` allows addresses of this machine or a private network, written as numbers in the directory.
    """

    def __init__(
        self,
        key: SigningKey,
        context: ssl.SSLContext,
        now: Callable[[], datetime],
        randomness: Randomness,
        *,
        private_addresses: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        self._key, self._context, self._now, self._randomness = key, context, now, randomness
        self._private, self._seconds = private_addresses, seconds
        self._kept: dict[tuple[str, str], _Pinned] = {}

    def ask(self, partners: Partners, id: str, asked: Request) -> Response:
        """The verified answer of a partner to a request (method, path below its address, fields, body).

        Raises ``NoAnswerError`` when there is none, or one that is not the partner's.
        """
        partner = partners.get(id)
        address = address_of(partner)
        now = self._now()
        whole = msgspec.structs.replace(
            asked, authority=address.authority, path=f"{address.path}{asked.path}"
        )
        signed = sign_request(whole, self._key, now=now, randomness=self._randomness)
        response = self._send(partner, address, signed)
        try:
            verify_response(response, signed, partners.signing(id, now), now=self._now())
        except ExchangeError as problem:
            raise NoAnswerError(
                "answer", f"{id} answered {response.status}, not relied on ({problem.code}).", id
            ) from problem
        return response

    def close(self) -> None:
        """Let go of all connections."""
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()

    def _send(self, partner: Partner, address: Address, signed: Request) -> Response:
        """Over the connection kept, or a new one when that has ended in the meantime."""
        name = (partner.id, partner.address)
        kept = self._kept.pop(name, None)
        end = time.monotonic() + self._seconds
        try:
            if kept is not None and not kept.has_ended():
                connection = kept
            else:
                connection = self._connect(partner, address)
            response = _exchange(connection, signed, end)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise NoAnswerError(
                "no-answer",
                f"{partner.id} at {address.authority}: {type(problem).__name__}.",
                partner.id,
            ) from problem
        if connection.sock is not None and len(self._kept) < MAX_KEPT:
            self._kept[name] = connection
        else:
            connection.close()
        return response

    def _connect(self, partner: Partner, address: Address) -> _Pinned:
        where = resolve(address, self._private)
        connection = _Pinned(where, address, self._context, partner.certificates, self._seconds)
        connection.connect()
        return connection


def address_of(partner: Partner) -> Address:
    """Where a partner is reached. Raises ``NoAnswerError`` for an address that is no plain https address."""
    try:
        parts = urlsplit(partner.address)
        port = parts.port or http.client.HTTPS_PORT
    except ValueError as problem:
        raise NoAnswerError(
            "address", f"{partner.id} has no readable address.", partner.id
        ) from problem
    plain = parts.scheme == "https" and parts.hostname and "@" not in parts.netloc
    if not plain or parts.query or parts.fragment or not partner.address.isascii():
        raise NoAnswerError("address", f"{partner.id} has no https address.", partner.id)
    return Address(parts.hostname or "", port, parts.path.rstrip("/"))


def resolve(address: Address, private: bool) -> str:
    """The one network address to connect to. Raises ``NoAnswerError`` for one that is not of the public network."""
    try:
        found = ipaddress.ip_address(address.host)
        literal = True
    except ValueError:
        literal = False
        try:
            first = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
            found = ipaddress.ip_address(first[4][0])
        except (OSError, UnicodeError, ValueError) as problem:
            raise NoAnswerError(
                "no-answer", f"{address.host} is not found.", address.host
            ) from problem
    if not _is_public(found) and not (literal and private and not found.is_multicast):
        raise NoAnswerError(
            "private-address", f"{address.host} is an address of no public network.", address.host
        )
    return str(found)


def _is_public(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is of the public network, also behind the forms in which IPv6 wraps IPv4."""
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is not None:
            return _is_public(inner)
        if found in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
    return found.is_global and not found.is_multicast


_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


class _Pinned(http.client.HTTPSConnection):
    """A connection to one network address, with a certificate that is known beforehand."""

    def __init__(
        self,
        where: str,
        address: Address,
        context: ssl.SSLContext,
        certificates: tuple[str, ...],
        seconds: float,
    ) -> None:
        super().__init__(address.host, address.port, timeout=seconds, context=context)
        self._where, self._tls, self._certificates = where, context, certificates

    def connect(self) -> None:
        plain = socket.create_connection((self._where, self.port), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            secured = self._tls.wrap_socket(plain, server_hostname=self.host)
        except (OSError, ValueError):
            plain.close()
            raise
        try:
            check_pinned(secured.getpeercert(binary_form=True), self._certificates)
        except ExchangeError as problem:
            secured.close()
            raise ConnectionRefusedError(str(problem)) from problem
        self.sock = secured

    def has_ended(self) -> bool:
        """Whether the partner closed it while it was kept: then there is something to read before we ask."""
        if self.sock is None:
            return True
        try:
            self.sock.settimeout(0)
            self.sock.recv(1)
        except (ssl.SSLWantReadError, BlockingIOError):
            self.sock.settimeout(self.timeout)
            return False
        except OSError:
            pass
        self.close()
        return True

    def cut(self) -> None:
        """End it while another thread waits for it: the answer took too long."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _exchange(connection: _Pinned, signed: Request, end: float) -> Response:
    """Send and read, within a time and a size. Raises ``OSError`` and ``HTTPException``."""
    target = f"{signed.path}?{signed.query}" if signed.query else signed.path
    watch = threading.Timer(_left(end), connection.cut)
    watch.start()
    try:
        connection.putrequest(signed.method, target, skip_host=True, skip_accept_encoding=True)
        connection.putheader("host", signed.authority)
        for name, value in signed.fields:
            connection.putheader(name, value)
        if signed.body or signed.method == "POST":
            connection.putheader("content-length", str(len(signed.body)))
        connection.endheaders(signed.body or None)
        answer = connection.getresponse()
        body = _read(answer)
    except BaseException:
        connection.close()
        raise
    finally:
        watch.cancel()
    fields = tuple((name.lower(), value) for name, value in answer.getheaders())
    return Response(status=answer.status, fields=fields, body=body)


def _read(answer: http.client.HTTPResponse) -> bytes:
    found = bytearray()
    while piece := answer.read(_PIECE):
        found += piece
        if len(found) > MAX_BODY:
            raise http.client.HTTPException("the answer is too large")
    if answer.length:
        raise http.client.HTTPException("the answer was cut")
    return bytes(found)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the answer took too long")
    return left
