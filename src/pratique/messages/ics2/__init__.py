"""What do we tell ICS2? Messages of the common repository interface, written in the order of their schemas.

No form of declarations: the schemas shipped here (``schemas``) are those of control, referral and result messages.
``write`` makes the ones a decision or act of ours gives rise to, ``example`` a valid instance of any of them.
"""

from pratique.messages.ics2.document import Content, document, faults
from pratique.messages.ics2.example import example
from pratique.messages.ics2.schema import names
from pratique.messages.ics2.write import (
    Codes,
    Envelope,
    Message,
    arrival,
    control_result,
    errors,
    messages_of,
)

__all__ = [
    "Codes",
    "Content",
    "Envelope",
    "Message",
    "arrival",
    "control_result",
    "document",
    "errors",
    "example",
    "faults",
    "messages_of",
    "names",
]
