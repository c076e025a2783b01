"""May these goods go there? A declaration held against the layers of restrictions that speak for it.

Takes the declaration, the layers in force (each with the direction in which the goods meet it) and the vocabulary
of goods; gives every restriction that holds or may hold, line by line. Three-valued throughout: what is sure is
told as sure, what only may be is for a person, and where nothing holds the answer reaches as far as the layers do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date
from typing import Final

import msgspec

from pratique.model.declaration import Declaration, Document, GoodsItem
from pratique.model.outcomes import Finding, Severity
from pratique.model.restrictions import OTHER_MODES, Direction, Layer, Restriction
from pratique.screening.vocabulary import Field, Told, Vocabulary

WEAK: Final = "the source of this rule is weak"
NO_MODE: Final = "it is not said how the parcel travels"
NO_ORIGIN: Final = "it is not said where the goods were made"
INSIDE: Final = (
    "the parcel does not leave the territory of this law, and the rule is one for its border"
)


class Hit(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A restriction that goods come under, or may: ``unsure`` says why they only may, empty when they do.

    ``line`` is the place of the goods item, from 0; ``matched`` what its element ``field`` says. ``permit_held`` is
    the number or type of the document that is declared as the permit.
    """

    restriction: Restriction
    line: int
    field: Field
    matched: str
    unsure: tuple[str, ...] = ()
    permit_held: str = ""

    @property
    def pointer(self) -> str:
        """The element of the declaration that says so."""
        return f"/consignment/items/{self.line}/{self.field}"


class Screen:
    """Layers of restrictions that speak for one way of parcels, by the goods they are about.

    Each layer comes with the direction in which the goods meet it; those of conventions are met in every direction.
    ``inside`` are codes of layers whose territory the parcel does not leave: whether they hold then is not sure.
    """

    def __init__(
        self,
        layers: Iterable[tuple[Layer, Direction]],
        vocabulary: Vocabulary,
        inside: Set[str] = frozenset(),
    ) -> None:
        self.layers = tuple(layers)
        self.vocabulary = vocabulary
        self._by_goods: dict[str, list[tuple[Restriction, tuple[str, ...]]]] = {}
        for layer, direction in self.layers:
            doubts = (INSIDE,) if layer.code in inside else ()
            for each in layer.restrictions:
                if direction in each.directions:
                    for name in each.goods:
                        self._by_goods.setdefault(name, []).append((each, doubts))

    def goods(self, declaration: Declaration, on: date) -> Sequence[Hit]:
        """Every restriction that holds or may hold of these goods, line by line, the gravest first."""
        found: list[Hit] = []
        told = self.vocabulary.told
        for line, item in enumerate(declaration.consignment.items):
            kinds = told(item.description, item.hs_code, item.dangerous_goods)
            if kinds:
                found.extend(self._of_line(kinds, declaration, line, item, on))
        return found

    def _of_line(
        self,
        kinds: tuple[Told, ...],
        declaration: Declaration,
        line: int,
        item: GoodsItem,
        on: date,
    ) -> list[Hit]:
        best: dict[int, Hit] = {}
        for kind in kinds:
            for restriction, doubts in self._by_goods.get(kind.goods, ()):
                unsure = _unsure(restriction, declaration, item)
                if unsure is None:
                    continue
                unsure = (*doubts, *unsure) if doubts else unsure
                hit = Hit(
                    restriction=restriction,
                    line=line,
                    field=kind.field,
                    matched=kind.matched,
                    unsure=(kind.unsure, *unsure) if kind.unsure else unsure,
                    permit_held=_held(restriction, declaration, item, on),
                )
                before = best.get(id(restriction))
                if before is None or len(hit.unsure) < len(before.unsure):
                    best[id(restriction)] = hit
        return sorted(best.values(), key=_gravity)


def findings(hits: Iterable[Hit]) -> list[Finding]:
    """What the declarant is told of each hit, and how grave it is."""
    return [
        Finding(
            rule=hit.restriction.citation.rule,
            family="restriction",
            severity=severity(hit),
            pointer=hit.pointer,
            message=sentence(hit),
            hint=what_to_do(hit),
            source=source(hit.restriction),
            url=hit.restriction.citation.url,
        )
        for hit in hits
    ]


def severity(hit: Hit) -> Severity:
    """How grave: danger and hold stop, permit asks for it, person asks somebody to look, a note is only told."""
    effect = hit.restriction.effect
    if effect == "conditions":
        return "note"
    if effect == "permit" and hit.permit_held:
        return "note"
    if hit.unsure or effect == "unknown":
        return "person"
    if effect == "permit":
        return "permit"
    return "danger" if hit.restriction.danger else "hold"


def sentence(hit: Hit) -> str:
    """The answer in words, and what says so."""
    restriction = hit.restriction
    text = f"{restriction.what}: {restriction.because} Found: {_found(hit)}."
    if hit.unsure:
        text += f" It may be so, not more: {'; '.join(hit.unsure)}."
    if hit.permit_held:
        text += f" Declared as the permit: {hit.permit_held}; to be checked."
    return text


def what_to_do(hit: Hit) -> str:
    """Which permit from whom, under which conditions, or not at all."""
    restriction = hit.restriction
    told = []
    if restriction.effect == "prohibited":
        told.append("If it is that, do not send it." if hit.unsure else "Do not send it.")
    if restriction.permit is not None:
        permit = restriction.permit
        where = f" ({permit.url})" if permit.url else ""
        told.append(f"Needed: {permit.name}, from {permit.authority}{where}.")
        if permit.documents:
            told.append(f"Declare it as a document of type {' or '.join(permit.documents)}.")
    if restriction.conditions:
        told.append(restriction.conditions)
    told += [f"At most {each.at_most:f} {each.unit}: {each.of}." for each in restriction.limits]
    if hit.unsure:
        told.append("Say plainly what it is, with its HS code of six digits; a person decides.")
    return " ".join(told)


def source(restriction: Restriction) -> str:
    """Where it is written, and how far that can be relied on when it is not fully."""
    citation = restriction.citation
    if citation.confidence == "high":
        return citation.source
    return f"{citation.source} (confidence {citation.confidence})"


def _unsure(
    restriction: Restriction, declaration: Declaration, item: GoodsItem
) -> tuple[str, ...] | None:
    """Why a restriction on these goods only may hold of this parcel; None when it does not hold of it."""
    if restriction.channels and declaration.channel not in restriction.channels:
        return None
    if restriction.flows and declaration.flow not in restriction.flows:
        return None
    if declaration.dispatch_country in restriction.not_sent_from:
        return None
    unsure = (WEAK,) if restriction.citation.confidence == "low" else ()
    if restriction.modes:
        transport = declaration.consignment.transport
        mode = transport.mode if transport is not None else ""
        if mode in OTHER_MODES:
            unsure = (*unsure, NO_MODE)
        elif mode not in restriction.modes:
            return None
    if restriction.origins:
        if item.origin is None:
            unsure = (*unsure, NO_ORIGIN)
        elif item.origin not in restriction.origins:
            return None
    return unsure


def _held(restriction: Restriction, declaration: Declaration, item: GoodsItem, on: date) -> str:
    """The document declared as the permit, if one of its types is declared and not lapsed."""
    if restriction.permit is None:
        return ""
    return next(
        (
            f"{each.type} {each.number}".rstrip()
            for each in _documents(declaration, item)
            if each.type in restriction.permit.documents
            and (each.valid_until is None or on <= each.valid_until)
        ),
        "",
    )


def _documents(declaration: Declaration, item: GoodsItem) -> Iterator[Document]:
    yield from item.documents
    yield from declaration.documents


_GRAVEST: Final = ("prohibited", "unknown", "permit", "conditions")


def _gravity(hit: Hit) -> tuple[int, bool, str]:
    effect = _GRAVEST.index(hit.restriction.effect)
    return effect, bool(hit.unsure), hit.restriction.citation.rule


def _found(hit: Hit) -> str:
    if hit.field == "hs_code":
        return f"HS code {hit.matched}"
    if hit.field == "dangerous_goods":
        return hit.matched
    return f"{hit.matched!r} in the description"
