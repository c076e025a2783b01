"""May this party do this? The one place a door asks: relation, policy and agreement in, one explained answer out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from pratique.model.agreement import Agreement, Lane
from pratique.office.agreements import Standing
from pratique.policy.access import Asked, Permission, Relation, shipped_access
from pratique.policy.agreements import may_use
from pratique.policy.roles import shipped_roles
from pratique.policy.views import View, Views, not_covered

_USES: Final = frozenset({"read", "study"})
"""Acts that use data that were given."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, in which role, for which operation and purpose, on a parcel of whom, on which lane, in which state.

    ``given_for`` are the purposes the data were given for, as stored with them; one's own need none.
    """

    party: str
    role: str
    operation: str
    purpose: str
    holder: str
    lane: Lane
    state: str
    given_for: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided and why: the relation found, the permission, and the agreement it rests on."""

    request: Request
    relation: Relation
    permission: Permission
    agreement: Agreement | None = None


def authorise(request: Request, standings: Sequence[Standing], on: date) -> Answer:
    """Whether the request is allowed that day, by which rule.

    Between two houses an agreement that binds must also name the party in that role, the purpose and the lane, and
    data are read only for what they were given for, or what the agreement allows beyond.
    Raises ``PolicyError`` for a role, purpose or state nobody knows.
    """
    between = [each for each in standings if _both(each.agreement, request)]
    relation = _relation(request, between)
    asked = Asked(
        role=request.role,
        operation=request.operation,
        relation=relation,
        phase=shipped_roles().phase_of(request.state),
        purpose=request.purpose,
    )
    permission = shipped_access().decide(asked, on)
    if relation != "counterparty" or not permission.allowed:
        return Answer(request=request, relation=relation, permission=permission)
    if shipped_access().operations[request.operation] == "ask":
        return Answer(request=request, relation=relation, permission=permission)
    because = ""
    for each in between:
        if not each.binds:
            continue
        because = _uncovered(each.agreement, request, on)
        if not because:
            return Answer(
                request=request,
                relation=relation,
                permission=permission,
                agreement=each.agreement,
            )
    denied = Permission(allowed=False, rule="agreement", because=because)
    return Answer(request=request, relation=relation, permission=denied)


def view_for(answer: Answer, views: Views, on: date) -> View | None:
    """What may be seen under an answer; None when it denies, or lets one see nobody else's data."""
    request = answer.request
    if not answer.permission.allowed or (answer.relation != "own" and answer.agreement is None):
        return None
    phase = views.policy.phase_of(request.state)
    return views.view(request.role, request.purpose, request.lane, phase, on, answer.agreement)


def _both(agreement: Agreement, request: Request) -> bool:
    return {request.party, request.holder} <= {each.id for each in agreement.parties}


def _relation(request: Request, between: Sequence[Standing]) -> Relation:
    if request.party == request.holder:
        return "own"
    if not between:
        return "third"
    return "counterparty" if any(each.binds for each in between) else "revoked"


def _uncovered(agreement: Agreement, request: Request, on: date) -> str:
    """Why an agreement that binds does not cover this request; empty when it does."""
    roles = [each.role for each in agreement.parties if each.id == request.party]
    if request.role not in roles:
        return f"{agreement.id} knows {request.party} as {', '.join(roles)}, not as {request.role}"
    because = not_covered(agreement, request.role, request.purpose, request.lane, on)
    if because or shipped_access().operations[request.operation] not in _USES:
        return because
    use = may_use(agreement, request.given_for, request.purpose)
    return "" if use.allowed else f"{agreement.id}: {use.because}"
