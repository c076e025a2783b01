"""What does a law mean for a few parcels? Six stated ones, each assessed as a quote, in the currency of the place."""

from __future__ import annotations

import functools
import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources

import msgspec

from pratique.errors import NoRuleInForceError
from pratique.model.codelists import minor_unit
from pratique.model.declaration import Channel, Flow
from pratique.model.money import amount_text
from pratique.model.outcomes import Assessment
from pratique.office.desk import Desk
from pratique.office.quote import QuoteLine, QuoteRequest, quote


class StatedParcel(msgspec.Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A parcel of the list: its goods in words, and as a quote is asked for, values in units of a currency."""

    words: str
    hs: str
    value: int
    freight: int
    duty: str
    weight_kg: Decimal
    from_: tuple[str, ...]
    channel: Channel
    flow: Flow
    quantity: int = 1
    registered: bool = False


class _Stated(msgspec.Struct, frozen=True):
    units: dict[str, int]
    parcel: tuple[StatedParcel, ...]


class Bears(msgspec.Struct, frozen=True, kw_only=True):
    """What one stated parcel bears under one law; amounts as text in ``currency``.

    ``asks`` is why a person is asked, in which case the total is not the whole.
    """

    value: str
    freight: str
    currency: str
    regime: str
    duty: str
    tax: str
    fees: str
    at_sale: str
    total: str
    asks: tuple[str, ...]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One stated parcel before and after; None where there is no law. ``more`` is the total's difference.

    ``more`` is empty when the currencies differ, or a person is asked on either side.
    """

    parcel: str
    duty_rate: str
    dispatch_country: str
    before: Bears | None
    after: Bears | None
    more: str


def effects(code: str, before: tuple[Desk, date], after: tuple[Desk, date]) -> tuple[Effect, ...]:
    """What the stated parcels bear under two laws: each a desk, and the day."""
    return tuple(_effect(parcel, code, before, after) for parcel in stated().parcel)


def bears(parcel: StatedParcel, code: str, desk: Desk, on: date) -> Bears | None:
    """What a stated parcel bears at a place on a day; None when there is no law."""
    try:
        currency = desk.law_in_force(code, on).currency
    except NoRuleInForceError:
        return None
    request = _request(parcel, code, currency, on)
    return _told(request, quote(request, desk))


@functools.cache
def stated() -> _Stated:
    """The stated parcels, as they are written beside this module."""
    content = resources.files("pratique.office.transparency").joinpath("parcels.toml").read_bytes()
    return msgspec.convert(tomllib.loads(content.decode("utf-8")), _Stated, strict=False)


def _effect(
    parcel: StatedParcel, code: str, before: tuple[Desk, date], after: tuple[Desk, date]
) -> Effect:
    old, new = bears(parcel, code, *before), bears(parcel, code, *after)
    more = ""
    if old and new and old.currency == new.currency and not old.asks and not new.asks:
        change = Decimal(new.total) - Decimal(old.total)
        more = f"{change:+}" if change else "0"
    return Effect(
        parcel=parcel.words,
        duty_rate=parcel.duty,
        dispatch_country=_dispatched(parcel, code),
        before=old,
        after=new,
        more=more,
    )


def _dispatched(parcel: StatedParcel, code: str) -> str:
    return next(each for each in parcel.from_ if each != code.upper())


def _request(parcel: StatedParcel, code: str, currency: str, on: date) -> QuoteRequest:
    units = stated().units.get(currency, 1)
    country = _dispatched(parcel, code)
    return QuoteRequest(
        destination=code.upper(),
        dispatch_country=country,
        on=on,
        currency=currency,
        lines=(
            QuoteLine(
                value=Decimal(parcel.value * units),
                hs=parcel.hs,
                quantity=Decimal(parcel.quantity),
                origin=country,
                what=parcel.words,
                duty=Decimal(parcel.duty.removesuffix("%")).scaleb(-2),
                weight_kg=parcel.weight_kg,
            ),
        ),
        freight=Decimal(parcel.freight * units),
        channel=parcel.channel,
        flow=parcel.flow,
        scheme_number=parcel.registered,
        sold_on=on,
    )


def _told(request: QuoteRequest, answer: Assessment) -> Bears:
    places = minor_unit(answer.currency)

    def text(amount: Decimal) -> str:
        return amount_text(amount, places)

    return Bears(
        value=text(request.lines[0].value),
        freight=text(request.freight),
        currency=answer.currency,
        regime=answer.regime or "",
        duty=text(answer.total("duty")),
        tax=text(answer.total("tax")),
        fees=text(answer.total("fee")),
        at_sale=text(answer.total(moment="sale")),
        total=text(answer.total()),
        asks=tuple(each.because for each in answer.needs_human),
    )
