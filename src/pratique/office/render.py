"""How is a decision written for others? One JSON object, amounts as text, every charge with its rule.

The form is published (docs/reference/decision.md). It is put together from pieces that are the same for many
parcels, because whole files of millions are written this way.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

import msgspec

from pratique.model.codelists import minor_unit
from pratique.model.money import amount_text
from pratique.model.outcomes import (
    Assessment,
    Caution,
    Citation,
    Decision,
    DutyTaxFee,
    NeedsHuman,
    NotDue,
    RefundDue,
)

_encode = msgspec.json.Encoder().encode


@functools.lru_cache(maxsize=4096)
def rate_text(rate: Decimal) -> str:
    """A rate as a plain fraction."""
    return format(rate.normalize(), "f")


def cited(citation: Citation) -> dict[str, str]:
    """A citation in its published form."""
    return {
        "rule": citation.rule,
        "source": citation.source,
        "url": citation.url,
        "confidence": citation.confidence,
    }


def totals(assessed: Assessment) -> dict[str, str]:
    """Sums by kind and moment, as text."""
    places = minor_unit(assessed.currency)
    sums = {"duty": Decimal(0), "tax": Decimal(0), "fee": Decimal(0)}
    moments = {"sale": Decimal(0), "border": Decimal(0)}
    for each in assessed.charges:
        sums[each.kind] += each.amount
        moments[each.moment] += each.amount
    return {
        "duty": amount_text(sums["duty"], places),
        "tax": amount_text(sums["tax"], places),
        "fees": amount_text(sums["fee"], places),
        "at_sale": amount_text(moments["sale"], places),
        "at_border": amount_text(moments["border"], places),
        "total": amount_text(moments["sale"] + moments["border"], places),
    }


def charge(each: DutyTaxFee, places: int) -> dict[str, Any]:
    """A charge in its published form."""
    return {
        "kind": each.kind,
        "name": each.name,
        "title": each.title,
        "amount": amount_text(each.amount, places),
        "base": None if each.base is None else amount_text(each.base, places),
        "rate": None if each.rate is None else rate_text(each.rate),
        "line": each.line,
        "payer": each.payer,
        "collector": each.collector,
        "moment": each.moment,
        **cited(each.citation),
    }


def not_due(each: NotDue) -> dict[str, Any]:
    """A charge that is not due, in its published form."""
    return {
        "kind": each.kind,
        "name": each.name,
        "line": each.line,
        "because": each.because,
        **cited(each.citation),
    }


def remark(each: NeedsHuman | Caution) -> dict[str, Any]:
    """A question or caution in its published form."""
    return {
        "about": each.about,
        "because": each.because,
        "line": getattr(each, "line", None),
        **(cited(each.citation) if each.citation else {}),
    }


def refund(each: RefundDue, places: int) -> dict[str, Any]:
    """What comes back when the goods are sent back, in its published form."""
    return {
        "name": each.name,
        "title": each.title,
        "charges": list(each.charges),
        "amount": None if each.amount is None else amount_text(each.amount, places),
        "less": None if each.less is None else amount_text(each.less, places),
        "days": each.days,
        "year_value": None if each.year_value is None else amount_text(each.year_value, places),
        "because": each.because,
        **cited(each.citation),
    }


def assessment_json(assessed: Assessment, *, trace: bool = True) -> dict[str, Any]:
    """An assessment in the published form of a quote."""
    places = minor_unit(assessed.currency)
    answer = {
        "destination": assessed.destination,
        "on": assessed.on.isoformat(),
        "currency": assessed.currency,
        "regime": assessed.regime,
        "totals": totals(assessed),
        "charges": [charge(each, places) for each in assessed.charges],
        "not_due": [not_due(each) for each in assessed.not_due],
        "needs_human": [remark(each) for each in assessed.needs_human],
        "cautions": [remark(each) for each in assessed.cautions],
        "refunds": [refund(each, places) for each in assessed.refunds],
        "dataset": assessed.dataset,
        "law_digest": assessed.law_digest,
    }
    if trace:
        answer["trace"] = msgspec.to_builtins(assessed.trace)
    return answer


def decision_json(decision: Decision, row: int) -> bytes:
    """A decision as one line of JSON, with the charges of its assessment inside."""
    assessed = decision.assessment
    pieces = [
        b'{"row":%d,"declaration":' % row,
        _encode(decision.declaration),
        b',"decision":"%s","state":"%s","release":"%s","act":"%s","act_by":'
        % (
            decision.code.encode(),
            decision.state.encode(),
            decision.release.encode(),
            decision.act.encode(),
        ),
        _encode(decision.act_by),
        b',"reasons":',
        _encode(decision.reasons),
        b',"findings":',
        _encode(decision.findings),
    ]
    if assessed is not None:
        places = minor_unit(assessed.currency)
        pieces += [
            b',"destination":"%s","on":"%s","currency":"%s","regime":'
            % (
                assessed.destination.encode(),
                assessed.on.isoformat().encode(),
                assessed.currency.encode(),
            ),
            _encode(assessed.regime),
            b',"totals":',
            _encode(totals(assessed)),
            b',"charges":[',
            b",".join([_charge_bytes(each, places) for each in assessed.charges]),
            b'],"not_due":[',
            b",".join([_not_due_bytes(each.citation, each) for each in assessed.not_due]),
            b'],"needs_human":',
            _encode([remark(each) for each in assessed.needs_human]),
            b',"cautions":[',
            b",".join([_caution_bytes(each) for each in assessed.cautions]),
            b'],"law_digest":"%s"' % assessed.law_digest.encode(),
        ]
    else:
        pieces.append(b',"totals":null,"charges":[],"not_due":[],"needs_human":[],"cautions":[]')
    pieces.append(b"}\n")
    return b"".join(pieces)


_fixed: dict[int, tuple[Any, bytes]] = {}
_MOST_FIXED = 50_000


def _kept(key: Any, make: Any) -> bytes:
    """Bytes that are the same for every parcel under one entry of the law, made once."""
    found = _fixed.get(id(key))
    if found is not None and found[0] is key:
        return found[1]
    if len(_fixed) > _MOST_FIXED:
        _fixed.clear()
    made: bytes = make()
    _fixed[id(key)] = (key, made)
    return made


def _charge_bytes(each: DutyTaxFee, places: int) -> bytes:
    fixed = _kept(
        each.citation,
        lambda: (
            _encode({"kind": each.kind, "name": each.name, "title": each.title})[:-1]
            + b"\0"
            + b","
            + _encode(
                {
                    "payer": each.payer,
                    "collector": each.collector,
                    "moment": each.moment,
                    **cited(each.citation),
                }
            )[1:]
        ),
    )
    before, after = fixed.split(b"\0")
    base = b"null" if each.base is None else b'"%s"' % amount_text(each.base, places).encode()
    rate = b"null" if each.rate is None else b'"%s"' % rate_text(each.rate).encode()
    line = b"null" if each.line is None else b"%d" % each.line
    return b'%s,"amount":"%s","base":%s,"rate":%s,"line":%s%s' % (
        before,
        amount_text(each.amount, places).encode(),
        base,
        rate,
        line,
        after,
    )


def _not_due_bytes(citation: Citation, each: NotDue) -> bytes:
    line = b"null" if each.line is None else b"%d" % each.line
    return b'%s,"line":%s}' % (
        _not_due_fixed(each.kind, each.name, each.because, citation.rule, citation),
        line,
    )


def _not_due_fixed(kind: str, name: str, because: str, rule: str, citation: Citation) -> bytes:
    key = (kind, name, because, rule)
    found = _relief.get(key)
    if found is None:
        if len(_relief) > _MOST_FIXED:
            _relief.clear()
        found = _encode({"kind": kind, "name": name, "because": because, **cited(citation)})[:-1]
        _relief[key] = found
    return found


_relief: dict[tuple[str, str, str, str], bytes] = {}
_warned: dict[tuple[str, str], bytes] = {}


def _caution_bytes(each: Caution) -> bytes:
    key = (each.because, each.citation.rule if each.citation else each.about)
    found = _warned.get(key)
    if found is None:
        if len(_warned) > _MOST_FIXED:
            _warned.clear()
        found = _warned[key] = _encode(remark(each))
    return found
