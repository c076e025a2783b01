"""Who holds this connection, and does he ever speak? HTTP/1.1 of the server, with the client's certificate and a patience.

uvicorn gives an application neither the certificate a client shows nor a bound on how long the head of a request may take.
Both are had from its connection: the fingerprint goes into the state of the request, a slow head closes the connection.
"""

from __future__ import annotations

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from pratique.api.tls import fingerprint

HEAD_SECONDS: Final = 10.0
"""How long the head of a request, or a handshake that went before, may take."""
_GOODBYE_SECONDS: Final = 0.5
CERTIFICATE: Final = "certificate"
"""Under which name the state of a request has the fingerprint of the client's certificate."""


class Connection(H11Protocol):
    """One connection of a client."""

    head_seconds = HEAD_SECONDS
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        shown = tls.getpeercert(binary_form=True) if tls is not None else None
        self.app_state = {**self.app_state, CERTIFICATE: fingerprint(shown)}
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Stop; a client that does not end TLS in its turn is not waited for long."""
        super().shutdown()
        self.loop.call_later(_GOODBYE_SECONDS, self._close_ended)

    def _close_ended(self) -> None:
        if self.transport.is_closing():
            self.transport.abort()

    def _watch(self) -> None:
        """Wait for the head of a request, or no longer."""
        if self.conn.their_state is not h11.IDLE:
            self._calm()
        elif self._patience is None:
            self._patience = self.loop.call_later(self.head_seconds, self._close)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _close(self) -> None:
        self.transport.abort()
