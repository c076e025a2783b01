"""May this role do this, to whose data, in which phase, for which purpose? One place decides, and says by which rule.

What no rule allows is denied; what one forbids is denied whatever else allows it. The operations are those of the doors;
a door that offers one this file does not know is found by ``tests/house``, and denied.
"""

from __future__ import annotations

import functools
from datetime import date
from typing import Literal

import msgspec

from pratique.errors import PolicyError
from pratique.policy.dated import Dated, read
from pratique.policy.dated import shipped as shipped_file
from pratique.policy.roles import RolePolicy, shipped_roles

Relation = Literal["own", "counterparty", "third", "revoked"]
NOTHING_ALLOWS = "A000"
"""The rule of what no rule allows."""


class Permission(msgspec.Struct, frozen=True, kw_only=True):
    """Allow or deny, with the rule that says so, why, and where it is written."""

    allowed: bool
    rule: str
    because: str
    source: str = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: by which role, which operation, on whose data, in which phase, for which purpose."""

    role: str
    operation: str
    relation: Relation
    phase: str
    purpose: str


class AccessRule(
    Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """``[[rule]]``: allows or forbids acts; an empty list means all."""

    id: str
    effect: Literal["allow", "forbid"]
    because: str
    acts: tuple[str, ...]
    roles: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    phases: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()

    def meets(self, asked: Asked, act: str, on: date) -> bool:
        """Whether the rule speaks of this, that day."""
        return (
            act in self.acts
            and (not self.roles or asked.role in self.roles)
            and (not self.relations or asked.relation in self.relations)
            and (not self.phases or asked.phase in self.phases)
            and (not self.purposes or asked.purpose in self.purposes)
            and self.is_in_force(on)
        )


class AccessPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: acts, relations, the act of each operation of the doors, and the rules."""

    acts: dict[str, str]
    relations: dict[Relation, str]
    operations: dict[str, str]
    rule: tuple[AccessRule, ...]

    def decide(self, asked: Asked, on: date) -> Permission:
        """Allow or deny, by which rule. Raises ``PolicyError`` for a role, phase or purpose nobody knows."""
        _known(asked, shipped_roles())
        act = self.operations.get(asked.operation)
        if act is None:
            return _denied(f"{asked.operation!r} has no act in the policy")
        met = [rule for rule in self.rule if rule.meets(asked, act, on)]
        met.sort(key=lambda rule: rule.effect != "forbid")
        if not met:
            return _denied(f"no rule lets {asked.role} {act} {asked.relation} for {asked.purpose}")
        return Permission(
            allowed=met[0].effect == "allow",
            rule=met[0].id,
            because=met[0].because,
            source=met[0].source,
        )


def _denied(because: str) -> Permission:
    return Permission(allowed=False, rule=NOTHING_ALLOWS, because=because)


def _known(asked: Asked, words: RolePolicy) -> None:
    for word, known, what in (
        (asked.role, words.roles, "role"),
        (asked.phase, words.phases, "phase"),
        (asked.purpose, words.purposes, "purpose"),
    ):
        if word not in known:
            raise PolicyError(what, f"{word!r} is no {what}; there are {', '.join(known)}.")


def read_access(content: bytes, name: str = "access.toml") -> AccessPolicy:
    """A policy of access, every word in it known. Raises ``PolicyError``."""
    return _sound(read(content, name, AccessPolicy), name)


@functools.cache
def shipped_access() -> AccessPolicy:
    """The policy of access shipped: starting values, for each authority to set."""
    return _sound(shipped_file("access.toml", AccessPolicy), "access.toml")


def _sound(policy: AccessPolicy, name: str) -> AccessPolicy:
    words = shipped_roles()
    for operation, act in policy.operations.items():
        if act not in policy.acts:
            raise PolicyError("operation", f"{name}: {operation!r} is {act!r}, which is no act.")
    ids = [rule.id for rule in policy.rule]
    if len(ids) != len(set(ids)) or NOTHING_ALLOWS in ids:
        raise PolicyError("rule", f"{name}: two rules have one id, or one is {NOTHING_ALLOWS}.")
    for rule in policy.rule:
        unknown = set(rule.acts) - policy.acts.keys()
        unknown |= set(rule.roles) - words.roles.keys()
        unknown |= set(rule.phases) - words.phases.keys()
        unknown |= set(rule.purposes) - words.purposes.keys()
        if unknown or not rule.acts:
            raise PolicyError(
                "rule", f"{name}, {rule.id}: no such word: {', '.join(unknown) or 'no act'}."
            )
    return policy
