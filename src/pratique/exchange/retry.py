"""When is a message tried again, and when is a partner left alone for a while? Values in, moments out.

Waits double with each try, up to an hour, and are drawn from their upper half, so that senders do not come back together. After
five failures in a row a partner is left alone; each further failure doubles that, up to ten minutes; then one try tells.
Starting values: no anchor profiles them (ICS2: "not profiled"). Source: docs/decisions/0015-node.md.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from pratique.exchange.randomness import Randomness, draw

FIRST_WAIT: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(hours=1)
FAILURES: Final = 5
"""Failures in a row after which a partner is left alone."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=10)
_MOST_DOUBLINGS: Final = 20


class Breaker(msgspec.Struct, frozen=True, kw_only=True):
    """How deliveries to one partner went: failures in a row, and until when it is left alone."""

    failures: int = 0
    until: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Whether it may be tried now."""
        return self.until is None or now >= self.until

    def after(self, *, reached: bool, now: datetime) -> Breaker:
        """What follows from one more try: a partner that answers, whatever it says, was reached."""
        if reached:
            return Breaker()
        failures = self.failures + 1
        if failures < FAILURES:
            return Breaker(failures=failures)
        doubled = FIRST_PAUSE * 2 ** min(failures - FAILURES, _MOST_DOUBLINGS)
        return Breaker(failures=failures, until=now + min(doubled, LONGEST_PAUSE))


def wait(tries: int, randomness: Randomness) -> timedelta:
    """How long to wait after so many tries (1 and above)."""
    longest = min(FIRST_WAIT * 2 ** min(tries - 1, _MOST_DOUBLINGS), LONGEST_WAIT)
    return timedelta(seconds=longest.total_seconds() * (256 + draw(randomness, 1)[0]) / 511)
