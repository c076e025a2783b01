"""What is a caller told when it goes wrong? A problem as RFC 9457 writes it, without a word from inside.

Sources: RFC 9457 (problem details), RFC 9110, 15 (status codes), RFC 4918, 11.5 (507).
"""

from __future__ import annotations

import errno
import json
from typing import Final

from pratique.errors import ExchangeError, NotFoundError, StoreError
from pratique.exchange.http_message import Response

PROBLEM: Final = "application/problem+json"
RETRY_SECONDS: Final = 10
_STATUS: Final = {
    "busy": 503,
    "directory-stale": 503,
    "refusing": 503,
    "disk-full": 507,
    "store": 503,
    "too-large": 413,
    "slow": 408,
    "media": 415,
    "other-authority": 421,
    "certificate": 403,
    "not-found": 404,
    "unsigned": 401,
    "forged": 401,
    "content-digest": 401,
    "created": 401,
    "expired": 401,
    "algorithm": 401,
    "replayed": 401,
    "not-covered": 401,
    "http-signature": 401,
    "unknown-key": 401,
    "key-not-in-force": 401,
}
_FULL: Final = ("disk is full", "disk full", "no space left")


def problem(code: str, message: str, status: int | None = None) -> Response:
    """A problem as a response, with when to come back where that helps."""
    status = status or _STATUS.get(code, 400)
    told = {
        "type": f"urn:pratique:problem:{code}",
        "title": code,
        "status": status,
        "detail": message,
    }
    fields = [("content-type", PROBLEM), ("cache-control", "no-store")]
    if status in (503, 507):
        fields.append(("retry-after", str(RETRY_SECONDS)))
    return Response(status=status, fields=tuple(fields), body=json.dumps(told).encode())


def of_error(error: Exception) -> Response:
    """The problem that an error is to the one who asked; of what is ours alone, only that it failed."""
    if isinstance(error, ExchangeError):
        return problem(error.code, str(error))
    if isinstance(error, NotFoundError):
        return problem("not-found", str(error))
    if isinstance(error, StoreError | OSError):
        if is_disk_full(error):
            return problem("disk-full", "There is no room to keep anything: nothing was accepted.")
        return problem("store", "The store does not answer: nothing was accepted.")
    return problem("internal", "It failed here, for a reason that is not yours.", 500)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether the cause of an error, or of its cause, is a disk without room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if any(words in str(error).lower() for words in _FULL):
            return True
        error = error.__cause__
    return False
