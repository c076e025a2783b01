"""A quote that binds: signed with its law and its day, verified by anybody without a network.

Signed is all that is needed to reckon the answer again: the request, which law and as known on which day, and the
exchange rates at hand that day. Amounts and rates are text throughout. See docs/decisions/0009-signed-quotes.md.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import NoRuleInForceError, SealError, UsageError
from pratique.exchange import seal
from pratique.jurisdictions import Library
from pratique.messages import strict
from pratique.model.evidence import Evidence, ExchangeRate
from pratique.office.desk import Desk
from pratique.office.find import Change, changes
from pratique.office.quote import QuoteRequest, evidence_for, law_for, placed, quote
from pratique.office.render import assessment_json

TYPE: Final = "pratique-quote/1"
DEFAULT_VALID_DAYS: Final = 14
SKEW: Final = timedelta(minutes=5)
"""How far the clocks of signer and reader may be apart."""
_LONGEST_DAYS: Final = 3660
_MOST_DIGITS: Final = 40
_PROMISED: Final = ("kind", "name", "line", "amount", "base", "rate", "payer", "moment")
"""What of a charge must be the same when it is reckoned again; how it is explained may differ."""


class QuotedLaw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The law a quote rests on; ``as_known_on`` is None for all that was known when it was signed."""

    code: str
    digest: str
    valid_from: date
    as_known_on: date | None


class SignedQuote(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed. ``rates`` are the exchange rates at hand; ``answer`` is the published form of an assessment."""

    signed_at: datetime
    valid_until: datetime
    law: QuotedLaw
    request: QuoteRequest
    rates: tuple[ExchangeRate, ...]
    answer: dict[str, Any]

    def state(self, now: datetime) -> str:
        """``valid``, ``expired`` or ``not yet`` (signed in the future) at that moment."""
        if self.signed_at > now + SKEW:
            return "not yet"
        return "valid" if now <= self.valid_until else "expired"


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a quote whose signature holds.

    ``digest_here`` is that of the law at hand, empty without law; ``changed`` is what its answer has otherwise,
    None when it could not be reckoned again, for the reason in ``because``.
    """

    quote: SignedQuote
    key_id: str
    state: str
    digest_here: str
    changed: tuple[Change, ...] | None
    because: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Whether the quote is in time and the law at hand gives the same answer."""
        return self.state == "valid" and self.changed == ()


def sign_quote(
    request: QuoteRequest,
    desk: Desk,
    key: Ed25519PrivateKey,
    *,
    now: datetime,
    valid_days: int = DEFAULT_VALID_DAYS,
) -> dict[str, Any]:
    """The quote as a sealed document. Raises ``NoRuleInForceError``, and ``SealError`` for what cannot be signed."""
    if not 1 <= valid_days <= _LONGEST_DAYS:
        raise SealError("validity", f"A quote is valid for 1 to {_LONGEST_DAYS} days.")
    request = placed(request)
    law = law_for(request, desk)
    evidence = evidence_for(request, law, desk.evidence)
    signed_at = now.replace(microsecond=0)
    signed = SignedQuote(
        signed_at=signed_at,
        valid_until=signed_at + timedelta(days=valid_days),
        law=QuotedLaw(
            code=law.code,
            digest=law.digest,
            valid_from=law.valid_from,
            as_known_on=desk.known_on,
        ),
        request=request,
        rates=tuple(
            rate for _, rate in sorted(evidence.into(law.currency, law.fixing, request.on).items())
        ),
        answer=assessment_json(quote(request, desk)),
    )
    document = seal.seal(msgspec.to_builtins(signed), TYPE, key)
    strict.load(written(document))  # what no reader would take is not signed
    return document


def written(document: dict[str, Any]) -> bytes:
    """A sealed document as the bytes of its file."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def read_quote(data: bytes) -> tuple[SignedQuote, seal.Seal]:
    """A quote and its seal, the signature not verified. Raises ``MessageError`` and ``SealError``."""
    content, found = seal.unverified(strict.load(data), TYPE)
    return _quote(content), found


def verify_quote(
    data: bytes, public: Ed25519PublicKey, library: Library, *, now: datetime
) -> Verification:
    """Is it signed by that key, still valid, and does the law at hand give the same answer?

    Raises ``MessageError`` for bytes no strict reader takes, ``SealError`` for a signature that does not hold.
    """
    signed = _quote(seal.unseal(strict.load(data), TYPE, public))
    digest, changed, because = _again(signed, library)
    return Verification(
        quote=signed,
        key_id=seal.key_id(public),
        state=signed.state(now),
        digest_here=digest,
        changed=changed,
        because=because,
    )


def _again(signed: SignedQuote, library: Library) -> tuple[str, tuple[Change, ...] | None, str]:
    """Digest of the law at hand, and what is otherwise when the request is answered by it."""
    desk = Desk(library, Evidence(rates=signed.rates), known_on=signed.law.as_known_on)
    request = msgspec.structs.replace(signed.request, rates={})
    try:
        answer = assessment_json(quote(request, desk))
    except NoRuleInForceError as error:
        return "", None, str(error)
    except (UsageError, ArithmeticError) as error:
        raise SealError("request", f"What was asked cannot be reckoned: {error}") from error
    return answer["law_digest"], tuple(changes(_promised(signed.answer), _promised(answer))), ""


def _promised(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer promises: amounts, who bears them and when, and which questions it leaves open."""
    try:
        return {
            "currency": answer["currency"],
            "totals": answer["totals"],
            "charges": [{name: each[name] for name in _PROMISED} for each in answer["charges"]],
            "needs_human": [
                {name: each[name] for name in ("about", "line")} for each in answer["needs_human"]
            ],
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise SealError("shape", f"The answer in the quote is none of ours: {error!r}.") from error


def _quote(content: dict[str, Any]) -> SignedQuote:
    for part in ("request", "rates"):
        _refuse_numbers(content.get(part), f"/{part}")
    try:
        signed = msgspec.convert(content, SignedQuote)
        for value in _decimals((signed.request, signed.rates)):
            _check(value)
    except (msgspec.ValidationError, ValueError) as error:
        raise SealError("shape", f"This is no quote: {error}.") from error
    moments = (signed.signed_at, signed.valid_until)
    if any(moment.tzinfo is None for moment in moments) or moments[0] > moments[1]:
        raise SealError("shape", "This is no quote: its moments are in UTC, the earlier first.")
    return signed


def _check(value: Decimal) -> None:
    """Raise ``ValueError`` for what no request can have asked: no finite number, or one without end."""
    _, digits, exponent = value.as_tuple()
    if (
        not isinstance(exponent, int)
        or not -_MOST_DIGITS <= exponent <= 0
        or len(digits) > _MOST_DIGITS
    ):
        raise ValueError("an amount or rate is no plain number")


def _decimals(value: Any) -> list[Decimal]:
    if isinstance(value, Decimal):
        return [value]
    if isinstance(value, msgspec.Struct):
        return _decimals(list(msgspec.structs.asdict(value).values()))
    if isinstance(value, dict):
        return _decimals(list(value.values()))
    if isinstance(value, list | tuple):
        return [found for each in value for found in _decimals(each)]
    return []


def _refuse_numbers(value: Any, pointer: str) -> None:
    """Amounts that stand as numbers were not written by us: another program may read them otherwise."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise SealError("number", f"{pointer} is a number: a quote has its amounts as text.")
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_numbers(inner, f"{pointer}/{strict.escape(key)}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _refuse_numbers(inner, f"{pointer}/{index}")
