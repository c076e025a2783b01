"""How does a node live? It listens and carries until it is told to stop, and then ends what it has begun.

Three threads beside that of the node: the server's loop, the courier, and the caller's own, which waits. A signal to end the
process stops taking, answers what was taken, and closes the store.
"""

from __future__ import annotations

import signal
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Final

import msgspec

from pratique.api.asking import House
from pratique.api.courier import Courier
from pratique.api.hosted import NodeThread
from pratique.api.routes import application
from pratique.api.server import server

_STOP_SECONDS: Final = 30
_LOOK_SECONDS: Final = 0.2


class Listen(msgspec.Struct, frozen=True, kw_only=True):
    """Where to listen, and with which TLS; None only behind something that has it."""

    host: str
    port: int
    tls: ssl.SSLContext | None


def run(
    thread: NodeThread,
    house: House,
    courier: Courier,
    listen: Listen,
    *,
    stop: threading.Event,
    ready: Callable[[int], None],
) -> None:
    """Serve and carry until ``stop``; ``ready`` is told the port once it listens. Raises ``OSError`` when it cannot."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    plain = socket.create_server((listen.host, listen.port), family=family)
    port = int(plain.getsockname()[1])
    serving = server(application(thread, house), listen.host, port, listen.tls)
    threads = (
        threading.Thread(target=serving.run, kwargs={"sockets": [plain]}, name="pratique-door"),
        threading.Thread(target=courier.run, args=(stop.is_set, stop.wait), name="pratique-rounds"),
    )
    for each in threads:
        each.daemon = True
        each.start()
    ready(port)
    while not stop.wait(_LOOK_SECONDS) and all(each.is_alive() for each in threads):
        pass
    stop.set()
    serving.should_exit = True
    for each in threads:
        each.join(_STOP_SECONDS)
    courier.close()
    thread.close()
    plain.close()


def stop_on_signals(stop: threading.Event) -> None:
    """Let an interrupt or a request to terminate set ``stop``."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
