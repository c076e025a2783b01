"""Was the quote kept? What was quoted and what was assessed later, line by line, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from pratique.errors import SealError, UsageError
from pratique.model.codelists import minor_unit
from pratique.model.declaration import Declaration, subdivision
from pratique.model.money import amount_text
from pratique.model.outcomes import Assessment
from pratique.model.territories import MAIN
from pratique.office.quote import QuoteRequest
from pratique.office.render import assessment_json
from pratique.office.signed_quote import SignedQuote

_ZERO: Final = Decimal(0)


class ComparedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One charge on one line (None: the whole consignment); amounts are None where the charge is absent."""

    line: int | None
    name: str
    title: str
    quoted: Decimal | None
    assessed: Decimal | None
    because: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """What is due beyond the quote; negative when less."""
        return (self.assessed or _ZERO) - (self.quoted or _ZERO)


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Every charge of either side; ``unsettled`` are questions one side left to a person and the other did not."""

    currency: str
    declaration: str
    lines: tuple[ComparedLine, ...]
    unsettled: tuple[str, ...]
    open_in_both: tuple[str, ...]

    @property
    def quoted(self) -> Decimal:
        return sum((each.quoted or _ZERO for each in self.lines), _ZERO)

    @property
    def assessed(self) -> Decimal:
        return sum((each.assessed or _ZERO for each in self.lines), _ZERO)

    @property
    def is_same(self) -> bool:
        """Whether every line is to the amount quoted, and the same questions are open."""
        return not self.unsettled and all(
            each.quoted is not None and each.assessed is not None and not each.difference
            for each in self.lines
        )


def compare_quote(
    signed: SignedQuote, declaration: Declaration, later: Assessment | None
) -> Comparison:
    """What was quoted beside what was assessed. Raises ``UsageError`` when the two cannot be set side by side."""
    if later is None:
        raise UsageError(f"{declaration.id} was not assessed: there is no law for it here.")
    answer = assessment_json(later)
    currency = str(signed.answer.get("currency"))
    if currency != later.currency:
        raise UsageError(
            f"The quote is in {currency}, the assessment of {declaration.id} in {later.currency}: "
            "they are of two places."
        )
    try:
        before, after = _charges(signed.answer), _charges(answer)
        lines = tuple(
            _line(key, before.get(key), after.get(key), signed, declaration, answer)
            for key in sorted({*before, *after}, key=lambda key: (key[0] or 0, key[1]))
        )
        asked, asks = _questions(signed.answer), _questions(answer)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise SealError("shape", f"The answer in the quote is none of ours: {error!r}.") from error
    return Comparison(
        currency=currency,
        declaration=declaration.id,
        lines=lines,
        unsettled=(
            *(f"quoted as unknown: {each}" for each in asked if each not in asks),
            *(f"unknown now: {each}" for each in asks if each not in asked),
        ),
        open_in_both=tuple(each for each in asked if each in asks),
    )


_Key = tuple[int | None, str]


def _charges(answer: dict[str, Any]) -> dict[_Key, list[dict[str, Any]]]:
    found: dict[_Key, list[dict[str, Any]]] = {}
    for each in answer["charges"]:
        found.setdefault((each["line"], each["name"]), []).append(each)
    return found


def _questions(answer: dict[str, Any]) -> list[str]:
    return [
        f"{each['about']}{_on(each['line'])}: {each['because']}" for each in answer["needs_human"]
    ]


def _on(line: int | None) -> str:
    return f" on line {line}" if line else ""


def _line(
    key: _Key,
    before: list[dict[str, Any]] | None,
    after: list[dict[str, Any]] | None,
    signed: SignedQuote,
    declaration: Declaration,
    answer: dict[str, Any],
) -> ComparedLine:
    line, name = key
    quoted, assessed = _sum(before), _sum(after)
    because: list[str] = []
    if quoted != assessed:
        because += _gone_or_new(key, before, after, signed.answer, answer)
        because += _other_law(signed.answer, answer)
        because += _other_rate(signed, answer)
        because += _other_goods(line, signed.request, declaration)
        because += _other_journey(signed.request, declaration, answer)
        because += _other_reckoning(before, after)
    return ComparedLine(
        line=line,
        name=name,
        title=(after or before or [{}])[0]["title"],
        quoted=quoted,
        assessed=assessed,
        because=tuple(because),
    )


def _sum(charges: list[dict[str, Any]] | None) -> Decimal | None:
    return None if charges is None else sum((Decimal(each["amount"]) for each in charges), _ZERO)


def _gone_or_new(
    key: _Key, before: Any, after: Any, quoted: dict[str, Any], assessed: dict[str, Any]
) -> Iterator[str]:
    """Why a charge stands on one side alone, as the other side tells it."""
    if before and after:
        return
    where, side = ("the quote", quoted) if after else ("the assessment", assessed)
    yield f"new: not in {where}" if after else f"gone: not in {where}"
    for each in (*side["not_due"], *side["needs_human"]):
        if (each.get("name") or each.get("about")) == key[1] and each["line"] in (None, key[0]):
            yield f"{where} says: {each['because']}"
            return


def _other_law(quoted: dict[str, Any], assessed: dict[str, Any]) -> Iterator[str]:
    if quoted["law_digest"] != assessed["law_digest"]:
        yield f"other law version: {assessed['law_digest'][:12]}, quoted under {quoted['law_digest'][:12]}"
    if quoted["on"] != assessed["on"]:
        yield f"other day: {assessed['on']}, quoted for {quoted['on']}"
    if quoted["regime"] != assessed["regime"]:
        yield f"other regime: {assessed['regime']}, quoted under {quoted['regime']}"


def _other_rate(signed: SignedQuote, answer: dict[str, Any]) -> Iterator[str]:
    """Exchange rates as the later assessment traces them, beside those of the quote."""
    quoted = {f"rate {each.currency} to {each.home}": each.rate for each in signed.rates}
    for step in answer["trace"]:
        rate = quoted.get(step["name"])
        if rate is not None and rate != Decimal(step["value"]):
            yield f"other exchange rate: {step['name'][5:]} {step['value']}, quoted with {rate}"


def _other_goods(
    line: int | None, request: QuoteRequest, declaration: Declaration
) -> Iterator[str]:
    """What was asked about, beside what was declared; all lines when the charge is on the whole."""
    items = declaration.consignment.items
    if len(items) != len(request.lines):
        yield f"other lines: {len(items)} declared, {len(request.lines)} quoted"
    for number, (asked, item) in enumerate(zip(request.lines, items, strict=False), start=1):
        if line not in (None, number):
            continue
        price = item.price or item.intrinsic_value
        paid = f"{price.amount} {price.currency}" if price else "none"
        pairs = (
            ("value", f"{asked.value} {request.currency}", paid, price is not None and (price.amount, price.currency) == (asked.value, request.currency)),
            ("HS code", asked.hs, item.hs_code, asked.hs == item.hs_code),
            ("origin", asked.origin, item.origin, asked.origin == item.origin),
            ("quantity", asked.quantity, item.quantity, asked.quantity == item.quantity),
            ("net mass", asked.weight_kg, item.net_mass_kg, asked.weight_kg == item.net_mass_kg),
            ("declared duty rate", asked.duty, item.duty_rate, asked.duty == item.duty_rate),
            ("second duty rate", asked.other_duty, item.other_duty_rate, asked.other_duty == item.other_duty_rate),
            ("preference", asked.preference, item.preference, asked.preference == item.preference),
        )  # fmt: skip
        on = "" if line == number else _on(number)
        yield from (
            f"other {name}{on}: {_said(now)}, quoted for {_said(was)}"
            for name, was, now, same in pairs
            if not same
        )


def _other_journey(
    request: QuoteRequest, declaration: Declaration, answer: dict[str, Any]
) -> Iterator[str]:
    goods = declaration.consignment
    pairs: Iterable[tuple[str, Any, Any]] = (
        ("country of dispatch", request.dispatch_country, declaration.dispatch_country),
        ("channel", request.channel, declaration.channel),
        ("flow", request.flow, declaration.flow),
        ("scheme number", "yes" if request.scheme_number else "no", "yes" if declaration.schemes else "no"),
        ("state or province", *_parts(request.subdivision, subdivision(declaration) or "")),
    )  # fmt: skip
    for name, was, now in pairs:
        if was != now:
            yield f"other {name}: {_said(now)}, quoted for {_said(was)}"
    for name, asked, money in (
        ("freight", request.freight, goods.freight),
        ("insurance", request.insurance, goods.insurance),
    ):
        now = (money.amount, money.currency) if money else (_ZERO, request.currency)
        if now != (asked, request.currency) and (now[0] or asked):
            yield f"other {name}: {now[0]} {now[1]}, quoted with {asked} {request.currency}"


def _parts(quoted: str, declared: str) -> tuple[str, str]:
    """Both, as far as they matter: a postcode in no territory, given for one of them alone, tells nothing new."""
    return ("", "") if {quoted, declared} == {"", MAIN} else (quoted, declared)


def _other_reckoning(before: Any, after: Any) -> Iterator[str]:
    if not before or not after or len(before) != len(after):
        return
    for was, now in zip(before, after, strict=True):
        for name in ("base", "rate"):
            if was[name] != now[name]:
                yield f"{name} {_said(now[name])}, quoted {_said(was[name])}"


def _said(value: Any) -> str:
    return "none" if value is None or value == "" else str(value)


def compared_json(found: Comparison) -> dict[str, Any]:
    """A comparison in its published form, amounts as text."""
    places = minor_unit(found.currency)

    def text(amount: Decimal | None) -> str | None:
        return None if amount is None else amount_text(amount, places)

    return {
        "declaration": found.declaration,
        "currency": found.currency,
        "same": found.is_same,
        "quoted": text(found.quoted),
        "assessed": text(found.assessed),
        "difference": text(found.assessed - found.quoted),
        "lines": [
            {
                "line": each.line,
                "name": each.name,
                "title": each.title,
                "quoted": text(each.quoted),
                "assessed": text(each.assessed),
                "difference": text(each.difference),
                "because": list(each.because),
            }
            for each in found.lines
        ],
        "unsettled": list(found.unsettled),
        "open_in_both": list(found.open_in_both),
    }
