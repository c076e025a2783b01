"""Can I send this? The goods of a parcel against everything that speaks where it leaves, passes and arrives.

Answers, the gravest first: ``no`` (prohibited), ``permit`` (one is needed and none declared), ``person`` (the law,
the words or the codes do not tell), ``conditions`` (yes, under conditions), ``yes`` (as far as the layers looked at
go). A place without restrictions here is never answered with yes.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Literal

import msgspec

from pratique import screening
from pratique.model.declaration import Declaration
from pratique.model.outcomes import Severity
from pratique.model.restrictions import Direction, Layer
from pratique.office.desk import Desk
from pratique.office.render import cited
from pratique.office.screen import Way, ends, ways
from pratique.screening import Hit

Answer = Literal["no", "permit", "person", "conditions", "yes"]
ANSWERS: Final[tuple[Answer, ...]] = ("no", "permit", "person", "conditions", "yes")
"""The gravest first."""
_BY_SEVERITY: Final[dict[Severity, Answer]] = {
    "danger": "no",
    "hold": "no",
    "permit": "permit",
    "person": "person",
    "note": "conditions",
}


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a parcel may be sent: ``hits`` line by line, layers looked at, what nobody here can say.

    ``silent`` are lines (from 0) that do not say what the goods are; ``wordless`` those matched by code alone,
    ``codeless`` those matched by words alone.
    """

    declaration: Declaration
    on: date
    hits: tuple[Hit, ...]
    layers: tuple[tuple[Layer, Direction], ...]
    unknown: tuple[tuple[Way, str], ...]
    silent: tuple[int, ...]
    wordless: tuple[int, ...]
    codeless: tuple[int, ...]

    @property
    def answer(self) -> Answer:
        """The gravest answer that holds."""
        found = {answer_of(hit) for hit in self.hits}
        if self.unknown or self.silent:
            found.add("person")
        return next((each for each in ANSWERS if each in found), "yes")


def send(declaration: Declaration, desk: Desk, on: date) -> Sent:
    """Whether this may be sent on that day, under all restrictions known to the desk."""
    by = ways(declaration)
    if declaration.direction == "import" and declaration.dispatch_country:
        by = (*by, (declaration.dispatch_country, "export"))
    screened = desk.screening.screened(by, ends(declaration), on)
    vocabulary = desk.screening.vocabulary
    items = list(enumerate(declaration.consignment.items))
    return Sent(
        declaration=declaration,
        on=on,
        hits=tuple(screened.screen.goods(declaration, on)),
        layers=screened.screen.layers,
        unknown=screened.unknown,
        silent=tuple(
            line
            for line, item in items
            if vocabulary.is_silent(item.description, item.hs_code, item.dangerous_goods)
        ),
        wordless=tuple(line for line, item in items if item.hs_code and not item.description),
        codeless=tuple(line for line, item in items if item.description and not item.hs_code),
    )


def answer_of(hit: Hit) -> Answer:
    """What one restriction answers."""
    return _BY_SEVERITY[screening.severity(hit)]


def sent_json(sent: Sent) -> dict[str, Any]:
    """The answer in its published form (docs/guides/restrictions.md)."""
    declaration = sent.declaration
    return {
        "parcel": declaration.id,
        "from": declaration.dispatch_country,
        "to": declaration.destination,
        "channel": declaration.channel,
        "on": sent.on.isoformat(),
        "answer": sent.answer,
        "restrictions": [_hit_json(hit) for hit in sent.hits],
        "needs_human": [*_unknown_json(sent), *_silent_json(sent)],
        "looked_at": [
            {
                "code": layer.code,
                "name": layer.name,
                "direction": direction,
                "rules": sum(direction in each.directions for each in layer.restrictions),
                "valid_from": layer.valid_from.isoformat(),
                "valid_until": layer.valid_until.isoformat() if layer.valid_until else None,
                "digest": layer.digest,
            }
            for layer, direction in sent.layers
        ],
        "by_code_alone": [line + 1 for line in sent.wordless],
        "by_words_alone": [line + 1 for line in sent.codeless],
    }


def _hit_json(hit: Hit) -> dict[str, Any]:
    restriction = hit.restriction
    permit = restriction.permit
    citation = restriction.citation
    return {
        "line": hit.line + 1,
        "answer": answer_of(hit),
        "what": restriction.what,
        "because": restriction.because,
        "pointer": hit.pointer,
        "matched": hit.matched,
        "unsure": list(hit.unsure),
        "to_do": screening.what_to_do(hit),
        "permit": msgspec.to_builtins(permit) if permit is not None else None,
        "permit_declared": hit.permit_held,
        "limits": [
            {"of": each.of, "at_most": format(each.at_most, "f"), "unit": each.unit}
            for each in restriction.limits
        ],
        **cited(citation),
        "seen": citation.seen.isoformat() if citation.seen else None,
    }


def _unknown_json(sent: Sent) -> list[dict[str, Any]]:
    return [
        {"about": f"{direction} {place}", "because": why}
        for (place, direction), why in sent.unknown
    ]


def _silent_json(sent: Sent) -> list[dict[str, Any]]:
    return [
        {
            "about": f"/consignment/items/{line}",
            "because": f"Line {line + 1} does not say what the goods are: give words or an HS code of six digits.",
        }
        for line in sent.silent
    ]
