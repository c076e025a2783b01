"""How are personal data of a declaration kept, read and erased? Authorised, viewed, audited; erased with a signed report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pratique.exchange import seal
from pratique.model.declaration import Declaration
from pratique.office.agreements import Standing
from pratique.office.authorise import Answer, Request, authorise, view_for
from pratique.policy.elements import catalogue
from pratique.policy.roles import shipped_digest
from pratique.policy.views import Views
from pratique.store.vault import Erasure, Field, Reader, Vault

ERASURE_TYPE: Final = "pratique-erasure/1"


def personal_fields(declaration: Declaration) -> tuple[Field, ...]:
    """Every personal element a declaration holds, each where it stands and with its paths in the catalogue."""
    return tuple(_fields(msgspec.to_builtins(declaration), "", ("",)))


def read_personal(
    request: Request,
    reader: str,
    consignment: str,
    vault: Vault,
    standings: Sequence[Standing],
    *,
    views: Views,
    now: datetime,
) -> tuple[Answer, dict[str, str]]:
    """The answer, and what personal data the view shows of a consignment, by field; the read is on record.

    Nothing is told, and nothing recorded, when the answer denies or the view shows none of them. Whose data these are and
    what they were given for is what is stored with them, whatever the request says. Raises ``NotFoundError``, ``StoreError`` and
    ``PolicyError``.
    """
    holder, purposes = vault.given(consignment)
    request = msgspec.structs.replace(request, holder=holder, given_for=purposes)
    on = now.date()
    answer = authorise(request, standings, on)
    view = view_for(answer, views, on)
    if view is None:
        return answer, {}
    shown = [
        field for field, paths in vault.fields(consignment).items() if view.elements & set(paths)
    ]
    if not shown:
        return answer, {}
    by = Reader(
        reader=reader,
        party=request.party,
        role=request.role,
        purpose=request.purpose,
        agreement=view.agreement,
        rule=answer.permission.rule,
        policy=shipped_digest(),
    )
    return answer, vault.read(consignment, shown, by, now=now)


def erase_due(
    vault: Vault, key: Ed25519PrivateKey, *, on: date, now: datetime
) -> tuple[Erasure, dict[str, Any]]:
    """Erase what is due and not held, and the signed report of it: counts by class and a digest, no identifier."""
    erasure = vault.erase(vault.due(on), now=now)
    return erasure, signed_report(erasure, key)


def signed_report(erasure: Erasure, key: Ed25519PrivateKey) -> dict[str, Any]:
    """The report of an erasure as a sealed document."""
    content = {
        "erased_at": erasure.erased_at.isoformat(),
        "consignments": erasure.consignments,
        "elements": erasure.elements,
        "held": len(erasure.held),
        "digest": erasure.digest,
    }
    return seal.seal(content, ERASURE_TYPE, key)


def _fields(value: Any, field: str, paths: tuple[str, ...]) -> Iterator[Field]:
    """Personal elements below a plain value that stands at ``field`` and is known by ``paths``."""
    known = [catalogue()[path] for path in paths if path in catalogue()]
    if known:
        if known[0].privacy == "personal":
            text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            yield Field(field=field, paths=paths, privacy=known[0].privacy, text=text)
    elif isinstance(value, dict):
        for key, inner in value.items():
            below = tuple(f"{path}.{key}".lstrip(".") for path in paths)
            yield from _fields(inner, f"{field}/{key}".lstrip("/"), below)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            here = paths
            if paths == ("parties",):
                here = tuple(f"parties.{role}" for role in inner["roles"])
            yield from _fields(inner, f"{field}/{index}", here)
