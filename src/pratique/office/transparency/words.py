"""What does an entry of the law say, in words? Aspects of an entry with a name each, the same for every use.

Expressions stay as they are written in the law file; what stands around them is put into words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from pratique.jurisdictions.restriction_schema import RestrictionEntry
from pratique.jurisdictions.schema import (
    ChargeEntry,
    Dated,
    ListEntry,
    MeasureEntry,
    MoneyEntry,
    ParameterEntry,
    RefundEntry,
    RegimeEntry,
    RemarkEntry,
    RequirementEntry,
    ThresholdEntry,
)
from pratique.model.evidence import FixingRule
from pratique.model.restrictions import Effect

_MOST_CODES: Final = 12
_SCOPES: Final = {
    "item": "for each goods item",
    "tariff_item": "for each tariff item",
    "consignment": "for the consignment",
}
_MOMENTS: Final = {"sale": "at sale", "border": "at the border"}
_EFFECTS: Final[dict[Effect, str]] = {
    "prohibited": "prohibited",
    "permit": "with a permit",
    "conditions": "under conditions",
    "unknown": "not known",
}
_SHORT: Final = {word: word.upper() for word in ("vat", "gst", "hst", "igst", "icms", "hs", "ioss")}
_MODES: Final = {
    "half_up": "half up",
    "half_even": "half to even",
    "down": "down",
    "up": "up",
}
_FIXINGS: Final[dict[FixingRule, str]] = {
    "latest": "the last one of the day or before",
    "day_before": "the last one before the day",
    "month": "the one of the first of the month",
    "penultimate_wednesday": "the one of the last Wednesday but one of the month before",
    "quarter": "the one of the first of the quarter",
}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One aspect of an entry that is not as it was: what it is called, how it was, how it is (empty: not there)."""

    what: str
    old: str
    new: str


def headline(key: str, entry: Dated) -> str:
    """What an entry is called: its title, else its name in plain letters."""
    if entry.title:
        return entry.title
    if isinstance(entry, RestrictionEntry):
        return f"{entry.what} ({_EFFECTS[entry.effect]})"
    first, *rest = key.rpartition("/")[2].split("_")
    return " ".join([_SHORT.get(first, first.capitalize()), *(_SHORT.get(w, w) for w in rest)])


def aspects(entry: Dated) -> dict[str, str]:
    """What an entry says, aspect by aspect, those that say nothing left away."""
    told = _ASPECTS.get(type(entry), _other)(entry)
    return {what: text for what, text in told.items() if text}


def says(entry: Dated) -> str:
    """What an entry says, in one line: its main aspect first, then what goes with it."""
    told = aspects(entry)
    main, *rest = told.items()
    first = f"when {main[1]}" if main[0] == "when" else main[1]
    return "; ".join([first, *(f"{what} {text}" for what, text in rest)])


def parts(old: Dated, new: Dated) -> tuple[Part, ...]:
    """Aspects in which two entries differ; for lists of codes, which came and which went."""
    if isinstance(old, ListEntry) and isinstance(new, ListEntry):
        came = [each for each in new.codes if each not in old.codes]
        went = [each for each in old.codes if each not in new.codes]
        found = [Part(what="codes that came", old="", new=_few(came))] if came else []
        return (*found, *([Part(what="codes that went", old=_few(went), new="")] if went else []))
    before, after = aspects(old), aspects(new)
    return tuple(
        Part(what=what, old=before.get(what, ""), new=after.get(what, ""))
        for what in dict.fromkeys((*before, *after))
        if before.get(what) != after.get(what)
    )


def rounding(text: str) -> str:
    """A rounding in words: ``half_up 0.01`` as "half up to 0.01"."""
    mode, _, step = text.partition(" ")
    return f"{_MODES.get(mode, mode)} to {step}" if step else "not rounded"


def written(source: str, confidence: str, rule: str) -> str:
    """Where an entry is written, how sure that is, and its name."""
    weak = "" if confidence == "high" else f" ({confidence} confidence)"
    return f"{source}{weak} [{rule}]"


def _few(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:_MOST_CODES])
    return f"{shown}, … ({len(codes):,} in all)" if len(codes) > _MOST_CODES else shown


def _money(entry: MoneyEntry) -> dict[str, str]:
    rates = f"those of {entry.rates}, " if entry.rates else "any published, "
    return {
        "amounts": f"in {entry.currency}",
        "foreign amounts": f"converted to {entry.conversion_step}",
        "exchange rates": f"{rates}{_FIXINGS[entry.fixing]}, at most {entry.most_days} days old",
    }


def _value(entry: ParameterEntry | MeasureEntry) -> dict[str, str]:
    return {"value": entry.value}


def _list(entry: ListEntry) -> dict[str, str]:
    return {"codes": _few(entry.codes) or "none"}


def _regime(entry: RegimeEntry) -> dict[str, str]:
    return {
        "when": entry.when,
        "data set": entry.dataset,
        "asks a person": entry.needs_human,
        "order": str(entry.order) if entry.order != 100 else "",
    }


def _threshold(entry: ThresholdEntry) -> dict[str, str]:
    return {
        "because": entry.because,
        "while": entry.holds,
        "relieves": ", ".join(entry.charges),
    }


def _charge(entry: ChargeEntry) -> dict[str, str]:
    return {
        "amount": entry.amount or f"{entry.rate} of {entry.base}",
        "when": entry.when,
        "else": entry.otherwise,
        "reckoned": f"{_SCOPES[entry.scope]}{f' alike in {entry.group}' if entry.group else ''}",
        "rounded": "not at all" if entry.round == "none" else rounding(entry.round),
        "paid by": f"{entry.payer} {_MOMENTS[entry.moment]}",
        "collected by": entry.collector,
        "under": ", ".join(entry.regimes),
        "kind": entry.kind,
    }


def _remark(entry: RemarkEntry) -> dict[str, str]:
    return {"because": entry.because, "when": entry.when, "under": ", ".join(entry.regimes)}


def _requirement(entry: RequirementEntry) -> dict[str, str]:
    return {
        "because": entry.because,
        "element": entry.pointer,
        "if not": entry.severity,
        "under": ", ".join(entry.regimes),
    }


def _refund(entry: RefundEntry) -> dict[str, str]:
    return {
        "because": entry.because,
        "repaid": ", ".join(entry.charges),
        "when": entry.when,
        "less": entry.less,
        "within": f"{entry.days} days of release" if entry.days is not None else "",
        "off the year": entry.year_value,
        "under": ", ".join(entry.regimes),
    }


def _other(entry: Dated) -> dict[str, str]:
    """What an entry of a kind not told of here has of its own, key by key."""
    own = set(type(entry).__struct_fields__) - set(Dated.__struct_fields__)
    values = {name: getattr(entry, name) for name in entry.__struct_fields__ if name in own}
    return {name.replace("_", " "): str(value) for name, value in values.items() if value}


def _restriction(entry: RestrictionEntry) -> dict[str, str]:
    permit = entry.permit
    limits = (f"at most {each.at_most} {each.unit} of {each.of}" for each in entry.limits)
    return {
        "because": entry.because,
        "effect": entry.effect,
        "goods": ", ".join(entry.goods),
        "permit": f"{permit.name}, of {permit.authority}" if permit else "",
        "conditions": entry.conditions,
        "limits": "; ".join(limits),
        "going": ", ".join(entry.directions),
        "by": ", ".join((*entry.channels, *entry.modes)),
        "for": ", ".join(entry.flows),
        "made in": ", ".join(entry.origins),
        "not sent from": ", ".join(entry.not_sent_from),
    }


_ASPECTS: Final[dict[type[Dated], Callable[[Any], dict[str, str]]]] = {
    MoneyEntry: _money,
    ParameterEntry: _value,
    MeasureEntry: _value,
    ListEntry: _list,
    RegimeEntry: _regime,
    ThresholdEntry: _threshold,
    ChargeEntry: _charge,
    RemarkEntry: _remark,
    RequirementEntry: _requirement,
    RefundEntry: _refund,
    RestrictionEntry: _restriction,
}
