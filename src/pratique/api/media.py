"""How do several messages, answers or receipts travel in one body? Kinds of body, written and strictly read.

Several envelopes stand one after the other with an empty line between: an envelope is lines without an empty one. Answers, what
waits and receipts are JSON objects whose documents stand as text, so that their bytes stay what they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, TypeVar

import msgspec

from pratique.api.hosted import Answer, Waiting
from pratique.errors import ExchangeError
from pratique.exchange import plain_json

PREFIX: Final = "/node/v1"
"""Below which path the routes of this version lie."""
ENVELOPE: Final = "application/pratique-envelope"
ENVELOPES: Final = "application/pratique-envelopes"
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
MAX_BATCH: Final = 100
"""Envelopes, answers or receipts in one body at most."""
MAX_BODY: Final = 16_777_216
"""Bytes of a body at most."""
MAX_CURSOR: Final = 64
_BETWEEN: Final = b"\n\n"
_Kind = TypeVar("_Kind")


class _Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    status: int
    body: str


class _Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    answers: list[_Answer]


class _Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cursor: str
    envelope: str


class _Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    messages: list[_Item]


class _Receipts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    receipts: list[str]


def join(envelopes: Sequence[bytes]) -> bytes:
    """Envelopes as one body."""
    return _BETWEEN.join(each.rstrip(b"\n") for each in envelopes)


def split(body: bytes) -> list[bytes]:
    """The envelopes of a body, each as it stands. Raises ``ExchangeError`` for none, too many or an empty one."""
    found = body.split(_BETWEEN, MAX_BATCH)
    if len(found) > MAX_BATCH or not all(found):
        raise ExchangeError(
            "batch", f"1 to {MAX_BATCH} envelopes with one empty line between each.", "body"
        )
    return found


def write_answers(answers: Sequence[Answer]) -> bytes:
    """Answers to a batch as one body."""
    told = [{"status": each.status, "body": _text(each.body)} for each in answers]
    return _json({"answers": told})


def read_answers(body: bytes, count: int) -> list[Answer]:
    """The answers to a batch of that many. Raises ``ExchangeError``."""
    read = _read(body, _Answers).answers
    if len(read) != count:
        raise ExchangeError("batch", f"{len(read)} answers to {count} envelopes.", "answers")
    return [Answer(status=each.status, body=each.body.encode()) for each in read]


def write_feed(waiting: Sequence[Waiting]) -> bytes:
    """What waits for a party, as much of it as one body holds."""
    told: list[dict[str, str]] = []
    size = 0
    for each in waiting[:MAX_BATCH]:
        size += len(each.envelope) + 2 * MAX_CURSOR
        if size > MAX_BODY // 2 and told:
            break
        told.append({"cursor": each.cursor, "envelope": _text(each.envelope)})
    return _json({"messages": told})


def read_feed(body: bytes) -> list[Waiting]:
    """What waits at a partner. Raises ``ExchangeError``."""
    read = _read(body, _Feed).messages
    if len(read) > MAX_BATCH or any(not 0 < len(each.cursor) <= MAX_CURSOR for each in read):
        raise ExchangeError(
            "batch", f"More than {MAX_BATCH} messages, or a bad cursor.", "messages"
        )
    return [Waiting(cursor=each.cursor, envelope=each.envelope.encode()) for each in read]


def write_receipts(receipts: Sequence[bytes]) -> bytes:
    """Receipts and refusals as one body."""
    return _json({"receipts": [_text(each) for each in receipts]})


def read_receipts(body: bytes) -> list[bytes]:
    """The receipts and refusals of a body. Raises ``ExchangeError``."""
    read = _read(body, _Receipts).receipts
    if not 0 < len(read) <= MAX_BATCH:
        raise ExchangeError("batch", f"Hand in 1 to {MAX_BATCH} receipts at once.", "receipts")
    return [each.encode() for each in read]


def _read(body: bytes, kind: type[_Kind]) -> _Kind:
    plain = plain_json.read_object(body, MAX_BODY, "body", ExchangeError)
    try:
        return msgspec.convert(plain, kind)
    except msgspec.ValidationError as error:
        raise ExchangeError("shape", f"Not what is expected here: {error}.", "body") from error


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _text(data: bytes) -> str:
    """A document as text; one that is none is shown with marks, and fits no signature."""
    return data.decode("utf-8", "replace")
