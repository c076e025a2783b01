"""Who asks, and may he? One request from the wire to a verified one, and its answer signed on the way back.

A body is read up to a bound and no longer than a time; the authority must be ours, so that a request to another node is none
to us; the signature must be that of a partner, now; the certificate shown, where one was, must be one of that partner's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from starlette.requests import ClientDisconnect
from starlette.requests import Request as Incoming
from starlette.responses import Response as Outgoing

from pratique.api import problems
from pratique.api.connection import CERTIFICATE
from pratique.api.hosted import NodeThread
from pratique.api.media import MAX_BODY
from pratique.errors import ExchangeError
from pratique.exchange.http_message import Request, Response, field
from pratique.exchange.http_signature import (
    Asker,
    Nonces,
    sign_response,
    verify_request,
)
from pratique.exchange.jwk import SigningKey
from pratique.exchange.partners import Partner, Partners

BODY_SECONDS: Final = 20.0
"""How long a body may take."""
FRESH: Final = timedelta(seconds=1)
"""How old what we know of partners and of the node's readiness may be."""
_log = logging.getLogger("pratique.door")


class House(msgspec.Struct, frozen=True, kw_only=True):
    """Whose door it is: authority as others write it (host and port), signing key, own card, clock, and bounds."""

    authority: str
    key: SigningKey
    card: Partner
    now: Callable[[], datetime]
    max_body: int = MAX_BODY
    body_seconds: float = BODY_SECONDS


class State(msgspec.Struct, frozen=True):
    """Partners and readiness as they were at a moment."""

    at: datetime
    partners: Partners
    why_refuse: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A verified request, who asks, and what held at that moment."""

    request: Request
    asker: Asker
    partner: Partner
    state: State
    now: datetime


Handler = Callable[[Asked, dict[str, str]], Awaitable[Response]]


class Doorman:
    """Verifies what comes in, signs what goes out. Lives in the loop of the server."""

    def __init__(self, thread: NodeThread, house: House) -> None:
        self.thread, self.house = thread, house
        self._nonces = Nonces()
        self._state: State | None = None

    async def state(self) -> State:
        """What holds now, at most a second old. Raises ``ExchangeError`` for a stale directory."""
        now = self.house.now()
        if self._state is None or not self._state.at <= now < self._state.at + FRESH:
            partners, refused = await asyncio.wrap_future(
                self.thread.run(lambda node: (node.partners(now), node.why_refuse(now)))
            )
            self._state = State(now, partners, refused)
        return self._state

    def route(self, handler: Handler) -> Callable[[Incoming], Awaitable[Outgoing]]:
        """A handler for partners alone, as the server calls it."""

        async def answer(incoming: Incoming) -> Outgoing:
            return await self._answer(incoming, handler)

        return answer

    def open_route(
        self, handler: Callable[[], Awaitable[Response]]
    ) -> Callable[[Incoming], Awaitable[Outgoing]]:
        """A handler for anybody, as the server calls it; what it gives is not signed."""

        async def answer(incoming: Incoming) -> Outgoing:
            try:
                response = await handler()
            except Exception as error:
                response = self._failed(error)
            return _written(response)

        return answer

    async def _answer(self, incoming: Incoming, handler: Handler) -> Outgoing:
        who = "-"
        request: Request | None = None
        try:
            asked = await self._verified(incoming)
            who, request = asked.asker.party, asked.request
            response = await handler(asked, dict(incoming.path_params))
        except ClientDisconnect:
            response = problems.problem("slow", "The connection ended before the request did.")
        except Exception as error:
            response = self._failed(error)
        if request is not None:
            response = sign_response(response, request, self.house.key, now=self.house.now())
        _log.info("%s %s %s %d", who, incoming.method, incoming.url.path[:200], response.status)
        return _written(response)

    async def _verified(self, incoming: Incoming) -> Asked:
        body = await self._body(incoming)
        request = _request(incoming, body)
        if request.authority.lower() != self.house.authority.lower():
            raise ExchangeError("other-authority", "This is another node.", "host")
        state = await self.state()
        now = self.house.now()
        asker = verify_request(request, state.partners, now=now, is_new=self._nonces)
        partner = state.partners.get(asker.party)
        _check_certificate(incoming, partner)
        return Asked(request=request, asker=asker, partner=partner, state=state, now=now)

    async def _body(self, incoming: Incoming) -> bytes:
        """The body, as long as it keeps to its bounds. Raises ``ExchangeError``."""
        told = incoming.headers.get("content-length", "0")
        if told.isascii() and told.isdigit() and int(told[:20]) > self.house.max_body:
            raise _too_large(self.house.max_body)
        found = bytearray()
        try:
            async with asyncio.timeout(self.house.body_seconds):
                async for piece in incoming.stream():
                    found += piece
                    if len(found) > self.house.max_body:
                        raise _too_large(self.house.max_body)
        except TimeoutError as problem:
            raise ExchangeError("slow", "The body took too long.", "body") from problem
        return bytes(found)

    def _failed(self, error: Exception) -> Response:
        response = problems.of_error(error)
        if response.status >= 500:
            # Its kind alone: what it says may hold what somebody sent.
            _log.error("%s answered %d", type(error).__name__, response.status)
        return response


def kind_of(request: Request) -> str:
    """The media type of a request, without parameters."""
    return (field(request, "content-type") or "").partition(";")[0].strip().lower()


def _request(incoming: Incoming, body: bytes) -> Request:
    """What came in as the value that was signed."""
    scope = incoming.scope
    fields = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
    )
    authority = [value for name, value in fields if name == "host"]
    if len(authority) != 1:
        raise ExchangeError("other-authority", "It names no host, or two.", "host")
    return Request(
        method=scope["method"],
        authority=authority[0],
        path=scope["raw_path"].decode("ascii"),
        query=scope["query_string"].decode("ascii"),
        fields=fields,
        body=body,
    )


def _check_certificate(incoming: Incoming, partner: Partner) -> None:
    """Refuse a certificate that is none of the partner's, where client and directory have one."""
    shown = getattr(incoming.state, CERTIFICATE, "")
    if (
        shown
        and partner.certificates
        and shown not in {each.lower() for each in partner.certificates}
    ):
        raise ExchangeError(
            "certificate", f"The certificate shown is none of {partner.id}'s.", "tls"
        )


def _too_large(limit: int) -> ExchangeError:
    return ExchangeError("too-large", f"More than {limit} bytes: send less in one.", "body")


def _written(response: Response) -> Outgoing:
    return Outgoing(
        response.body,
        status_code=response.status,
        headers=dict(response.fields),
    )
