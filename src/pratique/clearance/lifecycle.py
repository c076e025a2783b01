"""Where does a parcel stand, and what may happen next? A state machine with no input or output of its own.

``advance`` is the only way from one state to the next; a step that is not allowed is refused with what is
allowed instead. ``decided`` says where a decision leads, so a decision and its state cannot disagree.

Source: the parcel's life in WCO, UPU and ICS2 practice (docs/map.md); amending and withdrawing a declaration as
in the Revised Kyoto Convention, General Annex, 3.27 to 3.29, and the Union Customs Code, art. 173 and 174.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, cast

import msgspec

from pratique.errors import TransitionError
from pratique.model.declaration import Declaration
from pratique.model.outcomes import DecisionCode

State = Literal[
    "ORDERED",
    "PAID",
    "LABELLED",
    "FILED",
    "INVALID",
    "INCOMPLETE",
    "REFERRED",
    "HELD_AT_ORIGIN",
    "DO_NOT_LOAD",
    "ASSESSED",
    "LOADED",
    "DEPARTED",
    "PRE_ARRIVAL_DECIDED",
    "ARRIVED",
    "PRESENTED",
    "ROUTED",
    "AWAITING_ENTRY",
    "CONTROL",
    "CHARGED",
    "SETTLED",
    "RELEASED",
    "DELIVERED",
    "RETURN_OPEN",
    "EXPORTED",
    "INVALIDATED",
    "REFUNDED",
    "DENIED",
    "DENIAL_APPEALED",
    "SEIZED",
    "SEIZURE_APPEALED",
    "CANCELLED",
    "ABANDONED",
    "DESTROYED",
]
ReferralKind = Literal["RFI", "RFA", "RFS"]

_WITHOUT_LEAVE: Final = ("INVALID", "INCOMPLETE", "REFERRED", "HELD_AT_ORIGIN")
_UNDER_WAY: Final = ("LOADED", "DEPARTED", "PRE_ARRIVAL_DECIDED")
_AT_DESTINATION: Final = ("ARRIVED", "PRESENTED", "ROUTED", "AWAITING_ENTRY")
_SETTLING: Final = ("CHARGED", "SETTLED")

TRANSITIONS: Final[dict[str, dict[str, State]]] = {
    # Ordered, and filed.
    "pay": {"ORDERED": "PAID"},
    "label": {"ORDERED": "LABELLED", "PAID": "LABELLED"},
    "file": {"ORDERED": "FILED", "PAID": "FILED", "LABELLED": "FILED"},
    # An amendment is filed and decided anew, a release notwithstanding; but it ends no control, and after
    # delivery it only corrects the record.
    "amend": {
        **dict.fromkeys(
            (
                "FILED",
                *_WITHOUT_LEAVE,
                "ASSESSED",
                *_UNDER_WAY,
                *_AT_DESTINATION,
                *_SETTLING,
                "RELEASED",
            ),
            "FILED",
        ),
        "CONTROL": "CONTROL",
        "DELIVERED": "DELIVERED",
        "RETURN_OPEN": "RETURN_OPEN",
    },
    "find_invalid": {"FILED": "INVALID"},
    "find_incomplete": {"FILED": "INCOMPLETE"},
    # Asked, mostly before loading.
    "refer": {
        "FILED": "REFERRED",
        "REFERRED": "REFERRED",
        "ASSESSED": "REFERRED",
        "RELEASED": "REFERRED",
    },
    "answer": {"REFERRED": "FILED", "HELD_AT_ORIGIN": "FILED"},
    "overdue": {"REFERRED": "HELD_AT_ORIGIN"},
    "forbid_loading": dict.fromkeys(
        ("FILED", *_WITHOUT_LEAVE, "ASSESSED", "LOADED", "CONTROL", *_SETTLING, "RELEASED"),
        "DO_NOT_LOAD",
    ),
    "lift": {"DO_NOT_LOAD": "FILED"},
    "assess": {"FILED": "ASSESSED"},
    # On its way. What is released, or selected for control on arrival, travels as such.
    "load": {"ASSESSED": "LOADED", "CONTROL": "CONTROL", "RELEASED": "RELEASED"},
    "depart": {"LOADED": "DEPARTED", "CONTROL": "CONTROL", "RELEASED": "RELEASED"},
    "decide_before_arrival": {"DEPARTED": "PRE_ARRIVAL_DECIDED"},
    "arrive": {
        "DEPARTED": "ARRIVED",
        "PRE_ARRIVAL_DECIDED": "ARRIVED",
        "ASSESSED": "ARRIVED",
        "CONTROL": "CONTROL",
        "RELEASED": "RELEASED",
    },
    "present": {"ARRIVED": "PRESENTED", "CONTROL": "CONTROL", "RELEASED": "RELEASED"},
    # Decided at the destination, or before arrival.
    "route": {"PRESENTED": "ROUTED", "ARRIVED": "ROUTED"},
    "suspend_entry": {"ROUTED": "AWAITING_ENTRY"},
    "complete_entry": {"AWAITING_ENTRY": "ROUTED"},
    "select_for_control": dict.fromkeys(
        ("FILED", "ASSESSED", "PRE_ARRIVAL_DECIDED", "ROUTED", "PRESENTED"), "CONTROL"
    ),
    "clear_control": {"CONTROL": "ROUTED"},
    "charge": {"ROUTED": "CHARGED", "ASSESSED": "CHARGED", "PRE_ARRIVAL_DECIDED": "CHARGED"},
    "settle": {"CHARGED": "SETTLED"},
    "release": {
        "ASSESSED": "RELEASED",
        "PRE_ARRIVAL_DECIDED": "RELEASED",
        "ROUTED": "RELEASED",
        "SETTLED": "RELEASED",
    },
    "deliver": {"RELEASED": "DELIVERED"},
    "deny": dict.fromkeys(("PRE_ARRIVAL_DECIDED", "ROUTED", "CONTROL", "AWAITING_ENTRY"), "DENIED"),
    "seize": {"CONTROL": "SEIZED", "ROUTED": "SEIZED"},
    "appeal": {"DENIED": "DENIAL_APPEALED", "SEIZED": "SEIZURE_APPEALED"},
    "uphold": {"DENIAL_APPEALED": "DENIED", "SEIZURE_APPEALED": "SEIZED"},
    "reverse": {"DENIAL_APPEALED": "ROUTED", "SEIZURE_APPEALED": "ROUTED"},
    # Sent back, withdrawn or given up.
    "open_return": dict.fromkeys(
        (
            "DEPARTED",
            "PRE_ARRIVAL_DECIDED",
            *_AT_DESTINATION,
            *_SETTLING,
            "RELEASED",
            "DELIVERED",
            "DENIED",
        ),
        "RETURN_OPEN",
    ),
    "export": {"RETURN_OPEN": "EXPORTED"},
    "cancel": dict.fromkeys(
        (
            "ORDERED",
            "PAID",
            "LABELLED",
            "FILED",
            *_WITHOUT_LEAVE,
            "DO_NOT_LOAD",
            "ASSESSED",
            "LOADED",
            "CONTROL",
            *_SETTLING,
            "RELEASED",
        ),
        "CANCELLED",
    ),
    "invalidate": {"EXPORTED": "INVALIDATED"},
    "abandon": dict.fromkeys(
        (*_AT_DESTINATION, "CONTROL", *_SETTLING, "RELEASED", "DENIED", "RETURN_OPEN"), "ABANDONED"
    ),
    "destroy": dict.fromkeys(("ABANDONED", "SEIZED", "DENIED", "RETURN_OPEN"), "DESTROYED"),
    "refund": {
        "ROUTED": "ROUTED",
        "RELEASED": "RELEASED",
        "DELIVERED": "DELIVERED",
        "CANCELLED": "REFUNDED",
        "EXPORTED": "REFUNDED",
        "INVALIDATED": "REFUNDED",
        "ABANDONED": "ABANDONED",
        "DESTROYED": "DESTROYED",
    },
}
"""What each event does in each state; an event is not allowed in a state that is not named."""

DECISIONS: Final[dict[DecisionCode, tuple[str, ...]]] = {
    "RECEIVED": (),
    "MANUAL": (),
    "INVALID": ("find_invalid",),
    "INCOMPLETE": ("find_incomplete",),
    "RFI": ("refer",),
    "RFA": ("refer",),
    "RFS": ("refer",),
    "DNL": ("forbid_loading",),
    "CONTROL": ("select_for_control",),
    "ASSESSED": ("assess",),
    "RELEASED": ("assess", "release"),
}
"""The events by which each decision on a filing moves the parcel; none while a person must still answer."""

_LODGED: Final = frozenset({"file", "amend", "cancel", "invalidate"})
"""What the declarant lodges: each is a further version of the declaration."""
_NEEDS_ANSWERS: Final = frozenset({"assess", "load", "depart", "release"})
_BEFORE_DEPARTURE: Final = frozenset({"forbid_loading", "load", "cancel"})
_KEPT_BACK: Final = frozenset({"HELD_AT_ORIGIN", "DO_NOT_LOAD", "RFI", "RFS"})
_TAKEN_TO_HAVE_LEFT: Final = frozenset({"CONTROL", "RELEASED"})
_RELEASED: Final = frozenset({"RELEASED", "DELIVERED"})


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """Where one parcel stands: its state, the filing's version, and referrals not yet answered.

    ``scheme`` is the number under which tax was collected at sale; it is fixed once the parcel was released.
    ``parent`` names the receptacle or consignment that holds it. ``departed``, ``released`` and ``charged`` say
    what has happened, whatever came after; a refund undoes the charge.
    """

    parcel: str
    state: State = "ORDERED"
    version: int = 0
    referrals: tuple[ReferralKind, ...] = ()
    scheme: str = ""
    parent: str = ""
    departed: bool = False
    released: bool = False
    charged: bool = False


def life_of(
    declaration: Declaration,
    *,
    state: str,
    version: int,
    codes: Sequence[str],
    now: datetime,
) -> Life:
    """The life of a parcel as its declaration tells it: the latest version, its state, all decisions so far.

    ``codes`` are the decisions on every version, oldest first. A screening that was asked for stays open
    through all amendments; requests for data or correction are open while they are the latest decision.
    """
    referrals: list[ReferralKind] = ["RFS"] if "RFS" in codes else []
    if codes and codes[-1] in ("RFI", "RFA"):
        referrals.append(cast(ReferralKind, codes[-1]))
    return Life(
        parcel=declaration.id,
        state=cast(State, state),
        version=version,
        referrals=tuple(referrals),
        scheme=scheme_of(declaration),
        departed=_KEPT_BACK.isdisjoint((state, *referrals)) and _has_left(declaration, state, now),
        released="RELEASED" in codes,
    )


def scheme_of(declaration: Declaration) -> str:
    """The registrations under which tax was collected at sale, as one text; their order says nothing."""
    return ", ".join(sorted(f"{each.kind} {each.number}" for each in declaration.schemes))


def allowed(life: Life) -> tuple[str, ...]:
    """Events that may happen to the parcel now."""
    return tuple(
        event
        for event, moves in TRANSITIONS.items()
        if life.state in moves and not _obstacle(life, event)
    )


def advance(
    life: Life, event: str, *, referral: ReferralKind | None = None, scheme: str | None = None
) -> Life:
    """The parcel after ``event``. Raises ``TransitionError`` when it may not happen now.

    ``referral`` is the kind asked or answered; ``scheme`` a new scheme number that comes with a filing.
    """
    state = TRANSITIONS.get(event, {}).get(life.state)
    obstacle = "" if state is None else _obstacle(life, event)
    if state is None or obstacle:
        because = f" ({obstacle})" if obstacle else ""
        instead = ", ".join(allowed(life))
        raise TransitionError(
            f"{life.parcel}: {event!r} may not happen while {life.state}{because}; "
            + (f"allowed are {instead}." if instead else "nothing may happen to it any more.")
        )
    if scheme is None:
        scheme = life.scheme
    elif scheme != life.scheme and (life.released or life.state in _RELEASED):
        raise TransitionError(
            f"{life.parcel}: the scheme number is fixed once released: it stays {life.scheme or 'none'}."
        )
    referrals = _referrals(life, event, referral)
    return Life(
        parcel=life.parcel,
        state="REFERRED" if event == "answer" and referrals else state,
        version=life.version + (event in _LODGED),
        referrals=referrals,
        scheme=scheme,
        parent=life.parent,
        departed=life.departed or event in ("depart", "arrive"),
        released=life.released or state == "RELEASED",
        charged=event == "charge" or (life.charged and event != "refund"),
    )


def amend(life: Life, *, scheme: str | None = None) -> Life:
    """The parcel after an amendment of its data: filed anew unless it is under control or delivered.

    Raises ``TransitionError`` for what can no longer be amended, and for another scheme number after release
    (INV7).
    """
    return advance(life, "amend", scheme=scheme)


def withdraw(life: Life) -> Life:
    """The parcel after its declarant withdrew the declaration: cancelled, or invalidated once sent back.

    Raises ``TransitionError`` when the parcel has departed and was not yet exported again.
    """
    return advance(life, "invalidate" if life.state in TRANSITIONS["invalidate"] else "cancel")


def decided(life: Life, code: DecisionCode) -> Life:
    """The parcel after a decision on its latest data; where the decision cannot move it any more, it stays."""
    for event in DECISIONS[code]:
        if life.state not in TRANSITIONS[event]:
            return life
        life = advance(life, event, referral=cast(ReferralKind, code) if event == "refer" else None)
    return life


def below(lives: tuple[Life, ...], parent: str) -> frozenset[str]:
    """Every parcel that ``parent`` holds, at any depth, without itself."""
    found = {parent}
    grown = True
    while grown:
        more = {life.parcel for life in lives if life.parent in found} - found
        grown = bool(more)
        found |= more
    return frozenset(found - {parent})


def advance_all(lives: tuple[Life, ...], parent: str, event: str) -> tuple[Life, ...]:
    """Every parcel below ``parent`` after ``event``, each touched exactly once; the others as they were."""
    held = below(lives, parent)
    return tuple(advance(life, event) if life.parcel in held else life for life in lives)


def _obstacle(life: Life, event: str) -> str:
    """Why an event that the state would allow may still not happen; empty when nothing stands in the way."""
    if event in _NEEDS_ANSWERS and life.referrals:
        return f"{', '.join(life.referrals)} not yet answered"
    if event in _BEFORE_DEPARTURE and life.departed:
        return "it has left, or is taken to have: amend its departure if it has not"
    if event == "refund" and not life.charged:
        return "there is no charge to give back"
    return ""


def _referrals(life: Life, event: str, referral: ReferralKind | None) -> tuple[ReferralKind, ...]:
    """Referrals open after an event. New data answer requests for data; a screening is answered by its result."""
    if event == "refer":
        if referral is None:
            raise TransitionError(f"{life.parcel}: a referral is of a kind: RFI, RFA or RFS.")
        return life.referrals if referral in life.referrals else (*life.referrals, referral)
    if event == "amend":
        return tuple(kind for kind in life.referrals if kind == "RFS")
    if event != "answer" or not life.referrals:
        return life.referrals
    kind = referral or life.referrals[0]
    if kind not in life.referrals:
        raise TransitionError(f"{life.parcel}: no {kind} is open; open are {life.referrals}.")
    return tuple(each for each in life.referrals if each != kind)


def _has_left(declaration: Declaration, state: str, now: datetime) -> bool:
    """Whether the parcel has left, as far as anyone knows.

    The declared departure tells. Where none is declared, a parcel released or selected for control is taken to
    have left: a declaration is not withdrawn after release, nor before the examination customs announced (UCC
    art. 174).
    """
    transport = declaration.consignment.transport
    if transport is not None and transport.departs_at is not None:
        return transport.departs_at <= now
    if transport is not None and transport.arrives_at is not None and transport.arrives_at <= now:
        return True
    return state in _TAKEN_TO_HAVE_LEFT
