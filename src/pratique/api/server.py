"""How does a node listen? One process, HTTP/1.1 over TLS, bounded in connections, heads and times."""

from __future__ import annotations

import ssl
from typing import Any, Final

import uvicorn
from starlette.applications import Starlette

from pratique.api.connection import Connection

MAX_CONNECTIONS: Final = 400
MAX_HEAD: Final = 16_384
"""Bytes of the head of a request at most."""
KEEP_ALIVE_SECONDS: Final = 60
_STOP_SECONDS: Final = 10


def server(
    application: Starlette, host: str, port: int, context: ssl.SSLContext | None
) -> uvicorn.Server:
    """A server that is ready to run; without TLS only behind something that has it."""
    own: dict[str, Any] = {"ssl_context_factory": lambda *_: context} if context else {}
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        http=Connection,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        h11_max_incomplete_event_size=MAX_HEAD,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_STOP_SECONDS,
        **own,
    )
    return uvicorn.Server(config)
