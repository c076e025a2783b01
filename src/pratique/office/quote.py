"""What will it cost, before anything is sent? A quote is an assessment of goods nobody has declared yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import msgspec

from pratique import assessment, checks
from pratique.errors import UsageError
from pratique.model.declaration import (
    Channel,
    Consignment,
    Declaration,
    Fee,
    Flow,
    GoodsItem,
    SchemeNumber,
    Transport,
    consignee_in,
    order_on,
)
from pratique.model.evidence import NO_PRIOR, Evidence, ExchangeRate, Prior
from pratique.model.money import Money
from pratique.model.outcomes import Assessment, Caution
from pratique.model.territories import MAIN, law_place, subdivision_of, territories
from pratique.office.desk import Desk
from pratique.rules.law import Law


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of one kind: ``value`` is the price of all pieces; ``duty`` a rate as a fraction, ``other_duty`` that of a second tariff."""

    value: Decimal
    hs: str | None = None
    quantity: Decimal = Decimal(1)
    origin: str | None = None
    what: str = ""
    duty: Decimal | None = None
    other_duty: Decimal | None = None
    weight_kg: Decimal | None = None
    unit_value: Decimal | None = None
    preference: str = ""


class QuoteRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be sent. Amounts are in ``currency``; ``rates`` give the destination's currency for one unit."""

    destination: str
    dispatch_country: str | None
    on: date
    currency: str
    lines: tuple[QuoteLine, ...]
    freight: Decimal = Decimal(0)
    insurance: Decimal = Decimal(0)
    channel: Channel = "post"
    flow: Flow = "b2c"
    scheme_number: bool = False
    dataset: str = ""
    mode: str = ""
    subdivision: str = ""
    postcode: str = ""
    sold_on: date | None = None
    rates: dict[str, Decimal] = {}
    fees: dict[str, Decimal] = {}
    prior: Prior = NO_PRIOR


def quote(request: QuoteRequest, desk: Desk) -> Assessment:
    """What is owed under the law at the destination that day.

    Raises ``NoRuleInForceError`` without law, and ``UsageError`` for amounts no declaration can hold.
    """
    request = placed(request)
    law = law_for(request, desk)
    try:
        declaration = declaration_of(request, law)
    except ValueError as error:
        raise UsageError(f"This cannot be declared: {error}.") from error
    answer = assessment.assess(
        declaration,
        law,
        on=request.on,
        evidence=evidence_for(request, law, desk.evidence),
    )
    contradictions = tuple(_contradictions(declaration, request.on))
    return msgspec.structs.replace(answer, cautions=(*contradictions, *answer.cautions))


def _contradictions(declaration: Declaration, on: date) -> Iterator[Caution]:
    """What of the request does not go together, as the checks of a declaration say it."""
    for each in checks.general(declaration, datetime.combine(on, time(), UTC)):
        if each.family == "consistency":
            yield Caution(about=each.rule, because=f"{each.message} {each.hint}".strip())


def placed(request: QuoteRequest) -> QuoteRequest:
    """The request with the territory that its postcode tells in place of the postcode, which is personal."""
    told = subdivision_of(request.destination, request.postcode)
    if request.subdivision and told not in (None, request.subdivision):
        apart = {each.subdivision for each in territories() if each.country == request.destination}
        if told in apart - {MAIN} or request.subdivision in apart:
            raise UsageError(
                f"The postcode lies in {told}, the subdivision given is {request.subdivision}: "
                "leave one of them away, or correct it."
            )
    territory = request.subdivision or told or ""
    return msgspec.structs.replace(request, subdivision=territory, postcode="")


def law_for(request: QuoteRequest, desk: Desk) -> Law:
    """The law in force where the goods go, on the day asked for. Raises ``NoRuleInForceError`` without law."""
    return desk.law_in_force(law_place(request.destination, request.subdivision), request.on)


def evidence_for(request: QuoteRequest, law: Law, at_hand: Evidence) -> Evidence:
    """What a request says of rates and earlier parcels, and where it is silent the rates at hand."""
    given = tuple(
        ExchangeRate(currency=code, home=law.currency, rate=rate, source="given with the quote")
        for code, rate in request.rates.items()
    )
    known = tuple(each for each in at_hand.rates if each.currency not in request.rates)
    return Evidence(rates=(*given, *known), table=at_hand.table, prior=request.prior)


def declaration_of(request: QuoteRequest, law: Law) -> Declaration:
    """The goods of a request as they would be declared."""
    schemes = (SchemeNumber(kind=law.scheme, number="as asked"),) if request.scheme_number else ()
    return Declaration(
        id="quote",
        destination=request.destination,
        dispatch_country=request.dispatch_country,
        channel=request.channel,
        flow=request.flow,
        dataset=request.dataset,
        schemes=schemes if law.scheme else (),
        parties=consignee_in(request.subdivision),
        order=order_on(request.sold_on),
        consignment=Consignment(
            items=tuple(_item(line, request) for line in request.lines),
            freight=Money(request.freight, request.currency),
            insurance=Money(request.insurance, request.currency),
            transport=Transport(mode=request.mode) if request.mode else None,
            fees=tuple(
                Fee(name=name, amount=Money(amount, law.currency))
                for name, amount in request.fees.items()
            ),
        ),
    )


def _item(line: QuoteLine, request: QuoteRequest) -> GoodsItem:
    unit = line.unit_value
    return GoodsItem(
        description=line.what,
        hs_code=line.hs,
        origin=line.origin,
        preference=line.preference,
        quantity=line.quantity,
        net_mass_kg=line.weight_kg,
        price=Money(line.value, request.currency),
        unit_price=Money(unit, request.currency) if unit is not None else None,
        duty_rate=line.duty,
        other_duty_rate=line.other_duty,
    )
