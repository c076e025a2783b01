"""What does it cost to seal, read and erase personal data, and to make a token?

python benchmarks/vault.py
"""

from __future__ import annotations

import json
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from pratique.exchange.tokens import EpochKey, Person, token
from pratique.store import open_database
from pratique.store.data_keys import DataKeys
from pratique.store.vault import Field, Reader, Vault

NOW = datetime(2026, 11, 25, tzinfo=UTC)
CONSIGNMENTS, READS, TOKENS = 1000, 300, 50_000


def measure() -> dict[str, object]:
    """Seconds on a SQLite store: every seal and read is on disk before the next begins; one erasure of all."""
    fields = [
        Field(field=f"parties/1/{n}", paths=(), privacy="personal", text=f"value {n}")
        for n in range(12)
    ]
    by = Reader(reader="r", party="p", role="carrier", purpose="delivery")
    names = [f"EX-{n}" for n in range(CONSIGNMENTS)]
    with tempfile.TemporaryDirectory() as folder:
        vault = Vault(
            open_database(f"sqlite:///{folder}/store.db"),
            DataKeys(Path(folder) / "keys.db", bytes(32)),
        )
        started = time.perf_counter()
        for name in names:
            vault.seal(
                name, fields, holder="a", purposes=(), keep_until=date(2026, 11, 25), now=NOW
            )
        sealed = time.perf_counter()
        wanted = [each.field for each in fields]
        for name in names[:READS]:
            vault.read(name, wanted, by, now=NOW)
        read = time.perf_counter()
        erasure = vault.erase(names, now=NOW)
        erased = time.perf_counter()
    assert erasure.consignments == CONSIGNMENTS
    key = EpochKey(administration="AA", epoch="2026-Q4", key=bytes(range(32)))
    person = Person(name="Zoë Example-Buyer", postcode="SW1A 1AA", country="GB")
    before = time.perf_counter()
    for _ in range(TOKENS):
        token(person, key)
    made = time.perf_counter()
    return {
        "question": "cost of sealing, reading with audit, erasing, and of a token",
        "elements_each": len(fields),
        "seal_ms": round((sealed - started) / CONSIGNMENTS * 1e3, 2),
        "read_with_audit_ms": round((read - sealed) / READS * 1e3, 2),
        "erase_all_ms": round((erased - read) * 1e3, 1),
        "erased": erasure.consignments,
        "token_us": round((made - before) / TOKENS * 1e6, 1),
    }


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
