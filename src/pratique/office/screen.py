"""Which restrictions speak for this parcel, and what do they say? Layers found by place and day, then screened.

Goods meet the conventions that hold everywhere, the law of import at the destination (of its unions and its own),
that of transit where they are routed through, and that of export where they leave.
"""

from __future__ import annotations

import functools
from datetime import date
from typing import Final, NamedTuple

from pratique import screening
from pratique.checks.description import hint_for
from pratique.errors import NoRuleInForceError
from pratique.jurisdictions import Library, Restrictions, restrictions_of
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Finding
from pratique.model.restrictions import Direction, Layer
from pratique.screening import Screen, Vocabulary
from pratique.screening.vocabulary import BY_CODE

Way = tuple[str, Direction]
"""A place (ISO 3166) and the direction in which goods meet its law."""
Ends = tuple[str, str]
"""Place of dispatch, empty when it is not said, and destination."""
_MOST_DAYS: Final = 20_000


class Screened(NamedTuple):
    """The screen for some ways, and for each way that has no restrictions here that day, why."""

    screen: Screen
    unknown: tuple[tuple[Way, str], ...]


class Screening:
    """Restrictions beside a library of law, as known on ``known_on`` (None: now)."""

    def __init__(self, library: Library, known_on: date | None = None) -> None:
        self.restrictions = restrictions_of(library)
        self.known_on = known_on
        self._known: dict[tuple[tuple[Way, ...], Ends, date], Screened] = {}
        self._screens: dict[tuple[object, ...], Screen] = {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The words and codes of every kind of goods."""
        return _vocabulary(self.restrictions)

    def knows(self, place: str, on: date) -> bool:
        """Whether restrictions of a place, and every convention, are known here on that day."""
        chain = self.restrictions.chain(place)
        files = map(self.restrictions.file, (*chain, *self.restrictions.conventions()))
        return bool(chain) and all(file.from_ <= on for file in files)

    def lacks(self, declaration: Declaration, on: date) -> bool:
        """Whether a place that speaks for it has no restrictions here on that day."""
        unknown = self.screened(ways(declaration), ends(declaration), on).unknown
        return any(direction != "transit" for (_, direction), _ in unknown)

    def findings(self, declaration: Declaration, on: date, *, words: bool = True) -> list[Finding]:
        """What screening has to say of a declaration under the restrictions of that day; most often nothing.

        Without ``words`` descriptions were not read: a code that covers other goods too then tells nothing.
        """
        screened = self.screened(ways(declaration), ends(declaration), on)
        hits = screened.screen.goods(declaration, on)
        if not words:
            hits = [hit for hit in hits if BY_CODE not in hit.unsure]
        found = screening.findings(hits) if hits else []
        if screened.unknown:
            found += [_unknown(way, why) for way, why in screened.unknown if way[1] != "transit"]
        return found

    def screened(self, by: tuple[Way, ...], between: Ends, on: date) -> Screened:
        """The screen of everything that speaks for parcels that go these ways from one end to the other."""
        key = (by, between, on)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_DAYS:
                self._known.clear()
            known = self._known[key] = self._look_up(by, between, on)
        return known

    def _look_up(self, by: tuple[Way, ...], between: Ends, on: date) -> Screened:
        layers: list[tuple[Layer, Direction]] = []
        unknown: list[tuple[Way, str]] = []
        asked: list[tuple[Way, tuple[str, ...]]]
        asked = [((code, by[0][1]), (code,)) for code in self.restrictions.conventions()]
        asked += [(way, self.restrictions.chain(way[0])) for way in by]
        for way, chain in asked:
            if not chain:
                unknown.append((way, f"No restrictions of {way[0]} are loaded here."))
            for code in chain:
                try:
                    layers.append((self.restrictions.layer(code, on, self.known_on), way[1]))
                except NoRuleInForceError as error:
                    unknown.append((way, str(error)))
        start, end = (set(self.restrictions.chain(place)) if place else set() for place in between)
        inside = frozenset(start & end)
        key = (*layers, inside)
        screen = self._screens.get(key)
        if screen is None:
            screen = self._screens[key] = Screen(layers, self.vocabulary, inside)
        return Screened(screen, tuple(unknown))


def ends(declaration: Declaration) -> Ends:
    """Where the parcel leaves, if that is said, and where it goes."""
    return declaration.dispatch_country or "", declaration.destination


def ways(declaration: Declaration) -> tuple[Way, ...]:
    """The ways on which customs looks at a declaration: import with the places routed through, or export."""
    if declaration.direction == "export":
        return ((declaration.dispatch_country or "?", "export"),)
    transport = declaration.consignment.transport
    if transport is None or not transport.routing:
        return ((declaration.destination, "import"),)
    through = dict.fromkeys(each for each in transport.routing if each not in ends(declaration))
    return ((declaration.destination, "import"), *((place, "transit") for place in through))


@functools.lru_cache(maxsize=64)
def _vocabulary(restrictions: Restrictions) -> Vocabulary:
    return Vocabulary(restrictions.goods.values(), says_nothing)


def says_nothing(description: str) -> bool:
    """Whether words are missing, or too vague to tell what the goods are."""
    return not description or hint_for(description) is not None


def _unknown(way: Way, why: str) -> Finding:
    place, direction = way
    return Finding(
        rule="screening/no_restrictions",
        family="restriction",
        severity="person",
        pointer="/destination" if direction == "import" else "/dispatch_country",
        message=f"{why} Whether these goods may cross there is for a person.",
        hint=f"A file {place.lower()}.restrictions.toml would answer; `pratique law new {place}` begins one.",
        source="restrictions loaded here",
    )
