"""What does an envelope's cryptography cost: signing, encrypting, disclosing element by element?

python benchmarks/exchange_crypto.py       one core, microseconds, median of many; a message of 2 kB
"""

from __future__ import annotations

import hashlib
import json
import secrets
import statistics
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pratique.exchange import disclosure, hpke, jwe, jws

ROUNDS, ELEMENTS, SHOWN, BYTES = 300, 90, 30, 2048
READ_BEFORE_US = {
    "sign": 38,
    "verify": 99,
    "encrypt_1": 96,
    "encrypt_3": 246,
    "encrypt_5": 397,
    "decrypt": 131,
    "issue_90": 333,
    "verify_30": 174,
}
"""Measured before anything was built, with the libraries alone, on the same kind of machine: a place to compare with."""


def median_us(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of ``rounds`` calls, in microseconds."""
    call()
    times = []
    for _ in range(rounds):
        started = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - started)
    return round(statistics.median(times) / 1000, 1)


def message(elements: int) -> dict[str, dict[str, str]]:
    """A flat sort of declaration: groups of ten elements, 20 letters each."""
    return {
        f"group{group}": {
            f"element{index}": hashlib.sha256(f"{group}/{index}".encode()).hexdigest()[:20]
            for index in range(10)
        }
        for group in range(elements // 10)
    }


def measure() -> dict[str, object]:
    """Microseconds of each step, beside what the libraries alone took."""
    key, second, third = (
        Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256R1()),
        MLDSA65PrivateKey.generate(),
    )
    payload = secrets.token_bytes(BYTES)
    token = jws.sign(payload, key, kid="a")
    token_2 = jws.sign(payload, second, kid="b")
    keys: dict[str, Any] = {"a": key.public_key(), "b": second.public_key()}
    cosignature = jws.cosign(token, third, kid="c")
    known = {"c": third.public_key()}
    openers = [X25519PrivateKey.generate() for _ in range(5)]
    recipients = {str(index): each.public_key() for index, each in enumerate(openers)}
    text = jwe.encrypt(payload, dict(list(recipients.items())[:3]))
    hybrids = [hpke.read_private(secrets.token_bytes(hpke.PRIVATE_BYTES)) for _ in range(3)]
    public = {str(index): hpke.public_bytes(each) for index, each in enumerate(hybrids)}
    how = {"type": "x", "randomness": secrets.token_bytes}
    long_lived = hpke.encrypt(payload, public, **how)  # type: ignore[arg-type]
    elements = message(ELEMENTS)
    view = frozenset(sorted(disclosure.leaves(elements))[:SHOWN])

    def issue() -> disclosure.Held:
        return disclosure.issue(elements, key, kid="a", type="x", randomness=secrets.token_bytes)

    issued = issue()
    shown = disclosure.present(issued, view)
    few = dict(list(recipients.items())[:3])
    mark = key.sign(payload)
    told = {
        "ed25519_sign_alone": median_us(lambda: key.sign(payload)),
        "ed25519_verify_alone": median_us(lambda: keys["a"].verify(mark, payload)),
        "sign": median_us(lambda: jws.sign(payload, key, kid="a")),
        "verify": median_us(lambda: jws.verify(token, keys)),
        "sign_es256": median_us(lambda: jws.sign(payload, second, kid="b")),
        "verify_es256": median_us(lambda: jws.verify(token_2, keys)),
        "cosign_mldsa65": median_us(lambda: jws.cosign(token, third, kid="c")),
        "verify_cosignature": median_us(lambda: jws.verify_cosignature(token, cosignature, known)),
        "encrypt_1": median_us(lambda: jwe.encrypt(payload, {"0": recipients["0"]})),
        "encrypt_3": median_us(lambda: jwe.encrypt(payload, few)),
        "encrypt_5": median_us(lambda: jwe.encrypt(payload, recipients)),
        "decrypt": median_us(lambda: jwe.decrypt(text, "0", openers[0])),
        "hybrid_encrypt_3": median_us(lambda: hpke.encrypt(payload, public, **how)),  # type: ignore[arg-type]
        "hybrid_decrypt": median_us(lambda: hpke.decrypt(long_lived, "0", hybrids[0], type="x")),
        "issue_90": median_us(issue),
        "hold_90": median_us(lambda: disclosure.hold(issued.text)),
        "present_30": median_us(lambda: disclosure.present(issued, view)),
        "verify_30": median_us(lambda: disclosure.verify(shown, keys, type="x")),
    }
    return {
        "question": "microseconds of an envelope's cryptography, median, message of 2 kB",
        "rounds": ROUNDS,
        "us": told,
        "libraries_alone_us": READ_BEFORE_US,
        "bytes": {
            "jws": len(token),
            "jwe_3": len(text),
            "hybrid_3": len(long_lived),
            "issued_90": len(issued.text),
            "presented_30": len(shown),
        },
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
