"""Is this data-sharing agreement sound, and does it allow this use? TOML or plain values in, ``Agreement`` out.

Everything wrong is told at once, each with its place and what to do. An agreement is never mended or guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import msgspec

from pratique.errors import Fault, PolicyError
from pratique.model.agreement import ANY, Agreement, Lane, Revocation
from pratique.model.codelists import is_country
from pratique.policy.access import Permission
from pratique.policy.dated import T, read
from pratique.policy.elements import catalogue, select
from pratique.policy.roles import RolePolicy, shipped_roles

_ID: Final = re.compile(r"[A-Z0-9][A-Z0-9.-]{1,39}\Z")
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_LONGEST_DAYS: Final = 36_525
_MOST_ELEMENTS: Final = 10_000
_MOST_RUNS: Final = 100
_MOST_BYTES: Final = 262_144


def read_agreement(content: bytes, name: str, policy: RolePolicy | None = None) -> Agreement:
    """An agreement from its TOML file. Raises ``PolicyError`` with every fault found."""
    if len(content) > _MOST_BYTES:
        raise PolicyError(
            "too-large", f"{name}: an agreement has at most {_MOST_BYTES} bytes; check the file."
        )
    return _sound(read(content, name, Agreement), name, policy)


def agreement_of(value: Any, name: str, policy: RolePolicy | None = None) -> Agreement:
    """An agreement from plain values, as they were signed. Raises ``PolicyError``."""
    return _sound(_convert(value, name, Agreement), name, policy)


def revocation_of(value: Any, name: str) -> Revocation:
    """A revocation from plain values. Raises ``PolicyError``."""
    return _convert(value, name, Revocation)


def may_revoke(agreement: Agreement, revocation: Revocation) -> str:
    """Why a revocation does not end this agreement; empty when it does."""
    if revocation.agreement != agreement.id:
        return f"it is for {revocation.agreement}, not {agreement.id}"
    if revocation.revoked_by not in agreement.revocable_by:
        return f"{revocation.revoked_by} may not revoke {agreement.id}"
    return ""


def may_use(agreement: Agreement, stored: Iterable[str], asked: str) -> Permission:
    """Whether data given for the ``stored`` purposes may be used for the one asked.

    Yes for a purpose they were given for, if the agreement still names it; or for a further purpose the agreement
    allows for such data. Source: purpose limitation, Regulation (EU) 2016/679, art. 5(1)(b).
    """
    given = [each for each in stored if each in agreement.purposes]
    rule = f"{agreement.id}/{agreement.version}"
    if asked in given:
        return Permission(allowed=True, rule=rule, because=f"given for {asked}")
    for each in given:
        if asked in agreement.further.get(each, ()):
            return Permission(
                allowed=True,
                rule=f"{rule}/further",
                because=f"given for {each}, and so for {asked}",
            )
    return Permission(allowed=False, rule=rule, because=f"not given for {asked}")


def may_flow(
    agreement: Agreement,
    sender: str,
    recipient: str,
    message: str,
    purpose: str,
    lane: Lane,
    on: date,
) -> Permission:
    """Whether a message of that type may go from one party to another, for that purpose, on that lane, that day.

    The agreement is taken to bind: that all have signed and none has ended it, ``office.agreements.standing`` says.
    """
    rule = f"{agreement.id}/{agreement.version}"
    ids = {party.id for party in agreement.parties}
    checks = (
        (agreement.is_in_force(on), f"not in force on {on}"),
        (sender in ids, f"{sender} is no party"),
        (recipient in ids - {sender}, f"{recipient} is no other party"),
        (message in agreement.messages, f"{message} is no message of it"),
        (purpose in agreement.purposes, f"{purpose} is no purpose of it"),
        (agreement.covers(lane), f"does not cover {lane.from_} to {lane.to} by {lane.channel}"),
    )
    because = "; ".join(said for holds, said in checks if not holds)
    return Permission(allowed=not because, rule=rule, because=because or "shared under it")


def faults(agreement: Agreement, policy: RolePolicy | None = None) -> tuple[Fault, ...]:
    """Everything wrong with an agreement, each with its place and what to do."""
    known = policy or shipped_roles()
    return (
        *_head(agreement),
        *_parties(agreement, known),
        *_basis(agreement),
        *_purposes(agreement, known),
        *_scope(agreement),
        *_intersections(agreement),
    )


def _convert(value: Any, name: str, type: type[T]) -> T:
    try:
        return msgspec.convert(value, type)
    except msgspec.ValidationError as error:
        raise PolicyError("shape", f"{name}: {error}.") from error


def _sound(agreement: Agreement, name: str, policy: RolePolicy | None) -> Agreement:
    found = faults(agreement, policy)
    if found:
        lines = "; ".join(f"{each.pointer}: {each.message} {each.hint}".strip() for each in found)
        raise PolicyError("agreement", f"{name}: {lines}")
    return agreement


def _fault(pointer: str, message: str, hint: str = "") -> Fault:
    return Fault(pointer=pointer, message=message, hint=hint)


def _head(agreement: Agreement) -> Iterator[Fault]:
    if not _ID.match(agreement.id):
        yield _fault("id", f"{agreement.id!r} is no id.", "Use capitals, digits, dots and dashes.")
    if agreement.version < 1:
        yield _fault("version", "Versions count from 1.")
    if not agreement.title.strip():
        yield _fault("title", "It has no title.")
    if agreement.valid_until <= agreement.valid_from:
        yield _fault("valid_until", "It ends before it begins.", "Give the first day it ends.")
    if not 1 <= agreement.retention_days <= _LONGEST_DAYS:
        yield _fault("retention_days", f"Data are kept 1 to {_LONGEST_DAYS} days.")


def _parties(agreement: Agreement, policy: RolePolicy) -> Iterator[Fault]:
    ids = [party.id for party in agreement.parties]
    if len(ids) < 2:
        yield _fault("parties", "An agreement has two parties at least.")
    if len(ids) != len(set(ids)):
        yield _fault("parties", "Two parties have one id.")
    keys = [party.key_id for party in agreement.parties if party.key_id]
    if len(keys) != len(set(keys)):
        yield _fault("parties", "Two parties sign with one key.", "Each makes its own.")
    for index, party in enumerate(agreement.parties):
        at = f"parties/{index}"
        if not party.id or not party.name:
            yield _fault(at, "It has no id or no name.")
        if party.role not in policy.roles:
            yield _fault(f"{at}/role", f"{party.role!r} is no role.", _one_of(policy.roles))
        if not is_country(party.place):
            yield _fault(f"{at}/place", f"{party.place!r} is no country.", "Write it as DE.")
        if party.key_id and not _KEY_ID.match(party.key_id):
            yield _fault(f"{at}/key_id", "This is no key id.", "`pratique keys new` prints it.")
    if not agreement.revocable_by:
        yield _fault("revocable_by", "Nobody may end it.", "Name the parties who may.")
    for each in set(agreement.revocable_by) - set(ids):
        yield _fault("revocable_by", f"{each!r} is no party.")


def _basis(agreement: Agreement) -> Iterator[Fault]:
    if not agreement.legal_basis:
        yield _fault("legal_basis", "It names no law that allows the sharing.")
    for index, basis in enumerate(agreement.legal_basis):
        at = f"legal_basis/{index}"
        if not basis.source.strip():
            yield _fault(f"{at}/source", "It names no source.")
        if basis.place != ANY and not is_country(basis.place):
            yield _fault(f"{at}/place", f"{basis.place!r} is neither a country nor *.")
        if basis.url and not basis.url.startswith(("https://", "http://")):
            yield _fault(f"{at}/url", "This is no address on the web.")
        if basis.confidence == "high" and not (basis.url and basis.seen):
            yield _fault(
                at, "High confidence needs url and seen.", "Add them, or say medium or low."
            )
    covered = {basis.place for basis in agreement.legal_basis}
    if ANY not in covered:
        for place in sorted({party.place for party in agreement.parties} - covered):
            yield _fault("legal_basis", f"No basis holds in {place}.", "Add one, or one for *.")


def _purposes(agreement: Agreement, policy: RolePolicy) -> Iterator[Fault]:
    if not agreement.purposes:
        yield _fault("purposes", "It names no purpose.", "What is not named is denied.")
    for each in agreement.purposes:
        if each not in policy.purposes:
            yield _fault("purposes", f"{each!r} is no purpose.", _one_of(policy.purposes))
    for stored, further in agreement.further.items():
        if stored not in agreement.purposes:
            yield _fault(f"further/{stored}", "It is not among the purposes.")
        for each in further:
            if each not in policy.purposes:
                yield _fault(f"further/{stored}", f"{each!r} is no purpose.")


def _scope(agreement: Agreement) -> Iterator[Fault]:
    if not agreement.lanes:
        yield _fault("lanes", "It covers no lane.", "Use * for any country.")
    for index, lane in enumerate(agreement.lanes):
        for place in (lane.from_, lane.to):
            if place != ANY and not is_country(place):
                yield _fault(f"lanes/{index}", f"{place!r} is neither a country nor *.")
    if not agreement.messages:
        yield _fault("messages", "It names no message type.")
    if not agreement.elements:
        yield _fault("elements", "It shares no element.")
    for index, selector in enumerate(agreement.elements):
        try:
            select([selector], catalogue())
        except PolicyError:
            yield _fault(
                f"elements/{index}",
                f"{selector!r} names no element.",
                "See docs/reference/elements.md.",
            )


def _intersections(agreement: Agreement) -> Iterator[Fault]:
    seen = [(each.learner, each.kind) for each in agreement.intersections]
    if len(seen) != len(set(seen)):
        yield _fault("intersections", "One learner has two terms for one kind.")
    ids = {party.id for party in agreement.parties}
    for index, terms in enumerate(agreement.intersections):
        at = f"intersections/{index}"
        if terms.learner not in ids:
            yield _fault(f"{at}/learner", f"{terms.learner!r} is no party.")
        if not terms.purposes or set(terms.purposes) - set(agreement.purposes):
            yield _fault(f"{at}/purposes", "Name purposes of the agreement.")
        if not 1 <= terms.most_elements <= _MOST_ELEMENTS:
            yield _fault(f"{at}/most_elements", f"A set has 1 to {_MOST_ELEMENTS} elements.")
        if not 1 <= terms.per_day <= _MOST_RUNS:
            yield _fault(f"{at}/per_day", f"There are 1 to {_MOST_RUNS} runs in a day.")


def _one_of(words: Iterable[str]) -> str:
    return f"There are {', '.join(words)}."


def state_of(agreement: Agreement, on: date, revocations: Iterable[Revocation] = ()) -> str:
    """``in force``, ``not yet``, ``expired`` or ``revoked`` that day; a revocation that may not be is not heeded."""
    for each in revocations:
        if not may_revoke(agreement, each) and each.from_day <= on:
            return "revoked"
    if on < agreement.valid_from:
        return "not yet"
    return "in force" if on < agreement.valid_until else "expired"
