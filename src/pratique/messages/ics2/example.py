"""What does a valid message look like? An instance of any schema, made from the schema alone.

For tests and for a partner's test bench: the texts are as short as their patterns allow and mean nothing. ``full``
takes every optional element once.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pratique.errors import UsageError
from pratique.messages.ics2.document import document
from pratique.messages.ics2.schema import Simple, names, root_of, type_of

_MAX_DEPTH: Final = 24
_MOMENT: Final = "2026-11-25T12:00:00Z"
_VALUES: Final = {
    "xs:dateTime": _MOMENT,
    "xs:boolean": "1",
    "xs:decimal": "1",
    "xs:base64Binary": "AA==",
    "xs:anyType": "",
}
_TOKEN: Final = re.compile(
    r"\[(?P<set>[^\]]+)\]|\\(?P<class>[dw])|(?P<any>\.)|(?P<plain>[^\\(){}|\[\]]|\\.)"
)
_TIMES: Final = re.compile(r"\{(?P<least>\d+)(?:,\d*)?\}")


def example(name: str, *, full: bool = False) -> bytes:
    """A valid instance of a message, with what is mandatory or with all there is. Raises ``UsageError``."""
    if name not in names():
        raise UsageError(f"There is no schema of {name!r}; there are {', '.join(names())}.")
    return document(name, _content(root_of(name).type, name, full, 0))


def _content(type_name: str, message: str, full: bool, depth: int) -> Any:
    kind = type_of(type_name, message)
    if isinstance(kind, Simple):
        return text_of(kind)
    if depth > _MAX_DEPTH:
        full = False
    parts = kind.parts[:1] if kind.choice else kind.parts
    return {
        part.name: [_content(part.type, message, full, depth + 1)] * max(part.least, 1)
        if not part.attribute
        else _content(part.type, message, full, depth + 1)
        for part in parts
        if part.least or (full and part.most != 0)
    }


def text_of(kind: Simple) -> str:
    """The shortest text of a simple type."""
    plain = _VALUES.get(kind.base)
    if plain is not None and all(re.fullmatch(each, plain) for each in kind.patterns):
        return plain
    return shortest(kind.patterns[0]) if kind.patterns else "A"


def shortest(pattern: str) -> str:
    """A short text that fits a pattern of the kind the schemas use: classes, repeats, alternatives at the top."""
    first = pattern.partition("|")[0]
    if first.startswith("("):
        first = first.removeprefix("(").removesuffix(")")
    made, at = [], 0
    while at < len(first):
        token = _TOKEN.match(first, at)
        assert token is not None, f"pattern {pattern!r} is not of a kind known here"
        at = token.end()
        times = _TIMES.match(first, at)
        count = int(times["least"]) if times else 1
        at = times.end() if times else at
        made.append(_character(token) * count)
    return "".join(made)


def _character(token: re.Match[str]) -> str:
    if token["set"]:
        low = token["set"].lstrip("\\")
        return "1" if low.startswith("0") else low[0]
    if token["class"] or token["any"]:
        return "1" if token["class"] else "A"
    return token["plain"][-1]
