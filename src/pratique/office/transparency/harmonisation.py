"""What can the law of a place show for each standard of the WCO Framework, and what not? No score is made of it.

What is shown is derived from entries in force, each named; what cannot be shown is said plainly, with what an
administration would add. Instrument: WCO Framework of Standards on Cross-Border E-Commerce (2018, revised 2022).
"""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib import resources
from typing import Final

import msgspec

from pratique import checks, messages
from pratique.jurisdictions import Library
from pratique.jurisdictions.restriction_schema import RestrictionEntry
from pratique.jurisdictions.standing import Standing
from pratique.model.consignment import Consignment
from pratique.model.declaration import Declaration, GoodsItem
from pratique.model.element import elements
from pratique.model.outcomes import Confidence
from pratique.office.transparency.compare import TOPICS, PlaceLaw, Point
from pratique.office.transparency.restricted import restrictions
from pratique.rules.law import Requirement
from pratique.rules.types import FACTS, names_in


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """One standard: what it asks, in our words; what no law file can show; what an administration would add."""

    number: int
    name: str
    asks: str
    source: str
    url: str = ""
    confidence: Confidence
    cannot: tuple[str, ...]
    adds: tuple[str, ...]


class _Standards(msgspec.Struct, frozen=True):
    standard: tuple[Standard, ...]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the law of one place shows for one standard, with the rules, and what it cannot show."""

    standard: Standard
    shows: tuple[Point, ...]
    cannot: tuple[str, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What the law of a place shows for every standard, on a day."""

    code: str
    name: str
    on: date
    standards: tuple[Shown, ...]


def report(library: Library, code: str, on: date, known_on: date | None = None) -> Report:
    """What the law in force at a place shows for every standard. Raises ``NoRuleInForceError``."""
    law = library.law_in_force(code, on, known_on)
    place = PlaceLaw(library, law, on, known_on, None)
    return Report(
        code=law.code.upper(),
        name=law.name,
        on=on,
        standards=tuple(_shown(each, place) for each in standards()),
    )


def markdown(told: Report) -> str:
    """A report as a page of Markdown."""
    lines = [
        f"# {told.name}: what its law shows for the WCO Framework of Standards",
        "",
        f"Law of {told.code} in force on {told.on}. Shown is what entries of the law file say, and what Pratique does with any "
        "law; no score is made of it.",
    ]
    for each in told.standards:
        lines += [
            "",
            f"## {each.standard.number}. {each.standard.name}",
            "",
            each.standard.asks,
            "",
        ]
        lines += ["Shows:", ""]
        lines += [f"- {_escaped(words(point))}" for point in each.shows] or ["- nothing"]
        lines += ["", "Cannot show:", "", *(f"- {_escaped(text)}" for text in each.cannot)]
        lines += [
            "",
            "An administration would add:",
            "",
            *(f"- {text}" for text in each.standard.adds),
        ]
        lines += ["", f"Source: {_source(each.standard)}"]
    return "\n".join(lines) + "\n"


def words(point: Point) -> str:
    """A point with the rules it comes from, the first three by name."""
    if not point.rules:
        return point.says
    more = f" and {len(point.rules) - 3} more" if len(point.rules) > 3 else ""
    return f"{point.says} [{', '.join(point.rules[:3])}{more}]"


@functools.cache
def standards() -> tuple[Standard, ...]:
    """The standards, as they are written beside this module."""
    content = (
        resources.files("pratique.office.transparency").joinpath("standards.toml").read_bytes()
    )
    return msgspec.convert(tomllib.loads(content.decode("utf-8")), _Standards).standard


def _shown(standard: Standard, place: PlaceLaw) -> Shown:
    shows, cannot = [], []
    for told in _SHOW.get(standard.number, ()):
        found = list(told(place))
        shows += [each for each in found if isinstance(each, Point)]
        cannot += [each for each in found if isinstance(each, str)]
    return Shown(standard=standard, shows=tuple(shows), cannot=(*cannot, *standard.cannot))


def _source(standard: Standard) -> str:
    weak = "" if standard.confidence == "high" else f" ({standard.confidence} confidence)"
    return f"{standard.source}{weak}{f' <{standard.url}>' if standard.url else ''}"


def _escaped(text: str) -> str:
    return text.replace("*", "\\*").replace("<", "&lt;").replace("_", "\\_")


_Told = Iterator[Point | str]


def _topic(name: str, none: str) -> Callable[[PlaceLaw], _Told]:
    """What a topic of the comparison says, or that it says nothing."""

    def told(place: PlaceLaw) -> _Told:
        found = tuple(TOPICS[name](place))
        yield from found
        if not found:
            yield none

    return told


def _required(place: PlaceLaw) -> _Told:
    for each in place.law.requirements:
        yield place.point(f"required: {each.pointer}: {each.because}", each)
    if not place.law.requirements:
        yield "any element that must be sent: the file has no requirement"


def _standard_elements(place: PlaceLaw) -> _Told:
    by_id: dict[bool, list[Requirement]] = {True: [], False: []}
    for each in place.law.requirements:
        by_id[bool(_wco_id(each.pointer))].append(each)
    if by_id[True]:
        ids = ", ".join(
            dict.fromkeys(f"{each.pointer} ({_wco_id(each.pointer)})" for each in by_id[True])
        )
        yield place.point(f"required elements by their WCO Data Model id: {ids}", *by_id[True])
    for each in by_id[False]:
        yield f"a WCO Data Model id for {each.pointer}"
    yield Point(says=f"forms read and written: {', '.join(sorted(messages.FORMS))}", rules=())


def _data_sets(place: PlaceLaw) -> _Told:
    named = [each for each in place.law.regimes if each.dataset]
    for each in named:
        yield place.point(f"{place.title(each)}: data set {each.dataset}", each)
    if not named:
        yield "data sets: no regime names one"


def _checked(place: PlaceLaw) -> _Told:
    number = Counter(each.family for each in checks.catalogue())
    families = ", ".join(f"{count} of {family}" for family, count in sorted(number.items()))
    yield Point(says=f"Pratique checks every declaration: {families}", rules=())


def _questions(place: PlaceLaw) -> _Told:
    asking = [each for each in place.law.remarks if each.needs_human]
    if asking:
        number = _number(len(asking), "question")
        yield place.point(f"goods that are put before a person: {number}", *asking)
    else:
        yield "goods that are put before a person: the file asks no question"


def _regimes(place: PlaceLaw) -> _Told:
    for each in place.law.regimes:
        yield place.point(f"{place.title(each)}: when {each.text}", each)


def _operators(place: PlaceLaw) -> _Told:
    if "aeo" not in FACTS:
        yield "any benefit of an authorised operator: no rule can ask for that status"


def _models(place: PlaceLaw) -> _Told:
    yield from TOPICS["Who pays and collects"](place)
    if not any(each.moment == "sale" for each in place.charges):
        yield "a model by which the seller collects: nothing is due at sale"
    others = {each.collector for each in place.charges} - {"customs", "seller"}
    if not others:
        yield "a model by which an intermediary (carrier, post) collects: none does"


def _history(place: PlaceLaw) -> _Told:
    for each in place.thresholds:
        file, _, key = each.citation.rule.partition("@")[0].partition("/")
        series = place.library.files[file].series()[key]
        if len(series) > 1:
            says = f"{place.title(each)}: {len(series)} dated values since {series[0].from_}"
            yield place.point(says, each)


def _added_up(place: PlaceLaw) -> _Told:
    exprs = [
        (entry, name)
        for entry, condition in place.conditions()
        for part in place.nodes(condition)
        for name in names_in(part)
        if name in ("year_value", "year_count", "day_value")
    ]
    for name in dict.fromkeys(name for _, name in exprs):
        entries = list({id(entry): entry for entry, each in exprs if each == name}.values())
        yield place.point(f"parcels of one importer are added up: {FACTS[name]}", *entries)
    if not exprs:
        yield "splitting into several parcels: no rule adds up the parcels of one importer"


def _restricted(place: PlaceLaw) -> _Told:
    found: dict[str, list[Standing]] = {}
    authorities: dict[str, Standing] = {}
    for each in restrictions(place.library, place.law.code, place.on, place.known_on):
        entry = each.entry
        assert isinstance(entry, RestrictionEntry)
        found.setdefault(entry.effect, []).append(each)
        if entry.permit is not None:
            authorities.setdefault(entry.permit.authority, each)
    for effect, of in found.items():
        rules = tuple(each.rule for each in of)
        yield Point(says=f"{effect}: {_number(len(of), 'restriction')}", rules=rules)
    for authority, each in authorities.items():
        yield Point(says=f"permits of {authority}", rules=(each.rule,))
    if not found:
        yield "prohibitions and restrictions: there is no file of them for this day"
    elif not authorities:
        yield "which agency gives a permit: no restriction names one"


def _parties(place: PlaceLaw) -> _Told:
    parties = {
        word: [each for each in place.charges if word in (each.payer, each.collector)]
        for word in dict.fromkeys(
            word for each in place.charges for word in (each.payer, each.collector)
        )
    }
    for word, charges in parties.items():
        if word not in ("importer", "customs"):
            titles = ", ".join(dict.fromkeys(place.title(each) for each in charges))
            yield place.point(f"the {word} has a part in collecting: {titles}", *charges)
    if set(parties) <= {"importer", "customs"}:
        yield "a part of private parties in collecting: only importer and customs are named"


def _cited(place: PlaceLaw) -> _Told:
    entries = [each.entry for each in place.found.values()]
    with_url = sum(bool(each.url) for each in entries)
    yield Point(
        says=f"{len(entries)} entries in force, all with a source, {with_url} with its address",
        rules=(),
    )
    yield from TOPICS["Confidence"](place)
    ahead = [day for day in place.library.change_dates(place.law.code) if day > place.on]
    days = ", ".join(map(str, ahead))
    yield Point(says=f"changes known ahead (pratique law changes): {days or 'none'}", rules=())
    if with_url < len(entries):
        number = _number(len(entries) - with_url, "entry", "entries")
        yield f"where to read the source of {number}: no address is named"


def _recorded(place: PlaceLaw) -> _Told:
    yield Point(
        says="every decision keeps regime, charges by kind and moment, and the rule of each",
        rules=(),
    )


def _as_data(place: PlaceLaw) -> _Told:
    yield Point(
        says=f"the law is data: digest {place.law.digest[:12]}, in force from {place.law.valid_from}",
        rules=(),
    )
    tariff = sum(1 for _ in place.law.tariff)
    if tariff:
        yield Point(says=f"a tariff of {tariff:,} lines is loaded", rules=())
    else:
        yield "rates of duty by goods: no tariff is loaded"


def _severities(place: PlaceLaw) -> _Told:
    for severity, number in Counter(each.severity for each in place.law.requirements).items():
        of = [each for each in place.law.requirements if each.severity == severity]
        yield place.point(f"'{severity}' when not there: {_number(number, 'element')}", *of)


def _number(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def _wco_id(pointer: str) -> str:
    noun = (
        GoodsItem
        if pointer.startswith("/consignment/items/")
        else Consignment
        if pointer.startswith("/consignment/")
        else Declaration
    )
    last = pointer.rpartition("/")[2]
    return next((each.wco for each in elements(noun) if each.name == last), "")


_SHOW: Final[dict[int, tuple[Callable[[PlaceLaw], Iterable[Point | str]], ...]]] = {
    1: (_required,),
    2: (_standard_elements, _data_sets),
    3: (_questions, _checked),
    5: (
        _regimes,
        _data_sets,
        _topic("Goods sent back", "returns: their deadlines and what is repaid"),
    ),
    6: (_operators,),
    7: (_models, _topic("Low value at sale", "a scheme for sellers: the file names none")),
    8: (
        _topic("Limits", "any limit by value"),
        _topic("Reliefs", "any relief: the file has no threshold"),
        _history,
        _topic("Left out", "goods outside reliefs and regimes: the file names none"),
    ),
    9: (_added_up, _checked),
    10: (_restricted,),
    11: (_parties,),
    13: (_cited,),
    14: (_recorded,),
    15: (_as_data,),
    16: (_checked, _severities),
}
"""What is derived for each standard, by number; for those not named a law file shows nothing."""
