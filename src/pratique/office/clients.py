"""Which programs may ask for which party, and may this one do this? Clients registered, found, ended; tokens judged.

A registered client gets tokens from ``office.token_endpoint``. A token says the party and the roles, never the request: what
is asked is authorised for the token's own party, in a role it has and within its scopes, which are acts of the policy of
access. A client that is revoked, or has fewer rights than its token says, is refused at once, not when the token ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from pratique.errors import NotFoundError, SealError, UsageError
from pratique.exchange import access_token, clients, jwk
from pratique.exchange.access_token import AccessToken, Audience
from pratique.exchange.clients import Client
from pratique.exchange.jwk import VerifyingKey
from pratique.exchange.partners import PartnerKey
from pratique.office.agreements import Standing
from pratique.office.authorise import Answer, Request, authorise
from pratique.policy.access import Permission, shipped_access
from pratique.policy.roles import shipped_roles
from pratique.store.clients import ClientKeyRow, ClientRow, ClientRows


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A client and its life: registered when; revoked when, and why, or empty."""

    client: Client
    registered_at: str
    revoked_at: str = ""
    because: str = ""


def register(client: Client, rows: ClientRows, *, now: datetime) -> None:
    """Keep a new client. Raises ``SealError`` and ``UsageError`` for what is wrong with it, ``StoreError``."""
    clients.sound(client)
    _refuse_unknown(client.roles, shipped_roles().roles, "role")
    _refuse_unknown(client.scopes, shipped_access().acts, "scope")
    row = ClientRow(
        id=client.id,
        tenant=client.tenant,
        roles=" ".join(client.roles),
        scopes=" ".join(client.scopes),
        certificates=" ".join(client.certificates),
        registered_at=now.isoformat(),
    )
    rows.add(row, [_key_row(client.id, key) for key in client.keys])


def add_key(id: str, key: PartnerKey, rows: ClientRows) -> None:
    """Give a client a further key, before the old one ends. Raises as ``register``, and ``NotFoundError``."""
    client = find(id, rows).client
    clients.sound(msgspec.structs.replace(client, keys=(*client.keys, key)))
    rows.add_key(_key_row(id, key))


def find(id: str, rows: ClientRows) -> Registered:
    """The client of that id, revoked or not. Raises ``NotFoundError``."""
    row = rows.get(id) if clients.is_client_id(id) else None
    if row is None:
        raise NotFoundError(f"There is no client {id[:63]!r}: see `pratique client list`.")
    return _registered(row, rows)


def every(rows: ClientRows) -> tuple[Registered, ...]:
    """Every client there is or was, by id."""
    return tuple(_registered(row, rows) for row in rows.all())


def caller(
    token: str,
    keys: Mapping[str, VerifyingKey],
    audience: Audience,
    rows: ClientRows,
    *,
    certificate: str,
    now: datetime,
) -> AccessToken:
    """Who shows this token, verified and still registered with all it says. Raises ``SealError`` and ``StoreError``."""
    found = access_token.verify(token, keys, audience, certificate=certificate, now=now)
    try:
        client = find(found.client, rows).client
    except NotFoundError as problem:
        raise SealError("revoked", "Its client is not registered.", "claims/client_id") from problem
    lost = set(found.roles) - set(client.roles) or set(found.scopes) - set(client.scopes)
    unbound = bool(client.certificates) and found.certificate not in client.certificates
    if client.revoked or lost or unbound or client.tenant != found.tenant:
        raise SealError("revoked", "Its client may no longer do what it says.", "claims")
    return found


def may(by: AccessToken, request: Request, standings: Sequence[Standing], on: date) -> Answer:
    """Whether the holder of a token may do what is asked: the answer of ``authorise``, in the token's bounds.

    The party is the token's, whatever the request says. Raises ``PolicyError`` for words nobody knows.
    """
    own = msgspec.structs.replace(request, party=by.tenant)
    answer = authorise(own, standings, on)
    act = shipped_access().operations.get(request.operation, "")
    if own.role not in by.roles:
        return _denied(answer, "role", f"{by.client} is not registered as {own.role}")
    if act and act not in by.scopes:
        return _denied(answer, "scope", f"the token is not for {act}")
    return answer


def _denied(answer: Answer, rule: str, because: str) -> Answer:
    permission = Permission(allowed=False, rule=rule, because=because)
    return msgspec.structs.replace(answer, permission=permission, agreement=None)


def _refuse_unknown(words: Sequence[str], known: Mapping[str, str], what: str) -> None:
    unknown = [word for word in words if word not in known]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is no {what}; there are {', '.join(known)}.")


def _key_row(client: str, key: PartnerKey) -> ClientKeyRow:
    read: Any = jwk.read_public(key.jwk, "sig")
    return ClientKeyRow(
        client=client,
        kid=jwk.thumbprint(read),
        jwk=msgspec.json.encode(jwk.write_public(read)).decode(),
        not_before=key.not_before.isoformat(),
        not_after=key.not_after.isoformat(),
    )


def _registered(row: ClientRow, rows: ClientRows) -> Registered:
    client = Client(
        id=row.id,
        tenant=row.tenant,
        roles=tuple(row.roles.split()),
        scopes=tuple(row.scopes.split()),
        certificates=tuple(row.certificates.split()),
        keys=tuple(
            PartnerKey(
                use="sig",
                jwk=msgspec.json.decode(each.jwk),
                not_before=datetime.fromisoformat(each.not_before),
                not_after=datetime.fromisoformat(each.not_after),
            )
            for each in rows.keys(row.id)
        ),
        revoked=bool(row.revoked_at),
    )
    return Registered(
        client=client,
        registered_at=row.registered_at,
        revoked_at=row.revoked_at,
        because=row.because,
    )
