"""Which elements does the policy grant each role, for which purpose, in which phase? The file, and what follows from it."""

from __future__ import annotations

import functools
import hashlib
from datetime import date
from importlib import resources

import msgspec

from pratique.errors import PolicyError
from pratique.model.agreement import Channel
from pratique.policy.dated import Dated, read
from pratique.policy.elements import select


class Grant(Dated, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """``[[grant]]``: a role may see elements for purposes; no phases or channels means all."""

    id: str
    role: str
    purposes: tuple[str, ...]
    elements: tuple[str, ...]
    phases: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()


class RolePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy file: the words (roles, purposes, phases with their states), and the grants."""

    roles: dict[str, str]
    purposes: dict[str, str]
    phases: dict[str, tuple[str, ...]]
    grant: tuple[Grant, ...] = ()

    def phase_of(self, state: str) -> str:
        """The phase of a parcel's life that a state is in. Raises ``PolicyError``."""
        for phase, states in self.phases.items():
            if state in states:
                return phase
        raise PolicyError("state", f"{state!r} is in no phase of the policy: add it to [phases].")

    def matching(
        self, role: str, purpose: str, phase: str, channel: str, on: date
    ) -> tuple[Grant, ...]:
        """The grants that hold for this role, purpose, phase and channel that day. Raises for a word nobody knows."""
        for word, known, what in (
            (role, self.roles, "role"),
            (purpose, self.purposes, "purpose"),
            (phase, self.phases, "phase"),
        ):
            if word not in known:
                raise PolicyError(what, f"{word!r} is no {what}; there are {', '.join(known)}.")
        return tuple(
            each
            for each in self.grant
            if each.role == role
            and purpose in each.purposes
            and (not each.phases or phase in each.phases)
            and (not each.channels or channel in each.channels)
            and each.is_in_force(on)
        )


def read_roles(content: bytes, name: str = "roles.toml") -> RolePolicy:
    """A policy of roles, every word and element in it known. Raises ``PolicyError``."""
    policy = read(content, name, RolePolicy)
    states = [state for each in policy.phases.values() for state in each]
    if len(states) != len(set(states)):
        raise PolicyError("phases", f"{name}: a state is in two phases.")
    ids = [each.id for each in policy.grant]
    if len(ids) != len(set(ids)):
        raise PolicyError("grant", f"{name}: two grants have one id.")
    for each in policy.grant:
        words = {each.role} - policy.roles.keys()
        words |= set(each.purposes) - policy.purposes.keys()
        words |= set(each.phases) - policy.phases.keys()
        if words:
            raise PolicyError("grant", f"{name}, {each.id}: no such word: {', '.join(words)}.")
        select(each.elements)
    return policy


def _shipped() -> bytes:
    return resources.files("pratique.policy").joinpath("roles.toml").read_bytes()


@functools.cache
def shipped_roles() -> RolePolicy:
    """The policy of roles shipped: starting values, for each authority to set."""
    return read_roles(_shipped())


@functools.cache
def shipped_digest() -> str:
    """SHA-256 of the shipped policy file, which a record of access keeps."""
    return hashlib.sha256(_shipped()).hexdigest()
