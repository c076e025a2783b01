"""What goods does a line speak of? Its words, its HS code and its UN number held against every kind of goods.

Every different line is looked at once: the same goods come again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, Literal, NamedTuple

from pratique.model.restrictions import Goods
from pratique.screening.words import Index, Match

Fit = Literal["all", "partly", "hint", "short", "short_partly"]
"""How an HS code stands to a kind of goods: nothing else is under it · it is among others · a hint counts there ·
the code is too short to tell (of the codes under which nothing else is, or among others)."""
Field = Literal["description", "hs_code", "dangerous_goods"]
_MOST_LINES: Final = 50_000

BY_CODE: Final = "the code alone cannot tell, and no words say what it is"
SHORT: Final = "the HS code is too short to tell"
OTHER_CODE: Final = "the HS code says something else than the words"
OTHER_WORDS: Final = "the words say something else than the HS code"
AMBIGUOUS: Final = "the words may mean something else"


class Told(NamedTuple):
    """A kind of goods a line is, or may be: which element says so, with what; ``unsure`` is why it only may be."""

    goods: str
    field: Field
    matched: str
    unsure: str = ""


class Vocabulary:
    """Every kind of goods by words and codes. ``says_nothing`` judges words too vague to tell anything."""

    def __init__(
        self, goods: Iterable[Goods], says_nothing: Callable[[str], bool] = lambda words: not words
    ) -> None:
        kinds = tuple(goods)
        self._words = Index(kinds)
        self._codes = _Codes(kinds)
        self._coded = {kind.name for kind in kinds if kind.hs or kind.hs_partly}
        self._hinted = self._coded | {kind.name for kind in kinds if kind.hs_with_hint}
        self._un = {number: kind.name for kind in kinds for number in _numbers(kind.un)}
        self._says_nothing = says_nothing
        self._known: dict[tuple[str, str | None, str], tuple[Told, ...]] = {}

    def told(self, description: str, hs_code: str | None, un: str) -> tuple[Told, ...]:
        """Kinds of goods that a line with these words and codes is, or may be; most often none."""
        key = (description, hs_code, un)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST_LINES:
                self._known.clear()
            found = self._known[key] = tuple(self._look(description, hs_code, un))
        return found

    def told_by_code(self, hs_code: str) -> tuple[Told, ...]:
        """Kinds of goods that a code by itself is, or may be when it is short; not those it is among others."""
        return tuple(each for each in self.told("", hs_code, "") if each.unsure != BY_CODE)

    def is_silent(self, description: str, hs_code: str | None, un: str) -> bool:
        """Whether nothing in a line says what the goods are: no code, no number, no telling words."""
        return not hs_code and not un and (not description or self._says_nothing(description))

    def _look(self, description: str, hs_code: str | None, un: str) -> Iterable[Told]:
        matches = {each.goods: each for each in self._words.matches(description)}
        fits = self._codes.fits(hs_code) if hs_code else {}
        wordless = not description or self._says_nothing(description)
        if un and un in self._un:
            yield Told(self._un[un], "dangerous_goods", f"UN {un}")
        for name in sorted({*matches, *fits}):
            match, fit = matches.get(name), fits.get(name)
            coded = self._hinted if match and match.strength == "hint" else self._coded
            elsewhere = fit is None and hs_code is not None and name in coded
            told = (
                self._by_code(name, fit, hs_code or "", wordless)
                if match is None
                else self._by_words(match, fit, hs_code or "", elsewhere)
            )
            if told is not None:
                yield told

    @staticmethod
    def _by_words(match: Match, fit: Fit | None, hs_code: str, elsewhere: bool) -> Told | None:
        told = Told(match.goods, "description", match.text)
        if match.strength == "lifted":
            code = Told(match.goods, "hs_code", hs_code, OTHER_WORDS)
            return code if fit == "all" else None
        if match.strength == "word":
            return told._replace(unsure=OTHER_CODE) if elsewhere else told
        if elsewhere:
            return None
        return told if fit == "all" else told._replace(unsure=AMBIGUOUS)

    @staticmethod
    def _by_code(name: str, fit: Fit | None, hs_code: str, wordless: bool) -> Told | None:
        told = Told(name, "hs_code", hs_code)
        if fit == "all":
            return told
        if fit == "short":
            return told._replace(unsure=SHORT)
        if wordless and fit in ("partly", "short_partly"):
            return told._replace(unsure=BY_CODE)
        return None


class _Codes:
    """HS codes by their beginnings: which kinds of goods are under them, and how."""

    def __init__(self, kinds: Iterable[Goods]) -> None:
        self._under: dict[str, list[tuple[str, Fit]]] = {}
        self._above: dict[str, list[tuple[str, Fit]]] = {}
        lists: list[tuple[str, Fit, tuple[str, ...]]] = []
        for kind in kinds:
            lists += [
                (kind.name, "all", kind.hs),
                (kind.name, "partly", kind.hs_partly),
                (kind.name, "hint", kind.hs_with_hint),
            ]
        shorter: dict[Fit, Fit] = {"all": "short", "partly": "short_partly", "hint": "hint"}
        for name, fit, codes in lists:
            for code in _codes(codes):
                self._under.setdefault(code, []).append((name, fit))
                for length in range(2, len(code)):
                    self._above.setdefault(code[:length], []).append((name, shorter[fit]))

    def fits(self, hs_code: str) -> dict[str, Fit]:
        """How a code stands to each kind of goods it has to do with; the surest where several hold."""
        found: dict[str, Fit] = {}
        for name, fit in self._above.get(hs_code, ()):
            if _SUREST[fit] < _SUREST.get(found.get(name, "none"), 9):
                found[name] = fit
        for length in range(2, len(hs_code) + 1):
            for name, fit in self._under.get(hs_code[:length], ()):
                if _SUREST[fit] < _SUREST.get(found.get(name, "none"), 9):
                    found[name] = fit
        return found


_SUREST: Final[dict[str, int]] = {
    "all": 0,
    "partly": 1,
    "short": 2,
    "short_partly": 3,
    "hint": 4,
}


def _codes(listed: Iterable[str]) -> Iterable[str]:
    """Codes of a list, ranges such as 9301-9303 written out."""
    for each in listed:
        first, dash, last = each.partition("-")
        if dash:
            yield from (str(code).zfill(len(first)) for code in range(int(first), int(last) + 1))
        else:
            yield each


def _numbers(listed: Iterable[str]) -> Iterable[str]:
    """UN numbers of a list, four digits each, ranges written out."""
    return _codes(listed)
