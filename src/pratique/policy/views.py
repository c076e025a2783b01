"""What does this role see of a parcel, for this purpose, on this lane, in this phase? Compiled once, then fast.

A view is what the policy of roles grants and, between parties, the agreement covers; all else is denied. It is compiled
to a frozenset of paths, and to a type that has the allowed elements and no others: whatever is converted to that type
can hold nothing else, and msgspec does it without a step of ours per element.
"""

from __future__ import annotations

import functools
import operator
import types
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec

from pratique.model.agreement import Agreement, Lane
from pratique.model.declaration import Declaration, Party
from pratique.model.element import Noun
from pratique.policy.elements import noun_in, select
from pratique.policy.roles import RolePolicy, shipped_roles

_MOST_VIEWS: Final = 4096
_MOST_KINDS: Final = 1024


class View(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The elements one may see, each with the grant that says so; ``because`` says why there are none."""

    role: str
    purpose: str
    lane: Lane
    phase: str
    elements: frozenset[str]
    rules: dict[str, str]
    agreement: str = ""
    because: str = ""

    @functools.cached_property
    def _project(self) -> Callable[[Declaration], Any]:
        return _projection(self.elements)

    def of(self, declaration: Declaration) -> Any:
        """What is seen of a declaration, as a value that holds nothing else.

        A party is shown by all the roles it plays; one of which nothing may be seen is left out.
        """
        return self._project(declaration)

    def of_flat(self, elements: dict[str, Any]) -> dict[str, Any]:
        """What is seen of elements by path: those not in the view, or in no catalogue, are left out."""
        allowed = self.elements
        return {path: value for path, value in elements.items() if path in allowed}


class Views:
    """Views by role, purpose, lane, phase, agreement and day, each compiled once.

    An agreement is told by its identity, never by its id and version, which another one could bear.
    """

    def __init__(self, policy: RolePolicy | None = None) -> None:
        self.policy = policy or shipped_roles()
        self._compiled: dict[tuple[Any, ...], tuple[View, Agreement | None]] = {}

    def view(
        self,
        role: str,
        purpose: str,
        lane: Lane,
        phase: str,
        on: date,
        agreement: Agreement | None = None,
    ) -> View:
        """The view, under an agreement when one is given. Raises ``PolicyError`` for a word nobody knows.

        Without an agreement it is what the policy grants within one's own house; who may ask so, ``access`` decides.
        """
        key = (role, purpose, lane, phase, on, id(agreement))
        found = self._compiled.get(key)
        if found is None:
            if len(self._compiled) >= _MOST_VIEWS:
                self._compiled.clear()
            view = compile_view(self.policy, role, purpose, lane, phase, on, agreement)
            # The agreement is kept beside its view: while it is here no other has its identity.
            found = self._compiled[key] = (view, agreement)
        return found[0]


def compile_view(
    policy: RolePolicy,
    role: str,
    purpose: str,
    lane: Lane,
    phase: str,
    on: date,
    agreement: Agreement | None = None,
) -> View:
    """The view that follows from policy and agreement. Raises ``PolicyError`` for a word nobody knows."""
    rules: dict[str, str] = {}
    for grant in policy.matching(role, purpose, phase, lane.channel, on):
        for path in select(grant.elements):
            rules.setdefault(path, grant.id)
    because = "" if rules else "no grant of the policy"
    if agreement is not None and rules:
        because = not_covered(agreement, role, purpose, lane, on)
        shared = frozenset() if because else select(agreement.elements)
        rules = {path: rule for path, rule in rules.items() if path in shared}
        because = because or ("" if rules else f"no element of {agreement.id}")
    return View(
        role=role,
        purpose=purpose,
        lane=lane,
        phase=phase,
        elements=frozenset(rules),
        rules=rules,
        agreement=f"{agreement.id}/{agreement.version}" if agreement else "",
        because=because,
    )


def not_covered(agreement: Agreement, role: str, purpose: str, lane: Lane, on: date) -> str:
    """Why an agreement does not cover this; empty when it does.

    Whether data may be used for a further purpose also hangs on what they were given for (``agreements.may_use``).
    """
    if not agreement.is_in_force(on):
        return f"{agreement.id} is not in force on {on}"
    if role not in {party.role for party in agreement.parties}:
        return f"{agreement.id} has no party that is {role}"
    further = {each for allowed in agreement.further.values() for each in allowed}
    if purpose not in agreement.purposes and purpose not in further:
        return f"{agreement.id} does not name the purpose {purpose}"
    if not agreement.covers(lane):
        return f"{agreement.id} does not cover {lane.from_} to {lane.to} by {lane.channel}"
    return ""


class _Nothing(msgspec.Struct):
    """A party of which nothing was shown yet."""


@functools.lru_cache(maxsize=_MOST_KINDS)
def _projection(paths: frozenset[str]) -> Callable[[Declaration], Any]:
    """A function from a declaration to what is seen of it."""
    tree = _tree(paths)
    by_role = tree.pop("parties", {})
    if not by_role:
        every = _type(Declaration, tree)
        return lambda declaration: msgspec.convert(declaration, every, from_attributes=True)
    every = _type(Declaration, tree, ("parties", tuple[_Nothing, ...], ()))
    kinds: dict[tuple[str, ...], Any] = {}

    def kind(roles: tuple[str, ...]) -> Any:
        if roles not in kinds:
            if len(kinds) >= _MOST_KINDS:
                kinds.clear()
            branch: dict[str, Any] = {}
            for role in roles:
                branch = _merged(branch, by_role.get(role, {}))
            kinds[roles] = _type(Party, branch) if branch else None
        return kinds[roles]

    def project(declaration: Declaration) -> Any:
        seen = msgspec.convert(declaration, every, from_attributes=True)
        seen.parties = tuple(
            [
                msgspec.convert(party, type, from_attributes=True)
                for party in declaration.parties
                if (type := kind(party.roles)) is not None
            ]
        )
        return seen

    return project


def _tree(paths: frozenset[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in paths:
        *above, last = path.split(".")
        branch = tree
        for step in above:
            branch = branch.setdefault(step, {})
        branch[last] = {}
    return tree


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _merged(one.get(key, {}), other.get(key, {})) for key in dict.fromkeys([*one, *other])
    }


def _type(noun: type[Noun], tree: dict[str, Any], *further: tuple[str, Any, Any]) -> Any:
    """A type like ``noun`` that has the elements of ``tree`` alone, and further fields where given."""
    fields: list[tuple[Any, ...]] = [*further]
    for field in msgspec.structs.fields(noun):
        if field.encode_name not in tree:
            continue
        inner = noun_in(field.type)
        hint = _shape(field.type, inner, _type(inner, tree[field.encode_name]) if inner else None)
        if field.default is not msgspec.NODEFAULT:
            fields.append((field.name, hint, field.default))
        elif field.default_factory is not msgspec.NODEFAULT:
            default = msgspec.field(default_factory=field.default_factory)
            fields.append((field.name, hint, default))
        else:
            fields.append((field.name, hint))
    return msgspec.defstruct(noun.__name__, fields, kw_only=True, omit_defaults=True)


def _shape(hint: Any, noun: type[Noun] | None, by: Any) -> Any:
    """A type with one noun in it replaced, and without limits: what is shown was held to them when it was read."""
    if hint is noun:
        return by
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None or origin is Literal:
        return hint
    if origin is Annotated:
        return _shape(inner[0], noun, by)
    parts = tuple(_shape(each, noun, by) for each in inner)
    if origin in (Union, types.UnionType):
        return functools.reduce(operator.or_, parts)
    return origin[parts]
