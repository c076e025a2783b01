"""What does a tariff say of one line? Rates of duty as tariffs print them, and what they come to.

``Free``, ``12.5%``, ``4.4¢/kg + 8.5%``, ``$1.61/m3``, ``12.00 GBP / 100 KGM``, ``10% MIN 0.35 EUR / KGM MAX 12%``.
What is free text, or rests on what no declaration says (drained weight, the value of the case of a watch), is kept in
its words: a person must settle it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal

import msgspec

from pratique.model.codelists import is_currency, is_unit

Form = Literal["free", "ad valorem", "specific", "compound", "bounded", "text"]
Quantity = Callable[[str], Decimal]
"""Rec 20 unit → how many of it the item holds; raises ``Unknown`` when nobody said."""
ToHome = Callable[[Decimal, str], Decimal]
"""Amount, currency → amount in the law's currency; raises ``Unknown`` without an exchange rate."""

_ZERO: Final = Decimal(0)
_UNITS: Final = {
    "kg": "KGM", "g": "GRM", "gram": "GRM", "t": "TNE", "tonne": "TNE", "liter": "LTR", "litre": "LTR", "l": "LTR",
    "hl": "HLT", "m2": "MTK", "m3": "MTQ", "m": "MTR", "bbl": "BLL", "pr": "PR", "pair": "PR", "doz": "DZN",
    "dozen": "DZN", "gross": "GRO", "thousand": "MIL", "head": "C62", "each": "C62", "article": "C62", "no": "C62",
    "item": "C62", "p/st": "C62", "pf. liter": "PFL", "pf.liter": "PFL", "carat": "CTM",
}  # fmt: skip
"""Names of units in tariffs, as codes of Recommendation 20."""
_NUMBER: Final = r"\d+(?:\.\d+)?"
_PER_CENT: Final = re.compile(rf"(?P<rate>{_NUMBER}) ?(?:%|per ?cent)", re.IGNORECASE)
_SPECIFIC: Final = re.compile(
    rf"""(?: \$\ ?(?P<dollars>{_NUMBER})
           | (?P<cents>{_NUMBER})\ ?¢
           | (?P<amount>{_NUMBER})\ ?(?P<after>[A-Z]{{3}})
           | (?P<before>[A-Z]{{3}})\ ?(?P<sum>{_NUMBER}) )
        \ ?(?: /\ ?(?P<many>\d[\d,]*)?\ ?(?P<unit>[^\d+%]*\w[^+%]*)? | (?P<each>each) | per\ (?P<per>[^+%]+?) )""",
    re.VERBOSE,
)
_ON: Final = re.compile(r"(?P<part>.*?)(?: (?:on|of) (?:the )?(?P<on>[a-z][a-z ,]*))?")
_BOUND: Final = re.compile(r"\s+(MIN|MAX)\s+")


class Specific(msgspec.Struct, frozen=True):
    """``amount`` of ``currency`` for every ``many`` units (Recommendation 20)."""

    amount: Decimal
    currency: str
    unit: str
    many: Decimal = Decimal(1)


class Parts(msgspec.Struct, frozen=True):
    """A share of the value (as a fraction) and amounts by quantity, added together.

    ``on`` names what some of them rest on where that is not the goods as a whole: drained weight, the case.
    """

    ad_valorem: Decimal = _ZERO
    specific: tuple[Specific, ...] = ()
    on: tuple[str, ...] = ()

    def amount(self, value: Decimal, quantity: Quantity, to_home: ToHome) -> Decimal:
        """What these come to, unrounded; amounts per many units are multiplied out, so ``many`` is a power of ten."""
        total = value * self.ad_valorem
        for part in self.specific:
            held = quantity(part.unit)
            total += to_home(part.amount / part.many, part.currency) * held
        return total


class Duty(msgspec.Struct, frozen=True):
    """One rate of duty: its ``parts`` together, within ``least`` and ``most``; ``text`` as printed."""

    text: str
    form: Form
    parts: Parts = Parts()
    least: Parts | None = None
    most: Parts | None = None

    @property
    def ad_valorem(self) -> Decimal | None:
        """The rate as a fraction when that is all there is to it."""
        whole = self.form in ("free", "ad valorem") and not self.parts.on
        return self.parts.ad_valorem if whole else None

    @property
    def untold(self) -> str:
        """Why no declaration tells what is owed at this rate; empty when one may."""
        if self.form == "text":
            return f"the tariff says in words what is due: {self.text}"
        if self.parts.on:
            return f"the duty rests on {' and on '.join(self.parts.on)}, which no declaration says: {self.text}"
        return ""

    def amount(self, value: Decimal, quantity: Quantity, to_home: ToHome) -> Decimal:
        """The duty on goods of that value, unrounded, where it is not ``untold``. Call within ``exactly()``."""
        found = self.parts.amount(value, quantity, to_home)
        if self.least is not None:
            found = max(found, self.least.amount(value, quantity, to_home))
        if self.most is not None:
            found = min(found, self.most.amount(value, quantity, to_home))
        return found


@functools.lru_cache(maxsize=65_536)
def parse_duty(text: str) -> Duty:
    """A rate of duty from its text; what cannot be read as one has the form ``text``."""
    shown = " ".join(text.split())
    if shown.lower() == "free":
        return Duty(shown, "free")
    first, *rest = _BOUND.split(shown)
    parts = _parts(first)
    if parts is None or len(rest) > 4:
        return Duty(shown, "text")
    bounds: dict[str, Parts] = {}
    for word, bound in zip(rest[::2], rest[1::2], strict=True):
        limit = _parts(bound)
        if limit is None or word in bounds:
            return Duty(shown, "text")
        bounds[word] = limit
    if bounds:
        return Duty(shown, "bounded", parts, bounds.get("MIN"), bounds.get("MAX"))
    return Duty(shown, _form(parts), parts)


def _form(parts: Parts) -> Form:
    if not parts.specific:
        return "ad valorem" if parts.ad_valorem else "free"
    return "compound" if parts.ad_valorem or len(parts.specific) > 1 else "specific"


def _parts(text: str) -> Parts | None:
    rate, specific, on = _ZERO, [], []
    for each in text.split("+"):
        found = _ON.fullmatch(each.strip())
        assert found is not None
        part, basis = found["part"], found["on"]
        share = _PER_CENT.fullmatch(part)
        amount = None if share is not None else _specific(part)
        if share is not None:
            rate += Decimal(share["rate"]).scaleb(-2)
        elif amount is not None:
            specific.append(amount)
        else:
            return None
        if basis:
            on.append(basis)
    return Parts(rate, tuple(specific), tuple(on))


def _specific(text: str) -> Specific | None:
    found = _SPECIFIC.fullmatch(text)
    if found is None:
        return None
    many = Decimal((found["many"] or "1").replace(",", ""))
    each = found["each"] or (found["many"] and not found["unit"])
    unit = _unit("each" if each else found["unit"] or found["per"] or "")
    if unit is None or many not in (1, 10, 100, 1000):
        return None
    if found["cents"]:
        return Specific(Decimal(found["cents"]).scaleb(-2), "USD", unit, many)
    if found["dollars"]:
        return Specific(Decimal(found["dollars"]), "USD", unit, many)
    currency = found["after"] or found["before"]
    if not is_currency(currency):
        return None
    return Specific(Decimal(found["amount"] or found["sum"]), currency, unit, many)


def _unit(text: str) -> str | None:
    word = text.strip().rstrip(".")
    if word.isupper() and is_unit(word):
        return word
    return _UNITS.get(word.lower())
