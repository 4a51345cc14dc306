"""POST and GET /graphql. The hot path: plain ASGI, no framework between the socket and the engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import structlog
from starlette.datastructures import Headers, QueryParams
from starlette.types import Receive, Scope, Send

from app.database import DatabaseUnavailable
from app.http.metrics import ERRORS, SECONDS
from app.http.requests import GRAPHQL, JSON, Refused, from_body, from_query, read_body, request_id, response_type
from app.identity.tokens import BadToken, Tokens
from app.models.ids import uuid7
from app.services.policy_store import NoPolicy
from graphql_schema.compiler.documents import Invalid
from graphql_schema.engine import Answer, Engine
from graphql_schema.failures import Unsettled, formatted

log = structlog.get_logger("c360.request")


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent. `code` is that of the first error, for the log."""

    status: int
    body: bytes
    code: str = ""
    type: str = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()


def error(status: int, code: str, message: str, id_: str, *headers: tuple[bytes, bytes]) -> Response:
    """A response that holds one error and no data."""
    found = {"message": message, "extensions": {"code": code, "requestId": id_}}
    return Response(status, orjson.dumps({"errors": [found]}), code, JSON, headers)


@dataclass(frozen=True)
class GraphEndpoint:
    """The graph over HTTP."""

    engine: Engine
    tokens: Tokens
    page: Callable[[], Any]
    """The page for browsers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        headers = Headers(scope=scope)
        if scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", ""):
            await self.page()(scope, receive, send)
            return
        id_ = request_id(headers, uuid7())
        user: UUID | None = None
        try:
            user = self._user(headers)
            response = await self._respond(scope, headers, receive, user, id_)
        except BadToken:
            challenge = (b"www-authenticate", b'Bearer realm="customer360"')
            response = error(401, "UNAUTHENTICATED", "a valid bearer token is needed", id_, challenge)
        except Refused as refused:
            response = error(refused.status, refused.code, refused.message, id_)
        except (DatabaseUnavailable, Unsettled, NoPolicy) as failure:
            log.error("unavailable", request_id=id_, reason=type(failure).__name__)
            response = error(503, "INTERNAL", "the service is not available now", id_, (b"retry-after", b"1"))
        except asyncpg.QueryCanceledError:
            response = error(504, "TIMEOUT", "the answer took too long", id_)
        except Exception:
            log.exception("failed", request_id=id_)
            response = error(500, "INTERNAL", "something went wrong here", id_)
        await _send(send, response, id_)
        elapsed = time.perf_counter() - started
        SECONDS.observe(elapsed)
        if response.code:
            ERRORS.labels(response.code).inc()
        log.info(
            "request",
            request_id=id_,
            user=str(user) if user else None,
            status=response.status,
            code=response.code or None,
            ms=round(elapsed * 1000, 1),
            bytes=len(response.body),
        )

    def _user(self, headers: Headers) -> UUID:
        given = headers.getlist("authorization")
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token:
            raise BadToken
        return self.tokens.subject(token.strip())

    async def _respond(self, scope: Scope, headers: Headers, receive: Receive, user: UUID, id_: str) -> Response:
        type_ = response_type(headers)
        if scope["method"] == "GET":
            request = from_query(QueryParams(scope["query_string"]), id_)
        elif scope["method"] == "POST":
            request = from_body(headers, await read_body(headers, receive), id_)
        else:
            raise Refused(405, "the graph takes GET and POST")
        try:
            answer = await self.engine.answer(request, user, queries_only=scope["method"] == "GET")
        except Invalid as invalid:
            errors = [formatted(found, id_) for found in invalid.errors]
            body = orjson.dumps({"errors": errors})
            return Response(400 if type_ == GRAPHQL else 200, body, errors[0]["extensions"]["code"], type_)
        if answer is None:
            raise BadToken
        return _answered(answer, type_)


def _answered(answer: Answer, type_: str) -> Response:
    return Response(200, answer.body, answer.code, type_)


async def _send(send: Send, response: Response, id_: str) -> None:
    headers = [
        (b"content-type", f"{response.type}; charset=utf-8".encode()),
        (b"content-length", str(len(response.body)).encode()),
        (b"x-request-id", id_.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept, Authorization"),
        *response.headers,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
