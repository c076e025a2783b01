"""Do order, payment and logistics tell of the same sale? Bytes of each sender in, the match with its reasons out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from pratique import matching, messages
from pratique.messages.records import records_of
from pratique.model.records import LogisticsRecord, OrderRecord, PaymentRecord, Records


def match(
    declaration: bytes,
    *,
    orders: Sequence[bytes] = (),
    payments: Sequence[bytes] = (),
    logistics: Sequence[bytes] = (),
    now: datetime,
    on: date | None = None,
    rules: bytes | None = None,
) -> matching.MatchResult:
    """The match of a declaration in any form with the records of its sale, each a record or a list of them.

    ``on`` is the day whose rules count, ``rules`` an authority's own file. Raises ``MessageError``, ``LawError``.
    """
    records = Records(
        orders=tuple(each for data in orders for each in records_of(data, OrderRecord)),
        payments=tuple(each for data in payments for each in records_of(data, PaymentRecord)),
        logistics=tuple(each for data in logistics for each in records_of(data, LogisticsRecord)),
    )
    own = matching.read_rules(rules, "the rules given") if rules is not None else None
    return matching.match(messages.parse(declaration), records, now=now, on=on, rules=own)
