"""POST and GET /graphql. The hot path: plain ASGI, no framework between the socket and the engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import asyncpg
import orjson
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope, Send

from app.http.admission import Admission
from app.http.compressing import ENCODED, Compressing
from app.http.guarding import NO_REFERRER, NOSNIFF
from app.http.headers import Headers
from app.http.limits import limits
from app.http.noting import AWAY, tell
from app.http.requests import (
    EVENTS,
    GRAPHQL,
    JSON,
    Refused,
    from_body,
    from_query,
    read_body,
    request_id,
    response_type,
)
from app.http.watch import Left, TooLong, Watch
from app.identity.bearer import Bearer
from app.identity.peers import NotFromHere
from app.identity.tokens import BadToken, Tokens
from graphql_schema.budgets import CostExceeded, Spent
from graphql_schema.compiler.documents import Invalid
from graphql_schema.engine import Engine
from graphql_schema.failures import formatted
from graphql_schema.noting import Note
from graphql_schema.requests import Request
from graphql_schema.shadowing.shadowing import Shadowing


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent. `code` is that of the first error, `failure` what went wrong inside: for the log."""

    status: int
    body: bytes
    code: str = ""
    type: str = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()
    failure: Exception | None = None
    stream: Request | None = None
    """What is answered by a stream of events instead."""


def error(status: int, code: str, message: str, id_: str, *headers: tuple[bytes, bytes], **more: object) -> Response:
    """A response that holds one error and no data."""
    found = {"message": message, "extensions": {"code": code, **more, "requestId": id_}}
    return Response(status, orjson.dumps({"errors": [found]}), code, JSON, headers)


LARGE = 65_536
"""Bytes of a body from which on a server waits until they are taken before it takes more."""
CHALLENGE = (b"www-authenticate", b'Bearer realm="customer360"')
TOO_LONG = (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError, TooLong)


def failed(failure: Exception, id_: str) -> Response:
    """The response to a request that came to no answer. Nothing of the inside is said."""
    if isinstance(failure, BadToken):
        return error(401, "UNAUTHENTICATED", "a valid bearer token is needed", id_, CHALLENGE)
    if isinstance(failure, NotFromHere):
        return error(403, "FORBIDDEN", "this client may not ask from here", id_)
    if isinstance(failure, Refused):
        return error(failure.status, failure.code, failure.message, id_, *failure.headers)
    if isinstance(failure, Spent):
        later = (b"retry-after", str(failure.seconds).encode())
        return error(429, "RATE_LIMITED", str(failure), id_, later, *limits(failure.standing, failure))
    if isinstance(failure, Left):
        return Response(499, b"")
    if isinstance(failure, TOO_LONG):
        return error(504, "TIMEOUT", "the answer took too long", id_)
    if isinstance(failure, AWAY):
        found = error(503, "INTERNAL", "the service is not available now", id_, (b"retry-after", b"1"))
    else:
        found = error(500, "INTERNAL", "something went wrong here", id_)
    return replace(found, failure=failure)


def unanswerable(failure: Invalid | CostExceeded, type_: str, id_: str) -> Response:
    """The response to what cannot be executed, or is too dear; one of the old type has status 200 all the same."""
    status = 400 if type_ == GRAPHQL else 200
    if isinstance(failure, CostExceeded):
        figures = {"requested": failure.requested, "limit": failure.limit}
        return replace(error(status, "COST_EXCEEDED", str(failure), id_, **figures), type=type_)
    errors = [formatted(found, id_) for found in failure.errors]
    return Response(status, orjson.dumps({"errors": errors}), errors[0]["extensions"]["code"], type_)


def token_of(headers: Headers) -> str:
    """The bearer token that a request brings. Raises BadToken."""
    given = headers.all(b"authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token:
        raise BadToken
    return token.strip()


class Streams(Protocol):
    """Answers by a stream of events."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send, request: Request, bearer: Bearer) -> None: ...


@dataclass(frozen=True)
class GraphEndpoint:
    """The graph over HTTP."""

    engine: Engine
    tokens: Tokens
    page: Callable[[], Any]
    """The page for browsers."""
    most_bytes: int
    """Of a body."""
    seconds: float
    """Within which there is an answer."""
    admission: Admission
    events: Streams
    compressing: Compressing
    shadowing: Shadowing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        headers = Headers(scope["headers"], scope.get("client"))
        if scope["method"] in ("GET", "HEAD") and "text/html" in headers.get(b"accept"):
            await self.page()(scope, receive, send)
            return
        id_ = request_id(headers)
        bearer: Bearer | None = None
        note = Note()
        try:
            bearer = self.tokens.bearer(token_of(headers))
            if self.engine.budgets.closed:
                self.engine.budgets.knock(bearer)
            self.admission.enter(bearer.subject)
        except Exception as failure:
            response = failed(failure, id_)
            await send_response(send, response, id_)
        else:
            try:
                response = await self._responded(scope, headers, receive, bearer, id_, note)
                if response.stream is None:
                    is_short = len(response.body) < self.compressing.least
                    sent = response if is_short else await self._compressed(response, headers)
                    await send_response(send, sent, id_)
            finally:
                self.admission.leave(bearer.subject)
            if response.stream is not None:
                await self.events(scope, receive, send, response.stream, bearer)
                return
        tell(id_, bearer, note, time.perf_counter() - started, response)
        self.shadowing.follow(note, len(response.body))

    async def _responded(
        self, scope: Scope, headers: Headers, receive: Receive, bearer: Bearer, id_: str, note: Note
    ) -> Response:
        try:
            response = await self._respond(scope, headers, receive, bearer, id_, note)
        except Exception as failure:
            return failed(failure, id_)
        if note.rights is None or not note.rights.quotas:
            return response
        return replace(response, headers=(*response.headers, *limits(note.standing)))

    async def _compressed(self, response: Response, headers: Headers) -> Response:
        """The response as it is sent, if the caller takes it so."""
        if not self.compressing.suits(response.body, headers.get(b"accept-encoding")):
            return response
        body = await self.compressing.compressed(response.body)
        return replace(response, body=body, headers=(*response.headers, ENCODED))

    async def _respond(
        self, scope: Scope, headers: Headers, receive: Receive, bearer: Bearer, id_: str, note: Note
    ) -> Response:
        type_ = response_type(headers)
        if scope["method"] == "GET":
            request = from_query(QueryParams(scope["query_string"]), headers, id_)
        elif scope["method"] == "POST":
            request = from_body(headers, await read_body(headers, receive, self.most_bytes), id_)
        else:
            raise Refused(405, "the graph takes GET and POST", headers=((b"allow", b"GET, POST"),))
        if type_ is EVENTS:
            return Response(200, b"", stream=request)
        try:
            work = self.engine.answer(request, bearer, queries_only=scope["method"] == "GET", note=note)
            turn = self.admission.turn(bearer.subject)
            answer = await Watch(receive, self.seconds, turn.end).over(turn.of(work))
        except (Invalid, CostExceeded) as failure:
            return unanswerable(failure, type_, id_)
        if answer is None:
            raise BadToken
        return Response(200, answer.body, answer.code, type_, failure=answer.failure)


def headers_of(type_: str, id_: str) -> list[tuple[bytes, bytes]]:
    """The headers of every response of a type."""
    return [
        (b"content-type", f"{type_}; charset=utf-8".encode()),
        (b"x-request-id", id_.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept, Accept-Encoding, Accept-Language, Authorization, X-Purpose"),
        NOSNIFF,
        NO_REFERRER,
    ]


async def send_response(send: Send, response: Response, id_: str) -> None:
    """Sends all of a response; a large one has been taken, but for its last bytes, when this is done."""
    length = (b"content-length", str(len(response.body)).encode())
    headers = [*headers_of(response.type, id_), length, *response.headers]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if len(response.body) > LARGE:
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    else:
        await send({"type": "http.response.body", "body": response.body})
