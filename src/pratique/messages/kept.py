"""What is gone after writing and reading again? One comparison for every form that cannot carry all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from pratique.errors import Fault
from pratique.model.declaration import Declaration, Party, party


def lost(before: Declaration, after: Declaration, why: str) -> tuple[Fault, ...]:
    """Elements of ``before`` that ``after`` has not, or has otherwise.

    A part wholly gone counts once, and so does a list that comes back shorter.
    Parties are compared by role, in whatever order and grouping they come back.
    """
    rest = msgspec.structs.replace(before, parties=(), extension={})
    pointers = [
        *_changed(rest, after, ""),
        *_parties(before, after),
        *(f"/extension/{key}" for key in before.extension if key not in after.extension),
    ]
    return tuple(Fault(pointer=pointer, message=why) for pointer in dict.fromkeys(pointers))


def _parties(before: Declaration, after: Declaration) -> Iterator[str]:
    taken: set[str] = set()
    for index, ours in enumerate(before.parties):
        for role in ours.roles:
            theirs = party(after, role)
            if theirs is None or role in taken:
                yield f"/parties/{index}" if len(ours.roles) == 1 else f"/parties/{index}/roles"
            else:
                yield from _changed(_nameless(ours), _nameless(theirs), f"/parties/{index}")
            taken.add(role)


def _nameless(party: Party) -> Party:
    return msgspec.structs.replace(party, roles=())


def _changed(ours: Any, theirs: Any, pointer: str) -> Iterator[str]:
    if ours in (None, "", (), {}):
        return
    if theirs in (None, "", (), {}):
        yield pointer
    elif isinstance(ours, msgspec.Struct):
        for name in ours.__struct_fields__:
            yield from _changed(getattr(ours, name), getattr(theirs, name), f"{pointer}/{name}")
    elif isinstance(ours, tuple) and len(ours) == len(theirs):
        for index, (inner, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _changed(inner, other, f"{pointer}/{index}")
    elif str(ours) != str(theirs):
        yield pointer
