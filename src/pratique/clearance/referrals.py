"""What was asked about a consignment, what was answered, and what follows? A case without input or output of its own.

A referral asks for data (RFI), correction (RFA) or screening (RFS), or forbids loading (DNL). Its case goes from opened to
answered, and from there to closed or, asked again, to a further round; closed is final. ``overdue`` says which steps time has
brought. ``follow`` brings the parcels to what their cases say, by ``lifecycle.advance`` alone.

Source: ICS2 referrals (IE3Q01 to IE3Q03, IE3R02, IE3R03) and UPU referral statuses, as in ``crosswalk.toml``; times and steps are
data with their source in ``referrals.toml``.
"""

from __future__ import annotations

import functools
import tomllib
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Literal, cast

import msgspec

from pratique.clearance.lifecycle import Life, ReferralKind, advance, allowed, below
from pratique.errors import NoRuleInForceError, TransitionError
from pratique.model.outcomes import Confidence

Kind = Literal["RFI", "RFA", "RFS", "DNL"]
Act = Literal["remind", "escalate", "hold", "forbid_loading"]
Status = Literal["opened", "answered-in-part", "answered", "closed"]
ScreeningResult = Literal["", "clear", "alarm", "not-screened"]


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens so many hours after an answer was due, and who is told."""

    name: str
    after_hours: int
    act: Act
    to: str


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Time to answer one kind of referral and the steps after it, from a day on, with the source."""

    from_: date = msgspec.field(name="from")
    hours: int
    source: str
    url: str
    seen: date
    confidence: Confidence
    steps: tuple[Step, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing asked: the place in the filing, a code, the words, and what to send."""

    id: str
    pointer: str
    code: str
    text: str
    send: str


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks whom about which parcels of a consignment, since when, and until when.

    A parcel named here stands for all it holds, so a referral on a receptacle or master consignment reaches each child.
    """

    id: str
    kind: Kind
    consignment: str
    parcels: tuple[str, ...]
    asked_by: str
    asked_of: str
    asked_at: datetime
    due: datetime
    questions: tuple[Question, ...]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What is said to one question; method and result when screening was asked for."""

    question: str
    text: str = ""
    method: str = ""
    result: ScreeningResult = ""


class ReferralAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to one or several questions of one referral. ``id`` makes sending it again harmless."""

    id: str
    referral: str
    answered_by: str
    answered_at: datetime
    replies: tuple[Reply, ...]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was taken, in which round, at which moment."""

    round: int
    step: Step
    at: datetime


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A referral with all that came of it. ``round`` counts from 1; ``asked`` are the questions of this round."""

    referral: Referral
    round: int = 1
    asked: tuple[Question, ...]
    due: datetime
    past: tuple[str, ...] = ()
    answers: tuple[ReferralAnswer, ...] = ()
    taken: tuple[Taken, ...] = ()
    closed_at: datetime | None = None

    @property
    def status(self) -> Status:
        """Where the case stands: by its questions and answers, and whether it was closed."""
        if self.closed_at is not None:
            return "closed"
        replied = {reply.question for reply in self.replies}
        missing = [each for each in self.asked if each.id not in replied]
        if not missing:
            return "answered"
        return "opened" if len(missing) == len(self.asked) else "answered-in-part"

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Every reply so far, of all rounds."""
        return tuple(reply for answer in self.answers for reply in answer.replies)


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One event by which a parcel followed its cases, or, with ``refused``, why it could not."""

    parcel: str
    event: str
    kind: Kind | None = None
    refused: str = ""


@functools.cache
def shipped_terms() -> dict[Kind, tuple[Terms, ...]]:
    """The terms as they are shipped, oldest first."""
    text = resources.files("pratique.clearance").joinpath("referrals.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[Kind, tuple[Terms, ...]])


def terms_of(kind: Kind, on: date) -> Terms:
    """The terms of a kind of referral asked that day. Raises ``NoRuleInForceError`` before the first entry."""
    in_force = [each for each in shipped_terms()[kind] if each.from_ <= on]
    if not in_force:
        first = shipped_terms()[kind][0].from_
        raise NoRuleInForceError(
            f"No terms for {kind} on {on}: the first entry in referrals.toml starts {first}."
        )
    return in_force[-1]


def due_by(kind: Kind, asked_at: datetime) -> datetime:
    """The moment by which a referral asked then is to be answered."""
    return asked_at + timedelta(hours=terms_of(kind, asked_at.date()).hours)


def open_case(referral: Referral) -> Case:
    """The case of a referral just asked. Raises ``TransitionError`` when it asks nothing, or one thing twice."""
    _refuse_questions(referral.id, referral.questions, ())
    if not referral.parcels:
        raise TransitionError(f"{referral.id}: a referral names the parcels it is about.")
    return Case(referral=referral, asked=referral.questions, due=referral.due)


def answer(case: Case, given: ReferralAnswer) -> Case:
    """The case with an answer. The same answer again changes nothing, also after the case was closed.

    Raises ``TransitionError`` for an answer of another party or case, to a question that is not open, or without method and
    result where screening was asked for.
    """
    before = next((each for each in case.answers if each.id == given.id), None)
    if before == given:
        return case
    if before is not None:
        raise TransitionError(
            f"{given.id}: was given before with other content; use a new id for a new answer."
        )
    _refuse_closed(case)
    _refuse_answer(case, given)
    answers = tuple(sorted((*case.answers, given), key=lambda each: each.id))
    return msgspec.structs.replace(case, answers=answers)


def accept(case: Case, at: datetime) -> Case:
    """The case closed with what was answered. A do-not-load is lifted instead, and an alarm is never accepted."""
    _refuse_closed(case)
    if case.referral.kind == "DNL":
        raise TransitionError(f"{case.referral.id}: a do-not-load is lifted, not accepted.")
    if case.status != "answered":
        raise TransitionError(f"{case.referral.id}: {case.status}; wait, or ask again.")
    asked = {each.id for each in case.asked}
    replies = [each for each in case.replies if each.question in asked]
    if case.referral.kind == "RFS" and any(each.result != "clear" for each in replies):
        raise TransitionError(
            f"{case.referral.id}: screening did not end clear; ask again or forbid loading."
        )
    return msgspec.structs.replace(case, closed_at=at)


def lift(case: Case, at: datetime) -> Case:
    """A do-not-load taken back by who gave it."""
    _refuse_closed(case)
    if case.referral.kind != "DNL":
        raise TransitionError(
            f"{case.referral.id}: only a do-not-load is lifted; accept {case.referral.kind}."
        )
    return msgspec.structs.replace(case, closed_at=at)


def ask_again(case: Case, questions: tuple[Question, ...], due: datetime) -> Case:
    """A further round with questions of new ids; allowed once this round is answered in whole."""
    _refuse_closed(case)
    if case.status != "answered":
        raise TransitionError(f"{case.referral.id}: {case.status}; the round is still open.")
    past = (*case.past, *(each.id for each in case.asked))
    _refuse_questions(case.referral.id, questions, past)
    return msgspec.structs.replace(case, round=case.round + 1, asked=questions, due=due, past=past)


def overdue(case: Case, now: datetime) -> tuple[Case, tuple[Step, ...]]:
    """The case and the steps that time has brought since it was last looked at: each once in a round."""
    if case.status in ("answered", "closed"):
        return case, ()
    done = {each.step.name for each in case.taken if each.round == case.round}
    steps = tuple(
        step
        for step in terms_of(case.referral.kind, case.referral.asked_at.date()).steps
        if step.name not in done and case.due + timedelta(hours=step.after_hours) <= now
    )
    taken = tuple(Taken(round=case.round, step=step, at=now) for step in steps)
    return msgspec.structs.replace(case, taken=case.taken + taken), steps


def forbidden(case: Case, at: datetime) -> Referral:
    """The do-not-load that follows a case nobody answered. Its id derives from the case, so that all sides name it alike."""
    asked = case.referral
    question = Question(
        id=f"{asked.id}/dnl/1",
        pointer="",
        code="DNL",
        text=f"{asked.kind} {asked.id} was not answered: do not load.",
        send="confirmation that it is not loaded",
    )
    return msgspec.structs.replace(
        asked,
        id=f"{asked.id}/dnl",
        kind="DNL",
        asked_at=at,
        due=due_by("DNL", at),
        questions=(question,),
    )


def follow(
    lives: tuple[Life, ...], cases: tuple[Case, ...]
) -> tuple[tuple[Life, ...], tuple[Move, ...]]:
    """Every parcel brought to what its cases say, with the moves made; doing so again makes no move.

    ``cases`` are all there ever were, closed ones too: every referral is a case. A parcel that can no longer move, as one
    that has left, stays and is told.
    """
    reached = [(_reached(lives, case), case) for case in cases]
    moved: list[Life] = []
    moves: list[Move] = []
    for life in lives:
        about = tuple(case for parcels, case in reached if life.parcel in parcels)
        after, made = _followed(life, about)
        moved.append(after)
        moves.extend(made)
    return tuple(moved), tuple(moves)


def complete(lives: tuple[Life, ...], cases: tuple[Case, ...]) -> tuple[Life, ...]:
    """The parcels that wait for it with their assessment complete. Raises ``TransitionError`` while a case is open."""
    still = ", ".join(case.referral.id for case in cases if case.closed_at is None)
    if still:
        raise TransitionError(
            f"Assessment is not complete: {still} open; answer and close them first."
        )
    followed, _ = follow(lives, cases)
    return tuple(advance(each, "assess") if each.state == "FILED" else each for each in followed)


def _reached(lives: tuple[Life, ...], case: Case) -> frozenset[str]:
    named = frozenset(case.referral.parcels)
    return named.union(*(below(lives, parcel) for parcel in named))


def _followed(life: Life, about: tuple[Case, ...]) -> tuple[Life, list[Move]]:
    made: list[Move] = []
    while (move := _next(life, about)) is not None:
        if move.event not in allowed(life):
            why = f"{move.event!r} may not happen while {life.state}"
            return life, [*made, msgspec.structs.replace(move, refused=why)]
        referral = cast(ReferralKind, move.kind) if move.event in ("refer", "answer") else None
        life = advance(life, move.event, referral=referral)
        made.append(move)
    return life, made


def _next(life: Life, about: tuple[Case, ...]) -> Move | None:
    """The next event that brings a parcel nearer to its cases; None when it is there."""
    still = [case for case in about if case.closed_at is None]
    asked = dict.fromkeys(case.referral.kind for case in still)
    ended = {case.referral.kind for case in about} - set(asked)
    if life.state == "DO_NOT_LOAD" or "DNL" in asked:
        return _stopped(life, "DNL" in asked, "DNL" in ended)
    waits = life.state in ("REFERRED", "HELD_AT_ORIGIN")
    for answered in life.referrals:
        if answered in ended:
            return Move(parcel=life.parcel, event="answer" if waits else "refer", kind=answered)
    for kind in asked:
        if life.state != "HELD_AT_ORIGIN" and (kind not in life.referrals or not waits):
            return Move(parcel=life.parcel, event="refer", kind=kind)
    if life.state == "REFERRED" and any(_is_held(case) for case in still):
        return Move(parcel=life.parcel, event="overdue")
    return None


def _stopped(life: Life, forbidden_now: bool, lifted: bool) -> Move | None:
    if forbidden_now and life.state != "DO_NOT_LOAD":
        return Move(parcel=life.parcel, event="forbid_loading", kind="DNL")
    if lifted and not forbidden_now:
        return Move(parcel=life.parcel, event="lift", kind="DNL")
    return None


def _is_held(case: Case) -> bool:
    return any(each.step.act == "hold" and each.round == case.round for each in case.taken)


def _refuse_closed(case: Case) -> None:
    if case.closed_at is not None:
        raise TransitionError(
            f"{case.referral.id}: closed; open a new referral for anything further."
        )


def _refuse_questions(
    referral: str, questions: tuple[Question, ...], past: tuple[str, ...]
) -> None:
    names = [each.id for each in questions]
    if not names:
        raise TransitionError(f"{referral}: asks nothing; name at least one question.")
    if len(set(names)) < len(names) or not set(names).isdisjoint(past):
        raise TransitionError(f"{referral}: a question id stands twice; give each its own.")


def _refuse_answer(case: Case, given: ReferralAnswer) -> None:
    asked = case.referral
    if given.referral != asked.id or given.answered_by != asked.asked_of:
        raise TransitionError(f"{given.id}: {asked.id} is answered by {asked.asked_of}.")
    replied = {reply.question for reply in case.replies}
    waiting = {each.id for each in case.asked} - replied
    names = [reply.question for reply in given.replies]
    if not names or len(set(names)) < len(names) or not waiting.issuperset(names):
        raise TransitionError(
            f"{given.id}: each reply is to one open question; open are {', '.join(sorted(waiting)) or 'none'}."
        )
    if asked.kind == "RFS" and not all(each.method and each.result for each in given.replies):
        raise TransitionError(f"{given.id}: screening is answered with method and result.")
