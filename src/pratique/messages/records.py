"""What do these records of order, payment or logistics say? JSON of one record or of a list of them.

They are no declarations and hence no form: each is read by the same strict reader, and held to the schema of its
own noun (``pratique schema order``, ``payment``, ``logistics``).
"""

from __future__ import annotations

from typing import Final, TypeVar

from pratique.errors import Fault, MessageError
from pratique.messages.schema import noun_of
from pratique.messages.strict import load, refuse
from pratique.model.element import Noun

MAX_RECORDS: Final = 1_000
"""Records of one kind about one sale."""
_Record = TypeVar("_Record", bound=Noun)


def records_of(data: bytes, noun: type[_Record]) -> tuple[_Record, ...]:
    """One record, or a list of them. Raises ``MessageError`` with every fault of the first that is wrong."""
    document = load(data)
    if isinstance(document, dict):
        return (noun_of(document, noun),)
    if not isinstance(document, list) or not 0 < len(document) <= MAX_RECORDS:
        raise refuse(
            "not-a-record",
            f"A record is a JSON object; a list holds 1 to {MAX_RECORDS} of them.",
            hint="See `pratique schema order`, `payment` or `logistics`.",
        )
    found = []
    for index, each in enumerate(document):
        try:
            found.append(noun_of(each, noun))
        except MessageError as error:
            faults = [
                Fault(pointer=f"/{index}{each.pointer}", message=each.message, hint=each.hint)
                for each in error.faults
            ]
            raise MessageError(error.code, faults[0].message, faults) from error
    return tuple(found)
