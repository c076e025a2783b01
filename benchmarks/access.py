"""What do tokens cost, and how long does comparing two sets take? Medians of a few runs, in one process.

python benchmarks/access.py            tokens, and sets of 1,000 and 10,000
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pratique.exchange import access_token, client_assertion, intersection, jwk
from pratique.exchange.clients import Client
from pratique.exchange.partners import public_key
from pratique.office.clients import caller, register
from pratique.office.token_endpoint import FORM_TYPE, token_endpoint
from pratique.store import open_database
from pratique.store.clients import ClientRows
from tests.support.clients import ISSUER, TLS, form, randomness
from tests.support.keys import ed25519

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def median(step: Callable[[], object], times: int) -> float:
    """Seconds a step takes, the median."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        step()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def tokens() -> None:
    """Print what each step with a token takes."""
    key = ed25519("scanner-1")
    held = public_key(key.public_key(), "sig", NOW - timedelta(days=1), NOW + timedelta(days=9))
    client = Client(
        id="scanner-1", tenant="customs-aa", roles=("customs_officer",), scopes=("read",), keys=(held,), certificates=(TLS,)
    )  # fmt: skip
    keys = {jwk.thumbprint(ISSUER.key.public_key()): ISSUER.key.public_key()}
    with tempfile.TemporaryDirectory() as folder:
        rows = ClientRows(open_database(f"sqlite:///{folder}/store.db"))
        register(client, rows, now=NOW)

        def assertion() -> str:
            return client_assertion.make(
                "scanner-1", ISSUER.endpoint, key, randomness=randomness, now=NOW
            )

        def whole() -> None:
            sent = form(assertion())
            reply = token_endpoint(
                sent, FORM_TYPE, ISSUER, rows, certificate=TLS, randomness=randomness, now=NOW
            )
            assert reply.status == 200

        token = access_token.issue(
            client, ("read",), ISSUER.audience, ISSUER.key,
            certificate=TLS, randomness=randomness, now=NOW,
        )  # fmt: skip
        told = assertion()
        for name, step in (
            ("make an assertion", assertion),
            ("verify an assertion", lambda: client_assertion.verify(told, client, audiences=(ISSUER.endpoint,), now=NOW)),
            ("verify a token", lambda: access_token.verify(token, keys, ISSUER.audience, certificate=TLS, now=NOW)),
            ("verify a token, look its client up", lambda: caller(token, keys, ISSUER.audience, rows, certificate=TLS, now=NOW)),
            ("assertion made, token given (SQLite, one commit)", whole),
        ):  # fmt: skip
            print(f"{name:<52} {median(step, 300) * 1e6:8.0f} us")


def sets(size: int) -> None:
    """Print what comparing two sets of that size takes, half of it in both."""
    ours = [f"person {number}" for number in range(size)]
    theirs = [f"person {number}" for number in range(size // 2, size + size // 2)]
    asker, other = intersection.new_key(randomness), intersection.new_key(randomness)
    asked = intersection.ask(ours, asker, b"", "elements")
    answered = intersection.answer(asked, theirs, other, b"", "elements")
    found, count = intersection.intersect(answered, ours, asker, b"", "elements")
    assert (len(found), count) == (size // 2, size // 2)
    times = 3
    steps = (
        ("ask", lambda: intersection.ask(ours, asker, b"", "elements")),
        ("answer", lambda: intersection.answer(asked, theirs, other, b"", "elements")),
        ("intersect", lambda: intersection.intersect(answered, ours, asker, b"", "elements")),
    )
    took = ", ".join(f"{name} {median(step, times):.2f} s" for name, step in steps)
    print(
        f"{size:>6} elements a side: {took}; {len(asked):,} B asked, {sum(map(len, answered)):,} B answered"
    )


if __name__ == "__main__":
    tokens()
    sets(1_000)
    sets(10_000)
