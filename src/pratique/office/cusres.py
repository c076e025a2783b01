"""What is answered to a partner who speaks EDIFACT? Declarations in any form in, one CUSRES for each decision out."""

from __future__ import annotations

from datetime import datetime

import msgspec

from pratique import messages
from pratique.errors import MessageError
from pratique.messages.edifact.cusres import response_of, write
from pratique.office.desk import Desk, walk


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The interchange, how many answers it holds, and what could not be read, by row."""

    data: bytes
    answers: int
    refused: tuple[tuple[int, MessageError], ...] = ()


def answer(
    data: bytes,
    desk: Desk,
    *,
    now: datetime,
    sender: str,
    recipient: str,
    reference: str,
    form: str | None = None,
) -> Answer:
    """Every declaration of ``data`` walked, and its decision as CUSRES; nothing is kept.

    Raises ``MessageError`` when no declaration can be read, or an answer does not fit the message.
    """
    responses, refused = [], []
    for row in messages.read(data, form):
        if row.declaration is not None:
            decision = walk(row.declaration, desk, now=now, trace=False)
            responses.append(response_of(decision, row.declaration))
        elif row.error is not None:
            refused.append((row.number, row.error))
    if not responses and refused:
        raise refused[0][1]
    return Answer(
        data=write(
            tuple(responses), sender=sender, recipient=recipient, reference=reference, at=now
        ),
        answers=len(responses),
        refused=tuple(refused),
    )
