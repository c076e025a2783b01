"""Where does a parcel stand, and what may happen next? A state machine with no input or output of its own.

``advance`` is the only way from one state to the next; a step that is not in the table is refused with what
is allowed instead. Source: the parcel's life in WCO, UPU and ICS2 practice (docs/map.md).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from pratique.errors import TransitionError

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
    "REFUNDED",
    "DENIED",
    "SEIZED",
    "APPEALED",
    "CANCELLED",
    "ABANDONED",
    "DESTROYED",
]
ReferralKind = Literal["RFI", "RFA", "RFS"]

_BEFORE_DEPARTURE: Final = (
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
)
_AT_DESTINATION: Final = (
    "ARRIVED",
    "PRESENTED",
    "ROUTED",
    "AWAITING_ENTRY",
    "CONTROL",
    "CHARGED",
    "SETTLED",
    "RELEASED",
)

TRANSITIONS: Final[dict[str, dict[str, State]]] = {
    "pay": {"ORDERED": "PAID"},
    "label": {"ORDERED": "LABELLED", "PAID": "LABELLED"},
    "file": {
        "ORDERED": "FILED",
        "PAID": "FILED",
        "LABELLED": "FILED",
        "INVALID": "FILED",
        "INCOMPLETE": "FILED",
        "FILED": "FILED",
        "ASSESSED": "FILED",
        "HELD_AT_ORIGIN": "FILED",
    },
    "find_invalid": {"FILED": "INVALID"},
    "find_incomplete": {"FILED": "INCOMPLETE"},
    "refer": {"FILED": "REFERRED", "REFERRED": "REFERRED", "ASSESSED": "REFERRED"},
    "answer": {"REFERRED": "FILED", "HELD_AT_ORIGIN": "FILED"},
    "overdue": {"REFERRED": "HELD_AT_ORIGIN"},
    "forbid_loading": {
        "FILED": "DO_NOT_LOAD",
        "REFERRED": "DO_NOT_LOAD",
        "ASSESSED": "DO_NOT_LOAD",
    },
    "lift": {"DO_NOT_LOAD": "FILED"},
    "assess": {"FILED": "ASSESSED"},
    "load": {"ASSESSED": "LOADED"},
    "depart": {"LOADED": "DEPARTED"},
    "decide_before_arrival": {"DEPARTED": "PRE_ARRIVAL_DECIDED"},
    "arrive": {"DEPARTED": "ARRIVED", "PRE_ARRIVAL_DECIDED": "ARRIVED", "ASSESSED": "ARRIVED"},
    "present": {"ARRIVED": "PRESENTED"},
    "route": {"PRESENTED": "ROUTED", "ARRIVED": "ROUTED"},
    "suspend_entry": {"ROUTED": "AWAITING_ENTRY"},
    "complete_entry": {"AWAITING_ENTRY": "ROUTED"},
    "select_for_control": {"ROUTED": "CONTROL", "PRESENTED": "CONTROL"},
    "clear_control": {"CONTROL": "ROUTED"},
    "charge": {"ROUTED": "CHARGED", "ASSESSED": "CHARGED", "PRE_ARRIVAL_DECIDED": "CHARGED"},
    "settle": {"CHARGED": "SETTLED"},
    "release": {
        "ROUTED": "RELEASED",
        "SETTLED": "RELEASED",
        "PRE_ARRIVAL_DECIDED": "RELEASED",
        "APPEALED": "RELEASED",
    },
    "deliver": {"RELEASED": "DELIVERED"},
    "deny": {"ROUTED": "DENIED", "CONTROL": "DENIED", "AWAITING_ENTRY": "DENIED"},
    "seize": {"CONTROL": "SEIZED", "ROUTED": "SEIZED"},
    "appeal": {"DENIED": "APPEALED", "SEIZED": "APPEALED"},
    "uphold": {"APPEALED": "DENIED"},
    "open_return": {
        **dict.fromkeys(_AT_DESTINATION, "RETURN_OPEN"),
        "DELIVERED": "RETURN_OPEN",
        "DENIED": "RETURN_OPEN",
    },
    "export": {"RETURN_OPEN": "EXPORTED"},
    "refund": {"EXPORTED": "REFUNDED", "CANCELLED": "REFUNDED", "RELEASED": "REFUNDED"},
    "cancel": dict.fromkeys(_BEFORE_DEPARTURE, "CANCELLED"),
    "abandon": dict.fromkeys((*_AT_DESTINATION, "DENIED", "RETURN_OPEN"), "ABANDONED"),
    "destroy": {"ABANDONED": "DESTROYED", "SEIZED": "DESTROYED", "DENIED": "DESTROYED"},
}
"""What each event does in each state; an event is not allowed in a state that is not named."""

_AFTER_RELEASE: Final = frozenset(
    {"RELEASED", "DELIVERED", "RETURN_OPEN", "EXPORTED", "REFUNDED", "ABANDONED", "DESTROYED"}
)


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """Where one parcel stands: its state, the filing's version, and referrals not yet answered.

    ``scheme`` is the number under which tax was collected at sale; it is fixed once the parcel is released.
    ``parent`` names the receptacle or consignment that holds it.
    """

    parcel: str
    state: State = "ORDERED"
    version: int = 0
    referrals: tuple[ReferralKind, ...] = ()
    scheme: str = ""
    parent: str = ""


def allowed(life: Life) -> tuple[str, ...]:
    """Events that may happen to the parcel now."""
    return tuple(event for event, moves in TRANSITIONS.items() if life.state in moves)


def advance(
    life: Life, event: str, *, referral: ReferralKind | None = None, scheme: str | None = None
) -> Life:
    """The parcel after ``event``. Raises ``TransitionError`` when it may not happen now.

    ``referral`` is the kind asked or answered; ``scheme`` a new scheme number that comes with a filing.
    """
    state = TRANSITIONS.get(event, {}).get(life.state)
    if state is None:
        raise TransitionError(
            f"{life.parcel}: {event!r} may not happen while {life.state}; "
            f"allowed are {', '.join(allowed(life)) or 'none'}."
        )
    version, referrals = life.version, life.referrals
    if event == "file":
        version += 1
    elif event == "refer":
        if referral is None:
            raise TransitionError(f"{life.parcel}: a referral is of a kind: RFI, RFA or RFS.")
        referrals = (*referrals, referral)
    elif event == "answer":
        referrals = _answered(life, referral)
        state = "REFERRED" if referrals else state
    elif event in ("assess", "load") and referrals:
        raise TransitionError(
            f"{life.parcel}: {', '.join(referrals)} not yet answered; no {event} before that."
        )
    if scheme is not None and scheme != life.scheme and life.state in _AFTER_RELEASE:
        raise TransitionError(f"{life.parcel}: the scheme number is fixed once released.")
    return Life(
        parcel=life.parcel,
        state=state,
        version=version,
        referrals=referrals,
        scheme=life.scheme if scheme is None else scheme,
        parent=life.parent,
    )


def amend(life: Life, *, scheme: str | None = None) -> Life:
    """The parcel after an amendment of its data, which leaves its state but counts a version.

    Raises ``TransitionError`` for another scheme number after release (INV7).
    """
    if scheme is not None and scheme != life.scheme and life.state in _AFTER_RELEASE:
        raise TransitionError(f"{life.parcel}: the scheme number is fixed once released.")
    return msgspec.structs.replace(
        life, version=life.version + 1, scheme=life.scheme if scheme is None else scheme
    )


def advance_all(lives: tuple[Life, ...], parent: str, event: str) -> tuple[Life, ...]:
    """Every parcel below ``parent`` after ``event``, each touched exactly once; the others as they were."""
    below = {parent}
    grown = True
    while grown:
        found = {life.parcel for life in lives if life.parent in below} - below
        grown = bool(found)
        below |= found
    return tuple(
        advance(life, event) if life.parent in below and life.parcel != parent else life
        for life in lives
    )


def _answered(life: Life, referral: ReferralKind | None) -> tuple[ReferralKind, ...]:
    if not life.referrals:
        return ()
    kind = referral or life.referrals[0]
    if kind not in life.referrals:
        raise TransitionError(f"{life.parcel}: no {kind} is open; open are {life.referrals}.")
    at = life.referrals.index(kind)
    return life.referrals[:at] + life.referrals[at + 1 :]
