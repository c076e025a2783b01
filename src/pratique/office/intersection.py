"""Whom or what have two administrations both met? Sets compared under an agreement, neither shown to the other.

The party that the agreement lets learn something asks (``request``), the other answers (``answer``), the first learns
(``learn``): which of its own elements both have, or how many. Request and answer are documents signed with the keys of the
agreement. Each run has a case number and a purpose, is held to the agreement's caps on sizes and runs in a day by both sides,
and is kept with its sizes before anything is reckoned; elements are never kept. An asker can still put guesses into its set:
the caps bound how many, the record shows that it asked.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pratique.errors import ExchangeError, PolicyError, SealError
from pratique.exchange import base64url, intersection, plain_json, seal
from pratique.exchange.canonical import canonical
from pratique.exchange.intersection import Answered
from pratique.exchange.randomness import Randomness, draw
from pratique.model.agreement import Agreement, AgreementParty, Compared, IntersectionTerms, Reveals
from pratique.office.agreements import Standing
from pratique.policy.access import Asked, shipped_access
from pratique.policy.agreements import may_use
from pratique.policy.roles import shipped_roles
from pratique.store.intersections import IntersectionRow, IntersectionRuns

REQUEST_TYPE: Final = "pratique-intersection-request/1"
ANSWER_TYPE: Final = "pratique-intersection-answer/1"
MOST_BYTES: Final = 1_048_576
OPEN_FOR: Final = timedelta(days=7)
"""How long a request may wait for its answer."""
_CASE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{2,59}\Z")
_RUN_BYTES: Final = 16


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One administration: its party and key, the agreement as it stands, the others' public keys, its record of runs."""

    party: str
    key: Ed25519PrivateKey
    standing: Standing
    public: tuple[Ed25519PublicKey, ...]
    runs: IntersectionRuns


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be compared: with whom, in which case, for which purpose, and of what kind."""

    to: str
    case: str
    purpose: str
    kind: Compared


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the asker keeps until it learns: the run, its key, and the digest of its request. Whoever has it reads the set asked."""

    run: str
    key: str
    request: str

    def __repr__(self) -> str:
        return f"Secret({self.run}, •••)"


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What the asker learned: the elements both have (none where it learns a count), how many, and the sizes."""

    found: tuple[str, ...]
    count: int
    own_size: int
    partner_size: int


_Run = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{22}$", max_length=22)]


class _Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    run: _Run
    agreement: str
    asker: str
    answerer: str
    case: str
    purpose: str
    kind: Compared
    reveals: Reveals
    created: Annotated[datetime, msgspec.Meta(tz=True)]
    points: str


class _Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    run: _Run
    request: str
    own: str
    asked: str


def request(
    side: Side,
    wanted: Wanted,
    elements: Collection[str],
    given_for: Iterable[str],
    *,
    randomness: Randomness,
    now: datetime,
) -> tuple[dict[str, Any], Secret]:
    """The signed request, and what to keep secret until the answer. Raises ``PolicyError``, ``ExchangeError``, ``StoreError``."""
    agreement = side.standing.agreement
    terms, rule = _allowed(side, side.party, wanted.to, wanted, given_for, now.date())
    _refuse_sizes(terms, len(elements))
    asked = _Request(
        run=base64url.encode(draw(randomness, _RUN_BYTES)),
        agreement=f"{agreement.id}/{agreement.version}",
        asker=side.party,
        answerer=wanted.to,
        case=wanted.case,
        purpose=wanted.purpose,
        kind=wanted.kind,
        reveals=terms.reveals,
        created=now,
        points="",
    )
    _keep(side, asked, "requested", rule, (len(elements), 0), terms.per_day, now)
    key = intersection.new_key(randomness)
    points = intersection.ask(elements, key, _context(asked), terms.reveals)
    whole = msgspec.structs.replace(asked, points=base64url.encode(points))
    document = seal.seal(msgspec.to_builtins(whole), REQUEST_TYPE, side.key)
    secret = Secret(run=asked.run, key=base64url.encode(key), request=_digest(document))
    return document, secret


def answer(
    side: Side,
    data: bytes,
    elements: Collection[str],
    given_for: Iterable[str],
    *,
    randomness: Randomness,
    now: datetime,
) -> dict[str, Any]:
    """The signed answer to a request, which is answered once. Raises ``PolicyError``, ``ExchangeError``, ``StoreError``."""
    document = plain_json.read_object(data, MOST_BYTES, "request", ExchangeError)
    asked = _read_request(side, document)
    if not timedelta(minutes=-5) <= now - asked.created <= OPEN_FOR:
        raise ExchangeError("expired", "Waited too long, or lies ahead: ask again.", "created")
    wanted = Wanted(to=side.party, case=asked.case, purpose=asked.purpose, kind=asked.kind)
    terms, rule = _allowed(side, asked.asker, side.party, wanted, given_for, now.date())
    if asked.reveals != terms.reveals:
        raise ExchangeError("reveals", f"The agreement reveals {terms.reveals}.", "reveals")
    points = base64url.decode(asked.points, "points", ExchangeError)
    sizes = len(elements), len(intersection.points(points, "points"))
    _refuse_sizes(terms, *sizes)
    _keep(side, asked, "answered", rule, sizes, terms.per_day, now)
    key = intersection.new_key(randomness)
    given = intersection.answer(points, elements, key, _context(asked), terms.reveals)
    content = _Answer(
        run=asked.run,
        request=_digest(document),
        own=base64url.encode(given.own),
        asked=base64url.encode(given.asked),
    )
    return seal.seal(msgspec.to_builtins(content), ANSWER_TYPE, side.key)


def learn(
    side: Side,
    secret: Secret,
    asked_as: bytes,
    data: bytes,
    elements: Collection[str],
    *,
    now: datetime,
) -> Learned:
    """What the answer to one's own request tells; the same again tells the same. Raises ``ExchangeError``, ``StoreError``."""
    document = plain_json.read_object(asked_as, MOST_BYTES, "request", ExchangeError)
    asked = _read_request(side, document)
    if (asked.run, _digest(document)) != (secret.run, secret.request):
        raise ExchangeError("secret", "The secret is of another request.", "secret")
    reply = plain_json.read_object(data, MOST_BYTES, "answer", ExchangeError)
    given: _Answer = _read(side, reply, ANSWER_TYPE, asked.answerer, _Answer)
    if (given.run, given.request) != (secret.run, secret.request):
        raise ExchangeError("other-request", "Answers another request.", "request")
    terms = _terms(side.standing.agreement, asked.asker, asked.kind)
    answered = Answered(
        own=base64url.decode(given.own, "own", ExchangeError),
        asked=base64url.decode(given.asked, "answered", ExchangeError),
    )
    sizes = len(elements), len(intersection.points(answered.own, "own"))
    _refuse_sizes(terms, *sizes)
    key = base64url.decode(secret.key, "key", ExchangeError)
    found, count = intersection.intersect(answered, elements, key, _context(asked), asked.reveals)
    row = _row(asked, "learned", asked.answerer, "", sizes, now)
    side.runs.keep(row._replace(found=count), per_day=intersection.MOST_ELEMENTS)
    return Learned(found=found, count=count, own_size=sizes[0], partner_size=sizes[1])


def kind_of(side: Side, data: bytes) -> Compared:
    """What a request to or from this side compares, its signature verified. Raises ``ExchangeError``."""
    document = plain_json.read_object(data, MOST_BYTES, "request", ExchangeError)
    return _read_request(side, document).kind


def _allowed(
    side: Side, asker: str, answerer: str, wanted: Wanted, given_for: Iterable[str], on: date
) -> tuple[IntersectionTerms, str]:
    """The terms under which that party may ask this one, and the rule. Raises ``PolicyError``."""
    if not side.standing.binds:
        raise PolicyError("agreement", f"{side.standing.agreement.id} does not bind.")
    agreement = side.standing.agreement
    asking, answering = _party(agreement, asker), _party(agreement, answerer)
    if asking == answering:
        raise PolicyError("party", "A party does not ask itself.")
    if not _CASE.match(wanted.case):
        raise PolicyError("case", "Give a case number: letters, digits, dots, dashes, slashes.")
    terms = _terms(agreement, asker, wanted.kind)
    if wanted.purpose not in terms.purposes:
        raise PolicyError("purpose", f"{agreement.id} compares not for {wanted.purpose}.")
    use = may_use(agreement, given_for, wanted.purpose)
    if not use.allowed:
        raise PolicyError("purpose", f"{use.rule}: the set was {use.because}.")
    _permitted(asking.role, "intersect request", wanted.purpose, on)
    return terms, _permitted(answering.role, "intersect answer", wanted.purpose, on)


def _permitted(role: str, operation: str, purpose: str, on: date) -> str:
    """The rule that lets a role do that with a counterparty in every phase: a set has parcels of each."""
    rule = ""
    for phase in shipped_roles().phases:
        asked = Asked(
            role=role, operation=operation, relation="counterparty", phase=phase, purpose=purpose
        )
        decided = shipped_access().decide(asked, on)
        if not decided.allowed:
            raise PolicyError("denied", f"{decided.rule}: {decided.because}.")
        rule = decided.rule
    return rule


def _terms(agreement: Agreement, learner: str, kind: Compared) -> IntersectionTerms:
    for terms in agreement.intersections:
        if (terms.learner, terms.kind) == (learner, kind):
            return terms
    raise PolicyError(
        "terms", f"{agreement.id} lets {learner} learn nothing of {kind}: see [[intersections]]."
    )


def _party(agreement: Agreement, id: str) -> AgreementParty:
    for party in agreement.parties:
        if party.id == id:
            return party
    raise PolicyError("party", f"{id[:60]!r} is no party to {agreement.id}.")


def _refuse_sizes(terms: IntersectionTerms, *sizes: int) -> None:
    if not all(0 < size <= terms.most_elements for size in sizes):
        raise ExchangeError(
            "size", f"Each side has 1 to {terms.most_elements} elements by the agreement.", "size"
        )


def _keep(
    side: Side,
    asked: _Request,
    step: str,
    rule: str,
    sizes: tuple[int, int],
    per_day: int,
    now: datetime,
) -> None:
    partner = asked.asker if step == "answered" else asked.answerer
    kept = side.runs.keep(_row(asked, step, partner, rule, sizes, now), per_day)
    if kept == "again":
        raise ExchangeError("again", "This request was answered: one is answered once.", "run")
    if kept == "too many":
        raise ExchangeError("rate", f"No more than {per_day} runs a day with {partner}.", "run")


def _row(
    asked: _Request, step: str, partner: str, rule: str, sizes: tuple[int, int], now: datetime
) -> IntersectionRow:
    return IntersectionRow(
        run=asked.run,
        step=step,
        at=now.isoformat(),
        partner=partner,
        agreement=asked.agreement,
        purpose=asked.purpose,
        case_number=asked.case,
        kind=asked.kind,
        reveals=asked.reveals,
        rule=rule,
        own_size=sizes[0],
        partner_size=sizes[1],
    )


def _context(asked: _Request) -> bytes:
    """What elements are bound to: everything a request says but its points."""
    return canonical(msgspec.to_builtins(msgspec.structs.replace(asked, points="")))


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(document)).hexdigest()


def _read_request(side: Side, document: dict[str, Any]) -> _Request:
    """A request between this side and another, signed by the asker, under this very agreement."""
    content, _ = seal.unverified(document, REQUEST_TYPE)
    asker = content.get("asker")
    signer = asker if isinstance(asker, str) else ""
    asked: _Request = _read(side, document, REQUEST_TYPE, signer, _Request)
    agreement = side.standing.agreement
    if asked.agreement != f"{agreement.id}/{agreement.version}":
        raise ExchangeError(
            "agreement", f"Is not under {agreement.id}/{agreement.version}.", "agreement"
        )
    if side.party not in (asked.asker, asked.answerer):
        raise ExchangeError("party", "Is for somebody else.", "answerer")
    return asked


def _read(side: Side, document: dict[str, Any], type: str, signer: str, shape: Any) -> Any:
    """The content of a document signed with the key the agreement names for that party."""
    named = _party(side.standing.agreement, signer).key_id
    own = (*side.public, side.key.public_key())
    keys = [key for key in own if seal.key_id(key) == named]
    if not keys:
        raise SealError("other-key", f"Give the public key of {signer} ({named}).")
    content = seal.unseal(document, type, keys[0])
    try:
        return msgspec.convert(content, shape)
    except msgspec.ValidationError as problem:
        raise ExchangeError("shape", f"No {type}: {problem}.", "content") from problem
