"""What can a partner ask of a node? The routes of version 1, each in a few lines over the node's own words.

``POST /node/v1/messages``, ``GET /node/v1/messages``, ``POST /node/v1/receipts``, ``GET /node/v1/log/…``,
``POST /node/v1/log/witness``, ``GET /node/v1/card``; ``/healthz`` and ``/readyz`` for whoever runs it.

Sources: C2SP tlog-tiles and tlog-witness (paths and statuses of the log), docs/protocol/http.md.
"""

from __future__ import annotations

import asyncio
import re
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request as Incoming
from starlette.responses import Response as Outgoing
from starlette.routing import Route

from pratique.api import media, problems
from pratique.api.asking import Asked, Doorman, House, kind_of
from pratique.api.hosted import Hosted, NodeThread
from pratique.errors import ExchangeError, SealError
from pratique.exchange import checkpoint, note, tiles
from pratique.exchange.http_message import Response
from pratique.exchange.note import COSIGNER, Signer

SIZE: Final = "text/x.tlog.size"
_CURSOR: Final = re.compile(r"[A-Za-z0-9_.~-]{0,64}\Z", re.ASCII)
_WITNESS_STATUS: Final = {"unknown-log": 404, "forged": 403, "split-view": 422, "consistency": 422}
_OLD_SIZE: Final = re.compile(r"(\d+)\Z", re.ASCII)


def application(thread: NodeThread, house: House) -> Starlette:
    """The server's routes over one node."""
    door = Doorman(thread, house)
    routes = _Routes(door)
    return Starlette(
        routes=[
            Route(f"{media.PREFIX}/messages", door.route(routes.take), methods=["POST"]),
            Route(f"{media.PREFIX}/messages", door.route(routes.feed), methods=["GET"]),
            Route(f"{media.PREFIX}/receipts", door.route(routes.receipts), methods=["POST"]),
            Route(f"{media.PREFIX}/log/checkpoint", door.route(routes.checkpoint), methods=["GET"]),
            Route(f"{media.PREFIX}/log/{{path:path}}", door.route(routes.tile), methods=["GET"]),
            Route(f"{media.PREFIX}/log/witness", door.route(routes.witness), methods=["POST"]),
            Route(f"{media.PREFIX}/card", door.open_route(routes.card), methods=["GET"]),
            Route("/healthz", door.open_route(routes.health), methods=["GET"]),
            Route("/readyz", door.open_route(routes.readiness), methods=["GET"]),
        ],
        exception_handlers={404: _nowhere, 405: _nowhere},
    )


class _Routes:
    def __init__(self, door: Doorman) -> None:
        self.door, self.thread = door, door.thread

    async def take(self, asked: Asked, _path: dict[str, str]) -> Response:
        """One envelope, or several; each is answered by itself."""
        _check_ready(asked.state.why_refuse)
        kind, body = kind_of(asked.request), asked.request.body
        if kind == media.ENVELOPE:
            answer = await asyncio.wrap_future(self.thread.submit(body))
            fields = [("content-type", media.JSON)]
            if answer.status in (503, 507):
                fields.append(("retry-after", str(problems.RETRY_SECONDS)))
            return Response(status=answer.status, fields=tuple(fields), body=answer.body)
        if kind != media.ENVELOPES:
            raise ExchangeError(
                "media", f"Send {media.ENVELOPE} or {media.ENVELOPES}.", "content-type"
            )
        waiting = [asyncio.wrap_future(self.thread.submit(each)) for each in media.split(body)]
        answers = await asyncio.gather(*waiting)
        return _ok(media.write_answers(answers), media.JSON)

    async def feed(self, asked: Asked, _path: dict[str, str]) -> Response:
        """What waits for the one who asks."""
        after, limit = _page(asked.request.query)
        waiting = await asyncio.wrap_future(
            self.thread.run(lambda node: node.feed(asked.asker.party, after, limit, asked.now))
        )
        return _ok(media.write_feed(waiting), media.JSON)

    async def receipts(self, asked: Asked, _path: dict[str, str]) -> Response:
        """Receipts and refusals of the one who asks, for what it was given."""
        if kind_of(asked.request) != media.JSON:
            raise ExchangeError("media", f"Send {media.JSON}.", "content-type")
        handed = media.read_receipts(asked.request.body)
        await asyncio.wrap_future(
            self.thread.run(lambda node: node.take_receipts(asked.asker.party, handed, asked.now))
        )
        return _ok(b"{}", media.JSON)

    async def checkpoint(self, _asked: Asked, _path: dict[str, str]) -> Response:
        """The last checkpoint of the log, with what witnesses signed below it."""
        found = await asyncio.wrap_future(self.thread.run(lambda node: node.log.last_cosigned()))
        return _ok(str(found).encode(), media.TEXT)

    async def tile(self, _asked: Asked, path: dict[str, str]) -> Response:
        """A file of the log, as C2SP names it."""
        try:
            wanted = tiles.at_path(path["path"])
        except SealError as error:
            raise ExchangeError("not-found", str(error), "path") from error
        found = await asyncio.wrap_future(self.thread.run(lambda node: node.log.tile(wanted)))
        return _ok(found, media.BYTES)

    async def witness(self, asked: Asked, _path: dict[str, str]) -> Response:
        """A cosignature below a checkpoint of the asker's log."""
        try:
            submitted = checkpoint.read_submission(asked.request.body.decode())
            keys = [note.read_vkey(each) for each in asked.partner.log]
            line = await asyncio.wrap_future(
                self.thread.run(lambda node: _cosign(node, submitted, keys, asked))
            )
        except UnicodeDecodeError as error:
            raise ExchangeError("submission", "No text.", "body") from error
        except SealError as error:
            return _unwitnessed(error)
        return _ok(line.encode(), media.TEXT)

    async def card(self) -> Response:
        """Who this is: what an authority needs to put it into its directory."""
        return _ok(msgspec.json.encode(self.door.house.card), media.JSON)

    async def health(self) -> Response:
        """Whether there is anybody."""
        if not self.thread.is_alive:
            return problems.problem("store", "The node has stopped.", 503)
        return _ok(b"{}", media.JSON)

    async def readiness(self) -> Response:
        """Whether it may accept anything now."""
        state = await self.door.state()
        _check_ready(state.why_refuse)
        return _ok(b"{}", media.JSON)


def _cosign(
    node: Hosted, submitted: checkpoint.Submission, keys: list[note.Verifier], asked: Asked
) -> str:
    signer: Signer = next(each for each in node.log.signers if each.kind == COSIGNER)
    return node.log.witness(submitted, keys, signer, asked.now)


def _unwitnessed(error: SealError) -> Response:
    """The status a witness gives, as tlog-witness has it."""
    if error.code == "old-size":
        size = _OLD_SIZE.search(str(error))
        body = f"{size[1] if size else 0}\n".encode()
        return Response(status=409, fields=(("content-type", SIZE),), body=body)
    return problems.problem(error.code, str(error), _WITNESS_STATUS.get(error.code, 400))


def _check_ready(why_refuse: str) -> None:
    if why_refuse:
        raise ExchangeError("refusing", why_refuse, "log")


def _page(query: str) -> tuple[str, int]:
    """Cursor and number of a page asked for. Raises ``ExchangeError``."""
    try:
        asked = dict(
            parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=2)
        )
        after, limit = asked.pop("after", ""), int(asked.pop("limit", str(media.MAX_BATCH)), 10)
    except ValueError as problem:
        raise ExchangeError("query", "Ask as ?after=CURSOR&limit=NUMBER.", "query") from problem
    if asked or not _CURSOR.match(after) or not 0 < limit <= media.MAX_BATCH:
        raise ExchangeError("query", f"Ask for 1 to {media.MAX_BATCH} behind a cursor.", "query")
    return after, limit


def _ok(body: bytes, kind: str) -> Response:
    return Response(
        status=200, fields=(("content-type", kind), ("cache-control", "no-store")), body=body
    )


async def _nowhere(_incoming: Incoming, _error: Exception) -> Outgoing:
    told = problems.problem("not-found", "There is nothing here.")
    return Outgoing(told.body, status_code=told.status, headers=dict(told.fields))
