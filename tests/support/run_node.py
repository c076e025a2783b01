"""One node in a process of its own, over a directory in a file. It says on standard output when it is ``ready``, when somebody
was ``missed``, when it is ``done`` (COUNT messages came and none is left to deliver), and at its end what came.

python -m tests.support.run_node FOLDER PARTY COUNT
"""

import json
import secrets
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pratique.api.asking import House
from pratique.api.client import Client
from pratique.api.courier import Courier
from pratique.api.hosted import NodeThread
from pratique.api.running import Listen, run, stop_on_signals
from pratique.api.tls import client_context, server_context
from pratique.exchange.partners import Partner
from pratique.office.intake import Intake
from tests.support.keys import ed25519
from tests.support.nodes import MemoryNode


def now() -> datetime:
    return datetime.now(UTC)


def watch(node: MemoryNode, count: int, stop: threading.Event) -> None:
    said = set[str]()
    while not stop.wait(0.02):
        missed = any(answer is None for _, answer in node.told)
        done = len(node.inbox) == count and not any(node.outbox.values())
        for what, holds in (("missed", missed), ("done", done)):
            if holds and what not in said:
                said.add(what)
                print(what, flush=True)


def main(folder: Path, party: str, count: int) -> None:
    directory = msgspec.json.decode((folder / "directory.json").read_bytes(), type=list[Partner])
    entry = next(each for each in directory if each.id == party)
    host, port = entry.address.removeprefix("https://").split(":")
    node = MemoryNode(party, directory, f"sqlite:///{folder / party / 'node.db'}")
    node.expires = datetime(9999, 1, 1, tzinfo=UTC)
    outbox = folder / party / "outbox.json"
    if outbox.exists():
        node.outbox = {
            to: [each.encode() for each in told]
            for to, told in json.loads(outbox.read_bytes()).items()
        }
    thread: NodeThread = Intake(lambda: node, lambda each, messages: each.receive(messages, now()))
    own = folder / party / "tls.pem", folder / party / "tls.key"
    key = ed25519(f"http {party}")
    client = Client(
        key, client_context(*own), now, secrets.token_bytes, private_addresses=True, seconds=3
    )
    house = House(authority=f"{host}:{port}", key=key, card=entry, now=now)
    tls = server_context(*own, folder / "clients.pem")
    stop = threading.Event()
    stop_on_signals(stop)
    watching = threading.Thread(target=watch, args=(node, count, stop), daemon=True)
    run(
        thread,
        house,
        Courier(thread, client, now),
        Listen(host=host, port=int(port), tls=tls),
        stop=stop,
        ready=lambda listening: (print(f"ready {listening}", flush=True), watching.start()),
    )
    said = {
        "inbox": [each.decode() for each in node.inbox],
        "left": sum(len(each) for each in node.outbox.values()),
        "groups": node.groups,
    }
    print(json.dumps(said), flush=True)


main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
