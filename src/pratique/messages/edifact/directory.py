"""Is this a message as the directory has it? Structure, elements, types, lengths and codes of UN/EDIFACT D.24A.

The directory is ``d24a.json`` (``tools/edifact_directory.py``): content by UNECE, as collected by nerdocs/pydifact (MIT).
A message becomes a tree of its groups, so that what is read next need not count segments.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

import msgspec

from pratique.errors import Fault, MessageError
from pratique.messages.edifact.syntax import Element, Segment, Written
from pratique.messages.strict import MAX_FAULTS
from pratique.model.codelists import is_unit

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?\Z", re.ASCII)
_SERVICE: Final = ("UNH", "UNT")


class Group(msgspec.Struct, eq=False):
    """A group of a message (or the message itself): its segments and the groups in it, by name, in order."""

    name: str
    segments: dict[str, list[Segment]]
    groups: dict[str, list[Group]]

    def first(self, tag: str) -> Segment | None:
        """The first segment with that tag."""
        found = self.segments.get(tag)
        return found[0] if found else None

    def every(self, tag: str) -> list[Segment]:
        """All segments with that tag."""
        return self.segments.get(tag, [])

    def all_of(self, group: str) -> list[Group]:
        """All groups of that name."""
        return self.groups.get(group, [])


@functools.cache
def directory() -> dict[str, Any]:
    """Messages, segments and code lists, as in the file."""
    text = resources.files("pratique.messages.edifact").joinpath("d24a.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    found["codes"] = {key: frozenset(value.split()) for key, value in found["codes"].items()}
    return found


def tree_of(message: Written, expected: str) -> Group:
    """The message as its groups. Raises ``MessageError`` with every fault found."""
    if message.type != expected:
        raise MessageError(
            "message-type",
            f"The message is a {message.type[:6]}, and a {expected} is read here.",
            (Fault(pointer="", message=f"Not a {expected}.", hint=f"Send a {expected}."),),
        )
    faults = [
        fault
        for segment in message.segments
        if segment.tag not in _SERVICE
        for fault in _segment_faults(segment)
    ]
    reader = _Reader(message.segments, faults)
    top = Group(expected, {}, {})
    reader.read(directory()["messages"][expected], top)
    left = reader.next()
    if left is not None:
        said = f"{left.tag} may not stand here, or not so often."
        faults.append(_fault(left, said, f"See the order of {expected} in D.24A."))
    if faults:
        raise MessageError("invalid", f"{len(faults)} fault(s) in {expected}.", faults[:MAX_FAULTS])
    return top


class _Reader:
    """Goes through the segments once; a group begins with its first segment."""

    def __init__(self, segments: tuple[Segment, ...], faults: list[Fault]) -> None:
        self.segments = segments
        self.at = 0
        self.faults = faults

    def next(self) -> Segment | None:
        return self.segments[self.at] if self.at < len(self.segments) else None

    def read(self, structure: list[Any], into: Group) -> None:
        for row in structure:
            name, most, mandatory = row[:3]
            trigger = row[3][0][0] if len(row) == 4 else name
            times = 0
            while times < most and (here := self.next()) is not None and here.tag == trigger:
                times += 1
                if len(row) == 4:
                    inner = Group(name, {}, {})
                    into.groups.setdefault(name, []).append(inner)
                    self.read(row[3], inner)
                else:
                    into.segments.setdefault(name, []).append(here)
                    self.at += 1
            if mandatory and not times:
                place = self.next() or self.segments[-1]
                said = f"{trigger} is needed in {into.name} before {place.tag}."
                self.faults.append(_fault(place, said, "Add it."))


def _segment_faults(segment: Segment) -> Iterator[Fault]:
    rows = directory()["segments"].get(segment.tag)
    if rows is None:
        yield _fault(
            segment, f"There is no segment {segment.tag} in these messages.", "Leave it out."
        )
        return
    places = [row for row in rows for _ in range(row[2])]
    if len(segment.elements) > len(places):
        yield _fault(
            segment, f"{segment.tag} has at most {len(places)} elements.", "Check the separators."
        )
    for index, row in enumerate(places):
        element = segment.elements[index] if index < len(segment.elements) else ()
        if any(element):
            yield from _element_faults(segment, index, row, element)
        elif row[1] and (index == 0 or places[index - 1] is not row):
            yield _fault(segment, f"{segment.tag} needs {row[0]}.", "Add it.")


def _element_faults(
    segment: Segment, index: int, row: list[Any], element: Element
) -> Iterator[Fault]:
    parts = row[3]
    if len(element) > len(parts):
        said = f"{segment.tag}, element {index + 1} ({row[0]}) has at most {len(parts)} components."
        yield _fault(segment, said, "Check the separators.")
    for place, (name, mandatory, kind, most) in enumerate(parts):
        text = element[place] if place < len(element) else ""
        where = f"{segment.tag}, element {index + 1}, {name}"
        if not text:
            if mandatory:
                yield _fault(segment, f"{where} is needed.", "Add it.")
            continue
        if len(text) > most:
            yield _fault(
                segment, f"{where} has {len(text)} characters; {most} are the most.", "Shorten it."
            )
        elif kind == "n" and not _NUMBER.match(text):
            yield _fault(segment, f"{where} is no plain number.", "Write digits, with a point.")
        elif not _is_code(name, text):
            yield _fault(
                segment,
                f"{where}: {text[:17]!r} is no code of {name} in D.24A.",
                "See the code list.",
            )


def _is_code(name: str, text: str) -> bool:
    """Whether a text is in the code list of its element; an element without one takes any."""
    if name == "6411":
        return is_unit(text)
    codes = directory()["codes"].get(name)
    return codes is None or text in codes


def _fault(segment: Segment, message: str, hint: str) -> Fault:
    return Fault(pointer=f"segment {segment.number}", message=message, hint=hint)
