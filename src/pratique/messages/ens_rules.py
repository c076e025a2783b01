"""Which rules does an entry summary declaration break? The catalogue ``ens_rules.toml`` and its small evaluator.

A test is a path, a word and what the word needs; several joined by ``or`` hold when one of them does. A path leads from
the element looked at, or with ``/`` from the message; ``.`` is the element itself. It may lead to several elements.

    PATH present · PATH absent                 there is such an element · there is none
    PATH in A B · PATH not in A B              some element has one of these values (007 is 7) · none has
    PATH matches RE · PATH not matches RE      some element is wholly of that form · none is
    PATH beyond N · PATH fewer N               there are more than N such elements · fewer
    PATH uncounted OTHER                       the number written is not that of the elements at OTHER
    PATH under OTHER                           the number written is less than those at OTHER together
    PATH unnumbered                            the elements do not count 1, 2, 3 …
    PATH same OTHER                            some element has the text of one at OTHER
    PATH alike                                 there are such elements, and all say the same
    PATH without OTHER NUMBER                  no element at OTHER has the same text under the same name, and a NUMBER
                                               above zero

Text that is no number is never compared as one. Source: see the catalogue.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Any, Final, Literal, TypeVar

import msgspec

from pratique.errors import LawError
from pratique.messages.ens_tree import Node, as_number
from pratique.model.outcomes import Family, Finding

Path = tuple[str, ...]
_T = TypeVar("_T")
_TEST: Final = re.compile(
    r"(?P<path>\S+) (?P<word>not in|not matches|[a-z]+)(?: (?P<rest>.*))?", re.DOTALL
)


class EnsRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as the catalogue writes it: where it looks, when it is broken, what is named and said."""

    number: int
    at: str
    when: tuple[str, ...]
    say: str
    point: str = ""
    condition: str = ""
    family: Family = "consistency"


class _Series(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    numbers: dict[str, int]
    when: tuple[str, ...]
    say: str
    point: str = ""
    condition: str = ""
    family: Family = "consistency"


class _Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: str
    url: str
    seen: date
    confidence: Literal["high", "medium", "low"]
    rule: tuple[EnsRule, ...]
    series: tuple[_Series, ...]
    parties: dict[str, Any]
    lists: dict[str, str]


class Sources(msgspec.Struct, frozen=True):
    """Where the catalogue comes from."""

    source: str
    url: str


def broken(root: Node) -> Iterator[Finding]:
    """Every rule a message breaks, with the element at fault, in the order of the catalogue; each place once."""
    rules, sources = _compiled()
    told = set()
    for rule, tests in rules:
        for node in root.every(_steps(rule.at)):
            if not all(any(test(node, root) for test in choice) for choice in tests):
                continue
            start = root if rule.point.startswith("/") else node
            for fault in start.every(_steps(rule.point)):
                if (rule.number, fault.location) not in told:
                    told.add((rule.number, fault.location))
                    yield _finding(rule, fault, sources)
            if start is root:
                break


def catalogue() -> tuple[EnsRule, ...]:
    """Every rule, series written out, in the order of the file."""
    return tuple(rule for rule, _ in _compiled()[0])


def _finding(rule: EnsRule, node: Node, sources: Sources) -> Finding:
    named = f"{rule.condition}; " if rule.condition else ""
    return Finding(
        rule=str(rule.number),
        family=rule.family,
        severity="invalid",
        pointer=node.location,
        message=rule.say,
        source=named + sources.source,
        url=sources.url,
    )


Test = Callable[[Node, Node], bool]


@functools.cache
def _compiled() -> tuple[tuple[tuple[EnsRule, tuple[tuple[Test, ...], ...]], ...], Sources]:
    text = resources.files("pratique.messages").joinpath("ens_rules.toml").read_text("utf-8")
    read = msgspec.convert(tomllib.loads(text), _Catalogue)
    rules = (*read.rule, *(rule for each in read.series for rule in _written_out(each, read)))
    made = tuple(
        (rule, tuple(_choice(_fill(each, read.lists)) for each in rule.when)) for rule in rules
    )
    return made, Sources(read.source, read.url)


def _fill(text: str, words: dict[str, str]) -> str:
    """``text`` with each name in braces as it is meant; a count of a form, as {7,8}, stays as it is."""
    for name, meant in words.items():
        text = text.replace(f"{{{name}}}", meant)
    return text


def _written_out(series: _Series, read: _Catalogue) -> Iterator[EnsRule]:
    """The rules a series stands for: at a party five, one after another, elsewhere one."""
    for at, number in series.numbers.items():
        party = read.parties.get(at, {"party": "", "tin": "", "parts": [""]})
        for offset, part in enumerate(party["parts"]):
            words = {"part": part, "tin": party["tin"], "party": party["party"]}
            words["name"] = read.parties["names"][offset]
            yield EnsRule(
                number=number + offset,
                at=at,
                when=tuple(_fill(each, words) for each in series.when),
                say=_fill(series.say, words),
                point=_fill(series.point, words),
                condition=series.condition,
                family=series.family,
            )


def _choice(text: str) -> tuple[Test, ...]:
    return tuple(_test(each) for each in text.split(" or "))


def _test(text: str) -> Test:
    match = _TEST.fullmatch(text)
    make = _WORDS.get(match["word"]) if match else None
    if match is None or make is None:
        raise LawError(
            f"ens_rules.toml: {text!r} is no test; see ens_rules.py for those there are."
        )
    absolute = match["path"].startswith("/")
    path = _steps(match["path"].lstrip("/"))
    holds = make(match["rest"] or "")
    if absolute:
        return lambda node, root: _once(root, text, lambda: holds(root.every(path), root))
    return lambda node, root: holds(node.every(path), root)


def _once(root: Node, key: object, make: Callable[[], _T]) -> _T:
    """What holds for the whole message is found once, however many elements ask."""
    if key not in root.memo:
        root.memo[key] = make()
    found: _T = root.memo[key]
    return found


def _steps(path: str) -> Path:
    return tuple(step for step in path.split("/") if step not in ("", "."))


Word = Callable[[list[Node], Node], bool]
"""Whether a word holds of the elements found; the second is the message."""


def _present(_: str) -> Word:
    return lambda found, root: bool(found)


def _in(rest: str) -> Word:
    values = frozenset(_plain(each) for each in rest.split())
    return lambda found, root: any(_plain(each.text) in values for each in found)


def _plain(text: str) -> str:
    """Digits without the zeros they start with; any other text as it is."""
    return (text.lstrip("0") or "0") if text.isascii() and text.isdigit() else text


def _matches(rest: str) -> Word:
    form = re.compile(rest, re.DOTALL)
    return lambda found, root: any(form.fullmatch(each.text) for each in found)


def _not(make: Callable[[str], Word]) -> Callable[[str], Word]:
    def made(rest: str) -> Word:
        holds = make(rest)
        return lambda found, root: not holds(found, root)

    return made


def _beyond(rest: str) -> Word:
    most = int(rest)
    return lambda found, root: len(found) > most


def _fewer(rest: str) -> Word:
    least = int(rest)
    return lambda found, root: len(found) < least


def _uncounted(rest: str) -> Word:
    path = _steps(rest)

    def holds(found: list[Node], root: Node) -> bool:
        count = _once(root, ("count", rest), lambda: len(root.every(path)))
        return any(number is not None and number != count for number in _numbers(found))

    return holds


def _under(rest: str) -> Word:
    path = _steps(rest)

    def holds(found: list[Node], root: Node) -> bool:
        whole = _once(root, ("sum", rest), lambda: _sum(root.every(path)))
        return whole is not None and any(
            number is not None and number < whole for number in _numbers(found)
        )

    return holds


def _sum(nodes: list[Node]) -> Decimal | None:
    numbers = [each for each in _numbers(nodes) if each is not None]
    return sum(numbers, Decimal(0)) if len(numbers) == len(nodes) else None


def _numbers(nodes: list[Node]) -> list[Decimal | None]:
    return [as_number(each.text) for each in nodes]


def _unnumbered(_: str) -> Word:
    return lambda found, root: (
        _numbers(found) != [Decimal(number) for number in range(1, len(found) + 1)]
    )


def _same(rest: str) -> Word:
    path = _steps(rest)

    def holds(found: list[Node], root: Node) -> bool:
        texts = _once(root, ("texts", rest), lambda: {each.text for each in root.every(path)})
        return any(each.text in texts for each in found)

    return holds


def _alike(_: str) -> Word:
    return lambda found, root: bool(found) and len({_said(each) for each in found}) == 1


def _said(node: Node) -> tuple[tuple[str, str], ...]:
    """All that an element says, with where below it each text stands."""
    return tuple((each.location.removeprefix(node.location), each.text) for each in node.below())


def _without(rest: str) -> Word:
    where, number = rest.split()
    path = _steps(where)

    def shared(root: Node) -> set[tuple[str, str]]:
        return {
            (marks.name, marks.text)
            for each in root.every(path)
            if any((count or 0) > 0 for count in _numbers(each.every((number,))))
            for marks in each.order
        }

    def holds(found: list[Node], root: Node) -> bool:
        said = _once(root, ("shared", rest), lambda: shared(root))
        return not any((each.name, each.text) in said for each in found)

    return holds


_WORDS: Final[dict[str, Callable[[str], Word]]] = {
    "present": _present,
    "absent": _not(_present),
    "in": _in,
    "not in": _not(_in),
    "matches": _matches,
    "not matches": _not(_matches),
    "beyond": _beyond,
    "fewer": _fewer,
    "uncounted": _uncounted,
    "under": _under,
    "unnumbered": _unnumbered,
    "same": _same,
    "alike": _alike,
    "without": _without,
}
