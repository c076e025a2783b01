"""What does the law of a place say on a day, topic by topic? Every entry in force in words, and what comes after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec

from pratique.jurisdictions import Library
from pratique.jurisdictions.schema import Dated, RegimeEntry
from pratique.jurisdictions.standing import Standing, standing
from pratique.model.outcomes import Confidence
from pratique.office.transparency.words import aspects, headline, parts
from pratique.rules.law import Charge, Law


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry in force. ``main`` is what it says first, ``more`` its further aspects by name, ``following`` what
    comes after it, in words, empty when nothing is known to.
    """

    key: str
    rule: str
    title: str
    main: str
    more: dict[str, str]
    source: str
    url: str
    confidence: Confidence
    seen: date | None
    since: date
    until: date | None
    known: date | None
    following: str
    note: str


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that answer one question, in the order in which they count; ``note`` is said of the topic itself."""

    name: str
    lines: tuple[Line, ...] = ()
    note: str = ""


def topics(
    library: Library,
    code: str,
    on: date,
    known_on: date | None = None,
    further: Sequence[Topic] = (),
) -> tuple[Topic, ...]:
    """The law of a place on a day, topic by topic, topics with nothing to say left away.

    ``further`` are topics of what is kept beside the law files. Raises ``NoRuleInForceError``.
    """
    law = library.law_in_force(code, on, known_on)
    found = standing(library, law.code, on, known_on)
    lines = {
        key: line(each, library.files[each.file].series()[key], on, known_on)
        for key, each in found.items()
    }
    rates = {f"parameter/{each.name}" for each in law.parameters if each.expr.type.kind == "rate"}
    asking = [key for key, each in found.items() if getattr(each.entry, "needs_human", "")]
    regimes = [f"regime/{each.name}" for each in law.regimes]
    charges = [f"charge/{each.name}" for each in law.order if isinstance(each, Charge)]
    keys = {
        "Money and rates": ["money", *_of(found, "parameter", rates)],
        "Limits and reliefs": [
            *(key for key in _of(found, "parameter") if key not in rates),
            *_of(found, "threshold"),
        ],
        "Regimes, in order": regimes,
        "Charges, in order": charges,
        "How values are reckoned": _of(found, "measure"),
        "What asks a person": [*(key for key in regimes if key in asking), *_of(found, "question")],
        "What to know": _of(found, "caution"),
        "What must be declared": _of(found, "requirement"),
        "What comes back when goods are sent back": _of(found, "refund"),
        "Lists of goods and places": _of(found, "list"),
    }
    placed = {key for each in keys.values() for key in each}
    for key in found:
        if key not in placed:
            keys.setdefault(key.partition("/")[0].capitalize(), []).append(key)
    told = [
        Topic(name=name, lines=tuple(lines[key] for key in wanted))
        for name, wanted in keys.items()
        if wanted
    ]
    return (*told, Topic(name="Tariff", note=tariff_words(law)), *further)


def line(each: Standing, series: Iterable[Dated], on: date, known_on: date | None = None) -> Line:
    """One entry in force, of a series, in words."""
    entry = each.entry
    (_, main), *more = aspects(entry).items()
    return Line(
        key=each.key,
        rule=each.rule,
        title=headline(each.key, entry),
        main=f"when {main}" if isinstance(entry, RegimeEntry) else main,
        more=dict(more),
        source=entry.source,
        url=entry.url,
        confidence=entry.confidence,
        seen=entry.seen,
        since=entry.from_,
        until=entry.end(known_on),
        known=entry.known,
        following=_following(series, entry, on, known_on),
        note=entry.note,
    )


def tariff_words(law: Law) -> str:
    """Whether a tariff is loaded, and how large it is."""
    if not law.tariff:
        return "None is loaded: rates of duty are those declared, and else a person is asked."
    return f"{sum(1 for _ in law.tariff):,} lines are loaded."


def _of(
    found: Mapping[str, Standing], family: str, among: Iterable[str] | None = None
) -> list[str]:
    keys = [key for key in found if key.startswith(f"{family}/")]
    return keys if among is None else [key for key in keys if key in set(among)]


def _following(series: Iterable[Dated], entry: Dated, on: date, known_on: date | None) -> str:
    later = [each for each in series if each.from_ > on and each.is_known(known_on)]
    following = min(later, key=lambda each: each.from_, default=None)
    end = entry.end(known_on)
    if following is None or (end is not None and end < following.from_):
        return f"ends on {end}" if end else ""
    changed = "; ".join(
        f"{part.what} {part.old} → {part.new}" if part.old else f"{part.what} {part.new}"
        for part in parts(entry, following)
    )
    return f"from {following.from_}: {changed or 'the same, otherwise cited'}"
